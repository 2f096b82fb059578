//! What a change means for the facade, as far as the normalisation ledger tells.

use std::collections::BTreeMap;

use serde_json::Value;

use super::bump::{Bump, RequiredBump};
use super::change::{Change, Compatibility, Side};
use super::names::{NodeNames, names};
use crate::field_map::{FieldMap, FieldMapEntry, FieldTarget};
use crate::rust_names::{pascal, snake};

/// The crate that the ledger is about.
const PACKAGE: &str = "chat-sessions";

/// What is known of the facade: its ledger, and the sources in which it calls the raw clients.
#[derive(Clone, Debug, Default)]
pub struct Facade {
    field_map: FieldMap,
    sources: BTreeMap<String, String>,
}

impl Facade {
    /// Knows the facade by its ledger; an empty one says nothing about it.
    #[must_use]
    pub fn new(field_map: FieldMap) -> Self {
        Self {
            field_map,
            sources: BTreeMap::new(),
        }
    }

    /// Adds the source text in which the facade speaks to a provider: an operation whose method it
    /// calls is one that it depends on.
    #[must_use]
    pub fn with_source(mut self, provider: &str, source: &str) -> Self {
        self.sources.insert(provider.to_owned(), source.to_owned());
        self
    }

    /// Whether there is no ledger.
    pub(super) fn has_no_field_map(&self) -> bool {
        self.field_map.iter().next().is_none()
    }

    /// Whether the ledger has rows for a provider.
    pub(super) fn has_provider(&self, provider: &str) -> bool {
        self.field_map.iter().any(|entry| entry.provider == provider)
    }

    /// Whether it calls the method of an operation; `None` when its source was not given.
    fn calls(&self, provider: &str, method: &str) -> Option<bool> {
        let source = self.sources.get(provider)?;
        Some(source.contains(&format!(".{method}(")))
    }
}

