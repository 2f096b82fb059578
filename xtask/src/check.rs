//! `check`: the list that CI runs, and with `--full` what takes longer. All steps run; the end repeats what failed.

use std::env::consts::EXE_SUFFIX;
use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Instant;

use crate::cargo::{Report, run as cargo};
use crate::outcome::{Failure, Outcome};
use crate::spec::{field_map, generate, lint};
use crate::tidiness::{cycles, dependencies, invariants, lints, public_api};
use crate::{passed, raw_clients, test_environment, workspace};

mod test_step;

/// A step: its name, what it does, and what to do when it fails.
struct Step {
    name: &'static str,
    work: fn(&Path) -> Result<Report, Failure>,
    remedy: &'static str,
}

/// What CI runs. The cheapest steps come first, so that a small mistake shows within seconds.
const STEPS: &[Step] = &[
    Step {
        name: "format",
        work: |root| cargo(workspace::cargo(root, &["fmt", "--all", "--check"])),
        remedy: "run `cargo fmt --all`",
    },
    Step {
        name: "generated files",
        work: |_| Ok(Report::of(generate::run(true)? == Outcome::Clean)),
        remedy: "run `cargo xtask generate` and commit the result",
    },
    Step {
        name: "specs",
        work: |root| lint::step(root).map(Report::of),
        remedy: "follow the findings above; `cargo xtask lint` runs this step alone",
    },
    Step {
        name: "field map",
        work: |_| Ok(Report::of(field_map::run(false)? == Outcome::Clean)),
        remedy: "follow the findings above; `cargo xtask field-map` runs this step alone",
    },
    Step {
        name: "invariants",
        work: |root| invariants::run(root).map(Report::of),
        remedy: "move the code to a place where the invariant allows it; `cargo xtask invariants` runs this step alone",
    },
    Step {
        name: "no import cycles",
        work: |root| cycles::run(root).map(Report::of),
        remedy: "move what both sides need into a file that imports neither; `cargo xtask cycles` runs this step alone",
    },
    Step {
        name: "dependencies",
        work: |root| dependencies::run(root).map(Report::of),
        remedy: "follow the findings above; `cargo xtask dependencies` runs this step alone",
    },
    Step {
        name: "changelog of the public interface",
        work: |root| public_api::changelog_names_changes(root).map(Report::of),
        remedy: "tell users in CHANGELOG.md what changed, in the same commit",
    },
    Step {
        name: "lints",
        work: |root| lints::run(root),
        remedy: "fix what clippy reports, or allow it in place with a reason; `cargo xtask clippy` runs this step alone",
    },
    Step {
        name: "documentation",
        work: |root| documentation(root, &["--lib"]),
        remedy: "fix the doc comment that rustdoc names",
    },
    Step {
        name: "tests",
        work: tests,
        remedy: "fix the test; if a snapshot changed on purpose, run `cargo xtask snapshots --accept`",
    },
];

/// What `--full` adds: builds of copies of the workspace and of further feature sets, and an installation.
const FULL_STEPS: &[Step] = &[
    Step {
        name: "documentation of the programs",
        work: |root| documentation(root, &["--bins"]),
        remedy: "fix the doc comment that rustdoc names",
    },
    Step {
        name: "facade without features",
        work: |root| {
            let check = ["check", "--quiet", "-p", "chat-sessions", "--no-default-features"];
            cargo(workspace::cargo(root, &check))
        },
        remedy: "put the code that needs a feature under its `cfg`",
    },
    Step {
        name: "all cases of the tests that check a sample",
        work: all_cases,
        remedy: "fix what the test reports; `ALL_CASES=1 cargo test --workspace --test PROGRAM NAME` runs one, where PROGRAM is suites, specs or cli",
    },
    Step {
        name: "raw clients generated at build time",
        work: |root| raw_clients::generated_while_building(root).map(Report::of),
        remedy: "make the build scripts of the raw clients and `cargo xtask generate` agree again",
    },
    Step {
        name: "raw clients without features",
        work: |root| raw_clients::without_features(root).map(Report::of),
        remedy: "put the code that needs a feature under its `cfg`",
    },
    Step {
        name: "public interface",
        work: public_api::step,
        remedy: "run `cargo xtask public-api --write`, and tell users in CHANGELOG.md what changed",
    },
    Step {
        name: "packages",
        work: |root| cargo(workspace::cargo(root, PACKAGE)),
        remedy: "make the crate that cargo names build from its own files; `cargo xtask package` runs this step alone",
    },
    Step {
        name: "workflows in copies of the workspace",
        work: workflows,
        remedy: "run the one that failed with `cargo test --workspace --test workflows NAME`",
    },
    Step {
        name: "installation",
        work: installation,
        remedy: "run the command of README.md's section Install in a fresh clone",
    },
];

