//! Applies the planned changes one by one. A change is kept only if the result says what was
//! planned and can still be generated.

use std::collections::{BTreeMap, BTreeSet};

use super::edit::{self, Edit};
use super::plan::{self, PatchKind};
use crate::drift::detect::{DriftRule, Observation, ObservationKey};
use crate::lint::check;
use crate::spec::{Pointer, Severity, Spec};

/// The specs after the patch, and the observations that it resolves.
pub(in crate::drift) struct Patched {
    pub(in crate::drift) specs: Vec<Spec>,
    pub(in crate::drift) texts: Vec<String>,
    pub(in crate::drift) resolved: BTreeSet<ObservationKey>,
}

/// Applies the plans for all observations that `may` be patched.
pub(in crate::drift) fn patch(
    specs: &[Spec],
    texts: &[&str],
    observations: &BTreeMap<ObservationKey, Observation>,
    may: impl Fn(&ObservationKey) -> bool,
) -> Patched {
    let mut patched = Patched {
        specs: specs.to_vec(),
        texts: texts.iter().map(|text| (*text).to_owned()).collect(),
        resolved: BTreeSet::new(),
    };
    let complaints: Vec<_> = specs.iter().map(complaints).collect();
    // Deepest first: widening a type moves what is below it.
    let mut keys: Vec<&ObservationKey> = observations.keys().filter(|key| may(key)).collect();
    keys.sort_by_key(|key| {
        (
            std::cmp::Reverse(key.node.depth()),
            key.node.clone(),
            key.rule,
            key.detail.clone(),
        )
    });
    for key in keys {
        let Some(observation) = observations.get(key) else {
            continue;
        };
        for kind in [PatchKind::Plain, PatchKind::Extra] {
            let Some(edits) = plan::plan(patched.specs[key.spec].tree(), key, observation, kind) else {
                break;
            };
            let before = (&patched.specs[key.spec], patched.texts[key.spec].as_str());
            let Some((spec, text)) = carry_out(before, &edits) else {
                break;
            };
            if complaints_new(&spec, &complaints[key.spec]) {
                if key.rule == DriftRule::FieldUnknown {
                    continue;
                }
                break;
            }
            patched.specs[key.spec] = spec;
            patched.texts[key.spec] = text;
            patched.resolved.insert(key.clone());
            break;
        }
    }
    patched
}

fn carry_out(before: (&Spec, &str), edits: &[Edit]) -> Option<(Spec, String)> {
    let mut now = (before.0.clone(), before.1.to_owned());
    for edit in edits {
        now = edit::apply(&now.0, &now.1, edit)?;
    }
    Some(now)
}

/// The errors that prevent a spec from being generated.
fn complaints(spec: &Spec) -> BTreeSet<(&'static str, Pointer)> {
    let findings = check(spec);
    let errors = findings.iter().filter(|finding| finding.severity == Severity::Error);
    errors.map(|finding| (finding.rule, finding.pointer.clone())).collect()
}

fn complaints_new(spec: &Spec, known: &BTreeSet<(&'static str, Pointer)>) -> bool {
    !complaints(spec).is_subset(known)
}
