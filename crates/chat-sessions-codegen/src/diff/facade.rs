//! The consequences of a change for the facade, as far as the field map shows them.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::bump::{Bump, RequiredBump};
use super::change::{Change, Compatibility, Side};
use super::names::{NodeNames, names};
use crate::field_map::{FieldMap, FieldMapEntry, FieldTarget, calls, read_schemas};
use crate::rust_names::{pascal, snake};

/// The crate that the field map belongs to.
const PACKAGE: &str = "chat-sessions";

/// What is known about the facade: its field map, and the source files that call the raw clients.
#[derive(Clone, Debug, Default)]
pub struct Facade {
    field_map: FieldMap,
    sources: BTreeMap<String, String>,
}

impl Facade {
    /// Creates it from the field map; an empty one means that nothing is known.
    #[must_use]
    pub fn new(field_map: FieldMap) -> Self {
        Self {
            field_map,
            sources: BTreeMap::new(),
        }
    }

    /// Adds the source text that calls a provider's raw client. The facade depends on the
    /// operations whose methods it calls.
    #[must_use]
    pub fn with_source(mut self, provider: &str, source: &str) -> Self {
        self.sources.insert(provider.to_owned(), source.to_owned());
        self
    }

    /// Whether there is no field map.
    pub(super) fn has_no_field_map(&self) -> bool {
        self.field_map.iter().next().is_none()
    }

    /// Whether the field map has rows for a provider.
    pub(super) fn has_provider(&self, provider: &str) -> bool {
        self.field_map.iter().any(|entry| entry.provider == provider)
    }

    /// Whether the facade calls the method of an operation; `None` when its source is unknown.
    fn calls(&self, provider: &str, method: &str) -> Option<bool> {
        Some(calls(self.source(provider)?, method))
    }

    /// The source text that calls a provider's raw client.
    #[must_use]
    pub fn source(&self, provider: &str) -> Option<&str> {
        self.sources.get(provider).map(String::as_str)
    }
}

/// Adds the consequences for the facade to every change, and returns the bump it requires.
pub(super) fn consequences(
    changes: &mut [Change],
    known: &Facade,
    provider: Option<&str>,
    raw: &RequiredBump,
    trees: (&Value, &Value),
) -> RequiredBump {
    let need = |bump, reason: String| RequiredBump {
        package: PACKAGE.to_owned(),
        bump,
        reason,
    };
    let Some(provider) = provider.filter(|_| !known.has_no_field_map()) else {
        let reason = if known.has_no_field_map() {
            "there is no field map"
        } else {
            "the name of the spec matches no provider in the field map"
        };
        return need(None, reason.to_owned());
    };
    let facade = FacadeImpact {
        known,
        provider,
        read: read_schemas(trees.1, known.source(provider)),
    };
    let is_refused = changes.iter().any(|change| change.still_rejected);
    let mut reasons: Vec<(Bump, String)> = Vec::new();
    for change in changes {
        for (sentence, asks, reason) in facade.of(change, trees) {
            change.facade.push(sentence);
            if asks != Bump::None && !reasons.contains(&(asks, reason.clone())) {
                reasons.push((asks, reason));
            }
        }
    }
    if raw.bump == Some(Bump::Major) {
        let reason = format!(
            "it moves to the breaking `{}`, whose types it does not expose",
            raw.package
        );
        reasons.push((Bump::Patch, reason));
    }
    let bump = reasons.iter().map(|(asks, _)| *asks).max().unwrap_or_default();
    if raw.bump.is_none() {
        return need(None, format!("the bump of `{}` is unknown", raw.package));
    }
    if bump == Bump::None {
        let reason = if is_refused {
            "it cannot follow before the generated reader does"
        } else {
            "nothing that it reads or sends changes"
        };
        return need(Some(bump), reason.to_owned());
    }
    let graver = reasons.into_iter().filter(|(asks, _)| *asks == bump);
    let graver: Vec<String> = graver.map(|(_, reason)| reason).collect();
    need(Some(bump), graver.join(", and "))
}

struct FacadeImpact<'k> {
    known: &'k Facade,
    provider: &'k str,
    /// The schemas that the facade reads, by name.
    read: BTreeSet<String>,
}

/// A sentence for people, the bump it requires, and a short reason.
type Consequence = (String, Bump, String);

