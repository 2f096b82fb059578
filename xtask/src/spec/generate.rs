//! `generate`: writes the generated files; nothing else does.

use std::path::Path;

use chat_sessions_codegen::{Spec, Versions, generate, header_hash};

use super::{diff, git, versions};
use crate::outcome::{Failure, Outcome};
use crate::{providers, unified, workspace};

/// Generates every raw client; with `check`, compares and writes nothing.
pub(crate) fn run(check: bool) -> Result<Outcome, Failure> {
    let root = workspace::root();
    let mut findings = false;
    let mut stale = false;
    for provider in providers::all(&root)? {
        let name = provider.spec();
        let text = workspace::read(&root.join(&name))?;
        match Spec::parse(&name, &text).and_then(|spec| Ok((generate(&spec)?, spec))) {
            Ok((generated, spec)) => {
                let file = |name: &str| format!("{}/{name}", provider.raw_sources());
                let before = workspace::read_or_empty(&root.join(file("generated.rs")))?;
                stale |= update(&root, &file("generated.rs"), &generated.client, check)?;
                stale |= update(&root, &file("generated_httpmock.rs"), &generated.httpmock, check)?;
                if let Some(hash) = header_hash(&before).filter(|hash| *hash != spec.hash()) {
                    explain(&root, &spec, hash)?;
                }
            }
            Err(found) => {
                eprintln!("{found}");
                findings = true;
            }
        }
    }
    if check && stale {
        eprintln!(
            "The generated files differ from what the specs generate. Remedy: run `cargo xtask generate` and commit the result."
        );
    }
    Ok(Outcome::of(!(findings || check && stale)))
}

/// Prints a summary of what the change of the spec means; `cargo xtask diff` prints the details.
///
/// The header of the generated file has the hash of the spec that it was generated from. That spec is looked up in the git
/// history, because HEAD may be newer or older than the generated file.
fn explain(root: &Path, spec: &Spec, hash: u64) -> Result<(), Failure> {
    let name = spec.name();
    let Some((revision, text)) = git::with_hash(root, name, hash)? else {
        println!("{name}: the changes are unknown, because git has no version with the hash in the generated file");
        return Ok(());
    };
    let Ok(old) = Spec::parse(&format!("{revision}:{name}"), &text) else {
        println!("{name}: the changes are unknown, because the spec in {revision} cannot be parsed");
        return Ok(());
    };
    let difference = chat_sessions_codegen::diff(&old, spec, &diff::facade(root)?);
    let known = Versions {
        raw: versions::of_package(root, Some(&revision), &difference.raw.package)?,
        facade: versions::of_package(root, Some(&revision), &difference.facade.package)?,
    };
    print!("{name} since {revision}: {}", difference.summary(&known));
    Ok(())
}

/// Updates one file, or prints what that would change; returns whether the file was stale.
fn update(root: &Path, name: &str, new: &str, check: bool) -> Result<bool, Failure> {
    let path = root.join(name);
    // Windows line ends from a checkout do not make a file stale.
    let old = workspace::read_or_empty(&path)?.replace("\r\n", "\n");
    if old == new {
        println!("{name}: up to date");
        return Ok(false);
    }
    print!("{}", unified::diff(name, &old, new));
    if check {
        println!("{name}: stale");
    } else {
        workspace::write(&path, new)?;
        println!("{name}: written");
    }
    Ok(true)
}
