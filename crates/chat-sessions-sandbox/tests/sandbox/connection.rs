//! Answers whose connection does not end as it should: resets and silence.

use std::{
    io::{self, ErrorKind, Read},
    time::{Duration, Instant},
};

use chat_sessions_sandbox::{Fault, Provider, Sandbox};

use crate::support::{ask, list_llama_cloud, receive, script, start};

const PROVIDERS: [Provider; 2] = [Provider::MemoriesAi, Provider::LlamaCloud];

#[test]
fn a_connection_is_reset_before_any_byte_of_the_answer() -> io::Result<()> {
    let sandbox = start(Sandbox::builder())?;
    for provider in PROVIDERS {
        sandbox.next(provider, Fault::reset_before_headers());
        let json = format!(r#"{{"provider": "{provider}", "fault": "reset_before_headers"}}"#);
        script(&sandbox, "/__sandbox/faults", &json)?;
        for _ in 0..2 {
            let received = receive(ask(&sandbox, provider)?);
            assert!(received.head.is_empty() && received.body.is_empty(), "{received:?}");
            let end = received.end.map_err(|error| error.kind());
            assert_eq!(end, Err(ErrorKind::ConnectionReset), "{provider}");
        }
        assert_eq!(sandbox.request_count(provider), 2, "the request was read");
        assert!(receive(ask(&sandbox, provider)?).end.is_ok(), "the next is ordinary");
    }
    Ok(())
}

#[test]
fn a_connection_is_reset_in_the_middle_of_an_answer() -> io::Result<()> {
    let sandbox = start(Sandbox::builder())?;
    for provider in PROVIDERS {
        let whole = receive(ask(&sandbox, provider)?);
        let length = whole.body.len();
        for after in [0, 1, 100, length - 1, usize::MAX] {
            sandbox.next(provider, Fault::reset_after(after));
            let json = format!(r#"{{"provider": "{provider}", "fault": "reset_after", "after": {after}}}"#);
            script(&sandbox, "/__sandbox/faults", &json)?;
            for _ in 0..2 {
                let received = receive(ask(&sandbox, provider)?);
                assert!(received.head.starts_with("HTTP/1.1 200 OK"), "{received:?}");
                assert!(received.head.contains(&format!("content-length: {length}")));
                assert_eq!(received.body, whole.body[..after.min(length - 1)], "{provider} {after}");
                let end = received.end.map_err(|error| error.kind());
                assert_eq!(end, Err(ErrorKind::ConnectionReset), "{provider} {after}");
            }
        }
    }
    Ok(())
}

/// The counterpart of the resets: a cut body ends in good order.
#[test]
fn a_cut_body_ends_without_a_reset() -> io::Result<()> {
    let sandbox = start(Sandbox::builder())?;
    for provider in PROVIDERS {
        sandbox.next(provider, Fault::cut_body(10));
        let received = receive(ask(&sandbox, provider)?);
        assert_eq!(received.body.len(), 10);
        assert!(received.end.is_ok(), "{received:?}");
    }
    Ok(())
}

#[test]
fn a_stalled_answer_stays_open_and_holds_up_nobody() -> io::Result<()> {
    let sandbox = start(Sandbox::builder())?;
    for provider in PROVIDERS {
        let whole = receive(ask(&sandbox, provider)?);
        for (after, in_json) in [(0, false), (7, false), (usize::MAX, true)] {
            if in_json {
                let json = format!(r#"{{"provider": "{provider}", "fault": "stall", "after": {after}}}"#);
                script(&sandbox, "/__sandbox/faults", &json)?;
            } else {
                sandbox.next(provider, Fault::stall(after));
            }
            let stalled = ask(&sandbox, provider)?;
            stalled.set_read_timeout(Some(Duration::from_millis(300)))?;
            let received = receive(stalled);
            assert_eq!(received.body, whole.body[..after.min(whole.body.len() - 1)]);
            let end = received.end.map_err(|error| error.kind());
            assert!(
                matches!(end, Err(ErrorKind::WouldBlock | ErrorKind::TimedOut)),
                "{end:?}, not silence"
            );
            assert_eq!(list_llama_cloud(&sandbox, "")?.status, 200);
        }
    }
    Ok(())
}

#[test]
fn a_sandbox_stops_with_stalled_and_endless_answers_under_way() -> io::Result<()> {
    let sandbox = start(Sandbox::builder())?;
    sandbox.next(Provider::LlamaCloud, Fault::stall(3));
    sandbox.next(Provider::LlamaCloud, Fault::endless_body());
    sandbox.next(Provider::LlamaCloud, Fault::endless_body().with_gzip());
    sandbox.next(Provider::LlamaCloud, Fault::large_body(u64::MAX));
    let mut open = Vec::new();
    for _ in 0..4 {
        let mut socket = ask(&sandbox, Provider::LlamaCloud)?;
        socket.read_exact(&mut [0; 64])?;
        open.push(socket);
    }
    let begin = Instant::now();
    drop(sandbox);
    assert!(
        begin.elapsed() < Duration::from_secs(5),
        "it took {:?}",
        begin.elapsed()
    );
    for mut socket in open {
        // What was sent before is still there; behind it, the connection has ended.
        io::copy(&mut socket, &mut io::sink()).or_else(|error| match error.kind() {
            ErrorKind::WouldBlock | ErrorKind::TimedOut => Err(error),
            _ => Ok(0),
        })?;
    }
    Ok(())
}
