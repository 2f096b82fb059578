//! Latency: 200 pages from a server that delays every response by 50 ms, so that only round trips
//! count.

use super::options::Options;
use super::workspace::Workspace;
use crate::failure::Failure;
use crate::job::{Client, Job, List, Task};
use crate::measure::{Bed, Case, Measured};
use crate::report::{Bound, Row, Section};
use crate::server::Serve;
use crate::stats::{Spread, median, median_ratio};

/// The latency, in milliseconds.
const LATENCY: u64 = 50;
/// How long the slow consumer works on a page, in milliseconds.
const WORK: u64 = 20;
/// The page size of both lists.
const PAGE: u32 = 20;
/// The numbers of prefetched pages of the numbered list.
const AHEADS: [u32; 3] = [8, 16, 32];

/// A row before the measurement, with its minimum number of round trips and the bound as a multiple
/// of it.
struct Plan {
    name: String,
    job: Job,
    trips: u64,
    bound: Option<f64>,
    meaning: &'static str,
}

// The indexes of the single lists with which the merged row is compared; it follows the second.
const LLAMA_CLOUD: usize = 1;
const MEMORIES_AI: usize = 5;

fn plans(pages: u64) -> Vec<Plan> {
    let llama_cloud = |client| Job::new(client, List::LlamaCloud).page_size(PAGE).read_ahead(0);
    let memories_ai = |client| Job::new(client, List::MemoriesAi).page_size(PAGE).read_ahead(0);
    let row = |name: &str, job, trips, bound, meaning| Plan {
        name: name.to_owned(),
        job,
        trips,
        bound,
        meaning,
    };
    let slow = |mut job: Job| {
        job.work_ms = WORK;
        job
    };
    use Client::{Facade, Hand};
    let in_flight = |ahead: u32| 1 + (pages - 1).div_ceil(u64::from(ahead));
    let mut plans = vec![
        row(
            "LlamaCloud, by hand",
            llama_cloud(Hand),
            pages,
            None,
            "one page after the other",
        ),
        row(
            "LlamaCloud, facade",
            llama_cloud(Facade),
            pages,
            None,
            "one page after the other",
        ),
        row(
            "LlamaCloud, facade, slow consumer",
            slow(llama_cloud(Facade)),
            pages,
            None,
            "the consumer takes 20 ms per page, and requests the next one afterwards",
        ),
        row(
            "LlamaCloud, facade, slow consumer, read-ahead",
            slow(llama_cloud(Facade).read_ahead(1)),
            pages,
            Some(1.05),
            "the same with the default prefetch: the next page is requested while the consumer works",
        ),
        row(
            "Memories.ai, by hand",
            memories_ai(Hand),
            pages,
            None,
            "one page after the other",
        ),
        row(
            "Memories.ai, facade",
            memories_ai(Facade),
            pages,
            None,
            "one page after the other",
        ),
        row(
            "both, facade",
            Job::new(Facade, List::Both).page_size(PAGE).read_ahead(0),
            pages,
            None,
            "both lists in one stream; it should take as long as the slower one",
        ),
    ];
    for ahead in AHEADS {
        let name = |who: &str| format!("Memories.ai, {who} {ahead}");
        plans.push(row(
            &name("by hand, in flight"),
            memories_ai(Hand).read_ahead(ahead),
            in_flight(ahead),
            None,
            "that many requests in flight",
        ));
        plans.push(row(
            &name("facade, read-ahead"),
            memories_ai(Facade).read_ahead(ahead),
            in_flight(ahead),
            Some(1.10),
            "that many pages ahead, without the documented rate limit",
        ));
    }
    for size in [100, 1000] {
        plans.push(row(
            &format!("LlamaCloud, facade, pages of {size}"),
            llama_cloud(Facade).page_size(size),
            (pages * u64::from(PAGE)).div_ceil(u64::from(size)),
            None,
            "the same sessions in larger pages",
        ));
    }
    plans.push(row(
        "LlamaCloud, facade, by default",
        Job::new(Facade, List::LlamaCloud),
        (pages * u64::from(PAGE)).div_ceil(1000),
        None,
        "the same sessions, with the facade's own page size",
    ));
    plans
}

