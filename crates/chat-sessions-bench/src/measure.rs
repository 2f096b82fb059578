//! Runs jobs in rounds, each in a process of its own, against a server in a process of its own.
//! Every second round runs the jobs in reverse, so that a temporary slowdown of the machine affects
//! all of them.

use std::io::{self, BufRead, BufReader, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use crate::failure::Failure;
use crate::job::{Job, Outcome, Task};
use crate::server::{Reading, Serve};
use crate::stats::{Spread, median_ratio};

/// `Bed` is a server and the program that runs jobs against it.
pub(crate) struct Bed {
    program: PathBuf,
    process: Child,
    asks: ChildStdin,
    answers: BufReader<ChildStdout>,
    url: String,
}

impl Bed {
    /// Starts the server and waits until it listens.
    ///
    /// # Errors
    ///
    /// Fails if the program cannot be started or does not print its address.
    pub(crate) fn start(program: &Path, serve: Serve) -> Result<Self, Failure> {
        let mut process = Command::new(program)
            .args(serve.arguments())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let (Some(asks), Some(answers)) = (process.stdin.take(), process.stdout.take()) else {
            return Err("the server has no pipes".into());
        };
        let mut bed = Self {
            program: program.to_owned(),
            process,
            asks,
            answers: BufReader::new(answers),
            url: String::new(),
        };
        bed.url = bed.line()?;
        if bed.url.is_empty() {
            return Err("the server ended before it listened; see its output above".into());
        }
        Ok(bed)
    }

    fn line(&mut self) -> Result<String, Failure> {
        let mut line = String::new();
        self.answers.read_line(&mut line)?;
        Ok(line.trim_end().to_owned())
    }

    fn reading(&mut self) -> Result<Reading, Failure> {
        self.asks.write_all(b"\n")?;
        Ok(serde_json::from_str(&self.line()?)?)
    }

    /// Runs one job.
    ///
    /// # Errors
    ///
    /// Fails if the job fails.
    pub(crate) fn run(&mut self, job: &Job) -> Result<Sample, Failure> {
        let job = Job {
            url: self.url.clone(),
            ..job.clone()
        };
        let before = self.reading()?;
        let text = serde_json::to_string(&job)?;
        let output = Command::new(&self.program)
            .args(["run", &text])
            .stderr(Stdio::inherit())
            .output()?;
        if !output.status.success() {
            return Err(format!("the job {text} failed; see its output above").into());
        }
        let after = self.reading()?;
        Ok(Sample {
            outcome: serde_json::from_slice(&output.stdout)?,
            server_cpu: after.cpu - before.cpu,
            requests: after.requests - before.requests,
            bytes: after.bytes - before.bytes,
        })
    }
}

impl Drop for Bed {
    fn drop(&mut self) {
        // It may already have ended.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// The measurements of one run, from the client and from the server.
#[derive(Clone, Debug)]
pub(crate) struct Sample {
    pub(crate) outcome: Outcome,
    /// Processor time of the server during the run, in seconds.
    pub(crate) server_cpu: f64,
    pub(crate) requests: u64,
    /// Bytes on the wire in both directions, including headers.
    pub(crate) bytes: u64,
}

/// `Case` is a job and the server that it runs against.
#[derive(Clone, Debug)]
pub(crate) struct Case {
    pub(crate) bed: usize,
    pub(crate) job: Job,
}

/// `Measured` holds the samples of each case, round by round.
#[derive(Debug)]
pub(crate) struct Measured {
    samples: Vec<Vec<Sample>>,
}

impl Measured {
    /// Runs all cases this many times.
    ///
    /// # Errors
    ///
    /// Fails if a job fails, or if two clients did not list the same sessions, because then the
    /// times mean nothing.
    pub(crate) fn take(beds: &mut [Bed], cases: &[Case], rounds: u32) -> Result<Self, Failure> {
        let mut samples = vec![Vec::new(); cases.len()];
        for round in 0..rounds {
            if io::stderr().is_terminal() {
                eprint!("round {} of {rounds}\r", round + 1);
            }
            let mut order: Vec<usize> = (0..cases.len()).collect();
            if round % 2 == 1 {
                order.reverse();
            }
            for index in order {
                let case = &cases[index];
                samples[index].push(beds[case.bed].run(&case.job)?);
            }
        }
        if io::stderr().is_terminal() {
            eprint!("{:24}\r", "");
        }
        same_work(cases, &samples)?;
        Ok(Self { samples })
    }

    pub(crate) fn of(&self, case: usize, value: impl Fn(&Sample) -> f64) -> Vec<f64> {
        self.samples[case].iter().map(value).collect()
    }

    pub(crate) fn seconds(&self, case: usize) -> Vec<f64> {
        self.of(case, |sample| sample.outcome.seconds)
    }

    pub(crate) fn cpu(&self, case: usize) -> Vec<f64> {
        self.of(case, |sample| sample.outcome.cpu)
    }

    pub(crate) fn spread(&self, case: usize) -> Spread {
        Spread::of(&self.seconds(case))
    }

    /// The median of the ratios of the times of two cases.
    pub(crate) fn ratio(&self, case: usize, base: usize) -> f64 {
        median_ratio(&self.seconds(case), &self.seconds(base))
    }
}

/// Checks that all clients of the same list and server found the same sessions.
fn same_work(cases: &[Case], samples: &[Vec<Sample>]) -> Result<(), Failure> {
    let mut distinct: Vec<(&Case, &Sample)> = Vec::new();
    for (case, samples) in cases.iter().zip(samples) {
        for sample in samples {
            // The floor decodes no sessions, and the short tasks do not read the whole list.
            if sample.outcome.tally.sessions == 0 || case.job.task != Task::Walk || case.job.limit.is_some() {
                continue;
            }
            let other = distinct
                .iter()
                .find(|(other, _)| other.bed == case.bed && other.job.list == case.job.list);
            match other {
                Some((other, before)) if !before.outcome.tally.agrees_with(&sample.outcome.tally) => {
                    return Err(format!(
                        "two clients did not list the same sessions:\n{:?}\n{:?}\n{:?}\n{:?}",
                        other.job, before.outcome.tally, case.job, sample.outcome.tally
                    )
                    .into());
                }
                Some(_) => {}
                None => distinct.push((case, sample)),
            }
        }
    }
    Ok(())
}
