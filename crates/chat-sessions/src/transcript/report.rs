//! The report on a stream of transcripts.

use std::time::Duration;

use serde::Serialize;

use crate::model::seconds;
use crate::pagination::WalkReport;

/// `TranscriptReport` says what a stream of transcripts has returned so far, and at what cost.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct TranscriptReport {
    /// The transcripts that the stream returned.
    pub transcripts: u64,
    /// The sessions whose transcript could not be read; the stream returned an error for each.
    pub failed: u64,
    /// The retries, including those of transcripts that were not returned.
    pub retries: u64,
    /// The time waited before retries, summed over requests that ran at the same time; seconds in
    /// JSON.
    #[serde(serialize_with = "seconds")]
    #[cfg_attr(feature = "schemars", schemars(with = "f64"))]
    pub waited: Duration,
    /// The time waited for rate limits, summed over requests that ran at the same time; seconds in
    /// JSON.
    #[serde(serialize_with = "seconds")]
    #[cfg_attr(feature = "schemars", schemars(with = "f64"))]
    pub paced: Duration,
    /// The report on the list that the sessions come from, if they come from one.
    pub list: Option<WalkReport>,
}