pub(super) fn run(options: &Options, workspace: &Workspace) -> Result<Section, Failure> {
    let pages = options.count(200, 40);
    let rounds = options.rounds(5);
    let plans = plans(pages);
    let mut cases: Vec<Case> = plans
        .iter()
        .map(|plan| Case {
            bed: 0,
            job: plan.job.clone(),
        })
        .collect();
    let unit = cases.len();
    let trip = Job::new(Client::Floor, List::LlamaCloud)
        .page_size(PAGE)
        .task(Task::RoundTrip { times: 20 });
    cases.push(Case { bed: 0, job: trip });
    let sessions = usize::try_from(pages * u64::from(PAGE))?;
    let bed = Bed::start(
        &workspace.program,
        Serve {
            llama_cloud: sessions,
            // The last page is short, so that no client needs a request for one more page.
            memories_ai: sessions - 10,
            latency_us: LATENCY * 1000,
            http2: false,
        },
    )?;
    let measured = Measured::take(&mut [bed], &cases, rounds)?;
    let unit = measured.seconds(unit);

    let trips = |case: usize| median_ratio(&measured.seconds(case), &unit);
    let mut bounds: Vec<Bound> = plans
        .iter()
        .enumerate()
        .filter_map(|(case, plan)| {
            let what = format!("{}: time / {} round trips", plan.name, plan.trips);
            Some(Bound::at_most(what, trips(case) / plan.trips as f64, plan.bound?, "×"))
        })
        .collect();
    let (llama_cloud, memories_ai) = (measured.seconds(LLAMA_CLOUD), measured.seconds(MEMORIES_AI));
    let slower: Vec<f64> = llama_cloud
        .iter()
        .zip(&memories_ai)
        .map(|(one, two)| one.max(*two))
        .collect();
    let both = median_ratio(&measured.seconds(MEMORIES_AI + 1), &slower);
    bounds.push(Bound::at_most(
        "both, facade: time / time of the slower list alone",
        both,
        1.05,
        "×",
    ));

    Ok(Section {
        title: "Latency",
        about: format!(
            "{pages} pages of {PAGE} sessions from a server that delays every response by {LATENCY} ms. A round trip is the time of one \
             request on a warm connection in the same round, {:.1} ms in the median; {rounds} interleaved rounds.",
            median(&unit) * 1e3
        ),
        columns: vec!["client", "seconds", "requests", "round trips", "minimum", "CPU s"],
        rows: plans
            .iter()
            .enumerate()
            .map(|(case, plan)| {
                let Spread {
                    median: time,
                    least,
                    most,
                } = measured.spread(case);
                Row {
                    cells: vec![
                        plan.name.clone(),
                        format!("{time:.2} ({least:.2}–{most:.2})"),
                        format!("{:.0}", median(&measured.of(case, |sample| sample.requests as f64))),
                        format!("{:.1}", trips(case)),
                        plan.trips.to_string(),
                        format!("{:.2}", median(&measured.cpu(case))),
                    ],
                    meaning: plan.meaning.to_owned(),
                }
            })
            .collect(),
        bounds,
    })
}

#[cfg(test)]
mod tests {
    use super::{LLAMA_CLOUD, MEMORIES_AI, plans};

    #[test]
    fn the_indices_of_the_compared_rows_are_right() {
        let plans = plans(200);
        assert_eq!(plans[LLAMA_CLOUD].name, "LlamaCloud, facade");
        assert_eq!(plans[MEMORIES_AI].name, "Memories.ai, facade");
        assert_eq!(plans[MEMORIES_AI + 1].name, "both, facade");
    }

    #[test]
    fn round_trips_are_counted_in_rows_of_requests() {
        let trips: Vec<u64> = plans(200).iter().map(|plan| plan.trips).collect();
        assert_eq!(
            trips,
            [200, 200, 200, 200, 200, 200, 200, 26, 26, 14, 14, 8, 8, 40, 4, 4]
        );
    }
}
