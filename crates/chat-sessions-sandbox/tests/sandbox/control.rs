//! Control of the sandbox by tests and scripts, and how the sandbox starts and stops.

use std::{
    io::{self, Read},
    net::TcpStream,
    time::{Duration, Instant},
};

use chat_sessions_sandbox::{Fault, LLAMA_CLOUD_KEY, MEMORIES_AI_KEY, Provider, Sandbox};
use serde_json::json;

use crate::support::{
    PROVIDERS, get, list_llama_cloud, list_memories_ai, receive, request_list, script, send, start, texts, wait_until,
};

const VIDEOS: &str = "unique_id=default";
const JSON: (&str, &str) = ("content-type", "application/json");

#[test]
fn the_seed_decides_the_sessions() -> io::Result<()> {
    let [one, again, other] = [1, 1, 2].map(|seed| start(Sandbox::builder().seed(seed)));
    let (one, again, other) = (one?, again?, other?);
    assert_eq!(
        list_memories_ai(&one, VIDEOS)?.body,
        list_memories_ai(&again, VIDEOS)?.body
    );
    assert_eq!(list_llama_cloud(&one, "")?.body, list_llama_cloud(&again, "")?.body);
    assert_ne!(
        list_memories_ai(&one, VIDEOS)?.body,
        list_memories_ai(&other, VIDEOS)?.body
    );
    assert_ne!(list_llama_cloud(&one, "")?.body, list_llama_cloud(&other, "")?.body);
    Ok(())
}

#[test]
fn the_size_of_one_list_does_not_change_another() -> io::Result<()> {
    let usual = start(Sandbox::builder())?;
    let small = start(Sandbox::builder().memories_ai_sessions(3))?;
    assert_eq!(small.sessions(Provider::MemoriesAi, None).len(), 3);
    assert_eq!(list_llama_cloud(&usual, "")?.body, list_llama_cloud(&small, "")?.body);
    Ok(())
}

#[test]
fn queued_faults_are_sent_in_order_and_only_for_their_provider() -> io::Result<()> {
    let sandbox = start(Sandbox::builder())?;
    sandbox.next(Provider::MemoriesAi, Fault::status(429).with_header("Retry-After", "3"));
    sandbox.next(Provider::MemoriesAi, Fault::ordinary());
    sandbox.next(
        Provider::MemoriesAi,
        Fault::envelope("0429", "Request has exceeded the limit."),
    );
    assert_eq!(sandbox.pending_faults(Provider::MemoriesAi), 3);
    assert_eq!(list_llama_cloud(&sandbox, "")?.status, 200);

    let limited = list_memories_ai(&sandbox, VIDEOS)?;
    assert_eq!((limited.status, limited.header("retry-after")), (429, "3"));
    assert_eq!(
        limited.json(),
        json!({"code": "0429", "msg": "Request has exceeded the limit."})
    );
    assert_eq!(list_memories_ai(&sandbox, VIDEOS)?.json()["code"], "0000");
    let inside = list_memories_ai(&sandbox, VIDEOS)?;
    assert_eq!(
        (inside.status, &inside.json()["code"], &inside.json()["success"]),
        (200, &json!("0429"), &json!(false))
    );
    assert_eq!(list_memories_ai(&sandbox, VIDEOS)?.json()["code"], "0000");
    Ok(())
}

#[test]
fn a_permanent_fault_stays_until_it_is_cleared() -> io::Result<()> {
    let sandbox = start(Sandbox::builder())?;
    sandbox.always(Provider::LlamaCloud, Fault::status(503));
    sandbox.next(Provider::LlamaCloud, Fault::status(500));
    let statuses = (0..3)
        .map(|_| list_llama_cloud(&sandbox, "").map(|reply| reply.status))
        .collect::<io::Result<Vec<_>>>()?;
    assert_eq!(statuses, [500, 503, 503], "queued faults come first");
    sandbox.clear_faults();
    assert_eq!(list_llama_cloud(&sandbox, "")?.status, 200);
    Ok(())
}

#[test]
fn errors_have_the_providers_format() -> io::Result<()> {
    let sandbox = start(Sandbox::builder())?;
    for status in [400, 401, 403, 404, 408, 409, 422, 429, 500, 502, 503] {
        sandbox.next(Provider::LlamaCloud, Fault::status(status));
        sandbox.next(Provider::LlamaCloud, Fault::status(status).with_message("in words"));
        sandbox.next(Provider::MemoriesAi, Fault::status(status));
        let (usual, worded, other) = (
            list_llama_cloud(&sandbox, "")?,
            list_llama_cloud(&sandbox, "")?,
            list_memories_ai(&sandbox, VIDEOS)?,
        );
        assert_eq!([usual.status, worded.status, other.status], [status; 3]);
        assert_eq!(usual.json()["detail"].is_array(), status == 422);
        assert!(status == 422 || usual.json()["detail"].is_string());
        assert_eq!(worded.json(), json!({"detail": "in words"}));
        assert!(
            other.json()["code"].is_string() || other.json()["error"].is_string(),
            "{status}"
        );
    }
    Ok(())
}

