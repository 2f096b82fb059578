//! Memory: the peak of a client that streams ten thousand transcripts, compared with one that
//! streams a thousand.

use super::bed::{IN_FLIGHT, bed};
use crate::failure::Failure;
use crate::job::{Client, Job, List, Task};
use crate::report::{Section, grouped};
use crate::sections::memory_growth::{self, Plan};
use crate::sections::options::Options;
use crate::sections::workspace::Workspace;

const FEW: usize = 1_000;

pub(super) fn run(options: &Options, workspace: &Workspace) -> Result<Section, Failure> {
    let many = options.count(10_000, 2_000);
    let rounds = options.rounds(5);
    let plan = |name, list, task: fn(usize) -> Task, meaning| Plan {
        name,
        jobs: [FEW, many].map(|size| Job::new(Client::Facade, list).task(task(size))),
        meaning,
        is_bounded: true,
    };
    let by_address = |sessions: usize| Task::Transcripts {
        sessions: sessions as u64,
        in_flight: IN_FLIGHT,
    };
    let of_list = |_| Task::TranscriptsOfList { in_flight: IN_FLIGHT };
    let plans = [
        plan(
            "LlamaCloud",
            List::LlamaCloud,
            by_address,
            "`transcripts` with its defaults, each transcript dropped before the next",
        ),
        plan("Memories.ai", List::MemoriesAi, by_address, "the same"),
        plan(
            "LlamaCloud, of its list",
            List::LlamaCloud,
            of_list,
            "`transcripts_of` the list, which is read as far as needed",
        ),
    ];
    let mut beds = [bed(workspace, FEW, 0)?, bed(workspace, many, 0)?];
    let sizes = [FEW, many].map(|size| format!("{} transcripts", grouped(size as f64)));
    let (rows, bounds) = memory_growth::measure(&mut beds, &plans, rounds, &sizes)?;
    Ok(Section {
        title: "Transcripts: memory",
        about: format!(
            "The peak resident memory of a client's process, for {} of 1 to 20 turns and for {}, with {IN_FLIGHT} requests in flight: \
             medians of {rounds} interleaved rounds.",
            sizes[0], sizes[1]
        ),
        columns: vec!["client", "MiB, few", "MiB, many", "growth"],
        rows,
        bounds,
    })
}
