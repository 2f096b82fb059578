//! What to do about an error, in terms of the command line.
//!
//! An error of the facade has a hint that fits every program. This file adds what only helps at a
//! shell, such as options and commands.

use std::path::Path;

use chat_sessions::{Error, ErrorKind};

/// Suggests the sandbox if a key is missing or was rejected.
pub(crate) fn with_sandbox(error: Error) -> Error {
    if matches!(error.kind(), ErrorKind::Auth | ErrorKind::Permission) {
        with_further_hint(error, "Or try it without a key: chat-sessions list --sandbox")
    } else {
        error
    }
}

/// Suggests the profiles of the configuration file if no key is set.
pub(crate) fn with_profiles(error: Error, file: &Path, profiles: &[&str]) -> Error {
    if error.kind() != ErrorKind::Auth {
        return error;
    }
    let hint = format!(
        "Or name a profile of {} with --profile: {}.",
        file.display(),
        profiles.join(", ")
    );
    with_further_hint(error, &hint)
}

fn with_further_hint(error: Error, hint: &str) -> Error {
    let first = error.hint().unwrap_or_default().to_owned();
    error.with_hint(format!("{first} {hint}"))
}
