//! What is handed over: one JSON body, bodies in lines (NDJSON), or an HTTP archive (HAR). The form is told by the content.
//!
//! It knows no spec. An error names the file and the line, and never quotes the text.

use serde_json::Value;

use super::{DriftError, Source, har};

/// One answer, with as much of its request as is known.
pub(super) struct Exchange {
    /// Where it stands: the file, and the line or the entry.
    pub(super) place: String,
    pub(super) request: Option<Request>,
    /// The HTTP status; a body that comes alone has none.
    pub(super) status: Option<u16>,
    /// The media type of the answer without parameters, in lower case.
    pub(super) media_type: Option<String>,
    pub(super) body: Body,
}

/// A request, values decoded.
pub(super) struct Request {
    /// In lower case.
    pub(super) method: String,
    /// Host and port, in lower case.
    pub(super) host: String,
    pub(super) path: String,
    pub(super) query: Vec<(String, String)>,
    pub(super) body: Option<Value>,
}

/// The body of an answer.
pub(super) enum Body {
    /// A HAR without bodies, as some recorders write them.
    NotRecorded,
    Empty,
    Json(Value),
    /// Something else.
    Other,
}

/// Gives every exchange of a text to `each`, in order. One is read at a time, so that a long archive is not held twice.
pub(super) fn exchanges(source: Source<'_>, mut each: impl FnMut(Exchange)) -> Result<(), DriftError> {
    let text = source.text.strip_prefix('\u{feff}').unwrap_or(source.text);
    match serde_json::from_str::<Value>(text) {
        Ok(mut whole) => match har::entries(&mut whole) {
            Some(entries) => {
                for (index, entry) in entries.into_iter().enumerate() {
                    let place = format!("{} entries[{index}]", source.name);
                    if let Some(exchange) = har::exchange(entry, place) {
                        each(exchange);
                    }
                }
                Ok(())
            }
            None => {
                each(alone(whole, source.name.to_owned()));
                Ok(())
            }
        },
        Err(error) => lines(source, text, &error, each),
    }
}

fn lines(
    source: Source<'_>,
    text: &str,
    whole: &serde_json::Error,
    mut each: impl FnMut(Exchange),
) -> Result<(), DriftError> {
    let refused = |line: usize, column: usize, what: &str| {
        let message = format!("{}:{line}:{column}: {what}", source.name);
        Err(DriftError::input(
            message,
            "Hand over one JSON body, one body a line, or a HAR file.",
        ))
    };
    let filled = || text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    let Some((_, first)) = filled().next() else {
        return refused(1, 1, "the file is empty");
    };
    if serde_json::from_str::<Value>(first).is_err() {
        return refused(whole.line(), whole.column(), "this is not JSON");
    }
    for (index, line) in filled() {
        match serde_json::from_str(line) {
            Ok(body) => each(alone(body, format!("{} line {}", source.name, index + 1))),
            Err(error) => {
                return refused(
                    index + 1,
                    error.column(),
                    "this line is not JSON, though the first one is",
                );
            }
        }
    }
    Ok(())
}

fn alone(body: Value, place: String) -> Exchange {
    Exchange {
        place,
        request: None,
        status: None,
        media_type: None,
        body: Body::Json(body),
    }
}
