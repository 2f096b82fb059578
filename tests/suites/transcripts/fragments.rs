//! Fragments of texts, and mutated responses: nothing is lost, and nothing panics.

use chat_sessions::fuzzing;
use chat_sessions::model::{Part, Role};
use chat_sessions::{ChatSessions, SessionId, Transcript};
use chat_sessions_sandbox::{Fault, Provider, Sandbox};
use proptest::prelude::*;
use proptest::test_runner::TestRunner;
use serde_json::{Value, json};

use crate::support::case_sample::random;
use crate::support::clients::llama_cloud;

/// A text of a turn: its kind, its fragments, and whether the whole text follows them.
#[derive(Clone, Debug)]
struct Stored {
    thinking: bool,
    fragments: Vec<String>,
    whole: bool,
    /// Whether a tool is called between the fragments and the whole text.
    tool: bool,
}

fn stored() -> impl Strategy<Value = Stored> {
    let fragments = prop::collection::vec("[a-cé\u{4e2d}\n ]{0,4}", 1..6);
    (any::<bool>(), fragments, any::<bool>(), any::<bool>()).prop_map(|(thinking, fragments, whole, tool)| Stored {
        thinking,
        fragments,
        whole,
        tool,
    })
}

fn events(texts: &[Stored]) -> Vec<Value> {
    let mut events = vec![json!({ "type": "user_input", "content": "a question" })];
    for text in texts {
        let kind = if text.thinking { "thinking" } else { "text" };
        let delta = format!("{kind}_delta");
        events.extend(
            text.fragments
                .iter()
                .map(|part| json!({ "type": delta, "content": part })),
        );
        if text.tool {
            events.push(json!({ "type": "tool_call", "call_id": "c", "name": "n", "arguments": {} }));
        }
        if text.whole {
            events.push(json!({ "type": kind, "content": text.fragments.concat() }));
        }
    }
    events.push(json!({ "type": "stop", "is_error": false, "usage": {} }));
    events
}

fn without_space(text: &str) -> String {
    text.split_whitespace().collect()
}

/// The texts of one kind in the answer, joined.
fn joined(transcript: &Transcript, thinking: bool) -> String {
    let answers = transcript
        .messages
        .iter()
        .filter(|message| message.role == Role::Assistant);
    answers
        .flat_map(|message| &message.parts)
        .filter_map(|part| match part {
            Part::Text(text) if !thinking => Some(text.text.as_str()),
            Part::Thinking(step) if thinking => Some(step.text.as_str()),
            _ => None,
        })
        .collect()
}

#[test]
fn joined_fragments_are_the_whole_text_and_are_not_repeated_beside_it() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let sandbox = runtime.block_on(Sandbox::start()).unwrap();
    let client = ChatSessions::new(llama_cloud(&sandbox));
    let read = |events: &[Value]| {
        let body = json!({ "session_id": "ses-1", "last_updated_at": "2026-04-22T12:34:41", "events": events });
        sandbox.next(
            Provider::LlamaCloud,
            Fault::raw(200, "application/json", body.to_string()),
        );
        let id = SessionId::new(chat_sessions::Provider::LLAMA_CLOUD, "ses-1");
        runtime.block_on(client.transcript(id).send()).unwrap()
    };
    let mut runner = TestRunner::new(random(80));
    let cases = prop::collection::vec(stored(), 1..5);
    runner
        .run(&cases, |texts| {
            let transcript = read(&events(&texts));
            for thinking in [false, true] {
                let of_kind = || texts.iter().filter(|text| text.thinking == thinking);
                let found = joined(&transcript, thinking);
                // Every whole text is there. Fragments beside the whole text of another one can be divided:
                // nothing says where one text ends and the next begins.
                let whole = of_kind().filter(|text| text.whole).count();
                for text in of_kind().filter(|text| text.whole || whole == 0) {
                    let text = text.fragments.concat();
                    prop_assert!(found.contains(text.trim()), "{text:?} is not in {found:?}");
                }
                // If every text was stored in the same way, each is there once and in its place. White
                // space around a fragment may be missing where the whole text is there.
                if whole == 0 || whole == of_kind().count() {
                    let expected: String = of_kind().flat_map(|text| text.fragments.clone()).collect();
                    prop_assert_eq!(without_space(&found), without_space(&expected));
                }
            }
            prop_assert!(transcript.messages.iter().all(|message| !message.incomplete));
            Ok(())
        })
        .unwrap();
}

