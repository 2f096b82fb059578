//! Puts deviations into words: a sentence and a remedy for each, with its location in the spec.

use std::fmt;

use serde_json::{Value, json};

use super::detect::{DriftRule, Observation, ObservationKey};
use crate::spec::{Finding, Severity, Spec};

/// One deviation of responses from a spec.
///
/// Prints as its finding, with the count and the first occurrence before the remedy.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Deviation {
    /// What deviates, and where the spec contradicts it or should describe it.
    pub finding: Finding,
    /// The number of occurrences. For a field that never occurred, the number of responses in which
    /// it could have.
    pub count: usize,
    /// The first occurrence: file, line or entry, and path in the body. Empty for a field that
    /// never occurred.
    pub example: String,
    /// Whether the patch fixes it.
    pub patched: bool,
}

impl Deviation {
    /// As JSON, with the members `rule`, `severity`, `file`, `line`, `column`, `pointer`,
    /// `message`, `count`, `example`, `patched` and `remedy`.
    #[must_use]
    pub fn to_json(&self) -> Value {
        let Finding {
            rule,
            severity,
            file,
            location,
            pointer,
            message,
            remedy,
        } = &self.finding;
        json!({
            "rule": rule,
            "severity": severity.to_string(),
            "file": file,
            "line": location.map(|location| location.line),
            "column": location.map(|location| location.column),
            "pointer": pointer.to_string(),
            "message": message,
            "count": self.count,
            "example": (!self.example.is_empty()).then_some(&self.example),
            "patched": self.patched,
            "remedy": remedy,
        })
    }
}

impl fmt::Display for Deviation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut whole = self.finding.clone();
        if !self.example.is_empty() {
            let seen = match self.count {
                1 => format!("Seen at {}.", self.example),
                count => format!("Seen {count} times, first at {}.", self.example),
            };
            whole.message = format!("{} {seen}", whole.message);
        }
        write!(f, "{whole}")
    }
}

/// The deviation for one observation.
pub(super) fn deviation(spec: &Spec, key: &ObservationKey, observation: &Observation, patched: bool) -> Deviation {
    let (message, by_hand) = words(spec, key, observation);
    let remedy = if patched {
        "Apply the patch if the provider now responds like this.".to_owned()
    } else {
        by_hand
    };
    let mut finding = spec.error(key.rule.name(), &key.node, &message, &remedy);
    finding.severity = key.rule.severity();
    Deviation {
        finding,
        count: observation.count,
        example: observation.example.clone(),
        patched,
    }
}

