//! The test binaries of the workspace, with the tests in them.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde::Deserialize;

use crate::outcome::Failure;
use crate::{test_environment, workspace};

/// Text in a source file whose tests depend on the load of the machine, because they use sockets,
/// processes, threads or timers.
const SIGNS: [&str; 15] = [
    "Command",
    "Duration",
    "Instant",
    "Running",
    "Sandbox",
    "Server",
    "Shell",
    "Tcp",
    "Terminal",
    "chat_sessions(&",
    "httpmock::",
    "program(",
    "sandbox(",
    "thread",
    "tokio::",
];

/// A binary, with those of its tests that were chosen.
pub(super) struct TestBinary {
    pub(super) name: String,
    pub(super) path: PathBuf,
    /// The folder of its package, in which its tests run.
    pub(super) package: PathBuf,
    pub(super) tests: Vec<Test>,
}

/// A test.
pub(super) struct Test {
    pub(super) name: String,
    /// Whether its source file contains such a text.
    pub(super) depends_on_the_machine: bool,
}

/// A line that Cargo prints for each thing that it has built.
#[derive(Deserialize)]
struct Message {
    executable: Option<PathBuf>,
    manifest_path: Option<PathBuf>,
    profile: Option<Profile>,
    target: Option<Target>,
}

#[derive(Deserialize)]
struct Profile {
    test: bool,
}

#[derive(Deserialize)]
struct Target {
    name: String,
    kind: Vec<String>,
    src_path: PathBuf,
}

/// Builds the tests of the workspace with a profile, and finds those whose `BINARY::NAME` is chosen.
pub(super) fn build(profile: &str, chosen: impl Fn(&str) -> bool) -> Result<Vec<TestBinary>, Failure> {
    let output = workspace::cargo(&workspace::root(), &["test", "--workspace", "--no-run"])
        .args(["--profile", profile, "--message-format=json-render-diagnostics"])
        .stderr(Stdio::inherit())
        .output()?;
    if !output.status.success() {
        return Err("the tests cannot be built".into());
    }
    let mut binaries = Vec::new();
    for line in String::from_utf8(output.stdout)?.lines() {
        let Message {
            executable: Some(path),
            manifest_path: Some(manifest),
            profile: Some(Profile { test: true }),
            target: Some(target),
        } = serde_json::from_str(line)?
        else {
            continue;
        };
        let package = manifest.parent().unwrap_or(&manifest).to_owned();
        let name = name(&package, &target);
        let mut tests = list(&path, &package, &["--list"])?;
        let ignored = list(&path, &package, &["--list", "--ignored"])?;
        tests.retain(|test| !ignored.contains(test) && chosen(&format!("{name}::{test}")));
        let tests = tests.into_iter().map(|test| {
            let source = source(&target.src_path, &test);
            let text = workspace::read(&source)?;
            Ok::<_, Failure>(Test {
                depends_on_the_machine: SIGNS.iter().any(|sign| text.contains(sign)),
                name: test,
            })
        });
        let tests = tests.collect::<Result<Vec<_>, _>>()?;
        if !tests.is_empty() {
            binaries.push(TestBinary {
                name,
                path,
                package,
                tests,
            });
        }
    }
    Ok(binaries)
}

/// Names a binary by its package, and by its target where that has another name.
fn name(package: &Path, target: &Target) -> String {
    let package = package.file_name().unwrap_or_default().to_string_lossy();
    if target.kind.iter().any(|kind| kind == "test") {
        format!("{package}/{}", target.name)
    } else {
        package.into_owned()
    }
}

fn list(binary: &Path, package: &Path, arguments: &[&str]) -> Result<Vec<String>, Failure> {
    let mut command = Command::new(binary);
    command.current_dir(package).args(arguments).args(["--format", "terse"]);
    let output = test_environment::isolate(&mut command).output()?;
    let lines = String::from_utf8(output.stdout)?;
    let names = lines.lines().filter_map(|line| line.strip_suffix(": test"));
    Ok(names.map(str::to_owned).collect())
}

/// Returns the file of the module in which a test is: the longest part of its path that is a file below the root of the crate.
fn source(root: &Path, test: &str) -> PathBuf {
    let folder = root.parent().unwrap_or(root);
    let mut modules: Vec<&str> = test.split("::").collect();
    while !modules.is_empty() {
        let path = folder.join(modules.join("/"));
        for file in [path.with_extension("rs"), path.join("mod.rs")] {
            if file.is_file() {
                return file;
            }
        }
        modules.pop();
    }
    root.to_owned()
}
