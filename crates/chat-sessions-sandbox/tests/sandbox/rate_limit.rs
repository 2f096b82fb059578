//! Rate limits: which requests are counted, how a refusal looks, and when requests are admitted
//! again.

use std::{io, thread::sleep, time::Duration};

use chat_sessions_sandbox::{Fault, LLAMA_CLOUD_KEY, Provider, RateLimit, Sandbox};
use serde_json::json;

use crate::support::{get, list_llama_cloud, list_memories_ai, script, send, start};

const VIDEOS: &str = "unique_id=default";
/// Longer than any test runs.
const LONG: Duration = Duration::from_secs(600);

#[test]
fn each_provider_sends_its_own_rate_limit_error() -> io::Result<()> {
    let builder = Sandbox::builder()
        .rate_limit(Provider::MemoriesAi, RateLimit::new(2, LONG))
        .rate_limit(Provider::LlamaCloud, RateLimit::new(1, LONG).with_retry_after());
    let sandbox = start(builder)?;
    for _ in 0..2 {
        assert_eq!(list_memories_ai(&sandbox, VIDEOS)?.json()["code"], "0000");
    }
    let refused = list_memories_ai(&sandbox, VIDEOS)?;
    assert_eq!(refused.status, 200);
    assert_eq!(
        refused.json(),
        json!({"code": "0429", "msg": "Request has exceeded the limit."})
    );
    assert_eq!(refused.header("retry-after"), "", "no such header is documented");

    assert_eq!(list_llama_cloud(&sandbox, "")?.status, 200);
    let refused = list_llama_cloud(&sandbox, "")?;
    assert_eq!(refused.status, 429);
    assert!(refused.json()["detail"].is_string(), "{}", refused.body);
    let seconds = refused.header("retry-after").parse::<u64>().unwrap_or_default();
    assert!((1..=600).contains(&seconds), "{seconds}");

    let counters = sandbox.counters(Provider::MemoriesAi);
    assert_eq!((counters.requests, counters.refused, counters.in_progress), (3, 1, 0));
    assert_eq!(counters.arrivals.len(), 3);
    let counters = get(&sandbox, "/__sandbox/counters", &[])?.json();
    assert_eq!(counters["llama-cloud"]["refused"], 1);
    sandbox.forget_requests();
    assert_eq!(sandbox.counters(Provider::MemoriesAi).refused, 0);
    Ok(())
}

#[test]
fn requests_are_counted_by_account_across_scopes() -> io::Result<()> {
    let sandbox = start(Sandbox::builder())?;
    sandbox.rate_limit(Provider::MemoriesAi, RateLimit::new(2, LONG));
    sandbox.rate_limit(Provider::LlamaCloud, RateLimit::new(2, LONG));
    assert_eq!(list_memories_ai(&sandbox, VIDEOS)?.json()["code"], "0000");
    assert_eq!(
        list_memories_ai(&sandbox, "unique_id=demo-team")?.json()["code"],
        "0000"
    );
    assert_eq!(
        list_memories_ai(&sandbox, "unique_id=elsewhere")?.json()["code"],
        "0429"
    );

    // A bearer token and a cookie with the same key belong to one account.
    let cookie = format!("theme=dark; session={LLAMA_CLOUD_KEY}");
    assert_eq!(list_llama_cloud(&sandbox, "")?.status, 200);
    assert_eq!(get(&sandbox, "/api/v1/chat", &[("Cookie", &cookie)])?.status, 200);
    assert_eq!(list_llama_cloud(&sandbox, "")?.status, 429);
    let statuses = |headers: &[(&str, &str)]| {
        let replies = (0..3).map(|_| get(&sandbox, "/api/v1/chat", headers).map(|reply| reply.status));
        replies.collect::<io::Result<Vec<_>>>()
    };
    assert_eq!(statuses(&[("Authorization", "Bearer llx-wrong")])?, [401, 401, 429]);
    assert_eq!(statuses(&[])?, [401, 401, 401], "without a key nobody is counted");
    Ok(())
}

