//! The fields of messages and events in all their variants.

use std::{collections::BTreeSet, io};

use chat_sessions_sandbox::{Conversation, OTHER_PROJECT_ID, Provider, Sandbox};
use serde_json::{Value, json};

use crate::support::{call, detail, detail_target, of_kind, start};

/// The distinct values of a field.
fn values_of<'a>(conversation: &'a [Value], name: &str) -> BTreeSet<&'a str> {
    conversation.iter().filter_map(|entry| entry[name].as_str()).collect()
}

#[test]
fn memories_ai_sends_the_documented_fields_and_their_variants() -> io::Result<()> {
    let sandbox = start(Sandbox::builder())?;
    let provider = Provider::MemoriesAi;
    let (mut with_refs, mut without_refs, mut without_thinkings) = (0, 0, 0);
    for id in sandbox.session_ids(provider, None) {
        for message in detail(&sandbox, provider, &id)?.json()["data"]["messages"]
            .as_array()
            .into_iter()
            .flatten()
        {
            let has = |name: &str| message.as_object().is_some_and(|message| message.contains_key(name));
            if message["role"]
                .as_str()
                .is_some_and(|role| role.eq_ignore_ascii_case("user"))
            {
                assert!(!has("refs") && !has("thinkings"));
                continue;
            }
            with_refs += usize::from(has("refs"));
            without_refs += usize::from(!has("refs"));
            without_thinkings += usize::from(!has("thinkings"));
            for reference in message["refs"].as_array().into_iter().flatten() {
                assert!(
                    reference["video"]["duration"]
                        .as_str()
                        .is_some_and(|text| text.parse::<u64>().is_ok())
                );
                for item in reference["refItems"].as_array().into_iter().flatten() {
                    assert_eq!(item["videoNo"], reference["video"]["video_no"]);
                    assert_eq!(item["videoNo"], format!("VI{id}"), "the video that the list names");
                    assert!(item["startTime"].is_number());
                    assert_eq!(item["endTime"].is_null(), item["type"] == "keyframe");
                }
            }
        }
    }
    assert!(
        with_refs > 50 && without_refs > 50 && without_thinkings > 20,
        "{with_refs} {without_refs}"
    );

    let references = of_kind(&sandbox, provider, Conversation::References);
    let items = references[1]["refs"][0]["refItems"]
        .as_array()
        .cloned()
        .unwrap_or_default();
    assert_eq!(
        values_of(&items, "type"),
        BTreeSet::from(["audio_ts", "keyframe", "ocr_ts", "visual_ts"])
    );
    assert_eq!(references[1]["refs"][1]["refItems"], json!([]));
    let inside = of_kind(&sandbox, provider, Conversation::ThinkingReferences);
    assert!(inside[1]["thinkings"][0]["refs"][0]["refItems"].is_array() && inside[1]["refs"].is_null());
    let upper = of_kind(&sandbox, provider, Conversation::UpperCaseRoles);
    assert_eq!(values_of(&upper, "role"), BTreeSet::from(["ASSISTANT", "USER"]));
    Ok(())
}

#[test]
fn llama_cloud_events_form_turns_and_agree_with_the_session() -> io::Result<()> {
    let sandbox = start(Sandbox::builder())?;
    let provider = Provider::LlamaCloud;
    let unclosed = sandbox.session_with(provider, Conversation::NoStop);
    for scope in [None, Some(OTHER_PROJECT_ID)] {
        for id in sandbox.session_ids(provider, scope) {
            let body = call(&sandbox, provider, &detail_target(provider, scope, &id))?.json();
            let events = body["events"].as_array().cloned().unwrap_or_default();
            let count = |kind: &str| events.iter().filter(|event| event["type"] == kind).count();
            let is_open = unclosed.as_ref() == Some(&id);
            assert_eq!(count("user_input"), count("stop") + usize::from(is_open), "{id}");
            let (Some(last), Some(run)) = (events.last(), body["job_metadata"].as_object()) else {
                assert!(events.is_empty());
                continue;
            };
            if !is_open {
                assert_eq!((&last["is_error"], &last["error"]), (&run["is_error"], &run["error"]));
                for name in ["duration_ms", "total_input_tokens", "total_output_tokens", "turns"] {
                    assert_eq!(last["usage"][name], run[name], "{id} {name}");
                }
            }
            let mut calls = Vec::new();
            for event in &events {
                if event["type"] == "tool_call" {
                    calls.push(event["call_id"].clone());
                    let indexes = &event["arguments"]["index_ids"];
                    assert!(
                        body["index_ids"].is_null() || indexes.is_null() || *indexes == body["index_ids"],
                        "{id}"
                    );
                } else if event["type"] == "tool_result" {
                    assert!(calls.contains(&event["call_id"]), "{id}");
                }
                for skipped in event["skipped_index_ids"].as_array().into_iter().flatten() {
                    let own = body["index_ids"].as_array();
                    assert!(own.is_none_or(|own| own.contains(skipped)), "{id}");
                }
            }
        }
    }
    Ok(())
}

