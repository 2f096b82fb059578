//! Compares what two documents say about the API as a whole: version, servers and security schemes.

use std::collections::BTreeMap;

use serde_json::Value;

use super::comparer::Comparer;
use crate::diff::change::{Change, Compatibility, Side};
use crate::diff::words::value_text;
use crate::spec::refs::{self, Located};
use crate::spec::{Pointer, Spec};

/// Every change between two documents, in the order of the new text.
pub(in crate::diff) fn changes(old: &Spec, new: &Spec) -> Vec<Change> {
    let mut comparer = Comparer::new(old, new);
    comparer.find_renamed_components();
    comparer.info();
    comparer.servers();
    comparer.security_schemes();
    comparer.operations();
    comparer.components();
    comparer.finish()
}

impl<'s> Comparer<'s> {
    fn info(&mut self) {
        let (old, new) = self.trees();
        let at = Pointer::root().child("info");
        let none = Value::Null;
        let [before, after] = [old, new].map(|tree| tree.get("info").unwrap_or(&none));
        let version = |info: &Value| info.get("version").map(value_text).unwrap_or_default();
        if before.get("version") != after.get("version") {
            let place = at.child("version");
            let message = format!("the API version is {} instead of {}", version(after), version(before));
            self.note("version", Some(&place), Some(&place), &message);
        }
        let found = |value| Located { at: at.clone(), value };
        let members = ["title", "description", "termsOfService", "contact", "license"];
        self.notes(&found(before), &found(after), &members);
        let root = |value| Located {
            at: Pointer::root(),
            value,
        };
        self.notes(&root(old), &root(new), &["tags", "externalDocs"]);
    }

    /// Compares servers by URL. The first one is the default of a client.
    fn servers(&mut self) {
        let (old, new) = self.trees();
        let at = Pointer::root().child("servers");
        let urls = |tree: &'s Value| -> Vec<(&'s str, Located<'s>)> {
            let servers = tree.get("servers").and_then(Value::as_array).into_iter().flatten();
            let servers = servers.enumerate().filter_map(|(index, value)| {
                let at = at.child(index);
                Some((value.get("url")?.as_str()?, Located { at, value }))
            });
            servers.collect()
        };
        let (before, after) = (urls(old), urls(new));
        for (url, server) in &after {
            match before.iter().find(|(other, _)| other == url) {
                Some((_, was)) => self.notes(was, server, &["description", "variables"]),
                None => {
                    let message = format!("the server `{url}` was added");
                    let on = (Side::Sent, Compatibility::Compatible);
                    self.add("server-added", on, None, Some(&server.at), &message);
                }
            }
        }
        for (url, server) in &before {
            if !after.iter().any(|(other, _)| other == url) {
                let message = format!("the server `{url}` was removed");
                let on = (Side::Sent, Compatibility::Breaking);
                self.add("server-removed", on, Some(&server.at), None, &message);
            }
        }
    }

    fn security_schemes(&mut self) {
        let (old, new) = self.trees();
        let at = Pointer::root().below(&["components", "securitySchemes"]);
        let schemes = |tree: &'s Value| -> BTreeMap<&'s String, &'s Value> {
            let components = tree.get("components");
            components
                .into_iter()
                .flat_map(|components| refs::members(components, "securitySchemes"))
                .collect()
        };
        let (before, after) = (schemes(old), schemes(new));
        for (name, scheme) in &after {
            let place = at.child(name);
            let Some(was) = before.get(name) else {
                let message = format!("the security scheme `{name}` was added: {}", scheme_words(scheme));
                self.note("security-scheme-added", None, Some(&place), &message);
                continue;
            };
            if scheme_words(was) != scheme_words(scheme) {
                let message = format!(
                    "the security scheme `{name}` is {} instead of {}",
                    scheme_words(scheme),
                    scheme_words(was)
                );
                let kind = "security-scheme-changed";
                self.add(
                    kind,
                    (Side::Sent, Compatibility::Breaking),
                    Some(&place),
                    Some(&place),
                    &message,
                );
            }
            let found = |value| Located {
                at: place.clone(),
                value,
            };
            self.notes(&found(was), &found(scheme), &["description", "bearerFormat"]);
        }
        for name in before.keys().filter(|name| !after.contains_key(*name)) {
            let message = format!("the security scheme `{name}` was removed");
            self.note("security-scheme-removed", Some(&at.child(name)), None, &message);
        }
    }
}

/// What a client must send for a security scheme.
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
