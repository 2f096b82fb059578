//! What to do about an error, in terms of the command line.
//!
//! An error of the facade carries its remedy as data, with a wording for programmers. This file has the
//! wording for people at a shell, and adds what only helps them, such as options and commands.

use std::path::Path;

use chat_sessions::error::Remedy;
use chat_sessions::{Error, ErrorKind};

/// Returns an error and what to do about it, on one line.
pub(crate) fn with_hint(error: &Error) -> String {
    match hint(error) {
        Some(hint) => format!("{error}. {hint}"),
        None => error.to_string(),
    }
}

/// Returns what to do about an error, as a sentence.
pub(crate) fn hint(error: &Error) -> Option<String> {
    error.remedy().map(wording)
}

/// Returns the wording of a remedy at a shell, where options take the place of functions. The facade's own wording fits the others.
fn wording(remedy: &Remedy) -> String {
    let wording = match remedy {
        Remedy::AllowAttempt => "Give --attempts 1 or more.",
        Remedy::CheckHttpClient => "Check how this machine is set up for TLS.",
        Remedy::CheckRequest => "Check --scope, --page-size and --cursor.",
        Remedy::CopyCursor => "Copy the whole cursor, as it was printed, or leave --cursor out.",
        Remedy::EnableTls => "Install chat-sessions with the feature rustls or native-tls.",
        Remedy::LowerPageSize => "Give a smaller --page-size, or leave it out.",
        Remedy::MatchCursor => {
            "Use it with the providers, base URLs and scopes of the list that printed it, or leave --cursor out."
        }
        Remedy::RaisePageSize => "Give --page-size 1 or more, or leave it out.",
        Remedy::RaiseTimeout => "Try again, or raise --page-timeout.",
        Remedy::ResumeLater => "Go on with --cursor when the list changes less.",
        Remedy::SeparateScopes => "Give each its own --scope, or leave one out.",
        Remedy::TrustCertificate => {
            "Check the base URL; a certificate authority of your own must be trusted by this machine."
        }
        Remedy::UpdateSpec => {
            "Try again; if it persists, the provider's API has changed: look for a newer version of chat-sessions."
        }
        other => return other.to_string(),
    };
    wording.to_owned()
}

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
    let first = self::hint(&error).unwrap_or_default();
    error.with_remedy(format!("{first} {hint}"))
}
