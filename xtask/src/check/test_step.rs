//! The step `tests`: runs the test programs that have not passed already, several at once, because they often wait for processes
//! and timers.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use crate::cargo::{Report, captured};
use crate::outcome::Failure;
use crate::passed::Inputs;
use crate::{parallel, test_programs};

/// A test program, or what runs the examples in the documentation.
struct Job {
    name: String,
    /// The folder of its package.
    package: PathBuf,
    command: Command,
    /// The command of a person that runs it alone.
    alone: String,
}

/// Runs the test programs that a command of cargo builds, and another command that runs the examples in the documentation.
pub(super) fn run(root: &Path, build: Command, examples: Command) -> Result<Report, Failure> {
    // Read before the build, so that a file that changes while it runs counts as changed.
    let mut inputs = Inputs::of(root);
    if let Err(failure) = &inputs {
        println!("No test program that passed before is skipped: {failure}");
    }
    let mut jobs = Vec::new();
    for program in test_programs::build(build)? {
        let source = &program.target.src_path;
        let mut command = Command::new(&program.path);
        program.as_cargo(command.arg("--quiet"));
        jobs.push(Job {
            name: source.strip_prefix(root).unwrap_or(source).display().to_string(),
            alone: program.cargo_command(),
            package: program.package,
            command,
        });
    }
    jobs.push(Job {
        name: "examples in the documentation".to_owned(),
        package: root.to_owned(),
        command: examples,
        alone: "cargo test --workspace --doc".to_owned(),
    });
    let all = jobs.len();
    if let Ok(inputs) = &inputs {
        jobs.retain(|job| !inputs.have_passed(&job.name, &job.package));
    }
    let skipped = all - jobs.len();
    let (report, passed) = run_all(jobs);
    if let Ok(inputs) = &mut inputs
        && let Err(failure) = inputs.remember(root, &passed)
    {
        println!("The next `cargo xtask check` repeats what passed: {failure}");
    }
    if skipped > 0 {
        println!(
            "{skipped} of {all} passed here before, and nothing that they depend on has changed. \
             `cargo xtask check --full` repeats them."
        );
    }
    Ok(report)
}

/// Runs jobs, as many at a time as there are cores; prints what a job printed if it failed. Returns the names of those that
/// passed, with the folders of their packages.
fn run_all(jobs: Vec<Job>) -> (Report, Vec<(String, PathBuf)>) {
    let run = |mut job: Job| {
        let start = Instant::now();
        println!("{} …", job.name);
        let result = captured(&mut job.command).map_err(|failure| failure.to_string());
        (job, result, start.elapsed().as_secs_f64())
    };
    let (mut reports, mut passed) = (Vec::new(), Vec::new());
    parallel::for_each(jobs, run, |(job, result, seconds)| {
        let (mut report, printed) = result.unwrap_or_else(|failure| (Report::failed(failure), String::new()));
        let Job {
            name, package, alone, ..
        } = job;
        if report.passed {
            println!("{name}: {} passed ({seconds:.1} s)", tests_passed(&printed));
            passed.push((name, package));
        } else {
            println!("{printed}\n{name}: FAILED ({seconds:.1} s)");
            report.findings.push(format!("in {name}; `{alone}` runs it alone"));
        }
        reports.push(report);
    });
    (reports.into_iter().fold(Report::of(true), Report::and), passed)
}

/// Counts the tests that passed, from the last line of each test program.
fn tests_passed(printed: &str) -> usize {
    let results = printed
        .lines()
        .filter_map(|line| line.strip_prefix("test result: ok. "));
    results
        .filter_map(|counts| counts.split(' ').next()?.parse::<usize>().ok())
        .sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workspace;

    #[test]
    fn every_job_runs_and_only_those_that_pass_are_remembered() {
        let root = workspace::root();
        let job = |name: &str, argument| Job {
            name: name.to_owned(),
            package: root.clone(),
            command: workspace::cargo(&root, &[argument]),
            alone: format!("cargo {argument}"),
        };
        let jobs = vec![
            job("first", "--version"),
            job("second", "--no-such-option"),
            job("third", "--version"),
        ];
        let (report, mut passed) = run_all(jobs);
        passed.sort();
        let names: Vec<&str> = passed.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["first", "third"]);
        assert!(!report.passed);
        assert!(
            report.findings.iter().any(|finding| finding.starts_with("in second")),
            "{:?}",
            report.findings
        );
    }

    #[test]
    fn tests_are_counted_over_all_programs() {
        let printed =
            "running 2 tests\n..\ntest result: ok. 2 passed; 0 failed\n\ntest result: ok. 40 passed; 0 failed\n";
        assert_eq!(tests_passed(printed), 42);
    }
}