#[test]
fn llama_cloud_stores_events_in_every_way_that_the_sdk_allows() -> io::Result<()> {
    let sandbox = start(Sandbox::builder())?;
    let of = |kind| of_kind(&sandbox, Provider::LlamaCloud, kind);
    let types = |events: &[Value]| {
        values_of(events, "type")
            .into_iter()
            .map(str::to_owned)
            .collect::<BTreeSet<_>>()
    };

    // Fragments join to the whole that follows them.
    let both = of(Conversation::DeltasAndText);
    let mut joined = String::new();
    let mut wholes = 0;
    for event in &both {
        match event["type"].as_str() {
            Some("text_delta" | "thinking_delta") => joined.push_str(event["content"].as_str().unwrap_or_default()),
            Some("text" | "thinking") => {
                assert_eq!(event["content"], std::mem::take(&mut joined));
                wholes += 1;
            }
            _ => assert_eq!(joined, ""),
        }
    }
    assert!(wholes >= 2);
    let only = types(&of(Conversation::DeltasOnly));
    assert!(only.contains("text_delta") && only.contains("thinking_delta"));
    assert!(!only.contains("text") && !only.contains("thinking"));

    let tools = of(Conversation::ToolResults);
    let results = tools
        .iter()
        .filter(|event| event["type"] == "tool_result")
        .map(|event| &event["result"]);
    let results = results.collect::<Vec<_>>();
    for is_kind in [
        Value::is_null,
        Value::is_boolean,
        Value::is_u64,
        Value::is_f64,
        Value::is_string,
        Value::is_array,
        Value::is_object,
    ] {
        assert!(results.iter().any(|result| is_kind(result)));
    }
    assert!(
        tools
            .iter()
            .any(|event| event["type"] == "tool_result" && event.get("result") == Some(&Value::Null))
    );
    let images = of(Conversation::Attachments);
    let results = images
        .iter()
        .filter(|event| event["type"] == "tool_result")
        .collect::<Vec<_>>();
    assert!(
        results
            .iter()
            .any(|result| result["image_attachment"]["source_id"].is_string())
    );
    assert!(
        results
            .iter()
            .any(|result| result.get("image_attachment") == Some(&Value::Null))
    );
    assert!(results.iter().any(|result| result.get("image_attachment").is_none()));

    let failed = of(Conversation::FailedTurn);
    let stop = failed.iter().find(|event| event["type"] == "stop");
    assert!(stop.is_some_and(|stop| stop["is_error"] == true && stop["error"].is_string()));
    let skipped = of(Conversation::SkippedIndexes);
    assert!(skipped.iter().any(|event| event["skipped_index_ids"][0].is_string()));
    assert!(
        of(Conversation::NoStop)
            .last()
            .is_some_and(|event| event["type"] != "stop")
    );
    let unknown = types(&of(Conversation::UnknownEvents));
    assert!(unknown.contains("citation") && unknown.contains("Text") && unknown.contains(""));
    let untyped = of(Conversation::UntypedEvents);
    assert!(
        untyped
            .iter()
            .any(|event| event.get("type").is_none() && event["result"].is_array())
    );
    assert!(untyped.iter().any(|event| event.get("type") == Some(&Value::Null)));

    let ordinary = sandbox
        .session_ids(Provider::LlamaCloud, None)
        .into_iter()
        .flat_map(|id| {
            let conversation = sandbox
                .conversation(Provider::LlamaCloud, None, &id)
                .unwrap_or_default();
            conversation.as_array().cloned().unwrap_or_default()
        });
    let ordinary = ordinary.collect::<Vec<_>>();
    let stops = ordinary
        .iter()
        .filter(|event| event["type"] == "stop")
        .collect::<Vec<_>>();
    assert!(
        stops
            .iter()
            .any(|stop| stop.get("skipped_index_ids") == Some(&Value::Null))
    );
    assert!(stops.iter().any(|stop| stop.get("skipped_index_ids").is_none()));
    Ok(())
}
