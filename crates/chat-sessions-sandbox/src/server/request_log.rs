//! The record of what the providers were asked.
//!
//! It is responsible for keeping requests in the order in which they came, without credentials and within bounded
//! memory. It does not know how they were answered.

use std::{
    collections::VecDeque,
    time::{Duration, Instant},
};

use serde::{Serialize, Serializer};

use crate::{
    dialect::provider::{PerProvider, Provider},
    http::request::RequestHead,
};

/// The newest requests that are kept; a soak test of many minutes must not grow without end.
const MAX_REQUESTS: usize = 65_536;

/// What stands where a credential stood.
const REDACTED: &str = "[redacted]";

/// A request as it arrived, with its credentials blanked.
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct ReceivedRequest {
    /// Its place among all requests outside the control room, counted from 1.
    pub number: u64,
    /// Whose API the path belongs to, if anyone's.
    pub provider: Option<Provider>,
    /// The method, such as `GET`.
    pub method: String,
    /// The path as it was sent.
    pub path: String,
    /// The query as it was sent, without the question mark.
    pub raw_query: String,
    /// The query, decoded, in the order in which it was sent.
    pub query: Vec<(String, String)>,
    /// The headers, names in lower case. In `authorization` the scheme remains and the key is blanked; `cookie` keeps
    /// the names of the cookies.
    pub headers: Vec<(String, String)>,
    /// When it arrived, counted from the start of the sandbox by a clock that only goes forward.
    #[serde(rename = "arrived_ms", serialize_with = "as_milliseconds")]
    pub arrived: Duration,
}

impl ReceivedRequest {
    /// The value of a header, if it was sent.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(known, _)| known.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }

    /// The decoded value of a query parameter, if it was sent.
    #[must_use]
    pub fn parameter(&self, name: &str) -> Option<&str> {
        self.query
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.as_str())
    }
}

/// How much a provider was asked.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Counters {
    /// The requests so far.
    pub requests: u64,
    /// The requests in progress now: those that have come and whose answer is not made yet.
    pub in_progress: u64,
    /// The most requests that were in progress at the same time.
    ///
    /// The sandbox makes an answer in one go, so only requests whose answers wait, as for
    /// [`Fault::with_delay`](crate::Fault::with_delay), are in progress together.
    pub most_in_progress: u64,
    /// The requests so far that a [`RateLimit`](crate::RateLimit) refused; they are among those above.
    pub refused: u64,
    /// When each request arrived, counted from the start of the sandbox; as many as the record of requests keeps.
    #[serde(rename = "arrivals_ms", serialize_with = "all_as_milliseconds")]
    pub arrivals: Vec<Duration>,
}

/// The numbers of one provider that are kept while requests come and go.
#[derive(Clone, Copy, Debug, Default)]
struct RequestCounts {
    requests: u64,
    in_progress: u64,
    most_in_progress: u64,
    refused: u64,
}

/// The requests so far.
#[derive(Debug)]
pub(crate) struct RequestLog {
    started: Instant,
    requests: VecDeque<ReceivedRequest>,
    total: u64,
    counts: PerProvider<RequestCounts>,
}

impl RequestLog {
    pub(crate) fn new() -> Self {
        Self {
            started: Instant::now(),
            requests: VecDeque::new(),
            total: 0,
            counts: PerProvider::from_fn(|_| RequestCounts::default()),
        }
    }

    /// The time by the clock that the arrivals are told by.
    pub(crate) fn now(&self) -> Duration {
        self.started.elapsed()
    }

    /// Adds a request that arrives `now`; one to a provider is in progress from here on.
    pub(crate) fn add(&mut self, provider: Option<Provider>, request: &RequestHead<'_>, now: Duration) {
        self.total += 1;
        if let Some(provider) = provider {
            let counts = &mut self.counts[provider];
            counts.requests += 1;
            counts.in_progress += 1;
            counts.most_in_progress = counts.most_in_progress.max(counts.in_progress);
        }
        if self.requests.len() == MAX_REQUESTS {
            self.requests.pop_front();
        }
        self.requests.push_back(ReceivedRequest {
            number: self.total,
            provider,
            method: request.method.to_string(),
            path: request.path().to_owned(),
            raw_query: request.uri.query().unwrap_or_default().to_owned(),
            query: request.query.clone(),
            headers: request
                .headers
                .iter()
                .map(|(name, value)| redacted(name.as_str(), value.as_bytes()))
                .collect(),
            arrived: now,
        });
    }

    /// Takes note that a request to a provider is no longer in progress.
    pub(crate) fn end(&mut self, provider: Provider) {
        let counts = &mut self.counts[provider];
        counts.in_progress = counts.in_progress.saturating_sub(1);
    }

    /// Takes note that a request to a provider came too soon.
    pub(crate) fn count_refusal(&mut self, provider: Provider) {
        self.counts[provider].refused += 1;
    }

    pub(crate) fn all(&self) -> Vec<ReceivedRequest> {
        self.requests.iter().cloned().collect()
    }

    /// How many requests a provider got, including those that are no longer requests.
    pub(crate) fn count(&self, provider: Provider) -> u64 {
        self.counts[provider].requests
    }

    pub(crate) fn counters(&self, provider: Provider) -> Counters {
        let RequestCounts {
            requests,
            in_progress,
            most_in_progress,
            refused,
        } = self.counts[provider];
        let of_provider = self
            .requests
            .iter()
            .filter(|request| request.provider == Some(provider));
        Counters {
            requests,
            in_progress,
            most_in_progress,
            refused,
            arrivals: of_provider.map(|request| request.arrived).collect(),
        }
    }

    /// Forgets the requests so far; those in progress go on.
    pub(crate) fn clear(&mut self) {
        self.requests.clear();
        self.total = 0;
        for counts in self.counts.iter_mut() {
            counts.requests = 0;
            counts.refused = 0;
            counts.most_in_progress = counts.in_progress;
        }
    }
}

fn redacted(name: &str, value: &[u8]) -> (String, String) {
    let value = String::from_utf8_lossy(value);
    let shown = match name {
        "authorization" | "proxy-authorization" => match value.split_once(' ') {
            Some((scheme, _)) => format!("{scheme} {REDACTED}"),
            None => REDACTED.to_owned(),
        },
        "cookie" => {
            let names = value
                .split(';')
                .map(|cookie| cookie.split('=').next().unwrap_or_default().trim());
            names
                .map(|name| format!("{name}={REDACTED}"))
                .collect::<Vec<_>>()
                .join("; ")
        }
        _ => value.into_owned(),
    };
    (name.to_owned(), shown)
}

fn as_milliseconds<S: Serializer>(duration: &Duration, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_f64(duration.as_secs_f64() * 1000.0)
}

fn all_as_milliseconds<S: Serializer>(durations: &[Duration], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(durations.iter().map(|duration| duration.as_secs_f64() * 1000.0))
}
