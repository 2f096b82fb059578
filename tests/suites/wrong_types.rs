//! Every field of every answer with a value of every wrong type: what comes of it is a snapshot, and the same at each end.

use std::fmt::Write as _;

use chat_sessions::retry::{Pacing, RetryPolicy};
use chat_sessions::{ChatSessions, LlamaCloud, MemoriesAi};
use chat_sessions_sandbox::{Fault, LLAMA_CLOUD_KEY, MEMORIES_AI_KEY, Provider, Sandbox};
use llama_cloud_client::types as llama_cloud;
use memories_ai_client::types as memories_ai;
use serde_json::{Value, json};

use crate::snapshot;

/// A value of each type, and numbers that some types cannot hold.
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

/// An object of the answer: where it stands and which fields the spec gives it.
struct Part {
    pointer: &'static str,
    fields: &'static [&'static str],
}

async fn told(client: &ChatSessions, sandbox: &Sandbox, provider: Provider, body: &Value) -> String {
    let mut told: Option<String> = None;
    for end in ["send", "by_page", "by_item", "with its items kept"] {
        sandbox.next(provider, Fault::raw(200, "application/json", body.to_string()));
        let list = client.list_sessions().limit(2).keep_raw(end == "with its items kept");
        let (mut sessions, mut rejected, mut failed) = (0, Vec::new(), None);
        match end {
            "send" => match list.send().await {
                Ok(page) => {
                    sessions = page.sessions.len();
                    rejected = page.rejected;
                    failed = page.failures.into_iter().next();
                }
                Err(error) => failed = Some(error),
            },
            "by_item" => {
                let mut stream = list.by_item();
                while let Some(next) = stream.next().await {
                    match next {
                        Ok(_) => sessions += 1,
                        Err(error) => failed = Some(error),
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
                        Err(error) => failed = Some(error),
                    }
                }
            }
        }
        let mut text = format!("{sessions} sessions");
        // An error that comes in the place of a page says itself what was rejected, and only `by_page` has it twice.
        if let Some(first) = rejected.first().filter(|_| failed.is_none()) {
            write!(text, ", rejected: {} at {}", first.reason, first.pointer).unwrap();
        }
        if let Some(error) = failed {
            write!(text, ", {}: {}", error.kind(), error.message()).unwrap();
        }
        sandbox.clear_faults();
        if let Some(told) = &told {
            assert_eq!(told, &text, "{end}: {body}");
        }
        told = Some(text);
    }
    told.unwrap()
}

/// Puts every value into every field, and tells what came of it; what leads to the same is told once.
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
                let outcome = told(client, sandbox, provider, &body).await;
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
async fn each_wrong_type_of_memories_ai_is_told_as_its_snapshot_says() {
    let sandbox = Sandbox::start().await.unwrap();
    let builder = MemoriesAi::builder().api_key(MEMORIES_AI_KEY).base_url(sandbox.url());
    let client = ChatSessions::new(
        builder
            .pacing(Pacing::none())
            .retry(RetryPolicy::none())
            .build()
            .unwrap(),
    );
    let good = json!({
        "code": "0000", "msg": "success", "success": true, "failed": false,
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
async fn each_wrong_type_of_llama_cloud_is_told_as_its_snapshot_says() {
    let sandbox = Sandbox::start().await.unwrap();
    let builder = LlamaCloud::builder().api_key(LLAMA_CLOUD_KEY).base_url(sandbox.url());
    let client = ChatSessions::new(builder.retry(RetryPolicy::none()).build().unwrap());
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
