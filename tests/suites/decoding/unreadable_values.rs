//! Valid JSON that Rust's types cannot hold, and values of other types than documented, cost at
//! most their own field: every session is listed.

use std::fmt::Write as _;

use chat_sessions::ChatSessions;
use chat_sessions_sandbox::{Fault, Provider, Sandbox};
use proptest::prelude::*;
use proptest::sample::select;
use serde::de::IgnoredAny;

use crate::support::case_sample::random;
use crate::support::clients;

/// A list of a provider: its body around the items, the documented fields of an item but the id,
/// and the id.
struct List {
    provider: Provider,
    before: &'static str,
    after: &'static str,
    id: &'static str,
    fields: &'static [&'static str],
}

const LISTS: [List; 2] = [
    List {
        provider: Provider::MemoriesAi,
        before: r#"{"code": "0000", "data": {"total_count": 2, "sessions": ["#,
        after: "]}}",
        id: "sessionId",
        fields: &["title", "created_time", "video_no"],
    },
    List {
        provider: Provider::LlamaCloud,
        before: r#"{"items": ["#,
        after: "]}",
        id: "session_id",
        fields: &[
            "generated_title",
            "last_updated_at",
            "index_ids",
            "job_metadata",
            "shared_access",
        ],
    },
];

fn value() -> impl Strategy<Value = String> {
    let leaf = select(vec![
        r#""cut \ud83d""#,
        r#""\udc00""#,
        r#""\ude00\ud83d""#,
        "1e400",
        "-1E+999",
        "5.0",
        "1e3",
        "18446744073709551616",
        "-9223372036854775809",
        "0.1",
        "null",
        "true",
        r#""text""#,
        "[]",
        "{}",
    ]);
    let leaf = leaf.prop_map(ToOwned::to_owned).boxed();
    let deep = (1_usize..400).prop_map(|depth| format!("{}{}", "[".repeat(depth), "]".repeat(depth)));
    prop_oneof![
        12 => leaf.clone(),
        1 => deep,
        4 => (member_name(), leaf.clone()).prop_map(|(name, value)| format!("{{{name}: {value}}}")),
        4 => proptest::collection::vec(leaf, 0..4).prop_map(|values| format!("[{}]", values.join(","))),
    ]
}

/// A name in quotes: of the run's fields, unknown, or one that cannot be read.
fn member_name() -> impl Strategy<Value = String> {
    let names = [
        "turns",
        "duration_ms",
        "is_error",
        "error",
        "unknown",
        r"\ud83d",
        r"x\udc00",
    ];
    select(names.to_vec()).prop_map(|name| format!("\"{name}\""))
}

/// The members of an item, beside its id.
fn members(fields: &'static [&'static str]) -> impl Strategy<Value = Vec<String>> {
    let known = select(fields).prop_map(|name| format!("\"{name}\""));
    let name = prop_oneof![3 => known, 2 => member_name()];
    let member = (name, value()).prop_map(|(name, value)| format!("{name}: {value}"));
    proptest::collection::vec(member, 0..6)
}

/// The text of two items, with the id at any place.
fn items(list: &'static List) -> impl Strategy<Value = String> {
    let item = (members(list.fields), any::<prop::sample::Index>());
    proptest::collection::vec(item, 2).prop_map(|items| {
        let mut text = String::new();
        for (number, (mut members, place)) in items.into_iter().enumerate() {
            let id = format!("\"{}\": \"ses-{number}\"", list.id);
            members.insert(place.index(members.len() + 1), id);
            let comma = if number == 0 { "" } else { "," };
            write!(text, "{comma}{{{}}}", members.join(", ")).unwrap();
        }
        text
    })
}

#[test]
fn every_session_is_listed_whatever_its_other_fields_hold() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let sandbox = runtime.block_on(Sandbox::start()).unwrap();
    for list in &LISTS {
        let client = if list.provider == Provider::MemoriesAi {
            ChatSessions::new(clients::memories_ai(&sandbox))
        } else {
            ChatSessions::new(clients::llama_cloud(&sandbox))
        };
        proptest!(random(400), |(items in items(list), keep_raw: bool)| {
            let body = format!("{}{items}{}", list.before, list.after);
            sandbox.next(list.provider, Fault::raw(200, "application/json", body.clone()));
            let page = runtime.block_on(client.list_sessions().limit(2).keep_raw(keep_raw).send());
            let page = page.map_err(|error| TestCaseError::fail(format!("{error}: {body}")))?;
            let ids: Vec<&str> = page.sessions.iter().map(|session| session.id.as_str()).collect();
            prop_assert_eq!(ids, ["ses-0", "ses-1"], "{}: {:?}", body, page.rejected);
            let json = serde_json::to_string(&page.sessions).unwrap();
            prop_assert!(serde_json::from_str::<IgnoredAny>(&json).is_ok(), "{}", json);
        });
    }
}

#[tokio::test]
async fn an_id_or_page_token_that_cannot_be_read_is_an_error() {
    let sandbox = Sandbox::start().await.unwrap();
    let client = ChatSessions::new(clients::llama_cloud(&sandbox));
    let list = async |body: &str| {
        sandbox.next(Provider::LlamaCloud, Fault::raw(200, "application/json", body));
        client.list_sessions().limit(2).send().await
    };
    // Two sessions whose ids differ only in what cannot be read must not become one.
    let page = list(r#"{"items": [{"session_id": "a\ud83d"}, {"session_id": "a\ud83e"}, {"session_id": "b"}]}"#)
        .await
        .unwrap();
    let reasons: Vec<&str> = page.rejected.iter().map(|rejected| rejected.reason.as_str()).collect();
    assert_eq!(reasons, ["its id holds a character that is not Unicode"; 2]);
    assert_eq!(page.sessions.len(), 1);
    // A provider may send the replacement character itself.
    let page = list(r#"{"items": [{"session_id": "a\ufffd"}]}"#).await.unwrap();
    assert_eq!(page.sessions[0].id.as_str(), "a\u{fffd}");

    for (token, reason) in [
        (r#""t\ud83d""#, "unexpected end of hex escape, at /next_page_token"),
        ("5", "invalid type: integer `5`, expected a string, at /next_page_token"),
    ] {
        let error = list(&format!(
            r#"{{"items": [{{"session_id": "b"}}], "next_page_token": {token}}}"#
        ))
        .await
        .unwrap_err();
        assert!(error.message().ends_with(reason), "{}", error.message());
    }
}
