//! Formats an error: `Display` for people, on one line, and `Debug` for logs.

use std::fmt;
use std::time::Duration;

use super::one_line::{display_id, printable};
use super::{Error, Inner};
use crate::retry::GaveUp;

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Inner {
            kind,
            provider,
            scope,
            session,
            message,
            others,
            ..
        } = &*self.0;

        if let Some(provider) = provider {
            write!(f, "{provider}")?;
            if let Some(scope) = scope {
                // A scope with control characters is refused, and its error must still print on one
                // line.
                write!(f, "/{}", printable(scope.as_str()).collect::<String>())?;
            }
            f.write_str(": ")?;
        }
        if let Some(session) = session.as_deref().filter(|id| !id.is_empty()) {
            write!(f, "session {}: ", display_id(session))?;
        }
        if message.is_empty() {
            write!(f, "{kind}")?;
        } else {
            f.write_str(message)?;
        }
        let facts = self.facts();
        if !facts.is_empty() {
            write!(f, " ({})", facts.join(", "))?;
        }
        match others.len() {
            0 => Ok(()),
            1 => f.write_str(" (and 1 more source failed)"),
            more => write!(f, " (and {more} more sources failed)"),
        }
    }
}

impl Error {
    /// Returns the details besides the message, as parts of a sentence.
    fn facts(&self) -> Vec<String> {
        let Inner {
            status,
            code,
            request_id,
            attempts,
            waited,
            gave_up,
            retry_after,
            ..
        } = &*self.0;
        let attempts = attempts.filter(|attempts| *attempts > 1);
        let requested_wait = retry_after.filter(|wait| !wait.is_zero());
        let reason = match gave_up {
            Some(GaveUp::Time) => Some("no time is left for another attempt".to_owned()),
            Some(GaveUp::Budget) => Some("the retry budget of this account is spent".to_owned()),
            Some(GaveUp::RetryAfter) => Some("which exceeds the maximum wait".to_owned()),
            _ => None,
        };
        [
            status.map(|status| format!("HTTP {status}")),
            code.as_ref().map(|code| format!("code {code}")),
            request_id.as_ref().map(|id| format!("request id {id}")),
            attempts.map(|attempts| format!("{attempts} attempts with {} between them", seconds(*waited))),
            requested_wait.map(|wait| format!("the provider asks to wait {}", seconds(wait))),
            reason,
        ]
        .into_iter()
        .flatten()
        .collect()
    }
}

/// Formats a time in seconds, as exactly as it matters.
pub(crate) fn seconds(time: Duration) -> String {
    let tenths = (time.as_secs_f64() * 10.0).round() / 10.0;
    format!("{tenths} s")
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Inner {
            kind,
            provider,
            scope,
            session,
            message,
            remedy,
            status,
            code,
            request_id,
            retry_after,
            attempts,
            waited,
            gave_up,
            snippet,
            temporary,
            refused_page_size,
            others,
            cursor,
            source,
        } = &*self.0;
        let mut debug = f.debug_struct("Error");
        debug.field("kind", kind).field("message", message);
        for (name, value) in [
            ("provider", provider.as_ref().map(ToString::to_string)),
            ("scope", scope.as_ref().map(ToString::to_string)),
            ("session", session.clone()),
            ("status", status.map(|status| status.to_string())),
            ("code", code.clone()),
            ("request_id", request_id.clone()),
            ("retry_after", retry_after.map(|wait| format!("{wait:?}"))),
            ("gave_up", gave_up.map(|reason| reason.to_string())),
            ("snippet", snippet.clone()),
            ("source", source.as_ref().map(ToString::to_string)),
        ] {
            if let Some(value) = value {
                debug.field(name, &value);
            }
        }
        if let Some(remedy) = remedy {
            debug.field("remedy", remedy);
        }
        debug
            .field("attempts", &attempts.unwrap_or_default())
            .field("waited", waited)
            .field("temporary", temporary);
        if *refused_page_size {
            debug.field("refused_page_size", refused_page_size);
        }
        if !others.is_empty() {
            debug.field("others", others);
        }
        if let Some(cursor) = cursor {
            debug.field("cursor", cursor);
        }
        debug.finish()
    }
}
