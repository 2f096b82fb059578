//! What the exit codes mean.

use std::process::ExitCode;

use chat_sessions::{Error, ErrorKind};

/// How the program ends; the numbers are a promise to scripts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exit {
    Ok,
    Other,
    Usage,
    /// Rows were printed, and something failed.
    Partial,
    Denied,
    RateLimited,
    Unavailable,
    Contract,
    Config,
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
            // As a shell counts a program that the signal 2 has ended.
            Self::Interrupted => 130,
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
