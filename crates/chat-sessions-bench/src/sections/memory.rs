//! Memory: the peak of a client that streams a million sessions, compared with one that streams a
//! thousand.

use super::memory_growth::{self, Plan};
use super::options::Options;
use super::workspace::Workspace;
use crate::failure::Failure;
use crate::job::{Client, Job, List};
use crate::measure::Bed;
use crate::report::{Section, grouped};
use crate::server::Serve;

const FEW: usize = 1_000;

pub(super) fn run(options: &Options, workspace: &Workspace) -> Result<Section, Failure> {
    let many = options.count(1_000_000, 50_000);
    let rounds = options.rounds(5);
    let facade = |list| Job::new(Client::Facade, list);
    let plan = |name, job: Job, meaning| Plan {
        name,
        // The bound applies to single lists.
        is_bounded: job.list != List::Both,
        jobs: [job.clone(), job],
        meaning,
    };
    let plans = [
        plan(
            "LlamaCloud, pages of 100",
            facade(List::LlamaCloud).page_size(100),
            "`by_item`, each session dropped before the next, read-ahead by default",
        ),
        plan(
            "LlamaCloud, pages of 1000",
            facade(List::LlamaCloud).page_size(1000),
            "the same with the largest pages: a thousand sessions are one page, so nothing is prefetched",
        ),
        plan("Memories.ai", facade(List::MemoriesAi), "one page after the other"),
        plan(
            "Memories.ai, 16 ahead",
            facade(List::MemoriesAi).read_ahead(16),
            "16 pages ahead",
        ),
        plan(
            "both, 16 ahead",
            facade(List::Both).page_size(100).read_ahead(16),
            "both lists in one stream, that many sessions of each; each list remembers its most recent ids, which is most of the growth",
        ),
    ];
    let serve = |sessions| Serve {
        llama_cloud: sessions,
        memories_ai: sessions,
        latency_us: 0,
        http2: false,
    };
    let mut beds = [
        Bed::start(&workspace.program, serve(FEW))?,
        Bed::start(&workspace.program, serve(many))?,
    ];
    let sizes = [FEW, many].map(|size| format!("{} sessions", grouped(size as f64)));
    let (rows, bounds) = memory_growth::measure(&mut beds, &plans, rounds, &sizes)?;
    Ok(Section {
        title: "Memory",
        about: format!(
            "The peak resident memory of a client's process, for {} and for {}: medians of {rounds} interleaved rounds.",
            sizes[0], sizes[1]
        ),
        columns: vec!["client", "MiB, small list", "MiB, large list", "growth"],
        rows,
        bounds,
    })
}
