//! What was seen, in words: one sentence and one remedy for each thing, with its place in the spec.

use std::fmt;

use serde_json::{Value, json};

use super::detect::{DriftRule, Observation, ObservationKey};
use crate::spec::{Finding, Severity, Spec};

/// One thing in which answers and a spec disagree.
///
/// Prints as its finding, with how often and where it was seen before the remedy.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Deviation {
    /// What it is, and where the spec says otherwise or would have to say it.
    pub finding: Finding,
    /// How often it was seen; of a field that never came, in how many answers it could have come.
    pub count: usize,
    /// Where it was seen first: file, line or entry, and place in the body. Empty for a field that
    /// never came.
    pub example: String,
    /// Whether the patch takes care of it.
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

/// Puts one sighting into words.
pub(super) fn deviation(spec: &Spec, key: &ObservationKey, observation: &Observation, patched: bool) -> Deviation {
    let (message, by_hand) = words(spec, key, observation);
    let remedy = if patched {
        "Apply the patch if this is how the provider answers now.".to_owned()
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

/// What happened, and what to do where no patch does it.
fn words(spec: &Spec, key: &ObservationKey, observation: &Observation) -> (String, String) {
    let ObservationKey { rule, detail, .. } = key;
    let came = observation.shape.words();
    match rule {
        DriftRule::FieldUnknown if detail.is_empty() => (
            "fields came whose names look like data, or more of them than an object has fields".to_owned(),
            "If they are the names of a map, say so with `additionalProperties`.".to_owned(),
        ),
        DriftRule::FieldUnknown => (
            format!("the field `{detail}` is not described; {came} came"),
            "Describe the field by hand; the spec is written in a way that cannot be edited here, or the generator does not take what came."
                .to_owned(),
        ),
        DriftRule::FieldMissing => (
            format!("the required field `{detail}` did not come"),
            "Take it out of `required` by hand.".to_owned(),
        ),
        DriftRule::Null => (
            "null came, and the spec does not say `nullable`".to_owned(),
            "Say by hand where null can stand.".to_owned(),
        ),
        DriftRule::Variant => (
            format!("{came} came, which is none of the forms that the spec lists"),
            "Describe the form by hand; objects of a union need a field with one value that tells them apart.".to_owned(),
        ),
        DriftRule::Type => (
            format!("the spec says {}, and {came} came", observation.expected),
            "Describe both by hand, as a `oneOf`.".to_owned(),
        ),
        DriftRule::EnumValue if detail.is_empty() => (
            format!("the enum does not list a value that is not shown here, {}", observation.kind),
            "Look it up at the place, and add it by hand; a field with very many values is none with an enum.".to_owned(),
        ),
        DriftRule::EnumValue => (
            format!("the enum does not list `{detail}`"),
            "Add the value by hand.".to_owned(),
        ),
        DriftRule::Format if observation.expected == "zone" => (
            "a time without a zone came, which is no `date-time`".to_owned(),
            "Take the format out by hand, and say in the description which zone is meant.".to_owned(),
        ),
        DriftRule::Format => (
            format!("{} came, which is not of the format `{detail}`", observation.kind),
            "Take the format out by hand.".to_owned(),
        ),
        DriftRule::Bound => (
            format!("{} came, which does not keep `{detail}`", observation.kind),
            "Take the bound out by hand, or correct it.".to_owned(),
        ),
        DriftRule::Forbidden => (
            format!("{} came that the schema under `not` forbids", observation.kind),
            "Correct the schema by hand.".to_owned(),
        ),
        DriftRule::ParameterUnknown if detail.is_empty() => (
            "query parameters came that are not described, and whose names look like data, or more of them than an operation has"
                .to_owned(),
            "Look them up at the place, and describe them by hand.".to_owned(),
        ),
        DriftRule::ParameterUnknown => (
            format!("the query parameter `{detail}` is not described"),
            "Describe it by hand if the provider takes it; no request with it was answered with a success.".to_owned(),
        ),
        DriftRule::ParameterMissing => (
            format!("a request came without the required parameter `{detail}`"),
            "Make it optional by hand if the provider does without; no such request was answered with a success.".to_owned(),
        ),
        DriftRule::RequestValue => (
            format!("a request came with a value for `{detail}` that the spec does not allow"),
            if observation.accepted {
                "It was answered with a success; allow it by hand if the provider does.".to_owned()
            } else {
                "It was not answered with a success; correct whoever sent it.".to_owned()
            },
        ),
        DriftRule::Status if detail.is_empty() => (
            "statuses came that are not declared, more of them than an operation has".to_owned(),
            "Look them up at the place, and declare those by hand that the provider sends.".to_owned(),
        ),
        DriftRule::Status => (
            format!("the status {detail} is not declared"),
            "Declare it by hand; the generator takes one kind of success.".to_owned(),
        ),
        DriftRule::MediaType => (
            if detail.is_empty() {
                "the answer is of a media type that is not declared".to_owned()
            } else {
                format!("the answer is of the media type `{detail}`, which is not declared")
            },
            "Declare it by hand if the provider sends it, and not a proxy in between.".to_owned(),
        ),
        DriftRule::NotJson => (
            format!("the spec says JSON, and {} came", observation.kind),
            "Say in the description when this happens; no schema can.".to_owned(),
        ),
        DriftRule::Endpoint if detail.is_empty() => (
            "no operation takes what was asked, in more places than are told one by one".to_owned(),
            "Look them up at the place; leave out of the recording what was asked of somebody else.".to_owned(),
        ),
        DriftRule::Endpoint => (
            format!("no operation takes {detail}"),
            "Describe it by hand if it is to be used: what an endpoint means, and what it can answer, one recording does not show."
                .to_owned(),
        ),
        DriftRule::FieldNeverSeen => (
            match observation.count {
                1 => format!("the field `{detail}` did not come{}", known_from(spec, key)),
                count => format!("the field `{detail}` came in none of {count} answers{}", known_from(spec, key)),
            },
            "Keep it as long as the document names it.".to_owned(),
        ),
        DriftRule::BodyNotRecorded => (
            "the archive holds no body of this answer".to_owned(),
            "Record the bodies too, if it is to be compared.".to_owned(),
        ),
        DriftRule::OtherHost => (
            "a request went to a host that no spec names, and was left out".to_owned(),
            "Add the server to a spec if it is a provider's.".to_owned(),
        ),
    }
}

fn responses(count: usize) -> String {
    if count == 1 {
        "1 answer".to_owned()
    } else {
        format!("{count} answers")
    }
}

/// How the spec knows a field; what only a table names is a known contradiction between a document
/// and its examples.
fn known_from(spec: &Spec, key: &ObservationKey) -> String {
    let node = spec.tree().pointer(key.node.as_str());
    let marks: Vec<&str> = match node.and_then(|node| node.get("x-evidence")) {
        Some(Value::String(mark)) => vec![mark],
        Some(Value::Array(marks)) => marks.iter().filter_map(Value::as_str).collect(),
        _ => return "; the spec does not say how it is known".to_owned(),
    };
    let word = |mark: &&str| match *mark {
        "table" => "the document's table",
        "example" => "the document's example",
        "live" => "other live answers",
        "sdk" => "the provider's SDK",
        "inferred" => "inference",
        _ => "something else",
    };
    match marks.as_slice() {
        ["table"] => "; only the document's table has it".to_owned(),
        marks => format!(
            "; it is known from {}",
            marks.iter().map(word).collect::<Vec<_>>().join(", ")
        ),
    }
}

/// The words for the numbers of findings.
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
