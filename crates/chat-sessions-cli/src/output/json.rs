//! JSON and NDJSON: everything known about a session, for programs; and the JSON Schema.

use std::io::{self, Write};

use chat_sessions::retry::GaveUp;
use chat_sessions::{Error, Session};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Value, json};

use super::fields::{Field, FieldSelection};
use super::hints;
use super::json_text::write_json;
use super::missing::Missing;
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
    /// Increases when a field changes its meaning or disappears.
    schema_version: u32,
    /// The fields of each session, as chosen with --fields; null for all.
    fields: Option<Vec<Field>>,
    /// The sessions.
    sessions: Vec<Session>,
    /// One error for each source that failed, at once or half-way.
    errors: Vec<ErrorRecord>,
    /// What else is missing: one record for each reason and source.
    missing: Vec<Missing>,
    /// Whether the list contains every requested session: of all selected providers, after the
    /// --cursor, matching the filters. True if errors and missing are empty, and only then.
    complete: bool,
    /// The --cursor to continue after the last session; null if every list was read to its end, or if
    /// none was started.
    next_cursor: Option<String>,
}

/// Returns the JSON Schema of the document.
pub(crate) fn schema() -> schemars::Schema {
    let mut schema = schemars::schema_for!(DocumentSchema);
    let conditions = [partial_sessions(&mut schema), completeness()];
    schema.insert("allOf".to_owned(), conditions.into_iter().collect());
    schema
}

/// Returns the condition for `complete`: it is true if nothing is missing, and only then.
pub(super) fn completeness() -> Value {
    let lists = |length: &Value| json!({ "properties": { "errors": length, "missing": length } });
    let each = |name: &str| json!({ "properties": { name: { "minItems": 1 } } });
    json!({
        "if": { "properties": { "complete": { "const": true } } },
        "then": lists(&json!({ "maxItems": 0 })),
        "else": { "anyOf": [each("errors"), each("missing")] },
    })
}

/// Returns the condition for `--fields`: if `fields` is not null, sessions have only some of the
/// fields.
fn partial_sessions(schema: &mut schemars::Schema) -> Value {
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
        part["description"] = "The fields of a session that were chosen with --fields.".into();
        part["required"] = json!([]);
        part["additionalProperties"] = false.into();
        definitions.insert("SessionPart".to_owned(), part);
    }
    json!({
        "if": { "properties": { "fields": { "type": "null" } } },
        "then": items("Session"),
        "else": items("SessionPart"),
    })
}

/// An error.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Error")]
pub(crate) struct ErrorRecord {
    /// The kind of the error, the same for every provider.
    kind: &'static str,
    /// The provider; null if the error does not concern a single one.
    provider: Option<String>,
    /// The part of the account.
    scope: Option<String>,
    /// The provider's id of the session; null if the error does not concern a single one.
    session: Option<String>,
    /// What happened.
    message: String,
    /// What to do about it.
    hint: Option<String>,
    /// The HTTP status.
    status: Option<u16>,
    /// The provider's own code.
    code: Option<String>,
    /// The provider's id of the request, to quote in a support case.
    request_id: Option<String>,
    /// The number of seconds that the provider asks to wait.
    retry_after: Option<f64>,
    /// The number of requests for the page.
    attempts: u32,
    /// The number of seconds waited between these requests.
    waited: f64,
    /// Why there was no further retry.
    gave_up: Option<&'static str>,
    /// Whether the same request may succeed later.
    temporary: bool,
}

impl From<&Error> for ErrorRecord {
    fn from(error: &Error) -> Self {
        Self {
            kind: error.kind().as_str(),
            provider: error.provider().map(ToString::to_string),
            scope: error.scope().map(ToString::to_string),
            session: error.session().map(ToOwned::to_owned),
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
    has_started: bool,
}

impl<W: Write> Document<W> {
    pub(crate) fn new(out: W, selection: FieldSelection) -> Self {
        Self {
            out,
            selection,
            has_started: false,
        }
    }

    fn start(&mut self) -> io::Result<()> {
        if std::mem::replace(&mut self.has_started, true) {
            return self.out.write_all(b",\n");
        }
        write!(self.out, "{{\"schema_version\":{SCHEMA_VERSION},\"fields\":")?;
        write_json(&mut self.out, &self.selection.fields())?;
        self.out.write_all(b",\"sessions\":[\n")
    }
}

impl<W: Write> SessionWriter for Document<W> {
    fn session(&mut self, session: &Session) -> io::Result<()> {
        self.start()?;
        self.selection.write(&mut self.out, session)?;
        self.out.flush()
    }

    fn finish(&mut self, summary: ListSummary<'_>) -> io::Result<()> {
        if !self.has_started {
            self.start()?;
        }
        let errors: Vec<ErrorRecord> = summary.failures.iter().map(|error| ErrorRecord::from(*error)).collect();
        self.out.write_all(b"\n],\"errors\":")?;
        write_json(&mut self.out, &errors)?;
        self.out.write_all(b",\"missing\":")?;
        write_json(&mut self.out, summary.missing)?;
        write!(self.out, ",\"complete\":{},\"next_cursor\":", summary.is_complete())?;
        write_json(&mut self.out, &summary.next_cursor)?;
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
