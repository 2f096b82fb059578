//! The lints of rustc and clippy, and dependencies that no target uses.
//!
//! rustc reports an unused dependency for each target (`unused_crate_dependencies`), and most targets use only some of their
//! package's dependencies. A dependency is unused if every target that it is for reports it. Examples in the documentation are
//! not compiled here, so a dev-dependency that a comment names as a path counts as used; and an optional dependency whose
//! feature is off is not checked.
//!
//! `cargo clippy` compiles everything, dependencies included, without producing programs, and the tests would have to compile it
//! again. Here clippy's compiler builds the programs that the tests run, so that nothing is compiled twice.

use std::collections::BTreeSet;
use std::io::{self, IsTerminal};
use std::path::Path;
use std::process::{Command, Stdio};

use serde::Deserialize;

use crate::cargo::{Report, first_lines};
use crate::outcome::{Failure, Outcome};
use crate::packages::{Kind, Metadata, Package, Target};
use crate::workspace;

#[cfg(test)]
mod tests;

/// The command: the step of `check` alone.
pub(crate) fn command() -> Result<Outcome, Failure> {
    Ok(Outcome::of(run(&workspace::root())?.passed))
}

/// Compiles all targets; prints the warnings and the unused dependencies.
pub(crate) fn run(root: &Path) -> Result<Report, Failure> {
    let (compiled, lints) = compile(root, &["--all-targets"])?;
    // Without all reports, nothing is known about dependencies.
    let unused = if compiled {
        lints.unused(&Metadata::of_all_packages(root)?)?
    } else {
        Vec::new()
    };
    for finding in &unused {
        eprintln!("{finding}");
    }
    Ok(lints.report(compiled, unused))
}

/// Compiles some targets that [`run`] skips; prints the warnings.
pub(crate) fn run_for(root: &Path, targets: &[&str]) -> Result<Report, Failure> {
    let (compiled, lints) = compile(root, targets)?;
    Ok(lints.report(compiled, Vec::new()))
}

fn compile(root: &Path, targets: &[&str]) -> Result<(bool, Lints), Failure> {
    let format = if io::stderr().is_terminal() {
        "--message-format=json-diagnostic-rendered-ansi"
    } else {
        "--message-format=json"
    };
    let mut command = workspace::cargo(root, &["test", "--quiet", "--workspace", "--no-run", format]);
    with_lints(&mut command).args(targets).stderr(Stdio::inherit());
    let output = command.output()?;
    let lints = Lints::read(&String::from_utf8_lossy(&output.stdout));
    for warning in &lints.warnings {
        eprintln!("{}", warning.trim_end());
    }
    Ok((output.status.success(), lints))
}

/// Makes a cargo command compile the workspace with clippy's compiler and the lint for unused
/// dependencies. Commands that run what [`run`] compiled need the same environment; otherwise cargo
/// compiles it again.
pub(crate) fn with_lints(command: &mut Command) -> &mut Command {
    // This is how `cargo clippy` passes on the arguments after `--`.
    const SEPARATOR: &str = "__CLIPPY_HACKERY__";
    command
        .env("RUSTC_WORKSPACE_WRAPPER", "clippy-driver")
        .env("CLIPPY_ARGS", ["-W", "unused_crate_dependencies", ""].join(SEPARATOR))
}

/// The messages of the compiler.
#[derive(Debug, Default)]
struct Lints {
    /// Warnings and errors as the compiler renders them, each once.
    warnings: Vec<String>,
    /// The targets that were compiled: package, target, and whether as a test.
    compiled: BTreeSet<(String, Target, bool)>,
    /// Package, target, and the crate that the target does not use.
    reports: BTreeSet<(String, Target, String)>,
}

/// One line of cargo's output.
#[derive(Deserialize)]
struct Message {
    reason: String,
    #[serde(default)]
    package_id: String,
    target: Option<Target>,
    profile: Option<Profile>,
    message: Option<Diagnostic>,
}

#[derive(Deserialize)]
struct Profile {
    test: bool,
}

#[derive(Deserialize)]
struct Diagnostic {
    message: String,
    code: Option<Code>,
    rendered: Option<String>,
}

