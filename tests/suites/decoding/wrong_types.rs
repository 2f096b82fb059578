//! Every field of every response with a value of every wrong type. The outcome is a snapshot, and
//! the same for `send`, `by_page` and `by_item`.

use std::fmt::Write as _;

use chat_sessions::ChatSessions;
use chat_sessions_sandbox::{Fault, Provider, Sandbox};
use llama_cloud_client::types as llama_cloud;
use memories_ai_client::types as memories_ai;
use serde_json::{Value, json};

use crate::support::{clients, snapshot};

/// A value of each type, and numbers out of the range of some types.
fn values() -> [Value; 9] {
    [
        Value::Null,
        json!(true),
        json!(7),
        json!(-1),
        json!(1.5),
        json!(1e300),
        json!("text"),
        json!(["text"]),
        json!({ "key": "text" }),
    ]
}

/// An object of the response: its location, and the fields that the spec defines.
struct Part {
    pointer: &'static str,
    fields: &'static [&'static str],
}

/// Describes what the facade returns for a body. All ways to read the list must agree.
async fn outcome_of(client: &ChatSessions, sandbox: &Sandbox, provider: Provider, body: &Value) -> String {
    let mut common: Option<String> = None;
    for way in ["send", "by_page", "by_item", "by_page with raw items"] {
        sandbox.next(provider, Fault::raw(200, "application/json", body.to_string()));
        let list = client
            .list_sessions()
            .limit(2)
            .keep_raw(way == "by_page with raw items");
        let (mut sessions, mut rejected, mut failure) = (0, Vec::new(), None);
        match way {
            "send" => match list.send().await {
                Ok(page) => {
                    sessions = page.sessions.len();
                    rejected = page.rejected;
                    failure = page.failures.into_iter().next();
                }
                Err(error) => failure = Some(error),
            },
            "by_item" => {
                let mut stream = list.by_item();
                while let Some(next) = stream.next().await {
                    match next {
                        Ok(_) => sessions += 1,
                        Err(error) => failure = Some(error),
                    }
                }
                rejected = stream
                    .report()
                    .sources
                    .pop()
                    .unwrap()
                    .first_rejected
                    .into_iter()
                    .collect();
            }
            _ => {
                let mut stream = list.by_page();
                while let Some(next) = stream.next().await {
                    match next {
                        Ok(page) => {
                            sessions += page.sessions.len();
                            rejected.extend(page.rejected);
                        }
                        Err(error) => failure = Some(error),
                    }
                }
            }
        }
        let mut text = format!("{sessions} sessions");
        // The error of a failed page names the rejected item itself; only `by_page` also reports the
        // item.
        if let Some(first) = rejected.first().filter(|_| failure.is_none()) {
            write!(text, ", rejected: {} at {}", first.reason, first.pointer).unwrap();
        }
        if let Some(error) = failure {
            write!(text, ", {}: {}", error.kind(), error.message()).unwrap();
        }
        sandbox.clear_faults();
        if let Some(common) = &common {
            assert_eq!(common, &text, "{way}: {body}");
        }
        common = Some(text);
    }
    common.unwrap()
}

/// Describes the outcome of every value in every field. Values with the same outcome share a line.
async fn table(client: &ChatSessions, sandbox: &Sandbox, provider: Provider, good: &Value, parts: &[Part]) -> String {
    let mut text = String::new();
    for part in parts {
        for field in part.fields {
            let mut outcomes: Vec<(String, Vec<String>)> = Vec::new();
            let missing = values().into_iter().map(Some).chain([None]);
            for value in missing {
                let mut body = good.clone();
                let object = body.pointer_mut(part.pointer).unwrap().as_object_mut().unwrap();
                let name = value.as_ref().map_or_else(|| "missing".to_owned(), ToString::to_string);
                match value {
                    Some(value) => object.insert((*field).to_owned(), value),
                    None => object.remove(*field),
                };
                let outcome = outcome_of(client, sandbox, provider, &body).await;
                match outcomes.iter_mut().find(|(known, _)| *known == outcome) {
                    Some((_, names)) => names.push(name),
                    None => outcomes.push((outcome, vec![name])),
                }
            }
            writeln!(text, "{}/{field}", part.pointer).unwrap();
            for (outcome, names) in outcomes {
                writeln!(text, "    {outcome}\n        from {}", names.join(", ")).unwrap();
            }
        }
    }
    text
}

#[tokio::test]
async fn each_wrong_type_of_memories_ai_has_the_outcome_of_its_snapshot() {
    let sandbox = Sandbox::start().await.unwrap();
    let client = ChatSessions::new(clients::memories_ai(&sandbox));
    let good = json!({
        "code": "0000", "msg": "success", "success": true, "error": false,
        "data": {
            "sessions": [
                { "sessionId": "601308802842759168", "title": "one" },
                { "sessionId": "601308802842759167", "title": "two", "video_no": "VI1", "created_time": "2025-07-18T05:37:00Z" },
            ],
            "current_page": 1, "page_size": 20, "total_count": "2",
        },
    });
    let parts = [
        Part {
            pointer: "",
            fields: memories_ai::ListSessionsResponse::FIELDS,
        },
        Part {
            pointer: "/data",
            fields: memories_ai::SessionList::FIELDS,
        },
        Part {
            pointer: "/data/sessions/1",
            fields: memories_ai::Session::FIELDS,
        },
    ];
    let text = table(&client, &sandbox, Provider::MemoriesAi, &good, &parts).await;
    snapshot::assert("wrong_types", "memories-ai", &text);
}

#[tokio::test]
async fn each_wrong_type_of_llama_cloud_has_the_outcome_of_its_snapshot() {
    let sandbox = Sandbox::start().await.unwrap();
    let client = ChatSessions::new(clients::llama_cloud(&sandbox));
    let good = json!({
        "items": [
            { "session_id": "ses-1", "last_updated_at": "2026-04-22T12:34:41.342245" },
            {
                "session_id": "ses-2", "last_updated_at": "2026-04-22T12:34:41.342245", "generated_title": "two",
                "index_ids": ["idx-1"], "shared_access": "query",
                "job_metadata": { "duration_ms": 1.5, "is_error": false, "turns": 1 },
            },
        ],
    });
    let parts = [
        Part {
            pointer: "",
            fields: llama_cloud::ChatSessionList::FIELDS,
        },
        Part {
            pointer: "/items/1",
            fields: llama_cloud::ChatSession::FIELDS,
        },
        Part {
            pointer: "/items/1/job_metadata",
            fields: llama_cloud::JobMetadata::FIELDS,
        },
    ];
    let text = table(&client, &sandbox, Provider::LlamaCloud, &good, &parts).await;
    snapshot::assert("wrong_types", "llama-cloud", &text);
}
