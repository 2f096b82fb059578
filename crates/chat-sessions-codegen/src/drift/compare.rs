//! Real answers against the specs: what they have that no spec says, and the change of the specs
//! that would say it.
//!
//! It takes texts and gives a report and texts; it reads no file and knows no provider. The same
//! finding in a thousand answers is one [`Deviation`] with a count and an example place. Values are
//! told by their kind and never quoted, but for short plain values that an enum does not list;
//! names that look like data or keys are shortened.
//!
//! The way of an answer, which is also the order to read the modules in: `read` and `har` tell
//! bodies, lines and archives apart; `route` finds the operation; `observe` compares what was asked
//! and answered, by `instance`; `observations` counts; `report` finds words. For the patch `cure`
//! plans, `edit` changes the text, and `patch` keeps what still generates. At last the same answers
//! are held against the patched specs: what they still show was not cured, and is reported without
//! a patch.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde_json::{Value, json};

use super::detect::{DriftRule, Observation, ObservationKey, Observer};
use super::error::DriftError;
use super::input::{self, NamedText};
use super::patch::{self, Patched};
use super::report::{self, Deviation};
use crate::spec::{Severity, Spec};

/// What comparing answers with specs has shown.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Drift {
    /// What disagrees, in the order of the specs and their lines.
    pub deviations: Vec<Deviation>,
    /// How many answers were compared.
    pub responses: usize,
    /// The specs that the patch changes, each with its name and its new text.
    pub patched: Vec<PatchedSpec>,
}

/// A spec as it is after the patch.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct PatchedSpec {
    /// The name that was given.
    pub name: String,
    /// The new text, which differs from the old one in as little as can be.
    pub text: String,
}

impl Drift {
    /// Whether there is nothing but notes.
    #[must_use]
    pub fn is_clean(&self) -> bool {
        self.deviations
            .iter()
            .all(|deviation| deviation.finding.severity == Severity::Note)
    }

    /// As JSON: `responses`, and `findings` as [`Deviation::to_json`] gives them.
    #[must_use]
    pub fn to_json(&self) -> Value {
        let findings: Vec<Value> = self.deviations.iter().map(Deviation::to_json).collect();
        json!({"responses": self.responses, "findings": findings})
    }
}

impl fmt::Display for Drift {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for deviation in &self.deviations {
            writeln!(f, "{deviation}")?;
        }
        write!(f, "{}", report::summary(self.responses, &self.deviations))
    }
}

/// Holds answers against specs.
///
/// A file is one JSON body, one body a line, or a HAR 1.2 archive; its content tells which. The
/// entries of an archive find their operation by method and path, with anything before the path. A
/// body that comes alone belongs to `operation`, an `operationId` of one of the specs, or else to
/// the operation whose answers it fits best: most described properties less what disagrees.
///
/// ```
/// use chat_sessions_codegen::{NamedText, drift};
///
/// let spec = r#"
/// openapi: 3.0.3
/// info: {title: Clock, version: "1"}
/// paths:
///   /time:
///     get:
///       operationId: time
///       responses:
///         "200":
///           description: The time.
///           content: {application/json: {schema: {type: object, properties: {iso: {type: string}}}}}
/// "#;
/// let specs = [NamedText { name: "clock.yaml", text: spec }];
/// let responses = [NamedText { name: "response.json", text: r#"{"iso": "12:00", "leap": false}"# }];
/// let drift = drift(&specs, &responses, None)?;
/// assert_eq!(drift.deviations[0].finding.rule, "field-unknown");
/// assert!(drift.patched[0].text.contains("leap: {type: boolean"));
/// # Ok::<(), chat_sessions_codegen::DriftError>(())
/// ```
///
/// # Errors
///
/// Fails when a spec or a file cannot be read, and when it cannot be told which operation a body
/// belongs to.
pub fn drift(specs: &[NamedText<'_>], files: &[NamedText<'_>], operation: Option<&str>) -> Result<Drift, DriftError> {
    let read = |source: &NamedText<'_>| Spec::parse(source.name, source.text).map_err(DriftError::Spec);
    let parsed: Vec<Spec> = specs.iter().map(read).collect::<Result<_, _>>()?;
    let texts: Vec<&str> = specs.iter().map(|source| source.text).collect();
    let (responses, observations) = observe(&parsed, files, operation)?;

    let patched = patch_until_stable(&parsed, &texts, &observations, |specs| {
        Ok(observe(specs, files, operation)?.1)
    })?;
    Ok(Drift {
        deviations: deviations(&parsed, &observations, &patched.resolved),
        responses,
        patched: changed(specs, patched.texts),
    })
}

