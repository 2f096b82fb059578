//! The operations for one session: parameters, errors and fields.

use std::io;

use chat_sessions_sandbox::{Conversation, OTHER_PROJECT_ID, Provider, Sandbox};
use serde_json::{Value, json};

use crate::support::{PROVIDERS, call, conversation_of, detail, detail_target, get, list, list_route, send, start};

const DETAIL: &str = "/serve/api/v1/get_session_detail";

/// The names of an object's fields.
fn fields(value: &Value) -> Vec<&str> {
    value
        .as_object()
        .into_iter()
        .flatten()
        .map(|(name, _)| name.as_str())
        .collect()
}

#[test]
fn memories_ai_accepts_both_spellings_of_the_id_and_a_default_namespace() -> io::Result<()> {
    let sandbox = start(Sandbox::builder())?;
    let id = &sandbox.session_ids(Provider::MemoriesAi, None)[0];
    let whole = detail(&sandbox, Provider::MemoriesAi, id)?;
    let body = whole.json();
    assert_eq!(fields(&body), ["code", "data", "failed", "msg", "success"]);
    assert_eq!(fields(&body["data"]), ["messages", "session_id", "title"]);
    assert_eq!(
        (&body["code"], &body["data"]["session_id"]),
        (&json!("0000"), &json!(id))
    );
    for query in [
        format!("sessionId={id}"),
        format!("session_id={id}"),
        format!("session_id={id}&sessionId={id}"),
        format!("session_id={id}&unique_id=default&page=7"),
    ] {
        let reply = call(&sandbox, Provider::MemoriesAi, &format!("{DETAIL}?{query}"))?;
        assert_eq!((reply.status, &reply.body), (200, &whole.body), "{query}");
    }
    Ok(())
}

#[test]
fn memories_ai_reports_parameters_and_unknown_ids_inside_a_200() -> io::Result<()> {
    let sandbox = start(Sandbox::builder())?;
    let ids = sandbox.session_ids(Provider::MemoriesAi, None);
    let elsewhere = &sandbox.session_ids(Provider::MemoriesAi, Some("demo-team"))[0];
    for (query, code) in [
        (String::new(), "0001"),
        ("unique_id=default".to_owned(), "0001"),
        (format!("sessionId={}&session_id={}", ids[0], ids[1]), "0003"),
        (format!("sessionId={}&session_id=", ids[0]), "0003"),
        ("sessionId=&session_id=".to_owned(), "0000"),
        ("sessionId=1".to_owned(), "0000"),
        ("sessionId=one".to_owned(), "0000"),
        (format!("sessionId={}0", ids[0]), "0000"),
        // A session belongs to one namespace, and names differ by case.
        (format!("sessionId={elsewhere}"), "0000"),
        (format!("sessionId={elsewhere}&unique_id=Demo-Team"), "0000"),
        (format!("sessionId={}&unique_id=nowhere", ids[0]), "0000"),
    ] {
        let reply = call(&sandbox, Provider::MemoriesAi, &format!("{DETAIL}?{query}"))?;
        let body = reply.json();
        assert_eq!((reply.status, &body["code"]), (200, &json!(code)), "{query}");
        assert_eq!(body["data"], Value::Null, "{query}");
        assert_eq!(body["success"], code == "0000", "{query}");
    }
    let target = detail_target(Provider::MemoriesAi, Some("demo-team"), elsewhere);
    assert_eq!(
        call(&sandbox, Provider::MemoriesAi, &target)?.json()["data"]["session_id"],
        *elsewhere
    );
    Ok(())
}

#[test]
fn llama_cloud_sends_the_items_of_its_list_with_and_without_events() -> io::Result<()> {
    let sandbox = start(Sandbox::builder())?;
    let items = list(&sandbox, Provider::LlamaCloud, "page_size=112")?.json()["items"].clone();
    for item in items.as_array().into_iter().flatten() {
        let id = item["session_id"].as_str().unwrap_or_default();
        let summary = call(&sandbox, Provider::LlamaCloud, &format!("/api/v1/chat/{id}/summary"))?;
        assert_eq!((summary.status, &summary.json()), (200, item));
        let mut whole = detail(&sandbox, Provider::LlamaCloud, id)?.json();
        let events = whole.as_object_mut().and_then(|whole| whole.remove("events"));
        assert_eq!(&whole, item);
        assert!(events.is_some_and(|events| events.is_array()));
    }
    Ok(())
}

