//! JSON and NDJSON: everything known about a session, for programs; and the JSON Schema.

use std::io::{self, Write};

use chat_sessions::retry::GaveUp;
use chat_sessions::{Error, Session};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Value, json};

use super::fields::{Field, FieldSelection};
use super::hints;
use super::writer::{ListSummary, SessionWriter};

/// The version of the document. Increases when a field changes its meaning or disappears; a new
/// field does not change it.
const SCHEMA_VERSION: u32 = 2;

/// What `chat-sessions list -o json` prints.
// `Document` writes the sessions as they arrive. This type is only the schema of the result; a test
// compares both.
#[derive(Debug, JsonSchema)]
#[schemars(rename = "SessionList")]
#[expect(dead_code, reason = "the fields describe what Document writes")]
struct DocumentSchema {
    /// Rises when a field changes its meaning or goes away.
    schema_version: u32,
    /// The members that each session has, chosen with --fields; null when it has all of them.
    fields: Option<Vec<Field>>,
    /// The sessions.
    sessions: Vec<Session>,
    /// The providers that failed, wholly or half-way.
    errors: Vec<ErrorRecord>,
    /// Whether every session that was asked for is in the list: of every provider, behind the --cursor, within the filters.
    complete: bool,
    /// The text for --cursor that goes on behind the last session; null when nothing is left, or no list was started.
    next_cursor: Option<String>,
}

/// Returns the JSON Schema of the document.
pub(crate) fn schema() -> schemars::Schema {
    let mut schema = schemars::schema_for!(DocumentSchema);
    allow_partial_sessions(&mut schema);
    schema
}

/// Adds the condition for `--fields`: if `fields` is not null, sessions have only some of the fields.
fn allow_partial_sessions(schema: &mut schemars::Schema) {
    let items =
        |name: &str| json!({ "properties": { "sessions": { "items": { "$ref": format!("#/$defs/{name}") } } } });
    if let Some(Value::Object(sessions)) = schema
        .pointer_mut("/properties/sessions")
        .map(|sessions| &mut *sessions)
    {
        sessions.remove("items");
    }
    if let Some(Value::Object(definitions)) = schema.pointer_mut("/$defs") {
        let mut part = definitions.get("Session").cloned().unwrap_or_default();
        part["description"] = "The members of a session that were chosen with --fields.".into();
        part["required"] = json!([]);
        part["additionalProperties"] = false.into();
        definitions.insert("SessionPart".to_owned(), part);
    }
    schema.insert(
        "if".to_owned(),
        json!({ "properties": { "fields": { "type": "null" } } }),
    );
    schema.insert("then".to_owned(), items("Session"));
    schema.insert("else".to_owned(), items("SessionPart"));
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
            hint: hints::hint(error),
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

/// One JSON document with one session per line. It is complete even if the list fails half-way.
pub(crate) struct Document<W> {
    out: W,
    selection: FieldSelection,
    has_begun: bool,
}

impl<W: Write> Document<W> {
    pub(crate) fn new(out: W, selection: FieldSelection) -> Self {
        Self {
            out,
            selection,
            has_begun: false,
        }
    }

    fn begin(&mut self) -> io::Result<()> {
        if std::mem::replace(&mut self.has_begun, true) {
            return self.out.write_all(b",\n");
        }
        write!(self.out, "{{\"schema_version\":{SCHEMA_VERSION},\"fields\":")?;
        serde_json::to_writer(&mut self.out, &self.selection.fields())?;
        self.out.write_all(b",\"sessions\":[\n")
    }
}

impl<W: Write> SessionWriter for Document<W> {
    fn session(&mut self, session: &Session) -> io::Result<()> {
        self.begin()?;
        self.selection.write(&mut self.out, session)?;
        self.out.flush()
    }

    fn finish(&mut self, summary: ListSummary<'_>) -> io::Result<()> {
        if !self.has_begun {
            self.begin()?;
        }
        let errors: Vec<ErrorRecord> = summary.failures.iter().map(|error| ErrorRecord::from(*error)).collect();
        self.out.write_all(b"\n],\"errors\":")?;
        serde_json::to_writer(&mut self.out, &errors)?;
        write!(self.out, ",\"complete\":{},\"next_cursor\":", summary.complete)?;
        serde_json::to_writer(&mut self.out, &summary.next_cursor)?;
        self.out.write_all(b"}\n")?;
        self.out.flush()
    }
}

/// One JSON object per line.
pub(crate) struct Lines<W> {
    out: W,
    selection: FieldSelection,
}

impl<W: Write> Lines<W> {
    pub(crate) fn new(out: W, selection: FieldSelection) -> Self {
        Self { out, selection }
    }
}

impl<W: Write> SessionWriter for Lines<W> {
    fn session(&mut self, session: &Session) -> io::Result<()> {
        self.selection.write(&mut self.out, session)?;
        self.out.write_all(b"\n")?;
        self.out.flush()
    }

    fn finish(&mut self, _: ListSummary<'_>) -> io::Result<()> {
        self.out.flush()
    }
}