#[test]
fn a_whole_text_replaces_its_fragments_in_spite_of_white_space_around_them() {
    for (events, expected) in [
        (
            &[
                ("text_delta", "Hello\n"),
                ("text", "Hello"),
                ("text_delta", "World\n"),
                ("text", "World"),
            ][..],
            &["Hello", "World"][..],
        ),
        (&[("text_delta", " Hi"), ("text", "Hi")], &["Hi"]),
        (
            &[("text_delta", "a"), ("other", ""), ("text_delta", "b"), ("text", "a b")],
            &["a b"],
        ),
        (&[("text_delta", "abc"), ("text", "a")], &["a", "bc"]),
        (&[("text_delta", "abc"), ("text", "")], &["abc", ""]),
        (
            &[
                ("text_delta", "gone"),
                ("other", ""),
                ("text_delta", "new"),
                ("text", "new"),
            ],
            &["gone", "new"],
        ),
        (&[("text_delta", "one"), ("text", "two")], &["one", "two"]),
    ] {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        let found: Vec<String> = runtime.block_on(async {
            let sandbox = Sandbox::start().await.unwrap();
            let events: Vec<Value> = events
                .iter()
                .map(|(kind, text)| json!({ "type": kind, "content": text }))
                .collect();
            let body = json!({ "session_id": "ses-1", "events": events });
            sandbox.next(
                Provider::LlamaCloud,
                Fault::raw(200, "application/json", body.to_string()),
            );
            let client = ChatSessions::new(llama_cloud(&sandbox));
            let id = SessionId::new(chat_sessions::Provider::LLAMA_CLOUD, "ses-1");
            let transcript = client.transcript(id).send().await.unwrap();
            let parts = transcript.messages.into_iter().flat_map(|message| message.parts);
            let texts = parts.filter_map(|part| match part {
                Part::Text(text) => Some(text.text),
                _ => None,
            });
            texts.collect()
        });
        assert_eq!(found, expected, "{events:?}");
    }
}

#[test]
fn an_unknown_event_between_two_turns_is_no_unfinished_turn() {
    let stop = json!({ "type": "stop", "is_error": false, "usage": {} });
    let unknown = json!({ "type": "title_generated" });
    let ask = json!({ "type": "user_input", "content": "a" });
    let answer = json!({ "type": "text", "content": "b" });
    for (events, incomplete) in [
        (
            vec![&ask, &answer, &stop, &unknown, &ask, &answer, &stop, &unknown],
            [false; 6].as_slice(),
        ),
        (vec![&ask, &unknown], &[false, true]),
        (vec![&ask, &answer, &unknown], &[false, true]),
        (vec![&ask], &[true]),
        (vec![&unknown], &[false]),
    ] {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        let found: Vec<bool> = runtime.block_on(async {
            let sandbox = Sandbox::start().await.unwrap();
            let body = json!({ "session_id": "ses-1", "events": events });
            sandbox.next(
                Provider::LlamaCloud,
                Fault::raw(200, "application/json", body.to_string()),
            );
            let client = ChatSessions::new(llama_cloud(&sandbox));
            let id = SessionId::new(chat_sessions::Provider::LLAMA_CLOUD, "ses-1");
            let transcript = client.transcript(id).send().await.unwrap();
            transcript.messages.iter().map(|message| message.incomplete).collect()
        });
        assert_eq!(found, incomplete, "{events:?}");
    }
}

#[test]
fn a_mutated_response_is_a_transcript_or_an_error() {
    let bodies = [
        include_bytes!("../../fuzz/corpus/llama_cloud_transcript/every-kind").as_slice(),
        include_bytes!("../../fuzz/corpus/memories_ai_transcript/every-kind"),
    ];
    let mut runner = TestRunner::new(random(200));
    let changes = prop::collection::vec((any::<prop::sample::Index>(), any::<u8>(), 0..4_u8), 1..6);
    runner
        .run(&changes, |changes| {
            for (body, decode) in bodies.iter().zip([
                fuzzing::llama_cloud_transcript as fn(&[u8]),
                fuzzing::memories_ai_transcript,
            ]) {
                let mut body = body.to_vec();
                for (place, byte, kind) in &changes {
                    let place = place.index(body.len());
                    match kind {
                        0 => body[place] = *byte,
                        1 => drop(body.remove(place)),
                        2 => body.insert(place, *byte),
                        _ => body[place] = b"\"{}[]:,\\0-"[usize::from(*byte) % 10],
                    }
                }
                // It panics if the outcome breaks a promise.
                decode(&body);
            }
            Ok(())
        })
        .unwrap();
}
