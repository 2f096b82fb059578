//! How much more memory a client's process takes for many items than for few.

use crate::failure::Failure;
use crate::job::Job;
use crate::measure::{Bed, Case, Measured};
use crate::report::{Bound, Row};
use crate::stats::median;

/// The most MiB that a client may take beyond those of the small run.
const MOST: f64 = 4.0;

/// A client whose memory is compared.
pub(super) struct Plan {
    pub(super) name: &'static str,
    /// What it does with few items, and with many.
    pub(super) jobs: [Job; 2],
    pub(super) meaning: &'static str,
    pub(super) is_bounded: bool,
}

/// Measures the plans with a server for few items and one for many, which `sizes` names. Returns the
/// rows, with the peaks for few and for many and the growth, and the bounds.
pub(super) fn measure(
    beds: &mut [Bed; 2],
    plans: &[Plan],
    rounds: u32,
    sizes: &[String; 2],
) -> Result<(Vec<Row>, Vec<Bound>), Failure> {
    let cases: Vec<Case> = plans
        .iter()
        .flat_map(|plan| {
            [0, 1].map(|bed| Case {
                bed,
                job: plan.jobs[bed].clone(),
            })
        })
        .collect();
    let measured = Measured::take(beds, &cases, rounds)?;
    let peaks = |case| measured.of(case, |sample| sample.outcome.peak_kib as f64 / 1024.0);
    let mut rows = Vec::new();
    let mut bounds = Vec::new();
    for (index, plan) in plans.iter().enumerate() {
        let (few, many) = (peaks(2 * index), peaks(2 * index + 1));
        let more: Vec<f64> = few.iter().zip(&many).map(|(few, many)| many - few).collect();
        let growth = median(&more);
        rows.push(Row {
            cells: vec![
                plan.name.to_owned(),
                format!("{:.1}", median(&few)),
                format!("{:.1}", median(&many)),
                format!("{growth:.1}"),
            ],
            meaning: plan.meaning.to_owned(),
        });
        if plan.is_bounded {
            let what = format!("{}: memory for {} beyond that for {}", plan.name, sizes[1], sizes[0]);
            bounds.push(Bound::at_most(what, growth, MOST, "MiB"));
        }
    }
    Ok((rows, bounds))
}
