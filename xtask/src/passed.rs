//! Remembers for which files each test program passed, so that `check` does not repeat it when nothing that it depends on has
//! changed, like `go test`.
//!
//! A change of any file that git does not ignore repeats every test program, with one exception: a Rust file of a package in
//! `crates/` repeats only the tests of that package, of those that depend on it, and of those outside `crates/`. The raw clients
//! and the sources of the facade that the tests of the generator read are no exception. The compiler and the environment
//! variables that tests read count too. CI starts with an empty target folder, so it always runs everything.

use std::collections::{BTreeMap, BTreeSet};
use std::env;
use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::outcome::Failure;
use crate::packages::Metadata;
use crate::workspace;

/// The prefixes of the variables that cargo, the compiler, the test harness and the tests read.
const VARIABLES: [&str; 7] = [
    "ALL_CASES",
    "CARGO_BUILD_",
    "CARGO_PROFILE_",
    "CHAT_SESSIONS_",
    "INSTA_",
    "PROPTEST_",
    "RUST",
];

/// The folder of the facade that tests of other packages read.
const READ_BY_OTHERS: &str = "crates/chat-sessions/src/provider";

/// The state of the workspace, and the test programs that have passed.
pub(crate) struct Inputs {
    /// What all test programs depend on.
    shared: u64,
    /// The Rust files of each package in `crates/` that is not a raw client, by its folder.
    own: BTreeMap<PathBuf, u64>,
    /// The folders of the packages that each package in `crates/` depends on, its own included.
    needed: BTreeMap<PathBuf, BTreeSet<PathBuf>>,
    passed: BTreeMap<String, String>,
    file: PathBuf,
}

impl Inputs {
    /// Reads the state of a workspace.
    ///
    /// # Errors
    ///
    /// If it is not in a git repository, or a file cannot be read.
    pub(crate) fn of(root: &Path) -> Result<Self, Failure> {
        let needed = needed(root)?;
        let mut shared = DefaultHasher::new();
        let own = needed.keys().filter(|folder| !is_raw_client(folder));
        let mut own: BTreeMap<PathBuf, DefaultHasher> =
            own.map(|folder| (folder.clone(), DefaultHasher::new())).collect();
        let mut list = Command::new("git");
        list.current_dir(root)
            .args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"]);
        for name in printed(&mut list)?.split_terminator('\0') {
            // Links in the documentation lead to files of every package.
            name.hash(&mut shared);
            let path = root.join(name);
            let is_rust = path.extension().is_some_and(|extension| extension == "rs");
            let is_own = is_rust && !path.starts_with(root.join(READ_BY_OTHERS));
            let package = path.ancestors().find(|folder| is_own && own.contains_key(*folder));
            let hasher = package.and_then(|folder| own.get_mut(folder)).unwrap_or(&mut shared);
            // A file that was deleted and is still in git's index has no content.
            fs::read(path).ok().hash(hasher);
        }
        printed(Command::new("rustc").current_dir(root).arg("-vV"))?.hash(&mut shared);
        let is_read = |name: &str| VARIABLES.iter().any(|start| name.starts_with(start));
        let variables: BTreeMap<String, String> = env::vars_os()
            .map(|(name, value)| {
                (
                    name.to_string_lossy().into_owned(),
                    value.to_string_lossy().into_owned(),
                )
            })
            .filter(|(name, _)| is_read(name))
            .collect();
        variables.hash(&mut shared);
        let file = file(root);
        let lines = workspace::read_or_empty(&file)?;
        Ok(Self {
            shared: shared.finish(),
            own: own
                .into_iter()
                .map(|(folder, hasher)| (folder, hasher.finish()))
                .collect(),
            needed,
            passed: lines
                .lines()
                .filter_map(|line| line.split_once(' '))
                .map(|(fingerprint, program)| (program.to_owned(), fingerprint.to_owned()))
                .collect(),
            file,
        })
    }

    /// Whether a test program of the package in this folder has passed with these inputs.
    pub(crate) fn have_passed(&self, program: &str, package: &Path) -> bool {
        self.passed.get(program) == Some(&self.fingerprint(package))
    }

    /// Remembers test programs that have passed, each with the folder of its package, unless a file has changed while they
    /// were built and run.
    pub(crate) fn remember(&mut self, root: &Path, programs: &[(String, PathBuf)]) -> Result<(), Failure> {
        let now = Self::of(root)?;
        if (now.shared, &now.own) != (self.shared, &self.own) {
            return Ok(());
        }
        for (program, package) in programs {
            self.passed.insert(program.clone(), self.fingerprint(package));
        }
        let lines = self.passed.iter();
        let lines = lines.map(|(program, fingerprint)| format!("{fingerprint} {program}\n"));
        workspace::write(&self.file, &lines.collect::<String>())
    }

    /// Identifies what the tests of a package depend on: for one outside of `crates/`, everything.
    fn fingerprint(&self, package: &Path) -> String {
        let mut hasher = DefaultHasher::new();
        self.shared.hash(&mut hasher);
        let needed = self.needed.get(package);
        for (folder, files) in &self.own {
            if needed.is_none_or(|needed| needed.contains(folder)) {
                files.hash(&mut hasher);
            }
        }
        format!("{:016x}", hasher.finish())
    }
}