#[derive(Deserialize)]
struct Code {
    code: String,
}

impl Lints {
    fn read(output: &str) -> Self {
        let mut lints = Self::default();
        let messages = output.lines().filter_map(|line| serde_json::from_str(line).ok());
        for message in messages {
            let Message {
                reason,
                package_id,
                target: Some(target),
                profile,
                message,
            } = message
            else {
                continue;
            };
            match (reason.as_str(), profile, message) {
                ("compiler-artifact", Some(profile), _) => {
                    lints.compiled.insert((package_id, target, profile.test));
                }
                ("compiler-message", _, Some(diagnostic)) => lints.add(package_id, target, diagnostic),
                _ => {}
            }
        }
        lints
    }

    fn add(&mut self, package: String, target: Target, diagnostic: Diagnostic) {
        let Diagnostic {
            message,
            code,
            rendered,
        } = diagnostic;
        // "extern crate `name` is unused in crate `target`"
        if code
            .as_ref()
            .is_some_and(|code| code.code == "unused_crate_dependencies")
        {
            let name = message.split('`').nth(1).unwrap_or_default();
            self.reports.insert((package, target, name.to_owned()));
            return;
        }
        // The last message of a target only counts the others.
        let only_counts = code.is_none() && (message.ends_with("emitted") || message.starts_with("aborting due to"));
        let rendered = rendered.unwrap_or(message);
        if !only_counts && !self.warnings.contains(&rendered) {
            self.warnings.push(rendered);
        }
    }

    /// How the step ended, with a line for each warning and its place.
    fn report(&self, compiled: bool, unused: Vec<String>) -> Report {
        let warnings: Vec<&str> = self.warnings.iter().flat_map(|warning| warning.lines()).collect();
        let mut findings = first_lines(&warnings);
        findings.extend(unused);
        Report {
            passed: compiled && findings.is_empty(),
            findings,
        }
    }

    /// The dependencies that no target uses, although their table in the manifest is for at least one that was compiled.
    fn unused(&self, metadata: &Metadata) -> Result<Vec<String>, Failure> {
        let mut findings = Vec::new();
        for member in metadata.members() {
            for dependency in &member.dependencies {
                let (own, name, table) = (&member.name, &dependency.name, dependency.kind().table());
                let crate_name = metadata.extern_name(dependency);
                let is_reported = |target: &&Target| {
                    self.reports
                        .contains(&(member.id.clone(), (*target).clone(), crate_name.clone()))
                };
                let compiled = self.compiled.iter().filter(|(package, ..)| *package == member.id);
                let is_test = |target: &Target, as_test: bool| as_test || target.is_any(&["test", "example", "bench"]);
                let sees = |target: &Target, as_test: bool| match dependency.kind() {
                    Kind::Normal => !is_test(target, as_test) && !target.is_any(&["custom-build"]),
                    Kind::Dev => is_test(target, as_test),
                    Kind::Build => target.is_any(&["custom-build"]),
                };
                let targets: Vec<&Target> = compiled
                    .filter(|(_, target, as_test)| sees(target, *as_test))
                    .map(|(_, target, _)| target)
                    .collect();
                let is_documented = dependency.kind() == Kind::Dev && is_in_comments(member, &crate_name)?;
                if !targets.is_empty() && targets.iter().all(is_reported) && !is_documented {
                    findings.push(format!(
                        "{own} lists {name} in {table}, but no target that this table is for uses it. Remedy: remove it from the \
                         table, or move it to the table for the targets that do."
                    ));
                }
            }
        }
        Ok(findings)
    }
}

/// Whether a comment of a package names a crate as the start of a path, as the examples in its documentation do.
fn is_in_comments(package: &Package, crate_name: &str) -> Result<bool, Failure> {
    let sources = package.manifest_path.with_file_name("src");
    let path = format!("{crate_name}::");
    for file in workspace::rust_files(&sources)? {
        let text = workspace::read(&file)?;
        if text
            .lines()
            .any(|line| line.trim_start().starts_with("//") && line.contains(&path))
        {
            return Ok(true);
        }
    }
    Ok(false)
}
