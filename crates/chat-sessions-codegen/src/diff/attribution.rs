//! Assigns each difference in the generated Rust to the change of the spec that caused it, by the
//! names that the generator uses.

use std::collections::{BTreeSet, HashMap, HashSet};

use serde_json::Value;

use super::change::{Change, Compatibility, NodeLocation};
use super::names::{NodeNames, names};
use super::rust::RustChange;
use crate::rust_names::{parameters_struct, pascal};
use crate::spec::Pointer;
use crate::spec::refs::{self, component_name};

/// Kinds of changes that affect nothing but doc comments.
const TEXTS: [&str; 6] = ["annotation", "deprecated", "description", "evidence", "example", "tags"];

/// The likeness of a change that is exactly at the field or the argument.
const NEAREST: u8 = 12;

/// Assigns every difference to the change that explains it best, and returns the unexplained ones.
pub(super) fn attribute(
    changes: &mut [Change],
    differences: Vec<RustChange>,
    (old, new): (&Value, &Value),
) -> Vec<RustChange> {
    if differences.is_empty() {
        return differences;
    }
    let named: Vec<Vec<NodeNames>> = changes
        .iter()
        .map(|change| {
            let at = |tree: &Value, location: &Option<NodeLocation>| {
                location.as_ref().map(|location| names(tree, &location.pointer))
            };
            [at(new, &change.new), at(old, &change.old)]
                .into_iter()
                .flatten()
                .collect()
        })
        .collect();
    let mentioned: Vec<BTreeSet<String>> = changes
        .iter()
        .map(|change| match (&change.old, &change.new) {
            (Some(location), None) => mentioned(old, &location.pointer),
            (None, Some(location)) => mentioned(new, &location.pointer),
            _ => BTreeSet::new(),
        })
        .collect();
    let index = Index::of(&named, &mentioned);
    let mut unexplained = Vec::new();
    for difference in differences {
        let score = |change: usize| {
            let best = named[change].iter();
            let best = best.map(|names| likeness(names, &changes[change], &difference)).max();
            let is_mentioned = mentioned[change].contains(&difference.item);
            best.unwrap_or(0).max(u8::from(is_mentioned))
        };
        let nearest = index.nearest(&difference, score);
        // Of two equally close changes, the one on the wire is the cause; the other goes with it.
        let is_on_wire = |change: usize| changes[change].wire != Compatibility::Same;
        let best = nearest
            .iter()
            .copied()
            .find(|change| is_on_wire(*change))
            .or(nearest.first().copied());
        let Some(best) = best else {
            unexplained.push(difference);
            continue;
        };
        if !difference.is_documentation() {
            for change in nearest {
                changes[change].shares_rust_change = true;
            }
        }
        changes[best].rust.push(difference);
    }
    unexplained
}

/// The changes by the names that tie them to Rust, so that each difference is compared with few.
struct Index {
    /// One map for each step of [`likeness`], nearest first.
    steps: [HashMap<String, Vec<usize>>; 4],
}

impl Index {
    fn of(named: &[Vec<NodeNames>], mentioned: &[BTreeSet<String>]) -> Self {
        let mut steps: [HashMap<String, Vec<usize>>; 4] = std::array::from_fn(|_| HashMap::new());
        let mut add = |step: usize, key: String, change: usize| {
            let changes = steps[step].entry(key).or_default();
            if changes.last() != Some(&change) {
                changes.push(change);
            }
        };
        for (change, names) in named.iter().enumerate() {
            for names in names {
                let argument = names.parameter.as_ref();
                if let Some((owner, field)) = names.rust.last() {
                    add(0, format!("{owner}::{field}"), change);
                    add(2, format!("{owner}{}", pascal(field.trim_end_matches('_'))), change);
                    add(3, owner.clone(), change);
                }
                if let Some(argument) = argument {
                    add(1, argument.clone(), change);
                }
                match &names.operation {
                    Some(operation) => {
                        add(if argument.is_some() { 3 } else { 1 }, operation.clone(), change);
                        add(2, pascal(operation), change);
                    }
                    None => add(1, "Client".to_owned(), change),
                }
            }
            for item in &mentioned[change] {
                add(3, item.clone(), change);
            }
        }
        Self { steps }
    }

