//! Compares the methods of two generated clients, and the items without a name of their own.

use std::collections::{BTreeMap, BTreeSet};

use super::api::{Api, Method};
use super::compare::{Renamed, RustDiff, rename};
use crate::diff::bump::Bump;

impl RustDiff {
    pub(super) fn methods(&mut self, old: &Api, new: &Api, renamed: &Renamed) {
        let mut fresh: Vec<_> = new
            .methods
            .iter()
            .filter(|(name, _)| !old.methods.contains_key(*name))
            .collect();
        for (name, method) in &old.methods {
            if let Some(other) = new.methods.get(name) {
                self.method(name, method, other, renamed);
                continue;
            }
            let called = |body: &str, name: &str| body.replace(&format!("\"{name}\""), "\"\"");
            let same = fresh.iter().position(|(now, other)| {
                let same_kind =
                    |(before, after): (&(String, String), &(String, String))| rename(&before.1, renamed) == after.1;
                method.arguments.len() == other.arguments.len()
                    && method.arguments.iter().zip(&other.arguments).all(same_kind)
                    && rename(&method.output, renamed) == other.output
                    && rename(&called(&method.body, name), renamed) == called(&other.body, now)
            });
            if let Some((now, _)) = same.map(|index| fresh.remove(index)) {
                let message = format!("method `{name}` was renamed to `{now}`");
                self.add("method-renamed", (now, ""), Bump::Major, message);
            } else {
                self.add(
                    "method-removed",
                    (name, ""),
                    Bump::Major,
                    format!("method `{name}` was removed"),
                );
            }
        }
        for (name, _) in fresh {
            self.add(
                "method-added",
                (name, ""),
                Bump::Minor,
                format!("method `{name}` was added"),
            );
        }
    }

    fn method(&mut self, name: &str, old: &Method, new: &Method, renamed: &Renamed) {
        let count = self.0.len();
        self.arguments(name, old, new, renamed);
        if rename(&old.output, renamed) != new.output {
            let message = format!("method `{name}` returns `{}` instead of `{}`", new.output, old.output);
            self.add("method-output", (name, ""), Bump::Major, message);
        }
        match (old.request(), new.request()) {
            (Some(before), Some(after)) if before != after => {
                let message = format!("method `{name}` sends `{after}` instead of `{before}`");
                self.add("method-request", (name, ""), Bump::Patch, message);
            }
            _ if old.statuses() != new.statuses() => {
                let message = format!("method `{name}` decodes {} as success", new.statuses().join(" and "));
                self.add("method-status", (name, ""), Bump::Patch, message);
            }
            _ if self.0.len() == count && old.query_names() != new.query_names() => {
                let names = |method: &Method| format!("`{}`", method.query_names().join("`, `"));
                let message = format!(
                    "method `{name}` sends the query parameters {} instead of {}",
                    names(new),
                    names(old)
                );
                self.add("method-query", (name, ""), Bump::Patch, message);
            }
            _ if self.0.len() == count && rename(&old.body, renamed) != new.body => {
                let message = format!("method `{name}` has the same signature but another body");
                self.add("method-body", (name, ""), Bump::Patch, message);
            }
            _ => {}
        }
        if old.docs != new.docs {
            self.documentation(name, "");
        }
    }

    fn arguments(&mut self, name: &str, old: &Method, new: &Method, renamed: &Renamed) {
        let before: Vec<(String, String)> = old
            .arguments
            .iter()
            .map(|(name, kind)| (name.clone(), rename(kind, renamed)))
            .collect();
        let kinds = |arguments: &[(String, String)]| -> Vec<String> {
            arguments.iter().map(|(_, kind)| kind.clone()).collect()
        };
        let has = |arguments: &[(String, String)], name: &str| arguments.iter().any(|(other, _)| other == name);
        let same_kinds = kinds(&before) == kinds(&new.arguments);
        for (index, (argument, kind)) in new.arguments.iter().enumerate() {
            let place = (name, argument.as_str());
            match before.iter().find(|(other, _)| other == argument) {
                None if same_kinds => {
                    let was = &before[index].0;
                    let message =
                        format!("argument `{was}` of `{name}` was renamed to `{argument}`, which affects no caller");
                    self.add("argument-renamed", place, Bump::Patch, message);
                }
                None => {
                    let message = format!("method `{name}` takes `{argument}: {kind}` as argument {}", index + 1);
                    self.add("argument-added", place, Bump::Major, message);
                }
                Some((_, was)) if was != kind => {
                    let message = format!("argument `{argument}` of `{name}` is `{kind}` instead of `{was}`");
                    self.add("argument-type", place, Bump::Major, message);
                }
                Some(_) => {}
            }
        }
        for (argument, _) in before.iter().filter(|(argument, _)| !has(&new.arguments, argument)) {
            if !same_kinds {
                let message = format!("method `{name}` no longer takes `{argument}`");
                self.add("argument-removed", (name, argument), Bump::Major, message);
            }
        }
        let order = |from: &[(String, String)], others: &[(String, String)]| -> Vec<String> {
            let kept = from.iter().filter(|(name, _)| has(others, name));
            kept.map(|(name, _)| name.clone()).collect()
        };
        if order(&before, &new.arguments) != order(&new.arguments, &before) {
            let message = format!("method `{name}` takes its arguments in another order");
            self.add("argument-order", (name, ""), Bump::Major, message);
        }
    }

    pub(super) fn rest(&mut self, old: &Api, new: &Api, renamed: &Renamed) {
        let before: BTreeMap<String, String> = old
            .rest
            .iter()
            .map(|(key, text)| (rename(key, renamed), rename(text, renamed)))
            .collect();
        let keys: BTreeSet<&String> = before.keys().chain(new.rest.keys()).collect();
        for key in keys {
            if before.get(key) == new.rest.get(key) {
                continue;
            }
            // Implementations for a type follow from the type, whose change is already listed.
            let owner = key.rsplit([' ', '&']).next().unwrap_or(key);
            let code_changes =
                |found: &Self, item: &str| found.0.iter().any(|one| one.item == item && one.bump > Bump::Patch);
            if key
                .split(|c: char| !(c.is_alphanumeric() || c == '_'))
                .any(|word| code_changes(self, word))
            {
                continue;
            }
            if key.starts_with("types::defaults::")
                && self
                    .0
                    .iter()
                    .any(|one| one.kind.starts_with("field") || one.kind == "serde")
            {
                continue;
            }
            self.add(
                "implementation",
                (owner, ""),
                Bump::Patch,
                implementation_words(key, &before, &new.rest),
            );
        }
        if old.rest_docs != new.rest_docs {
            self.documentation("Client", "");
        }
    }
}

/// What changed in an implementation that has no name of its own.
fn implementation_words(key: &str, before: &BTreeMap<String, String>, after: &BTreeMap<String, String>) -> String {
    let key_words = key.trim_start_matches("types::").trim_start_matches("impl ");
    if key_words.starts_with("ClientInfo") {
        let version = |all: &BTreeMap<String, String>| -> String {
            let text = all.get(key).map(String::as_str).unwrap_or_default();
            text.split('"').nth(1).unwrap_or_default().to_owned()
        };
        return format!(
            "`Client::api_version` returns `{}` instead of `{}`",
            version(after),
            version(before)
        );
    }
    match key_words.split_once(" for ") {
        Some(("Default", owner)) => format!("`Default` of `{owner}` returns another value"),
        Some((name, owner)) => format!("`{name}` of `{owner}` behaves differently"),
        None => format!("`{key_words}` behaves differently"),
    }
}
