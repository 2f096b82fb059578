//! The callback that gets each exchange, and the names that stand for page tokens in it.

use std::collections::hash_map::RandomState;
use std::collections::{HashMap, VecDeque};
use std::fmt;
use std::hash::BuildHasher;
use std::sync::{Arc, Mutex, PoisonError};

use crate::record::exchange::Exchange;

/// Whoever is shown each exchange, with what shall be left out beside secrets.
///
/// A clone is the same one. Two are equal when they are.
#[derive(Clone)]
pub(crate) struct ExchangeObserver(Arc<Inner>);

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

    /// Gives the name that stands for a page token.
    pub(crate) fn token_name(&self, token: &str) -> String {
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
        let hook = ExchangeObserver::new(false, |_| {});
        assert_eq!(hook.token_name("a"), "page-token-1");
        assert_eq!(hook.token_name("b"), "page-token-2");
        assert_eq!(hook.token_name("a"), "page-token-1");
        for number in 3..=Tokens::REMEMBERED + 1 {
            assert_eq!(
                hook.token_name(&format!("token {number}")),
                format!("page-token-{number}")
            );
        }
        assert_eq!(hook.token_name("b"), "page-token-2");
        assert_eq!(hook.token_name("a"), format!("page-token-{}", Tokens::REMEMBERED + 2));
        assert_eq!(hook.recent().len(), Tokens::RECENT);
    }
}
