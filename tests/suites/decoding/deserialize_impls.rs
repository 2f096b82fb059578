//! The `Deserialize` implementations that the generator writes for types with unknown fields equal
//! those that serde derives, except that a value of another type than documented costs only its
//! field: it is kept among the unknown ones.

use llama_cloud_client::types as llama;
use memories_ai_client::types as memories;
use proptest::prelude::*;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

/// `ChatSession` with a derived implementation.
#[derive(Deserialize, Serialize)]
struct ChatSession {
    #[serde(skip_serializing_if = "Option::is_none")]
    generated_title: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    index_ids: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    job_metadata: Option<JobMetadata>,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_updated_at: Option<String>,
    session_id: String,
    #[serde(flatten)]
    extra: Map<String, Value>,
}

#[derive(Deserialize, Serialize)]
struct JobMetadata {
    #[serde(skip_serializing_if = "Option::is_none")]
    duration_ms: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    export_config_ids: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    is_error: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    total_input_tokens: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    total_output_tokens: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    turns: Option<i64>,
    #[serde(flatten)]
    extra: Map<String, Value>,
}

/// `Session` of Memories.ai, one of whose fields is renamed.
#[derive(Deserialize, Serialize)]
struct Session {
    #[serde(rename = "sessionId", skip_serializing_if = "Option::is_none")]
    session_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    created_time: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    video_no: Option<String>,
    #[serde(flatten)]
    extra: Map<String, Value>,
}

/// `Count` of Memories.ai, and `Location` of LlamaCloud, which tries the string first.
#[derive(Debug, Deserialize, Serialize)]
#[serde(untagged)]
enum Count {
    Integer(i64),
    Text(String),
    Other(Value),
}

/// `SessionList` of Memories.ai, which contains a list and a count.
#[derive(Deserialize, Serialize)]
struct SessionList {
    #[serde(skip_serializing_if = "Option::is_none")]
    current_page: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    page: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    page_size: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sessions: Option<Vec<Session>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    total_count: Option<Count>,
    #[serde(skip_serializing_if = "Option::is_none")]
    total_pages: Option<i64>,
    #[serde(flatten)]
    extra: Map<String, Value>,
}

/// Deserializes a text. Returns the value serialized again, or the error message without its
/// location, which only the generated implementations always know.
fn read<T: DeserializeOwned + Serialize>(text: &str) -> Result<Value, String> {
    let message = |error: serde_json::Error| {
        let message = error.to_string();
        message.split(" at line ").next().unwrap_or_default().to_owned()
    };
    let reserialized = |read: serde_json::Result<T>| read.map(|value| serde_json::to_value(&value).unwrap());
    // All inputs give the same result.
    let as_text = reserialized(serde_json::from_str(text)).map_err(message);
    let as_bytes = reserialized(serde_json::from_slice(text.as_bytes())).map_err(message);
    assert_eq!(as_bytes, as_text, "{text}");
    let as_stream = reserialized(serde_json::from_reader(text.as_bytes())).map_err(message);
    assert_eq!(as_stream, as_text, "{text}");
    // A `Value` has the last of duplicate fields, so deserializing it can succeed where the text
    // fails.
    let as_tree = serde_json::from_str::<Value>(text).and_then(serde_json::from_value::<T>);
    if as_text.is_ok() {
        assert_eq!(reserialized(as_tree).map_err(message), as_text, "{text}");
    }
    as_text
}

