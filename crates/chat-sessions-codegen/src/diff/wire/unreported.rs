//! The safety net: reports all remaining differences between two documents.
//!
//! A difference in an object that was compared means the same. One in an object that was not is
//! only harmless if no operation uses the object; otherwise its effect is unknown.

use std::collections::{BTreeSet, HashSet};

use serde_json::Value;

use super::version::Version;
use crate::diff::change::{Change, Compatibility, NodeLocation, Side};
use crate::diff::names::names;
use crate::spec::grammar::{ObjectKind, ValueKind};
use crate::spec::normal::schema::TEXTS;
use crate::spec::{Pointer, sentence};

/// Adds a change for every difference that no change covers.
pub(super) fn add_unreported<'s>(changes: &mut Vec<Change>, old: &Version<'s>, new: &Version<'s>) {
    let mut differences = Vec::new();
    find(old.tree(), new.tree(), &Pointer::root(), &mut differences);
    let reported = Reported::of(changes, old.tree(), new.tree());
    let mut noted = HashSet::new();
    for at in differences {
        if reported.covers(&at) || reported.explains(&at, old.tree(), new.tree()) {
            continue;
        }
        let in_new = new.tree().pointer(at.as_str()).is_some();
        let in_old = old.tree().pointer(at.as_str()).is_some();
        let label = names(if in_new { new.tree() } else { old.tree() }, &at).label;
        let versions = [(in_old, old), (in_new, new)];
        let is_known = |version: &Version<'s>| Owner::of(&at, version.tree()).is_known(&at, version);
        let is_compared = versions.iter().all(|(is_in, version)| !is_in || is_known(version));
        if !noted.insert(label.clone()) && is_compared {
            continue;
        }
        let (kind, side, wire, message) = if is_compared {
            let message = format!("{label} is written differently but means the same on the wire");
            ("spelling", Side::Neither, Compatibility::Same, message)
        } else {
            let message = format!("cannot tell: `{}` of {label} is not compared", at.name());
            ("cannot-tell", Side::Both, Compatibility::Breaking, message)
        };
        changes.push(Change {
            kind,
            side,
            wire,
            message: sentence(&message),
            old: in_old.then(|| NodeLocation::of(old.spec, &at)),
            new: in_new.then(|| NodeLocation::of(new.spec, &at)),
            rust: Vec::new(),
            facade: Vec::new(),
            shares_rust_change: false,
            still_rejected: false,
        });
    }
}

/// The object that a node belongs to, by the grammar of OpenAPI.
struct Owner {
    kind: ObjectKind,
    at: Pointer,
    /// The key of the object below which the node is.
    key: String,
}

impl Owner {
    fn of(node: &Pointer, tree: &Value) -> Self {
        let mut found = Self {
            kind: ObjectKind::Document,
            at: Pointer::root(),
            key: String::new(),
        };
        let mut steps = node.as_str().split('/').skip(1).map(Pointer::unescaped).peekable();
        while let Some(step) = steps.next() {
            found.key.clone_from(&step);
            let shape = match found.kind.keys().iter().find(|key| key.name == step) {
                Some(key) => key.shape,
                None if found.kind == ObjectKind::Callback => ValueKind::One(ObjectKind::PathItem),
                None => break,
            };
            let (kind, at) = match shape {
                ValueKind::One(kind) => (kind, found.at.child(&step)),
                ValueKind::FlagOrSchema => (ObjectKind::Schema, found.at.child(&step)),
                ValueKind::List(kind) | ValueKind::Map(kind) => match steps.next() {
                    Some(name) => (kind, found.at.child(&step).child(name)),
                    None => break,
                },
                _ => break,
            };
            // An object that is only on one side belongs to the one that contains it.
            if steps.peek().is_none() || !tree.pointer(at.as_str()).is_some_and(Value::is_object) {
                break;
            }
            (found.kind, found.at) = (kind, at);
        }
        found
    }

    /// Whether a difference below the key means the same.
    fn is_known(&self, node: &Pointer, version: &Version<'_>) -> bool {
        let key = self.key.as_str();
        if key.starts_with("x-") || key == "$ref" || TEXTS.contains(&key) {
            return true;
        }
        let defined = self.kind == ObjectKind::Callback || self.kind.keys().iter().any(|known| known.name == key);
        if !defined && !key.is_empty() {
            let object = version.tree().pointer(self.at.as_str());
            // Keys beside a reference are ignored.
            return object.is_some_and(|object| object.get("$ref").is_some());
        }
        let is_unused = node.as_str().starts_with("/components/");
        is_unused || self.is_text() || version.is_compared(&self.at)
    }

