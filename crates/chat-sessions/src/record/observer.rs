//! The callback that receives each exchange, and the names that replace page tokens in it.

use std::collections::hash_map::RandomState;
use std::collections::{HashMap, VecDeque};
use std::fmt;
use std::hash::BuildHasher;
use std::sync::{Arc, Mutex, PoisonError};

use crate::record::exchange::Exchange;

/// A callback for exchanges, with the choice whether to blank titles.
///
/// A clone is the same observer, and equality means the same observer.
#[derive(Clone)]
pub(crate) struct ExchangeObserver(Arc<Inner>);

/// How one HTTP exchange is reported.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct ExchangeOptions {
    pub(crate) observer: Option<ExchangeObserver>,
    /// How often the request was sent before.
    pub(crate) resend_count: u32,
}

impl From<&Option<ExchangeObserver>> for ExchangeOptions {
    fn from(observer: &Option<ExchangeObserver>) -> Self {
        Self {
            observer: observer.clone(),
            resend_count: 0,
        }
    }
}

struct Inner {
    notify: Box<dyn Fn(&Exchange) + Send + Sync>,
    blank_titles: bool,
    tokens: Mutex<Tokens>,
}

impl ExchangeObserver {
    pub(crate) fn new(blank_titles: bool, notify: impl Fn(&Exchange) + Send + Sync + 'static) -> Self {
        Self(Arc::new(Inner {
            notify: Box::new(notify),
            blank_titles,
            tokens: Mutex::default(),
        }))
    }

    pub(crate) fn notify(&self, exchange: &Exchange) {
        (self.0.notify)(exchange);
    }

    pub(crate) fn blanks_titles(&self) -> bool {
        self.0.blank_titles
    }

    /// Returns the name that replaces a page token.
    pub(crate) fn token_name(&self, token: &str) -> String {
        let mut tokens = self.0.tokens.lock().unwrap_or_else(PoisonError::into_inner);
        format!("page-token-{}", tokens.number(token))
    }

    /// Remembers a cookie for a while.
    pub(crate) fn remember(&self, cookie: &str) {
        let mut tokens = self.0.tokens.lock().unwrap_or_else(PoisonError::into_inner);
        tokens.remember(cookie);
    }

    /// Returns the most recent page tokens and cookies, which a response may repeat although its
    /// request did not contain them.
    pub(crate) fn recent(&self) -> Vec<String> {
        let tokens = self.0.tokens.lock().unwrap_or_else(PoisonError::into_inner);
        tokens.recent.iter().cloned().collect()
    }
}

impl PartialEq for ExchangeObserver {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl Eq for ExchangeObserver {}

impl fmt::Debug for ExchangeObserver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ExchangeObserver")
    }
}

/// The numbers of page tokens. In a long list, the oldest are dropped and would get new numbers.
#[derive(Default)]
struct Tokens {
    hasher: RandomState,
    numbers: HashMap<u64, u64>,
    /// The hashes of the tokens, oldest first.
    order: VecDeque<u64>,
    /// The most recent secrets in plain text.
    recent: VecDeque<String>,
    last_number: u64,
}

impl Tokens {
    /// As many as a walk remembers to recognise a loop of page tokens.
    const REMEMBERED: usize = 4096;
    /// How many are kept in plain text. If a server repeats a token or a cookie, it is from one of
    /// the last pages.
    const RECENT: usize = 6;

    fn number(&mut self, token: &str) -> u64 {
        let hash = self.hasher.hash_one(token);
        if let Some(number) = self.numbers.get(&hash) {
            return *number;
        }
        self.last_number += 1;
        self.numbers.insert(hash, self.last_number);
        self.order.push_back(hash);
        if self.order.len() > Self::REMEMBERED
            && let Some(oldest) = self.order.pop_front()
        {
            self.numbers.remove(&oldest);
        }
        self.remember(token);
        self.last_number
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
        let observer = ExchangeObserver::new(false, |_| {});
        assert_eq!(observer.token_name("a"), "page-token-1");
        assert_eq!(observer.token_name("b"), "page-token-2");
        assert_eq!(observer.token_name("a"), "page-token-1");
        for number in 3..=Tokens::REMEMBERED + 1 {
            assert_eq!(
                observer.token_name(&format!("token {number}")),
                format!("page-token-{number}")
            );
        }
        assert_eq!(observer.token_name("b"), "page-token-2");
        assert_eq!(
            observer.token_name("a"),
            format!("page-token-{}", Tokens::REMEMBERED + 2)
        );
        assert_eq!(observer.recent().len(), Tokens::RECENT);
    }
}
