//! Whether the generator would merge schemas without an end.
//!
//! It merges what is said about one value: the parts of an `allOf`, keywords beside them, and unions
//! beside either. For a property that several of them describe, it merges those descriptions, too,
//! and follows references for that. This follows the same way with the places of the schemas alone:
//! if the same places are to be merged while they are being merged, the generator would not end.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use crate::spec::Pointer;
use crate::spec::refs::{self, Located};

/// The limit on merges within merges. The generator's stack would end not far beyond.
const MAX_DEPTH: usize = 200;

/// The limit on merges from one schema.
const MAX_MERGES: usize = 20_000;

/// The schemas that describe one value together, and how often each does: once, or more than once.
/// The generator also merges a schema with itself, unless both are the same reference.
type Together = BTreeMap<Pointer, usize>;

/// How often a schema counts at most.
const TWICE: usize = 2;

/// Finds merges without an end, and remembers those that end.
pub(super) struct Recursion<'t> {
    tree: &'t Value,
    ended: BTreeSet<Together>,
}

impl<'t> Recursion<'t> {
    pub(super) fn of(tree: &'t Value) -> Self {
        let ended = BTreeSet::new();
        Self { tree, ended }
    }

    /// Whether the type of a schema could be written without an end of merges.
    pub(super) fn ends(&mut self, at: &Pointer) -> bool {
        let mut merges = 0;
        self.follow(Together::from([(at.clone(), 1)]), &mut Vec::new(), &mut merges)
    }

    fn follow(&mut self, together: Together, open: &mut Vec<Together>, merges: &mut usize) -> bool {
        if self.is_named(&together) || self.ended.contains(&together) {
            return true;
        }
        *merges += 1;
        if open.contains(&together) || open.len() > MAX_DEPTH || *merges > MAX_MERGES {
            return false;
        }
        open.push(together.clone());
        let ends = self
            .inner(&together)
            .into_iter()
            .all(|inner| self.follow(inner, open, merges));
        open.pop();
        if ends {
            self.ended.insert(together);
        }
        ends
    }

    /// Whether all schemas are references to one component, which has a type of its own.
    fn is_named(&self, together: &Together) -> bool {
        let target = |at: &Pointer| {
            let value = self.tree.pointer(at.as_str())?;
            refs::reference(value)
        };
        let mut targets = together.keys().map(target);
        let first = targets.next().flatten();
        first.is_some() && targets.all(|target| target == first)
    }

    /// What describes the values inside of a value together.
    fn inner(&self, together: &Together) -> Vec<Together> {
        let parts = self.parts(together);
        if !is_merged(together) && parts.len() == 1 && !is_composed(parts[0].1) {
            let (at, keywords, _) = &parts[0];
            let value = Value::Object((*keywords).clone());
            let inner = refs::inner_schemas(&Located {
                at: at.clone(),
                value: &value,
            });
            return inner.into_iter().map(|inner| Together::from([(inner.at, 1)])).collect();
        }
        let mut members: BTreeMap<&String, Together> = BTreeMap::new();
        let mut items = Together::new();
        let mut others = Together::new();
        let properties = |keywords: &'t Map<String, Value>| keywords.get("properties").and_then(Value::as_object);
        for (at, keywords, count) in &parts {
            for name in properties(keywords).into_iter().flat_map(Map::keys) {
                let described = members.entry(name).or_default();
                described.insert(at.below(&["properties", name]), *count);
            }
            items.extend(keywords.get("items").map(|_| (at.child("items"), *count)));
            let additional = keywords.get("additionalProperties").filter(|value| value.is_object());
            others.extend(additional.map(|_| (at.child("additionalProperties"), *count)));
        }
        // A part that does not describe a property applies its additional properties to it.
        for (name, described) in &mut members {
            let silent = parts.iter().filter(|(_, keywords, _)| {
                properties(keywords).is_none_or(|properties| !properties.contains_key(*name))
            });
            described.extend(
                silent
                    .map(|(at, _, count)| (at.child("additionalProperties"), *count))
                    .filter(|(at, _)| others.contains_key(at)),
            );
        }
        members
            .into_values()
            .chain([items, others])
            .filter(|inner| !inner.is_empty())
            .collect()
    }

    /// The schemas that describe the same value, references resolved and compositions taken apart,
    /// and how often each does.
    fn parts(&self, together: &Together) -> Vec<(Pointer, &'t Map<String, Value>, usize)> {
        let mut found: BTreeMap<Pointer, (&'t Map<String, Value>, usize)> = BTreeMap::new();
        let mut seen = Together::new();
        let repeated = together.iter().map(|(at, count)| std::iter::repeat_n(at, *count));
        let mut open: Vec<Pointer> = repeated.flatten().cloned().collect();
        while let Some(at) = open.pop() {
            let Some(keywords) = self.tree.pointer(at.as_str()).and_then(Value::as_object) else {
                continue;
            };
            let count = seen.entry(at.clone()).or_default();
            if *count == TWICE {
                continue;
            }
            *count += 1;
            if let Some(Value::String(reference)) = keywords.get("$ref") {
                // A reference alone has a type of its own; here it is merged with others.
                open.extend(Pointer::from_reference(reference));
                continue;
            }
            found.entry(at.clone()).or_insert((keywords, 0)).1 += 1;
            if !is_merged(together) && together.contains_key(&at) && !is_composed(keywords) {
                continue;
            }
            for name in ["allOf", "oneOf", "anyOf"] {
                let count = keywords.get(name).and_then(Value::as_array).map_or(0, Vec::len);
                open.extend((0..count).map(|index| at.child(name).child(index)));
            }
            open.extend(keywords.get("not").map(|_| at.child("not")));
        }
        let found = found.into_iter();
        found.map(|(at, (keywords, count))| (at, keywords, count)).collect()
    }
}

fn is_merged(together: &Together) -> bool {
    together.values().sum::<usize>() > 1
}

/// Whether the generator would have to merge what the keywords say.
pub(super) fn is_composed(keywords: &Map<String, Value>) -> bool {
    let count = |name: &str| keywords.get(name).and_then(Value::as_array).map_or(0, Vec::len);
    let has = |name: &str| usize::from(keywords.contains_key(name));
    let own = [
        "additionalProperties",
        "enum",
        "items",
        "properties",
        "required",
        "type",
    ];
    let own = usize::from(own.iter().any(|name| keywords.contains_key(*name)));
    count("allOf") > 1 || count("allOf") + has("oneOf") + has("anyOf") + has("not") + own > 1
}