#[test]
fn llama_cloud_decodes_the_id_and_knows_projects() -> io::Result<()> {
    let sandbox = start(Sandbox::builder())?;
    let id = &sandbox.session_ids(Provider::LlamaCloud, None)[0];
    let elsewhere = &sandbox.session_ids(Provider::LlamaCloud, Some(OTHER_PROJECT_ID))[0];
    let encoded = id.bytes().map(|byte| format!("%{byte:02x}")).collect::<String>();
    let unknown = "00000000-0000-4000-8000-000000000000";
    for (path, status, detail) in [
        (format!("/{encoded}"), 200, None),
        (format!("/{encoded}/summary"), 200, None),
        (format!("/{elsewhere}?project_id={OTHER_PROJECT_ID}"), 200, None),
        (format!("/{elsewhere}"), 404, Some("Session not found")),
        ("/ses-unknown".to_owned(), 404, Some("Session not found")),
        ("/ses-unknown/summary".to_owned(), 404, Some("Session not found")),
        ("/summary".to_owned(), 404, Some("Session not found")),
        ("/%FF".to_owned(), 404, Some("Session not found")),
        (format!("/{id}%2Fsummary"), 404, Some("Session not found")),
        (format!("/{id}?project_id={unknown}"), 404, Some("Project not found")),
        (
            format!("/{id}?organization_id={unknown}"),
            404,
            Some("Organization not found"),
        ),
        (format!("/{id}/"), 404, Some("Not Found")),
        (format!("/{id}/events"), 404, Some("Not Found")),
        ("/".to_owned(), 404, Some("Not Found")),
        ("//summary".to_owned(), 404, Some("Not Found")),
    ] {
        let reply = call(&sandbox, Provider::LlamaCloud, &format!("/api/v1/chat{path}"))?;
        assert_eq!(reply.status, status, "{path}: {}", reply.body);
        if let Some(detail) = detail {
            assert_eq!(reply.json(), json!({ "detail": detail }), "{path}");
        }
    }
    for (name, value) in [("project_id", "mine"), ("organization_id", "")] {
        for path in ["", "/summary"] {
            let target = format!("/api/v1/chat/{id}{path}?{name}={value}");
            let reply = call(&sandbox, Provider::LlamaCloud, &target)?;
            assert_eq!(reply.status, 422, "{target}");
            assert_eq!(reply.json()["detail"][0]["loc"], json!(["query", name]), "{target}");
        }
    }
    Ok(())
}

#[test]
fn keys_and_methods_are_checked_as_for_the_lists() -> io::Result<()> {
    let sandbox = start(Sandbox::builder())?;
    for provider in PROVIDERS {
        let id = &sandbox.session_ids(provider, None)[0];
        let mut targets = vec![detail_target(provider, None, id)];
        match provider {
            Provider::MemoriesAi => targets.push("/serve/api/v1/list_unique_ids".to_owned()),
            _ => targets.extend([format!("/api/v1/chat/{id}/summary"), "/api/v1/projects".to_owned()]),
        }
        for target in targets {
            let list = get(&sandbox, list_route(provider).0, &[])?;
            let refused = get(&sandbox, &target, &[])?;
            assert_eq!((refused.status, refused.body), (list.status, list.body), "{target}");
            assert_eq!(
                get(&sandbox, &target, &[("Authorization", "Bearer wrong")])?.status,
                401
            );
            let key = [("Authorization", list_route(provider).1.as_str())].map(|(name, key)| (name, key.to_owned()));
            let key = [(key[0].0, key[0].1.as_str())];
            for method in ["POST", "PUT", "DELETE", "PATCH"] {
                let reply = send(&sandbox, method, &target, &key, "")?;
                assert_eq!((reply.status, reply.header("allow")), (405, "GET"), "{method} {target}");
                if provider == Provider::MemoriesAi {
                    assert_eq!(reply.json()["path"], target.split('?').next().unwrap_or_default());
                }
            }
            assert_eq!(call(&sandbox, provider, &target)?.status, 200, "{target}");
        }
    }
    Ok(())
}

#[test]
fn a_deleted_session_is_unknown_and_a_new_one_has_a_conversation() -> io::Result<()> {
    let sandbox = start(Sandbox::builder())?;
    for (provider, kind, messages) in [
        (Provider::MemoriesAi, Conversation::OneTurn, 2),
        (Provider::LlamaCloud, Conversation::Unanswered, 1),
    ] {
        let id = sandbox.insert(provider, None, "Brand new");
        assert_eq!(sandbox.session_with(provider, kind).as_deref(), Some(id.as_str()));
        let conversation = conversation_of(&detail(&sandbox, provider, &id)?.json());
        assert_eq!(conversation.as_array().map(Vec::len), Some(messages));
        assert_eq!(conversation[0]["content"], "Brand new");
        assert!(sandbox.delete(provider, &id));
        assert_eq!(sandbox.conversation(provider, None, &id), None);
        let gone = detail(&sandbox, provider, &id)?;
        assert_eq!(conversation_of(&gone.json()), Value::Null);
        assert_eq!(gone.status == 404, provider == Provider::LlamaCloud);
    }
    Ok(())
}
