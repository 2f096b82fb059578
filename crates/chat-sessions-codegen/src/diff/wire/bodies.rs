//! Compares the bodies of two operations: request bodies, responses by status, headers and media
//! types.

use std::collections::BTreeMap;

use serde_json::Value;

use super::comparer::Comparer;
use super::parameters::{is_required, member, members, required_place};
use super::verdicts::Writing;
use super::version::Version;
use crate::diff::change::{Compatibility, Effect, Side};
use crate::spec::normal::schema::Place;
use crate::spec::normal::wire;
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
                if self.is_same(&before, &after) {
                    return;
                }
                self.meet(&before.at, &after.at);
                if is_required(&before) != is_required(&after) {
                    let effect = if is_required(&after) {
                        Effect::Narrows
                    } else {
                        Effect::Widens
                    };
                    let message = format!("the body of {label} is now {}", required(&after));
                    let (old_at, new_at) = (required_place(&before), required_place(&after));
                    let on = (Side::Sent, effect.on(Side::Sent));
                    self.add("body-required", on, Some(&old_at), Some(&new_at), &message);
                }
                self.notes(&before, &after, &["description"]);
                self.contents(&before, &after, Side::Sent);
            }
        }
    }

    pub(super) fn responses(&mut self, old: &Operation<'s>, new: &Operation<'s>, label: &str) {
        let mut before: BTreeMap<_, _> = refs::responses(self.old.tree(), old).into_iter().collect();
        let mut after: BTreeMap<_, _> = refs::responses(self.new.tree(), new).into_iter().collect();
        // A status is also covered by its range and by `default`.
        let cover = |from: &BTreeMap<&'s str, Located<'s>>, status: &str| {
            let wider = wire::wider_statuses(status);
            wider
                .iter()
                .filter(|wider| *wider != status)
                .find_map(|wider| from.get(wider.as_str()).cloned())
        };
        let fresh = |from: &BTreeMap<&'s str, Located<'s>>, others: &BTreeMap<&'s str, Located<'s>>| {
            let rest = from.keys().filter(|status| {
                refs::is_success(status) && !others.contains_key(*status) && cover(others, status).is_none()
            });
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
                continue;
            }
            // Clients must expect undocumented failures, but not another success.
            let covering = cover(&before, status);
            let wire = if refs::is_success(status) && covering.is_none() {
                Compatibility::Breaking
            } else {
                Compatibility::Compatible
            };
            let message = format!("{label} can respond with {}", status_words(status));
            let on = (Side::Received, wire);
            self.add("status-added", on, None, Some(&response.at), &message);
            self.covered(covering.as_ref(), Some(response), status);
        }
        for (status, was) in before.iter().filter(|(status, _)| !after.contains_key(*status)) {
            let covering = cover(&after, status);
            let is_narrowed = after.keys().any(|other| wire::wider_statuses(other)[0] == *status);
            let wire = if refs::is_success(status) && !is_narrowed {
                Compatibility::Breaking
            } else {
                Compatibility::Compatible
            };
            let message = format!("{label} no longer responds with {}", status_words(status));
            self.add("status-removed", (Side::Received, wire), Some(&was.at), None, &message);
            self.covered(Some(was), covering.as_ref(), status);
        }
    }

    /// Compares a response and one that covers its status. A failure may leave out what clients
    /// know from the other.
    fn covered(&mut self, old: Option<&Located<'s>>, new: Option<&Located<'s>>, status: &str) {
        let (Some(old), Some(new)) = (old, new) else { return };
        let says =
            |name: &str| refs::is_success(status) || [old, new].iter().all(|found| found.value.get(name).is_some());
        self.meet(&old.at, &new.at);
        if says("headers") {
            self.headers(old, new);
        }
        if says("content") {
            self.contents(old, new, Side::Received);
        }
    }

    fn response(&mut self, old: &Located<'s>, new: &Located<'s>) {
        if self.is_same(old, new) {
            return;
        }
        self.meet(&old.at, &new.at);
        self.notes(old, new, &["description", "links"]);
        self.headers(old, new);
        self.contents(old, new, Side::Received);
    }

    fn headers(&mut self, old: &Located<'s>, new: &Located<'s>) {
        let by_name = |version: &Version<'s>, node: &Located<'s>| -> BTreeMap<String, Located<'s>> {
            let headers = members(node, "headers").into_iter();
            let headers = headers.filter_map(|(name, header)| {
                let name = wire::parameter_name("header", name);
                Some((name, refs::resolve(version.tree(), header)?))
            });
            // OpenAPI ignores this one, since the media type says it.
            headers.filter(|(name, _)| name != "content-type").collect()
        };
        let (before, after) = (by_name(&self.old, old), by_name(&self.new, new));
        for (name, header) in &after {
            match before.get(name) {
                None => {
                    let message = format!("{} was added", self.label(&header.at));
                    let on = (Side::Received, Compatibility::Compatible);
                    self.add("header-added", on, None, Some(&header.at), &message);
                }
                Some(was) => self.header(was, header),
            }
        }
        for (_, was) in before.iter().filter(|(name, _)| !after.contains_key(*name)) {
            let message = format!("{} was removed", self.old_label(&was.at));
            let on = (Side::Received, Compatibility::Breaking);
            self.add("header-removed", on, Some(&was.at), None, &message);
        }
    }

    fn header(&mut self, old: &Located<'s>, new: &Located<'s>) {
        if self.is_same(old, new) {
            return;
        }
        self.meet(&old.at, &new.at);
        let label = self.label(&new.at);
        if is_required(old) != is_required(new) {
            let (effect, words) = match is_required(new) {
                true => (Effect::Narrows, "is now always present"),
                false => (Effect::Widens, "is no longer always present"),
            };
            let on = (Side::Received, effect.on(Side::Received));
            let at = (required_place(old), required_place(new));
            self.add(
                "header-required",
                on,
                Some(&at.0),
                Some(&at.1),
                &format!("{label} {words}"),
            );
        }
        self.styles(old, new, "header", Side::Received);
        self.notes(old, new, &["description", "example", "examples", "deprecated"]);
        if !self.is_described_alike(old, new, Side::Received) {
            return;
        }
        if let (Some(before), Some(after)) = (member(old, "schema"), member(new, "schema")) {
            self.nodes(&before, &after, Side::Received, Writing::Text);
        }
        self.contents(old, new, Side::Received);
    }

    /// Compares bodies by media type. A client requests the type that it reads, so an additional
    /// type breaks no client.
    pub(super) fn contents(&mut self, old: &Located<'s>, new: &Located<'s>, side: Side) {
        let by_type = |node: &Located<'s>| {
            let mut types: BTreeMap<String, (&'s String, Located<'s>)> = BTreeMap::new();
            for (name, content) in members(node, "content") {
                let media_type = wire::media_type(name);
                // Two ways to write one type are two types if both are there.
                let is_twice = types.contains_key(&media_type);
                types.insert(
                    if is_twice {
                        name.to_ascii_lowercase()
                    } else {
                        media_type
                    },
                    (name, content),
                );
            }
            types
        };
        let (mut before, mut after) = (by_type(old), by_type(new));
        // The narrowest range that includes a type describes its bodies.
        let range = |all: &BTreeMap<String, (&'s String, Located<'s>)>, name: &String| {
            let ranges = all
                .iter()
                .filter(|(range, _)| *range != name && wire::includes(range, name));
            let narrowest = ranges.max_by_key(|(range, _)| range.len());
            narrowest.map(|(_, (_, content))| content.clone())
        };
        for name in after.keys().filter(|name| !before.contains_key(*name)) {
            if let (Some(was), Some((_, content))) = (range(&before, name), after.get(name)) {
                self.content(&was, content, side, name);
            }
        }
        // A request may still be of a type that a range includes.
        if side == Side::Sent {
            before.retain(
                |name, (_, was)| match range(&after, name).filter(|_| !after.contains_key(name)) {
                    Some(content) => {
                        self.content(was, &content, side, name);
                        false
                    }
                    None => true,
                },
            );
        }
        let only = |from: &BTreeMap<String, (&'s String, Located<'s>)>, others: &BTreeMap<String, _>| {
            let mut rest = from.keys().filter(|name| !others.contains_key(*name));
            rest.next().cloned().filter(|_| rest.next().is_none())
        };
        if let (Some(gone), Some(fresh)) = (only(&before, &after), only(&after, &before))
            && let (Some((gone, was)), Some((name, content))) = (before.remove(&gone), after.remove(&fresh))
        {
            let message = format!("{} is `{name}` instead of `{gone}`", self.label(&new.at));
            let on = (side, Compatibility::Breaking);
            self.add("media-type-changed", on, Some(&was.at), Some(&content.at), &message);
            self.content(&was, &content, side, &fresh);
        }
        for (media_type, (name, content)) in &after {
            if let Some((_, was)) = before.get(media_type) {
                self.content(was, content, side, media_type);
                continue;
            }
            let message = format!("{} can be `{name}`", self.label(&new.at));
            let on = (side, Compatibility::Compatible);
            self.add("media-type-added", on, None, Some(&content.at), &message);
        }
        for (_, (name, was)) in before.iter().filter(|(name, _)| !after.contains_key(*name)) {
            let message = format!("{} can no longer be `{name}`", self.label(&new.at));
            let on = (side, Compatibility::Breaking);
            self.add("media-type-removed", on, Some(&was.at), None, &message);
        }
    }

    fn content(&mut self, old: &Located<'s>, new: &Located<'s>, side: Side, media_type: &str) {
        if self.is_same(old, new) {
            return;
        }
        self.meet(&old.at, &new.at);
        self.notes(old, new, &["example", "examples"]);
        let label = self.label(&new.at);
        let described =
            |version: &Version<'s>, schema: &Located<'s>| !version.normal.schema(&Place::of(schema)).is_anything();
        let schemas = (member(old, "schema"), member(new, "schema"));
        if let (Some(before), Some(after)) = &schemas {
            let writing = match media_type {
                // An encoding can make a part JSON.
                name if wire::has_parts(name) && [old, new].iter().any(|one| one.value.get("encoding").is_some()) => {
                    Writing::Json
                }
                name if wire::has_parts(name) => Writing::Parts,
                name if wire::is_xml(name) => Writing::Xml,
                name if wire::is_text(name) => Writing::Text,
                _ => Writing::Json,
            };
            self.nodes(before, after, side, writing);
            if wire::is_form(media_type) {
                self.encodings((old, before), (new, after), side, media_type);
            }
            return;
        }
        // Without a schema, anything is valid.
        let schemas = (
            schemas.0.filter(|schema| described(&self.old, schema)),
            schemas.1.filter(|schema| described(&self.new, schema)),
        );
        let (effect, kind, word) = match schemas {
            (None, None) | (Some(_), Some(_)) => return,
            (None, Some(_)) => (Effect::Narrows, "schema-described", "now has"),
            (Some(_), None) => (Effect::Widens, "schema-undescribed", "no longer has"),
        };
        let message = format!("{label} {word} a schema");
        self.add(kind, (side, effect.on(side)), Some(&old.at), Some(&new.at), &message);
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
