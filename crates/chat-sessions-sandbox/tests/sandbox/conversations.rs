//! The seeded conversations: what they hold, and which session has which.

use std::{collections::BTreeSet, io};

use chat_sessions_sandbox::{Conversation, Day, OTHER_PROJECT_ID, Provider, Sandbox};
use serde_json::{Value, json};

use crate::support::{PROVIDERS, call, conversation_of, detail, detail_target, start, texts};

/// The sessions of every scope, with their scope.
fn all_sessions(sandbox: &Sandbox, provider: Provider) -> Vec<(String, String, Option<String>)> {
    let scopes = sandbox.scopes(provider).into_iter();
    let sessions = scopes.flat_map(|scope| {
        let sessions = sandbox.sessions(provider, Some(&scope)).into_iter();
        sessions.map(move |session| (scope.clone(), session.id, session.title))
    });
    sessions.collect()
}

/// The conversation of the default scope's session of this kind.
fn of_kind(sandbox: &Sandbox, provider: Provider, kind: Conversation) -> Vec<Value> {
    let id = sandbox.session_with(provider, kind).unwrap_or_default();
    let conversation = sandbox.conversation(provider, None, &id).unwrap_or_default();
    conversation.as_array().cloned().unwrap_or_default()
}

fn contents(conversation: &[Value]) -> String {
    texts(&json!(conversation), "content").join("\n")
}

/// The distinct values of a field.
fn values_of<'a>(conversation: &'a [Value], name: &str) -> BTreeSet<&'a str> {
    conversation.iter().filter_map(|entry| entry[name].as_str()).collect()
}

#[test]
fn every_session_is_sent_byte_for_byte_as_the_sandbox_holds_it() -> io::Result<()> {
    let sandbox = start(Sandbox::builder())?;
    for provider in PROVIDERS {
        let sessions = all_sessions(&sandbox, provider);
        assert_eq!(sessions.len(), if provider == Provider::MemoriesAi { 165 } else { 143 });
        for (scope, id, title) in sessions {
            let reply = call(&sandbox, provider, &detail_target(provider, Some(&scope), &id))?;
            let held = sandbox
                .conversation_json(provider, Some(&scope), &id)
                .unwrap_or_default();
            let held = String::from_utf8(held).map_err(io::Error::other)?;
            assert!(
                held.starts_with('[') && reply.body.contains(&held),
                "{provider} {scope} {id}"
            );
            let body = reply.json();
            let conversation = conversation_of(&body);
            assert_eq!(
                sandbox.conversation(provider, Some(&scope), &id),
                Some(conversation.clone())
            );
            // The first message agrees with the title.
            let first = conversation[0]["content"].as_str();
            match (provider, title) {
                (_, None) => assert_eq!(conversation, json!([])),
                (Provider::MemoriesAi, Some(title)) => {
                    assert_eq!(body["data"]["title"], title);
                    assert!(first.is_none_or(|first| first == title), "{title}");
                }
                (_, Some(title)) => {
                    let is_whole = first == Some(title.as_str());
                    let beginning = title.strip_suffix("...").unwrap_or(&title);
                    let first = first.unwrap_or_default();
                    assert!(
                        is_whole || first.starts_with(beginning) && first.len() > beginning.len(),
                        "{title}: {first}"
                    );
                }
            }
        }
    }
    Ok(())
}

#[test]
fn each_kind_is_at_its_documented_position() -> io::Result<()> {
    let sandbox = start(Sandbox::builder())?;
    for (kind, videos, documents) in [
        (Conversation::Ordinary, Some(0), Some(0)),
        (Conversation::Empty, Some(21), Some(2)),
        (Conversation::Unanswered, Some(30), None),
        (Conversation::OneTurn, Some(20), Some(20)),
        (Conversation::ManyTurns, Some(40), Some(40)),
        (Conversation::LongText, Some(41), Some(41)),
        (Conversation::Code, Some(22), Some(21)),
        (Conversation::Tables, Some(23), Some(23)),
        (Conversation::Scripts, Some(24), Some(24)),
        (Conversation::ControlCharacters, Some(25), Some(25)),
        (Conversation::Markup, Some(26), Some(27)),
        (Conversation::References, Some(27), None),
        (Conversation::ThinkingReferences, Some(28), None),
        (Conversation::UpperCaseRoles, Some(29), None),
        (Conversation::DeltasAndText, None, Some(28)),
        (Conversation::DeltasOnly, None, Some(29)),
        (Conversation::ToolResults, None, Some(31)),
        (Conversation::Attachments, None, Some(32)),
        (Conversation::FailedTurn, None, Some(33)),
        (Conversation::SkippedIndexes, None, Some(35)),
        (Conversation::NoStop, None, Some(36)),
        (Conversation::UnknownEvents, None, Some(37)),
        (Conversation::UntypedEvents, None, Some(39)),
    ] {
        for (provider, position) in [(Provider::MemoriesAi, videos), (Provider::LlamaCloud, documents)] {
            let ids = sandbox.session_ids(provider, None);
            let found = sandbox.session_with(provider, kind);
            let found = found.and_then(|id| ids.iter().position(|known| *known == id));
            assert_eq!(found, position, "{kind:?} of {provider}");
        }
    }
    assert_eq!(Conversation::ALL.iter().collect::<BTreeSet<_>>().len(), 23);
    let small = start(Sandbox::builder().memories_ai_sessions(30))?;
    assert_eq!(small.session_with(Provider::MemoriesAi, Conversation::Unanswered), None);
    Ok(())
}

