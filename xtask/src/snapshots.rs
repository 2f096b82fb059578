//! `snapshots`: runs the snapshot tests, shows what changed, and accepts it when asked to.
//!
//! A changed snapshot lies beside the old one as `*.snap.new`; accepting is moving the file. Snapshots inside of source files
//! leave a `.pending-snap` file instead, which only `cargo insta` can take back into the source; they are shown by name.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::workspace;
use crate::{Failure, Outcome, unified};

/// Runs the tests with `arguments` for `cargo test` (the whole workspace without any), then shows or accepts.
pub(crate) fn run(accept: bool, arguments: &[String]) -> Result<Outcome, Failure> {
    let root = workspace::root();
    let mut clean = true;

    let mut command = Command::new(workspace::cargo());
    command
        .current_dir(&root)
        .arg("test")
        .arg("--quiet")
        .arg("--no-fail-fast");
    if arguments.is_empty() {
        command.arg("--workspace");
    }
    // Changed snapshots are written beside the old ones and do not end the test, so that one run shows all of them.
    command
        .args(arguments)
        .env("INSTA_UPDATE", "new")
        .env("INSTA_FORCE_PASS", "1")
        .env("INSTA_OUTPUT", "none");
    if !command.status()?.success() {
        eprintln!(
            "Tests fail for another reason than a changed snapshot. Remedy: repair them first; their messages are above."
        );
        clean = false;
    }

    let mut pending = Vec::new();
    find(&root, &mut pending)?;
    pending.sort();
    for path in &pending {
        let name = path.strip_prefix(&root).unwrap_or(path).display().to_string();
        let Some(old_name) = name.strip_suffix(".new") else {
            println!("{name}: a snapshot inside of a source file changed; `cargo insta review` shows it");
            continue;
        };
        let old_path = root.join(old_name);
        let old = workspace::read_or_empty(&old_path)?;
        let new = workspace::read(path)?;
        print!("{}", unified::diff(old_name, body(&old), body(&new)));
        if accept {
            fs::rename(path, &old_path)?;
            println!("{old_name}: accepted");
        } else {
            println!("{old_name}: changed");
        }
    }
    match (pending.len(), accept) {
        (0, _) => println!("No snapshot changed."),
        (count, true) => println!("{count} accepted."),
        (count, false) => {
            eprintln!("{count} changed. Remedy: if the changes are meant, run `cargo xtask snapshots --accept`.");
            clean = false;
        }
    }
    Ok(if clean { Outcome::Clean } else { Outcome::Findings })
}

/// The text of a snapshot without the header, which holds line numbers.
fn body(snapshot: &str) -> &str {
    snapshot.splitn(3, "---\n").nth(2).unwrap_or(snapshot)
}

/// Pending snapshots below a folder; build directories and hidden folders are left out.
fn find(folder: &Path, pending: &mut Vec<PathBuf>) -> Result<(), Failure> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path
            .file_name()
            .and_then(|name| name.to_str())
            .unwrap_or_default()
            .to_owned();
        if path.is_dir() {
            if name != "target" && !name.starts_with('.') {
                find(&path, pending)?;
            }
        } else if name.ends_with(".snap.new") || name.ends_with(".pending-snap") {
            pending.push(path);
        }
    }
    Ok(())
}
