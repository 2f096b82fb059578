//! Checks the bounds of numbers, strings, arrays and objects. Patterns are checked in `validator`,
//! since they must be compiled.

use std::cmp::Ordering;

use serde_json::{Map, Number, Value};

use crate::spec::normal::number::Decimal;

/// The keywords of the bounds that a value violates.
pub(super) fn broken(keywords: &Map<String, Value>, value: &Value) -> Vec<&'static str> {
    match value {
        Value::Number(number) => of_number(keywords, number),
        Value::String(text) => of_size(keywords, text.chars().count(), ["minLength", "maxLength"]),
        Value::Array(items) => {
            let mut broken = of_size(keywords, items.len(), ["minItems", "maxItems"]);
            if keywords.get("uniqueItems") == Some(&Value::Bool(true)) && !are_unique(items) {
                broken.push("uniqueItems");
            }
            broken
        }
        Value::Object(members) => of_size(keywords, members.len(), ["minProperties", "maxProperties"]),
        Value::Null | Value::Bool(_) => Vec::new(),
    }
}

fn of_size(keywords: &Map<String, Value>, size: usize, names: [&'static str; 2]) -> Vec<&'static str> {
    let [least, most] = names;
    let bound = |name: &str| keywords.get(name).and_then(Value::as_u64);
    let size = size as u64;
    let mut broken = Vec::new();
    if bound(least).is_some_and(|bound| size < bound) {
        broken.push(least);
    }
    if bound(most).is_some_and(|bound| size > bound) {
        broken.push(most);
    }
    broken
}

fn of_number(keywords: &Map<String, Value>, number: &Number) -> Vec<&'static str> {
    let bound = |name: &str| keywords.get(name).and_then(Value::as_number);
    let is_exclusive = |name: &str| keywords.get(name) == Some(&Value::Bool(true));
    let mut broken = Vec::new();
    if let Some(order) = bound("minimum").map(|bound| compare(number, bound)) {
        if order == Ordering::Less {
            broken.push("minimum");
        } else if order == Ordering::Equal && is_exclusive("exclusiveMinimum") {
            broken.push("exclusiveMinimum");
        }
    }
    if let Some(order) = bound("maximum").map(|bound| compare(number, bound)) {
        if order == Ordering::Greater {
            broken.push("maximum");
        } else if order == Ordering::Equal && is_exclusive("exclusiveMaximum") {
            broken.push("exclusiveMaximum");
        }
    }
    if bound("multipleOf").is_some_and(|step| !is_multiple(number, step)) {
        broken.push("multipleOf");
    }
    broken
}

/// Compares numbers as they are written, since their floats can be rounded.
fn compare(left: &Number, right: &Number) -> Ordering {
    let exact = || Decimal::of(left)?.compare(Decimal::of(right)?);
    exact().unwrap_or_else(|| float(left).total_cmp(&float(right)))
}

fn is_multiple(number: &Number, step: &Number) -> bool {
    let exact = || Decimal::of(number)?.is_multiple_of(Decimal::of(step)?);
    exact() == Some(true) || is_nearly_multiple(float(number), float(step))
}

/// Whether the remainder is no greater than the error of a sum of floats, such as that of
/// 0.30000000000000004.
fn is_nearly_multiple(number: f64, step: f64) -> bool {
    const ERROR: f64 = 8.0 * f64::EPSILON;
    let quotient = number / step;
    let remainder = (quotient - quotient.round()).abs();
    !quotient.is_finite() || (quotient.abs() < 1e9 && remainder <= ERROR * quotient.abs())
}

fn float(number: &Number) -> f64 {
    // Without arbitrary precision, every JSON number is also a float.
    number.as_f64().unwrap_or_default()
}

/// Whether all items differ. Sorting them avoids quadratic time for a long array.
fn are_unique(items: &[Value]) -> bool {
    let mut texts: Vec<String> = items.iter().map(Value::to_string).collect();
    texts.sort_unstable();
    texts.windows(2).all(|pair| pair[0] != pair[1])
}
