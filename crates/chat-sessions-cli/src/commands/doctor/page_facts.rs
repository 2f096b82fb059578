//! What the page of a list contains, counted: sessions, unknown fields and the values of fields that
//! have few.

use std::collections::BTreeMap;

use chat_sessions::Session;
use chat_sessions::list::SessionPage;
use serde::Serialize;

use crate::output::text::{count, one_line};

/// What a page contains.
#[derive(Serialize)]
pub(crate) struct PageFacts {
    milliseconds: u64,
    request_id: Option<String>,
    sessions: usize,
    /// The provider's total number of sessions, if it sends one.
    total: Option<u64>,
    rejected: usize,
    /// The fields that this version does not know, and how many sessions have each.
    unknown_fields: BTreeMap<String, usize>,
    /// The values of fields with a limited set of values, and how often each occurs.
    values: BTreeMap<&'static str, BTreeMap<String, usize>>,
}

impl PageFacts {
    pub(crate) fn empty(milliseconds: u64) -> Self {
        Self {
            milliseconds,
            request_id: None,
            sessions: 0,
            total: None,
            rejected: 0,
            unknown_fields: BTreeMap::new(),
            values: BTreeMap::new(),
        }
    }

    pub(crate) fn new(milliseconds: u64, page: &SessionPage) -> Self {
        let mut unknown_fields = BTreeMap::new();
        let mut values: BTreeMap<&'static str, BTreeMap<String, usize>> = BTreeMap::new();
        for session in &page.sessions {
            for field in unknown_fields_of(session) {
                *unknown_fields.entry(field).or_default() += 1;
            }
            for (name, value) in values_of(session) {
                *values.entry(name).or_default().entry(value).or_default() += 1;
            }
        }
        Self {
            request_id: page.request_id.clone(),
            sessions: page.sessions.len(),
            total: page.total,
            rejected: page.rejected.len(),
            unknown_fields,
            values,
            ..Self::empty(milliseconds)
        }
    }

    pub(crate) fn rows(&self) -> Vec<(&'static str, String)> {
        let received = self.sessions as u64;
        let sessions = count(received, "session");
        let id = self
            .request_id
            .as_ref()
            .map_or_else(|| "no request id".to_owned(), |id| format!("request id {id}"));
        let unknown = with_counts(&self.unknown_fields);
        // The smallest page of one provider has one session, and that of another always has 20.
        let mut rows = vec![(
            "smallest page",
            format!("{sessions}, in {} ms, {id}", self.milliseconds),
        )];
        if self.sessions + self.rejected > 0 {
            let whole = self.total.map_or_else(
                || "unknown number of sessions; the provider sends no total".to_owned(),
                |total| count(total, "session"),
            );
            rows.push(("whole list", whole));
        }
        rows.push((
            "unknown fields",
            if unknown.is_empty() { "none".to_owned() } else { unknown },
        ));
        rows.extend(self.values.iter().map(|(name, words)| (*name, with_counts(words))));
        rows
    }
}

/// Returns the fields of a session that this version does not know.
fn unknown_fields_of(session: &Session) -> Vec<String> {
    let of_run = session.last_run.iter().flat_map(|run| run.extra.keys());
    let of_run = of_run.map(|field| format!("last_run.{field}"));
    session
        .extra
        .keys()
        .cloned()
        .chain(of_run)
        .map(|field| short_line(&field))
        .collect()
}

/// Returns the values of the fields with a limited set of values.
fn values_of(session: &Session) -> Vec<(&'static str, String)> {
    let access = session.access.iter().map(|access| ("access", short_line(access)));
    let origin = session.time().map(|time| ("times", time.origin.as_str().to_owned()));
    access.chain(origin).collect()
}

fn with_counts(words: &BTreeMap<String, usize>) -> String {
    let words = words.iter().map(|(word, count)| format!("{word} ({count})"));
    words.collect::<Vec<_>>().join(", ")
}

/// Makes a provider's text safe for a terminal, and at most 60 characters long.
fn short_line(text: &str) -> String {
    one_line(text).chars().take(60).collect()
}
