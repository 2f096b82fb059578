//! The seeded conversations: what they hold, and which session has which.

use std::{collections::BTreeSet, io};

use chat_sessions_sandbox::{Conversation, Day, Provider, Sandbox};
use serde_json::{Value, json};

use crate::support::{PROVIDERS, call, conversation_of, detail_target, of_kind, start, texts};

/// The sessions of every scope, with their scope.
fn all_sessions(sandbox: &Sandbox, provider: Provider) -> Vec<(String, String, Option<String>)> {
    let scopes = sandbox.scopes(provider).into_iter();
    let sessions = scopes.flat_map(|scope| {
        let sessions = sandbox.sessions(provider, Some(&scope)).into_iter();
        sessions.map(move |session| (scope.clone(), session.id, session.title))
    });
    sessions.collect()
}

fn contents(conversation: &[Value]) -> String {
    texts(&json!(conversation), "content").join("\n")
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