/// Returns the folders of the packages in `crates/`, each with those of the packages that it depends on.
fn needed(root: &Path) -> Result<BTreeMap<PathBuf, BTreeSet<PathBuf>>, Failure> {
    let metadata = Metadata::of_members(root)?;
    let direct: BTreeMap<PathBuf, Vec<PathBuf>> = metadata
        .members()
        .filter_map(|package| {
            let dependencies = package.dependencies.iter();
            let paths = dependencies.filter_map(|dependency| dependency.path.clone());
            Some((package.manifest_path.parent()?.to_owned(), paths.collect()))
        })
        .collect();
    let all = direct.keys().filter(|folder| is_crate(folder)).map(|folder| {
        let mut needed = BTreeSet::new();
        let mut open = vec![folder.clone()];
        while let Some(folder) = open.pop() {
            if needed.insert(folder.clone()) {
                open.extend(direct.get(&folder).into_iter().flatten().cloned());
            }
        }
        (folder.clone(), needed)
    });
    Ok(all.collect())
}

fn is_crate(folder: &Path) -> bool {
    folder.parent().is_some_and(|parent| parent.ends_with("crates"))
}

fn is_raw_client(folder: &Path) -> bool {
    folder.as_os_str().to_string_lossy().ends_with("-client")
}

/// Forgets that the tests passed, so that they run again.
pub(crate) fn forget(root: &Path) {
    // The file may not exist.
    let _ = fs::remove_file(file(root));
}

fn file(root: &Path) -> PathBuf {
    root.join("target/tests-passed")
}

fn printed(command: &mut Command) -> Result<String, Failure> {
    let output = command.output()?;
    if !output.status.success() {
        return Err(format!("{:?} failed", command.get_program()).into());
    }
    Ok(String::from_utf8(output.stdout)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn write(root: &Path, name: &str, text: &str) {
        let path = root.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    /// A workspace with the package `top`, which depends on `base`, the package `other`, and one outside of `crates/`.
    fn workspace() -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        let git = Command::new("git").current_dir(root).args(["init", "-q"]).status();
        assert!(git.unwrap().success());
        write(root, ".gitignore", "/target\n");
        write(
            root,
            "Cargo.toml",
            "[workspace]\nmembers = [\"crates/*\", \"tests\"]\nresolver = \"3\"\n",
        );
        for (name, dependencies) in [
            ("crates/base", ""),
            ("crates/other", ""),
            ("crates/top", "[dev-dependencies]\nbase = { path = \"../base\" }\n"),
            ("crates/some-client", ""),
            ("crates/chat-sessions", ""),
            ("tests", ""),
        ] {
            let package = name.rsplit('/').next().unwrap();
            let manifest = format!("[package]\nname = \"{package}\"\nedition = \"2024\"\n{dependencies}");
            write(root, &format!("{name}/Cargo.toml"), &manifest);
            write(root, &format!("{name}/src/lib.rs"), "");
        }
        write(root, "target/tests-passed", "");
        folder
    }

    const PACKAGES: [&str; 5] = [
        "crates/base",
        "crates/other",
        "crates/some-client",
        "crates/top",
        "tests",
    ];

    /// Lets all tests pass, writes a file, and returns the packages whose tests run again.
    fn repeated(root: &Path, name: &str, text: &str) -> Vec<&'static str> {
        let root = root.canonicalize().unwrap();
        let mut inputs = Inputs::of(&root).unwrap();
        let all = PACKAGES.map(|package| (package.to_owned(), root.join(package)));
        inputs.remember(&root, &all).unwrap();
        write(&root, name, text);
        let inputs = Inputs::of(&root).unwrap();
        let mut packages = PACKAGES.to_vec();
        packages.retain(|package| !inputs.have_passed(package, &root.join(package)));
        packages
    }

    #[test]
    fn tests_are_repeated_when_something_that_they_depend_on_has_changed_and_not_otherwise() {
        let folder = workspace();
        let root = folder.path();
        assert_eq!(repeated(root, "target/built", "a"), [""; 0]);
        assert_eq!(
            repeated(root, "crates/base/src/lib.rs", "// changed"),
            ["crates/base", "crates/top", "tests"]
        );
        assert_eq!(
            repeated(root, "crates/top/src/lib.rs", "// changed"),
            ["crates/top", "tests"]
        );
        assert_eq!(
            repeated(root, "crates/other/src/lib.rs", "// changed"),
            ["crates/other", "tests"]
        );
        for shared in [
            "crates/some-client/src/lib.rs",
            "crates/chat-sessions/src/provider/some.rs",
            "crates/base/README.md",
            "crates/base/src/new.rs",
            "fixture.json",
            "tests/src/lib.rs",
        ] {
            assert_eq!(repeated(root, shared, "// changed"), PACKAGES, "{shared}");
        }
        let mut before = Inputs::of(root).unwrap();
        write(
            root,
            "crates/base/src/lib.rs",
            "// changed while the tests were running",
        );
        forget(root);
        before
            .remember(root, &[("tests".to_owned(), root.join("tests"))])
            .unwrap();
        let inputs = Inputs::of(root).unwrap();
        assert!(!inputs.have_passed("tests", &root.join("tests")));
    }
}
