//! Throughput: all sessions of both lists, without latency.

use super::options::Options;
use super::workspace::Workspace;
use crate::failure::Failure;
use crate::job::{Client, Job, List, Order};
use crate::measure::{Bed, Case, Measured};
use crate::report::{Bound, Row, Section, grouped};
use crate::server::Serve;
use crate::stats::{Spread, median, median_ratio};

/// The page size at LlamaCloud, the same for all clients, so that they send the same requests; one
/// row uses the facade's default.
const PAGE: u32 = 100;
/// The number of parallel requests in the rows with prefetching.
const AHEAD: u32 = 16;

/// The delay of the second server, in microseconds: the shortest that the system offers, which
/// turns it into about fifty. The first server responds so fast that the client is nearly always
/// busy, and prefetching gains little. With this delay, the hand-written loop reaches about 140 000
/// sessions per second, its known speed against an ordinary mock server.
const PAUSE: u64 = 1;

/// A row before the measurement: its name, its job, the row to compare it with, and its meaning.
struct Plan {
    name: &'static str,
    job: Job,
    /// The index of the server.
    bed: usize,
    base: Option<usize>,
    meaning: &'static str,
}

// The indexes of the rows with a bound, and of those that they are compared with.
const LLAMA_CLOUD: usize = 0;
const LLAMA_CLOUD_FACADE: usize = 5;
const MEMORIES_AI: usize = 9;
const MEMORIES_AI_AHEAD: usize = 10;
const MEMORIES_AI_FACADE_AHEAD: usize = 15;
const PAUSED: usize = 22;
const PAUSED_AHEAD: usize = 23;
const PAUSED_FACADE_AHEAD: usize = 25;

