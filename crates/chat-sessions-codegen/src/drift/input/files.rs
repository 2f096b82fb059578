//! Reads a file in one of three formats: one JSON body, one body per line (NDJSON), or an HTTP
//! archive (HAR). The content decides which.
//!
//! An error names the file and the line, and never quotes the text.

use serde_json::Value;

use super::exchange::{Body, Exchange, NamedText};
use super::{foreign, har};
use crate::drift::error::DriftError;

/// Passes every exchange of a text to `each`, in order. They are read one at a time, so that a long
/// archive is not in memory twice.
pub(in crate::drift) fn exchanges(source: NamedText<'_>, mut each: impl FnMut(Exchange)) -> Result<(), DriftError> {
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
    source: NamedText<'_>,
    text: &str,
    whole: &serde_json::Error,
    mut each: impl FnMut(Exchange),
) -> Result<(), DriftError> {
    let refused = |line: usize, column: usize, what: &str| {
        let message = format!("{}:{line}:{column}: {what}", source.name);
        Err(DriftError::input(
            message,
            "Use one JSON body, one body per line, or a HAR file.",
        ))
    };
    let filled = || text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    let Some((_, first)) = filled().next() else {
        return refused(1, 1, "the file is empty");
    };
    if serde_json::from_str::<Value>(first).is_err() {
        if let Some((what, remedy)) = foreign::text(text) {
            let message = format!("{}:{}:{}: this is {what}", source.name, whole.line(), whole.column());
            return Err(DriftError::input(message, remedy));
        }
        return refused(whole.line(), whole.column(), "this is not JSON");
    }
    for (index, line) in filled() {
        match serde_json::from_str(line) {
            Ok(body) => each(alone(body, format!("{} line {}", source.name, index + 1))),
            Err(error) => {
                return refused(index + 1, error.column(), "this line is not JSON, but the first one is");
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
