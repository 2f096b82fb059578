//! `generate`: the only thing that writes the generated files.

use std::path::Path;

use chat_sessions_codegen::{Spec, generate};

use crate::workspace::{self, PROVIDERS};
use crate::{Failure, Outcome, diff};

/// Generates every raw client; with `check`, compares and writes nothing.
pub(crate) fn run(check: bool) -> Result<Outcome, Failure> {
    let root = workspace::root();
    let mut findings = false;
    let mut stale = false;
    for provider in PROVIDERS {
        let name = format!("specs/{provider}.yaml");
        let text = workspace::read(&root.join(&name))?;
        match Spec::parse(&name, &text).and_then(|spec| generate(&spec)) {
            Ok(generated) => {
                let folder = format!("crates/{provider}-client/src");
                stale |= bring(&root, &format!("{folder}/generated.rs"), &generated.client, check)?;
                stale |= bring(
                    &root,
                    &format!("{folder}/generated_httpmock.rs"),
                    &generated.httpmock,
                    check,
                )?;
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

/// Brings one file up to date, or shows what that would change; says whether it was stale.
fn bring(root: &Path, name: &str, new: &str, check: bool) -> Result<bool, Failure> {
    let path = root.join(name);
    // A checkout with Windows line ends is not a stale one.
    let old = workspace::read_or_empty(&path)?.replace("\r\n", "\n");
    if old == new {
        println!("{name}: up to date");
        return Ok(false);
    }
    print!("{}", diff::unified(name, &old, new));
    if check {
        println!("{name}: stale");
    } else {
        workspace::write(&path, new)?;
        println!("{name}: written");
    }
    Ok(true)
}