fn plans() -> Vec<Plan> {
    let llama_cloud = |client| Job::new(client, List::LlamaCloud).page_size(PAGE).read_ahead(0);
    let by_default = || Job::new(Facade, List::LlamaCloud).page_size(PAGE);
    let memories_ai = |client| Job::new(client, List::MemoriesAi).read_ahead(0);
    let both = Job::new(Facade, List::Both).page_size(PAGE).read_ahead(0);
    let row = |name, job, base, meaning| Plan {
        name,
        job,
        bed: 0,
        base,
        meaning,
    };
    let paused = |name, job, base, meaning| Plan {
        bed: 1,
        ..row(name, job, base, meaning)
    };
    let (l, m, ahead) = (Some(LLAMA_CLOUD), Some(MEMORIES_AI), Some(MEMORIES_AI_AHEAD));
    use Client::{Facade, Floor, Hand, HandKeeping, Raw};
    vec![
        row(
            "LlamaCloud, by hand (a)",
            llama_cloud(Hand),
            None,
            "reqwest + serde in a loop, as fast as we can write it; keeps only the documented fields and decodes with \
             `from_slice`, as reqwest's `json` does",
        ),
        row(
            "LlamaCloud, by hand, keeping the unknown",
            llama_cloud(HandKeeping),
            l,
            "the same, with unknown fields kept in a map by serde's `flatten`",
        ),
        row(
            "LlamaCloud, raw client (b)",
            llama_cloud(Raw),
            l,
            "the generated client in a loop",
        ),
        row(
            "LlamaCloud, floor (c)",
            llama_cloud(Floor),
            l,
            "the same bytes read with reqwest and not parsed",
        ),
        row(
            "LlamaCloud, facade, nothing ahead",
            llama_cloud(Facade),
            l,
            "`by_item` with `read_ahead(0)`: each page is requested when the previous one is used up",
        ),
        row(
            "LlamaCloud, facade",
            by_default(),
            l,
            "`by_item` with its defaults: one request at a time, sent before the previous page is delivered",
        ),
        row(
            "LlamaCloud, facade, `Source`",
            by_default().order(Order::Source),
            l,
            "the same in the order of the sources",
        ),
        row(
            "LlamaCloud, facade, `Newest`",
            by_default().order(Order::Newest),
            l,
            "the same, newest first",
        ),
        row(
            "LlamaCloud, facade, largest pages",
            Job::new(Facade, List::LlamaCloud),
            l,
            "the same, with the facade's own page size of 1000",
        ),
        row(
            "Memories.ai, by hand (a)",
            memories_ai(Hand),
            None,
            "reqwest + serde in a loop, pages of 20, the time read from the id",
        ),
        row(
            "Memories.ai, by hand, 16 in flight (a)",
            memories_ai(Hand).read_ahead(AHEAD),
            m,
            "the same with 16 requests in flight, in the order of arrival",
        ),
        row(
            "Memories.ai, raw client (b)",
            memories_ai(Raw),
            m,
            "the generated client in a loop",
        ),
        row(
            "Memories.ai, floor (c)",
            memories_ai(Floor),
            m,
            "the same bytes read with reqwest and not parsed",
        ),
        row(
            "Memories.ai, floor, 16 in flight (c)",
            memories_ai(Floor).read_ahead(AHEAD),
            ahead,
            "the same with 16 requests in flight",
        ),
        row(
            "Memories.ai, facade",
            memories_ai(Facade),
            m,
            "`by_item`, one page after the other, without the documented rate limit",
        ),
        row(
            "Memories.ai, facade, 16 ahead",
            memories_ai(Facade).read_ahead(AHEAD),
            ahead,
            "`by_item` with `read_ahead(16)`, in the order of the list; compared with 16 in flight by hand",
        ),
        row(
            "Memories.ai, facade, 16 ahead, `Source`",
            memories_ai(Facade).read_ahead(AHEAD).order(Order::Source),
            ahead,
            "the same in the order of the sources",
        ),
        row(
            "Memories.ai, facade, 16 ahead, `Newest`",
            memories_ai(Facade).read_ahead(AHEAD).order(Order::Newest),
            ahead,
            "the same, newest first",
        ),
        row(
            "both, facade",
            both.clone(),
            None,
            "both lists in one stream, as pages arrive",
        ),
        row(
            "both, facade, `Source`",
            both.clone().order(Order::Source),
            None,
            "one list after the other",
        ),
        row(
            "both, facade, `Newest`",
            both.clone().order(Order::Newest),
            None,
            "both lists merged, newest first",
        ),
        row(
            "both, facade, 16 ahead, `Newest`",
            both.read_ahead(AHEAD).order(Order::Newest),
            None,
            "the same, with prefetched pages",
        ),
        paused(
            "Memories.ai paused, by hand (a)",
            memories_ai(Hand),
            None,
            "the server pauses before every response: one page after the other",
        ),
        paused(
            "Memories.ai paused, by hand, 16 in flight (a)",
            memories_ai(Hand).read_ahead(AHEAD),
            Some(PAUSED),
            "the same with 16 requests in flight",
        ),
        paused(
            "Memories.ai paused, facade",
            memories_ai(Facade),
            Some(PAUSED),
            "one page after the other",
        ),
        paused(
            "Memories.ai paused, facade, 16 ahead",
            memories_ai(Facade).read_ahead(AHEAD),
            Some(PAUSED_AHEAD),
            "`read_ahead(16)`; compared with 16 in flight by hand",
        ),
    ]
}

