//! Compares the bodies of two operations: request bodies, responses by status, headers and media
//! types.

use std::collections::BTreeMap;

use serde_json::Value;

use super::comparer::Comparer;
use super::parameters::{is_required, member, required_place};
use crate::diff::change::{Compatibility, Effect, Side};
use crate::spec::refs::{self, Located, Operation};

impl<'s> Comparer<'s> {
    pub(super) fn body(&mut self, old: &Operation<'s>, new: &Operation<'s>, label: &str) {
        let (before, after) = (request_body(self.old.tree(), old), request_body(self.new.tree(), new));
        let required = |body: &Located<'s>| if is_required(body) { "required" } else { "optional" };
        match (before, after) {
            (None, None) => {}
            (None, Some(body)) => {
                let message = format!("{label} now takes a body, which is {}", required(&body));
                let wire = if is_required(&body) {
                    Compatibility::Breaking
                } else {
                    Compatibility::Compatible
                };
                self.add("body-added", (Side::Sent, wire), None, Some(&body.at), &message);
            }
            (Some(body), None) => {
                let message = format!("{label} no longer takes a body");
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
                    let message = format!("the body of {label} is now {}", required(&after));
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

    pub(super) fn responses(&mut self, old: &Operation<'s>, new: &Operation<'s>, label: &str) {
        let mut before: BTreeMap<_, _> = refs::responses(self.old.tree(), old).into_iter().collect();
        let mut after: BTreeMap<_, _> = refs::responses(self.new.tree(), new).into_iter().collect();
        let fresh = |from: &BTreeMap<&'s str, Located<'s>>, others: &BTreeMap<&'s str, Located<'s>>| {
            let rest = from
                .keys()
                .filter(|status| refs::is_success(status) && !others.contains_key(*status));
            rest.copied().collect::<Vec<&str>>()
        };
        // When one success replaces another, that is one change, and their bodies are compared.
        if let ([gone], [status]) = (&fresh(&before, &after)[..], &fresh(&after, &before)[..])
            && let (Some(was), Some(response)) = (before.remove(gone), after.remove(status))
        {
            let message = format!("{label} responds with status {status} instead of {gone}");
            let on = (Side::Received, Compatibility::Breaking);
            self.add("status-changed", on, Some(&was.at), Some(&response.at), &message);
            self.response(&was, &response);
        }
        for (status, response) in &after {
            if let Some(was) = before.get(status) {
                self.response(was, response);
            } else {
                // Clients must expect undocumented failures, but not another success.
                let success = refs::is_success(status);
                let wire = if success {
                    Compatibility::Breaking
                } else {
                    Compatibility::Compatible
                };
                let message = format!("{label} can respond with {}", status_words(status));
                self.add(
                    "status-added",
                    (Side::Received, wire),
                    None,
                    Some(&response.at),
                    &message,
                );
            }
        }
        for (status, was) in before.iter().filter(|(status, _)| !after.contains_key(*status)) {
            let success = refs::is_success(status);
            let wire = if success {
                Compatibility::Breaking
            } else {
                Compatibility::Compatible
            };
            let message = format!("{label} no longer responds with {}", status_words(status));
            self.add("status-removed", (Side::Received, wire), Some(&was.at), None, &message);
        }
    }

    fn response(&mut self, old: &Located<'s>, new: &Located<'s>) {
        self.notes(old, new, &["description", "links"]);
        self.headers(old, new);
        self.contents(old, new, Side::Received);
    }

    fn headers(&mut self, old: &Located<'s>, new: &Located<'s>) {
        let (before, after) = (members(old, "headers"), members(new, "headers"));
        for (name, header) in &after {
            match before.get(name) {
                None => {
                    let message = format!("{} was added", self.label(&header.at));
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
            let message = format!("{} was removed", self.old_label(&was.at));
            let on = (Side::Received, Compatibility::Breaking);
            self.add("header-removed", on, Some(&was.at), None, &message);
        }
    }

    /// Compares bodies by media type. A client requests the type that it reads, so an additional
    /// type breaks no client.
    pub(super) fn contents(&mut self, old: &Located<'s>, new: &Located<'s>, side: Side) {
        let (mut before, mut after) = (members(old, "content"), members(new, "content"));
        let only = |from: &BTreeMap<&'s String, Located<'s>>, others: &BTreeMap<&'s String, Located<'s>>| {
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
                    let message = format!("{} now has a schema", self.label(&new.at));
                    let on = (side, Effect::Narrows);
                    self.add_effect("schema-described", on, Some(&was.at), Some(&after.at), &message);
                }
                (Some(before), None) => {
                    let message = format!("{} no longer has a schema", self.label(&new.at));
                    let on = (side, Effect::Widens);
                    self.add_effect("schema-undescribed", on, Some(&before.at), Some(&content.at), &message);
                }
                (None, None) => {}
            }
        }
        for (name, was) in before.iter().filter(|(name, _)| !after.contains_key(*name)) {
            let message = format!("{} can no longer be `{name}`", self.label(&new.at));
            self.add(
                "media-type-removed",
                (side, Compatibility::Breaking),
                Some(&was.at),
                None,
                &message,
            );
        }
    }
}

fn status_words(status: &str) -> String {
    match status {
        "default" => "any other status".to_owned(),
        _ => format!("status {status}"),
    }
}

fn request_body<'t>(tree: &'t Value, operation: &Operation<'t>) -> Option<Located<'t>> {
    let value = operation.value.get("requestBody")?;
    let at = operation.at.child("requestBody");
    refs::resolve(tree, Located { at, value })
}

/// The members of an object below a node, by name.
fn members<'t>(node: &Located<'t>, name: &str) -> BTreeMap<&'t String, Located<'t>> {
    let below = node.at.child(name);
    let found = |(name, value)| {
        let at = below.child(name);
        (name, Located { at, value })
    };
    refs::members(node.value, name).map(found).collect()
}
