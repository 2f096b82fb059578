//! Compares two versions of a spec: on the wire, in the generated Rust, in the facade, and for the
//! next version numbers.
//!
//! The Rust changes are not derived from the spec. Both versions are generated, and their public
//! interfaces compared. Most changes of responses have no consequence there, because the generated
//! readers are tolerant: a required field was already an `Option` before it became optional.

use super::bump::{Bump, RequiredBump};
use super::change::{Change, Compatibility};
use super::facade::{self, Facade};
use super::rust::{self, RustChange};
use super::{attribution, wire};
use crate::spec::{Findings, Pointer, Spec};

/// The difference between two versions of a spec.
///
/// [`text`](Self::text) is for people, [`json`](Self::json) for programs,
/// [`markdown`](Self::markdown) for the changelog.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Diff {
    /// The name of the old spec.
    pub old: String,
    /// The name of the new spec.
    pub new: String,
    /// Every change, in source order.
    pub changes: Vec<Change>,
    /// Changes in the generated Rust that no change of the spec explains.
    pub unexplained: Vec<RustChange>,
    /// The findings of a version that cannot be generated; then the Rust changes are unknown.
    pub generation_findings: Option<Findings>,
    /// The bump that the raw crate requires.
    pub raw: RequiredBump,
    /// The bump that the facade requires.
    pub facade: RequiredBump,
}

impl Diff {
    /// Whether there is no difference.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.changes.is_empty() && self.unexplained.is_empty()
    }

    /// Every change in the generated Rust.
    pub fn rust_changes(&self) -> impl Iterator<Item = &RustChange> {
        let explained = self.changes.iter().flat_map(|change| &change.rust);
        explained.chain(&self.unexplained)
    }
}

/// Compares two versions of a spec.
///
/// The file name of the new spec, without a version, is the name of the provider:
/// `llama-cloud-2.17.yaml` belongs to `llama-cloud`. It selects the rows of the field map and names
/// the raw crate.
#[must_use]
pub fn diff(old: &Spec, new: &Spec, known: &Facade) -> Diff {
    let trees = (old.tree(), new.tree());
    let mut changes = wire::changes(old, new);
    // Without a field map, trust the name. With one, check it, since a file can have any name.
    let provider = provider(new.name()).filter(|provider| known.has_no_field_map() || known.has_provider(provider));
    let package = provider
        .as_ref()
        .map_or_else(|| "the raw crate".to_owned(), |provider| format!("{provider}-client"));
    let (differences, generation_findings) = differences(old, new);
    let unexplained = attribution::attribute(&mut changes, differences, trees);
    if generation_findings.is_none() {
        wire::mark_still_rejected(&mut changes, new);
    }
    let raw = raw_need(package, &changes, &unexplained, generation_findings.is_some());
    let facade = facade::consequences(&mut changes, known, provider.as_deref(), &raw, trees);
    Diff {
        old: old.name().to_owned(),
        new: new.name().to_owned(),
        changes,
        unexplained,
        generation_findings,
        raw,
        facade,
    }
}

/// The limit on the nodes of a spec from which Rust is generated for the comparison, some fifty
/// operations with their schemas. The generator takes seconds for these, and minutes for a document
/// of several megabytes.
const MAX_GENERATED_NODES: usize = 10_000;

fn differences(old: &Spec, new: &Spec) -> (Vec<RustChange>, Option<Findings>) {
    // Equal documents generate equal code.
    if old.tree() == new.tree() {
        return (Vec::new(), None);
    }
    if let Some(spec) = [old, new].into_iter().find(|spec| spec.size() > MAX_GENERATED_NODES) {
        let message = format!(
            "the document has {} nodes, and Rust is generated for at most {MAX_GENERATED_NODES}",
            spec.size()
        );
        let remedy = "Compare only the operations that the client needs.";
        let finding = spec.error("generated-size", &Pointer::root(), &message, remedy);
        return (Vec::new(), Some(Findings::new(vec![finding])));
    }
    match (rust::interface(old), rust::interface(new)) {
        (Ok(old), Ok(new)) => (rust::compare(&old, &new), None),

        (Err(findings), _) | (_, Err(findings)) => (Vec::new(), Some(findings)),
    }
}

fn raw_need(
    package: String,
    changes: &[Change],
    unexplained: &[RustChange],
    generation_findings: bool,
) -> RequiredBump {
    let all = || changes.iter().flat_map(|change| &change.rust).chain(unexplained);
    if generation_findings {
        let reason = "one of the two versions cannot be generated".to_owned();
        return RequiredBump {
            package,
            bump: None,
            reason,
        };
    }
    let bump = all().map(|difference| difference.bump).max().unwrap_or_default();
    let by_hand = |change: &Change| change.kind.starts_with("security") && change.wire == Compatibility::Breaking;
    if bump <= Bump::Patch && changes.iter().any(by_hand) {
        return RequiredBump {
            package,
            bump: Some(Bump::Patch),
            reason: "the code that sends the key is hand-written".to_owned(),
        };
    }
    let gravest: Vec<&RustChange> = all().filter(|difference| difference.bump == bump).collect();
    let reason = match gravest.as_slice() {
        [] if changes.is_empty() => "there is no difference".to_owned(),
        [] => "the generated Rust does not change".to_owned(),
        all if all.iter().all(|difference| difference.is_documentation()) => "only doc comments change".to_owned(),
        all => {
            const SHOWN: usize = 3;
            let mut code_changes: Vec<&RustChange> =
                all.iter().copied().filter(|one| !one.is_documentation()).collect();
            let more = code_changes.len().saturating_sub(SHOWN);
            code_changes.truncate(SHOWN);
            let mut code_changes: Vec<String> = code_changes
                .iter()
                .map(|difference| difference.message.clone())
                .collect();
            if more > 0 {
                code_changes.push(format!("and {more} more"));
            }
            code_changes.join("; ")
        }
    };
    RequiredBump {
        package,
        bump: Some(bump),
        reason,
    }
}

/// The provider of a spec by its file name: `HEAD:specs/llama-cloud.yaml` and
/// `llama-cloud-2.17.yaml` both belong to `llama-cloud`.
fn provider(name: &str) -> Option<String> {
    let file = name.rsplit(['/', ':', '\\']).next()?;
    let stem = file.split_once(".yaml").map_or(file, |(stem, _)| stem);
    let digits = |(index, _): &(usize, &str)| stem[index + 1..].starts_with(|c: char| c.is_ascii_digit());
    let end = stem
        .match_indices('-')
        .find(digits)
        .map_or(stem.len(), |(index, _)| index);
    Some(stem[..end].to_owned()).filter(|stem| !stem.is_empty())
}

#[cfg(test)]
mod tests {
    use super::provider;

    #[test]
    fn the_provider_is_the_file_name_without_a_version() {
        for (name, expected) in [
            ("specs/llama-cloud.yaml", "llama-cloud"),
            ("HEAD:specs/memories-ai.yaml", "memories-ai"),
            ("llama-cloud-2.17.yaml", "llama-cloud"),
            ("memories-ai-1.2-later.yaml", "memories-ai"),
            ("new.yaml", "new"),
        ] {
            assert_eq!(provider(name).as_deref(), Some(expected), "{name}");
        }
    }
}
