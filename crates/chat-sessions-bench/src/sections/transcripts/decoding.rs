//! Decoding: what the facade takes for a transcript from its bytes, compared with `serde_json` into
//! the raw types.

use super::bed::bed;
use crate::failure::Failure;
use crate::job::{Base, Client, Job, List, Task};
use crate::measure::{Case, Measured};
use crate::report::{Bound, Row, Section};
use crate::sections::options::Options;
use crate::sections::workspace::Workspace;
use crate::server::transcripts::{MANY_TURNS, ONE_TEXT};
use crate::stats::{median, median_ratio};

const PLANS: [(&str, List, u64, &str); 4] = [
    (
        "LlamaCloud, one text",
        List::LlamaCloud,
        ONE_TEXT,
        "one message of 2 MB",
    ),
    (
        "LlamaCloud, 500 turns",
        List::LlamaCloud,
        MANY_TURNS,
        "all kinds of events, every fifth turn with fragments of its answer too",
    ),
    (
        "Memories.ai, one text",
        List::MemoriesAi,
        ONE_TEXT,
        "one message of 2 MB",
    ),
    (
        "Memories.ai, 500 turns",
        List::MemoriesAi,
        MANY_TURNS,
        "each with a thinking and references to three videos",
    ),
];

pub(super) fn run(options: &Options, workspace: &Workspace) -> Result<Section, Failure> {
    let rounds = options.rounds(7);
    let times = options.count(100, 5);
    let cases = PLANS.map(|(_, list, session, _)| Case {
        bed: 0,
        job: Job::new(Client::Facade, list).task(Task::Decode { session, times }),
    });
    let measured = Measured::take(&mut [bed(workspace, 0, 0)?], &cases, rounds)?;
    let base = |case, value: fn(&Base) -> f64| {
        measured.of(case, |sample| sample.outcome.base.as_ref().map_or(f64::NAN, value))
    };
    let cpu = |case| median_ratio(&measured.cpu(case), &base(case, |base| base.cpu));
    let millis = |seconds: &[f64]| format!("{:.2}", median(seconds) * 1e3);
    Ok(Section {
        title: "Transcripts: decoding",
        about: format!(
            "One session of 2 MB, requested {times} times in each of {rounds} processes. The time of the facade is that from its event about \
             the response, when the body has arrived, to the transcript: it decodes, normalises, and does everything else that it does for \
             a request. In turns with it, the floor fetches the same bytes, and serde_json decodes them into the raw types. Both end when \
             the value exists and the body is dropped. Values are medians; ratios are medians of the ratios of the processes. The bound \
             is on CPU time, which on an idle machine is the time."
        ),
        columns: vec![
            "session",
            "facade, CPU ms",
            "serde_json, CPU ms",
            "CPU ratio",
            "facade, ms",
            "serde_json, ms",
            "ratio",
        ],
        rows: PLANS
            .iter()
            .enumerate()
            .map(|(case, (name, _, _, meaning))| {
                let seconds = base(case, |base| base.seconds);
                Row {
                    cells: vec![
                        (*name).to_owned(),
                        millis(&measured.cpu(case)),
                        millis(&base(case, |base| base.cpu)),
                        format!("{:.2}", cpu(case)),
                        millis(&measured.seconds(case)),
                        millis(&seconds),
                        format!("{:.2}", median_ratio(&measured.seconds(case), &seconds)),
                    ],
                    meaning: (*meaning).to_owned(),
                }
            })
            .collect(),
        bounds: PLANS
            .iter()
            .enumerate()
            .map(|(case, (name, ..))| {
                let what = format!("{name}: CPU time from the body to the transcript / serde_json into the raw types");
                Bound::at_most(what, cpu(case), 1.15, "×")
            })
            .collect(),
    })
}
