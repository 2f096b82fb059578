//! The safety net: reports all remaining differences between two documents.

use serde_json::Value;

use crate::diff::change::{Change, Compatibility, NodeLocation, Side};
use crate::diff::names::names;
use crate::spec::{Pointer, Spec, sentence};

/// Adds a note for every difference that no change covers.
pub(in crate::diff) fn add_unreported(changes: &mut Vec<Change>, old: &Spec, new: &Spec) {
    let mut differences = Vec::new();
    find(old.tree(), new.tree(), &Pointer::root(), &mut differences);
    let mut noted: Vec<String> = Vec::new();
    for at in differences {
        let covered = changes
            .iter()
            .flat_map(|change| [&change.old, &change.new])
            .flatten()
            .any(|location| is_within(&at, &location.pointer) || is_within(&location.pointer, &at));
        if covered || is_explained(&at, changes, (old.tree(), new.tree())) {
            continue;
        }
        let in_new = new.tree().pointer(at.as_str()).is_some();
        let in_old = old.tree().pointer(at.as_str()).is_some();
        let label = names(if in_new { new.tree() } else { old.tree() }, &at).label;
        if noted.contains(&label) {
            continue;
        }
        let message = format!("{label} is written differently but means the same on the wire");
        changes.push(Change {
            kind: "spelling",
            side: Side::Neither,
            wire: Compatibility::Same,
            message: sentence(&message),
            old: in_old.then(|| NodeLocation::of(old, &at)),
            new: in_new.then(|| NodeLocation::of(new, &at)),
            rust: Vec::new(),
            facade: Vec::new(),
            shares_rust_change: false,
            still_rejected: false,
        });
        noted.push(label);
    }
}

/// Whether a change at another node explains the difference: another keyword of the same schema,
/// the list of required properties, or a reference to a renamed schema.
fn is_explained(at: &Pointer, changes: &[Change], (old, new): (&Value, &Value)) -> bool {
    let (before, after) = (old.pointer(at.as_str()), new.pointer(at.as_str()));
    let locations = || changes.iter().flat_map(|change| [&change.old, &change.new]).flatten();
    if at.as_str().ends_with("/required")
        && let Some(above) = at.parent()
    {
        let list = |value: Option<&Value>| value.and_then(Value::as_array).cloned().unwrap_or_default();
        let (before, after) = (list(before), list(after));
        let one_sided = before.iter().filter(|name| !after.contains(name));
        let mut one_sided = one_sided
            .chain(after.iter().filter(|name| !before.contains(name)))
            .peekable();
        let code_changes = |name: &Value| {
            let property = above.below(&["properties", name.as_str().unwrap_or_default()]);
            locations().any(|location| location.pointer == property)
        };
        return one_sided.peek().is_some() && one_sided.all(code_changes);
    }
    let renamed = |change: &Change| {
        let reference = |location: &Option<NodeLocation>| {
            location
                .as_ref()
                .map(|location| Value::String(location.pointer.to_string()))
        };
        change.kind == "schema-renamed"
            && reference(&change.old).as_ref() == before
            && reference(&change.new).as_ref() == after
    };
    let label = |at: &Pointer| [names(old, at).label, names(new, at).label];
    let labels = label(at);
    changes.iter().any(renamed)
        || locations().any(|location| label(&location.pointer).iter().any(|label| labels.contains(label)))
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

/// Whether a node is `above` or below it.
fn is_within(at: &Pointer, above: &Pointer) -> bool {
    let rest = at.as_str().strip_prefix(above.as_str());
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}
