//! First session: the time to the facade's first session, beyond that of one request.

use super::options::Options;
use super::workspace::Workspace;
use crate::failure::Failure;
use crate::job::{Client, Job, List, Task};
use crate::measure::{Bed, Case, Measured};
use crate::report::{Bound, Row, Section};
use crate::server::Serve;
use crate::stats::Spread;

/// The latencies in milliseconds, and the number of samples per process at each.
const BEDS: [(u64, u32); 2] = [(0, 50), (50, 10)];

pub(super) fn run(options: &Options, workspace: &Workspace) -> Result<Section, Failure> {
    let rounds = options.rounds(5);
    let facade = |list| Job::new(Client::Facade, list);
    let mut short = facade(List::LlamaCloud);
    short.limit = Some(50);
    let plans = [
        (
            "LlamaCloud",
            facade(List::LlamaCloud),
            "a page of the facade's own size, decoded completely before its first session",
        ),
        ("LlamaCloud, limit 50", short, "requests no more than the limit needs"),
        ("Memories.ai", facade(List::MemoriesAi), "a page of 20"),
    ];
    let mut beds = Vec::new();
    let mut cases = Vec::new();
    for (bed, (latency, times)) in BEDS.into_iter().enumerate() {
        beds.push(Bed::start(
            &workspace.program,
            Serve {
                // Several pages each, so that the lists continue after the first page but are
                // short.
                llama_cloud: 2_000,
                memories_ai: 50,
                latency_us: latency * 1000,
                http2: false,
            },
        )?);
        let job = |(_, job, _): &(_, Job, _)| Case {
            bed,
            job: job.clone().task(Task::First { times }),
        };
        cases.extend(plans.iter().map(job));
    }
    let measured = Measured::take(&mut beds, &cases, rounds)?;
    let name = |case: usize| {
        let (latency, _) = BEDS[case / plans.len()];
        format!("{}, latency {latency} ms", plans[case % plans.len()].0)
    };
    Ok(Section {
        title: "First session",
        about: format!(
            "The time from `by_item` to the first session, minus the time in which the floor fetches the same page, interleaved over warm \
             connections: {} samples per process without latency and {} at 50 ms; the median of each of {rounds} processes.",
            BEDS[0].1, BEDS[1].1
        ),
        columns: vec!["list", "ms beyond one round trip"],
        rows: (0..cases.len())
            .map(|case| {
                let Spread { median, least, most } = measured.spread(case);
                Row {
                    cells: vec![
                        name(case),
                        format!("{:.2} ({:.2}–{:.2})", median * 1e3, least * 1e3, most * 1e3),
                    ],
                    meaning: plans[case % plans.len()].2.to_owned(),
                }
            })
            .collect(),
        bounds: (0..cases.len())
            .map(|case| {
                let what = format!("{}: first session beyond one round trip", name(case));
                Bound::at_most(what, measured.spread(case).median * 1e3, 1.0, "ms")
            })
            .collect(),
    })
}
