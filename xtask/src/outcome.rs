//! How a command ends.

use std::process::ExitCode;

/// The result of a command that ran.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// Nothing to report.
    Clean,
    /// Something to fix; the command printed what, and how.
    Findings,
    /// The arguments name something that does not exist.
    Usage,
    /// There was nothing to compare, so that the result says nothing.
    Nothing,
}

impl Outcome {
    /// `Clean` if a step found nothing.
    pub(crate) fn of(passed: bool) -> Self {
        if passed { Self::Clean } else { Self::Findings }
    }
}

impl From<Outcome> for ExitCode {
    fn from(outcome: Outcome) -> Self {
        match outcome {
            Outcome::Clean => Self::SUCCESS,
            Outcome::Findings => Self::from(1),
            Outcome::Usage | Outcome::Nothing => Self::from(2),
        }
    }
}

/// Why a command could not run: a file that cannot be read, a process that does not start.
pub(crate) type Failure = Box<dyn std::error::Error>;
