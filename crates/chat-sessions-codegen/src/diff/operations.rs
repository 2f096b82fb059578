//! Two operations of one name: their path, parameters, body, answers and security.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::change::{Compatibility, Effect, Side};
use super::document::Comparer;
use super::names::operation_name;
use super::view::{View, value_text};
use crate::pointer::Pointer;
use crate::refs::{self, Found, Operation};

impl<'s> Comparer<'s> {
    /// Pairs the operations: by method and path, then by operationId, then by method and path up to the names in braces.
    pub(super) fn operations(&mut self) {
        let (old, new) = self.trees();
        let mut before = refs::operations(old);
        let mut after = refs::operations(new);
        let mut pairs = Vec::new();
        for same in [same_path, same_id, same_shape] {
            let mut index = 0;
            while index < before.len() {
                if let Some(other) = after.iter().position(|other| same(&before[index], other)) {
                    pairs.push((before.remove(index), after.remove(other)));
                } else {
                    index += 1;
                }
            }
        }
        for gone in &before {
            let message = format!("{} {} is gone{}", method(gone), gone.path, known_as(old, gone));
            let kind = "operation-removed";
            self.add(
                kind,
                (Side::Sent, Compatibility::Breaking),
                Some(&gone.at),
                None,
                &message,
            );
        }
        for added in &after {
            let message = format!("{} {} is new{}", method(added), added.path, known_as(new, added));
            let kind = "operation-added";
            self.add(
                kind,
                (Side::Sent, Compatibility::Compatible),
                None,
                Some(&added.at),
                &message,
            );
        }
        for (old, new) in &pairs {
            self.operation(old, new);
        }
    }

