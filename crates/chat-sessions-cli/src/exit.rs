//! How the program ends: its exit codes, and the failures that `main` reports.

use std::io;
use std::process::ExitCode;

use chat_sessions::{Error, ErrorKind};

use crate::interrupt;
use crate::output::visible;

/// The exit codes, for the help of the program and of `list`. A macro, so that `concat!` takes it.
macro_rules! exit_codes {
    () => {
        "\
Exit codes:
  0    success
  1    any other error
  2    invalid usage, or a cursor from another list
  3    partial: a provider failed, or sessions were lost
  4    API key missing, rejected or without permission
  5    rate limited
  6    timeout, no connection, or the provider failed
  7    a response does not match the provider's documentation
  8    invalid configuration
  129  ended by SIGHUP
  130  interrupted with Ctrl-C
  143  ended by SIGTERM"
    };
}
pub(crate) use exit_codes;

/// An exit code. Scripts rely on the numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exit {
    Ok,
    Other,
    Usage,
    /// A source failed while others did not, or sessions were lost.
    Partial,
    Denied,
    RateLimited,
    Unavailable,
    Contract,
    Config,
    /// A signal ended the program.
    Interrupted,
}

impl Exit {
    pub(crate) fn code(self) -> u8 {
        match self {
            Self::Ok => 0,
            Self::Other => 1,
            Self::Usage => 2,
            Self::Partial => 3,
            Self::Denied => 4,
            Self::RateLimited => 5,
            Self::Unavailable => 6,
            Self::Contract => 7,
            Self::Config => 8,
            Self::Interrupted => interrupt::exit_code(),
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        exit.code().into()
    }
}

impl From<&Error> for Exit {
    fn from(error: &Error) -> Self {
        match error.kind() {
            ErrorKind::Auth | ErrorKind::Permission => Self::Denied,
            ErrorKind::RateLimited => Self::RateLimited,
            ErrorKind::Timeout | ErrorKind::Connect | ErrorKind::Server => Self::Unavailable,
            ErrorKind::Protocol | ErrorKind::Walk => Self::Contract,
            ErrorKind::Config => Self::Config,
            ErrorKind::Cursor => Self::Usage,
            _ => Self::Other,
        }
    }
}

/// Why a command stopped. `main` reports it and chooses the exit code.
#[derive(Debug)]
pub(crate) enum Failure {
    /// Standard output cannot be written.
    Output(io::Error),
    /// The arguments contradict each other or the configuration.
    Usage(clap::Error),
    /// The configuration is wrong, or a key is missing.
    Error(Error),
    /// The sandbox cannot be started.
    Sandbox(io::Error),
}

impl Failure {
    pub(crate) fn usage(kind: clap::error::ErrorKind, message: &str) -> Self {
        Self::Usage(clap::Error::raw(kind, visible(message)))
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self::Output(error)
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Error(error)
    }
}
