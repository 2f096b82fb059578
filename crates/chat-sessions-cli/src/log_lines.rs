//! The lines of `-v` and `-vv`: one short line for each request and for each retry.
//!
//! The events hold neither a key nor a query. A line shows less than its event: of the address only
//! the last segment of the path.

use std::fmt::{self, Debug, Write as _};
use std::time::Duration;

use tracing::field::{Field, Visit};
use tracing::{Event, Subscriber};
use tracing_subscriber::fmt::format::Writer;
use tracing_subscriber::fmt::{FmtContext, FormatEvent, FormatFields};
use tracing_subscriber::registry::LookupSpan;

use crate::output::text::one_line;
use crate::output::wrap::{Piece, wrap};
use crate::output::{stderr_width, units};

/// Formats the events of this project as short lines. On a terminal, a line breaks between words.
#[derive(Debug)]
pub(crate) struct ShortLines;

impl<S, N> FormatEvent<S, N> for ShortLines
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    N: for<'a> FormatFields<'a> + 'static,
{
    fn format_event(&self, _: &FmtContext<'_, S, N>, mut out: Writer<'_>, event: &Event<'_>) -> fmt::Result {
        let mut fields = Fields::default();
        event.record(&mut fields);
        let line = one_line(&fields.line());
        let Some(width) = stderr_width() else {
            return writeln!(out, "{line}");
        };
        let phrases = line
            .split_inclusive(", ")
            .map(|phrase| Piece::Phrase(phrase.trim_end()));
        wrap(&phrases.collect::<Vec<_>>(), width, 0, 2)
            .iter()
            .try_for_each(|part| writeln!(out, "{part}"))
    }
}

