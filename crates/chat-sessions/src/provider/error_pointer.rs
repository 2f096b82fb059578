//! Finds the value in a JSON text at which decoding failed.
//!
//! The error of the JSON library has only a line and a column. Reading the text again up to there
//! costs less than a deserializer that records its path, which would be compiled a second time for
//! every type.

use serde_json::error::Category;

/// Returns the JSON pointer (RFC 6901) to the value at which decoding failed; an empty one if that
/// is the whole text. `text` is what was decoded, from its first byte.
pub(crate) fn error_pointer(text: &str, error: &serde_json::Error) -> String {
    let Some(lines_before) = error.line().checked_sub(1) else {
        return String::new();
    };
    let mut line_starts = std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1));
    let line_start = line_starts.nth(lines_before).unwrap_or(text.len());
    let consumed = match error.classify() {
        // The position of a syntax error includes the character that should not be there.
        Category::Syntax => error.column().saturating_sub(1),
        Category::Data | Category::Eof | Category::Io => error.column(),
    };
    let end = (line_start + consumed).min(text.len());
    pointer_at(text, end)
}

/// An array or object that is not closed yet, and the place in it.
enum Open {
    Array {
        index: usize,
    },
    /// The name is `None` before the first one, and if it cannot be decoded.
    Object {
        name: Option<String>,
        is_at_name: bool,
    },
}

/// Returns the pointer to the innermost value that contains a position or ends there.
fn pointer_at(text: &str, end: usize) -> String {
    let mut open: Vec<Open> = Vec::new();
    let mut at = 0;
    while let Some(&byte) = text.as_bytes()[..end].get(at) {
        at += 1;
        match byte {
            b'[' => open.push(Open::Array { index: 0 }),
            b'{' => open.push(Open::Object {
                name: None,
                is_at_name: true,
            }),
            b']' | b'}' => {
                open.pop();
            }
            b',' => match open.last_mut() {
                Some(Open::Array { index }) => *index += 1,
                Some(Open::Object { name, is_at_name }) => (*name, *is_at_name) = (None, true),
                None => {}
            },
            b'"' => {
                let start = at - 1;
                at = string_end(text.as_bytes(), at);
                if let Some(Open::Object { name, is_at_name }) = open.last_mut()
                    && std::mem::take(is_at_name)
                {
                    *name = text
                        .get(start..at.min(end))
                        .and_then(|name| serde_json::from_str(name).ok());
                }
            }
            _ => {}
        }
    }
    let step = |open: Open| match open {
        Open::Array { index } => Some(format!("/{index}")),
        Open::Object { name, .. } => name.map(|name| format!("/{}", name.replace('~', "~0").replace('/', "~1"))),
    };
    open.into_iter().filter_map(step).collect()
}

/// Returns the position after the closing quotation mark; the end of the text if there is none.
fn string_end(text: &[u8], mut at: usize) -> usize {
    while let Some(&byte) = text.get(at) {
        at += 1;
        match byte {
            b'"' => return at,
            b'\\' => at += 1,
            _ => {}
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;
    use serde::de::DeserializeOwned;

    use super::{error_pointer, pointer_at};

    #[derive(Debug, Deserialize)]
    #[allow(dead_code, reason = "only its shape is used")]
    struct Page {
        id: String,
        #[serde(default, rename = "a/b~c")]
        odd: Option<String>,
        #[serde(default)]
        pages: Vec<Page>,
    }

    fn pointer<T: DeserializeOwned + std::fmt::Debug>(text: &str) -> String {
        error_pointer(text, &serde_json::from_str::<T>(text).unwrap_err())
    }

    #[test]
    fn a_value_of_another_type_is_found() {
        for (text, expected) in [
            (r#"7"#, ""),
            (r#"{"id": 7}"#, "/id"),
            (r#"{"id": null , "pages": []}"#, "/id"),
            (r#"{"id": "a", "pages": {}}"#, "/pages"),
            (r#"{"id": "a", "pages": [7, {"id": "b"}]}"#, "/pages/0"),
            (r#"{"id": "a", "pages": [{"id": "b", "pages": []}, "c"]}"#, "/pages/1"),
            (r#"{"id": "a", "pages": [{"id": "b"}, {"id": ["c"]}]}"#, "/pages/1/id"),
            (
                r#"{"id": "a", "pages": [{"id": "[{,\"\\"}, {"id": {"c": 1}}]}"#,
                "/pages/1/id",
            ),
            (r#"{"id": "a", "a/b~c": 1.5, "pages": []}"#, "/a~1b~0c"),
            (r#"{"\u0069d": true}"#, "/id"),
            (
                "{\"id\": \"a\",\n \"pages\": [\n{\"id\": \"ä\"},\n{\"id\":\n7\n}]}",
                "/pages/1/id",
            ),
        ] {
            assert_eq!(pointer::<Page>(text), expected, "{text}");
        }
    }

    #[test]
    fn an_object_without_a_required_field_is_found() {
        for (text, expected) in [
            (r#"{}"#, ""),
            (
                r#"{"pages": [{"id": "b"}, {"pages": [{"id": "c"}]}, {"id": "d"}]}"#,
                "/pages/1",
            ),
            (r#"{"pages": [{"id": "b"}, {}]}"#, "/pages/1"),
            (r#"{"id": "a", "pages": [{"id": "b"}, {"other": 1 } ]}"#, "/pages/1"),
        ] {
            assert_eq!(pointer::<Page>(text), expected, "{text}");
        }
    }

    #[test]
    fn invalid_json_is_found() {
        for (text, expected) in [
            ("", ""),
            ("[1, 2, x]", "/2"),
            ("[1,,2]", "/1"),
            (r#"{"a": [1, {"b": }]}"#, "/a/1/b"),
            (r#"{"a": [1, {"b": "\ud83d"}]}"#, "/a/1/b"),
            (r#"{"a": [1, {"b": 1e400}]}"#, "/a/1/b"),
            (r#"{"a": [1, {"b": tru}]}"#, "/a/1/b"),
            (r#"{"a": [1, {"b": "cut"#, "/a/1/b"),
            ("{\"a\": \"\n\"}", "/a"),
            (r#"{"a": 1, b: 2}"#, ""),
        ] {
            assert_eq!(pointer::<serde_json::Value>(text), expected, "{text}");
        }
    }

    #[test]
    fn a_name_that_cannot_be_decoded_is_not_replaced_by_its_value() {
        let text = r#"[{"\ud83d": "user text""#;
        assert_eq!(pointer_at(text, text.len()), "/0");
    }

    #[test]
    fn an_error_without_a_position_is_about_the_whole_text() {
        let error = <serde_json::Error as serde::de::Error>::custom("the id is empty");
        assert_eq!(error_pointer(r#"{"id": ""}"#, &error), "");
    }
}