    fn operation(&mut self, old: &Operation<'s>, new: &Operation<'s>) {
        let label = operation_name(self.new.tree(), new.path, new.method).0;
        let mut path_names = BTreeMap::new();
        if shape(old.path) != shape(new.path) || old.method != new.method {
            let message = format!(
                "{label} moved from {} {} to {} {}",
                method(old),
                old.path,
                method(new),
                new.path
            );
            let on = (Side::Sent, Compatibility::Breaking);
            self.add("operation-moved", on, Some(&old.at), Some(&new.at), &message);
        } else if old.path != new.path {
            let message = format!(
                "{label} has other names in its path: {} instead of {}",
                new.path, old.path
            );
            self.note("path-names", Some(&old.at), Some(&new.at), &message);
            path_names.extend(braces(old.path).into_iter().zip(braces(new.path)));
        }
        if operation_id(old) != operation_id(new) {
            let [before, after] = [old, new].map(|operation| operation_id(operation).unwrap_or("none"));
            let message = format!(
                "the operation {} {} is called `{after}` instead of `{before}`",
                method(new),
                new.path
            );
            let at = [old, new].map(|operation| operation.at.child("operationId"));
            self.note("operation-renamed", Some(&at[0]), Some(&at[1]), &message);
        }
        let found = |operation: &Operation<'s>| Found {
            at: operation.at.clone(),
            value: operation.value,
        };
        let texts = ["summary", "description", "tags", "deprecated", "externalDocs"];
        self.notes(&found(old), &found(new), &texts);
        self.parameters(old, new, &path_names);
        self.body(old, new, &label);
        self.answers(old, new, &label);
        self.security(old, new, &label);
    }

    fn parameters(&mut self, old: &Operation<'s>, new: &Operation<'s>, path_names: &BTreeMap<&str, &str>) {
        let key = |found: &Found<'s>| (text(found.value, "in"), text(found.value, "name"));
        let before: Vec<_> = old.parameters.iter().map(|found| (key(found), found)).collect();
        let mut after: Vec<_> = new.parameters.iter().map(|found| (key(found), found)).collect();
        let mut gone = Vec::new();
        for ((place, name), found) in before {
            let now = if place == "path" {
                path_names.get(name).copied().unwrap_or(name)
            } else {
                name
            };
            match after.iter().position(|(key, _)| *key == (place, now)) {
                Some(index) => {
                    let (_, other) = after.remove(index);
                    self.parameter(found, other);
                }
                None => gone.push((place, name, found)),
            }
        }
        for (place, name, found) in gone {
            let moved = after.iter().position(|((_, other), _)| *other == name);
            if let Some(index) = moved {
                let ((now, _), other) = after.remove(index);
                let label = self.label(&other.at);
                let message = format!("{label} was a {place} parameter before");
                let on = (Side::Sent, Compatibility::Breaking);
                let kind = "parameter-moved";
                self.add(kind, on, Some(&found.at), Some(&other.at), &message);
                debug_assert_ne!(place, now, "a pair of the same place was found before");
                self.parameter(found, other);
            } else {
                let message = format!("{} is gone", self.old_label(&found.at));
                let on = (Side::Sent, Compatibility::Breaking);
                let kind = if refs::is_dropped(found.value) {
                    "credential-removed"
                } else {
                    "parameter-removed"
                };
                self.add(kind, on, Some(&found.at), None, &message);
            }
        }
        for (_, found) in after {
            let required = is_required(found);
            let message = format!(
                "{} is new and {}: {}",
                self.label(&found.at),
                if required { "required" } else { "optional" },
                self.parameter_words(found)
            );
            let wire = if required {
                Compatibility::Breaking
            } else {
                Compatibility::Compatible
            };
            let kind = if refs::is_dropped(found.value) {
                "credential-added"
            } else {
                "parameter-added"
            };
            self.add(kind, (Side::Sent, wire), None, Some(&found.at), &message);
        }
    }

    fn parameter_words(&self, parameter: &Found<'s>) -> String {
        let tree = self.new.tree();
        let Some(schema) = member(parameter, "schema") else {
            return "a text".to_owned();
        };
        let view = View::of(tree, &schema);
        let default = view.keyword("default").map(value_text);
        let default = default.map(|value| format!(", {value} by default")).unwrap_or_default();
        format!("{}{default}", view.words(tree))
    }

    fn parameter(&mut self, old: &Found<'s>, new: &Found<'s>) {
        let label = self.label(&new.at);
        let (was, is) = (is_required(old), is_required(new));
        let default = |found: &Found<'s>| member(found, "schema")?.value.get("default").cloned();
        // That something is optional and what it is by default are one thing to say.
        let says_default = was && !is && default(old).is_none();
        if was != is {
            let at = |found: &Found<'s>| required_place(found);
            let (kind, effect, mut message) = if is {
                (
                    "parameter-required",
                    Effect::Narrows,
                    format!("{label} is required now"),
                )
            } else {
                ("parameter-optional", Effect::Widens, format!("{label} is optional now"))
            };
            if says_default && let Some(value) = default(new) {
                message.push_str(&format!(", and {} by default", value_text(&value)));
            }
            self.add_effect(kind, (Side::Sent, effect), Some(&at(old)), Some(&at(new)), &message);
        }
        for name in ["style", "explode", "allowReserved"] {
            let (before, after) = (old.value.get(name), new.value.get(name));
            if before != after {
                let words = |value: Option<&Value>| value.map_or_else(|| "the default".to_owned(), value_text);
                let message = format!(
                    "{label} is written with {name} {} instead of {}",
                    words(after),
                    words(before)
                );
                let at = [old, new].map(|found| found.at.child(name));
                let on = (Side::Sent, Compatibility::Breaking);
                self.add("parameter-style", on, Some(&at[0]), Some(&at[1]), &message);
            }
        }
        self.notes(
            old,
            new,
            &["description", "example", "examples", "deprecated", "allowEmptyValue"],
        );
        if let (Some(before), Some(after)) = (member(old, "schema"), member(new, "schema")) {
            let from = self.changes.len();
            self.schemas(&before, &after, Side::Sent);
            if says_default {
                let mut index = 0;
                self.changes.retain(|change| {
                    index += 1;
                    index <= from || change.kind != "default-added"
                });
            }
        }
        self.contents(old, new, Side::Sent);
    }

    fn body(&mut self, old: &Operation<'s>, new: &Operation<'s>, label: &str) {
        let (before, after) = (request_body(self.old.tree(), old), request_body(self.new.tree(), new));
        let required = |body: &Found<'s>| if is_required(body) { "required" } else { "optional" };
        match (before, after) {
            (None, None) => {}
            (None, Some(body)) => {
                let message = format!("{label} takes a body now, which is {}", required(&body));
                let wire = if is_required(&body) {
                    Compatibility::Breaking
                } else {
                    Compatibility::Compatible
                };
                self.add("body-added", (Side::Sent, wire), None, Some(&body.at), &message);
            }
            (Some(body), None) => {
                let message = format!("{label} takes no body any more");
                self.add(
                    "body-removed",
                    (Side::Sent, Compatibility::Breaking),
                    Some(&body.at),
                    None,
                    &message,
                );
            }
            (Some(before), Some(after)) => {
                if is_required(&before) != is_required(&after) {
                    let effect = if is_required(&after) {
                        Effect::Narrows
                    } else {
                        Effect::Widens
                    };
                    let message = format!("the body of {label} is {} now", required(&after));
                    let (old_at, new_at) = (required_place(&before), required_place(&after));
                    self.add_effect(
                        "body-required",
                        (Side::Sent, effect),
                        Some(&old_at),
                        Some(&new_at),
                        &message,
                    );
                }
                self.notes(&before, &after, &["description"]);
                self.contents(&before, &after, Side::Sent);
            }
        }
    }

    fn answers(&mut self, old: &Operation<'s>, new: &Operation<'s>, label: &str) {
        let mut before: BTreeMap<_, _> = refs::answers(self.old.tree(), old).into_iter().collect();
        let mut after: BTreeMap<_, _> = refs::answers(self.new.tree(), new).into_iter().collect();
        let fresh = |from: &BTreeMap<&'s str, Found<'s>>, others: &BTreeMap<&'s str, Found<'s>>| {
            let rest = from
                .keys()
                .filter(|status| refs::is_success(status) && !others.contains_key(*status));
            rest.copied().collect::<Vec<&str>>()
        };
        // One success that takes the place of another one is one change, and its body is compared.
        if let ([gone], [status]) = (&fresh(&before, &after)[..], &fresh(&after, &before)[..])
            && let (Some(was), Some(answer)) = (before.remove(gone), after.remove(status))
        {
            let message = format!("{label} answers with status {status} instead of {gone}");
            let on = (Side::Received, Compatibility::Breaking);
            self.add("status-changed", on, Some(&was.at), Some(&answer.at), &message);
            self.answer(&was, &answer);
        }
        for (status, answer) in &after {
            if let Some(was) = before.get(status) {
                self.answer(was, answer);
            } else {
                // Every client must expect a failure that no document names, but not another success.
                let success = refs::is_success(status);
                let wire = if success {
                    Compatibility::Breaking
                } else {
                    Compatibility::Compatible
                };
                let message = format!("{label} can answer with {}", status_words(status));
                self.add("status-added", (Side::Received, wire), None, Some(&answer.at), &message);
            }
        }
        for (status, was) in before.iter().filter(|(status, _)| !after.contains_key(*status)) {
            let success = refs::is_success(status);
            let wire = if success {
                Compatibility::Breaking
            } else {
                Compatibility::Compatible
            };
            let message = format!("{label} does not answer with {} any more", status_words(status));
            self.add("status-removed", (Side::Received, wire), Some(&was.at), None, &message);
        }
    }

    fn answer(&mut self, old: &Found<'s>, new: &Found<'s>) {
        self.notes(old, new, &["description", "links"]);
        self.headers(old, new);
        self.contents(old, new, Side::Received);
    }

    fn headers(&mut self, old: &Found<'s>, new: &Found<'s>) {
        let headers = |found: &Found<'s>| -> BTreeMap<&'s String, Found<'s>> {
            let at = found.at.child("headers");
            refs::members(found.value, "headers")
                .map(|(name, value)| {
                    (
                        name,
                        Found {
                            at: at.child(name),
                            value,
                        },
                    )
                })
                .collect()
        };
        let (before, after) = (headers(old), headers(new));
        for (name, header) in &after {
            match before.get(name) {
                None => {
                    let message = format!("{} is new", self.label(&header.at));
                    let on = (Side::Received, Compatibility::Compatible);
                    self.add("header-added", on, None, Some(&header.at), &message);
                }
                Some(was) => {
                    self.notes(was, header, &["description", "example"]);
                    if let (Some(before), Some(after)) = (member(was, "schema"), member(header, "schema")) {
                        self.schemas(&before, &after, Side::Received);
                    }
                }
            }
        }
        for (_, was) in before.iter().filter(|(name, _)| !after.contains_key(*name)) {
            let message = format!("{} is gone", self.old_label(&was.at));
            let on = (Side::Received, Compatibility::Breaking);
            self.add("header-removed", on, Some(&was.at), None, &message);
        }
    }

    /// Compares bodies by their media types. A client asks for the type that it reads, so that a further one harms nobody.
    fn contents(&mut self, old: &Found<'s>, new: &Found<'s>, side: Side) {
        let media = |found: &Found<'s>| -> BTreeMap<&'s String, Found<'s>> {
            let at = found.at.child("content");
            refs::members(found.value, "content")
                .map(|(name, value)| {
                    (
                        name,
                        Found {
                            at: at.child(name),
                            value,
                        },
                    )
                })
                .collect()
        };
        let (mut before, mut after) = (media(old), media(new));
        let only = |from: &BTreeMap<&'s String, Found<'s>>, others: &BTreeMap<&'s String, Found<'s>>| {
            let mut rest = from.keys().filter(|name| !others.contains_key(*name));
            rest.next().copied().filter(|_| rest.next().is_none())
        };
        if let (Some(gone), Some(name)) = (only(&before, &after), only(&after, &before))
            && let (Some(was), Some(content)) = (before.remove(gone), after.remove(name))
        {
            let message = format!("{} is `{name}` instead of `{gone}`", self.label(&new.at));
            let on = (side, Compatibility::Breaking);
            self.add("media-type-changed", on, Some(&was.at), Some(&content.at), &message);
            if let (Some(before), Some(after)) = (member(&was, "schema"), member(&content, "schema")) {
                self.schemas(&before, &after, side);
            }
        }
        for (name, content) in &after {
            let Some(was) = before.get(name) else {
                let message = format!("{} can be `{name}`", self.label(&new.at));
                let on = (side, Compatibility::Compatible);
                self.add("media-type-added", on, None, Some(&content.at), &message);
                continue;
            };
            self.notes(was, content, &["example", "examples"]);
            match (member(was, "schema"), member(content, "schema")) {
                (Some(before), Some(after)) => self.schemas(&before, &after, side),
                (None, Some(after)) => {
                    let message = format!("{} is described by a schema now", self.label(&new.at));
                    let on = (side, Effect::Narrows);
                    self.add_effect("schema-described", on, Some(&was.at), Some(&after.at), &message);
                }
                (Some(before), None) => {
                    let message = format!("{} is not described by a schema any more", self.label(&new.at));
                    let on = (side, Effect::Widens);
                    self.add_effect("schema-undescribed", on, Some(&before.at), Some(&content.at), &message);
                }
                (None, None) => {}
            }
        }
        for (name, was) in before.iter().filter(|(name, _)| !after.contains_key(*name)) {
            let message = format!("{} is not `{name}` any more", self.label(&new.at));
            self.add(
                "media-type-removed",
                (side, Compatibility::Breaking),
                Some(&was.at),
                None,
                &message,
            );
        }
    }

    /// Security is a list of ways in, each of them schemes that are needed together.
    fn security(&mut self, old: &Operation<'s>, new: &Operation<'s>, label: &str) {
        let (before, old_at) = security(self.old.tree(), old);
        let (after, new_at) = security(self.new.tree(), new);
        if before == after {
            return;
        }
        let inherited = old_at.as_str() == "/security" && new_at.as_str() == "/security";
        let who = if inherited {
            "the API".to_owned()
        } else {
            label.to_owned()
        };
        let words = |ways: &BTreeSet<String>| -> String {
            let ways: Vec<&str> = ways.iter().map(String::as_str).collect();
            ways.join(" or ")
        };
        let open = "no key".to_owned();
        // Whoever had a way in keeps it, unless it is gone.
        let lost = before.iter().any(|way| !after.contains(way)) && !after.contains(&open);
        let wire = if lost {
            Compatibility::Breaking
        } else {
            Compatibility::Compatible
        };
        let message = format!("{who} asks for {} instead of {}", words(&after), words(&before));
        let kind = "security-changed";
        self.add(kind, (Side::Sent, wire), Some(&old_at), Some(&new_at), &message);
    }
}

