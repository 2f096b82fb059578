//! The `Deserialize` implementations that the generator writes for types with unknown fields equal
//! those that serde derives.

use llama_cloud_client::types as llama;
use memories_ai_client::types as memories;
use proptest::prelude::*;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

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
    // A `Value` has no duplicate fields, so deserializing it can succeed where the text fails.
    let as_tree = serde_json::from_str::<Value>(text).and_then(serde_json::from_value::<T>);
    if as_text.is_ok() {
        assert_eq!(reserialized(as_tree).map_err(message), as_text, "{text}");
    }
    as_text
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
        prop_assert_eq!(read::<llama::ChatSession>(&chat), read::<ChatSession>(&chat), "{}", chat);
        prop_assert_eq!(read::<llama::JobMetadata>(&run), read::<JobMetadata>(&run), "{}", run);
        prop_assert_eq!(read::<memories::Session>(&video), read::<Session>(&video), "{}", video);
        prop_assert_eq!(read::<memories::SessionList>(&list), read::<SessionList>(&list), "{}", list);
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
fn wrong_types_and_missing_fields_have_the_error_messages_of_serde() {
    for (text, message) in [
        ("[]", "invalid type: sequence, expected struct ChatSession"),
        ("7", "invalid type: integer `7`, expected struct ChatSession"),
        ("{}", "missing field `session_id`"),
        (r#"{"session_id":null}"#, "invalid type: null, expected a string"),
        (r#"{"session_id":"1","session_id":"2"}"#, "duplicate field `session_id`"),
    ] {
        assert_eq!(read::<llama::ChatSession>(text), Err(message.to_owned()), "{text}");
        assert_eq!(read::<ChatSession>(text), Err(message.to_owned()), "{text}");
    }
}