/// The fields of an event as text.
#[derive(Debug, Default)]
struct Fields(Vec<(&'static str, String)>);

impl Visit for Fields {
    fn record_str(&mut self, field: &Field, value: &str) {
        self.0.push((field.name(), value.to_owned()));
    }

    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.0.push((field.name(), format!("{value:?}")));
    }
}

impl Fields {
    fn text(&self, name: &str) -> Option<&str> {
        let found = self.0.iter().find(|(found, _)| *found == name);
        found.map(|(_, value)| value.as_str())
    }

    fn number(&self, name: &str) -> Option<u64> {
        self.text(name)?.parse().ok()
    }

    fn millis(&self, name: &str) -> Option<String> {
        Some(units::time(Duration::from_millis(self.number(name)?)))
    }

    fn line(&self) -> String {
        self.retry().or_else(|| self.request()).unwrap_or_else(|| self.other())
    }

    /// Returns `llama-cloud: retry 2 of 4 in 1.5 s: HTTP 503`.
    fn retry(&self) -> Option<String> {
        let wait = self.millis("wait_ms")?;
        let mut line = format!(
            "{}: retry {}",
            self.text("provider")?,
            self.number("http.request.resend_count")?
        );
        if let Some(most) = self.number("max_attempts") {
            push(&mut line, format_args!(" of {}", most.saturating_sub(1)));
        }
        push(&mut line, format_args!(" in {wait}: "));
        match (self.number("http.response.status_code"), self.text("error.type")) {
            // The status of a success does not say what failed.
            (Some(status), _) if status >= 400 => push(&mut line, format_args!("HTTP {status}")),
            (_, kind) => line.push_str(&kind.unwrap_or("failed").replace('-', " ")),
        }
        if let Some(code) = self.text("code") {
            push(&mut line, format_args!(", code {code}"));
        }
        self.push_request_id(&mut line);
        Some(line)
    }

    /// Returns `GET …/list_sessions 200 2.0 kB 4 ms, page 3`.
    fn request(&self) -> Option<String> {
        let (method, url) = (self.text("http.request.method")?, self.text("url.full")?);
        let segment = url.rsplit('/').next().unwrap_or_default();
        let mut line = format!("{method} …/{segment}");
        let problem = self.text("error.type");
        match self.number("http.response.status_code") {
            Some(status) => push(&mut line, format_args!(" {status}")),
            None => push(
                &mut line,
                format_args!(" no response ({})", problem.unwrap_or("unknown")),
            ),
        }
        if let Some(bytes) = self.number("http.response.body.size") {
            push(&mut line, format_args!(" {}", units::size(bytes)));
            if let Some(problem) = problem {
                push(&mut line, format_args!(" incomplete ({problem})"));
            }
        }
        if let Some(time) = self.millis("duration_ms") {
            push(&mut line, format_args!(" {time}"));
        }
        match self.text("page") {
            Some("next") => line.push_str(", next page"),
            Some(number) => push(&mut line, format_args!(", page {number}")),
            None => {}
        }
        self.push_request_id(&mut line);
        Some(line)
    }

    fn push_request_id(&self, line: &mut String) {
        if let Some(id) = self.text("request_id") {
            push(line, format_args!(", request id {id}"));
        }
    }

    /// Returns the message and the fields of any other event.
    fn other(&self) -> String {
        let mut line = self.text("message").unwrap_or_default().to_owned();
        for (name, value) in self.0.iter().filter(|(name, _)| *name != "message") {
            push(&mut line, format_args!(" {name}={value}"));
        }
        line
    }
}

/// Adds to a text, which cannot fail.
fn push(line: &mut String, text: fmt::Arguments<'_>) {
    let _ = line.write_fmt(text);
}

#[cfg(test)]
mod tests {
    use super::Fields;

    fn line(fields: &[(&'static str, &str)]) -> String {
        Fields(
            fields
                .iter()
                .map(|(name, value)| (*name, (*value).to_owned()))
                .collect(),
        )
        .line()
    }

    #[test]
    fn a_request_is_one_short_line() {
        let request = [
            ("http.request.method", "GET"),
            ("url.full", "https://api.example/serve/api/v1/list_sessions"),
            ("duration_ms", "4"),
        ];
        let with = |more: &[(&'static str, &str)]| line(&[&request[..], more].concat());
        let response = [
            ("http.response.status_code", "200"),
            ("http.response.body.size", "2011"),
        ];
        assert_eq!(with(&response), "GET …/list_sessions 200 2.0 kB 4 ms");
        let page = [response.as_slice(), &[("page", "3"), ("request_id", "r-1")]].concat();
        assert_eq!(
            with(&page),
            "GET …/list_sessions 200 2.0 kB 4 ms, page 3, request id r-1"
        );
        let next = [response.as_slice(), &[("page", "next")]].concat();
        assert_eq!(with(&next), "GET …/list_sessions 200 2.0 kB 4 ms, next page");
        let cut = [response.as_slice(), &[("error.type", "timeout")]].concat();
        assert_eq!(with(&cut), "GET …/list_sessions 200 2.0 kB incomplete (timeout) 4 ms");
        let none = [("error.type", "connect"), ("page", "1")];
        assert_eq!(with(&none), "GET …/list_sessions no response (connect) 4 ms, page 1");
    }

    #[test]
    fn a_retry_is_one_short_line() {
        let retry = [
            ("provider", "llama-cloud"),
            ("http.request.method", "GET"),
            ("http.request.resend_count", "2"),
            ("max_attempts", "5"),
            ("wait_ms", "1500"),
        ];
        let with = |more: &[(&'static str, &str)]| line(&[&retry[..], more].concat());
        let status = [("http.response.status_code", "503"), ("error.type", "server")];
        assert_eq!(with(&status), "llama-cloud: retry 2 of 4 in 1.5 s: HTTP 503");
        let network = [("error.type", "rate-limited"), ("request_id", "r-1")];
        assert_eq!(
            with(&network),
            "llama-cloud: retry 2 of 4 in 1.5 s: rate limited, request id r-1"
        );
        let code = [
            ("http.response.status_code", "200"),
            ("error.type", "server"),
            ("code", "0500"),
        ];
        assert_eq!(with(&code), "llama-cloud: retry 2 of 4 in 1.5 s: server, code 0500");
    }

    #[test]
    fn any_other_event_shows_all_its_fields() {
        assert_eq!(
            line(&[("message", "something new"), ("size", "3")]),
            "something new size=3"
        );
    }
}
