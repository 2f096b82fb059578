//! `diff`: reports what changed in the specs and which versions that requires. The comparison is in `chat-sessions-codegen`;
//! this file reads files, git and version numbers.

use std::collections::BTreeSet;
use std::panic::resume_unwind;
use std::path::Path;
use std::thread;

use chat_sessions_codegen::{
    Bump, Compatibility, Diff, Facade, Findings, RequiredBump, Spec, Versions, changelog, diff,
};
use clap::ValueEnum;
use serde_json::json;

use super::{field_map, git, versions};
use crate::outcome::{Failure, Outcome};
use crate::{providers, workspace};

/// How the report is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Output {
    /// For people: grouped by direction, with the location of each change.
    Text,
    /// For programs.
    Json,
    /// Entries for CHANGELOG.md.
    Markdown,
}

/// Which changes end the command with 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum FailOn {
    /// Changes that break a program that follows the old spec, and changes whose effect is unknown.
    Breaking,
}

impl FailOn {
    /// Whether nothing that was compared ends the command with 1.
    fn permits(fail_on: Option<Self>, changed: &[(Diff, Versions)]) -> bool {
        let Some(Self::Breaking) = fail_on else { return true };
        let changes = changed.iter().flat_map(|(difference, _)| &difference.changes);
        let breaking = changes.filter(|change| change.wire == Compatibility::Breaking).count();
        match breaking {
            0 => return true,
            1 => eprintln!("1 change is breaking on the wire."),
            _ => eprintln!("{breaking} changes are breaking on the wire."),
        }
        false
    }
}

/// Compares two files; their versions are unknown.
pub(crate) fn files(old: &Path, new: &Path, fail_on: Option<FailOn>, output: Output) -> Result<Outcome, Failure> {
    let name = |path: &Path| path.display().to_string();
    let (old_text, new_text) = (workspace::read(old)?, workspace::read(new)?);
    match parse((&name(old), &old_text), (&name(new), &new_text)) {
        Ok((old, new)) => {
            let difference = diff(&old, &new, &facade(&workspace::root())?);
            let changed = [(difference, Versions::default())];
            print(&changed, &Others::default(), output)?;
            Ok(Outcome::of(FailOn::permits(fail_on, &changed)))
        }
        Err(findings) => {
            eprintln!("{findings}");
            Ok(Outcome::Findings)
        }
    }
}

/// Compares all specs with those of a revision; with `check`, fails if a version is too low for the changes.
pub(crate) fn since(base: &str, check: bool, fail_on: Option<FailOn>, output: Output) -> Result<Outcome, Failure> {
    let root = workspace::root();
    if !git::knows(&root, base)? {
        eprintln!("git has no revision `{base}`. Remedy: name a commit, a branch or a tag, or pass two files.");
        return Ok(Outcome::Usage);
    }
    let facade = facade(&root)?;
    let mut others = Others::default();
    let mut changed = Vec::new();
    for name in names(&root, base)? {
        let old = git::show(&root, base, &name)?;
        let path = root.join(&name);
        let new = path.exists().then(|| workspace::read(&path)).transpose()?;
        let (old, new) = match (old, new) {
            (Some(old), Some(new)) => (old, new),
            (Some(_), None) => {
                others.removed.push(name);
                continue;
            }
            (None, _) => {
                others.added.push(name);
                continue;
            }
        };
        match parse((&format!("{base}:{name}"), &old), (&name, &new)) {
            Ok((old, new)) if old.tree() == new.tree() => others.unchanged.push(name),
            Ok((old, new)) => {
                let difference = diff(&old, &new, &facade);
                let versions = Versions {
                    raw: versions::of_package(&root, Some(base), &difference.raw.package)?,
                    facade: versions::of_package(&root, Some(base), &difference.facade.package)?,
                };
                changed.push((difference, versions));
            }
            Err(findings) => {
                eprintln!("{findings}");
                return Ok(Outcome::Findings);
            }
        }
    }
    print(&changed, &others, output)?;
    let permitted = FailOn::permits(fail_on, &changed);
    let enough = !check || are_versions_high_enough(&root, base, &changed)?;
    Ok(Outcome::of(permitted && enough))
}