fn same_path(old: &Operation<'_>, new: &Operation<'_>) -> bool {
    (old.path, old.method) == (new.path, new.method)
}

fn same_id(old: &Operation<'_>, new: &Operation<'_>) -> bool {
    operation_id(old).is_some() && operation_id(old) == operation_id(new)
}

fn same_shape(old: &Operation<'_>, new: &Operation<'_>) -> bool {
    (shape(old.path), old.method) == (shape(new.path), new.method)
}

fn operation_id<'t>(operation: &Operation<'t>) -> Option<&'t str> {
    operation.value.get("operationId")?.as_str()
}

fn method(operation: &Operation<'_>) -> String {
    operation.method.to_uppercase()
}

fn known_as(tree: &Value, operation: &Operation<'_>) -> String {
    let (_, id) = operation_name(tree, operation.path, operation.method);
    id.map(|id| format!(" (`{id}`)")).unwrap_or_default()
}

/// The names in braces of a path.
fn braces(path: &str) -> Vec<&str> {
    let parts = path.split('{').skip(1);
    parts
        .filter_map(|part| part.split_once('}').map(|(name, _)| name))
        .collect()
}

/// A path without the names in its braces, which are not on the wire.
fn shape(path: &str) -> String {
    braces(path)
        .into_iter()
        .fold(path.to_owned(), |path, name| path.replace(&format!("{{{name}}}"), "{}"))
}

