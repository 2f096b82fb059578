//! Responses whose connection ends in the wrong way: resets and silence.

use std::io::{self, ErrorKind, Read};

use chat_sessions_sandbox::{Fault, Provider, Sandbox};

use crate::support::{PROVIDERS, list_llama_cloud, receive, receive_until_silence, request_list, script, start};

#[test]
fn a_connection_is_reset_before_the_response() -> io::Result<()> {
    let sandbox = start(Sandbox::builder())?;
    for provider in PROVIDERS {
        sandbox.next(provider, Fault::reset_before_headers());
        let json = format!(r#"{{"provider": "{provider}", "fault": "reset_before_headers"}}"#);
        script(&sandbox, "/__sandbox/faults", &json)?;
        for _ in 0..2 {
            let received = receive(request_list(&sandbox, provider)?);
            assert!(received.head.is_empty() && received.body.is_empty(), "{received:?}");
            let end = received.end.map_err(|error| error.kind());
            assert_eq!(end, Err(ErrorKind::ConnectionReset), "{provider}");
        }
        assert_eq!(sandbox.request_count(provider), 2, "the request was read");
        assert!(
            receive(request_list(&sandbox, provider)?).end.is_ok(),
            "the next response is ordinary"
        );
    }
    Ok(())
}

#[test]
fn a_connection_is_reset_within_the_response() -> io::Result<()> {
    let sandbox = start(Sandbox::builder())?;
    for provider in PROVIDERS {
        let whole = receive(request_list(&sandbox, provider)?);
        let length = whole.body.len();
        for after in [0, 1, 100, length - 1, usize::MAX] {
            sandbox.next(provider, Fault::reset_after(after));
            let json = format!(r#"{{"provider": "{provider}", "fault": "reset_after", "after": {after}}}"#);
            script(&sandbox, "/__sandbox/faults", &json)?;
            for _ in 0..2 {
                let received = receive(request_list(&sandbox, provider)?);
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

/// Unlike with a reset, the connection is closed normally.
#[test]
fn a_cut_body_ends_without_a_reset() -> io::Result<()> {
    let sandbox = start(Sandbox::builder())?;
    for provider in PROVIDERS {
        sandbox.next(provider, Fault::cut_body(10));
        let received = receive(request_list(&sandbox, provider)?);
        assert_eq!(received.body.len(), 10);
        assert!(received.end.is_ok(), "{received:?}");
    }
    Ok(())
}

#[test]
fn a_stalled_response_stays_open_and_does_not_block_others() -> io::Result<()> {
    let sandbox = start(Sandbox::builder())?;
    for provider in PROVIDERS {
        let whole = receive(request_list(&sandbox, provider)?);
        for (after, in_json) in [(0, false), (7, false), (usize::MAX, true)] {
            if in_json {
                let json = format!(r#"{{"provider": "{provider}", "fault": "stall", "after": {after}}}"#);
                script(&sandbox, "/__sandbox/faults", &json)?;
            } else {
                sandbox.next(provider, Fault::stall(after));
            }
            let sent = &whole.body[..after.min(whole.body.len() - 1)];
            let stalled = request_list(&sandbox, provider)?;
            assert_eq!(receive_until_silence(stalled, sent.len())?, sent);
            assert_eq!(list_llama_cloud(&sandbox, "")?.status, 200);
        }
    }
    Ok(())
}

#[test]
fn a_sandbox_stops_despite_stalled_and_endless_responses() -> io::Result<()> {
    let sandbox = start(Sandbox::builder())?;
    sandbox.next(Provider::LlamaCloud, Fault::stall(3));
    sandbox.next(Provider::LlamaCloud, Fault::endless_body());
    sandbox.next(Provider::LlamaCloud, Fault::endless_body().with_gzip());
    sandbox.next(Provider::LlamaCloud, Fault::large_body(u64::MAX));
    let mut open = Vec::new();
    for _ in 0..4 {
        let mut socket = request_list(&sandbox, Provider::LlamaCloud)?;
        socket.read_exact(&mut [0; 64])?;
        open.push(socket);
    }
    drop(sandbox);
    for mut socket in open {
        // The bytes that were sent before are still available. After them, the connection has
        // ended.
        io::copy(&mut socket, &mut io::sink()).or_else(|error| match error.kind() {
            ErrorKind::WouldBlock | ErrorKind::TimedOut => Err(error),
            _ => Ok(0),
        })?;
    }
    Ok(())
}