#[test]
fn html_redirects_and_raw_bodies_are_sent_unchanged() -> io::Result<()> {
    let sandbox = start(Sandbox::builder())?;
    sandbox.next(Provider::LlamaCloud, Fault::html(200));
    let page = list_llama_cloud(&sandbox, "")?;
    assert_eq!(
        (page.status, page.header("content-type")),
        (200, "text/html; charset=utf-8")
    );
    assert!(page.body.starts_with("<!DOCTYPE html>"));

    sandbox.next(
        Provider::LlamaCloud,
        Fault::redirect(302, "http://127.0.0.1:9/elsewhere"),
    );
    let redirect = list_llama_cloud(&sandbox, "")?;
    assert_eq!(
        (redirect.status, redirect.header("location")),
        (302, "http://127.0.0.1:9/elsewhere")
    );

    sandbox.next(
        Provider::MemoriesAi,
        Fault::raw(203, "text/plain", " {\"data\": null}\n"),
    );
    let raw = list_memories_ai(&sandbox, VIDEOS)?;
    assert_eq!(
        (raw.status, raw.header("content-type"), raw.body.as_str()),
        (203, "text/plain", " {\"data\": null}\n")
    );

    sandbox.next(Provider::MemoriesAi, Fault::raw(7, "", ""));
    let invalid_status = list_memories_ai(&sandbox, VIDEOS)?;
    assert_eq!(
        (invalid_status.status, invalid_status.header("content-type")),
        (500, "")
    );
    Ok(())
}

#[test]
fn a_cut_body_is_shorter_than_announced() -> io::Result<()> {
    let sandbox = start(Sandbox::builder())?;
    let whole = list_llama_cloud(&sandbox, "")?;
    for after in [0, 1, 100, whole.body.len() - 1, usize::MAX] {
        sandbox.next(Provider::LlamaCloud, Fault::cut_body(after));
        let cut = list_llama_cloud(&sandbox, "")?;
        assert_eq!(cut.status, 200);
        assert_eq!(cut.header("content-length"), whole.body.len().to_string());
        assert_eq!(cut.body, whole.body[..after.min(whole.body.len() - 1)]);
    }
    assert_eq!(list_llama_cloud(&sandbox, "")?.body, whole.body);
    Ok(())
}

#[test]
fn a_delay_delays_the_response() -> io::Result<()> {
    let sandbox = start(Sandbox::builder())?;
    let delay = Duration::from_millis(300);
    sandbox.next(Provider::LlamaCloud, Fault::ordinary().with_delay(delay));
    let start = Instant::now();
    assert_eq!(list_llama_cloud(&sandbox, "")?.status, 200);
    assert!(start.elapsed() >= delay);
    Ok(())
}

