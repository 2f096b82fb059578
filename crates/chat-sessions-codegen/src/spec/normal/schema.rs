//! A schema in normal form: everything that applies to one value, merged.
//!
//! What is inside the value, such as properties and items, is only located; it is normalised when
//! it is looked at.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::number::Decimal;
use super::types::Types;
use crate::spec::Pointer;
use crate::spec::refs::{self, Located};

/// Keywords for people, which say nothing about valid values.
pub(crate) const TEXTS: [&str; 6] = ["deprecated", "description", "example", "externalDocs", "title", "xml"];

/// What applies to one value of a document: usually one schema; several if parts of an `allOf`
/// describe the same property.
#[derive(Clone)]
pub(crate) struct Place<'t> {
    pub(crate) nodes: Vec<Located<'t>>,
    /// Whether a part forbids the value, as `additionalProperties: false` does.
    pub(crate) is_forbidden: bool,
}

impl<'t> Place<'t> {
    pub(crate) fn of(node: &Located<'t>) -> Self {
        Self {
            nodes: vec![node.clone()],
            is_forbidden: false,
        }
    }

    /// The place of a value that nothing describes.
    pub(crate) fn anything() -> Self {
        Self {
            nodes: Vec::new(),
            is_forbidden: false,
        }
    }

    /// The first node that describes the value.
    pub(crate) fn at(&self) -> Pointer {
        self.nodes.first().map(|node| node.at.clone()).unwrap_or_default()
    }

    pub(super) fn add(&mut self, other: &Self) {
        self.nodes.extend(other.nodes.iter().cloned());
        self.is_forbidden |= other.is_forbidden;
    }
}

/// A bound on numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Bound {
    pub(crate) value: Decimal,
    pub(crate) is_exclusive: bool,
}

/// `oneOf` or `anyOf` with at least two variants.
#[derive(Clone)]
pub(crate) struct Union<'t> {
    pub(crate) keyword: &'static str,
    pub(crate) variants: Vec<Located<'t>>,
    /// The schema that contains the union, and its discriminator.
    pub(crate) owner: Located<'t>,
}

impl Union<'_> {
    /// Whether two unions are written with the same variants.
    pub(crate) fn is_written_as(&self, other: &Self) -> bool {
        let values = |union: &Self| union.owner.value.get(union.keyword).cloned();
        let discriminator = |union: &Self| union.owner.value.get("discriminator").cloned();
        (self.keyword, values(self), discriminator(self)) == (other.keyword, values(other), discriminator(other))
    }
}

/// A schema in normal form.
pub(crate) struct Schema<'t> {
    /// The component that it is or refers to.
    pub(crate) component: Option<String>,
    /// The nodes that it was merged from, outermost first.
    pub(crate) parts: Vec<Located<'t>>,
    /// The types that are valid beside the unions.
    pub(crate) own_types: Types,
    /// The types that are valid.
    pub(crate) types: Types,
    /// The values of the enum except null; `None` without an enum.
    pub(crate) values: Option<Vec<&'t Value>>,
    pub(crate) formats: BTreeSet<&'t str>,
    pub(crate) patterns: BTreeSet<&'t str>,
    pub(crate) minimum: Option<Bound>,
    pub(crate) maximum: Option<Bound>,
    pub(crate) multiple_of: Option<Decimal>,
    /// `minLength` and its like.
    pub(crate) counts: BTreeMap<&'static str, Decimal>,
    pub(crate) has_unique_items: bool,
    pub(crate) items: Option<Place<'t>>,
    pub(crate) properties: BTreeMap<&'t str, Place<'t>>,
    /// The required properties, each with the node that requires it.
    pub(crate) required: BTreeMap<&'t str, Pointer>,
    /// What additional properties must match; `None` if they may be anything.
    pub(crate) additional: Option<Place<'t>>,
    pub(crate) not: Vec<Located<'t>>,
    pub(crate) unions: Vec<Union<'t>>,
    pub(crate) default: Option<&'t Value>,
    pub(crate) is_read_only: bool,
    pub(crate) is_write_only: bool,
    /// Keywords whose meaning is unknown, or that have a value of the wrong kind.
    pub(crate) unknown: BTreeMap<&'t str, &'t Value>,
}

