//! Records the requests to the providers in the order of their arrival, without credentials and in
//! bounded memory.
//!
//! It does not record the responses.

use std::{
    collections::VecDeque,
    time::{Duration, Instant},
};

use serde::{Serialize, Serializer};

use crate::{
    dialect::{
        operation::Operation,
        provider::{PerProvider, Provider},
    },
    http::request::RequestHead,
};

/// How many requests are kept. A soak test must not fill the memory.
const MAX_REQUESTS: usize = 65_536;

/// The replacement for a credential.
const REDACTED: &str = "[redacted]";

/// A request as it arrived, with its credentials redacted.
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct ReceivedRequest {
    /// The number of the request, counted from 1. Requests to control routes are not counted.
    pub number: u64,
    /// The provider whose API has the path, if any.
    pub provider: Option<Provider>,
    /// The operation, if the path is that of one, whatever the method is.
    pub operation: Option<Operation>,
    /// The method, such as `GET`.
    pub method: String,
    /// The path as it was sent.
    pub path: String,
    /// The query as it was sent, without the question mark.
    pub raw_query: String,
    /// The decoded query in its original order.
    pub query: Vec<(String, String)>,
    /// The headers, with names in lower case. `authorization` keeps the scheme and `cookie` the
    /// names of the cookies; the rest of their values is redacted.
    pub headers: Vec<(String, String)>,
    /// The arrival time since the start of the sandbox, by a monotonic clock.
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

/// Counters of a provider's requests.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Counters {
    /// The number of requests.
    pub requests: u64,
    /// The number of requests that have arrived and have no response yet.
    pub in_progress: u64,
    /// The highest number of requests in progress at the same time.
    ///
    /// The sandbox handles a request in one step. Only requests with a delay or a hold, as with
    /// [`Fault::with_delay`](crate::Fault::with_delay), are in progress at the same time.
    pub most_in_progress: u64,
    /// The number of requests that a [`RateLimit`](crate::RateLimit) refused. They are included in
    /// `requests`.
    pub refused: u64,
    /// The arrival time of each request since the start of the sandbox, for as many requests as the
    /// log keeps.
    #[serde(rename = "arrivals_ms", serialize_with = "all_as_milliseconds")]
    pub arrivals: Vec<Duration>,
}

/// The counters of one provider, without the arrival times.
#[derive(Clone, Copy, Debug, Default)]
struct RequestCounts {
    requests: u64,
    in_progress: u64,
    most_in_progress: u64,
    refused: u64,
}

/// The log of all requests.
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

    /// The time since the start of the sandbox, which arrival times are measured by.
    pub(crate) fn now(&self) -> Duration {
        self.started.elapsed()
    }

    /// Adds a request that arrives at `now`. A request to a provider is then in progress.
    pub(crate) fn add(
        &mut self,
        provider: Option<Provider>,
        operation: Option<Operation>,
        request: &RequestHead<'_>,
        now: Duration,
    ) {
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
            operation,
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

    /// Ends a request to a provider.
    pub(crate) fn end(&mut self, provider: Provider) {
        let counts = &mut self.counts[provider];
        counts.in_progress = counts.in_progress.saturating_sub(1);
    }

    /// Counts a request that exceeded the rate limit.
    pub(crate) fn count_refusal(&mut self, provider: Provider) {
        self.counts[provider].refused += 1;
    }

    pub(crate) fn all(&self) -> Vec<ReceivedRequest> {
        self.requests.iter().cloned().collect()
    }

    /// The number of requests to a provider, including those that are no longer in the log.
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

    /// Clears the log and the counters, except for the number of requests in progress.
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
    let value = match name {
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
    (name.to_owned(), value)
}

fn as_milliseconds<S: Serializer>(duration: &Duration, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_f64(duration.as_secs_f64() * 1000.0)
}

fn all_as_milliseconds<S: Serializer>(durations: &[Duration], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(durations.iter().map(|duration| duration.as_secs_f64() * 1000.0))
}
