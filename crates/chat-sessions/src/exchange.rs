//! One request and its answer as they are shown to a program: without secrets.
//!
//! What is taken out is decided in `provider/scrub.rs` and `provider/secrets.rs`, which know how a request carries its key.
//! Here is what is left, and the memory that gives equal page tokens equal names. It knows no HTTP library and no file.

use std::collections::hash_map::RandomState;
use std::collections::{HashMap, VecDeque};
use std::fmt;
use std::hash::BuildHasher;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use crate::session::Provider;
use crate::timestamp::Timestamp;

/// `Exchange` is one request and what came of it, as it went over the wire, without secrets.
///
/// [`ListSessions::on_exchange`](crate::ListSessions::on_exchange) gives it. What is not in it, however it is written there
/// (as it is, escaped for URLs, JSON or HTML, in hexadecimal, in base64):
///
/// - the key, and cookies in both directions;
/// - page tokens: each is replaced by a name such as `page-token-3`, the same for the same token, so that the way from page to
///   page can be followed;
/// - every value of the query but `page` and `page_size`, such as a `unique_id` or a project, also where the answer repeats it;
/// - the values of headers that are not known to be harmless; a user name and a password in the address.
///
/// Of values with fewer than 8 characters, such as the `unique_id` `default`, only those in the query are taken out. Ids stay,
/// and so do titles unless they are asked to be blanked.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Exchange {
    /// Who was asked.
    pub provider: Provider,
    /// When the request was made.
    pub started: Timestamp,
    /// The time from there to the headers of the answer, or to the failure.
    pub waited: Duration,
    /// The time from the headers of the answer to its end.
    pub read: Duration,
    /// The method, which is always `GET`.
    pub method: &'static str,
    /// The address.
    pub url: String,
    /// The query, name by name, as it stands in the address, with its escapes undone.
    pub query: Vec<(String, String)>,
    /// The headers of the request, those excepted that the HTTP stack adds to all of its requests.
    pub request_headers: Vec<(String, String)>,
    /// The answer; `None` where there is none.
    pub answer: Option<ExchangeAnswer>,
    /// Why there is no whole answer; `None` where there is one.
    pub error: Option<String>,
}

/// `ExchangeAnswer` is the answer of an [`Exchange`].
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ExchangeAnswer {
    /// The HTTP status.
    pub status: u16,
    /// The version of HTTP, such as `HTTP/1.1`.
    pub version: String,
    /// The headers: those known to be harmless with their values, the others with `[redacted]`. The first 100, each value up to
    /// 1024 bytes.
    pub headers: Vec<(String, String)>,
    /// The length of the body in bytes, decompressed, as it arrived.
    pub body_bytes: u64,
    /// The body as text; `None` where it is no UTF-8 text. What is JSON is still the same JSON, byte for byte, but for the
    /// texts that were replaced.
    pub body: Option<String>,
    /// What is missing of the body, in words; `None` where it is whole.
    pub omitted: Option<String>,
}

impl fmt::Debug for Exchange {
    /// Leaves the body out: it holds what people wrote.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Exchange")
            .field("provider", &self.provider)
            .field("started", &self.started)
            .field("waited", &self.waited)
            .field("read", &self.read)
            .field("method", &self.method)
            .field("url", &self.url)
            .field("answer", &self.answer)
            .field("error", &self.error)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for ExchangeAnswer {
    /// Gives the length of the body only.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ExchangeAnswer")
            .field("status", &self.status)
            .field("version", &self.version)
            .field("headers", &self.headers)
            .field("body_bytes", &self.body_bytes)
            .field("omitted", &self.omitted)
            .finish_non_exhaustive()
    }
}

/// Whoever is shown each exchange, with what shall be left out beside secrets.
///
/// A clone is the same one. Two are equal when they are.
#[derive(Clone)]
pub(crate) struct OnExchange(Arc<Inner>);

struct Inner {
    tell: Box<dyn Fn(&Exchange) + Send + Sync>,
    blank_titles: bool,
    tokens: Mutex<Tokens>,
}

impl OnExchange {
    pub(crate) fn new(blank_titles: bool, tell: impl Fn(&Exchange) + Send + Sync + 'static) -> Self {
        Self(Arc::new(Inner {
            tell: Box::new(tell),
            blank_titles,
            tokens: Mutex::default(),
        }))
    }

    pub(crate) fn tell(&self, exchange: &Exchange) {
        (self.0.tell)(exchange);
    }

    pub(crate) fn blanks_titles(&self) -> bool {
        self.0.blank_titles
    }

    /// Gives the name that stands for a page token.
    pub(crate) fn name_of(&self, token: &str) -> String {
        let mut tokens = self.0.tokens.lock().unwrap_or_else(PoisonError::into_inner);
        format!("page-token-{}", tokens.number(token))
    }

    /// Remembers a cookie for a while.
    pub(crate) fn remember(&self, cookie: &str) {
        let mut tokens = self.0.tokens.lock().unwrap_or_else(PoisonError::into_inner);
        tokens.remember(cookie);
    }

    /// Gives the page tokens and cookies that came last, which an answer may repeat although its request did not carry them.
    pub(crate) fn recent(&self) -> Vec<String> {
        let tokens = self.0.tokens.lock().unwrap_or_else(PoisonError::into_inner);
        tokens.recent.iter().cloned().collect()
    }
}

impl PartialEq for OnExchange {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl Eq for OnExchange {}

impl fmt::Debug for OnExchange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("OnExchange")
    }
}

/// The numbers of page tokens. Of a long list the older ones are forgotten, and would get new numbers.
#[derive(Default)]
struct Tokens {
    hasher: RandomState,
    numbers: HashMap<u64, u64>,
    /// The hashes in the order in which they came.
    order: VecDeque<u64>,
    /// The last secrets as they are.
    recent: VecDeque<String>,
    given: u64,
}

impl Tokens {
    /// As many as the walk remembers to recognise a list that goes in circles.
    const REMEMBERED: usize = 4096;
    /// How many are kept as they are. A server that repeats a token or a cookie repeats one of the last pages.
    const RECENT: usize = 6;

    fn number(&mut self, token: &str) -> u64 {
        let hash = self.hasher.hash_one(token);
        if let Some(number) = self.numbers.get(&hash) {
            return *number;
        }
        self.given += 1;
        self.numbers.insert(hash, self.given);
        self.order.push_back(hash);
        if self.order.len() > Self::REMEMBERED
            && let Some(oldest) = self.order.pop_front()
        {
            self.numbers.remove(&oldest);
        }
        self.remember(token);
        self.given
    }

    fn remember(&mut self, secret: &str) {
        if self.recent.iter().any(|known| known == secret) {
            return;
        }
        self.recent.push_back(secret.to_owned());
        if self.recent.len() > Self::RECENT {
            self.recent.pop_front();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_tokens_have_equal_names_as_long_as_they_are_remembered() {
        let hook = OnExchange::new(false, |_| {});
        assert_eq!(hook.name_of("a"), "page-token-1");
        assert_eq!(hook.name_of("b"), "page-token-2");
        assert_eq!(hook.name_of("a"), "page-token-1");
        for number in 3..=Tokens::REMEMBERED + 1 {
            assert_eq!(hook.name_of(&format!("token {number}")), format!("page-token-{number}"));
        }
        assert_eq!(hook.name_of("b"), "page-token-2");
        assert_eq!(hook.name_of("a"), format!("page-token-{}", Tokens::REMEMBERED + 2));
        assert_eq!(hook.recent().len(), Tokens::RECENT);
    }
}
