//! Faults, scheduled changes and the request log for every operation.

use std::io;

use chat_sessions_sandbox::{Change, Conversation, EchoForm, Fault, Operation, Paging, Provider, Sandbox, When};
use serde_json::{Value, json};

use crate::support::{
    PROVIDERS, call, call_all, connect, conversation_of, get, list_route, receive, receive_until_silence, script, send,
    start, targets,
};

/// The operations whose response a permanent fault changes.
fn affected(sandbox: &Sandbox, provider: Provider, fault: Fault) -> io::Result<Vec<Operation>> {
    let ordinary = call_all(sandbox, provider)?;
    sandbox.always(provider, fault);
    let altered = call_all(sandbox, provider)?;
    sandbox.clear_faults();
    let changed = ordinary.into_iter().filter(|(operation, reply)| {
        let altered = &altered[operation];
        // LlamaCloud's pages have a new token each time.
        (reply.status, reply.body.len()) != (altered.status, altered.body.len())
    });
    Ok(changed.map(|(operation, _)| operation).collect())
}

#[test]
fn faults_apply_to_all_operations_or_to_those_selected() -> io::Result<()> {
    let sandbox = start(Sandbox::builder())?;
    for provider in PROVIDERS {
        let all = targets(&sandbox, provider)
            .into_iter()
            .map(|(operation, _)| operation)
            .collect::<Vec<_>>();
        assert_eq!(affected(&sandbox, provider, Fault::status(503))?, all);
        for selected in all.iter().copied() {
            let fault = Fault::status(503).on_operations([selected]);
            assert_eq!(affected(&sandbox, provider, fault)?, [selected]);
        }
        // A restriction to pages excludes what has none.
        for pages in [Fault::status(503).on_pages(1..), Fault::status(503).on_pages(..=1)] {
            assert_eq!(affected(&sandbox, provider, pages)?, [Operation::ListSessions]);
        }
        let nothing = Fault::status(503)
            .on_pages(1..)
            .on_operations([Operation::SessionDetail]);
        assert_eq!(affected(&sandbox, provider, nothing)?, []);
    }
    Ok(())
}

#[test]
fn a_queued_fault_waits_for_its_operation_and_chance_skips_others() -> io::Result<()> {
    let sandbox = start(Sandbox::builder())?;
    for provider in PROVIDERS {
        sandbox.next(provider, Fault::status(500).on_operations([Operation::Scopes]));
        sandbox.next(provider, Fault::status(502));
        // It changes pages only.
        sandbox.next(provider, Fault::paging(Paging::ShortPage(1)));
        let targets = targets(&sandbox, provider);
        let target = |wanted| {
            &targets
                .iter()
                .find(|(operation, _)| *operation == wanted)
                .unwrap_or(&targets[0])
                .1
        };
        let status = |wanted| call(&sandbox, provider, target(wanted)).map(|reply| reply.status);
        assert_eq!(status(Operation::SessionDetail)?, 502);
        assert_eq!(status(Operation::SessionDetail)?, 200);
        assert_eq!(status(Operation::Scopes)?, 500);
        assert_eq!(sandbox.pending_faults(provider), 1);
        assert_eq!(status(Operation::ListSessions)?, 200);
        assert_eq!(sandbox.pending_faults(provider), 0);
        sandbox.chance(
            provider,
            1.0,
            vec![Fault::status(503).on_operations([Operation::SessionDetail])],
            1,
        );
        assert_eq!(status(Operation::ListSessions)?, 200);
        assert_eq!(status(Operation::SessionDetail)?, 503);
        sandbox.clear_faults();
    }
    Ok(())
}