#[test]
fn a_held_response_waits_until_the_faults_are_cleared_and_does_not_affect_other_requests() -> io::Result<()> {
    let sandbox = start(Sandbox::builder())?;
    for provider in PROVIDERS {
        for by_script in [false, true] {
            if by_script {
                let json = format!(r#"{{"provider": "{provider}", "fault": "ordinary", "hold": true}}"#);
                script(&sandbox, "/__sandbox/faults", &json)?;
            } else {
                sandbox.next(provider, Fault::ordinary().with_hold());
            }
            let held = request_list(&sandbox, provider)?;
            // The fault applies to the first request, so the other one waits until that has arrived.
            wait_until(|| sandbox.pending_faults(provider) == 0);
            assert!(receive(request_list(&sandbox, provider)?).end.is_ok());
            assert_eq!(sandbox.counters(provider).in_progress, 1, "the response is held");
            if by_script {
                send(&sandbox, "DELETE", "/__sandbox/faults", &[], "")?;
            } else {
                sandbox.clear_faults();
            }
            let released = receive(held);
            assert!(
                released.head.starts_with("HTTP/1.1 200") && released.end.is_ok(),
                "{released:?}"
            );
        }
    }
    Ok(())
}

#[test]
fn requests_are_logged_without_credentials() -> io::Result<()> {
    let sandbox = start(Sandbox::builder())?;
    list_memories_ai(&sandbox, "page=2&unique_id=a%20b")?;
    let cookie = format!("theme=dark; session={LLAMA_CLOUD_KEY}");
    get(&sandbox, "/api/v1/chat", &[("Cookie", &cookie)])?;
    list_llama_cloud(&sandbox, "page_size=3")?;
    get(&sandbox, "/__sandbox/requests", &[])?;
    get(&sandbox, "/__sandbox/mistyped", &[])?;
    get(&sandbox, "/v1/elsewhere", &[])?;

    let requests = sandbox.requests();
    assert_eq!(
        requests.iter().map(|request| request.number).collect::<Vec<_>>(),
        [1, 2, 3, 4],
        "requests to control routes are not logged"
    );
    assert_eq!(
        (requests[0].method.as_str(), requests[0].path.as_str()),
        ("GET", "/serve/api/v1/list_sessions")
    );
    assert_eq!(requests[0].raw_query, "page=2&unique_id=a%20b");
    assert_eq!(
        (requests[0].parameter("page"), requests[0].parameter("unique_id")),
        (Some("2"), Some("a b"))
    );
    assert_eq!(requests[0].header("Authorization"), Some("[redacted]"));
    assert_eq!(
        requests[1].header("cookie"),
        Some("theme=[redacted]; session=[redacted]")
    );
    assert_eq!(requests[2].header("authorization"), Some("Bearer [redacted]"));
    assert_eq!(
        (requests[3].provider, requests[3].path.as_str()),
        (None, "/v1/elsewhere")
    );
    assert!(requests.is_sorted_by_key(|request| request.arrived));
    assert_eq!(sandbox.request_count(Provider::LlamaCloud), 2);
    let log = get(&sandbox, "/__sandbox/requests", &[])?;
    assert_eq!(log.json()["counts"], json!({"memories-ai": 1, "llama-cloud": 2}));
    let log = format!("{requests:?}{}", log.body);
    assert!(
        !log.contains(MEMORIES_AI_KEY) && !log.contains(LLAMA_CLOUD_KEY),
        "a key is in the request log"
    );
    sandbox.forget_requests();
    assert_eq!(
        (sandbox.requests().len(), sandbox.request_count(Provider::LlamaCloud)),
        (0, 0)
    );
    Ok(())
}

#[test]
fn sessions_can_be_created_retitled_and_deleted() -> io::Result<()> {
    let sandbox = start(Sandbox::builder())?;
    for provider in [Provider::MemoriesAi, Provider::LlamaCloud] {
        let before = sandbox.session_ids(provider, None);
        let id = sandbox.insert(provider, None, "Brand new");
        let after = sandbox.sessions(provider, None);
        assert_eq!((&after[0].id, after[0].title.as_deref()), (&id, Some("Brand new")));
        assert_eq!(after.len(), before.len() + 1);
        assert!(sandbox.retitle(provider, &before[4], "Renamed"));
        assert!(sandbox.delete(provider, &id) && !sandbox.delete(provider, &id) && !sandbox.retitle(provider, &id, ""));
        let place = if provider == Provider::MemoriesAi { 4 } else { 0 };
        assert_eq!(
            sandbox.sessions(provider, None)[place].title.as_deref(),
            Some("Renamed")
        );
        assert_eq!(sandbox.session_ids(provider, None).len(), before.len());
    }
    let id = sandbox.insert(Provider::MemoriesAi, Some("a new team"), "First");
    let body = list_memories_ai(&sandbox, "unique_id=a%20new%20team")?.json();
    assert_eq!(texts(&body["data"]["sessions"], "sessionId"), [id]);
    Ok(())
}

#[test]
fn a_script_can_use_the_control_routes() -> io::Result<()> {
    let sandbox = start(Sandbox::builder())?;
    let post = |path: &str, body: &str| send(&sandbox, "POST", path, &[JSON], body);
    let fault =
        r#"{"provider": "llama-cloud", "times": 2, "fault": "status", "status": 503, "headers": {"retry-after": "1"}}"#;
    assert_eq!(post("/__sandbox/faults", fault)?.json(), json!({"pending": 2}));
    assert_eq!(list_llama_cloud(&sandbox, "")?.header("retry-after"), "1");
    send(&sandbox, "DELETE", "/__sandbox/faults", &[], "")?;
    assert_eq!(list_llama_cloud(&sandbox, "")?.status, 200);

    let created = post(
        "/__sandbox/sessions",
        r#"{"provider": "memories-ai", "title": "By script"}"#,
    )?
    .json();
    let id = created["id"].as_str().unwrap_or_default();
    assert_eq!(sandbox.session_ids(Provider::MemoriesAi, None)[0], id);
    let renamed = format!(r#"{{"provider": "memories-ai", "id": "{id}", "title": "Renamed"}}"#);
    assert_eq!(
        send(&sandbox, "PATCH", "/__sandbox/sessions", &[JSON], &renamed)?.status,
        200
    );
    let listed = get(&sandbox, "/__sandbox/sessions", &[])?.json();
    let scopes = listed["scopes"].as_array().cloned().unwrap_or_default();
    let default = scopes
        .iter()
        .find(|scope| scope["provider"] == "memories-ai" && scope["default"] == true);
    assert_eq!(
        default.map(|scope| &scope["sessions"][0]),
        Some(&json!({"id": id, "title": "Renamed"}))
    );
    let target = format!("/__sandbox/sessions?provider=memories-ai&id={id}");
    assert_eq!(send(&sandbox, "DELETE", &target, &[], "")?.status, 200);
    assert_eq!(send(&sandbox, "DELETE", &target, &[], "")?.status, 404);
    assert!(get(&sandbox, "/__sandbox/", &[])?.json()["control"].is_object());
    Ok(())
}

#[test]
fn a_wrong_script_is_rejected_with_the_reason() -> io::Result<()> {
    let sandbox = start(Sandbox::builder())?;
    for (script, reason) in [
        (r#"{"fault": "ordinary"}"#, "provider"),
        (r#"{"provider": "nobody", "fault": "ordinary"}"#, "nobody"),
        (r#"{"provider": "llama-cloud", "fault": "gremlin"}"#, "gremlin"),
        (
            r#"{"provider": "llama-cloud", "fault": "status", "status": 503, "delay": 5}"#,
            "delay",
        ),
        (
            r#"{"provider": "llama-cloud", "fault": "ordinary", "status": 503}"#,
            "status",
        ),
        (r#"{"provider": "llama-cloud""#, "EOF"),
    ] {
        let reply = send(&sandbox, "POST", "/__sandbox/faults", &[JSON], script)?;
        assert_eq!(reply.status, 400, "{script}");
        assert!(
            reply.json()["error"]
                .as_str()
                .is_some_and(|error| error.contains(reason)),
            "{script}: {}",
            reply.body
        );
    }
    assert_eq!(sandbox.pending_faults(Provider::LlamaCloud), 0);
    Ok(())
}

#[test]
fn dropping_the_sandbox_closes_its_port_and_its_connections() -> io::Result<()> {
    // While no sandbox has the port, the system may give it to another test. That is rare, and never
    // happens in a row.
    for attempt in 1.. {
        let sandbox = start(Sandbox::builder())?;
        let addr = sandbox.addr();
        let mut idle = TcpStream::connect(addr)?;
        idle.set_read_timeout(Some(Duration::from_secs(60)))?;
        list_llama_cloud(&sandbox, "")?;
        sandbox.next(Provider::LlamaCloud, Fault::ordinary().with_hold());
        let mut held = request_list(&sandbox, Provider::LlamaCloud)?;
        wait_until(|| sandbox.pending_faults(Provider::LlamaCloud) == 0);
        let control = sandbox.control();
        drop(sandbox);
        let is_closed = TcpStream::connect(addr).is_err();
        for open in [&mut idle, &mut held] {
            assert!(!matches!(open.read(&mut [0]), Ok(1..)), "the open connection ended");
        }
        assert_eq!(
            control.request_count(Provider::LlamaCloud),
            2,
            "the handle outlives the server"
        );
        let again = start(Sandbox::builder().port(addr.port()));
        if attempt < 4 && (!is_closed || again.is_err()) {
            continue;
        }
        assert!(is_closed, "nobody listens any more");
        assert_eq!(again?.addr(), addr);
        break;
    }
    Ok(())
}

#[test]
fn a_port_in_use_is_an_error() -> io::Result<()> {
    let sandbox = start(Sandbox::builder())?;
    assert!(start(Sandbox::builder().port(sandbox.addr().port())).is_err());
    Ok(())
}

#[test]
fn keys_and_page_sizes_can_be_chosen_and_debug_omits_keys() -> io::Result<()> {
    let builder = Sandbox::builder()
        .llama_cloud_key("llx-other")
        .memories_ai_page_size(50)
        .llama_cloud_page_size(7);
    assert!(!format!("{builder:?}").contains("llx-other"));
    let sandbox = start(builder)?;
    assert!(!format!("{sandbox:?}").contains("llx-other"));
    assert_eq!(list_llama_cloud(&sandbox, "")?.status, 401);
    let body = get(&sandbox, "/api/v1/chat", &[("Authorization", "Bearer llx-other")])?.json();
    assert_eq!(texts(&body["items"], "session_id").len(), 7);
    let body = list_memories_ai(&sandbox, VIDEOS)?.json();
    assert_eq!(
        (
            texts(&body["data"]["sessions"], "title").len(),
            &body["data"]["page_size"]
        ),
        (50, &json!(50))
    );
    Ok(())
}

/// The sandbox has its own thread, so a test on a current-thread runtime may block while it waits
/// for a response.
#[tokio::test]
async fn a_current_thread_runtime_can_start_use_and_drop_a_sandbox() -> io::Result<()> {
    let sandbox = Sandbox::start().await?;
    assert_eq!(list_llama_cloud(&sandbox, "")?.status, 200);
    drop(sandbox);
    Ok(())
}