/// The documented type of a field.
enum Kind {
    Text,
    Integer,
    Number,
    Boolean,
    Texts,
    Object(&'static Fields),
    Objects(&'static Fields),
}

type Fields = [(&'static str, Kind)];

const CHAT_FIELDS: &Fields = &[
    ("generated_title", Kind::Text),
    ("last_updated_at", Kind::Text),
    ("index_ids", Kind::Texts),
    ("job_metadata", Kind::Object(RUN_FIELDS)),
];
const RUN_FIELDS: &Fields = &[
    ("duration_ms", Kind::Number),
    ("error", Kind::Text),
    ("export_config_ids", Kind::Texts),
    ("is_error", Kind::Boolean),
    ("total_input_tokens", Kind::Integer),
    ("total_output_tokens", Kind::Integer),
    ("turns", Kind::Integer),
];
const VIDEO_FIELDS: &Fields = &[
    ("sessionId", Kind::Text),
    ("title", Kind::Text),
    ("created_time", Kind::Text),
    ("video_no", Kind::Text),
];
const LIST_FIELDS: &Fields = &[
    ("current_page", Kind::Integer),
    ("page", Kind::Integer),
    ("page_size", Kind::Integer),
    ("sessions", Kind::Objects(VIDEO_FIELDS)),
    ("total_pages", Kind::Integer),
];

/// Before the name of a field whose value has another type, so that the derived implementation
/// takes it for an unknown field.
const OTHER: char = '\u{1}';

/// Rewrites a value so that the derived implementation accepts what the generated one does.
fn strict(value: Value, fields: &Fields) -> Value {
    let Value::Object(members) = value else {
        return value;
    };
    let rewrite = |(name, value): (String, Value)| {
        let Some((_, kind)) = fields.iter().find(|(field, _)| *field == name) else {
            return (name, value);
        };
        let has_its_type = match kind {
            Kind::Text => value.is_string(),
            Kind::Number => value.is_number(),
            Kind::Boolean => value.is_boolean(),
            Kind::Texts => value.as_array().is_some_and(|list| list.iter().all(Value::is_string)),
            Kind::Integer if value == 7.0 => return (name, 7.into()),
            Kind::Integer => value.is_i64(),
            Kind::Object(fields) if value.is_object() => return (name, strict(value, fields)),
            Kind::Object(_) => false,
            Kind::Objects(fields) => match value {
                Value::Array(list) => {
                    return (name, list.into_iter().map(|item| strict(item, fields)).collect());
                }
                other => return (name, other),
            },
        };
        if has_its_type || value.is_null() {
            (name, value)
        } else {
            (format!("{OTHER}{name}"), value)
        }
    };
    members.into_iter().map(rewrite).collect()
}

/// Takes the mark off the names again.
fn unmarked(value: Value) -> Value {
    match value {
        Value::Object(members) => {
            let member = |(name, value): (String, Value)| (name.trim_start_matches(OTHER).to_owned(), unmarked(value));
            members.into_iter().map(member).collect()
        }
        Value::Array(list) => list.into_iter().map(unmarked).collect(),
        other => other,
    }
}

/// Reads a text with the derived implementation, and tolerates other types.
fn tolerated<T: DeserializeOwned + Serialize>(text: &str, fields: &Fields) -> Option<Value> {
    let value = strict(serde_json::from_str(text).ok()?, fields);
    read::<T>(&value.to_string()).ok().map(unmarked)
}

fn value() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => Just("\"text\"".to_owned()),
        2 => Just("null".to_owned()),
        1 => Just(r#""\u00e9\n""#.to_owned()),
        1 => Just("7".to_owned()),
        1 => Just("-1.5".to_owned()),
        1 => Just("true".to_owned()),
        1 => Just(r#"["a","b"]"#.to_owned()),
        1 => Just("[1,{}]".to_owned()),
        1 => Just(r#"{"turns":2,"error":null,"more":[1]}"#.to_owned()),
        1 => Just(r#"{"turns":2,"turns":3}"#.to_owned()),
        1 => Just("{}".to_owned()),
        1 => Just(r#"[{"sessionId":"1","title":null},{"sessionId":"2"},{}]"#.to_owned()),
        1 => Just(r#"[{"sessionId":"1","sessionId":"2"}]"#.to_owned()),
        1 => Just("9223372036854775807".to_owned()),
        1 => Just("9223372036854775808".to_owned()),
        1 => Just("7.0".to_owned()),
    ]
}

/// The text of an object with some of these names, in any order, with duplicates and unknown names.
fn object(names: &'static [&'static str]) -> impl Strategy<Value = String> {
    let name = prop_oneof![
        9 => proptest::sample::select(names).prop_map(ToOwned::to_owned),
        1 => Just("extra".to_owned()),
        1 => Just(r"sess\u0069on_id".to_owned()),
        2 => "[a-c]{0,2}",
    ];
    proptest::collection::vec((name, value()), 0..9).prop_map(|members| {
        let members: Vec<String> = members
            .iter()
            .map(|(name, value)| format!("\"{name}\": {value}"))
            .collect();
        format!("{{{}}}", members.join(", "))
    })
}

const CHAT: &[&str] = &[
    "session_id",
    "session_id",
    "generated_title",
    "index_ids",
    "job_metadata",
    "last_updated_at",
];
const RUN: &[&str] = &[
    "duration_ms",
    "error",
    "export_config_ids",
    "is_error",
    "total_input_tokens",
    "total_output_tokens",
    "turns",
];
const VIDEO: &[&str] = &["sessionId", "session_id", "title", "created_time", "video_no"];
const LIST: &[&str] = &[
    "sessions",
    "sessions",
    "total_count",
    "total_count",
    "page",
    "page_size",
];

proptest! {
    #[test]
    fn generated_implementations_equal_derived_ones(
        chat in object(CHAT),
        run in object(RUN),
        video in object(VIDEO),
        list in object(LIST),
        count in value(),
    ) {
        let equal_but_for_types = [
            (read::<llama::ChatSession>(&chat).ok(), tolerated::<ChatSession>(&chat, CHAT_FIELDS), &chat),
            (read::<llama::JobMetadata>(&run).ok(), tolerated::<JobMetadata>(&run, RUN_FIELDS), &run),
            (read::<memories::Session>(&video).ok(), tolerated::<Session>(&video, VIDEO_FIELDS), &video),
            (read::<memories::SessionList>(&list).ok(), tolerated::<SessionList>(&list, LIST_FIELDS), &list),
        ];
        for (generated, derived, text) in equal_but_for_types {
            // An id and a list of objects must have their type each time, not only the last time.
            let twice = |name: &str| text.matches(name).count() > 1;
            let is_strict = generated.is_none() && (twice(r#"_id""#) || twice(r#""sessions""#));
            prop_assert!(generated == derived || is_strict, "{:?}, {:?}: {}", generated, derived, text);
        }
        prop_assert_eq!(read::<memories::Count>(&count), read::<Count>(&count), "{}", count);
        // The JSON does not show which variant was chosen.
        let variant = serde_json::from_str::<Count>(&count).map(|count| format!("{count:?}")).ok();
        let as_count = serde_json::from_str::<memories::Count>(&count).map(|count| format!("{count:?}"));
        prop_assert_eq!(&as_count.ok(), &variant);
        let as_location = serde_json::from_str::<llama::Location>(&count).map(|location| format!("{location:?}"));
        prop_assert_eq!(&as_location.ok(), &variant);
    }
}

#[test]
fn a_missing_or_wrong_id_has_the_error_message_of_serde() {
    for (text, message) in [
        ("[]", "invalid type: sequence, expected struct ChatSession"),
        ("7", "invalid type: integer `7`, expected struct ChatSession"),
        ("{}", "missing field `session_id`"),
        (r#"{"session_id":null}"#, "invalid type: null, expected a string"),
    ] {
        assert_eq!(read::<llama::ChatSession>(text), Err(message.to_owned()), "{text}");
        assert_eq!(read::<ChatSession>(text), Err(message.to_owned()), "{text}");
    }
}

#[test]
fn a_value_of_another_type_costs_only_its_field() {
    for (text, kept) in [
        // A whole number is an integer, however it is written.
        (
            r#"{"turns": 5.0, "total_input_tokens": 1e3, "duration_ms": 7}"#,
            json!({"turns": 5, "total_input_tokens": 1000, "duration_ms": 7.0}),
        ),
        (
            r#"{"turns": 5.5, "total_input_tokens": "5", "is_error": 0, "error": 404}"#,
            json!({"turns": 5.5, "total_input_tokens": "5", "is_error": 0, "error": 404}),
        ),
        (
            r#"{"export_config_ids": ["a", null, {"b": [1]}]}"#,
            json!({"export_config_ids": ["a", null, {"b": [1]}]}),
        ),
        // The last value counts.
        (r#"{"turns": "x", "turns": 2, "turns": 3}"#, json!({"turns": 3})),
        (r#"{"turns": 2, "turns": "x"}"#, json!({"turns": "x"})),
        (r#"{"turns": "x", "turns": null}"#, json!({})),
    ] {
        assert_eq!(read::<llama::JobMetadata>(text), Ok(kept), "{text}");
    }
    let read: llama::ChatSession = serde_json::from_str(r#"{"session_id": "1", "job_metadata": "none"}"#).unwrap();
    assert_eq!(read.job_metadata, None);
    assert_eq!(read.extra["job_metadata"], "none");
}
