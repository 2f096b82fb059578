//! Which parts of two documents are written the same and refer only to such parts, so that they
//! need no comparison.

use std::collections::{HashMap, HashSet};

use serde_json::Value;

use crate::spec::Pointer;
use crate::spec::refs::{self, Located};

/// The components that differ between two documents, or refer to one that does.
pub(super) struct Sameness {
    /// By section and name, such as `schemas/Note`.
    differing: HashSet<String>,
    /// Whether what a reference leads to is the same.
    known: HashMap<String, bool>,
}

impl Sameness {
    pub(super) fn of(old: &Value, new: &Value) -> Self {
        let (before, after) = (components(old), components(new));
        let mut differing = HashSet::new();
        let mut users: HashMap<String, Vec<&String>> = HashMap::new();
        for (unit, value) in &before {
            if after.get(unit) != Some(value) {
                differing.insert(unit.clone());
                continue;
            }
            let mut targets = Vec::new();
            references(value, &mut targets);
            for target in targets {
                users.entry(unit_of(target)).or_default().push(unit);
            }
        }
        for (unit, value) in before
            .iter()
            .chain(&after)
            .filter(|(unit, _)| unit.starts_with("schemas/"))
        {
            for base in refs::items(value, "allOf").filter_map(refs::reference).map(unit_of) {
                // A discriminator leads from a schema to those that inherit from it.
                let leads = |base: &Value| ["allOf", "discriminator"].iter().any(|name| base.get(name).is_some());
                if let Some((base, _)) = before.get_key_value(&base).filter(|(_, base)| leads(base)) {
                    users.entry(unit.clone()).or_default().push(base);
                }
            }
        }
        differing.extend(after.keys().filter(|unit| !before.contains_key(*unit)).cloned());
        let elsewhere = users.keys().filter(|unit| !before.contains_key(*unit));
        let mut open: Vec<String> = differing.iter().chain(elsewhere).cloned().collect();
        while let Some(unit) = open.pop() {
            for user in users.get(&unit).into_iter().flatten() {
                if differing.insert((*user).clone()) {
                    open.push((*user).clone());
                }
            }
        }
        Self {
            differing,
            known: HashMap::new(),
        }
    }

    /// Whether two nodes mean the same because they are written the same.
    pub(super) fn is_same(&mut self, old: &Located<'_>, new: &Located<'_>) -> bool {
        if old.value != new.value {
            return false;
        }
        let mut targets = Vec::new();
        references(old.value, &mut targets);
        targets.into_iter().all(|target| {
            if let Some(is_same) = self.known.get(target) {
                return *is_same;
            }
            let unit = unit_of(target);
            let is_same = !unit.is_empty() && !self.differing.contains(&unit);
            self.known.insert(target.to_owned(), is_same);
            is_same
        })
    }
}

/// The components of a document.
fn components(tree: &Value) -> HashMap<String, &Value> {
    let sections = refs::members(tree, "components");
    let components = sections.flat_map(|(section, _)| {
        let all = tree.get("components").into_iter();
        all.flat_map(move |all| refs::members(all, section))
            .map(move |(name, value)| (format!("{section}/{name}"), value))
    });
    components.collect()
}

/// The component that a reference leads to or into; empty for any other target.
fn unit_of(reference: &str) -> String {
    let target = Pointer::from_reference(reference).unwrap_or_default();
    let mut steps = target.as_str().split('/').skip(1).map(Pointer::unescaped);
    match (steps.next().as_deref(), steps.next(), steps.next()) {
        (Some("components"), Some(section), Some(name)) => format!("{section}/{name}"),
        _ => String::new(),
    }
}

/// All references at or below a node.
fn references<'t>(node: &'t Value, found: &mut Vec<&'t str>) {
    match node {
        Value::Object(members) => {
            found.extend(refs::reference(node));
            members.values().for_each(|value| references(value, found));
        }
        Value::Array(items) => items.iter().for_each(|item| references(item, found)),
        _ => {}
    }
}
