//! Unions with a discriminator: each object is read as the variant that its discriminator names,
//! wherever the discriminator stands, and everything else is kept as it was sent.

use chat_sessions_wire::union::{self, Union};
use llama_cloud_client::types::{ChatEvent, ChatSessionDetail, TextEvent};
use proptest::prelude::*;
use serde::{Deserialize, Deserializer};
use serde_json::{Value, json};

fn event(value: Value) -> ChatEvent {
    let from_text = serde_json::from_str(&value.to_string()).unwrap();
    let from_value = serde_json::from_value(value).unwrap();
    assert_eq!(from_text, from_value);
    from_text
}

fn read(text: &str) -> ChatEvent {
    serde_json::from_str(text).unwrap()
}

#[test]
fn the_discriminator_decides_wherever_it_stands() {
    for text in [
        r#"{"type": "text", "content": "a", "more": [1, null]}"#,
        r#"{"content": "a", "type": "text", "more": [1, null]}"#,
        r#"{"more": [1, null], "content": "a", "type": "text"}"#,
        r#"{"t\u0079pe": "te\u0078t", "content": "\u0061", "more": [1, null]}"#,
    ] {
        let ChatEvent::TextEvent(event) = read(text) else {
            panic!("{text} is not a text");
        };
        assert_eq!(event.type_.as_deref(), Some("text"));
        assert_eq!(event.content.as_deref(), Some("a"));
        assert_eq!(Value::Object(event.extra.clone()), json!({"more": [1, null]}), "{text}");
        let sent: Value = serde_json::from_str(text).unwrap();
        assert_eq!(serde_json::to_value(ChatEvent::from(event)).unwrap(), sent, "{text}");
    }
    assert_eq!(TextEvent::FIELDS, ["content", "type"]);
}

#[test]
fn what_is_no_known_variant_is_kept_as_it_came() {
    for value in [
        json!({"type": "citation", "content": "a", "note": null}),
        json!({"type": "TEXT", "content": "a"}),
        json!({"type": "", "content": "a"}),
        json!({"type": null, "content": "a"}),
        json!({"type": 7, "content": "a"}),
        json!({"type": {"type": "text"}}),
        json!({"content": "a"}),
        json!({}),
        json!([{"type": "text"}]),
        json!("text"),
        json!(-1),
        json!(1_u64 << 63),
        json!(0.5),
        json!(true),
        json!(null),
    ] {
        assert_eq!(event(value.clone()), ChatEvent::Other(value.clone()));
        assert_eq!(serde_json::to_value(event(value.clone())).unwrap(), value);
    }
}

