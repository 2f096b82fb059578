//! `flaky`: repeats the tests under four conditions, and reports which of them ever fails, and how long each takes at most.
//!
//! It runs the whole suite a few times, and every test that uses sockets, processes or timers many times. A test whose source
//! file names none of these is not repeated alone. Several of them run at the same time, so that each also competes with the
//! others. Documentation tests and ignored tests are not run.

mod conditions;
mod runs;
mod test_binaries;

use std::collections::BTreeMap;
use std::panic::resume_unwind;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use clap::Args;
use conditions::{Condition, Load};
use regex::Regex;
use runs::Report;
use test_binaries::TestBinary;

use crate::outcome::{Failure, Outcome};

/// How many tests the report names, slowest first.
const SLOWEST: usize = 25;

/// What to repeat, and how often.
#[derive(Args)]
pub(crate) struct Options {
    /// Run only tests whose `PROGRAM::NAME` matches this regular expression
    #[arg(long, value_name = "REGEX")]
    only: Option<Regex>,
    /// Skip tests whose `PROGRAM::NAME` matches this regular expression
    #[arg(long, value_name = "REGEX")]
    skip: Option<Regex>,
    /// Use only this condition; can be repeated
    #[arg(long = "condition", value_name = "NAME", value_enum)]
    conditions: Vec<Condition>,
    /// How often to run the whole suite under each condition
    #[arg(long, value_name = "N", default_value_t = 5)]
    suite: usize,
    /// How often to run each test that uses sockets, processes or timers under each condition
    #[arg(long, value_name = "M", default_value_t = 200)]
    each: usize,
    /// How many processes run these tests at the same time; more than the cores, because most tests wait
    #[arg(long, value_name = "N", default_value_t = 4 * conditions::cores())]
    jobs: usize,
    /// Build the tests with this profile; `flaky` is optimised, for many more runs in the same time
    #[arg(long, value_name = "NAME", default_value = "dev")]
    profile: String,
}

/// Repeats the tests and prints the report.
pub(crate) fn run(options: &Options) -> Result<Outcome, Failure> {
    let binaries = test_binaries::build(&options.profile, |name| {
        options.only.as_ref().is_none_or(|only| only.is_match(name))
            && !options.skip.as_ref().is_some_and(|skip| skip.is_match(name))
    })?;
    let conditions = if options.conditions.is_empty() {
        Condition::ALL.to_vec()
    } else {
        options.conditions.clone()
    };
    let mut clean = true;
    for condition in conditions {
        let load = Load::start(condition.busy_loops());
        let mut report = Report::default();
        let begun = Instant::now();
        let suites = repeat_suite(&binaries, condition, options.suite, &mut report);
        let ended = suites.and_then(|()| repeat_each(&binaries, condition, options, &mut report));
        drop(load);
        // What has run for hours is reported, whatever ended it.
        print(condition, &report, begun.elapsed());
        ended?;
        clean &= report.is_clean();
    }
    Ok(Outcome::of(clean))
}

fn repeat_suite(
    binaries: &[TestBinary],
    condition: Condition,
    times: usize,
    report: &mut Report,
) -> Result<(), Failure> {
    for time in 1..=times {
        let begun = Instant::now();
        for binary in binaries {
            let names: Vec<&str> = binary.tests.iter().map(|test| test.name.as_str()).collect();
            report.add(binary, &runs::run(binary, condition, 0, &names)?);
        }
        eprintln!(
            "{condition}: suite {time} of {times}, {:.0} s, {} so far",
            begun.elapsed().as_secs_f64(),
            count(report.failures(), "failure")
        );
    }
    Ok(())
}

/// Runs all tests once, then all again, so that each has run equally often when it is stopped.
fn repeat_each(
    binaries: &[TestBinary],
    condition: Condition,
    options: &Options,
    report: &mut Report,
) -> Result<(), Failure> {
    let mut groups = Vec::new();
    for binary in binaries {
        let tests = binary.tests.iter().filter(|test| test.depends_on_the_machine);
        let names: Vec<&str> = tests.map(|test| test.name.as_str()).collect();
        // One at a time makes a difference only where there are several in a process.
        let size = if condition == Condition::OneThread {
            names.len()
        } else {
            1
        };
        groups.extend(names.chunks(size.max(1)).map(|names| (binary, names.to_vec())));
    }
    if groups.is_empty() {
        return Ok(());
    }
    let begun = Instant::now();
    let end = options.each * groups.len();
    let (next, report) = (AtomicUsize::new(0), Mutex::new(report));
    let work = |job| -> Result<(), String> {
        loop {
            let index = next.fetch_add(1, Ordering::Relaxed);
            if index >= end {
                return Ok(());
            }
            let (time, group) = (index / groups.len(), index % groups.len());
            let (binary, names) = &groups[group];
            let run = runs::run(binary, condition, job, names).map_err(|error| {
                // The other jobs end too.
                next.store(end, Ordering::Relaxed);
                error.to_string()
            })?;
            let mut report = report.lock().unwrap_or_else(PoisonError::into_inner);
            report.add(binary, &run);
            if group + 1 == groups.len() {
                eprintln!(
                    "{condition}: about {} of {} runs of each test, {:.0} s, {} so far",
                    time + 1,
                    options.each,
                    begun.elapsed().as_secs_f64(),
                    count(report.failures(), "failure")
                );
            }
        }
    };
    thread::scope(|scope| {
        let jobs = (0..options.jobs.max(1)).map(|job| scope.spawn(move || work(job)));
        let jobs: Vec<_> = jobs.collect();
        let mut ends = jobs
            .into_iter()
            .map(|job| job.join().unwrap_or_else(|panic| resume_unwind(panic)));
        ends.try_for_each(|end| Ok(end?))
    })
}

fn print(condition: Condition, report: &Report, took: Duration) {
    println!(
        "{condition}: {}, {} in {:.0} s, {}",
        count(report.tests.len(), "test"),
        count(report.tests.values().map(|test| test.runs).sum(), "run"),
        took.as_secs_f64(),
        count(report.failures(), "failure")
    );
    let mut slowest: Vec<_> = report.tests.iter().collect();
    slowest.sort_by_key(|(_, test)| std::cmp::Reverse(test.slowest_alone));
    for (name, test) in slowest.into_iter().take(SLOWEST) {
        println!(
            "  {:>8.3} s  {:>4} runs  {name}",
            test.slowest_alone.as_secs_f64(),
            test.runs
        );
    }
    let failing: BTreeMap<_, _> = report.tests.iter().filter(|(_, test)| test.failures > 0).collect();
    for (name, test) in failing {
        println!("  FAILED {} of {}: {name}", test.failures, count(test.runs, "run"));
    }
}

/// Formats a number and its noun, in the singular for 1.
fn count(count: usize, noun: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {noun}{plural}")
}
