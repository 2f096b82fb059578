//! Latency: a thousand transcripts from a server that delays every response by 50 ms.

use super::bed::{IN_FLIGHT, bed};
use crate::failure::Failure;
use crate::job::{Client, Job, List, Task};
use crate::measure::{Case, Measured};
use crate::report::{Bound, Row, Section, grouped};
use crate::sections::options::Options;
use crate::sections::workspace::Workspace;
use crate::stats::{Spread, median};

/// The latency, in milliseconds.
const LATENCY: u64 = 50;

pub(super) fn run(options: &Options, workspace: &Workspace) -> Result<Section, Failure> {
    let sessions: u64 = options.count(1_000, 80);
    let rounds = options.rounds(5);
    let plans = [("LlamaCloud", List::LlamaCloud), ("Memories.ai", List::MemoriesAi)];
    let task = Task::Transcripts {
        sessions,
        in_flight: IN_FLIGHT,
    };
    let cases = plans.map(|(_, list)| Case {
        bed: 0,
        job: Job::new(Client::Facade, list).task(task),
    });
    let measured = Measured::take(&mut [bed(workspace, 0, LATENCY * 1000)?], &cases, rounds)?;
    // A thousand requests, eight at a time, of 50 ms each.
    let ideal = sessions as f64 / IN_FLIGHT as f64 * LATENCY as f64 / 1e3;
    let ratio = |case| measured.spread(case).median / ideal;
    Ok(Section {
        title: "Transcripts: latency",
        about: format!(
            "{} sessions of 1 to 20 turns from a server that delays every response by {LATENCY} ms, with {IN_FLIGHT} requests in flight, in \
             {rounds} interleaved rounds. The ideal is {ideal:.2} s: each of the {IN_FLIGHT} always waits, and nothing else takes time.",
            grouped(sessions as f64)
        ),
        columns: vec!["client", "seconds", "time / ideal", "requests", "CPU s"],
        rows: plans
            .iter()
            .enumerate()
            .map(|(case, (name, _))| {
                let Spread {
                    median: time,
                    least,
                    most,
                } = measured.spread(case);
                Row {
                    cells: vec![
                        format!("{name}, facade"),
                        format!("{time:.2} ({least:.2}–{most:.2})"),
                        format!("{:.3}", ratio(case)),
                        format!("{:.0}", median(&measured.of(case, |sample| sample.requests as f64))),
                        format!("{:.2}", median(&measured.cpu(case))),
                    ],
                    meaning: "`transcripts` with its defaults, without rate limits, in the order of the addresses"
                        .to_owned(),
                }
            })
            .collect(),
        bounds: plans
            .iter()
            .enumerate()
            .map(|(case, (name, _))| {
                let what = format!(
                    "{name}: time for {} transcripts with {IN_FLIGHT} in flight / ideal",
                    grouped(sessions as f64)
                );
                Bound::at_most(what, ratio(case), 1.10, "×")
            })
            .collect(),
    })
}