#[test]
fn conversations_depend_on_seed_day_and_session_alone() -> io::Result<()> {
    let usual = start(Sandbox::builder())?;
    let again = start(Sandbox::builder().llama_cloud_page_size(7))?;
    let tomorrow = start(Sandbox::builder().day("2026-04-24".parse::<Day>().map_err(io::Error::other)?))?;
    let other = start(Sandbox::builder().seed(2))?;
    for provider in PROVIDERS {
        let of = |sandbox: &Sandbox| {
            let ids = sandbox.session_ids(provider, None);
            sandbox.conversation(provider, None, &ids[0]).unwrap_or_default()
        };
        // Requests for other conversations change nothing.
        let _ = again.conversation(provider, None, &again.session_ids(provider, None)[3]);
        assert_eq!(of(&usual), of(&again));
        assert_ne!(of(&usual), of(&other));
        // A Memories.ai id contains the day.
        assert_eq!(of(&usual) == of(&tomorrow), provider == Provider::LlamaCloud);
    }
    Ok(())
}

#[test]
fn conversations_have_very_different_sizes() -> io::Result<()> {
    let sandbox = start(Sandbox::builder())?;
    for provider in PROVIDERS {
        let questions = |conversation: &[Value]| {
            let is_question = |entry: &&Value| entry["role"] == "user" || entry["type"] == "user_input";
            conversation.iter().filter(is_question).count()
        };
        for (kind, expected) in [
            (Conversation::Empty, 0),
            (Conversation::OneTurn, 1),
            (Conversation::LongText, 2),
            (Conversation::ManyTurns, 500),
        ] {
            assert_eq!(
                questions(&of_kind(&sandbox, provider, kind)),
                expected,
                "{kind:?} of {provider}"
            );
        }
        let long = of_kind(&sandbox, provider, Conversation::LongText);
        let longest = texts(&json!(long), "content").iter().map(String::len).max();
        assert!(
            longest.is_some_and(|length| (2 << 20..(2 << 20) + 1024).contains(&length)),
            "{longest:?}"
        );
    }
    assert_eq!(
        of_kind(&sandbox, Provider::MemoriesAi, Conversation::Unanswered).len(),
        1
    );
    Ok(())
}

#[test]
fn awkward_contents_are_in_questions_answers_and_thoughts() -> io::Result<()> {
    let sandbox = start(Sandbox::builder())?;
    for (kind, parts) in [
        (
            Conversation::Code,
            &["```python\n", "````markdown\n```rust", "\t@echo", "\\backslashes\\"][..],
        ),
        (
            Conversation::Tables,
            &["|:-----|---:|", "a \\| b", "合計", "=SUM(A1:A9)"],
        ),
        (
            Conversation::Scripts,
            &["漢字", "الصفحة", "שלום", "👨‍👩‍👧‍👦", "e\u{301}", "𠮷", "🏳️‍🌈"],
        ),
        (
            Conversation::ControlCharacters,
            &[
                "\u{1b}[31m",
                "\u{1b}]0;",
                "\u{1b}]8;;",
                "\0",
                "\u{9b}",
                "\u{7f}",
                "\u{202e}",
                "\u{feff}",
                "%\rdone\r\n",
                "\u{2028}",
            ],
        ),
        (
            Conversation::Markup,
            &[
                "<script>",
                "onerror=",
                "![chart](https://",
                "(javascript:",
                "data:text/html",
                "</title>",
                "]]>",
            ],
        ),
    ] {
        for provider in PROVIDERS {
            let conversation = of_kind(&sandbox, provider, kind);
            let (questions, answers): (Vec<_>, Vec<_>) = conversation
                .iter()
                .cloned()
                .partition(|entry| entry["role"] == "user" || entry["type"] == "user_input");
            let thoughts = match provider {
                Provider::MemoriesAi => answers
                    .iter()
                    .flat_map(|answer| answer["thinkings"].as_array().cloned().unwrap_or_default())
                    .collect(),
                _ => answers
                    .iter()
                    .filter(|event| event["type"] == "thinking")
                    .cloned()
                    .collect::<Vec<_>>(),
            };
            for part in parts {
                for (place, entries) in [
                    ("questions", &questions),
                    ("answers", &answers),
                    ("thoughts", &thoughts),
                ] {
                    assert!(
                        contents(entries).contains(part),
                        "{kind:?} of {provider}: no {part:?} in {place}"
                    );
                }
            }
        }
    }
    Ok(())
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
