//! `snapshots`: runs the snapshot tests, shows what changed, and accepts it on request.
//!
//! `cargo insta` does more, and needs to be installed. This command works in a fresh clone and offline, as the commands in the
//! README that follow a change of a provider must, prints diffs without a terminal, and fails with a remedy.

use std::path::{Path, PathBuf};
use std::{fs, io};

use crate::outcome::{Failure, Outcome};
use crate::{unified, workspace};

/// Runs `cargo test` with arguments, or for the whole workspace, then shows or accepts the changes.
pub(crate) fn run(accept: bool, arguments: &[String]) -> Result<Outcome, Failure> {
    let root = workspace::root();
    let mut command = workspace::cargo(&root, &["test", "--quiet", "--no-fail-fast"]);
    if arguments.is_empty() {
        command.arg("--workspace");
    }
    // insta writes a changed snapshot beside the old one, as `*.snap.new`, and lets the test pass, so that one run finds all.
    command
        .args(arguments)
        .env("INSTA_UPDATE", "new")
        .env("INSTA_FORCE_PASS", "1")
        .env("INSTA_OUTPUT", "none");
    let passed = command.status()?.success();
    if !passed {
        eprintln!("Tests fail, and not because of a snapshot. Remedy: fix them first; their messages are above.");
    }

    let mut pending = pending(&root)?;
    pending.sort();
    for path in &pending {
        let old_path = path.with_extension("");
        let name = old_path.strip_prefix(&root).unwrap_or(&old_path).display().to_string();
        let old = workspace::read_or_empty(&old_path)?;
        print!("{}", unified::diff(&name, body(&old), body(&workspace::read(path)?)));
        if accept {
            fs::rename(path, &old_path)?;
        }
        println!("{name}: {}", if accept { "accepted" } else { "changed" });
    }
    let count = pending.len();
    match (count, accept) {
        (0, _) => println!("No snapshot changed."),
        (_, true) => println!("{count} accepted."),
        (_, false) => {
            eprintln!("{count} changed. Remedy: if the changes are intended, run `cargo xtask snapshots --accept`.");
        }
    }
    Ok(Outcome::of(passed && (count == 0 || accept)))
}

/// The text of a snapshot without its header, which has line numbers.
fn body(snapshot: &str) -> &str {
    snapshot.splitn(3, "---\n").nth(2).unwrap_or(snapshot)
}

/// Finds the changed snapshots in a folder, except in build directories and hidden folders.
fn pending(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if path.is_dir() {
            if name != "target" && !name.starts_with('.') {
                found.extend(pending(&path)?);
            }
        } else if name.ends_with(".snap.new") {
            found.push(path);
        }
    }
    Ok(found)
}
