//! Schemas that no value matches: bounds, and parts of a composition, that exclude each other.
//!
//! They are found in the normal form, in which everything that applies to one value is one schema.

use std::cmp::Ordering;

use super::checker::Checker;
use crate::spec::nodes::Node;
use crate::spec::normal::normaliser::{Normaliser, listed};
use crate::spec::normal::schema::{Place, Schema};
use crate::spec::normal::types::Types;
use crate::spec::refs::Located;

/// Pairs of lower and upper bounds on a size.
const SIZES: [(&str, &str); 3] = [
    ("minItems", "maxItems"),
    ("minLength", "maxLength"),
    ("minProperties", "maxProperties"),
];

/// The limit on properties of properties that several parts describe.
const MAX_DEPTH: usize = 8;

impl<'s> Checker<'s> {
    pub(super) fn contradictions(&mut self, node: &Node<'s>, normaliser: &Normaliser<'s>) {
        let schema = Located {
            at: node.at.clone(),
            value: node.value,
        };
        let mut parts = ["allOf", "oneOf", "anyOf"]
            .into_iter()
            .flat_map(|keyword| listed(&schema, keyword))
            .peekable();
        if parts.peek().is_none() {
            if let Some((keyword, problem)) = bounds(&normaliser.schema(&Place::of(&schema))) {
                let message = format!("{problem}, so no value is valid");
                self.report(
                    "schema-bounds",
                    &node.at.child(keyword),
                    &message,
                    "Correct one of them.",
                );
            }
            return;
        }
        // What is wrong in a part alone is reported there.
        if !parts.any(|part| problem(normaliser, &Place::of(&part), 0).is_some())
            && let Some(problem) = problem(normaliser, &Place::of(&schema), 0)
        {
            let what = match problem.path.as_slice() {
                [] => "no value".to_owned(),
                path => format!("no value of the property `{}`", path.join(".")),
            };
            let message = format!("{}, so {what} matches all parts of this schema", problem.clause);
            self.report("schema-impossible", &node.at, &message, "Correct one of the parts.");
        }
    }
}

/// What excludes every value.
struct Problem<'t> {
    /// The names that lead to the property without a valid value.
    path: Vec<&'t str>,
    clause: String,
}

/// Why no value is valid at a place, or no value of a property that several parts describe.
fn problem<'t>(normaliser: &Normaliser<'t>, place: &Place<'t>, depth: usize) -> Option<Problem<'t>> {
    let schema = normaliser.schema(place);
    let here = |clause: &str| {
        Some(Problem {
            path: Vec::new(),
            clause: clause.to_owned(),
        })
    };
    if let Some((_, clause)) = bounds(&schema) {
        return here(&clause);
    }
    if schema.types == Types::NONE {
        return here(match schema.values {
            Some(_) => "no value of an enum is valid in the other parts",
            None => "the parts have no type in common",
        });
    }
    if schema.types.without(Types::NULL) != Types::OBJECT || depth > MAX_DEPTH {
        return None;
    }
    let is_forbidden = |name: &&&str| {
        let place = schema.properties.get(**name).or(schema.additional.as_ref());
        place.is_some_and(|place| place.is_forbidden)
    };
    if let Some(name) = schema.required.keys().find(is_forbidden) {
        return here(&format!(
            "one part requires the property `{name}`, and another allows no additional properties"
        ));
    }
    schema.properties.iter().find_map(|(name, place)| {
        let is_described = |node: &&Located<'t>| node.at.parent().is_some_and(|above| above.name() == "properties");
        let nodes: Vec<Located<'t>> = place.nodes.iter().filter(is_described).cloned().collect();
        if place.is_forbidden && !nodes.is_empty() {
            return Some(Problem {
                path: vec![name],
                clause: "another part allows no additional properties".to_owned(),
            });
        }
        let is_wrong = |node| problem(normaliser, &Place::of(node), depth + 1).is_some();
        if nodes.len() < 2 || nodes.iter().any(is_wrong) {
            return None;
        }
        let place = Place {
            nodes,
            is_forbidden: false,
        };
        let mut problem = problem(normaliser, &place, depth + 1)?;
        problem.path.insert(0, name);
        Some(problem)
    })
}

/// Two bounds that exclude each other: the keyword of the lower one, and a clause.
fn bounds(schema: &Schema<'_>) -> Option<(&'static str, String)> {
    let sizes = || {
        SIZES.into_iter().find_map(|(lower, upper)| {
            let (least, most) = (schema.counts.get(lower)?, schema.counts.get(upper)?);
            let is_greater = least.compare(*most) == Some(Ordering::Greater);
            is_greater.then(|| (lower, format!("`{lower}` {least} is greater than `{upper}` {most}")))
        })
    };
    number_bounds(schema).map(|problem| ("minimum", problem)).or_else(sizes)
}

fn number_bounds(schema: &Schema<'_>) -> Option<String> {
    let (least, most) = (schema.minimum?, schema.maximum?);
    let (lower, upper) = (least.value, most.value);
    match lower.compare(upper)? {
        // The normal form has rounded the bounds.
        Ordering::Greater if !schema.own_types.has(Types::FRACTION) => {
            Some(format!("the least integer is {lower} and the greatest is {upper}"))
        }
        Ordering::Greater => Some(format!("`minimum` {lower} is greater than `maximum` {upper}")),
        Ordering::Equal if least.is_exclusive || most.is_exclusive => Some(format!(
            "`minimum` and `maximum` are {lower}, and one of them is exclusive"
        )),
        _ => None,
    }
}
