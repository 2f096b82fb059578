//! What is missing from a list: one record for each reason and source.
//!
//! JSON holds these records, notices say the same on standard error, and a list is complete if there
//! are none and no source has failed.

use chat_sessions::list::{SourceReport, Unfinished, WalkReport};
use chat_sessions::source::Rejected;
use schemars::JsonSchema;
use serde::Serialize;

use super::text::count;

/// Why a list stopped although there may be more sessions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum StopReason {
    /// `--limit` sessions were printed.
    Limit,
    /// `--max-pages` pages were requested from each provider.
    MaxPages,
    /// Ctrl-C.
    Interrupted,
    /// `--fail-fast`, and a provider has failed.
    FailFast,
}

/// Sessions of one source that are missing from the list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "Missing")]
pub(crate) struct Missing {
    /// Why they are missing.
    kind: MissingKind,
    /// The provider of the sessions.
    provider: String,
    /// The part of the account.
    scope: Option<String>,
    /// The number of missing sessions; null if it is unknown.
    count: Option<u64>,
    /// Why they are missing, in words.
    message: String,
}

/// Why sessions are missing, in a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "MissingKind")]
enum MissingKind {
    /// The list was cut after --limit sessions.
    Limit,
    /// The list was cut after --max-pages pages of each provider.
    MaxPages,
    /// The list was interrupted with Ctrl-C.
    Interrupted,
    /// Another provider failed, and --fail-fast was given.
    FailFast,
    /// Items that could not be decoded were skipped.
    Rejected,
    /// The provider's total claims more sessions than it sent.
    NeverSent,
}

/// Returns the sessions that a list lacks, except those of failed sources, which have an error.
pub(crate) fn missing(report: &WalkReport, stop_reason: Option<StopReason>) -> Vec<Missing> {
    let of_source = |source| of_source(source, stop_reason);
    report.sources.iter().flat_map(of_source).collect()
}

impl Missing {
    /// The sessions of scopes that could not be decoded; `None` if all could.
    pub(crate) fn of_scopes(provider: &str, rejected: &[Rejected]) -> Option<Self> {
        let first = rejected.first()?;
        let number = u64::try_from(rejected.len()).unwrap_or(u64::MAX);
        let scopes = count(number, "invalid scope");
        let which = if number == 1 { "" } else { ", the first" };
        Some(Self {
            kind: MissingKind::Rejected,
            provider: provider.to_owned(),
            scope: None,
            // The number of their sessions is unknown.
            count: None,
            message: format!("skipped {scopes}{which} at {}: {}", first.pointer, first.reason),
        })
    }

    /// Returns the provider and the reason as text.
    pub(crate) fn line(&self) -> (&str, &str) {
        (&self.provider, &self.message)
    }

    /// These sessions of a source were not read, because a signal ended the command. No number means
    /// that it is unknown.
    pub(crate) fn interrupted(provider: &str, scope: Option<&str>, count: Option<u64>) -> Self {
        Self {
            kind: MissingKind::Interrupted,
            provider: provider.to_owned(),
            scope: scope.map(ToOwned::to_owned),
            count,
            message: "not read because the command was interrupted".to_owned(),
        }
    }
}

/// Returns the kind for a reason, and its explanation.
fn of_reason(reason: StopReason) -> (MissingKind, &'static str) {
    match reason {
        StopReason::Limit => (MissingKind::Limit, "--limit was reached"),
        StopReason::MaxPages => (MissingKind::MaxPages, "--max-pages was reached"),
        StopReason::Interrupted => (MissingKind::Interrupted, "the list was interrupted"),
        StopReason::FailFast => (MissingKind::FailFast, "another provider failed"),
    }
}

fn of_source(source: &SourceReport, stop_reason: Option<StopReason>) -> Vec<Missing> {
    let missing = |kind, count, message| Missing {
        kind,
        provider: source.provider.to_string(),
        scope: source.scope.as_ref().map(|scope| scope.as_str().to_owned()),
        count,
        message,
    };
    let cut = source.unfinished.filter(|why| *why != Unfinished::Failed).map(|why| {
        let (kind, reason) = of_reason(stop_reason.unwrap_or(StopReason::FailFast));
        let message = match why {
            Unfinished::NoResponse => format!("the next page had not arrived when {reason}"),
            _ => format!("the rest was not read because {reason}"),
        };
        missing(kind, None, message)
    });
    let rejected = rejected_text(source).map(|message| missing(MissingKind::Rejected, Some(source.rejected), message));
    let never_sent =
        never_sent_text(source).map(|message| missing(MissingKind::NeverSent, Some(source.never_sent), message));
    cut.into_iter().chain(rejected).chain(never_sent).collect()
}

/// Describes the items that were skipped, if there are any.
pub(crate) fn rejected_text(source: &SourceReport) -> Option<String> {
    let first = source.first_rejected.as_ref()?;
    let items = count(source.rejected, "invalid item");
    let which = if source.rejected == 1 { "" } else { ", the first" };
    Some(format!("skipped {items}{which} at {}: {}", first.pointer, first.reason))
}

/// Describes the sessions that the provider counts and did not send, if there are any.
pub(crate) fn never_sent_text(source: &SourceReport) -> Option<String> {
    let total = source.claimed_total.filter(|_| source.never_sent > 0)?;
    let were = if source.never_sent == 1 { "was" } else { "were" };
    Some(format!(
        "the provider counts {}, but {} of them {were} never sent",
        count(total, "session"),
        source.never_sent
    ))
}
