//! Validates the defaults and examples of a spec, and puts mismatches into words.

use serde_json::Value;

use crate::lint::checker::Checker;
use crate::spec::Pointer;
use crate::spec::refs;
use crate::validate::{Mismatch, MismatchKind};

/// The role of a value in a spec.
#[derive(Clone, Copy)]
pub(crate) enum ValueRole {
    Default,
    Example,
}

impl Checker<'_> {
    /// Validates a value against a schema. Skipped while references are cyclic.
    pub(crate) fn value(&mut self, role: ValueRole, at: &Pointer, value: &Value, schema: &Pointer) {
        if self.is_cyclic {
            return;
        }
        for mismatch in self.validator.validate(schema, value).mismatches {
            self.mismatch(role, &at.joined(&mismatch.path), &mismatch);
        }
    }

    fn mismatch(&mut self, role: ValueRole, at: &Pointer, mismatch: &Mismatch) {
        if self.unclear.contains(at) {
            return;
        }
        let (rule, noun) = match role {
            ValueRole::Default => ("schema-default", "default"),
            ValueRole::Example => ("example-value", "example"),
        };
        let whole = if mismatch.path.is_empty() { "the" } else { "part of the" };
        match &mismatch.kind {
            MismatchKind::NoZone => {
                let message = format!("{whole} {noun} is a time without a zone, but a `date-time` has one");
                let remedy = "Remove `format: date-time` and state the time zone in the description; if the provider sends a zone, add it \
                    here.";
                self.report("time-without-zone", at, &message, remedy);
            }
            MismatchKind::Unknown { name, closed: false } => {
                if !self.is_open(&mismatch.schema) {
                    let message = format!("the {noun} has the property `{name}`, which the schema does not describe");
                    let remedy = "Describe the property, or correct its name here.";
                    let rule = match role {
                        ValueRole::Default => "default-property",
                        ValueRole::Example => "undescribed-property",
                    };
                    self.report(rule, at, &message, remedy);
                }
            }
            // `readOnly` and `writeOnly` properties occur in one direction only.
            MismatchKind::Missing { name } if self.is_one_way(&mismatch.schema, name) => {}
            kind => {
                let message = format!("{whole} {noun} does not match its schema: {}", reason(kind));
                let remedy = format!("Correct the {noun}, or the schema at {}.", mismatch.schema);
                self.report(rule, at, &message, &remedy);
            }
        }
    }

    /// Whether an object is open on purpose: a map that allows any value, or an object of which
    /// nothing is described.
    fn is_open(&self, schema: &Pointer) -> bool {
        let schema = self.tree().pointer(schema.as_str());
        schema.is_some_and(|schema| {
            schema.get("additionalProperties").is_some() || refs::members(schema, "properties").next().is_none()
        })
    }

    fn is_one_way(&self, schema: &Pointer, name: &str) -> bool {
        let marks = ["readOnly", "writeOnly"];
        marks
            .iter()
            .any(|mark| refs::is_marked(self.tree(), schema, name, mark))
    }
}

fn reason(kind: &MismatchKind) -> String {
    match kind {
        MismatchKind::Type { expected, found } => format!("its type is {found}, not {expected}"),
        MismatchKind::Null => "it is null, which the schema does not allow".to_owned(),
        MismatchKind::EnumValue => "the enum does not list it".to_owned(),
        MismatchKind::Missing { name } => format!("the required property `{name}` is missing"),
        MismatchKind::Unknown { name, .. } => {
            format!("there is no property `{name}`, and additional properties are not allowed")
        }
        MismatchKind::Format { format } => format!("it does not match the format `{format}`"),
        MismatchKind::NoZone => "it is a time without a zone".to_owned(),
        MismatchKind::Bound { keyword } => format!("it violates `{keyword}`"),
        MismatchKind::NoVariant => "it matches no variant of the union".to_owned(),
        MismatchKind::SeveralVariants => "it matches several variants of the `oneOf`".to_owned(),
        MismatchKind::Not => "`not` forbids it".to_owned(),
    }
}
