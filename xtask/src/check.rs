//! `check`: the list that CI runs. Every step says how long it took, every failure its remedy, and all steps run.

use std::path::Path;
use std::time::Instant;

use crate::outcome::{Failure, Outcome};
use crate::spec::{field_map, generate, lint};
use crate::tidiness::{cycles, dependencies, invariants, lints};
use crate::{raw_clients, test_environment, workspace};

/// A step: its name, what it does, and what to do when it fails.
struct Step {
    name: &'static str,
    work: fn(&Path) -> Result<bool, Failure>,
    remedy: &'static str,
}

const STEPS: [Step; 13] = [
    Step {
        name: "format",
        work: |root| cargo(root, &["fmt", "--all", "--check"]),
        remedy: "run `cargo fmt --all`",
    },
    Step {
        name: "generated files",
        work: |_| Ok(generate::run(true)? == Outcome::Clean),
        remedy: "run `cargo xtask generate` and commit the result",
    },
    Step {
        name: "specs",
        work: lint::step,
        remedy: "each line above names its own; `cargo xtask lint` runs this step alone",
    },
    Step {
        name: "field map",
        work: |_| Ok(field_map::run(false)? == Outcome::Clean),
        remedy: "each line above names its own",
    },
    Step {
        name: "invariants",
        work: invariants::run,
        remedy: "move the code to a place where the invariant allows it; `cargo xtask invariants` runs this step alone",
    },
    Step {
        name: "no import cycles",
        work: cycles::run,
        remedy: "move what both sides need into a file that imports neither; `cargo xtask cycles` runs this step alone",
    },
    Step {
        name: "dependencies",
        work: dependencies::run,
        remedy: "each line above names its own; `cargo xtask dependencies` runs this step alone",
    },
    Step {
        name: "lints",
        work: lints::run,
        remedy: "repair what clippy names, or allow it in place with a reason",
    },
    Step {
        name: "tests",
        work: tests,
        remedy: "repair the test; if a snapshot changed on purpose, run `cargo xtask snapshots --accept`",
    },
    Step {
        name: "documentation",
        work: documentation,
        remedy: "repair the doc comment that rustdoc names",
    },
    Step {
        name: "raw clients generated while building",
        work: raw_clients::generated_while_building,
        remedy: "make the build scripts of the raw clients and `cargo xtask generate` agree again",
    },
    Step {
        name: "raw clients without features",
        work: raw_clients::without_features,
        remedy: "put what needs a feature behind it",
    },
    Step {
        name: "facade without features",
        work: |root| {
            cargo(
                root,
                &["check", "--quiet", "-p", "chat-sessions", "--no-default-features"],
            )
        },
        remedy: "put what needs a feature behind it",
    },
];

/// Runs all steps.
pub(crate) fn run() -> Result<Outcome, Failure> {
    let root = workspace::root();
    let mut failed = Vec::new();
    for step in &STEPS {
        println!("── {}", step.name);
        let start = Instant::now();
        let passed = match (step.work)(&root) {
            Ok(passed) => passed,
            Err(failure) => {
                eprintln!("{failure}");
                false
            }
        };
        let word = if passed { "ok" } else { "FAILED" };
        println!("   {word} ({:.1} s)", start.elapsed().as_secs_f64());
        if !passed {
            failed.push(step);
        }
    }
    if failed.is_empty() {
        println!("All {} checks pass.", STEPS.len());
        return Ok(Outcome::Clean);
    }
    for step in failed {
        eprintln!("{} failed. Remedy: {}.", step.name, step.remedy);
    }
    Ok(Outcome::Findings)
}

fn cargo(root: &Path, arguments: &[&str]) -> Result<bool, Failure> {
    Ok(workspace::cargo(root, arguments).status()?.success())
}

fn tests(root: &Path) -> Result<bool, Failure> {
    let mut command = workspace::cargo(root, &["test", "--quiet", "--workspace", "--no-fail-fast"]);
    Ok(test_environment::isolate(&mut command).status()?.success())
}

fn documentation(root: &Path) -> Result<bool, Failure> {
    let mut command = workspace::cargo(root, &["doc", "--quiet", "--workspace", "--no-deps"]);
    Ok(command.env("RUSTDOCFLAGS", "-D warnings").status()?.success())
}
