//! Compares a request with its operation: query parameters, path parameters and the body. Headers
//! are ignored, since they hold keys and recorders omit them.

use serde_json::Value;

use super::Observer;
use crate::drift::detect::observations::{DriftRule, ObservationKey};
use crate::drift::detect::{display, shape};
use crate::drift::input::{Request, decode};
use crate::spec::Pointer;
use crate::spec::refs::{self, Located};
use crate::validate::{Mismatch, MismatchKind};

/// What the facade's recorder writes in place of a secret.
const REDACTED: &str = "[redacted]";

impl<'s> Observer<'s> {
    /// Compares a request with its operation.
    pub(super) fn request(&mut self, index: usize, request: &Request, status: u16, place: &str) {
        let route = &self.routes[index];
        let spec = route.spec;
        let accepted = (200..300).contains(&status);
        let of_place = |kind: &str| -> Vec<(String, Located<'s>)> {
            let all = route.operation.parameters.iter();
            let all = all.filter(|found| found.value.get("in").and_then(Value::as_str) == Some(kind));
            all.filter_map(|found| Some((found.value.get("name")?.as_str()?.to_owned(), found.clone())))
                .collect()
        };
        let in_query = of_place("query");
        let mut found: Vec<(ObservationKey, Option<String>)> = Vec::new();
        let key = |node: &Pointer, rule, detail: &str| ObservationKey {
            spec,
            node: node.clone(),
            rule,
            detail: detail.to_owned(),
        };
        for (name, value) in &request.query {
            // `ids[]` and `filter[a]` are lists and objects in the parameter before the bracket.
            let base = name.split('[').next().unwrap_or_default();
            let known = in_query.iter().find(|(known, _)| known == name || known == base);
            let Some((known, parameter)) = known else {
                let detail = if display::is_a_name(name) { name.as_str() } else { "" };
                found.push((
                    key(&route.operation.at, DriftRule::ParameterUnknown, detail),
                    Some(value.clone()),
                ));
                continue;
            };
            if !self.takes_text(spec, parameter, value) {
                found.push((key(&parameter.at, DriftRule::RequestValue, known), Some(value.clone())));
            }
        }
        for (name, parameter) in &in_query {
            let is_required = parameter.value.get("required") == Some(&Value::Bool(true));
            let is_sent = request
                .query
                .iter()
                .any(|(sent, _)| sent == name || sent.split('[').next() == Some(name));
            if is_required && !is_sent {
                found.push((key(&parameter.at, DriftRule::ParameterMissing, name), None));
            }
        }
        let template: Vec<&str> = route.operation.path.trim_matches('/').split('/').collect();
        let path: Vec<&str> = request.path.trim_matches('/').split('/').collect();
        let before = path.len().saturating_sub(template.len());
        for (name, parameter) in of_place("path") {
            let pairs = template.iter().zip(&path[before..]);
            let segment = pairs
                .filter(|(expected, _)| **expected == format!("{{{name}}}"))
                .map(|(_, segment)| segment)
                .next();
            let value = segment.map(|segment| decode(&segment.replace('+', "%2B")));
            if let Some(value) = value.filter(|value| !self.takes_text(spec, &parameter, value)) {
                found.push((key(&parameter.at, DriftRule::RequestValue, &name), Some(value)));
            }
        }
        let body_schema = refs::request_body_schema(self.specs[spec].tree(), &route.operation);
        if let (Some(schema), Some(body)) = (body_schema, &request.body) {
            let validation = self.validators[spec].validate(&schema.at, body);
            let tree = self.specs[spec].tree();
            // Only responses have these.
            let is_read_only = |mismatch: &Mismatch| match &mismatch.kind {
                MismatchKind::Missing { name } => refs::is_marked(tree, &mismatch.schema, name, "readOnly"),
                _ => false,
            };
            let mut mismatches = validation.mismatches.iter();
            if mismatches.any(|mismatch| !mismatch.is_unknown() && !is_read_only(mismatch)) {
                found.push((key(&schema.at, DriftRule::RequestValue, "body"), None));
            }
        }
        for (key, value) in found {
            let observation = self.observations.count(key, || place.to_owned());
            observation.accepted |= accepted;
            if let Some(value) = value {
                observation.shape.add_text(&value);
                observation.kind = display::kind_of_value(&Value::String(value));
            }
        }
    }

    /// Whether a parameter accepts a text, which may stand for a number or a boolean. A redacted
    /// value counts as accepted.
    fn takes_text(&self, spec: usize, parameter: &Located<'_>, text: &str) -> bool {
        let Some(schema) = parameter.value.get("schema").filter(|_| text != REDACTED) else {
            return true;
        };
        let at = parameter.at.child("schema");
        let resolved = refs::resolve(
            self.specs[spec].tree(),
            Located {
                at: at.clone(),
                value: schema,
            },
        );
        // Lists and objects have many styles, which are not parsed here.
        let kind = resolved.and_then(|found| found.value.get("type").and_then(Value::as_str));
        if matches!(kind, Some("array" | "object")) {
            return true;
        }
        let mut readings = vec![Value::String(text.to_owned())];
        if shape::is_integer(text) || text.parse::<f64>().is_ok_and(f64::is_finite) {
            readings.extend(serde_json::from_str(text).ok());
        }
        match text {
            "true" | "false" => readings.push(Value::Bool(text == "true")),
            "" | "null" => readings.push(Value::Null),
            _ => {}
        }
        readings
            .iter()
            .any(|reading| self.validators[spec].validate(&at, reading).mismatches.is_empty())
    }
}
