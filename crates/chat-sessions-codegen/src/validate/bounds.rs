//! Checks the bounds of numbers, strings, arrays and objects. Patterns are checked in `validator`,
//! since they must be compiled.

use std::cmp::Ordering;

use serde_json::{Map, Number, Value};

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

/// Compares integers as integers, since those above 2⁵³ would be rounded as floats.
fn compare(left: &Number, right: &Number) -> Ordering {
    match (integer(left), integer(right)) {
        (Some(left), Some(right)) => left.cmp(&right),
        _ => float(left).total_cmp(&float(right)),
    }
}

fn is_multiple(number: &Number, step: &Number) -> bool {
    match (integer(number), integer(step)) {
        (_, Some(0)) => true,
        (Some(number), Some(step)) => number % step == 0,
        _ => decimal_is_multiple(number, step) || is_nearly_multiple(float(number), float(step)),
    }
}

/// Compares the decimals as they are written, exactly. Their floats differ from them.
fn decimal_is_multiple(number: &Number, step: &Number) -> bool {
    let (Some((number, exponent)), Some((step, step_exponent))) = (decimal(number), decimal(step)) else {
        return false;
    };
    let Ok(shift) = usize::try_from((exponent - step_exponent).unsigned_abs()) else {
        return false;
    };
    match (step, exponent >= step_exponent) {
        (0, _) => true,
        // The digits of a number have 64 bits at most, so that no product overflows.
        (_, true) => (0..shift).fold(number % step, |rest, _| rest * 10 % step) == 0,
        (_, false) => {
            let step = (0..shift).try_fold(step, |step, _| step.checked_mul(10));
            number == 0 || step.is_some_and(|step| number % step == 0)
        }
    }
}

/// The digits of a decimal without its sign, and its exponent.
fn decimal(number: &Number) -> Option<(u128, i64)> {
    let text = number.to_string();
    let text = text.trim_start_matches('-');
    let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = format!("{whole}{fraction}").parse().ok()?;
    let exponent: i64 = exponent.parse().ok()?;
    Some((digits, exponent - i64::try_from(fraction.len()).ok()?))
}

/// Whether the remainder is no greater than the error of a sum of floats, such as that of
/// 0.30000000000000004.
fn is_nearly_multiple(number: f64, step: f64) -> bool {
    const ERROR: f64 = 8.0 * f64::EPSILON;
    let quotient = number / step;
    let remainder = (quotient - quotient.round()).abs();
    !quotient.is_finite() || (quotient.abs() < 1e9 && remainder <= ERROR * quotient.abs())
}

fn integer(number: &Number) -> Option<i128> {
    number
        .as_i64()
        .map(i128::from)
        .or_else(|| number.as_u64().map(i128::from))
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