/// The rest of an object is read into its variant as soon as that is known.
#[test]
fn the_first_of_two_discriminators_counts() {
    let ChatEvent::TextEvent(event) = read(r#"{"type": "text", "content": "a", "type": "stop"}"#) else {
        panic!("the first one says that it is a text");
    };
    assert_eq!(event.content.as_deref(), Some("a"));
    let other = read(r#"{"type": "citation", "type": "text", "content": "a"}"#);
    assert_eq!(other, ChatEvent::Other(json!({"type": "text", "content": "a"})));
}

#[test]
fn a_result_of_null_is_not_a_missing_one() {
    let result = |text: &str| match read(text) {
        ChatEvent::ToolResultEvent(event) => event.result,
        other => panic!("{other:?} is not the result of a tool"),
    };
    assert_eq!(result(r#"{"type": "tool_result", "result": null}"#), Some(Value::Null));
    assert_eq!(result(r#"{"result": null, "type": "tool_result"}"#), Some(Value::Null));
    assert_eq!(result(r#"{"type": "tool_result"}"#), None);
}

/// A text before the discriminator is kept until that is read. It may be large.
#[test]
fn a_text_before_the_discriminator_is_moved_and_not_copied() {
    let text = "x".repeat(1000);
    let address = text.as_ptr();
    let value = json!({"content": Value::Null, "type": "text"});
    let Value::Object(mut members) = value else {
        unreachable!()
    };
    members.insert("content".to_owned(), Value::String(text));
    assert_eq!(members.keys().next().map(String::as_str), Some("content"));
    let ChatEvent::TextEvent(event) = serde_json::from_value(Value::Object(members)).unwrap() else {
        panic!("it is a text");
    };
    assert_eq!(event.content.map(|text| text.as_ptr()), Some(address));
}

/// A union with a required field, which neither provider's unions have.
#[derive(Debug, PartialEq)]
enum Shape {
    Polygon(Polygon),
    Other(Value),
}

#[derive(Debug, Deserialize, PartialEq)]
struct Polygon {
    id: String,
    #[serde(default)]
    corners: Vec<Corner>,
}

#[derive(Debug, Deserialize, PartialEq)]
struct Corner {
    x: u8,
}

impl<'de> Union<'de> for Shape {
    const DISCRIMINATOR: &'static str = "type";

    fn number(value: &str) -> Option<usize> {
        (value == "polygon").then_some(0)
    }

    fn read<D: Deserializer<'de>>(_: usize, object: D) -> Result<Self, D::Error> {
        Deserialize::deserialize(object).map(Self::Polygon)
    }

    fn other(value: Value) -> Self {
        Self::Other(value)
    }
}

impl<'de> Deserialize<'de> for Shape {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        union::whole(deserializer)
    }
}

#[test]
fn a_broken_known_variant_is_an_error_that_names_the_place() {
    for (shape, path, message) in [
        (
            r#"{"type": "polygon", "id": 7}"#,
            "[1].id",
            "invalid type: integer `7`, expected a string",
        ),
        (
            r#"{"type": "polygon", "id": "a", "corners": [{"x": 1}, {"x": -1}]}"#,
            "[1].corners[1].x",
            "invalid value: integer `-1`, expected u8",
        ),
        (r#"{"type": "polygon"}"#, "[1]", "missing field `id`"),
        // The message names the field that was read before the discriminator.
        (
            r#"{"id": 7, "type": "polygon", "more": [{}]}"#,
            "[1]",
            "id: invalid type: integer `7`, expected a string",
        ),
        (
            r#"{"corners": [{"x": 1}, {"x": -1}], "type": "polygon", "id": "a"}"#,
            "[1]",
            "corners: invalid value: integer `-1`, expected u8",
        ),
    ] {
        let text = format!(r#"[{{"type": "unknown"}}, {shape}]"#);
        let error = serde_path_to_error::deserialize::<_, Vec<Shape>>(&mut serde_json::Deserializer::from_str(&text));
        let error = error.unwrap_err();
        assert_eq!(error.path().to_string(), path, "{text}");
        if path == "[1]" {
            // The position is that of the object, and not of what was read last.
            assert_eq!(error.inner().column(), text.len() - 1, "{text}");
        }
        assert!(
            error.inner().to_string().starts_with(message),
            "{text}: {}",
            error.inner()
        );
    }
}

#[test]
fn events_that_are_not_a_list_are_an_error_and_null_is_none() {
    let read = |events: &str| {
        serde_json::from_str::<ChatSessionDetail>(&format!(r#"{{"session_id": "1", "events": {events}}}"#))
    };
    assert_eq!(read("null").unwrap().events, None);
    assert_eq!(read("[]").unwrap().events, Some(Vec::new()));
    for events in ["{}", "7", r#""none""#] {
        assert!(read(events).is_err(), "{events}");
    }
}

fn member() -> impl Strategy<Value = String> {
    prop_oneof![
        3 => prop_oneof![Just("text"), Just("stop"), Just("tool_result"), Just("other")].prop_map(|kind| format!(r#""type": "{kind}""#)),
        1 => Just(r#""type": null"#.to_owned()),
        2 => Just(r#""content": "a""#.to_owned()),
        1 => Just(r#""content": 7"#.to_owned()),
        1 => Just(r#""result": [null, {"a": 1e3}]"#.to_owned()),
        1 => Just(r#""usage": {"turns": 2, "more": true}"#.to_owned()),
        1 => Just(r#""is_error": "no""#.to_owned()),
        1 => Just(r#""skipped_index_ids": ["a", 7]"#.to_owned()),
        1 => "\"[a-c]{1,2}\": \\[1, null\\]",
    ]
}

proptest! {
    /// With its first discriminator in front, an object decodes to the same event.
    #[test]
    fn the_place_of_the_discriminator_does_not_matter(members in proptest::collection::vec(member(), 0..6)) {
        let is_discriminator = |member: &String| member.starts_with(r#""type""#);
        let Some(first) = members.iter().position(is_discriminator) else {
            return Ok(());
        };
        let mut ordered: Vec<String> = members
            .iter()
            .enumerate()
            .filter(|(index, member)| *index <= first || !is_discriminator(member))
            .map(|(_, member)| member.clone())
            .collect();
        let anywhere = format!("{{{}}}", ordered.join(", "));
        let discriminator = ordered.remove(first);
        ordered.insert(0, discriminator);
        let in_front = format!("{{{}}}", ordered.join(", "));
        prop_assert_eq!(read(&anywhere), read(&in_front), "{}", anywhere);
    }
}
