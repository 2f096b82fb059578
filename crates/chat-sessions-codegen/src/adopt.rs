//! Adopts a published OpenAPI document: keeps what one list needs, in the form that the specs of this
//! repository have.
//!
//! A published document is written for other readers. It has hundreds of operations, is often
//! OpenAPI 3.1, and never states its evidence. [`adopt`] writes a spec from it that the generator
//! accepts and that follows the rules of this repository. [`ListOutline`] says how the list works, as
//! far as names and types show it.

mod downgrade;
mod error;
mod evidence;
mod example;
mod fields;
mod outline;
mod parts;
mod select;
mod signature;
mod write;

use std::collections::BTreeMap;

use serde_json::Value;

pub use error::AdoptError;
pub use fields::{Field, FieldKind};
pub use outline::{ListOutline, NamedSchema, Paging, Scoped};
pub use signature::{Argument, signature};

use crate::spec::{Pointer, Spec};

/// The adopted spec.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Adopted {
    /// The text of the spec, in YAML.
    pub text: String,
    /// The example of a response, which the spec repeats as `documented`.
    pub example: Value,
    /// How the list works.
    pub outline: ListOutline,
    /// What differs from the published document, a sentence each.
    pub notes: Vec<String>,
}

/// Adopts the operation `list` of a document, and the operations `also`. Operations are given by
/// their operationId, or as method and path, such as `GET /v1/threads`.
///
/// # Errors
///
/// Fails when an operation is missing, or when the list is not an array of objects with an id inside
/// an object.
pub fn adopt(published: &Spec, list: &str, also: &[String]) -> Result<Adopted, AdoptError> {
    let mut notes = Vec::new();
    let mut tree = published.tree().clone();
    downgrade::downgrade(&mut tree);
    let (mut tree, at) = select::select(&tree, list, also, &mut notes)?;
    let found = parts::locate(&tree, &at)?;
    let example = example::documented(&mut tree, &at, &found, &mut notes)?;
    parts::mark_id(&mut tree, &found);
    evidence::state(&mut tree);
    let outline = outline::describe(&tree, &at, &found)?;
    Ok(Adopted {
        text: write::yaml(&tree, &order(published)),
        example,
        outline,
        notes,
    })
}

/// The line on which each name occurs first, so that the spec keeps the order of the document.
fn order(published: &Spec) -> BTreeMap<String, usize> {
    let mut order: BTreeMap<String, usize> = BTreeMap::new();
    let mut open = vec![(Pointer::root(), published.tree())];
    while let Some((at, value)) = open.pop() {
        if let Some(location) = published.location(&at) {
            // Columns count as well, for a document that is one line of JSON.
            let place = location.line * 100_000 + location.column.min(99_999);
            let first = order.entry(at.name()).or_insert(place);
            *first = place.min(*first);
        }
        match value {
            Value::Object(members) => open.extend(members.iter().map(|(name, value)| (at.child(name), value))),
            Value::Array(items) => open.extend(items.iter().enumerate().map(|(i, value)| (at.child(i), value))),
            _ => {}
        }
    }
    order
}

#[cfg(test)]
mod tests;