    /// The changes that match a difference best, in their order; none if none matches.
    fn nearest(&self, difference: &RustChange, score: impl Fn(usize) -> u8) -> Vec<usize> {
        let RustChange { item, member, .. } = difference;
        let prefixes = item
            .char_indices()
            .map(|(end, _)| item[..end].to_owned())
            .chain([item.clone()]);
        let keys = [
            vec![format!("{item}::{member}")],
            vec![format!("{item}::"), item.clone(), member.clone()],
            prefixes.collect(),
            vec![item.clone()],
        ];
        let mut best = (0, Vec::new());
        let mut seen = HashSet::new();
        for (step, keys) in keys.iter().enumerate() {
            // What is found by an exact name cannot be beaten.
            if best.0 >= NEAREST {
                break;
            }
            let maps = if step == 1 {
                &self.steps[..2]
            } else {
                &self.steps[step..=step]
            };
            let found = maps
                .iter()
                .flat_map(|map| keys.iter().filter_map(|key| map.get(key)))
                .flatten();
            for change in found.copied().filter(|change| seen.insert(*change)) {
                match score(change) {
                    0 => {}
                    score if score > best.0 => best = (score, vec![change]),
                    score if score == best.0 => best.1.push(change),
                    _ => {}
                }
            }
        }
        best.1.sort_unstable();
        best.1
    }
}

/// The types of all schemas that a node refers to, directly or not. When the node is added or
/// removed, they can become tolerant or strict.
fn mentioned(tree: &Value, at: &Pointer) -> BTreeSet<String> {
    let mut seen = BTreeSet::new();
    let mut open: Vec<&Value> = tree.pointer(at.as_str()).into_iter().collect();
    while let Some(node) = open.pop() {
        match node {
            Value::Object(members) => open.extend(members.values()),
            Value::Array(items) => open.extend(items),
            _ => {}
        }
        let target = refs::reference(node).and_then(Pointer::from_reference);
        if let Some(target) = target
            && let Some(name) = component_name(&target)
            && seen.insert(pascal(&name))
        {
            open.extend(tree.pointer(target.as_str()));
        }
    }
    seen
}

/// How closely a change of the spec matches a difference in Rust; zero when it cannot be the cause.
fn likeness(names: &NodeNames, change: &Change, difference: &RustChange) -> u8 {
    let RustChange { item, member, .. } = difference;
    let is_text = TEXTS.contains(&change.kind);
    if is_text && !difference.is_documentation() {
        return 0;
    }
    let of_document = names.rust.is_empty() && names.operation.is_none() && names.parameter.is_none();
    if item == "Client" {
        let fits = of_document && (change.kind == "version" || difference.is_documentation());
        return if fits { 4 } else { 0 };
    }
    let of_method = names.operation.as_ref() == Some(item);
    let of_parameter = names.parameter.is_some();
    let of_argument = names.parameter.as_ref() == Some(member);
    // The method's doc comment also describes its parameters.
    let near = match (of_method, of_parameter) {
        (true, true) if of_argument => 6,
        (true, false) => 4,
        (true, true) => 2,
        // Of many optional parameters, each is a field of a struct.
        (false, true) if of_argument && parameters_type(names, item) => 6,
        (false, true) if member.is_empty() && parameters_type(names, item) => 2,
        // A parameter of the path item belongs to each of its methods.
        (false, true) if of_argument && names.operation.is_none() && names.rust.len() == 1 => 5,
        _ if !of_parameter && operation_type(names, item) => 3,
        _ => 0,
    };
    let text = u8::from(is_text && difference.is_documentation());
    let near = near.max(of_type(names, difference));
    if near == 0 { 0 } else { near * 2 + text }
}

/// Whether a type holds the optional parameters of the operation.
fn parameters_type(names: &NodeNames, item: &str) -> bool {
    let operation = names.operation.as_deref();
    operation.is_some_and(|operation| item == parameters_struct(operation))
}

/// Whether a type is named after the operation.
fn operation_type(names: &NodeNames, item: &str) -> bool {
    let operation = names.operation.as_deref().map(pascal);
    operation.is_some_and(|operation| item.starts_with(&operation))
}

fn of_type(names: &NodeNames, difference: &RustChange) -> u8 {
    let RustChange { item, member, .. } = difference;
    let Some((owner, field)) = names.rust.last() else {
        return 0;
    };
    let whole = field.is_empty();
    let inline = format!("{owner}{}", pascal(field.trim_end_matches('_')));
    if item == owner && member == field && !whole {
        6
    } else if item == owner && whole {
        5
    } else if item.starts_with(&inline) && (names.component.is_none() || !whole) {
        4
    } else if item == owner && (member.is_empty() || difference.kind.starts_with("trait")) {
        2
    } else {
        0
    }
}
