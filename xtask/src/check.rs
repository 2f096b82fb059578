//! `check`: the list that CI runs, and with `--full` what takes longer. All steps run; the end repeats what failed.

use std::path::Path;
use std::time::Instant;

use crate::cargo::{Cargo, Report};
use crate::workspace;
use crate::{Failure, Outcome, dependencies, generate, invariants, ledger, lint};

/// A step: its name, what it does, and what to do when it fails.
struct Step {
    name: &'static str,
    work: fn(&Path) -> Result<Report, Failure>,
    remedy: &'static str,
}

/// What CI runs, cheapest first, so that a small mistake shows within seconds.
const STEPS: &[Step] = &[
    Step {
        name: "format",
        work: |root| Cargo::new(root, &["fmt", "--all", "--check"]).run(),
        remedy: "run `cargo fmt --all`",
    },
    Step {
        name: "generated files",
        work: |_| Ok(Report::of(matches!(generate::run(true)?, Outcome::Clean))),
        remedy: "run `cargo xtask generate` and commit the result",
    },
    Step {
        name: "specs",
        work: |root| Ok(Report::of(lint::step(root)?)),
        remedy: "`cargo xtask lint` runs this step alone; each finding names its remedy",
    },
    Step {
        name: "field map",
        work: |_| Ok(Report::of(matches!(ledger::run(false)?, Outcome::Clean))),
        remedy: "each finding above names its remedy",
    },
    Step {
        name: "invariants",
        work: |root| Ok(Report::of(invariants::run(root)?)),
        remedy: "move the code to the crate or folder that may know this; ARCHITECTURE.md lists the invariants",
    },
    Step {
        name: "dependencies",
        work: |root| Ok(Report::of(dependencies::run(root)?)),
        remedy: "`cargo xtask dependencies` runs this step alone; each finding names its remedy",
    },
    Step {
        name: "lints",
        work: lints,
        remedy: "fix what clippy names, or allow it there with a reason",
    },
    Step {
        name: "documentation",
        work: documentation,
        remedy: "fix the doc comment that rustdoc names",
    },
    Step {
        name: "facade without features",
        work: |root| Cargo::new(root, &["check", "-p", "chat-sessions", "--no-default-features"]).run(),
        remedy: "put what needs a feature behind it",
    },
    Step {
        name: "tests",
        work: tests,
        remedy: "fix the test; after an intended snapshot change, run `cargo xtask snapshots --accept`",
    },
];

/// What `--full` adds: builds of copies of the workspace and of further feature sets, and an installation.
const FULL_STEPS: &[Step] = &[
    Step {
        name: "raw clients generated at build time",
        work: |root| {
            let features = "memories-ai-client/build-time,llama-cloud-client/build-time,memories-ai-client/httpmock,llama-cloud-client/httpmock";
            raw_clients(root, &["--no-default-features", "--features", features])
        },
        remedy: "make the build scripts of the raw clients and `cargo xtask generate` agree again",
    },
    Step {
        name: "raw clients without features",
        work: |root| raw_clients(root, &["--no-default-features"]),
        remedy: "put what needs a feature behind it",
    },
    Step {
        name: "workflows in copies of the workspace",
        work: |root| {
            Cargo::new(root, &["test", "--quiet", "--workspace", "--test", "workflows"])
                .isolated()
                .run()
        },
        remedy: "run `cargo test --workspace --test workflows NAME` for the one that failed",
    },
    Step {
        name: "installation",
        work: installation,
        remedy: "run the command of README.md's section Install in a fresh clone",
    },
];

/// Runs all steps, with `full` also those that take longer.
pub(crate) fn run(full: bool) -> Result<Outcome, Failure> {
    let root = workspace::root();
    let further = if full { FULL_STEPS } else { &[] };
    let start = Instant::now();
    let mut failed = Vec::new();
    for step in STEPS.iter().chain(further) {
        println!("── {}", step.name);
        let start = Instant::now();
        let report = (step.work)(&root).unwrap_or_else(|failure| Report::failed(failure.to_string()));
        let word = if report.passed { "ok" } else { "FAILED" };
        println!("   {word} ({:.1} s)", start.elapsed().as_secs_f64());
        if !report.passed {
            failed.push((step, report));
        }
    }
    let steps = STEPS.len() + further.len();
    let seconds = start.elapsed().as_secs();
    if failed.is_empty() {
        println!("All {steps} checks pass ({seconds} s).");
        return Ok(Outcome::Clean);
    }
    eprintln!("\n{} of {steps} checks failed ({seconds} s):", failed.len());
    for (step, report) in failed {
        eprintln!("- {}. Remedy: {}.", step.name, step.remedy);
        for line in &report.findings {
            eprintln!("    {line}");
        }
    }
    Ok(Outcome::Findings)
}

/// Clippy over everything, and over the workflows, which `--all-targets` leaves out because no default run tests them.
fn lints(root: &Path) -> Result<Report, Failure> {
    let everything = Cargo::new(root, &["clippy", "--quiet", "--workspace", "--all-targets", "--", "-D", "warnings"]).run()?;
    let workflows = [
        "clippy", "--quiet", "--workspace", "--test", "workflows", "--", "-D", "warnings",
    ];
    Ok(everything.and(Cargo::new(root, &workflows).run()?))
}

/// All tests but the workflows, then the examples in the documentation. Examples that are programs are built by the lints.
fn tests(root: &Path) -> Result<Report, Failure> {
    let programs = ["test", "--quiet", "--workspace", "--no-fail-fast", "--lib", "--bins", "--tests"];
    let report = Cargo::new(root, &programs).isolated().run()?;
    let documentation = ["test", "--quiet", "--workspace", "--no-fail-fast", "--doc"];
    Ok(report.and(Cargo::new(root, &documentation).isolated().run()?))
}

fn documentation(root: &Path) -> Result<Report, Failure> {
    Cargo::new(root, &["doc", "--quiet", "--workspace", "--no-deps"])
        .env("RUSTDOCFLAGS", "-D warnings")
        .run()
}

fn raw_clients(root: &Path, arguments: &[&str]) -> Result<Report, Failure> {
    let mut all = vec!["check", "--quiet"];
    for provider in workspace::PROVIDERS {
        all.extend(["-p", provider]);
    }
    all.extend(arguments);
    Cargo::new(root, &all).run()
}

/// Installs the program as README.md does, into an empty folder, and lists from the sandbox.
fn installation(root: &Path) -> Result<Report, Failure> {
    let folder = root.join("target/installation");
    if folder.exists() {
        std::fs::remove_dir_all(&folder)?;
    }
    let path = folder.to_string_lossy();
    let report = Cargo::new(
        root,
        &["install", "--quiet", "--locked", "--path", "crates/chat-sessions-cli", "--root", &path],
    )
    .run()?;
    if !report.passed {
        return Ok(report);
    }
    let program = folder.join("bin").join(format!("chat-sessions{}", std::env::consts::EXE_SUFFIX));
    let list = std::process::Command::new(&program)
        .args(["list", "--sandbox", "--all", "-o", "tsv"])
        .output()?;
    let rows = String::from_utf8_lossy(&list.stdout).lines().count();
    println!("{} bytes installed; the sandbox lists {rows} rows.", std::fs::metadata(&program)?.len());
    if list.status.success() && rows > 1 {
        return Ok(Report::of(true));
    }
    Ok(Report::failed(String::from_utf8_lossy(&list.stderr).into_owned()))
}
