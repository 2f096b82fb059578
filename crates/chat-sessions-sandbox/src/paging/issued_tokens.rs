//! The record of the tokens that the LlamaCloud side gave out.
//!
//! It is responsible for finding the token of some answers ago, within bounded memory. No ordinary answer depends on it.

use std::collections::{BTreeMap, VecDeque};

/// The newest tokens that are kept of each project; a list that goes in circles must not grow without end.
const KEPT: usize = 65_536;

/// The tokens so far, by project.
#[derive(Debug, Default)]
pub(crate) struct IssuedTokens {
    /// Each newest last.
    by_project: BTreeMap<String, VecDeque<String>>,
}

impl IssuedTokens {
    /// Adds the token of an answer that is about to be sent; an empty one leads nowhere and is not counted.
    pub(crate) fn add(&mut self, project: &str, token: &str) {
        if token.is_empty() {
            return;
        }
        let tokens = self.by_project.entry(project.to_owned()).or_default();
        if tokens.len() == KEPT {
            tokens.pop_front();
        }
        tokens.push_back(token.to_owned());
    }

    /// The token that was given so many answers ago; 1 means the newest.
    pub(crate) fn back(&self, project: &str, back: usize) -> Option<String> {
        let tokens = self.by_project.get(project)?;
        tokens.get(tokens.len().checked_sub(back)?).cloned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn projects_are_counted_apart_and_the_oldest_are_forgotten() {
        let mut issued = IssuedTokens::default();
        for number in 0..=KEPT {
            issued.add("one", &number.to_string());
        }
        issued.add("one", "");
        issued.add("other", "x");
        assert_eq!(issued.back("one", 0), None);
        assert_eq!(issued.back("one", 1), Some(KEPT.to_string()));
        assert_eq!(issued.back("one", KEPT), Some("1".to_owned()));
        assert_eq!(issued.back("one", KEPT + 1), None);
        assert_eq!(issued.back("other", 1), Some("x".to_owned()));
        assert_eq!(issued.back("nobody", 1), None);
    }
}
