//! Changes that are scheduled for a request, and the counters.

use std::{
    io::{self, Write},
    net::TcpStream,
    thread,
};

use chat_sessions_sandbox::{Change, Fault, OTHER_PROJECT_ID, Provider, Sandbox, When};
use serde_json::{Value, json};

use crate::support::{get, list_llama_cloud, list_memories_ai, send, start, texts, wait_until};

const JSON: (&str, &str) = ("content-type", "application/json");

fn ids(sandbox: &Sandbox, number: u64) -> io::Result<Vec<String>> {
    let body = list_memories_ai(sandbox, &format!("page={number}&unique_id=default"))?.json();
    Ok(texts(&body["data"]["sessions"], "sessionId"))
}

#[test]
fn changes_happen_before_and_after_their_request() -> io::Result<()> {
    let sandbox = start(Sandbox::builder())?;
    let before = sandbox.session_ids(Provider::MemoriesAi, None);
    ids(&sandbox, 1)?;
    sandbox.at(Provider::MemoriesAi, When::Before(2), Change::delete(&before[3]));
    sandbox.at(Provider::MemoriesAi, When::Before(2), Change::delete_newest(2));
    sandbox.at(Provider::MemoriesAi, When::After(2), Change::insert("Brand new"));
    sandbox.at(Provider::MemoriesAi, When::After(2), Change::delete_oldest(5));
    assert_eq!(sandbox.pending_changes(Provider::MemoriesAi), 4);
    sandbox.forget_requests();
    list_llama_cloud(&sandbox, "")?;

    assert_eq!(ids(&sandbox, 1)?, before[..20], "the first request after scheduling");
    let expected = [&before[2..3], &before[4..23]].concat();
    assert_eq!(ids(&sandbox, 1)?, expected, "the second");
    assert_eq!(sandbox.pending_changes(Provider::MemoriesAi), 0);
    let sessions = sandbox.sessions(Provider::MemoriesAi, None);
    assert_eq!((sessions.len(), sessions[0].title.as_deref()), (130, Some("Brand new")));
    assert_eq!(ids(&sandbox, 1)?[1..], expected[..19], "the third");
    Ok(())
}

#[test]
fn changes_affect_their_scope_only_and_ignore_missing_sessions() -> io::Result<()> {
    let sandbox = start(Sandbox::builder())?;
    for (provider, scope, length) in [
        (Provider::MemoriesAi, "demo-team", 23),
        (Provider::LlamaCloud, OTHER_PROJECT_ID, 31),
    ] {
        let default = sandbox.sessions(provider, None);
        let before = sandbox.session_ids(provider, Some(scope));
        assert_eq!(before.len(), length);
        let retitle_at = Change::RetitleAt {
            scope: None,
            index: 4,
            title: "Renamed".to_owned(),
        };
        sandbox.change(provider, &retitle_at.in_scope(scope));
        let place = if provider == Provider::MemoriesAi { 4 } else { 0 };
        let renamed = &sandbox.sessions(provider, Some(scope))[place];
        assert_eq!((&renamed.id, renamed.title.as_deref()), (&before[4], Some("Renamed")));
        sandbox.change(provider, &Change::retitle(&before[4], "Again"));
        sandbox.change(provider, &Change::DeleteAt { scope: None, index: 1 }.in_scope(scope));
        sandbox.change(provider, &Change::delete_newest(1).in_scope(scope));
        sandbox.change(provider, &Change::delete_oldest(2).in_scope(scope));
        sandbox.change(provider, &Change::insert("New").in_scope(scope));
        assert_eq!(sandbox.session_ids(provider, Some(scope)).len(), length - 3);
        for ineffective in [
            Change::delete("nobody"),
            Change::retitle("nobody", ""),
            Change::delete_newest(usize::MAX).in_scope("nowhere"),
            Change::DeleteAt {
                scope: None,
                index: usize::MAX,
            },
        ] {
            sandbox.change(provider, &ineffective);
        }
        assert_eq!(sandbox.sessions(provider, None), default);
        sandbox.change(provider, &Change::delete_oldest(usize::MAX).in_scope(scope));
        assert!(sandbox.sessions(provider, Some(scope)).is_empty());
    }
    Ok(())
}

/// The list has the sessions 5 to 1 in pages of two. Page 3 is served, then 6 is created and 1
/// deleted, then page 2 is served. The total never changes, and 3 is on neither page.
#[test]
fn concurrent_requests_can_see_different_lists() -> io::Result<()> {
    let sandbox = start(Sandbox::builder().memories_ai_sessions(5).memories_ai_page_size(2))?;
    let before = sandbox.session_ids(Provider::MemoriesAi, None);
    sandbox.next(Provider::MemoriesAi, Fault::ordinary().with_hold().on_pages(2..=2));
    sandbox.at(Provider::MemoriesAi, When::AfterPage(3), Change::insert("6"));
    sandbox.at(Provider::MemoriesAi, When::AfterPage(3), Change::delete(&before[4]));
    assert_eq!(ids(&sandbox, 1)?, before[..2]);
    thread::scope(|scope| {
        let second = scope.spawn(|| ids(&sandbox, 2));
        wait_until(|| sandbox.counters(Provider::MemoriesAi).in_progress == 1);
        assert_eq!(ids(&sandbox, 3)?, before[4..]);
        sandbox.clear_faults();
        let second = second.join().map_err(|_| io::Error::other("the request panicked"))??;
        assert_eq!(second, before[1..3], "shifted by the new session");
        Ok::<_, io::Error>(())
    })?;
    assert_eq!(sandbox.counters(Provider::MemoriesAi).most_in_progress, 2);
    Ok(())
}

