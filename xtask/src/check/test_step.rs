//! The step `tests`: runs the test programs that have not passed already, several at the same time, because most of them wait for
//! a process or a timer at times.

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
}

/// Runs the test programs that a command of cargo builds, and another command that runs the examples in the documentation.
pub(super) fn run(root: &Path, build: Command, examples: Command) -> Result<Report, Failure> {
    let mut jobs = Vec::new();
    for program in test_programs::build(build)? {
        let source = &program.target.src_path;
        let mut command = Command::new(&program.path);
        program.as_cargo(command.arg("--quiet"));
        jobs.push(Job {
            name: source.strip_prefix(root).unwrap_or(source).display().to_string(),
            package: program.package,
            command,
        });
    }
    jobs.push(Job {
        name: "examples in the documentation".to_owned(),
        package: root.to_owned(),
        command: examples,
    });
    // Without git, it is unknown whether anything has changed.
    let mut inputs = Inputs::of(root).ok();
    let all = jobs.len();
    if let Some(inputs) = &inputs {
        jobs.retain(|job| !inputs.have_passed(&job.name, &job.package));
    }
    let skipped = all - jobs.len();
    let report = run_all(jobs, |job| match &mut inputs {
        Some(inputs) => inputs.remember(&job.name, &job.package),
        None => Ok(()),
    })?;
    if skipped > 0 {
        println!(
            "{skipped} of {all} passed here before, and nothing that they depend on has changed. \
             `cargo xtask check --full` repeats them."
        );
    }
    Ok(report)
}

/// Runs jobs, one per core at a time; prints what a job printed if it failed.
fn run_all(jobs: Vec<Job>, mut passed: impl FnMut(&Job) -> Result<(), Failure>) -> Result<Report, Failure> {
    let run = |mut job: Job| {
        let start = Instant::now();
        let result = captured(&mut job.command).map_err(|failure| failure.to_string());
        (job, result, start.elapsed().as_secs_f64())
    };
    let mut reports = Vec::new();
    let mut remembered = Ok(());
    parallel::for_each(jobs, run, |(job, result, seconds)| {
        let (mut report, printed) = result.unwrap_or_else(|failure| (Report::failed(failure), String::new()));
        let name = &job.name;
        if report.passed {
            println!("{name}: {} passed ({seconds:.1} s)", tests_passed(&printed));
            if remembered.is_ok() {
                remembered = passed(&job);
            }
        } else {
            println!("{printed}\n{name}: FAILED ({seconds:.1} s)");
            report.findings.push(format!("in {name}"));
        }
        reports.push(report);
    });
    remembered?;
    Ok(reports.into_iter().fold(Report::of(true), Report::and))
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
        };
        let jobs = vec![
            job("first", "--version"),
            job("second", "--no-such-option"),
            job("third", "--version"),
        ];
        let mut passed = Vec::new();
        let report = run_all(jobs, |job| {
            passed.push(job.name.clone());
            Ok(())
        });
        let report = report.unwrap();
        passed.sort();
        assert_eq!(passed, ["first", "third"]);
        assert!(!report.passed);
        assert!(
            report.findings.iter().any(|finding| finding == "in second"),
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
