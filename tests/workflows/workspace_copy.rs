//! A copy of the workspace in which a test does what a maintainer does: change specs, generate,
//! build, commit. It works offline, with a build directory that is kept between runs and shared by
//! all copies.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::{env, fs};

/// Only one copy builds at a time, because all write binaries of the same names into the shared
/// build directory.
static BUILDING: Mutex<()> = Mutex::new(());

/// A copy of the workspace.
pub(crate) struct Copied {
    pub(crate) root: PathBuf,
    target: PathBuf,
    _building: MutexGuard<'static, ()>,
}

impl Copied {
    /// Updates the copy of this name from the workspace. Unchanged files are not touched, so that
    /// cargo does not rebuild them.
    pub(crate) fn new(name: &str) -> Self {
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let home = Path::new(env!("CARGO_TARGET_TMPDIR")).join("workflows");
        let copy = Self {
            root: home.join(name),
            target: home.join("target"),
            _building: BUILDING.lock().unwrap_or_else(PoisonError::into_inner),
        };
        // Removes the commits of an earlier run.
        let history = copy.root.join(".git");
        if history.exists() {
            fs::remove_dir_all(history).unwrap();
        }
        let mut kept = BTreeSet::new();
        copy_all(&source, &copy.root, &mut kept);
        remove_others(&copy.root, &kept);
        copy
    }

    /// Runs cargo in the copy.
    pub(crate) fn cargo(&self, arguments: &[&str]) -> Output {
        let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        self.run(Command::new(cargo).args(arguments))
    }

    /// Runs a command in the copy.
    pub(crate) fn run(&self, command: &mut Command) -> Output {
        command
            .current_dir(&self.root)
            .env("CARGO_TARGET_DIR", &self.target)
            .env("CARGO_NET_OFFLINE", "true")
            .env("CARGO_TERM_COLOR", "never");
        // Without debug information, the dependencies that build scripts and xtask share are built
        // only once.
        command
            .env("CARGO_PROFILE_DEV_DEBUG", "0")
            .env("CARGO_INCREMENTAL", "0");
        // Variables that cargo or the caller sets for this test must not reach the inner cargo.
        for name in [
            "CARGO_MANIFEST_DIR",
            "CARGO_PKG_NAME",
            "RUSTFLAGS",
            "INSTA_UPDATE",
            "INSTA_FORCE_PASS",
        ] {
            command.env_remove(name);
        }
        command.output().unwrap()
    }
}

fn copy_all(from: &Path, to: &Path, kept: &mut BTreeSet<PathBuf>) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let (source, target) = (entry.path(), to.join(entry.file_name()));
        if entry.file_type().unwrap().is_dir() {
            // Every build directory contains this tag, whatever its name.
            if entry.file_name() != ".git" && !source.join("CACHEDIR.TAG").exists() {
                copy_all(&source, &target, kept);
            }
        } else if source.extension().is_none_or(|extension| extension != "new") {
            let text = fs::read(&source).unwrap();
            if fs::read(&target).ok().as_ref() != Some(&text) {
                fs::write(&target, text).unwrap();
            }
            kept.insert(target);
        }
    }
}

fn remove_others(folder: &Path, kept: &BTreeSet<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            remove_others(&path, kept);
            // Only an empty folder can be removed. One that stayed would be a crate without a manifest.
            let _ = fs::remove_dir(&path);
        } else if !kept.contains(&path) {
            fs::remove_file(&path).unwrap();
        }
    }
}

pub(crate) fn stdout(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

pub(crate) fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

pub(crate) fn shown(output: &Output) -> String {
    format!("{}\n{}\n{}", output.status, stdout(output), stderr(output))
}
