//! Memory: the peak of a client that streams a million sessions, compared with one that streams a
//! thousand.

use super::options::Options;
use super::workspace::Workspace;
use crate::failure::Failure;
use crate::job::{Client, Job, List};
use crate::measure::{Bed, Case, Measured};
use crate::report::{Bound, Row, Section, grouped};
use crate::server::Serve;
use crate::stats::median;

const FEW: usize = 1_000;

pub(super) fn run(options: &Options, workspace: &Workspace) -> Result<Section, Failure> {
    let many = options.count(1_000_000, 50_000);
    let rounds = options.rounds(5);
    let facade = |list| Job::new(Client::Facade, list);
    let plans = [
        (
            "LlamaCloud, pages of 100",
            facade(List::LlamaCloud).page_size(100),
            "`by_item`, each session dropped before the next, read-ahead by default",
        ),
        (
            "LlamaCloud, pages of 1000",
            facade(List::LlamaCloud).page_size(1000),
            "the same with the largest pages: a thousand sessions are one page, so nothing is prefetched",
        ),
        ("Memories.ai", facade(List::MemoriesAi), "one page after the other"),
        (
            "Memories.ai, 16 ahead",
            facade(List::MemoriesAi).read_ahead(16),
            "16 pages ahead",
        ),
        (
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
    let cases: Vec<Case> = plans
        .iter()
        .flat_map(|(_, job, _)| [0, 1].map(|bed| Case { bed, job: job.clone() }))
        .collect();
    let measured = Measured::take(&mut beds, &cases, rounds)?;
    let peaks = |case| measured.of(case, |sample| sample.outcome.peak_kib as f64 / 1024.0);
    let growth = |plan: usize| {
        let (few, many) = (peaks(2 * plan), peaks(2 * plan + 1));
        let more: Vec<f64> = few.iter().zip(&many).map(|(few, many)| many - few).collect();
        median(&more)
    };
    let names = [grouped(FEW as f64), grouped(many as f64)];
    Ok(Section {
        title: "Memory",
        about: format!(
            "The peak resident memory of a client's process, for {} sessions and for {}: medians of {rounds} interleaved rounds.",
            names[0], names[1]
        ),
        columns: vec!["client", "MiB, small list", "MiB, large list", "growth"],
        rows: plans
            .iter()
            .enumerate()
            .map(|(plan, (name, _, meaning))| Row {
                cells: vec![
                    (*name).to_owned(),
                    format!("{:.1}", median(&peaks(2 * plan))),
                    format!("{:.1}", median(&peaks(2 * plan + 1))),
                    format!("{:.1}", growth(plan)),
                ],
                meaning: (*meaning).to_owned(),
            })
            .collect(),
        bounds: plans
            .iter()
            .enumerate()
            // The bound applies to single lists; the last row has two.
            .filter(|(_, (_, job, _))| job.list != List::Both)
            .map(|(plan, (name, _, _))| {
                let what = format!("{name}: memory for {} sessions beyond that for {}", names[1], names[0]);
                Bound::at_most(what, growth(plan), 4.0, "MiB")
            })
            .collect(),
    })
}
