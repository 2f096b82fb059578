//! What was seen that a spec does not say, each thing once, however often it came.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::display;
use super::shape::{MAX_NAMES, ValueShape};
use crate::spec::{Pointer, Severity};

/// The kinds of drift. Their order is that in which they are patched at one node.
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
    OtherHost,
}

impl DriftRule {
    /// The name that is printed.
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
            Self::OtherHost => "other-host",
        }
    }

    /// Whether its details come from whoever sent or answered, so that there can be any number of
    /// them.
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

    /// What contradicts the spec is an error, what the spec does not know is a warning, and what
    /// did not come is a note.
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
            Self::FieldUnknown | Self::ParameterUnknown | Self::Status | Self::MediaType | Self::Endpoint => {
                Severity::Warning
            }
            Self::FieldNeverSeen | Self::BodyNotRecorded | Self::OtherHost => Severity::Note,
        }
    }
}

/// What makes two sightings the same.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::drift) struct ObservationKey {
    pub(in crate::drift) spec: usize,
    /// The node of the spec that says otherwise, or that would have to say it.
    pub(in crate::drift) node: Pointer,
    pub(in crate::drift) rule: DriftRule,
    /// The name, value or keyword that it is about; empty where there is none, or where it cannot
    /// be shown.
    pub(in crate::drift) detail: String,
}

/// One thing that was seen.
#[derive(Clone, Debug, Default)]
pub(in crate::drift) struct Observation {
    pub(in crate::drift) count: usize,
    /// Where it was first.
    pub(in crate::drift) example: String,
    /// The values.
    pub(in crate::drift) shape: ValueShape,
    /// The kind of the first value, in words.
    pub(in crate::drift) kind: String,
    /// What the spec says there, in words.
    pub(in crate::drift) expected: String,
    /// The schema that disagrees, where the node of the key is the one by which it is used.
    pub(in crate::drift) schema: Pointer,
    /// Whether the provider answered one of the requests with a success.
    pub(in crate::drift) accepted: bool,
    /// Of an undeclared status: the schemas of failures that took every body, once there was a
    /// body.
    pub(in crate::drift) fits: Option<BTreeSet<Pointer>>,
}

/// Everything that was seen.
#[derive(Debug, Default)]
pub(in crate::drift) struct Observations {
    all: BTreeMap<ObservationKey, Observation>,
    /// How many different details there are of a rule at a node, and where they are too many.
    details: BTreeMap<Group, usize>,
    folded: BTreeSet<Group>,
}

/// The sightings that differ in nothing but their details.
type Group = (usize, Pointer, DriftRule);

impl Observations {
    /// Counts one more, and gives what is known of it so far.
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

    /// An object with more unknown names than an interface has is a map, and what is said of its
    /// names is said once; so are a thousand values of one enum, and a thousand places that
    /// somebody tried. It also bounds the patch, whoever made the archive.
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
    /// Takes in one value.
    pub(in crate::drift) fn value(&mut self, value: &Value) {
        if self.kind.is_empty() {
            self.kind = display::kind_of_value(value);
        }
        self.shape.add(value);
    }
}
