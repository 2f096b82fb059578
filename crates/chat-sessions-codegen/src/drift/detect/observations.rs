//! Counts deviations, so that each is reported once, however often it occurs.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::display;
use super::shape::{MAX_NAMES, ValueShape};
use crate::spec::{Pointer, Severity};

/// The kinds of deviation. At one node they are patched in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::drift) enum DriftRule {
    Format,
    Bound,
    EnumValue,
    FieldUnknown,
    FieldMissing,
    Null,
    Variant,
    Type,
    Forbidden,
    ParameterUnknown,
    ParameterMissing,
    RequestValue,
    Status,
    MediaType,
    NotJson,
    Endpoint,
    FieldNeverSeen,
    BodyNotRecorded,
    BodyUndecodable,
    OtherHost,
}

impl DriftRule {
    /// The name in reports.
    pub(in crate::drift) fn name(self) -> &'static str {
        match self {
            Self::Format => "format",
            Self::Bound => "bound",
            Self::EnumValue => "enum-value",
            Self::FieldUnknown => "field-unknown",
            Self::FieldMissing => "field-missing",
            Self::Null => "null",
            Self::Variant | Self::Type => "type",
            Self::Forbidden => "forbidden",
            Self::ParameterUnknown => "parameter-unknown",
            Self::ParameterMissing => "parameter-missing",
            Self::RequestValue => "request-value",
            Self::Status => "status",
            Self::MediaType => "media-type",
            Self::NotJson => "not-json",
            Self::Endpoint => "endpoint",
            Self::FieldNeverSeen => "field-never-seen",
            Self::BodyNotRecorded => "body-not-recorded",
            Self::BodyUndecodable => "body-undecodable",
            Self::OtherHost => "other-host",
        }
    }

    /// Whether its details come from the sender, so that there can be any number of them.
    fn is_open(self) -> bool {
        matches!(
            self,
            Self::EnumValue
                | Self::FieldUnknown
                | Self::ParameterUnknown
                | Self::Status
                | Self::MediaType
                | Self::Endpoint
        )
    }

    /// An error contradicts the spec, a warning is not in the spec or cannot be compared with it,
    /// and a note did not occur.
    pub(in crate::drift) fn severity(self) -> Severity {
        match self {
            Self::Format
            | Self::Bound
            | Self::EnumValue
            | Self::FieldMissing
            | Self::Null
            | Self::Variant
            | Self::Type
            | Self::Forbidden
            | Self::ParameterMissing
            | Self::RequestValue
            | Self::NotJson => Severity::Error,
            Self::FieldUnknown
            | Self::ParameterUnknown
            | Self::Status
            | Self::MediaType
            | Self::Endpoint
            | Self::BodyUndecodable => Severity::Warning,
            Self::FieldNeverSeen | Self::BodyNotRecorded | Self::OtherHost => Severity::Note,
        }
    }
}

/// What identifies an observation.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::drift) struct ObservationKey {
    pub(in crate::drift) spec: usize,
    /// The node of the spec that contradicts it or should describe it.
    pub(in crate::drift) node: Pointer,
    pub(in crate::drift) rule: DriftRule,
    /// The name, value or keyword that it is about; empty if there is none, or if it must not be
    /// shown.
    pub(in crate::drift) detail: String,
}

/// What was observed about one deviation.
#[derive(Clone, Debug, Default)]
pub(in crate::drift) struct Observation {
    pub(in crate::drift) count: usize,
    /// The first occurrence.
    pub(in crate::drift) example: String,
    /// The shape of all values.
    pub(in crate::drift) shape: ValueShape,
    /// The kind of the first value, in words.
    pub(in crate::drift) kind: String,
    /// What the spec says, in words.
    pub(in crate::drift) expected: String,
    /// The schema that the value does not match, if the key's node is the one that uses it.
    pub(in crate::drift) schema: Pointer,
    /// Whether one of the requests succeeded.
    pub(in crate::drift) accepted: bool,
    /// For an undeclared status: the failure schemas that every body matched, once there was a
    /// body.
    pub(in crate::drift) fits: Option<BTreeSet<Pointer>>,
}

/// All observations.
#[derive(Debug, Default)]
pub(in crate::drift) struct Observations {
    all: BTreeMap<ObservationKey, Observation>,
    /// The number of different details of a rule at a node, and the groups that have too many.
    details: BTreeMap<Group, usize>,
    folded: BTreeSet<Group>,
}

/// The observations that differ only in their details.
type Group = (usize, Pointer, DriftRule);

impl Observations {
    /// Counts one occurrence, and returns the observation.
    pub(in crate::drift) fn count(
        &mut self,
        key: ObservationKey,
        example: impl FnOnce() -> String,
    ) -> &mut Observation {
        let key = if key.rule.is_open() { self.fold(key) } else { key };
        let observation = self.all.entry(key).or_default();
        if observation.count == 0 {
            observation.example = example();
        }
        observation.count += 1;
        observation
    }

    /// Folds details into one observation when there are too many: unknown names (the object is a
    /// map), values of an enum, or paths that somebody tried. This also bounds the patch for any
    /// archive.
    fn fold(&mut self, mut key: ObservationKey) -> ObservationKey {
        let group = (key.spec, key.node.clone(), key.rule);
        if !self.folded.contains(&group) && !self.all.contains_key(&key) && !key.detail.is_empty() {
            let details = self.details.entry(group.clone()).or_default();
            *details += 1;
            if *details > MAX_NAMES {
                self.folded.insert(group.clone());
                let is_of =
                    |known: &&ObservationKey| (known.spec, &known.node, known.rule) == (group.0, &group.1, group.2);
                let known: Vec<ObservationKey> = self.all.keys().filter(is_of).cloned().collect();
                let whole = ObservationKey {
                    detail: String::new(),
                    ..key.clone()
                };
                for name in known.iter().filter(|known| !known.detail.is_empty()) {
                    let Some(part) = self.all.remove(name) else { continue };
                    let all = self.all.entry(whole.clone()).or_insert_with(|| Observation {
                        count: 0,
                        ..part.clone()
                    });
                    all.count += part.count;
                }
            }
        }
        if self.folded.contains(&group) {
            key.detail.clear();
        }
        key
    }

    pub(in crate::drift) fn contains(&self, key: &ObservationKey) -> bool {
        self.all.contains_key(key)
    }

    pub(in crate::drift) fn into_all(self) -> BTreeMap<ObservationKey, Observation> {
        self.all
    }
}

impl Observation {
    /// Adds one value.
    pub(in crate::drift) fn value(&mut self, value: &Value) {
        if self.kind.is_empty() {
            self.kind = display::kind_of_value(value);
        }
        self.shape.add(value);
    }
}