impl<'t> Schema<'t> {
    pub(super) fn anything() -> Self {
        Self {
            component: None,
            parts: Vec::new(),
            own_types: Types::ANY,
            types: Types::ANY,
            values: None,
            formats: BTreeSet::new(),
            patterns: BTreeSet::new(),
            minimum: None,
            maximum: None,
            multiple_of: None,
            counts: BTreeMap::new(),
            has_unique_items: false,
            items: None,
            properties: BTreeMap::new(),
            required: BTreeMap::new(),
            additional: None,
            not: Vec::new(),
            unions: Vec::new(),
            default: None,
            is_read_only: false,
            is_write_only: false,
            unknown: BTreeMap::new(),
        }
    }

    /// Whether nothing but the type and the unions restrict the value.
    pub(crate) fn is_plain(&self) -> bool {
        self.values.is_none()
            && self.formats.is_empty()
            && self.patterns.is_empty()
            && (self.minimum, self.maximum, self.multiple_of) == (None, None, None)
            && self.counts.is_empty()
            && !self.has_unique_items
            && self.items.is_none()
            && self.properties.is_empty()
            && self.required.is_empty()
            && self.additional.is_none()
            && self.not.is_empty()
            && self.unknown.is_empty()
    }

    /// Whether every value is valid.
    pub(crate) fn is_anything(&self) -> bool {
        self.is_plain() && self.unions.is_empty() && self.own_types == Types::ANY
    }

    /// Whether any string is valid.
    pub(crate) fn is_any_text(&self) -> bool {
        self.types.has(Types::STRING)
            && self.values.is_none()
            && self.formats.is_empty()
            && self.patterns.is_empty()
            && self.unions.is_empty()
            && self.not.is_empty()
            && !["minLength", "maxLength"]
                .iter()
                .any(|name| self.counts.contains_key(name))
    }

    /// The pointer to a keyword where it is first written.
    pub(crate) fn place(&self, keyword: &str) -> Option<Pointer> {
        let written = |part: &&Located<'t>| refs::reference(part.value).is_none() && part.value.get(keyword).is_some();
        self.parts.iter().find(written).map(|part| part.at.child(keyword))
    }
}

/// The stricter of two bounds.
pub(super) fn stricter(one: Option<Bound>, other: Option<Bound>, is_upper: bool) -> Option<Bound> {
    let (Some(a), Some(b)) = (one, other) else {
        return one.or(other);
    };
    let order = match a.value.compare(b.value) {
        Some(order) if is_upper => order.reverse(),
        Some(order) => order,
        None => Ordering::Equal,
    };
    Some(if order.then(a.is_exclusive.cmp(&b.is_exclusive)).is_ge() {
        a
    } else {
        b
    })
}

/// A value as text, equal for equal values: `1.0` is `1`, and members have no order.
pub(crate) fn canonical(value: &Value) -> String {
    match value {
        Value::Number(number) => Decimal::of(number).map_or_else(|| number.to_string(), |number| number.to_string()),
        Value::Array(items) => {
            let items: Vec<String> = items.iter().map(canonical).collect();
            format!("[{}]", items.join(","))
        }
        Value::Object(members) => {
            let members: BTreeMap<&String, String> =
                members.iter().map(|(name, value)| (name, canonical(value))).collect();
            format!("{members:?}")
        }
        other => other.to_string(),
    }
}

/// Whether a key is for people or an extension.
pub(crate) fn is_text(name: &str) -> bool {
    TEXTS.contains(&name) || name.starts_with("x-")
}
