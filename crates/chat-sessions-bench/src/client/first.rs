//! Short measurements over warm connections: the time of one round trip, and the additional time to
//! the first session.

use std::time::Instant;

use super::{facade, floor};
use crate::failure::Failure;
use crate::job::{Job, Outcome, Tally};
use crate::stats::median;
use crate::usage;

/// Requests the first page repeatedly; the outcome has the median.
pub(super) async fn round_trip(job: &Job, http: &reqwest::Client, times: u32) -> Result<Outcome, Failure> {
    let size = job.page_size.unwrap_or(1000);
    floor::first_page(job, http, size).await?;
    let cpu = usage::own_cpu()?;
    let mut seconds = Vec::new();
    for _ in 0..times {
        let begun = Instant::now();
        floor::first_page(job, http, size).await?;
        seconds.push(begun.elapsed().as_secs_f64());
    }
    outcome(median(&seconds), cpu, Tally::default())
}

/// Requests the first session with the facade and the first page with the floor in turns. The
/// outcome has the median of the differences.
pub(super) async fn first(job: &Job, http: &reqwest::Client, times: u32) -> Result<Outcome, Failure> {
    let client = facade::client(job)?;
    // The floor requests a page of the size that the facade chooses.
    let mut pages = facade::list(job, &client).by_page();
    let page = pages.next().await.ok_or("the list is empty")??;
    let size = u32::try_from(page.sessions.len())?;
    while let Some(page) = pages.next().await {
        page?;
    }
    floor::first_page(job, http, size).await?;

    let cpu = usage::own_cpu()?;
    let mut differences = Vec::new();
    let mut tally = Tally::default();
    for _ in 0..times {
        let begun = Instant::now();
        floor::first_page(job, http, size).await?;
        let floor = begun.elapsed().as_secs_f64();

        let begun = Instant::now();
        let mut sessions = facade::list(job, &client).by_item();
        sessions.next().await.ok_or("the list is empty")??;
        differences.push(begun.elapsed().as_secs_f64() - floor);
        tally.sessions += 1;
        // Reads the list to its end, because a dropped request closes its connection.
        while let Some(session) = sessions.next().await {
            session?;
        }
    }
    outcome(median(&differences), cpu, tally)
}

fn outcome(seconds: f64, cpu: f64, tally: Tally) -> Result<Outcome, Failure> {
    Ok(Outcome {
        seconds,
        cpu: usage::own_cpu()? - cpu,
        base: None,
        peak_kib: usage::peak_kib()?,
        tally,
    })
}