#[test]
fn every_kind_of_fault_applies_to_every_operation() -> io::Result<()> {
    let sandbox = start(Sandbox::builder())?;
    for provider in PROVIDERS {
        let key = list_route(provider).1;
        for (operation, target) in targets(&sandbox, provider) {
            let whole = call(&sandbox, provider, &target)?;
            let place = format!("{provider} {operation:?}");
            for status in [400, 401, 403, 404, 409, 422, 429, 500, 503] {
                sandbox.next(provider, Fault::status(status));
                assert_eq!(call(&sandbox, provider, &target)?.status, status, "{place}");
            }
            sandbox.next(provider, Fault::envelope("9009", "Permission denied."));
            assert_eq!(call(&sandbox, provider, &target)?.json()["code"], "9009", "{place}");
            sandbox.next(provider, Fault::html(200));
            assert!(
                call(&sandbox, provider, &target)?.body.starts_with("<!DOCTYPE html>"),
                "{place}"
            );
            sandbox.next(provider, Fault::raw_bytes(200, "application/json", *b"{\"x\": 1}"));
            assert_eq!(call(&sandbox, provider, &target)?.body, "{\"x\": 1}", "{place}");
            sandbox.next(provider, Fault::redirect(302, "http://127.0.0.1:9/"));
            assert_eq!(call(&sandbox, provider, &target)?.status, 302, "{place}");
            for form in [EchoForm::Json, EchoForm::Text, EchoForm::Html] {
                sandbox.next(provider, Fault::echo(403).with_form(form));
                let echo = call(&sandbox, provider, &target)?;
                let path = target.split('?').next().unwrap_or_default();
                assert!(
                    echo.body.contains(&key) && echo.body.contains(path),
                    "{place}: {}",
                    echo.body
                );
            }
            let send = || connect(&sandbox, "GET", &target, &[("Authorization", &key)], "");
            let length = whole.body.len();
            sandbox.next(provider, Fault::cut_body(10));
            assert_eq!(receive(send()?).body.len(), 10, "{place}");
            sandbox.next(provider, Fault::reset_before_headers());
            assert!(receive(send()?).end.is_err(), "{place}");
            sandbox.next(provider, Fault::reset_after(10));
            assert!(receive(send()?).end.is_err(), "{place}");
            sandbox.next(provider, Fault::stall(10));
            assert_eq!(receive_until_silence(send()?, 10)?.len(), 10, "{place}");
            sandbox.next(provider, Fault::large_body(1_000_000).with_header("x-one", "1"));
            let padded = call(&sandbox, provider, &target)?;
            assert!(
                padded.body.len() >= 1_000_000.max(length) && padded.header("x-one") == "1",
                "{place}"
            );
            assert_eq!(padded.json().is_array(), whole.json().is_array(), "{place}");
            if operation != Operation::ListSessions {
                assert_eq!(padded.json(), whole.json(), "{place}");
            }
        }
        assert_eq!(sandbox.pending_faults(provider), 0);
    }
    Ok(())
}

#[test]
fn alterations_change_conversations_and_scopes() -> io::Result<()> {
    let sandbox = start(Sandbox::builder())?;
    let all = |provider| {
        targets(&sandbox, provider)
            .into_iter()
            .map(|(operation, _)| operation)
            .collect::<Vec<_>>()
    };
    let with_items = [Operation::ListSessions, Operation::SessionDetail, Operation::Scopes];
    for provider in PROVIDERS {
        for everywhere in [Paging::DataNull, Paging::UnknownFields] {
            let namespaces = affected(&sandbox, provider, Fault::paging(everywhere.clone()))?;
            assert_eq!(namespaces, all(provider), "{everywhere:?}");
        }
        for items in [
            Paging::AllItemsBad,
            Paging::InsertItem { at: 0, item: None },
            Paging::ReplaceItem {
                at: 1,
                item: Some(json!(7)),
            },
        ] {
            assert_eq!(
                affected(&sandbox, provider, Fault::paging(items.clone()))?,
                with_items,
                "{items:?}"
            );
        }
        let pages = [Paging::ShortPage(2), Paging::EmptyPage];
        for pages in pages {
            assert_eq!(
                affected(&sandbox, provider, Fault::paging(pages.clone()))?,
                [Operation::ListSessions]
            );
        }
        let operations = [Operation::SessionDetail];
        let item = json!({"role": "tool", "type": "brand_new"});
        let inserted = Paging::InsertItem {
            at: 1,
            item: Some(item.clone()),
        };
        sandbox.next(
            provider,
            Fault::paging(inserted)
                .with_paging(Paging::UnknownFields)
                .on_operations(operations),
        );
        let body = call_all(&sandbox, provider)?
            .remove(&Operation::SessionDetail)
            .map(|reply| reply.json())
            .unwrap_or_default();
        let conversation = conversation_of(&body);
        assert_eq!(conversation[1]["role"], "tool");
        for object in [&body, &conversation[0], &conversation[1], &conversation[2]] {
            assert!(object["sandbox_unknown"].is_object(), "{object}");
        }
        sandbox.next(provider, Fault::paging(Paging::AllItemsBad).on_operations(operations));
        let body = call_all(&sandbox, provider)?
            .remove(&Operation::SessionDetail)
            .map(|reply| reply.json())
            .unwrap_or_default();
        let name = if provider == Provider::MemoriesAi {
            "role"
        } else {
            "type"
        };
        assert_eq!(conversation_of(&body)[0][name], json!({"not": "an id"}));
    }
    Ok(())
}

