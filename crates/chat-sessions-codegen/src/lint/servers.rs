//! Servers: the variables in their URLs.

use serde_json::Value;

use super::checker::Checker;
use crate::spec::grammar::ObjectKind;
use crate::spec::nodes::Node;

impl Checker<'_> {
    pub(super) fn servers(&mut self) {
        for node in self.nodes().iter().filter(|node| node.kind == ObjectKind::Server) {
            self.server(node);
        }
    }

    fn server(&mut self, node: &Node<'_>) {
        let at = node.at.child("url");
        let mut rest = node.value.get("url").and_then(Value::as_str).unwrap_or_default();
        let is_declared = |name: &str| node.value.get("variables").is_some_and(|all| all.get(name).is_some());
        while let Some(brace) = rest.find(['{', '}']) {
            let inner = rest[brace..].strip_prefix('{').and_then(|rest| rest.split_once('}'));
            let Some((name, after)) = inner.filter(|(name, _)| !name.contains('{')) else {
                let remedy = "Balance the braces, and put the name of a variable between them.";
                self.report("server-variable", &at, "the braces of the URL are not balanced", remedy);
                return;
            };
            rest = after;
            if !is_declared(name) {
                let message = format!("the URL contains `{{{name}}}`, but there is no variable with this name");
                let remedy = "Declare it under `variables`, with a default.";
                self.report("server-variable", &at, &message, remedy);
            }
        }
    }
}
