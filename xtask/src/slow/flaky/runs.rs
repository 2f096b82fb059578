//! One run of some tests of a binary, and what many runs add up to.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{Read, Seek};
use std::process::Stdio;
use std::thread;
use std::time::{Duration, Instant};

use super::conditions::Condition;
use super::test_binaries::TestBinary;
use crate::outcome::Failure;

/// No run takes longer than this, unless it hangs.
const LONGEST: Duration = Duration::from_secs(1800);
/// The interval at which a run is polled for its end.
const EACH: Duration = Duration::from_millis(2);
/// How much is kept of what a failing run printed, in characters.
const MOST_OUTPUT: usize = 4000;

/// A run.
pub(super) struct Run {
    pub(super) took: Duration,
    /// The tests that ran.
    names: Vec<String>,
    pub(super) failed: Vec<String>,
    /// What it printed, if a test failed.
    output: String,
}

/// Runs some tests of a binary under a condition. Each of the jobs that run at the same time has a number.
pub(super) fn run(binary: &TestBinary, condition: Condition, job: usize, names: &[&str]) -> Result<Run, Failure> {
    let mut command = condition.command(&binary.program.path, job);
    // A file takes any amount without being read, and both streams in order.
    let mut output = tempfile()?;
    command
        .arg("--exact")
        .args(names)
        .env("INSTA_UPDATE", "no")
        .stdin(Stdio::null())
        .stdout(output.try_clone()?)
        .stderr(output.try_clone()?);
    let begun = Instant::now();
    let mut child = binary
        .program
        .as_cargo(&mut command)
        .spawn()
        .map_err(|error| format!("{:?} cannot be started: {error}", command.get_program()))?;
    let status = loop {
        if let Some(status) = child.try_wait()? {
            break Some(status);
        }
        if begun.elapsed() > LONGEST {
            child.kill()?;
            child.wait()?;
            break None;
        }
        thread::sleep(EACH);
    };
    let took = begun.elapsed();
    let names = names.iter().map(|name| (*name).to_owned()).collect();
    if status.is_some_and(|status| status.success()) {
        return Ok(Run {
            took,
            names,
            failed: Vec::new(),
            output: String::new(),
        });
    }
    output.rewind()?;
    let mut bytes = Vec::new();
    output.read_to_end(&mut bytes)?;
    let text = String::from_utf8_lossy(&bytes);
    let of_line = |line: &str| Some(line.strip_prefix("test ")?.strip_suffix(" ... FAILED")?.to_owned());
    let mut failed: Vec<String> = text.lines().filter_map(of_line).collect();
    if failed.is_empty() {
        // It hung, or something ended it: which test did that is not known.
        failed.push(if status.is_some() { "(crashed)" } else { "(hung)" }.to_owned());
    }
    Ok(Run {
        took,
        names,
        failed,
        output: panics(&text),
    })
}

/// Creates an anonymous file, which disappears when it is closed.
fn tempfile() -> Result<File, Failure> {
    let name = format!("xtask-flaky-{}-{:?}", std::process::id(), thread::current().id());
    let path = std::env::temp_dir().join(name);
    let file = File::options()
        .read(true)
        .write(true)
        .create(true)
        .truncate(true)
        .open(&path)?;
    std::fs::remove_file(path)?;
    Ok(file)
}

/// Returns what the failing tests printed, up to a bound, without the list of the tests that passed.
fn panics(text: &str) -> String {
    let start = text.find("\nfailures:\n").unwrap_or_default();
    text[start..].chars().take(MOST_OUTPUT).collect()
}

/// What many runs add up to, test by test.
#[derive(Default)]
pub(super) struct Report {
    pub(super) tests: BTreeMap<String, Tally>,
}

/// What the runs of one test add up to.
#[derive(Default)]
pub(super) struct Tally {
    pub(super) runs: usize,
    pub(super) failures: usize,
    /// The slowest run in which it was the only test of its process.
    pub(super) slowest_alone: Duration,
}

impl Report {
    pub(super) fn add(&mut self, binary: &TestBinary, run: &Run) {
        let alone = run.names.len() == 1;
        for name in &run.names {
            let tally = self.tally(binary, name);
            tally.runs += 1;
            if alone {
                tally.slowest_alone = tally.slowest_alone.max(run.took);
            }
        }
        for name in &run.failed {
            let tally = self.tally(binary, name);
            tally.failures += 1;
            // The reason is printed at once, because these runs take hours.
            if tally.failures == 1 {
                eprintln!("FAILED: {}::{name}\n{}", binary.program.name, run.output);
            }
        }
    }

    fn tally(&mut self, binary: &TestBinary, name: &str) -> &mut Tally {
        self.tests
            .entry(format!("{}::{name}", binary.program.name))
            .or_default()
    }

    pub(super) fn failures(&self) -> usize {
        self.tests.values().map(|test| test.failures).sum()
    }

    pub(super) fn is_clean(&self) -> bool {
        self.failures() == 0
    }
}