#[test]
fn scripts_select_operations_and_impossible_ones_are_rejected() -> io::Result<()> {
    let sandbox = start(Sandbox::builder())?;
    let fault =
        r#"{"provider": "llama-cloud", "fault": "status", "status": 503, "operations": ["session_summary", "scopes"]}"#;
    script(&sandbox, "/__sandbox/faults", fault)?;
    let statuses = call_all(&sandbox, Provider::LlamaCloud)?
        .into_values()
        .map(|reply| reply.status)
        .collect::<Vec<_>>();
    assert_eq!(statuses, [200, 200, 503, 200]);
    for (path, json, reason) in [
        (
            "faults",
            r#"{"provider": "memories-ai", "fault": "ordinary", "operations": ["session_summary"]}"#,
            "has no operation",
        ),
        (
            "faults",
            r#"{"provider": "llama-cloud", "fault": "ordinary", "operations": ["delete"]}"#,
            "delete",
        ),
        (
            "faults",
            r#"{"provider": "llama-cloud", "fault": "ordinary", "operations": ["scopes"], "from_page": 2}"#,
            "has no pages",
        ),
        (
            "faults",
            r#"{"provider": "llama-cloud", "fault": "ordinary", "paging": [{"short_page": 3}], "operations": ["session_detail"]}"#,
            "does not change the response",
        ),
        (
            "rate-limit",
            r#"{"provider": "memories-ai", "operation": "session_summary", "requests": 1}"#,
            "has no operation",
        ),
    ] {
        let headers = [("content-type", "application/json")];
        let reply = send(&sandbox, "POST", &format!("/__sandbox/{path}"), &headers, json)?;
        assert_eq!(reply.status, 400, "{json}");
        assert!(reply.body.contains(reason), "{json}: {}", reply.body);
    }
    Ok(())
}

#[test]
fn the_request_log_names_the_operation() -> io::Result<()> {
    let sandbox = start(Sandbox::builder())?;
    for provider in PROVIDERS {
        call_all(&sandbox, provider)?;
        call(&sandbox, provider, list_route(provider).0)?;
        let unknown = format!("{}/x/y", list_route(provider).0);
        call(&sandbox, provider, &unknown)?;
        let logged = sandbox
            .requests()
            .into_iter()
            .map(|request| request.operation)
            .collect::<Vec<_>>();
        let mut expected = targets(&sandbox, provider)
            .into_iter()
            .map(|(operation, _)| Some(operation))
            .collect::<Vec<_>>();
        expected.extend([Some(Operation::ListSessions), None]);
        assert_eq!(logged, expected);
        sandbox.forget_requests();
    }
    call_all(&sandbox, Provider::LlamaCloud)?;
    let log = get(&sandbox, "/__sandbox/requests", &[])?.json();
    assert_eq!(log["requests"][2]["operation"], "session_summary");
    Ok(())
}

#[test]
fn changes_for_a_page_wait_for_a_request_for_the_list() -> io::Result<()> {
    let sandbox = start(Sandbox::builder())?;
    for provider in PROVIDERS {
        let targets = targets(&sandbox, provider);
        sandbox.at(provider, When::BeforePage(1), Change::insert("New"));
        for (_, target) in &targets[1..] {
            call(&sandbox, provider, target)?;
        }
        assert_eq!(sandbox.pending_changes(provider), 1);
        call(&sandbox, provider, &targets[0].1)?;
        assert_eq!(sandbox.pending_changes(provider), 0);
    }
    Ok(())
}

#[test]
fn control_routes_list_operations_and_kinds() -> io::Result<()> {
    let sandbox = start(Sandbox::builder())?;
    let index = get(&sandbox, "/__sandbox/", &[])?.json();
    assert_eq!(
        index["providers"]["memories-ai"][1],
        "GET /serve/api/v1/get_session_detail"
    );
    assert_eq!(
        index["providers"]["llama-cloud"][2],
        "GET /api/v1/chat/{session_id}/summary"
    );
    let kinds = get(&sandbox, "/__sandbox/conversations", &[])?.json();
    for (provider, kind) in [
        (Provider::MemoriesAi, Conversation::ThinkingReferences),
        (Provider::LlamaCloud, Conversation::UntypedEvents),
        (Provider::LlamaCloud, Conversation::ThinkingReferences),
    ] {
        let name = json!(kind);
        let found = &kinds[provider.to_string()][name.as_str().unwrap_or_default()];
        assert_eq!(found.as_str(), sandbox.session_with(provider, kind).as_deref());
    }
    for (query, status) in [("provider=llama-cloud&id=nobody", 404), ("provider=llama-cloud", 400)] {
        assert_eq!(
            get(&sandbox, &format!("/__sandbox/conversation?{query}"), &[])?.status,
            status
        );
    }
    let id = &sandbox.session_ids(Provider::MemoriesAi, None)[0];
    let held = get(
        &sandbox,
        &format!("/__sandbox/conversation?provider=memories-ai&id={id}"),
        &[],
    )?;
    let expected = sandbox
        .conversation_json(Provider::MemoriesAi, None, id)
        .unwrap_or_default();
    assert_eq!(held.body.into_bytes(), expected);
    assert_ne!(expected, Value::Null.to_string().into_bytes());
    Ok(())
}