/// Patches, and holds the same answers against the patched specs: whatever is left of a thing that
/// was patched was not cured, and is left out of the next try.
///
/// What is new can only come of a change that moves what is below it, so that the next try does
/// without those, and the last without any.
fn patch_until_stable(
    specs: &[Spec],
    texts: &[&str],
    observations: &BTreeMap<ObservationKey, Observation>,
    observe: impl Fn(&[Spec]) -> Result<BTreeMap<ObservationKey, Observation>, DriftError>,
) -> Result<Patched, DriftError> {
    let moves = |key: &ObservationKey| matches!(key.rule, DriftRule::Type | DriftRule::Variant | DriftRule::Null);
    let mut failed: BTreeSet<ObservationKey> = BTreeSet::new();
    let (mut may_move, mut may_patch) = (true, true);
    loop {
        let patched = patch::patch(specs, texts, observations, |key| {
            may_patch && !failed.contains(key) && (may_move || !moves(key))
        });
        if patched.resolved.is_empty() {
            return Ok(patched);
        }
        let left = observe(&patched.specs)?;
        let unresolved: Vec<ObservationKey> = left
            .keys()
            .filter(|key| patched.resolved.contains(key))
            .cloned()
            .collect();
        let matters = |key: &ObservationKey| key.rule.severity() > Severity::Note;
        if !unresolved.is_empty() {
            failed.extend(unresolved);
        } else if left.keys().all(|key| !matters(key) || observations.contains_key(key)) {
            return Ok(patched);
        } else {
            may_patch = may_move;
            may_move = false;
        }
    }
}

fn observe(
    specs: &[Spec],
    files: &[NamedText<'_>],
    operation: Option<&str>,
) -> Result<(usize, BTreeMap<ObservationKey, Observation>), DriftError> {
    let mut observer = Observer::new(specs, operation)?;
    for file in files {
        let mut failure = None;
        input::exchanges(*file, |exchange| {
            if failure.is_none() {
                failure = observer.exchange(&exchange).err();
            }
        })?;
        if let Some(failure) = failure {
            return Err(failure);
        }
    }
    Ok((observer.responses, observer.finish()))
}

fn deviations(
    specs: &[Spec],
    observations: &BTreeMap<ObservationKey, Observation>,
    resolved: &BTreeSet<ObservationKey>,
) -> Vec<Deviation> {
    let mut all: Vec<(usize, Deviation)> = observations
        .iter()
        .filter_map(|(key, observation)| {
            let spec = specs.get(key.spec)?;
            Some((
                key.spec,
                report::deviation(spec, key, observation, resolved.contains(key)),
            ))
        })
        .collect();
    // The sort is stable: at one place the order is that of the rules.
    all.sort_by_key(|(spec, deviation)| (*spec, deviation.finding.location));
    all.into_iter().map(|(_, deviation)| deviation).collect()
}

fn changed(specs: &[NamedText<'_>], texts: Vec<String>) -> Vec<PatchedSpec> {
    let pairs = specs.iter().zip(texts);
    let changed = pairs.filter(|(source, text)| source.text != text);
    changed
        .map(|(source, text)| PatchedSpec {
            name: source.name.to_owned(),
            text,
        })
        .collect()
}