    /// Whether objects of this kind are for people, or compared with the object that contains them.
    fn is_text(&self) -> bool {
        use ObjectKind as Kind;
        let texts = [
            Kind::Document,
            Kind::Info,
            Kind::Contact,
            Kind::License,
            Kind::Tag,
            Kind::ExternalDocs,
            Kind::Example,
            Kind::Link,
            Kind::Xml,
            Kind::Components,
        ];
        let parts = [
            Kind::PathItem,
            Kind::Server,
            Kind::ServerVariable,
            Kind::Encoding,
            Kind::Discriminator,
            Kind::OAuthFlow,
            Kind::OAuthFlows,
            Kind::Callback,
        ];
        texts.contains(&self.kind) || parts.contains(&self.kind)
    }
}

/// What the changes cover.
struct Reported {
    locations: BTreeSet<String>,
    labels: HashSet<String>,
    /// References to renamed schemas, old and new.
    renamed: HashSet<(Option<Value>, Option<Value>)>,
}

impl Reported {
    fn of(changes: &[Change], old: &Value, new: &Value) -> Self {
        let all = || changes.iter().flat_map(|change| [&change.old, &change.new]).flatten();
        let label = |at: &Pointer| [names(old, at).label, names(new, at).label];
        let reference = |location: &Option<NodeLocation>| {
            let location = location.as_ref();
            location.map(|location| Value::String(location.pointer.to_string()))
        };
        let renamed = changes.iter().filter(|change| change.kind == "schema-renamed");
        Self {
            locations: all().map(|location| location.pointer.as_str().to_owned()).collect(),
            labels: all().flat_map(|location| label(&location.pointer)).collect(),
            renamed: renamed
                .map(|change| (reference(&change.old), reference(&change.new)))
                .collect(),
        }
    }

    /// Whether a change is at the node, above or below it.
    fn covers(&self, at: &Pointer) -> bool {
        let below = format!("{}/", at.as_str());
        let mut after = self.locations.range(below.clone()..);
        if after.next().is_some_and(|location| location.starts_with(&below)) {
            return true;
        }
        let mut above = Some(at.clone());
        while let Some(at) = above {
            if self.locations.contains(at.as_str()) {
                return true;
            }
            above = at.parent();
        }
        false
    }

    /// Whether a change at another node explains the difference: another keyword of the same
    /// schema, the list of required properties, or a reference to a renamed schema.
    fn explains(&self, at: &Pointer, old: &Value, new: &Value) -> bool {
        let (before, after) = (old.pointer(at.as_str()), new.pointer(at.as_str()));
        if at.as_str().ends_with("/required")
            && let Some(above) = at.parent()
        {
            let list = |value: Option<&Value>| -> HashSet<String> {
                let names = value.and_then(Value::as_array).into_iter().flatten();
                names.filter_map(Value::as_str).map(str::to_owned).collect()
            };
            let (before, after) = (list(before), list(after));
            let mut one_sided = before.symmetric_difference(&after).peekable();
            let is_reported = |name: &String| {
                let property = above.below(&["properties", name]);
                self.locations.contains(property.as_str())
            };
            return one_sided.peek().is_some() && one_sided.all(is_reported);
        }
        let labels = [names(old, at).label, names(new, at).label];
        self.renamed.contains(&(before.cloned(), after.cloned()))
            || labels.iter().any(|label| self.labels.contains(label))
    }
}

/// The deepest nodes that differ. Lists of different length differ as a whole.
fn find(old: &Value, new: &Value, at: &Pointer, found: &mut Vec<Pointer>) {
    match (old, new) {
        _ if old == new => {}
        (Value::Object(before), Value::Object(after)) => {
            for (name, value) in before {
                match after.get(name) {
                    Some(other) => find(value, other, &at.child(name), found),
                    None => found.push(at.child(name)),
                }
            }
            found.extend(
                after
                    .keys()
                    .filter(|name| !before.contains_key(*name))
                    .map(|name| at.child(name)),
            );
        }
        (Value::Array(before), Value::Array(after)) if before.len() == after.len() => {
            for (index, (value, other)) in before.iter().zip(after).enumerate() {
                find(value, other, &at.child(index), found);
            }
        }
        _ => found.push(at.clone()),
    }
}