impl FacadeImpact<'_> {
    fn of(&self, change: &Change, (old, new): (&Value, &Value)) -> Vec<Consequence> {
        let before = change.old.as_ref().map(|location| names(old, &location.pointer));
        let after = change.new.as_ref().map(|location| names(new, &location.pointer));
        let is_field = |names: &NodeNames| names.component.is_some() && names.property.is_some();
        let field = before
            .as_ref()
            .filter(|names| is_field(names))
            .or(after.as_ref().filter(|names| is_field(names)));
        match (field, after.as_ref().or(before.as_ref())) {
            _ if change.is_note() => Vec::new(),
            _ if change.kind.starts_with("server") || change.kind.starts_with("security") => self.access(change),
            (Some(names), _) if change.side != Side::Sent => match change.kind {
                "property-added" => self.field_new(names),
                "property-removed" => self.field_gone(names),
                _ => self.field_changed(change, names, after.as_ref().unwrap_or(names)),
            },
            // When a response replaces a named schema, the new node is in the operation and the old
            // one in the schema.
            (None, Some(names)) => {
                let of_operation = before.as_ref().filter(|names| names.operation.is_some());
                self.call(change, of_operation.unwrap_or(names))
            }
            _ => Vec::new(),
        }
    }

    /// The rows of the provider.
    fn rows(&self) -> impl Iterator<Item = &FieldMapEntry> {
        let rows = self.known.field_map.iter();
        rows.filter(|entry| entry.provider == self.provider)
    }

    fn row(&self, schema: &str, property: &str) -> Option<&FieldMapEntry> {
        self.known.field_map.entry(self.provider, schema, property)
    }

    /// Where the facade keeps the unknown fields of a schema.
    fn extra(&self, schema: &str) -> Option<String> {
        let mut owners = self.rows().filter_map(|entry| match &entry.target {
            FieldTarget::Feeds(fields) if entry.schema == schema => {
                fields.first()?.split_once("::").map(|(owner, _)| owner)
            }
            _ => None,
        });
        owners
            .find(|owner| matches!(*owner, "Session" | "Run"))
            .map(|owner| format!("`{owner}::extra`"))
    }

    fn field_new(&self, names: &NodeNames) -> Vec<Consequence> {
        let (schema, property) = field(names);
        let raw = format!("`{schema}.{property}`");
        let Some(entry) = self.row(schema, property) else {
            return self.without_row(schema, &raw);
        };
        let remark = entry.remark.as_str();
        match &entry.target {
            // Longer than component and property: the new node is a part of the property.
            FieldTarget::Feeds(fields) if names.rust.len() > 2 => {
                let sentence = format!("It is part of what feeds {}.", code(fields));
                vec![(sentence, Bump::None, String::new())]
            }
            FieldTarget::Feeds(fields) if entry.is_untyped => {
                let sentence = format!(
                    "It feeds {} from the unknown fields, and must now be read from its own field.",
                    code(fields)
                );
                vec![(sentence, Bump::Patch, format!("it must read {raw} from its own field"))]
            }
            FieldTarget::Feeds(fields) if entry.read_from_extra => {
                let sentence = format!("It still feeds {} from the unknown fields.", code(fields));
                vec![(sentence, Bump::None, String::new())]
            }
            FieldTarget::Feeds(fields) => {
                let sentence = format!("It feeds {}.", code(fields));
                vec![(sentence, Bump::Minor, format!("{raw} feeds {}", code(fields)))]
            }
            FieldTarget::Unknown => vec![(with_remark("It is kept as unknown", remark), Bump::None, String::new())],
            FieldTarget::Omitted => vec![(with_remark("It is omitted", remark), Bump::None, String::new())],
        }
    }

    fn without_row(&self, schema: &str, raw: &str) -> Vec<Consequence> {
        // The same condition as in `FieldMap::missing_rows`.
        if !self.read.contains(schema) && !self.known.field_map.has_schema(self.provider, schema) {
            return Vec::new();
        }
        let sentence = match self.extra(schema) {
            Some(extra) => format!("Not in the field map: it arrives in {extra} until it has a row."),
            None => "Not in the field map: it is dropped until it has a row.".to_owned(),
        };
        vec![(sentence, Bump::Patch, format!("{raw} needs a row in the field map"))]
    }

    fn field_gone(&self, names: &NodeNames) -> Vec<Consequence> {
        let (schema, property) = field(names);
        let raw = format!("{schema}.{property}");
        match self.row(schema, property).map(|entry| &entry.target) {
            Some(FieldTarget::Feeds(fields)) => {
                let what: Vec<String> = fields.iter().map(|field| self.without(&raw, field)).collect();
                let sentence = format!("{}.", what.join("; "));
                vec![(sentence, Bump::Patch, format!("it must work without `{raw}`"))]
            }
            Some(FieldTarget::Unknown | FieldTarget::Omitted) => {
                let sentence = "It fed nothing in the facade; its row must be removed from the field map.".to_owned();
                vec![(sentence, Bump::Patch, format!("the row of `{raw}` must be removed"))]
            }
            None => Vec::new(),
        }
    }

    /// What remains for a facade field when one of its raw fields is removed.
    fn without(&self, raw: &str, field: &str) -> String {
        let feeds = |target: &FieldTarget| matches!(target, FieldTarget::Feeds(fields) if fields.iter().any(|other| other == field));
        let rows = self.rows().filter(|entry| feeds(&entry.target));
        let fields = rows.map(|entry| format!("{}.{}", entry.schema, entry.field));
        let others: Vec<String> = fields.filter(|other| other != raw).collect();
        if others.is_empty() {
            return format!("nothing feeds `{field}` any longer, so it will be missing");
        }
        let others: Vec<String> = others.iter().map(|other| format!("`{other}`")).collect();
        format!("`{field}` is now fed only by {}", others.join(" and "))
    }

    fn field_changed(&self, change: &Change, before: &NodeNames, after: &NodeNames) -> Vec<Consequence> {
        let (schema, property) = field(before);
        let Some(FieldTarget::Feeds(fields)) = self.row(schema, property).map(|entry| &entry.target) else {
            return Vec::new();
        };
        let feeds = code(fields);
        if change.kind == "property-renamed" {
            let now = after.property.as_deref().unwrap_or_default();
            let sentence = format!("It feeds {feeds}, which must now read `{now}`.");
            return vec![(sentence, Bump::Patch, format!("it must read `{now}`"))];
        }
        if change.rust.iter().any(|difference| difference.bump == Bump::Major) {
            let sentence = format!("It feeds {feeds}; the code that reads it must change.");
            return vec![(
                sentence,
                Bump::Patch,
                format!("it must read `{schema}.{property}` with its new type"),
            )];
        }
        if change.still_rejected {
            let sentence = format!("It feeds {feeds}; objects that use what is now allowed cannot be read.");
            return vec![(sentence, Bump::None, String::new())];
        }
        let sentence = format!("It feeds {feeds}; the code that reads it need not change.");
        vec![(sentence, Bump::None, String::new())]
    }

    /// Servers and keys are hand-written in the facade and the raw crate, since the generator
    /// ignores them.
    fn access(&self, change: &Change) -> Vec<Consequence> {
        if change.wire != Compatibility::Breaking {
            return Vec::new();
        }
        let (sentence, reason) = if change.kind.starts_with("server") {
            (
                "Its default base URL is hand-written; check that it still works.",
                "a server was removed, and the default base URL is hand-written",
            )
        } else {
            (
                "The code that sends the key is hand-written, in the raw crate, and must change.",
                "the code that sends the key is hand-written",
            )
        };
        vec![(sentence.to_owned(), Bump::Patch, reason.to_owned())]
    }

    fn call(&self, change: &Change, names: &NodeNames) -> Vec<Consequence> {
        let Some(method) = names.operation.as_deref().map(snake) else {
            return Vec::new();
        };
        // A caller breaks through the method itself, or through a type named after it.
        let of_call =
            |item: &str| item == method || item.starts_with(&pascal(&method)) || change.kind == "operation-renamed";
        let stops = change.rust.iter().any(|difference| {
            difference.bump == Bump::Major && difference.kind != "variant-added" && of_call(&difference.item)
        });
        // Code that still compiles may send what is now rejected, since the types of a request do
        // not express its bounds.
        let narrows = change.side == Side::Sent
            && change.wire == Compatibility::Breaking
            && names.parameter.is_some()
            && !change.kind.starts_with("credential");
        if !(stops || narrows || change.kind == "operation-moved") || change.kind == "operation-added" {
            return Vec::new();
        }
        match self.known.calls(self.provider, &method) {
            Some(false) => Vec::new(),
            None => {
                let sentence = format!("It may call `{method}`; see provider/{}.rs.", snake(self.provider));
                vec![(sentence, Bump::None, String::new())]
            }
            Some(true) if narrows && change.rust.is_empty() && !change.shares_rust_change => vec![(
                format!("It calls `{method}`; check that it does not send what is now rejected."),
                Bump::Patch,
                format!("`{method}` may send what is now rejected"),
            )],
            Some(true) if !stops && change.kind != "operation-moved" => Vec::new(),
            Some(true) => vec![call_follows(change, &method)],
        }
    }
}

