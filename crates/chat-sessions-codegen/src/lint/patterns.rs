//! Patterns: regular expressions that no reader can compile, or that JavaScript cannot.

use regex::RegexBuilder;
use serde_json::Value;

use super::checker::Checker;
use crate::spec::nodes::Node;

/// How many brackets are at most inside each other; compilers refuse more.
const MAX_BRACKETS: usize = 100;

impl Checker<'_> {
    /// OpenAPI takes patterns from ECMA-262. Rust's dialect stands for all others.
    pub(super) fn pattern(&mut self, node: &Node<'_>) {
        let Some(pattern) = node.value.get("pattern").and_then(Value::as_str) else {
            return;
        };
        // Both compilers limit the size of what they compile, which says nothing about the pattern.
        let brackets = pattern.bytes().filter(|byte| b"([{".contains(byte)).count();
        if brackets > MAX_BRACKETS {
            return;
        }
        let in_javascript = ["u", ""].map(|flags| regress::Regex::with_flags(pattern, flags));
        let [Err(error), Err(_)] = in_javascript else { return };
        let at = node.at.child("pattern");
        match RegexBuilder::new(pattern).build() {
            Err(regex::Error::Syntax(_)) => {
                let message = format!("the pattern is not a regular expression: {error}");
                let remedy = "Correct it, or explain the format in the description.";
                self.report("schema-pattern", &at, &message, remedy);
            }
            _ => {
                let message = format!("the pattern is not a regular expression in JavaScript: {error}");
                let remedy = "Rewrite it by the grammar of ECMA-262, which OpenAPI refers to.";
                self.report("schema-pattern-dialect", &at, &message, remedy);
            }
        }
    }
}
