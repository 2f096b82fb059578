//! What to do about an error, in terms of the command line.
//!
//! An error of the facade has a typed remedy with a wording for programmers. This file has the
//! wording for people at a shell, who use options and commands instead of functions.

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

/// Returns the wording of a remedy at a shell. The facade's own wording is used if it fits there too.
fn wording(remedy: &Remedy) -> String {
    let wording = match remedy {
        Remedy::AllowAttempt => "Use --attempts 1 or more.",
        Remedy::CheckHttpClient => "Check how this machine is set up for TLS.",
        Remedy::CheckRequest => "Check --scope, --page-size and --cursor.",
        Remedy::CopyCursor => "Copy the whole cursor as it was printed, or omit --cursor.",
        Remedy::EnableTls => "Install chat-sessions with the feature rustls or native-tls.",
        Remedy::LowerPageSize => "Use a smaller --page-size, or omit it.",
        Remedy::MatchCursor => {
            "Use it with the providers, base URLs and scopes of the list that printed it, or omit --cursor."
        }
        Remedy::MatchFilter => "Give --since, --until and --title exactly as for that list, or omit --cursor.",
        Remedy::SetApiKey(_) => return format!("{remedy} To save a key, run: chat-sessions auth login."),
        Remedy::RaisePageSize => "Use --page-size 1 or more, or omit it.",
        Remedy::RaiseTimeout => "Try again, or raise --page-timeout.",
        Remedy::ResumeLater => "Continue with --cursor when the list changes less often.",
        Remedy::SeparateScopes => "Give each its own --scope, or omit one.",
        Remedy::TrustCertificate => {
            "Check the base URL. If the authority is your own, such as that of a company's proxy, add it to the \
             system's certificate store, or set SSL_CERT_FILE to a PEM file with all authorities to trust."
        }
        // Bad items are always skipped here, so that one that remains needs a new version.
        Remedy::SkipBadItems | Remedy::UpdateSpec => {
            "Try again. If this persists, the provider has changed its API: update chat-sessions."
        }
        other => return other.to_string(),
    };
    wording.to_owned()
}

/// Suggests the sandbox if a key is missing or was rejected.
pub(crate) fn with_sandbox(error: Error, command: &str) -> Error {
    if matches!(error.kind(), ErrorKind::Auth | ErrorKind::Permission) {
        let hint = format!("To try it without a key, run: chat-sessions {command} --sandbox");
        with_further_hint(error, &hint)
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
        "Or use a profile of {} with --profile: {}.",
        file.display(),
        profiles.join(", ")
    );
    with_further_hint(error, &hint)
}

fn with_further_hint(error: Error, hint: &str) -> Error {
    let first = self::hint(&error).unwrap_or_default();
    error.with_remedy(format!("{first} {hint}"))
}

#[cfg(test)]
mod tests {
    use chat_sessions::error::Remedy;

    use super::wording;

    /// Every remedy of the facade whose own wording names a function, or might do so.
    #[test]
    fn no_hint_names_a_function_of_the_library() {
        for remedy in [
            Remedy::AllowAttempt,
            Remedy::AuthenticateToProxy { variable: None },
            Remedy::CheckBaseUrl,
            Remedy::CheckClock,
            Remedy::CheckHttpClient,
            Remedy::CheckNetwork,
            Remedy::CheckProxy { variable: None },
            Remedy::CheckRequest,
            Remedy::CheckScheme,
            Remedy::CorrectSetting,
            Remedy::EnableTls,
            Remedy::InstallCertificates,
            Remedy::KeepDelivered,
            Remedy::LowerPageSize,
            Remedy::MatchCursor,
            Remedy::MatchFilter,
            Remedy::RaisePageSize,
            Remedy::RaiseTimeout,
            Remedy::ResumeLater,
            Remedy::SeparateScopes,
            Remedy::SetBaseUrl,
            Remedy::ShortenInterval,
            Remedy::SkipBadItems,
            Remedy::TrustCertificate,
            Remedy::UpdateSpec,
            Remedy::UseCertifiedHost,
        ] {
            let hint = wording(&remedy);
            let is_rust = hint.contains("::") || hint.contains("()") || has_snake_case(&hint);
            assert!(!is_rust && !hint.contains("the spec "), "{remedy:?}: {hint}");
        }
        assert!(wording(&Remedy::TrustCertificate).contains("SSL_CERT_FILE"));
    }

    fn has_snake_case(text: &str) -> bool {
        let mut words = text.split(|character: char| !character.is_ascii_alphanumeric() && character != '_');
        words.any(|word| {
            word.trim_matches('_').contains('_') && word.contains(|letter: char| letter.is_ascii_lowercase())
        })
    }
}