#[test]
fn a_change_waits_for_a_request_for_its_page() -> io::Result<()> {
    let sandbox = start(Sandbox::builder())?;
    sandbox.at(
        Provider::LlamaCloud,
        When::BeforePage(2),
        Change::insert("Before page 2"),
    );
    let first = list_llama_cloud(&sandbox, "")?.json();
    list_llama_cloud(&sandbox, "page_size=3")?;
    assert_eq!(sandbox.pending_changes(Provider::LlamaCloud), 1);
    let token = crate::support::encoded(first["next_page_token"].as_str().unwrap_or_default());
    list_llama_cloud(&sandbox, &format!("page_token={token}"))?;
    assert_eq!(sandbox.pending_changes(Provider::LlamaCloud), 0);
    assert_eq!(sandbox.session_ids(Provider::LlamaCloud, None).len(), 113);
    sandbox.at(Provider::LlamaCloud, When::After(1), Change::delete_newest(1));
    sandbox.clear_changes();
    list_llama_cloud(&sandbox, "")?;
    assert_eq!(sandbox.session_ids(Provider::LlamaCloud, None).len(), 113);
    Ok(())
}

#[test]
fn failed_and_cancelled_requests_count() -> io::Result<()> {
    let sandbox = start(Sandbox::builder())?;
    sandbox.next(Provider::LlamaCloud, Fault::status(503));
    sandbox.at(Provider::LlamaCloud, When::After(1), Change::delete_newest(1));
    assert_eq!(list_llama_cloud(&sandbox, "")?.status, 503);
    assert_eq!(sandbox.session_ids(Provider::LlamaCloud, None).len(), 111);

    sandbox.next(Provider::LlamaCloud, Fault::ordinary().with_hold());
    sandbox.at(Provider::LlamaCloud, When::Before(1), Change::delete_newest(1));
    sandbox.at(Provider::LlamaCloud, When::After(1), Change::delete_newest(1));
    let mut cancelled = TcpStream::connect(sandbox.addr())?;
    cancelled.write_all(b"GET /api/v1/chat HTTP/1.1\r\nhost: sandbox\r\n\r\n")?;
    wait_until(|| sandbox.counters(Provider::LlamaCloud).in_progress == 1);
    assert_eq!(sandbox.pending_changes(Provider::LlamaCloud), 2);
    drop(cancelled);
    wait_until(|| sandbox.counters(Provider::LlamaCloud).in_progress == 0);
    assert_eq!(sandbox.pending_changes(Provider::LlamaCloud), 0);
    assert_eq!(sandbox.session_ids(Provider::LlamaCloud, None).len(), 109);
    Ok(())
}

#[test]
fn a_script_can_change_lists_and_read_the_counters() -> io::Result<()> {
    let sandbox = start(Sandbox::builder())?;
    let post = |body: Value| send(&sandbox, "POST", "/__sandbox/changes", &[JSON], &body.to_string());
    let provider = Provider::MemoriesAi;
    let old = sandbox.session_ids(provider, None);
    for (pending, script) in [
        (0, json!({"change": {"delete": {"id": old[0]}}})),
        (1, json!({"before": 1, "change": {"insert": {"title": "One"}}})),
        (
            2,
            json!({"after": 1, "change": {"retitle": {"id": old[1], "title": "Two"}}}),
        ),
        (3, json!({"before_page": 2, "change": {"delete_oldest": {"count": 7}}})),
        (4, json!({"after_page": 2, "change": {"delete_at": {"index": 1}}})),
    ] {
        let mut script = script;
        script["provider"] = json!("memories-ai");
        assert_eq!(post(script)?.json(), json!({ "pending": pending }));
    }
    assert_eq!(ids(&sandbox, 1)?[1..], old[1..20]);
    assert_eq!(sandbox.sessions(provider, None)[1].title.as_deref(), Some("Two"));
    ids(&sandbox, 2)?;
    assert_eq!(
        sandbox.session_ids(provider, None)[1..],
        old[2..130],
        "137 - 1 + 1 - 7 - 1"
    );

    let counters = get(&sandbox, "/__sandbox/counters", &[])?.json();
    assert_eq!(counters["memories-ai"]["requests"], 2);
    assert_eq!(counters["memories-ai"]["in_progress"], 0);
    assert_eq!(counters["memories-ai"]["most_in_progress"], 1);
    assert_eq!(counters["memories-ai"]["arrivals_ms"].as_array().map(Vec::len), Some(2));
    assert_eq!(counters["llama-cloud"]["requests"], 0);
    assert_eq!(sandbox.counters(provider).arrivals.len(), 2);
    sandbox.forget_requests();
    assert_eq!(sandbox.counters(provider), sandbox.counters(Provider::LlamaCloud));

    let insert = json!({"insert": {"title": "x"}});
    for (script, reason) in [
        (json!({"before": 0, "change": insert}), "counted from 1"),
        (json!({"before": 1, "after": 1, "change": insert}), "exclude each other"),
        (json!({"befor": 1, "change": insert}), "befor"),
        (json!({"change": {"explode": {}}}), "explode"),
        (
            json!({"change": {"insert": {"title": "x", "unique_id": "y"}}}),
            "unique_id",
        ),
    ] {
        let mut script = script;
        script["provider"] = json!("memories-ai");
        let reply = post(script.clone())?;
        assert!(
            (400..500).contains(&reply.status) && reply.body.contains(reason),
            "{script}: {}",
            reply.body
        );
    }
    assert_eq!(send(&sandbox, "DELETE", "/__sandbox/changes", &[], "")?.status, 200);
    Ok(())
}
