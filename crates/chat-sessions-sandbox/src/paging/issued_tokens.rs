//! Records the tokens that LlamaCloud issued, so that a fault can repeat an old one. Ordinary
//! responses do not need it.

use std::collections::{BTreeMap, VecDeque};

/// How many tokens are kept per project; older ones are dropped, since a list that goes in circles
/// issues tokens forever.
const MAX_PER_PROJECT: usize = 65_536;

/// The tokens by project.
#[derive(Debug, Default)]
pub(crate) struct IssuedTokens {
    /// The newest token is last.
    by_project: BTreeMap<String, VecDeque<String>>,
}

impl IssuedTokens {
    /// Adds the token of a response. An empty token leads nowhere and is not counted.
    pub(crate) fn add(&mut self, project: &str, token: &str) {
        if token.is_empty() {
            return;
        }
        let tokens = self.by_project.entry(project.to_owned()).or_default();
        if tokens.len() == MAX_PER_PROJECT {
            tokens.pop_front();
        }
        tokens.push_back(token.to_owned());
    }

    /// Returns the token issued `n` responses ago; 1 means the newest.
    pub(crate) fn nth_newest(&self, project: &str, n: usize) -> Option<String> {
        let tokens = self.by_project.get(project)?;
        tokens.get(tokens.len().checked_sub(n)?).cloned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn projects_are_counted_separately_and_the_oldest_tokens_dropped() {
        let mut issued = IssuedTokens::default();
        for number in 0..=MAX_PER_PROJECT {
            issued.add("one", &number.to_string());
        }
        issued.add("one", "");
        issued.add("other", "x");
        assert_eq!(issued.nth_newest("one", 0), None);
        assert_eq!(issued.nth_newest("one", 1), Some(MAX_PER_PROJECT.to_string()));
        assert_eq!(issued.nth_newest("one", MAX_PER_PROJECT), Some("1".to_owned()));
        assert_eq!(issued.nth_newest("one", MAX_PER_PROJECT + 1), None);
        assert_eq!(issued.nth_newest("other", 1), Some("x".to_owned()));
        assert_eq!(issued.nth_newest("nobody", 1), None);
    }
}
