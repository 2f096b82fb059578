//! Memory: the peak of a client that streams ten thousand transcripts, compared with one that
//! streams a thousand.

use super::bed::{IN_FLIGHT, bed};
use crate::failure::Failure;
use crate::job::{Client, Job, List, Task};
use crate::measure::{Case, Measured};
use crate::report::{Bound, Row, Section, grouped};
use crate::sections::options::Options;
use crate::sections::workspace::Workspace;
use crate::stats::median;

const FEW: usize = 1_000;

pub(super) fn run(options: &Options, workspace: &Workspace) -> Result<Section, Failure> {
    let many = options.count(10_000, 2_000);
    let rounds = options.rounds(5);
    let by_address = |sessions: usize| Task::Transcripts {
        sessions: sessions as u64,
        in_flight: IN_FLIGHT,
    };
    let of_list = |_| Task::TranscriptsOfList { in_flight: IN_FLIGHT };
    type Plan = (&'static str, List, fn(usize) -> Task, &'static str);
    let plans: [Plan; 3] = [
        (
            "LlamaCloud",
            List::LlamaCloud,
            by_address,
            "`transcripts` with its defaults, each transcript dropped before the next",
        ),
        ("Memories.ai", List::MemoriesAi, by_address, "the same"),
        (
            "LlamaCloud, of its list",
            List::LlamaCloud,
            of_list,
            "`transcripts_of` the list, which is read as far as needed",
        ),
    ];
    let sizes = [FEW, many];
    let mut beds = [bed(workspace, FEW, 0)?, bed(workspace, many, 0)?];
    let cases: Vec<Case> = plans
        .iter()
        .flat_map(|(_, list, task, _)| {
            [0, 1].map(|bed| Case {
                bed,
                job: Job::new(Client::Facade, *list).task(task(sizes[bed])),
            })
        })
        .collect();
    let measured = Measured::take(&mut beds, &cases, rounds)?;
    let peaks = |case| measured.of(case, |sample| sample.outcome.peak_kib as f64 / 1024.0);
    let growth = |plan: usize| {
        let (few, many) = (peaks(2 * plan), peaks(2 * plan + 1));
        let more: Vec<f64> = few.iter().zip(&many).map(|(few, many)| many - few).collect();
        median(&more)
    };
    let names = sizes.map(|size| grouped(size as f64));
    Ok(Section {
        title: "Transcripts: memory",
        about: format!(
            "The peak resident memory of a client's process, for {} transcripts of 1 to 20 turns and for {}, with {IN_FLIGHT} requests in \
             flight: medians of {rounds} interleaved rounds.",
            names[0], names[1]
        ),
        columns: vec!["client", "MiB, few", "MiB, many", "growth"],
        rows: plans
            .iter()
            .enumerate()
            .map(|(plan, (name, _, _, meaning))| Row {
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
            .map(|(plan, (name, ..))| {
                let what = format!(
                    "{name}: memory for {} transcripts beyond that for {}",
                    names[1], names[0]
                );
                Bound::at_most(what, growth(plan), 4.0, "MiB")
            })
            .collect(),
    })
}
