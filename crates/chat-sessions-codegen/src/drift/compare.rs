//! Compares recorded responses with the specs: finds what no spec describes, and patches the specs.
//!
//! Texts in, a report and texts out: it reads no files and knows no provider. The same finding in a
//! thousand responses is one [`Deviation`] with a count and an example location. Values are never
//! quoted, only described by kind, except short plain values that are missing from an enum. Names
//! that look like data or keys are shortened.
//!
//! After patching, the same responses are compared with the patched specs. What still deviates was
//! not fixed, and is reported without a patch.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde_json::{Value, json};

use super::detect::{DriftRule, Observation, ObservationKey, Observer};
use super::error::DriftError;
use super::input::{self, NamedText};
use super::patch::{self, Patched};
use super::report::{self, Deviation};
use crate::lint::obstacles_to_reading;
use crate::spec::{Severity, Spec};

/// The result of comparing responses with specs.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Drift {
    /// The deviations, in the order of the specs and their lines.
    pub deviations: Vec<Deviation>,
    /// The number of responses to operations of the specs.
    pub responses: usize,
    /// How many of them were compared. The recording does not have the bodies of the others.
    pub compared: usize,
    /// The specs that the patch changes, with their new text.
    pub patched: Vec<PatchedSpec>,
}

/// A spec after the patch.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct PatchedSpec {
    /// The name, as passed in.
    pub name: String,
    /// The new text, which differs from the old one as little as possible.
    pub text: String,
}

impl Drift {
    /// Whether there are only notes, or nothing at all.
    #[must_use]
    pub fn is_clean(&self) -> bool {
        self.deviations
            .iter()
            .all(|deviation| deviation.finding.severity == Severity::Note)
    }

    /// As JSON: `responses`, `compared` and `findings`, the latter from [`Deviation::to_json`].
    #[must_use]
    pub fn to_json(&self) -> Value {
        let findings: Vec<Value> = self.deviations.iter().map(Deviation::to_json).collect();
        json!({"responses": self.responses, "compared": self.compared, "findings": findings})
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

/// Compares recorded responses with specs.
///
/// A file is one JSON body, one body per line, or a HAR 1.2 archive; its content decides. The
/// entries of an archive are assigned to operations by method and path, with any prefix. A lone
/// body belongs to `operation`, the `operationId` of an operation in one of the specs. Without
/// `operation`, it belongs to the operation whose responses it matches best: the most described
/// properties, less the mismatches.
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
/// Fails when a spec is not one whole document of OpenAPI 3.0, when a file cannot be read or holds
/// something else than responses, and when the operation of a body cannot be determined.
pub fn drift(specs: &[NamedText<'_>], files: &[NamedText<'_>], operation: Option<&str>) -> Result<Drift, DriftError> {
    let read = |source: &NamedText<'_>| Spec::parse(source.name, source.text).map_err(DriftError::Spec);
    let parsed: Vec<Spec> = specs.iter().map(read).collect::<Result<_, _>>()?;
    for spec in &parsed {
        let obstacles = obstacles_to_reading(spec);
        if !obstacles.is_empty() {
            return Err(DriftError::Spec(obstacles));
        }
    }
    let texts: Vec<&str> = specs.iter().map(|source| source.text).collect();
    let Observed {
        responses,
        unread,
        observations,
    } = observe(&parsed, files, operation)?;

    let patched = patch_until_stable(&parsed, &texts, &observations, |specs| {
        Ok(observe(specs, files, operation)?.observations)
    })?;
    Ok(Drift {
        deviations: deviations(&parsed, &observations, &patched.resolved),
        responses,
        compared: responses - unread,
        patched: changed(specs, patched.texts),
    })
}

/// Patches the specs and compares the same responses with the result. A deviation that remains was
/// not fixed, and is excluded from the next attempt.
///
/// New deviations can only come from a change that moves what is below it. The next attempt
/// excludes such changes, and the last attempt excludes all changes.
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

/// What was observed in all files.
struct Observed {
    responses: usize,
    /// The number of responses whose bodies could not be compared.
    unread: usize,
    observations: BTreeMap<ObservationKey, Observation>,
}

fn observe(specs: &[Spec], files: &[NamedText<'_>], operation: Option<&str>) -> Result<Observed, DriftError> {
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
    Ok(Observed {
        responses: observer.responses,
        unread: observer.unread,
        observations: observer.finish(),
    })
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
    // The sort is stable, so deviations at one location stay in the order of the rules.
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
