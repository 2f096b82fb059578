//! A schema in normal form as it is met at one place: where to point, and what to call it.

use std::rc::Rc;

use crate::diff::words::value_text;
use crate::spec::Pointer;
use crate::spec::normal::normaliser::Normaliser;
use crate::spec::normal::schema::{Place, Schema};
use crate::spec::normal::types::Types;

/// The limit on descriptions inside descriptions.
const MAX_WORDS: usize = 4;

/// A schema in normal form, and the node where it is used.
pub(super) struct View<'t> {
    pub(super) at: Pointer,
    pub(super) place: Place<'t>,
    pub(super) schema: Rc<Schema<'t>>,
}

impl<'t> View<'t> {
    /// The component that the view refers to, or else its own node.
    pub(super) fn own(&self) -> Pointer {
        let named = self.schema.component.as_ref();
        let named = named.map(|name| Pointer::root().below(&["components", "schemas", name]));
        named.unwrap_or_else(|| self.at.clone())
    }

    /// The schema that contains a keyword.
    pub(super) fn subject(&self, keyword: &str) -> Pointer {
        let found = self.schema.place(keyword).and_then(|at| at.parent());
        found.unwrap_or_else(|| self.own())
    }

    /// The pointer to a keyword, or else to the schema.
    pub(super) fn place(&self, keyword: &str) -> Pointer {
        self.schema.place(keyword).unwrap_or_else(|| self.own())
    }

    /// The innermost `nullable`, which allows null where nothing forbids it; or else the schema.
    pub(super) fn nullable_place(&self) -> Pointer {
        let mut parts = self.schema.parts.iter().rev();
        let found = parts.find(|part| part.value.get("nullable").is_some());
        found.map_or_else(|| self.at.clone(), |part| part.at.child("nullable"))
    }

    /// Whether null is valid.
    pub(super) fn allows_null(&self) -> bool {
        self.schema.types.has(Types::NULL)
    }

    /// Whether its type is known, so that it is not just any JSON.
    pub(super) fn is_typed(&self) -> bool {
        self.schema.types.or(Types::NULL) != Types::ANY
    }

    /// A short description: `` `string` ``, ``a list of `ChatSession` ``, ``one of `query`,
    /// `read_only` ``.
    pub(super) fn words(&self, normal: &Normaliser<'t>) -> String {
        words(&self.schema, normal, 0)
    }
}

fn words<'t>(schema: &Schema<'t>, normal: &Normaliser<'t>, depth: usize) -> String {
    if let Some(values) = &schema.values {
        let values: Vec<String> = values.iter().map(|value| value_text(value)).collect();
        return match values.as_slice() {
            [only] => format!("always {only}"),
            _ => format!("one of {}", values.join(", ")),
        };
    }
    let inner = |place: &Place<'t>| {
        if depth > MAX_WORDS {
            return "values".to_owned();
        }
        words(&normal.schema(place), normal, depth + 1)
    };
    if let Some(union) = schema.unions.first().filter(|_| schema.properties.is_empty()) {
        let words: Vec<String> = union
            .variants
            .iter()
            .map(|variant| inner(&Place::of(variant)))
            .collect();
        return words.join(" or ");
    }
    let has_properties = !schema.properties.is_empty();
    match schema.own_types.name().or(has_properties.then_some("object")) {
        Some("object") | None if schema.component.is_some() => schema
            .component
            .as_ref()
            .map(|name| format!("`{name}`"))
            .unwrap_or_default(),
        Some("array") => match &schema.items {
            Some(items) => format!("a list of {}", inner(items)),
            None => "a list".to_owned(),
        },
        Some("string") => match schema.formats.first() {
            Some(format) => format!("`string` ({format})"),
            None => "`string`".to_owned(),
        },
        Some(kind) => format!("`{kind}`"),
        None if schema.types == Types::NONE => "impossible".to_owned(),
        None => "any JSON".to_owned(),
    }
}
