//! `public-api`: the snapshot of the facade's public interface, and its changes in CHANGELOG.md.
//!
//! `cargo public-api` writes the interface down, one item a line; it needs nightly. What needs no tool is part of
//! `check`: a commit that changes the snapshot also changes CHANGELOG.md.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use similar::TextDiff;

use crate::cargo::Report;
use crate::outcome::{Failure, Outcome};
use crate::spec::git;
use crate::workspace;

const SNAPSHOT: &str = "crates/chat-sessions/public-api.txt";
const CHANGELOG: &str = "CHANGELOG.md";

/// Compares the interface with its snapshot, or writes the snapshot.
pub(crate) fn command(write: bool) -> Result<Outcome, Failure> {
    let root = workspace::root();
    let Some(current) = interface(&root)? else {
        return Err(
            "`cargo public-api` failed; install it with `cargo install --locked cargo-public-api`, and nightly \
                    with `rustup toolchain install nightly`"
                .into(),
        );
    };
    if write {
        fs::write(root.join(SNAPSHOT), current)?;
        return Ok(Outcome::of(changelog_names_changes(&root)?));
    }
    Ok(Outcome::of(compare(&root, &current)?))
}

/// Compares the interface with its snapshot where the tools are installed.
pub(crate) fn step(root: &Path) -> Result<Report, Failure> {
    match interface(root)? {
        Some(current) => compare(root, &current).map(Report::of),
        None => {
            println!("   not compared: nightly or cargo-public-api is not installed");
            Ok(Report::of(true))
        }
    }
}

/// Returns whether CHANGELOG.md was changed together with the snapshot: if that differs from the last commit, since then,
/// otherwise in the commit that changed it last.
pub(crate) fn changelog_names_changes(root: &Path) -> Result<bool, Failure> {
    let told = if git::differs(root, "HEAD", SNAPSHOT)? {
        git::differs(root, "HEAD", CHANGELOG)?
    } else {
        match git::last_change(root, SNAPSHOT)? {
            Some(commit) => git::changes(root, &commit, CHANGELOG)?,
            None => true,
        }
    };
    if !told {
        println!("{SNAPSHOT} was changed, and {CHANGELOG} was not");
    }
    Ok(told)
}

/// Returns the public interface, one item a line; `None` if a tool for it is missing.
fn interface(root: &Path) -> Result<Option<String>, Failure> {
    let mut cargo = Command::new("cargo");
    cargo
        .current_dir(root)
        .args(["public-api", "--package", "chat-sessions", "--all-features"])
        .args(["--omit", "blanket-impls,auto-trait-impls,auto-derived-impls"])
        .args(["--color", "never"]);
    let output = cargo.stdin(Stdio::null()).stderr(Stdio::inherit()).output()?;
    Ok(output
        .status
        .success()
        .then(|| String::from_utf8_lossy(&output.stdout).into_owned()))
}

fn compare(root: &Path, current: &str) -> Result<bool, Failure> {
    let snapshot = fs::read_to_string(root.join(SNAPSHOT)).unwrap_or_default();
    if snapshot == current {
        return Ok(true);
    }
    print!(
        "{}",
        TextDiff::from_lines(&*snapshot, current)
            .unified_diff()
            .context_radius(0)
            .header(SNAPSHOT, "now")
    );
    println!("the public interface has changed; if on purpose, run `cargo xtask public-api --write`");
    Ok(false)
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;
    use std::process::Command;

    use super::{CHANGELOG, SNAPSHOT, changelog_names_changes};

    fn git(root: &Path, arguments: &[&str]) {
        let identity = ["user.name=Test", "user.email=test@example.org", "commit.gpgsign=false"];
        let mut git = Command::new("git");
        git.current_dir(root)
            .args(identity.iter().flat_map(|setting| ["-c", setting]));
        assert!(git.args(arguments).status().unwrap().success());
    }

    /// Returns whether the changelog tells, before and after the commit of these files.
    fn outcomes(root: &Path, files: &[&str], text: &str) -> [bool; 2] {
        for file in files {
            let path = root.join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        let before = changelog_names_changes(root).unwrap();
        git(root, &["add", "-A"]);
        git(root, &["commit", "--quiet", "-m", text]);
        [before, changelog_names_changes(root).unwrap()]
    }

    #[test]
    fn a_change_of_the_interface_needs_one_of_the_changelog() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        git(root, &["init", "--quiet"]);
        fs::write(root.join("README.md"), "").unwrap();
        git(root, &["add", "-A"]);
        git(root, &["commit", "--quiet", "-m", "start"]);
        assert!(changelog_names_changes(root).unwrap(), "there is no interface yet");
        assert_eq!(outcomes(root, &[SNAPSHOT, CHANGELOG], "both"), [true, true]);
        assert_eq!(outcomes(root, &[CHANGELOG], "changelog"), [true, true]);
        assert_eq!(outcomes(root, &[SNAPSHOT], "interface"), [false, false]);
        assert_eq!(outcomes(root, &["README.md"], "another file"), [false, false]);
        assert_eq!(outcomes(root, &[SNAPSHOT, CHANGELOG], "both again"), [true, true]);
    }

    #[test]
    fn without_git_there_is_nothing_to_compare() {
        let folder = tempfile::tempdir().unwrap();
        assert!(changelog_names_changes(folder.path()).unwrap());
    }
}
