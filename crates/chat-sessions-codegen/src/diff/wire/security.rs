//! Compares the security schemes of two documents: what a client must send, and what it may ask for.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::comparer::Comparer;
use crate::diff::change::{Compatibility, Side};
use crate::spec::Pointer;
use crate::spec::normal::wire;
use crate::spec::refs::{self, Located};

impl<'s> Comparer<'s> {
    pub(super) fn security_schemes(&mut self) {
        let (old, new) = self.trees();
        let at = Pointer::root().below(&["components", "securitySchemes"]);
        let schemes = |tree: &'s Value| -> BTreeMap<&'s String, Located<'s>> {
            let components = tree.get("components").into_iter();
            let schemes = components.flat_map(|components| refs::members(components, "securitySchemes"));
            let schemes = schemes.filter_map(|(name, value)| {
                let at = at.child(name);
                Some((name, refs::resolve(tree, Located { at, value })?))
            });
            schemes.collect()
        };
        let (before, after) = (schemes(old), schemes(new));
        for (name, scheme) in &after {
            let place = at.child(name);
            let Some(was) = before.get(name) else {
                let message = format!("the security scheme `{name}` was added: {}", scheme_words(scheme.value));
                self.note("security-scheme-added", None, Some(&place), &message);
                continue;
            };
            self.meet(&was.at, &scheme.at);
            // Flows that only one of them has are compared by their scopes.
            let common = |flow: &str| {
                [was, scheme]
                    .iter()
                    .all(|found| found.value.get("flows").is_some_and(|flows| flows.get(flow).is_some()))
            };
            if scheme_identity(was.value, &common) != scheme_identity(scheme.value, &common) {
                let words = (scheme_words(scheme.value), scheme_words(was.value));
                let message = format!("the security scheme `{name}` is {} instead of {}", words.0, words.1);
                let on = (Side::Sent, Compatibility::Breaking);
                self.add("security-scheme-changed", on, Some(&place), Some(&place), &message);
            } else {
                self.scopes(was, scheme, name);
            }
            self.notes(was, scheme, &["description", "bearerFormat"]);
        }
        for name in before.keys().filter(|name| !after.contains_key(*name)) {
            let message = format!("the security scheme `{name}` was removed");
            self.note("security-scheme-removed", Some(&at.child(name)), None, &message);
        }
    }

    /// Compares what a client can ask for: the flows and the scopes of each.
    fn scopes(&mut self, old: &Located<'s>, new: &Located<'s>, name: &str) {
        let (before, after) = (scopes(old.value), scopes(new.value));
        let lists = [
            (Compatibility::Compatible, "more", after.difference(&before)),
            (Compatibility::Breaking, "fewer", before.difference(&after)),
        ];
        for (wire, word, scopes) in lists {
            let scopes: Vec<String> = scopes.map(|(_, scope)| format!("`{scope}`")).collect();
            if !scopes.is_empty() {
                let message = format!(
                    "the security scheme `{name}` has {word} flows or scopes: {}",
                    scopes.join(", ")
                );
                let at = [old, new].map(|found| found.at.child("flows"));
                self.add(
                    "security-scopes",
                    (Side::Sent, wire),
                    Some(&at[0]),
                    Some(&at[1]),
                    &message,
                );
            }
        }
    }
}

/// The scopes of all flows, and the flows themselves.
fn scopes(scheme: &Value) -> BTreeSet<(&String, &str)> {
    let flows = refs::members(scheme, "flows").filter(|(name, _)| !name.starts_with("x-"));
    flows
        .flat_map(|(name, flow)| {
            let scopes = refs::members(flow, "scopes").map(|(scope, _)| scope.as_str());
            scopes.chain([name.as_str()]).map(move |scope| (name, scope))
        })
        .collect()
}

/// What a client must send for a security scheme, equal for all ways to write it, as far as some of
/// its flows.
pub(super) fn scheme_identity(scheme: &Value, is_flow: &dyn Fn(&str) -> bool) -> String {
    let text = |name: &str| scheme.get(name).and_then(Value::as_str).unwrap_or_default();
    match text("type") {
        "apiKey" => format!(
            "apiKey {} {}",
            text("in"),
            wire::parameter_name(text("in"), text("name"))
        ),
        "http" => format!("http {}", text("scheme").to_ascii_lowercase()),
        kind => {
            let flows = refs::members(scheme, "flows").filter(|(name, _)| is_flow(name));
            let urls = flows.map(|(name, flow)| {
                let urls = ["authorizationUrl", "tokenUrl", "refreshUrl"].map(|url| flow.get(url).cloned());
                format!("{name} {urls:?}")
            });
            let urls: Vec<String> = urls.collect();
            format!("{kind} {} {}", text("openIdConnectUrl"), urls.join(" "))
        }
    }
}

/// What a client must send for a security scheme, in words.
fn scheme_words(scheme: &Value) -> String {
    let text = |name: &str| scheme.get(name).and_then(Value::as_str).unwrap_or("?");
    match text("type") {
        "apiKey" => format!("a key in the {} `{}`", text("in"), text("name")),
        "http" => format!("HTTP {}", text("scheme")),
        other => {
            let details: Vec<String> = ["flows", "openIdConnectUrl"]
                .iter()
                .filter_map(|name| scheme.get(*name).map(Value::to_string))
                .collect();
            format!("{other} {}", details.join(" ")).trim_end().to_owned()
        }
    }
}