/// Parses two versions of a spec at the same time, each given by its name and its text.
fn parse(old: (&str, &str), new: (&str, &str)) -> Result<(Spec, Spec), Findings> {
    let (old, new) = thread::scope(|scope| {
        let old = scope.spawn(|| Spec::parse(old.0, old.1));
        let new = Spec::parse(new.0, new.1);
        (old.join(), new)
    });
    Ok((old.unwrap_or_else(|panic| resume_unwind(panic))?, new?))
}

/// Reads what the comparison needs to know about the facade: the field map, and the sources that call the raw clients.
pub(super) fn facade(root: &Path) -> Result<Facade, Failure> {
    let mut facade = Facade::new(field_map::read(root)?);
    for provider in providers::all(root)? {
        if let Some(source) = field_map::facade_source(root, &provider)? {
            facade = facade.with_source(&provider.name, &source);
        }
    }
    Ok(facade)
}

/// The specs that were not compared, because one side is missing or both are equal.
#[derive(Default)]
struct Others {
    added: Vec<String>,
    removed: Vec<String>,
    unchanged: Vec<String>,
}

/// The names of all specs, of today and of the revision.
fn names(root: &Path, base: &str) -> Result<BTreeSet<String>, Failure> {
    let mut names: BTreeSet<String> = git::list(root, base, "specs")?.into_iter().collect();
    names.retain(|name| Path::new(name).extension().is_some_and(|extension| extension == "yaml"));
    names.extend(providers::all(root)?.iter().map(|provider| provider.spec()));
    Ok(names)
}

fn print(changed: &[(Diff, Versions)], others: &Others, output: Output) -> Result<(), Failure> {
    let Others {
        added,
        removed,
        unchanged,
    } = others;
    match output {
        Output::Text => {
            let texts = changed.iter().map(|(difference, versions)| difference.text(versions));
            let mut parts: Vec<String> = texts.collect();
            for (list, word) in [(added, "added"), (removed, "removed"), (unchanged, "unchanged")] {
                parts.extend(list.iter().map(|name| format!("{name}: {word}\n")));
            }
            print!("{}", parts.join("\n"));
        }
        Output::Json => {
            let specs = changed.iter().map(|(difference, versions)| difference.json(versions));
            let specs: Vec<_> = specs.collect();
            let document = json!({"specs": specs, "added": added, "removed": removed, "unchanged": unchanged});
            println!("{}", serde_json::to_string_pretty(&document)?);
        }
        Output::Markdown => {
            let differences: Vec<&Diff> = changed.iter().map(|(difference, _)| difference).collect();
            print!("{}", changelog(&differences));
        }
    }
    Ok(())
}

/// Whether the current versions are at least those that the changes since the base require.
fn are_versions_high_enough(root: &Path, base: &str, changed: &[(Diff, Versions)]) -> Result<bool, Failure> {
    let mut enough = true;
    for (difference, versions) in changed {
        // A raw client that cannot be generated fails the check; without a field map, only the facade is omitted.
        if difference.raw.bump.is_none() {
            let RequiredBump { package, reason, .. } = &difference.raw;
            eprintln!("{package}: the required version is unknown, because {reason}.");
            enough = false;
        }
        for (need, before) in [(&difference.raw, &versions.raw), (&difference.facade, &versions.facade)] {
            let RequiredBump {
                package,
                bump: Some(bump),
                reason,
                ..
            } = need
            else {
                continue;
            };
            let now = versions::of_package(root, None, package)?;
            let (Some(before), Some(now)) = (before, now) else {
                eprintln!(
                    "The version of {package} is unknown, in {base} or now. Remedy: give crates/{package} a version."
                );
                enough = false;
                continue;
            };
            let required = bump.next(before);
            if *bump != Bump::None && now < required {
                eprintln!(
                    "{package} is at {now} and was at {before} in {base}; it needs {required} ({bump}), because {reason}. \
                     Remedy: raise `version` in {}.",
                    versions::manifest_of(root, package)?
                );
                enough = false;
            }
        }
    }
    if enough {
        eprintln!("The versions are high enough for the changes since {base}.");
    }
    Ok(enough)
}