pub(super) fn run(options: &Options, workspace: &Workspace) -> Result<Section, Failure> {
    let sessions = options.count(options.sessions, 20_000);
    let rounds = options.rounds(7);
    let plans = plans();
    let cases: Vec<Case> = plans
        .iter()
        .map(|plan| Case {
            bed: plan.bed,
            job: plan.job.clone(),
        })
        .collect();
    let bed = |latency_us| {
        let serve = Serve {
            llama_cloud: sessions,
            memories_ai: sessions,
            latency_us,
            http2: false,
        };
        Bed::start(&workspace.program, serve)
    };
    let measured = Measured::take(&mut [bed(0)?, bed(PAUSE)?], &cases, rounds)?;
    let ratio = |case, base| measured.ratio(case, base);
    let cpu = median_ratio(&measured.cpu(LLAMA_CLOUD_FACADE), &measured.cpu(LLAMA_CLOUD));
    Ok(Section {
        title: "Throughput",
        about: format!(
            "{} sessions of each list from a server on the same machine, without latency; LlamaCloud in pages of {PAGE}, Memories.ai in \
             its pages of 20. Each client is a process of its own with one thread. Values are medians of {rounds} interleaved rounds, \
             with the extremes in brackets; ratios are medians of the ratios within a round. The server's share is its CPU time \
             divided by the time of the run: near 100 %, the row measures the server too. The server responds so fast that a prefetch \
             hides little. In the rows marked paused it sleeps before every response for the shortest time that the system can, some \
             fifty microseconds.",
            grouped(sessions as f64)
        ),
        columns: vec![
            "client",
            "seconds",
            "sessions/s",
            "CPU s per million",
            "peak MiB",
            "server's share",
            "time / (a)",
            "CPU / (a)",
        ],
        rows: plans
            .iter()
            .enumerate()
            .map(|(case, plan)| row(&measured, case, plan, sessions))
            .collect(),
        bounds: vec![
            Bound::at_most(
                "LlamaCloud, one request at a time: time of the facade / by hand",
                ratio(LLAMA_CLOUD_FACADE, LLAMA_CLOUD),
                1.10,
                "×",
            ),
            Bound::at_most(
                "LlamaCloud, one request at a time: CPU of the facade / by hand",
                cpu,
                1.15,
                "×",
            ),
            Bound::at_least(
                "Memories.ai paused: throughput of the facade with 16 ahead / by hand, one page after the other",
                ratio(PAUSED, PAUSED_FACADE_AHEAD),
                3.5,
                "×",
            ),
            Bound::at_most(
                "Memories.ai paused: time of the facade with 16 ahead / by hand with 16 in flight",
                ratio(PAUSED_FACADE_AHEAD, PAUSED_AHEAD),
                1.15,
                "×",
            ),
            Bound::at_most(
                "Memories.ai: time of the facade with 16 ahead / by hand with 16 in flight",
                ratio(MEMORIES_AI_FACADE_AHEAD, MEMORIES_AI_AHEAD),
                1.15,
                "×",
            ),
        ],
    })
}

fn row(measured: &Measured, case: usize, plan: &Plan, sessions: usize) -> Row {
    let lists = if plan.job.list == List::Both { 2.0 } else { 1.0 };
    let sessions = sessions as f64 * lists;
    let Spread {
        median: time,
        least,
        most,
    } = measured.spread(case);
    let against = |values: fn(&Measured, usize) -> Vec<f64>| {
        plan.base.map_or_else(
            || "–".to_owned(),
            |base| format!("{:.2}", median_ratio(&values(measured, case), &values(measured, base))),
        )
    };
    let share = measured.of(case, |sample| sample.server_cpu / sample.outcome.seconds);
    let peak = measured.of(case, |sample| sample.outcome.peak_kib as f64 / 1024.0);
    Row {
        cells: vec![
            plan.name.to_owned(),
            format!("{time:.3} ({least:.3}–{most:.3})"),
            grouped(sessions / time),
            format!("{:.2}", median(&measured.cpu(case)) / sessions * 1e6),
            format!("{:.1}", median(&peak)),
            format!("{:.0} %", median(&share) * 100.0),
            against(Measured::seconds),
            against(Measured::cpu),
        ],
        meaning: plan.meaning.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::{
        LLAMA_CLOUD, LLAMA_CLOUD_FACADE, MEMORIES_AI, MEMORIES_AI_AHEAD, MEMORIES_AI_FACADE_AHEAD, PAUSED,
        PAUSED_AHEAD, PAUSED_FACADE_AHEAD, plans,
    };

    #[test]
    fn the_indices_of_the_rows_with_a_bound_are_right() {
        let plans = plans();
        for (index, name) in [
            (LLAMA_CLOUD, "LlamaCloud, by hand (a)"),
            (LLAMA_CLOUD_FACADE, "LlamaCloud, facade"),
            (MEMORIES_AI, "Memories.ai, by hand (a)"),
            (MEMORIES_AI_AHEAD, "Memories.ai, by hand, 16 in flight (a)"),
            (MEMORIES_AI_FACADE_AHEAD, "Memories.ai, facade, 16 ahead"),
            (PAUSED, "Memories.ai paused, by hand (a)"),
            (PAUSED_AHEAD, "Memories.ai paused, by hand, 16 in flight (a)"),
            (PAUSED_FACADE_AHEAD, "Memories.ai paused, facade, 16 ahead"),
        ] {
            assert_eq!(plans[index].name, name);
        }
        for plan in &plans {
            let base = plan.base.map(|base| &plans[base]);
            let alike = base.is_none_or(|base| base.job.list == plan.job.list && base.bed == plan.bed);
            assert!(alike, "{}", plan.name);
        }
    }
}
