//! The test binaries of the workspace, with the tests in them.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::outcome::Failure;
use crate::test_programs::{self, TestProgram};
use crate::workspace;

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
    pub(super) program: TestProgram,
    pub(super) tests: Vec<Test>,
}

/// A test.
pub(super) struct Test {
    pub(super) name: String,
    /// Whether its source file contains such a text.
    pub(super) depends_on_the_machine: bool,
}

/// Builds the tests of the workspace with a profile, and finds those whose `PROGRAM::NAME` is chosen.
pub(super) fn build(profile: &str, chosen: impl Fn(&str) -> bool) -> Result<Vec<TestBinary>, Failure> {
    let mut command = workspace::cargo(&workspace::root(), &["test", "--workspace", "--no-run"]);
    command.args(["--profile", profile, "--message-format=json-render-diagnostics"]);
    let mut binaries = Vec::new();
    for program in test_programs::build(command)? {
        let mut tests = list(&program, &["--list"])?;
        let ignored = list(&program, &["--list", "--ignored"])?;
        tests.retain(|test| !ignored.contains(test) && chosen(&format!("{}::{test}", program.name)));
        let tests = tests.into_iter().map(|test| {
            let source = source(&program.target.src_path, &test);
            let text = workspace::read(&source)?;
            Ok::<_, Failure>(Test {
                depends_on_the_machine: SIGNS.iter().any(|sign| text.contains(sign)),
                name: test,
            })
        });
        let tests = tests.collect::<Result<Vec<_>, _>>()?;
        if !tests.is_empty() {
            binaries.push(TestBinary { program, tests });
        }
    }
    Ok(binaries)
}

fn list(program: &TestProgram, arguments: &[&str]) -> Result<Vec<String>, Failure> {
    let mut command = Command::new(&program.path);
    command.args(arguments).args(["--format", "terse"]);
    let output = program.as_cargo(&mut command).output()?;
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
