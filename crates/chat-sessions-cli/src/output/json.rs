//! JSON and NDJSON: everything that is known of a session, for programs.

use std::io::{self, Write};

use chat_sessions::{Error, GaveUp, Session};
use schemars::JsonSchema;
use serde::Serialize;

use super::{Ending, Writer};

/// Rises when a field of the document changes its meaning or goes away; a new field leaves it.
const SCHEMA_VERSION: u32 = 1;

/// What `chat-sessions list -o json` prints.
// The document is written piece by piece as sessions come; this type is its schema, and a test holds both together.
#[derive(Debug, JsonSchema)]
#[schemars(rename = "SessionList")]
#[expect(dead_code, reason = "the fields describe what Document writes")]
struct DocumentSchema {
    /// Rises when a field changes its meaning or goes away.
    schema_version: u32,
    /// The sessions.
    sessions: Vec<Session>,
    /// The providers that failed, wholly or half-way.
    errors: Vec<ErrorRecord>,
    /// Whether every session of every provider is in the list; with --cursor, every one behind it.
    complete: bool,
    /// The text for --cursor that goes on behind the last session; null when nothing is left, or no list was begun.
    next_cursor: Option<String>,
}

/// Gives the JSON Schema of the document.
pub(crate) fn schema() -> schemars::Schema {
    schemars::schema_for!(DocumentSchema)
}

/// An error, for programs.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Error")]
pub(crate) struct ErrorRecord {
    /// What it means, the same for every provider.
    kind: &'static str,
    /// Which provider; null when it concerns no single one.
    provider: Option<String>,
    /// Which part of the account.
    scope: Option<String>,
    /// What happened.
    message: String,
    /// What to do about it.
    hint: Option<String>,
    /// The HTTP status.
    status: Option<u16>,
    /// The provider's own code.
    code: Option<String>,
    /// The id under which the provider logged the request.
    request_id: Option<String>,
    /// How many seconds the provider asks to wait.
    retry_after: Option<f64>,
    /// How many requests were made for the page.
    attempts: u32,
    /// How many seconds were waited between them.
    waited: f64,
    /// Why no further one was made.
    gave_up: Option<&'static str>,
    /// Whether trying again may help.
    temporary: bool,
}

impl From<&Error> for ErrorRecord {
    fn from(error: &Error) -> Self {
        Self {
            kind: error.kind().as_str(),
            provider: error.provider().map(ToString::to_string),
            scope: error.scope().map(ToString::to_string),
            message: error.message().to_owned(),
            hint: error.hint().map(ToOwned::to_owned),
            status: error.status(),
            code: error.code().map(ToOwned::to_owned),
            request_id: error.request_id().map(ToOwned::to_owned),
            retry_after: error.retry_after().map(|wait| wait.as_secs_f64()),
            attempts: error.attempts(),
            waited: error.waited().as_secs_f64(),
            gave_up: error.gave_up().map(GaveUp::as_str),
            temporary: error.is_temporary(),
        }
    }
}

/// One JSON document, a session a line; it is whole even when the walk fails half-way.
pub(crate) struct Document<W> {
    out: W,
    begun: bool,
}

impl<W: Write> Document<W> {
    pub(crate) fn new(out: W) -> Self {
        Self { out, begun: false }
    }

    fn begin(&mut self) -> io::Result<()> {
        let opening = if self.begun {
            ",\n".to_owned()
        } else {
            format!("{{\"schema_version\":{SCHEMA_VERSION},\"sessions\":[\n")
        };
        self.begun = true;
        self.out.write_all(opening.as_bytes())
    }
}

impl<W: Write> Writer for Document<W> {
    fn session(&mut self, session: &Session) -> io::Result<()> {
        self.begin()?;
        serde_json::to_writer(&mut self.out, session)?;
        Ok(())
    }

    fn end(&mut self, ending: Ending<'_>) -> io::Result<()> {
        if !self.begun {
            self.begin()?;
        }
        let errors: Vec<ErrorRecord> = ending.failures.iter().map(|error| ErrorRecord::from(*error)).collect();
        self.out.write_all(b"\n],\"errors\":")?;
        serde_json::to_writer(&mut self.out, &errors)?;
        write!(self.out, ",\"complete\":{},\"next_cursor\":", ending.complete)?;
        serde_json::to_writer(&mut self.out, &ending.next)?;
        self.out.write_all(b"}\n")?;
        self.out.flush()
    }
}

/// One JSON object a line, each written out at once, so that whoever reads can work on it while more come.
pub(crate) struct Lines<W> {
    out: W,
}

impl<W: Write> Lines<W> {
    pub(crate) fn new(out: W) -> Self {
        Self { out }
    }
}

impl<W: Write> Writer for Lines<W> {
    fn session(&mut self, session: &Session) -> io::Result<()> {
        serde_json::to_writer(&mut self.out, session)?;
        self.out.write_all(b"\n")?;
        self.out.flush()
    }

    fn end(&mut self, _: Ending<'_>) -> io::Result<()> {
        self.out.flush()
    }
}