/// Adds to every change what follows in the facade, and gives what the facade needs.
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
            "there is no normalisation ledger to read"
        } else {
            "the name of the spec is that of no provider in the normalisation ledger"
        };
        return need(None, reason.to_owned());
    };
    let facade = FacadeImpact { known, provider };
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
            "it moves to the breaking `{}`, none of whose types it shows",
            raw.package
        );
        reasons.push((Bump::Patch, reason));
    }
    let bump = reasons.iter().map(|(asks, _)| *asks).max().unwrap_or_default();
    if raw.bump.is_none() {
        return need(None, format!("it is not known what `{}` needs", raw.package));
    }
    if bump == Bump::None {
        let reason = if is_refused {
            "it cannot follow before the generated reader does"
        } else {
            "nothing that it reads or sends is different"
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
}

/// A sentence for people, the release that it asks for, and the reason in short.
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
            // An answer that takes the place of a named schema is in the operation, and was in the
            // schema.
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

    /// Where the facade keeps what it does not know of the objects of a schema.
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
            // More than a component and its property: a part of the property is new, and not the
            // property.
            FieldTarget::Feeds(fields) if names.rust.len() > 2 => {
                let sentence = format!("It is a part of what feeds {}.", code(fields));
                vec![(sentence, Bump::None, String::new())]
            }
            FieldTarget::Feeds(fields) if entry.is_untyped => {
                let sentence = format!(
                    "It has fed {} from among the unknown fields, and must be read from its own place.",
                    code(fields)
                );
                vec![(sentence, Bump::Patch, format!("it must read {raw} from its own place"))]
            }
            FieldTarget::Feeds(fields) if entry.read_from_extra => {
                let sentence = format!("It feeds {}, from among the unknown fields, as before.", code(fields));
                vec![(sentence, Bump::None, String::new())]
            }
            FieldTarget::Feeds(fields) => {
                let sentence = format!("It feeds {}.", code(fields));
                vec![(sentence, Bump::Minor, format!("{raw} feeds {}", code(fields)))]
            }
            FieldTarget::Unknown => vec![(with_remark("It is kept as unknown", remark), Bump::None, String::new())],
            FieldTarget::Omitted => vec![(with_remark("It is left out", remark), Bump::None, String::new())],
        }
    }

    fn without_row(&self, schema: &str, raw: &str) -> Vec<Consequence> {
        if !self.rows().any(|entry| entry.schema == schema) {
            return Vec::new();
        }
        let sentence = match self.extra(schema) {
            Some(extra) => format!("Not normalised: it arrives in {extra} until the ledger says what becomes of it."),
            None => "Not normalised: nobody sees it until the ledger says what becomes of it.".to_owned(),
        };
        vec![(sentence, Bump::Patch, format!("{raw} needs a row in the ledger"))]
    }

    fn field_gone(&self, names: &NodeNames) -> Vec<Consequence> {
        let (schema, property) = field(names);
        let raw = format!("{schema}.{property}");
        match self.row(schema, property).map(|entry| &entry.target) {
            Some(FieldTarget::Feeds(fields)) => {
                let what: Vec<String> = fields.iter().map(|field| self.without(&raw, field)).collect();
                let sentence = format!("{}.", what.join("; "));
                vec![(sentence, Bump::Patch, format!("it must do without `{raw}`"))]
            }
            Some(FieldTarget::Unknown | FieldTarget::Omitted) => {
                let sentence = "Nothing of the facade was fed by it; its row leaves the ledger.".to_owned();
                vec![(sentence, Bump::Patch, format!("the row of `{raw}` leaves the ledger"))]
            }
            None => Vec::new(),
        }
    }

    /// What a facade field has left when one of its raw fields is gone.
    fn without(&self, raw: &str, field: &str) -> String {
        let feeds = |target: &FieldTarget| matches!(target, FieldTarget::Feeds(fields) if fields.iter().any(|other| other == field));
        let rows = self.rows().filter(|entry| feeds(&entry.target));
        let fields = rows.map(|entry| format!("{}.{}", entry.schema, entry.field));
        let others: Vec<String> = fields.filter(|other| other != raw).collect();
        if others.is_empty() {
            return format!("`{field}` has nothing to feed it any more and will be missing");
        }
        let others: Vec<String> = others.iter().map(|other| format!("`{other}`")).collect();
        format!("`{field}` is fed by {} alone", others.join(" and "))
    }

    fn field_changed(&self, change: &Change, before: &NodeNames, after: &NodeNames) -> Vec<Consequence> {
        let (schema, property) = field(before);
        let Some(FieldTarget::Feeds(fields)) = self.row(schema, property).map(|entry| &entry.target) else {
            return Vec::new();
        };
        let feeds = code(fields);
        if change.kind == "property-renamed" {
            let now = after.property.as_deref().unwrap_or_default();
            let sentence = format!("It feeds {feeds}, which must read `{now}` now.");
            return vec![(sentence, Bump::Patch, format!("it must read `{now}`"))];
        }
        if change.rust.iter().any(|difference| difference.bump == Bump::Major) {
            let sentence = format!("It feeds {feeds}: the code that reads it must follow.");
            return vec![(
                sentence,
                Bump::Patch,
                format!("it must read `{schema}.{property}` in its new type"),
            )];
        }
        if change.still_rejected {
            let sentence = format!("It feeds {feeds}, and an object that makes use of the change is not understood.");
            return vec![(sentence, Bump::None, String::new())];
        }
        let sentence = format!("It feeds {feeds}; the code that reads it need not follow.");
        vec![(sentence, Bump::None, String::new())]
    }

    /// Servers and keys are the facade's and the raw crate's own code, since the generator leaves
    /// them out.
    fn access(&self, change: &Change) -> Vec<Consequence> {
        if change.wire != Compatibility::Breaking {
            return Vec::new();
        }
        let (sentence, reason) = if change.kind.starts_with("server") {
            (
                "Its default base URL is written by hand: see whether it still leads somewhere.",
                "a server is gone, and the default base URL is written by hand",
            )
        } else {
            (
                "How the key is sent is written by hand, in the raw crate: it must follow.",
                "the way of sending the key is written by hand",
            )
        };
        vec![(sentence.to_owned(), Bump::Patch, reason.to_owned())]
    }

    fn call(&self, change: &Change, names: &NodeNames) -> Vec<Consequence> {
        let Some(method) = names.operation.as_deref().map(snake) else {
            return Vec::new();
        };
        // What stops a caller is the method itself, or a type that is named after it.
        let of_call =
            |item: &str| item == method || item.starts_with(&pascal(&method)) || change.kind == "operation-renamed";
        let stops = change.rust.iter().any(|difference| {
            difference.bump == Bump::Major && difference.kind != "variant-added" && of_call(&difference.item)
        });
        // What compiles as before may still be refused: the bounds and values of a request are not
        // in its types.
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
                let sentence = format!(
                    "Whether it calls `{method}` is not known: see provider/{}.rs.",
                    snake(self.provider)
                );
                vec![(sentence, Bump::None, String::new())]
            }
            Some(true) if narrows && change.rust.is_empty() && !change.shares_rust_change => vec![(
                format!("It calls `{method}`: see whether it sends what is refused now."),
                Bump::Patch,
                format!("`{method}` may be sent what is refused now"),
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
            "it cannot list this provider any more".to_owned(),
        ),
        ("operation-moved", _) => (
            format!("It calls `{method}`, which goes to the new place by itself."),
            Bump::Patch,
            format!("`{method}` goes to another place"),
        ),
        ("parameter-added", Compatibility::Breaking) => (
            format!(
                "It calls `{method}` and must be told what to send: a new setting, with a default so that nobody's code stops."
            ),
            Bump::Minor,
            format!("`{method}` needs a value for which there is no setting yet"),
        ),
        ("parameter-added", _) => (
            format!("It calls `{method}`: `None` there keeps things as they are."),
            Bump::Patch,
            format!("the call of `{method}` must follow"),
        ),
        _ => (
            format!("It calls `{method}`: the call must follow."),
            Bump::Patch,
            format!("the call of `{method}` must follow"),
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
