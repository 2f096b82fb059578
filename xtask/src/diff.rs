//! `diff`: what changed in the specs, and which versions that asks for. What there is to know about it is in
//! `chat-sessions-codegen`; here stand files, git and version numbers.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use chat_sessions_codegen::{Bump, Diff, Facade, FieldMap, RequiredBump, Spec, Versions, changelog, diff};
use clap::ValueEnum;
use serde_json::json;

use crate::{Failure, Outcome, git, ledger, versions, workspace};

/// How the difference is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Output {
    /// For people, by side, with the place of each change.
    Text,
    /// For programs.
    Json,
    /// Entries for CHANGELOG.md.
    Markdown,
}

/// Compares two files, of which no version is known.
pub(crate) fn files(old: &Path, new: &Path, output: Output) -> Result<Outcome, Failure> {
    let mut specs = Vec::new();
    for path in [old, new] {
        match Spec::parse(&path.display().to_string(), &workspace::read(path)?) {
            Ok(spec) => specs.push(spec),
            Err(findings) => {
                eprintln!("{findings}");
                return Ok(Outcome::Findings);
            }
        }
    }
    let [old, new] = specs.as_slice() else {
        return Ok(Outcome::Findings);
    };
    let told = vec![(diff(old, new, &facade(&workspace::root())?), Versions::default())];
    print(&told, &Others::default(), output)?;
    Ok(Outcome::Clean)
}

/// Compares all specs with those of a revision; with `check`, fails when a version is too low for what changed since.
pub(crate) fn since(base: &str, check: bool, output: Output) -> Result<Outcome, Failure> {
    let root = workspace::root();
    if !git::knows(&root, base)? {
        eprintln!("git knows no revision `{base}`. Remedy: name a commit, a branch or a tag, or give two files.");
        return Ok(Outcome::Usage);
    }
    let facade = facade(&root)?;
    let mut others = Others::default();
    let mut told = Vec::new();
    for name in names(&root, base)? {
        let old = git::show(&root, base, &name)?;
        let path = root.join(&name);
        let new = path.exists().then(|| workspace::read(&path)).transpose()?;
        let (Some(old), Some(new)) = (&old, &new) else {
            let list = if old.is_some() {
                &mut others.removed
            } else {
                &mut others.added
            };
            list.push(name);
            continue;
        };
        let parsed = Spec::parse(&format!("{base}:{name}"), old).and_then(|old| Ok((old, Spec::parse(&name, new)?)));
        match parsed {
            Ok((old, new)) if old.tree() == new.tree() => others.unchanged.push(name),
            Ok((old, new)) => {
                let difference = diff(&old, &new, &facade);
                let versions = Versions {
                    raw: versions::of_package(&root, Some(base), &difference.raw.package)?,
                    facade: versions::of_package(&root, Some(base), &difference.facade.package)?,
                };
                told.push((difference, versions));
            }
            Err(findings) => {
                eprintln!("{findings}");
                return Ok(Outcome::Findings);
            }
        }
    }
    print(&told, &others, output)?;
    if check && !high_enough(&root, base, &told)? {
        return Ok(Outcome::Findings);
    }
    Ok(Outcome::Clean)
}

/// What is known of the facade. Without a ledger that can be read nothing is, which is said and is no failure.
pub(crate) fn facade(root: &Path) -> Result<Facade, Failure> {
    let folder = root.join("crates/chat-sessions/src/provider");
    let text = workspace::read_or_empty(&root.join(ledger::FILE))?;
    let ledger = FieldMap::parse(&text).unwrap_or_else(|unreadable| {
        eprintln!("What follows in the facade is not known: {unreadable}.");
        FieldMap::default()
    });
    let mut facade = Facade::new(ledger);
    for provider in workspace::PROVIDERS {
        let source = folder.join(format!("{}.rs", provider.replace('-', "_")));
        facade = facade.with_source(provider, &workspace::read_or_empty(&source)?);
    }
    Ok(facade)
}

/// The specs that there is nothing to say about but that they are there, or not.
#[derive(Default)]
struct Others {
    added: Vec<String>,
    removed: Vec<String>,
    unchanged: Vec<String>,
}

/// The specs of today and of the revision.
fn names(root: &Path, base: &str) -> Result<BTreeSet<String>, Failure> {
    let mut names: BTreeSet<String> = git::list(root, base, "specs")?.into_iter().collect();
    let folder = root.join("specs");
    let entries: Vec<PathBuf> = match folder.read_dir() {
        Ok(entries) => entries.filter_map(|entry| Some(entry.ok()?.path())).collect(),
        Err(_) => Vec::new(),
    };
    let files = entries.iter().filter_map(|path| path.file_name()?.to_str());
    names.extend(files.map(|name| format!("specs/{name}")));
    names.retain(|name| Path::new(name).extension().is_some_and(|extension| extension == "yaml"));
    Ok(names)
}

fn print(told: &[(Diff, Versions)], others: &Others, output: Output) -> Result<(), Failure> {
    let Others {
        added,
        removed,
        unchanged,
    } = others;
    match output {
        Output::Text => {
            let mut parts: Vec<String> = told
                .iter()
                .map(|(difference, versions)| difference.text(versions))
                .collect();
            for (list, word) in [(added, "new"), (removed, "gone"), (unchanged, "unchanged")] {
                parts.extend(list.iter().map(|name| format!("{name}: {word}\n")));
            }
            print!("{}", parts.join("\n"));
        }
        Output::Json => {
            let specs: Vec<_> = told
                .iter()
                .map(|(difference, versions)| difference.json(versions))
                .collect();
            let document = json!({"specs": specs, "added": added, "removed": removed, "unchanged": unchanged});
            println!("{}", serde_json::to_string_pretty(&document)?);
        }
        Output::Markdown => {
            let differences: Vec<&Diff> = told.iter().map(|(difference, _)| difference).collect();
            print!("{}", changelog(&differences));
        }
    }
    Ok(())
}

/// Whether the versions of today are those that the changes since the base ask for.
fn high_enough(root: &Path, base: &str, told: &[(Diff, Versions)]) -> Result<bool, Failure> {
    let mut enough = true;
    for (difference, versions) in told {
        // What cannot be generated has no known need; a ledger that is not there only leaves the facade out.
        if difference.raw.bump.is_none() {
            eprintln!(
                "{}: what it needs is not known, since {}.",
                difference.raw.package, difference.raw.reason
            );
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
                    "The version of {package} in {base} or now is not known. Remedy: see that crates/{package} has one."
                );
                enough = false;
                continue;
            };
            let wanted = bump.next(before);
            if *bump != Bump::None && now < wanted {
                eprintln!(
                    "{package} is at {now} and was at {before} in {base}; it needs {wanted} ({bump}), since {reason}. \
                     Remedy: raise `version` in {}.",
                    versions::manifest_of(root, package)?
                );
                enough = false;
            }
        }
    }
    if enough {
        eprintln!("The versions are as high as the changes since {base} ask for.");
    }
    Ok(enough)
}
