//! Runs cargo, shows what it prints, and keeps the lines that name a failure, so that `check` can repeat them at its end.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::process::{Command, Stdio};
use std::sync::{Mutex, PoisonError};
use std::thread;

use crate::outcome::Failure;

/// How a step of `check` ended.
pub(crate) struct Report {
    pub(crate) passed: bool,
    /// What failed, a line each: names of tests, errors of the compiler with their places.
    pub(crate) findings: Vec<String>,
}

impl Report {
    /// A step that prints its own findings.
    pub(crate) fn of(passed: bool) -> Self {
        Self {
            passed,
            findings: Vec::new(),
        }
    }

    pub(crate) fn failed(finding: String) -> Self {
        Self {
            passed: false,
            findings: vec![finding],
        }
    }

    /// Both must pass.
    pub(crate) fn and(mut self, other: Self) -> Self {
        self.passed &= other.passed;
        self.findings.extend(other.findings);
        self
    }
}

/// Runs cargo; prints both of its streams as they arrive.
pub(crate) fn run(mut command: Command) -> Result<Report, Failure> {
    run_into(&mut command, io::stdout(), io::stderr())
}

/// Runs cargo or a test program; returns what it printed.
pub(crate) fn captured(command: &mut Command) -> Result<(Report, String), Failure> {
    let printed = Mutex::new(Vec::new());
    let report = run_into(command, Both(&printed), Both(&printed))?;
    let printed = printed.into_inner().unwrap_or_else(PoisonError::into_inner);
    Ok((report, String::from_utf8_lossy(&printed).into_owned()))
}

/// Collects both streams of a program.
struct Both<'m>(&'m Mutex<Vec<u8>>);

impl Write for Both<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn run_into(command: &mut Command, mut out: impl Write + Send, mut err: impl Write) -> Result<Report, Failure> {
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()?;
    let (stdout, stderr) = (child.stdout.take(), child.stderr.take());
    let (printed, errors) = thread::scope(|scope| {
        let printed = scope.spawn(|| stdout.map_or_else(Vec::new, |stream| copy(stream, &mut out)));
        let errors = stderr.map_or_else(Vec::new, |stream| copy(stream, &mut err));
        (printed.join().unwrap_or_default(), errors)
    });
    let status = child.wait()?;
    let mut findings = Vec::new();
    if !status.success() {
        findings = failed_tests(&printed);
        findings.extend(first_lines(&errors.iter().map(String::as_str).collect::<Vec<_>>()));
        if findings.is_empty() {
            // It crashed, or something killed it.
            findings.push(format!("it ended with {status}"));
        }
    }
    Ok(Report {
        passed: status.success(),
        findings,
    })
}

/// The beginning of each message that cargo prints for programs.
const MESSAGE: &[u8] = b"{\"reason\":";

/// Prints a stream line by line, without cargo's messages for programs, and returns its lines.
fn copy(stream: impl Read, to: &mut impl Write) -> Vec<String> {
    let mut lines = Vec::new();
    let mut reader = BufReader::new(stream);
    let mut line = Vec::new();
    while reader.read_until(b'\n', &mut line).is_ok_and(|read| read > 0) {
        if !line.starts_with(MESSAGE) {
            // The reader of our output may be gone; the step continues.
            let _ = to.write_all(&line).and_then(|()| to.flush());
            lines.push(String::from_utf8_lossy(&line).trim_end().to_owned());
        }
        line.clear();
    }
    lines
}

/// The names below the last `failures:` of each test program: the list that the test harness prints at its end.
fn failed_tests(lines: &[String]) -> Vec<String> {
    let mut names = Vec::new();
    let mut listing = false;
    for line in lines {
        if line == "failures:" {
            listing = true;
        } else if let Some(name) = line.strip_prefix("    ").filter(|_| listing) {
            // A section with the same heading precedes the list; it has the output of each test, which can contain
            // anything.
            if !name.starts_with(' ') && !name.contains(' ') {
                names.push(name.to_owned());
            }
        } else if !line.is_empty() {
            listing = false;
        }
    }
    names
}

/// The first line of each error or warning of the compiler, clippy, rustdoc or cargo, with its location if one follows. A
/// warning without a location only counts others.
pub(crate) fn first_lines(lines: &[&str]) -> Vec<String> {
    let mut found = Vec::new();
    for (index, line) in lines.iter().enumerate() {
        let is_error = line.starts_with("error:") || line.starts_with("error[");
        if line.contains("could not compile") || line.contains("target failed") {
            continue;
        }
        let place = lines[index + 1..]
            .iter()
            .take(3)
            .find_map(|line| line.trim_start().strip_prefix("--> "));
        match place {
            Some(place) if is_error || line.starts_with("warning:") => found.push(format!("{place}: {line}")),
            None if is_error => found.push((*line).to_owned()),
            _ => {}
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::{failed_tests, first_lines};

    fn lines(text: &str) -> Vec<String> {
        text.lines().map(ToOwned::to_owned).collect()
    }

    #[test]
    fn the_failed_tests_of_every_program_are_named() {
        let output = "\nrunning 3 tests\n.FF\nfailures:\n\n---- walk::ends stdout ----\n\nthread 'walk::ends' panicked at a.rs:3:5:\n    indented text\n\n\nfailures:\n    walk::ends\n    walk::resumes\n\ntest result: FAILED. 1 passed; 2 failed\n\nrunning 1 test\nF\nfailures:\n\nfailures:\n    cursor::parses\n\ntest result: FAILED.";
        assert_eq!(
            failed_tests(&lines(output)),
            ["walk::ends", "walk::resumes", "cursor::parses"]
        );
    }

    #[test]
    fn errors_and_warnings_are_named_with_their_places() {
        let output = [
            "warning: unused",
            " --> src/a.rs:1:1",
            "error[E0308]: mismatched types",
            "   --> src/b.rs:7:9",
            "    |",
            "warning: 1 warning emitted",
            "error: could not compile `x` (lib) due to 1 previous error",
            "error: no such command",
        ];
        assert_eq!(
            first_lines(&output),
            [
                "src/a.rs:1:1: warning: unused",
                "src/b.rs:7:9: error[E0308]: mismatched types",
                "error: no such command"
            ]
        );
    }
}