/// Packs every crate that can be published, and builds each from its own archive.
const PACKAGE: &[&str] = &["package", "--workspace", "--allow-dirty"];

/// Runs `packages` alone.
pub(crate) fn package() -> Result<Outcome, Failure> {
    Ok(Outcome::of(
        cargo(workspace::cargo(&workspace::root(), PACKAGE))?.passed,
    ))
}

/// Runs all steps, with `full` also those that take longer.
pub(crate) fn run(full: bool) -> Result<Outcome, Failure> {
    let root = workspace::root();
    let further = if full { FULL_STEPS } else { &[] };
    if full {
        passed::forget(&root);
    }
    let steps = STEPS.len() + further.len();
    let start = Instant::now();
    let mut failed = Vec::new();
    for step in STEPS.iter().chain(further) {
        println!("── {}", step.name);
        let start = Instant::now();
        let report = (step.work)(&root).unwrap_or_else(|failure| Report::failed(failure.to_string()));
        let word = if report.passed { "ok" } else { "FAILED" };
        println!("   {word} ({:.1} s)", start.elapsed().as_secs_f64());
        if !report.passed {
            failed.push((step, report.findings));
        }
    }
    let seconds = start.elapsed().as_secs();
    if failed.is_empty() {
        println!("All {steps} checks pass ({seconds} s).");
        return Ok(Outcome::Clean);
    }
    eprintln!("\n{} of {steps} checks failed ({seconds} s):", failed.len());
    for (step, findings) in failed {
        eprintln!("- {}. Remedy: {}.", step.name, step.remedy);
        for finding in findings {
            eprintln!("    {finding}");
        }
    }
    Ok(Outcome::Findings)
}

fn documentation(root: &Path, targets: &[&str]) -> Result<Report, Failure> {
    let mut command = workspace::cargo(root, &["doc", "--quiet", "--workspace", "--no-deps"]);
    command.args(targets).env("RUSTDOCFLAGS", "-D warnings");
    cargo(command)
}

/// Runs all tests but the workflows. The step `lints` has compiled them.
fn tests(root: &Path) -> Result<Report, Failure> {
    let programs = test(root, &["--no-run", "--lib", "--bins", "--tests"]);
    test_step::run(root, programs, test(root, &["--no-fail-fast", "--doc"]))
}

/// Runs the programs whose tests check only a sample of their cases in the step `tests`.
fn all_cases(root: &Path) -> Result<Report, Failure> {
    let programs = ["--no-fail-fast", "--test", "suites", "--test", "specs", "--test", "cli"];
    let mut sampled = test(root, &programs);
    sampled.env("ALL_CASES", "1");
    let mut walks = test(root, &["--test", "walk_properties"]);
    walks.env("PROPTEST_CASES", "20000");
    Ok(cargo(sampled)?.and(cargo(walks)?))
}

fn workflows(root: &Path) -> Result<Report, Failure> {
    let lints = lints::run_for(root, &["--test", "workflows"])?;
    Ok(lints.and(cargo(test(root, &["--test", "workflows"]))?))
}

fn test(root: &Path, arguments: &[&str]) -> Command {
    // The step `lints` has printed the warnings of the compiler. As JSON, they can be distinguished from the
    // output of the tests.
    let mut command = workspace::cargo(root, &["test", "--quiet", "--workspace", "--message-format=json"]);
    command.args(arguments);
    test_environment::isolate(lints::with_lints(&mut command));
    command
}

/// Installs the program as README.md does, into an empty folder, and lists from the sandbox.
fn installation(root: &Path) -> Result<Report, Failure> {
    let folder = root.join("target/installation");
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    let mut install = workspace::cargo(
        root,
        &["install", "--quiet", "--locked", "--path", "crates/chat-sessions-cli"],
    );
    install.arg("--root").arg(&folder);
    let report = cargo(install)?;
    if !report.passed {
        return Ok(report);
    }
    let program = folder.join("bin").join(format!("chat-sessions{EXE_SUFFIX}"));
    let list = Command::new(&program)
        .args(["list", "--sandbox", "--all", "-o", "tsv"])
        .output()?;
    let sessions = list.stdout.iter().filter(|byte| **byte == b'\n').count();
    let megabytes = fs::metadata(&program)?.len() as f64 / 1e6;
    println!("The installed program has {megabytes:.2} MB and lists {sessions} sessions.");
    if list.status.success() && sessions > 1 {
        return Ok(Report::of(true));
    }
    Ok(Report::failed(String::from_utf8_lossy(&list.stderr).into_owned()))
}