/// What happened, and the remedy when there is no patch.
fn words(spec: &Spec, key: &ObservationKey, observation: &Observation) -> (String, String) {
    let ObservationKey { rule, detail, .. } = key;
    let observed = observation.shape.words();
    match rule {
        DriftRule::FieldUnknown if detail.is_empty() => (
            "fields have names that look like data, or there are too many of them".to_owned(),
            "If this is a map, add `additionalProperties`.".to_owned(),
        ),
        DriftRule::FieldUnknown => (
            format!("the field `{detail}` is not described; its value was {observed}"),
            "Describe the field by hand; the spec cannot be edited automatically here, or the generator does not support such values."
                .to_owned(),
        ),
        DriftRule::FieldMissing => (
            format!("the required field `{detail}` was missing"),
            "Remove it from `required` by hand.".to_owned(),
        ),
        DriftRule::Null => (
            "the value was null, which the spec does not allow".to_owned(),
            "Add `nullable: true` by hand, beside the type that forbids null.".to_owned(),
        ),
        DriftRule::Variant => (
            format!("the value was {observed}, which matches no variant in the spec"),
            "Describe the variant by hand; objects of a union need a field with a single value that tells them apart.".to_owned(),
        ),
        DriftRule::Type => (
            format!("the spec says {}, but the value was {observed}", observation.expected),
            "Describe both by hand, as a `oneOf`.".to_owned(),
        ),
        DriftRule::EnumValue if detail.is_empty() => (
            format!("the enum does not list a value (not shown), {}", observation.kind),
            "Look at the recording, and add the value by hand; if a field has very many values, remove the enum.".to_owned(),
        ),
        DriftRule::EnumValue => (
            format!("the enum does not list `{detail}`"),
            "Add the value by hand.".to_owned(),
        ),
        DriftRule::Format if observation.expected == "zone" => (
            "the value was a time without a time zone, which is not a `date-time`".to_owned(),
            "Remove the format by hand, and state the time zone in the description.".to_owned(),
        ),
        DriftRule::Format => (
            format!("the value was {}, which does not match the format `{detail}`", observation.kind),
            "Remove the format by hand.".to_owned(),
        ),
        DriftRule::Bound => (
            format!("the value was {}, which violates `{detail}`", observation.kind),
            "Remove or correct the bound by hand.".to_owned(),
        ),
        DriftRule::Forbidden => (
            format!("the value was {}, which the schema under `not` forbids", observation.kind),
            "Correct the schema by hand.".to_owned(),
        ),
        DriftRule::ParameterUnknown if detail.is_empty() => (
            "undescribed query parameters have names that look like data, or there are too many of them"
                .to_owned(),
            "Look at the recording, and describe them by hand.".to_owned(),
        ),
        DriftRule::ParameterUnknown => (
            format!("the query parameter `{detail}` is not described"),
            "Describe it by hand if the provider accepts it; no request with it succeeded.".to_owned(),
        ),
        DriftRule::ParameterMissing => (
            format!("a request was sent without the required parameter `{detail}`"),
            "Make it optional by hand if the provider does not need it; no such request succeeded.".to_owned(),
        ),
        DriftRule::RequestValue => (
            format!("a request was sent with a value for `{detail}` that the spec does not allow"),
            if observation.accepted {
                "It succeeded; allow the value by hand if the provider does.".to_owned()
            } else {
                "It did not succeed; correct the sender.".to_owned()
            },
        ),
        DriftRule::Status if detail.is_empty() => (
            "there were too many undeclared statuses to list".to_owned(),
            "Look at the recording, and declare by hand those that the provider sends.".to_owned(),
        ),
        DriftRule::Status => (
            format!("the status {detail} is not declared"),
            "Declare it by hand; the generator supports one type of success response.".to_owned(),
        ),
        DriftRule::MediaType => (
            if detail.is_empty() {
                "the response has an undeclared media type".to_owned()
            } else {
                format!("the response has the undeclared media type `{detail}`")
            },
            "Declare it by hand if the provider sends it, not a proxy.".to_owned(),
        ),
        DriftRule::NotJson => (
            format!("the spec says JSON, but the body was {}", observation.kind),
            "Explain in the description when this happens; a schema cannot express it.".to_owned(),
        ),
        DriftRule::Endpoint if detail.is_empty() => (
            "requests to too many unknown paths to list".to_owned(),
            "Look at the recording, and remove requests to other services from it.".to_owned(),
        ),
        DriftRule::Endpoint => (
            format!("no operation matches {detail}"),
            "Describe it by hand if you need it; one recording does not show what an endpoint means or how it can respond."
                .to_owned(),
        ),
        DriftRule::FieldNeverSeen => (
            match observation.count {
                1 => format!("the field `{detail}` did not occur{}", known_from(spec, key)),
                count => format!("the field `{detail}` occurred in none of {count} responses{}", known_from(spec, key)),
            },
            "Keep it as long as the provider documents it.".to_owned(),
        ),
        DriftRule::BodyNotRecorded => (
            "the archive does not contain the body of this response".to_owned(),
            "Record bodies too, so that they can be compared.".to_owned(),
        ),
        DriftRule::BodyUndecodable => (
            "the body cannot be decoded: it is compressed, or marked as base64 and neither base64 nor JSON".to_owned(),
            "Record it again; it was not compared.".to_owned(),
        ),
        DriftRule::OtherHost => (
            "a request to a host that no spec names was skipped".to_owned(),
            "Add the server to a spec if it belongs to a provider.".to_owned(),
        ),
    }
}

fn responses(count: usize) -> String {
    if count == 1 {
        "1 response".to_owned()
    } else {
        format!("{count} responses")
    }
}

/// The evidence of a field in words. A field known only from a table is a known contradiction
/// between a document and its examples.
fn known_from(spec: &Spec, key: &ObservationKey) -> String {
    let node = spec.tree().pointer(key.node.as_str());
    let marks: Vec<&str> = match node.and_then(|node| node.get("x-evidence")) {
        Some(Value::String(mark)) => vec![mark],
        Some(Value::Array(marks)) => marks.iter().filter_map(Value::as_str).collect(),
        _ => return "; the spec gives no evidence for it".to_owned(),
    };
    let word = |mark: &&str| match *mark {
        "table" => "the documentation's table",
        "example" => "the documentation's example",
        "live" => "other live responses",
        "sdk" => "the provider's SDK",
        "inferred" => "inference",
        _ => "something else",
    };
    match marks.as_slice() {
        ["table"] => "; only the documentation's table has it".to_owned(),
        marks => format!(
            "; it is known from {}",
            marks.iter().map(word).collect::<Vec<_>>().join(", ")
        ),
    }
}

/// The number of findings by severity, in words.
pub(super) fn summary(answers_read: usize, deviations: &[Deviation]) -> String {
    let count = |severity| {
        deviations
            .iter()
            .filter(|deviation| deviation.finding.severity == severity)
            .count()
    };
    let counted = |number: usize, word: &str| format!("{number} {word}{}", if number == 1 { "" } else { "s" });
    format!(
        "{}: {}, {}, {}.",
        responses(answers_read),
        counted(count(Severity::Error), "error"),
        counted(count(Severity::Warning), "warning"),
        counted(count(Severity::Note), "note"),
    )
}
