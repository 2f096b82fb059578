//! `generate`: the only thing that writes the generated files.

use std::path::Path;

use chat_sessions_codegen::{Spec, Versions, generate, header_hash};

use crate::workspace::{self, PROVIDERS};
use crate::{Failure, Outcome, diff, git, unified, versions};

/// Generates every raw client; with `check`, compares and writes nothing.
pub(crate) fn run(check: bool) -> Result<Outcome, Failure> {
    let root = workspace::root();
    let mut findings = false;
    let mut stale = false;
    for provider in PROVIDERS {
        let name = format!("specs/{provider}.yaml");
        let text = workspace::read(&root.join(&name))?;
        match Spec::parse(&name, &text).and_then(|spec| Ok((generate(&spec)?, spec))) {
            Ok((generated, spec)) => {
                let folder = format!("crates/{provider}-client/src");
                let before = workspace::read_or_empty(&root.join(format!("{folder}/generated.rs")))?;
                stale |= bring(&root, &format!("{folder}/generated.rs"), &generated.client, check)?;
                stale |= bring(
                    &root,
                    &format!("{folder}/generated_httpmock.rs"),
                    &generated.httpmock,
                    check,
                )?;
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
            "The generated files are not what the specs say. Remedy: run `cargo xtask generate` and commit the result."
        );
    }
    Ok(if findings || (check && stale) {
        Outcome::Findings
    } else {
        Outcome::Clean
    })
}

/// Says what the change of the spec means, shortened; `cargo xtask diff` has the places as well.
///
/// The old spec is the one that the file was generated from, which its header names by its hash. It is looked for in git, from
/// HEAD backwards: HEAD alone could be newer or older than the generated file.
fn explain(root: &Path, spec: &Spec, hash: u64) -> Result<(), Failure> {
    let name = spec.name();
    let Some((revision, text)) = git::with_hash(root, name, hash)? else {
        println!(
            "{name}: what changed is not known, since git has no version of it with the hash that the generated file names"
        );
        return Ok(());
    };
    let Ok(old) = Spec::parse(&format!("{revision}:{name}"), &text) else {
        println!("{name}: what changed is not known, since {revision} holds no spec that can be read");
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

/// Brings one file up to date, or shows what that would change; says whether it was stale.
fn bring(root: &Path, name: &str, new: &str, check: bool) -> Result<bool, Failure> {
    let path = root.join(name);
    // A checkout with Windows line ends is not a stale one.
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