fn status_words(status: &str) -> String {
    match status {
        "default" => "any other status".to_owned(),
        _ => format!("status {status}"),
    }
}

fn text<'t>(node: &'t Value, name: &str) -> &'t str {
    node.get(name).and_then(Value::as_str).unwrap_or_default()
}

fn is_required(node: &Found<'_>) -> bool {
    node.value.get("required") == Some(&Value::Bool(true))
}

/// Where it is said whether a node is required, or else the node.
fn required_place(node: &Found<'_>) -> Pointer {
    match node.value.get("required") {
        Some(_) => node.at.child("required"),
        None => node.at.clone(),
    }
}

fn member<'t>(node: &Found<'t>, name: &str) -> Option<Found<'t>> {
    let value = node.value.get(name)?;
    let at = node.at.child(name);
    Some(Found { at, value })
}

fn request_body<'t>(tree: &'t Value, operation: &Operation<'t>) -> Option<Found<'t>> {
    let value = operation.value.get("requestBody")?;
    let at = operation.at.child("requestBody");
    refs::resolve(tree, Found { at, value })
}

/// The ways into an operation, its own or the document's, and where they stand.
fn security(tree: &Value, operation: &Operation<'_>) -> (BTreeSet<String>, Pointer) {
    let own = operation.value.get("security");
    let at = match own {
        Some(_) => operation.at.child("security"),
        None => Pointer::root().child("security"),
    };
    let ways = own.or_else(|| tree.get("security")).and_then(Value::as_array);
    let mut all: BTreeSet<String> = ways
        .into_iter()
        .flatten()
        .filter_map(Value::as_object)
        .map(|way| {
            let schemes = way.iter().map(|(name, scopes)| match scopes.as_array() {
                Some(scopes) if !scopes.is_empty() => {
                    let scopes: Vec<&str> = scopes.iter().filter_map(Value::as_str).collect();
                    format!("`{name}` ({})", scopes.join(", "))
                }
                _ => format!("`{name}`"),
            });
            let schemes: Vec<String> = schemes.collect();
            if schemes.is_empty() {
                "no key".to_owned()
            } else {
                schemes.join(" and ")
            }
        })
        .collect();
    if all.is_empty() {
        all.insert("no key".to_owned());
    }
    (all, at)
}