fn call_follows(change: &Change, method: &str) -> Consequence {
    match (change.kind, change.wire) {
        ("operation-removed", _) => (
            format!("It lists with `{method}`, and cannot list this provider without it."),
            Bump::Major,
            "it can no longer list this provider".to_owned(),
        ),
        ("operation-moved", _) => (
            format!("It calls `{method}`, which uses the new path automatically."),
            Bump::Patch,
            format!("`{method}` uses another path"),
        ),
        ("parameter-added", Compatibility::Breaking) => (
            format!(
                "It calls `{method}` and needs a value to send: add a setting with a default, so that existing code keeps working."
            ),
            Bump::Minor,
            format!("`{method}` needs a value that has no setting yet"),
        ),
        ("parameter-added", _) => (
            format!("It calls `{method}`; pass `None` to keep the behaviour."),
            Bump::Patch,
            format!("the call of `{method}` must change"),
        ),
        _ => (
            format!("It calls `{method}`; the call must change."),
            Bump::Patch,
            format!("the call of `{method}` must change"),
        ),
    }
}

fn field(names: &NodeNames) -> (&str, &str) {
    (
        names.component.as_deref().unwrap_or_default(),
        names.property.as_deref().unwrap_or_default(),
    )
}

fn code(fields: &[String]) -> String {
    let fields: Vec<String> = fields.iter().map(|field| format!("`{field}`")).collect();
    fields.join(" and ")
}

fn with_remark(words: &str, remark: &str) -> String {
    if remark.is_empty() {
        return format!("{words}.");
    }
    format!("{words}: {remark}.")
}