#[test]
fn requests_are_admitted_again_after_the_window() -> io::Result<()> {
    let sandbox = start(Sandbox::builder())?;
    let limit = RateLimit::new(2, Duration::from_millis(500));
    sandbox.rate_limit(Provider::LlamaCloud, limit);
    // The test measures with the sandbox's own clock, so that it does not depend on the machine's
    // speed.
    let mut admitted = Vec::new();
    for _ in 0..200 {
        if list_llama_cloud(&sandbox, "")?.status == 200 {
            admitted.push(
                sandbox
                    .requests()
                    .last()
                    .map(|request| request.arrived)
                    .unwrap_or_default(),
            );
        }
        if admitted.len() == 6 {
            break;
        }
        sleep(Duration::from_millis(20));
    }
    assert_eq!(admitted.len(), 6, "{admitted:?}");
    for three in admitted.windows(3) {
        assert!(three[2] - three[0] >= Duration::from_millis(500), "{admitted:?}");
    }
    Ok(())
}

/// The `Retry-After` header shows whether a refused request counts, whatever the machine's speed.
#[test]
fn refused_requests_count_only_on_request() -> io::Result<()> {
    let sandbox = start(Sandbox::builder())?;
    let by_code = |counting: bool| {
        let limit = RateLimit::new(1, LONG).with_retry_after();
        let limit = if counting { limit.counting_refused() } else { limit };
        sandbox.rate_limit(Provider::LlamaCloud, limit);
        Ok(())
    };
    let by_script = |counting: bool| {
        let json = format!(
            r#"{{"provider": "llama-cloud", "requests": 1, "window_ms": 600000, "retry_after": true,
                "count_refused": {counting}}}"#
        );
        script(&sandbox, "/__sandbox/rate-limit", &json)
    };
    for (limit, counting) in [
        (&by_code as &dyn Fn(bool) -> io::Result<()>, false),
        (&by_code, true),
        (&by_script, true),
    ] {
        limit(counting)?;
        assert_eq!(list_llama_cloud(&sandbox, "")?.status, 200);
        sleep(Duration::from_millis(1100));
        let refused = list_llama_cloud(&sandbox, "")?;
        assert_eq!(refused.status, 429);
        let seconds = refused.header("retry-after").parse::<u64>().unwrap_or_default();
        assert_eq!(seconds == 600, counting, "{seconds}");
    }
    Ok(())
}

#[test]
fn a_refused_request_gets_no_fault_and_clearing_faults_keeps_the_limit() -> io::Result<()> {
    let sandbox = start(Sandbox::builder())?;
    sandbox.rate_limit(Provider::LlamaCloud, RateLimit::new(1, LONG));
    sandbox.next(Provider::LlamaCloud, Fault::status(500));
    sandbox.next(Provider::LlamaCloud, Fault::status(503));
    assert_eq!(list_llama_cloud(&sandbox, "")?.status, 500);
    assert_eq!(list_llama_cloud(&sandbox, "")?.status, 429);
    assert_eq!(sandbox.pending_faults(Provider::LlamaCloud), 1);
    sandbox.clear_faults();
    assert_eq!(list_llama_cloud(&sandbox, "")?.status, 429);
    sandbox.clear_rate_limits();
    assert_eq!(list_llama_cloud(&sandbox, "")?.status, 200);
    Ok(())
}

#[test]
fn a_script_can_limit_the_rate() -> io::Result<()> {
    let sandbox = start(Sandbox::builder())?;
    let json = r#"{"provider": "memories-ai", "requests": 1, "window_ms": 600000, "retry_after": true}"#;
    script(&sandbox, "/__sandbox/rate-limit", json)?;
    assert_eq!(list_memories_ai(&sandbox, VIDEOS)?.json()["code"], "0000");
    let refused = list_memories_ai(&sandbox, VIDEOS)?;
    assert_eq!(refused.json()["code"], "0429");
    assert!(
        refused
            .header("retry-after")
            .parse::<u64>()
            .is_ok_and(|seconds| seconds > 1)
    );
    send(&sandbox, "DELETE", "/__sandbox/rate-limit", &[], "")?;
    assert_eq!(list_memories_ai(&sandbox, VIDEOS)?.json()["code"], "0000");
    for (json, reason) in [
        (r#"{"provider": "memories-ai"}"#, "requests"),
        (r#"{"provider": "memories-ai", "requests": 1, "window": 1}"#, "window"),
    ] {
        let headers = [("content-type", "application/json")];
        let reply = send(&sandbox, "POST", "/__sandbox/rate-limit", &headers, json)?;
        assert_eq!(reply.status, 400, "{json}");
        assert!(reply.body.contains(reason), "{json}: {}", reply.body);
    }
    Ok(())
}
