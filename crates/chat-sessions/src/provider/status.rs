//! Interprets HTTP statuses other than 200, the same for every provider.

use chat_sessions_wire::Received;

use crate::error::{Error, ErrorKind, Remedy};
use crate::invisible::is_blank;
use crate::provider::request_context::RequestContext;

impl RequestContext<'_> {
    /// Returns the error for a status other than 200, with the provider's message.
    pub(crate) fn refusal_error(&self, received: &Received, message: Option<String>) -> Error {
        let status = received.status;
        if (300..400).contains(&status) {
            return self
                .response_error(ErrorKind::Protocol, received)
                .with_message("the response is a redirect, and redirects are not followed")
                .with_remedy(Remedy::SetBaseUrl);
        }
        if status == 407 {
            // Only a proxy sends this status.
            return self
                .response_error(ErrorKind::Connect, received)
                .with_temporary(false)
                .with_message("the proxy requires a user name and a password, or rejects them")
                .with_remedy(Remedy::AuthenticateToProxy { variable: None });
        }
        let error = self.response_error(kind_of_status(status), received);
        if status == 400 && expects_tls(&received.body) {
            return error
                .with_message("the server expects https at this port")
                .with_remedy(Remedy::CheckScheme);
        }
        let message = message.or_else(|| snippet_of_text(&received.body));
        let message = message.as_deref().and_then(as_clause);
        let error = match message {
            Some(message) => error.with_message(message),
            None => error.with_message(match status {
                100..300 => "the response has no body; expected a list of sessions",
                401 => "the key was refused",
                403 => "access was denied",
                404 => "there is nothing at this address",
                429 => "too many requests",
                500.. => "the provider failed",
                _ => "the request was refused",
            }),
        };
        match status {
            429 => error.with_temporary(true).with_remedy(Remedy::Wait {
                requests_per_second: None,
            }),
            408 | 500.. => error.with_temporary(true).with_remedy(Remedy::RetryLater),
            _ => error,
        }
    }
}

fn kind_of_status(status: u16) -> ErrorKind {
    match status {
        401 => ErrorKind::Auth,
        402 => ErrorKind::Quota,
        403 => ErrorKind::Permission,
        404 => ErrorKind::NotFound,
        408 => ErrorKind::Timeout,
        409 => ErrorKind::Conflict,
        429 => ErrorKind::RateLimited,
        400..500 => ErrorKind::InvalidRequest,
        500.. => ErrorKind::Server,
        _ => ErrorKind::Protocol,
    }
}

/// Returns whether a server complains about a request without TLS: nginx, Go, Apache or Tomcat.
fn expects_tls(body: &[u8]) -> bool {
    let beginning = &body[..body.len().min(4096)];
    let text = String::from_utf8_lossy(beginning);
    let complaints = [
        "plain HTTP request was sent to HTTPS port",
        "HTTP request to an HTTPS server",
        "plain HTTP to an SSL-enabled server port",
        "combination of host and port requires TLS",
    ];
    complaints.iter().any(|complaint| text.contains(complaint))
}

/// Trims a provider's message so that it fits into a sentence; `None` if nothing visible is left.
pub(crate) fn as_clause(message: &str) -> Option<String> {
    let clause = message.trim().trim_end_matches('.');
    (!is_blank(clause)).then(|| clause.to_owned())
}

/// Returns the body if it is a short plain text, such as a gateway's one-line message; never a web
/// page or JSON.
fn snippet_of_text(body: &[u8]) -> Option<String> {
    const LONGEST: usize = 200;
    // A longer body is not searched: trimming megabytes of white space takes too long.
    const LONGEST_BODY: usize = 1000;
    if body.len() > LONGEST_BODY {
        return None;
    }
    let text = std::str::from_utf8(body).ok()?.trim();
    let plain = !text.starts_with(['<', '{', '[', '"']) && !text.contains(char::is_control);
    (plain && text.chars().count() <= LONGEST).then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::{as_clause, snippet_of_text};

    #[test]
    fn a_short_plain_text_is_a_message() {
        let padded = |length: usize| format!("{:length$}", "Try again.");
        for (body, message) in [
            ("upstream connect error\n".to_owned(), Some("upstream connect error")),
            (padded(1000), Some("Try again.")),
            (padded(1001), None),
            ("x".repeat(201), None),
            ("<p>Try again.</p>".to_owned(), None),
            (r#"{"detail": "Try again."}"#.to_owned(), None),
            ("Try\u{1b}[1m again.".to_owned(), None),
        ] {
            assert_eq!(snippet_of_text(body.as_bytes()).as_deref(), message, "{body:?}");
        }
    }

    #[test]
    fn a_message_that_shows_nothing_is_none() {
        for (message, clause) in [
            ("Too many requests.", Some("Too many requests")),
            (" no such id ", Some("no such id")),
            ("...", None),
            (" \n", None),
            ("\u{202d}\u{200b}", None),
            ("", None),
        ] {
            assert_eq!(as_clause(message).as_deref(), clause, "{message:?}");
        }
    }
}
