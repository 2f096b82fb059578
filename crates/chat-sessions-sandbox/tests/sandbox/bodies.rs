//! Bodies and heads that are too large, compressed or not text.

use std::io::{self, Read};

use chat_sessions_sandbox::{Fault, Paging, Provider, Sandbox};
use flate2::read::GzDecoder;
use serde_json::Value;

use crate::support::{
    PROVIDERS, Received, list_llama_cloud, list_memories_ai, receive, request_list, script, send, start,
};

const MIB: usize = 1024 * 1024;

fn json(body: &[u8]) -> Value {
    serde_json::from_slice(body).unwrap_or_default()
}

fn decompressed(body: &[u8]) -> io::Result<Vec<u8>> {
    let mut plain = Vec::new();
    GzDecoder::new(body).read_to_end(&mut plain)?;
    Ok(plain)
}

/// Sends the same fault from code and as JSON. Asserts that the responses are equal, and returns
/// one.
fn same_by_code_and_by_script(
    sandbox: &Sandbox,
    provider: Provider,
    fault: Fault,
    fault_json: &str,
) -> io::Result<Received> {
    sandbox.next(provider, fault);
    let fault_json = format!(r#"{{"provider": "{provider}", {fault_json}}}"#);
    script(sandbox, "/__sandbox/faults", &fault_json)?;
    let (by_code, by_script) = (
        receive(request_list(sandbox, provider)?),
        receive(request_list(sandbox, provider)?),
    );
    assert!(by_code.end.is_ok() && by_script.end.is_ok(), "{fault_json}");
    let without_date = |head: &str| -> Vec<String> {
        let lines = head.lines().filter(|line| !line.starts_with("date: "));
        lines.map(str::to_owned).collect()
    };
    assert_eq!(
        without_date(&by_code.head),
        without_date(&by_script.head),
        "{fault_json}"
    );
    assert!(by_code.body == by_script.body, "{fault_json}: the bodies differ");
    Ok(by_code)
}

#[test]
fn a_large_body_announces_its_length_and_is_a_page() -> io::Result<()> {
    let sandbox = start(Sandbox::builder())?;
    for provider in PROVIDERS {
        let page = json(&receive(request_list(&sandbox, provider)?).body);
        let bytes = 3 * MIB + 7;
        let fault = Fault::large_body(bytes as u64);
        let large = same_by_code_and_by_script(
            &sandbox,
            provider,
            fault,
            &format!(r#""fault": "large_body", "bytes": {bytes}"#),
        )?;
        assert!(
            large.head.contains(&format!("content-length: {bytes}")),
            "{}",
            large.head
        );
        assert!(!large.head.contains("transfer-encoding"), "{}", large.head);
        assert_eq!((large.body.len(), &large.body[..2]), (bytes, &b"{ "[..]));
        assert_eq!(json(&large.body), page);

        sandbox.next(provider, Fault::large_body(1));
        assert_eq!(
            json(&receive(request_list(&sandbox, provider)?).body),
            page,
            "a page is never cut"
        );
    }
    Ok(())
}

#[test]
fn a_large_body_in_chunks_does_not_announce_its_length() -> io::Result<()> {
    let sandbox = start(Sandbox::builder())?;
    for provider in PROVIDERS {
        let page = json(&receive(request_list(&sandbox, provider)?).body);
        let fault = Fault::large_body_chunked(MIB as u64);
        let fault_json = format!(r#""fault": "large_body_chunked", "bytes": {MIB}"#);
        let large = same_by_code_and_by_script(&sandbox, provider, fault, &fault_json)?;
        assert!(!large.head.contains("content-length"), "{}", large.head);
        assert!(large.head.contains("transfer-encoding: chunked"), "{}", large.head);
        let body = large.dechunked().unwrap_or_default();
        assert_eq!(body.len(), MIB);
        assert_eq!(json(&body), page);
    }
    Ok(())
}

#[test]
fn a_large_page_can_be_altered() -> io::Result<()> {
    let sandbox = start(Sandbox::builder())?;
    sandbox.next(
        Provider::LlamaCloud,
        Fault::large_body(9999).with_paging(Paging::ShortPage(3)),
    );
    let body = list_llama_cloud(&sandbox, "")?.json();
    assert_eq!(body["items"].as_array().map(Vec::len), Some(3));
    Ok(())
}

#[test]
fn an_endless_body_continues_until_the_client_closes_the_connection() -> io::Result<()> {
    let sandbox = start(Sandbox::builder())?;
    for provider in PROVIDERS {
        sandbox.next(provider, Fault::endless_body());
        script(
            &sandbox,
            "/__sandbox/faults",
            &format!(r#"{{"provider": "{provider}", "fault": "endless_body"}}"#),
        )?;
        for _ in 0..2 {
            let mut socket = request_list(&sandbox, provider)?;
            let mut beginning = vec![0; 20 * MIB];
            socket.read_exact(&mut beginning)?;
            let head = String::from_utf8_lossy(&beginning[..1024]).into_owned();
            assert!(head.starts_with("HTTP/1.1 200 OK") && head.contains("transfer-encoding: chunked"));
            assert!(head.contains("{\r\n") && !beginning.contains(&b'}'));
            drop(socket);
        }
        assert!(
            receive(request_list(&sandbox, provider)?).end.is_ok(),
            "the next response is ordinary"
        );
    }
    Ok(())
}

#[test]
fn any_response_can_be_compressed_whatever_the_client_accepts() -> io::Result<()> {
    let sandbox = start(Sandbox::builder())?;
    for provider in PROVIDERS {
        let plain = receive(request_list(&sandbox, provider)?);
        let fault_json = r#""fault": "ordinary", "gzip": true"#;
        let zipped = same_by_code_and_by_script(&sandbox, provider, Fault::ordinary().with_gzip(), fault_json)?;
        assert!(zipped.head.contains("content-encoding: gzip"), "{}", zipped.head);
        assert!(zipped.head.contains(&format!("content-length: {}", zipped.body.len())));
        assert_eq!(decompressed(&zipped.body)?, plain.body);

        sandbox.next(provider, Fault::status(503).with_gzip());
        let error = receive(request_list(&sandbox, provider)?);
        assert!(error.head.starts_with("HTTP/1.1 503") && json(&decompressed(&error.body)?).is_object());

        sandbox.next(provider, Fault::cut_body(30).with_gzip());
        let cut = receive(request_list(&sandbox, provider)?);
        assert_eq!(cut.body, zipped.body[..30], "the compressed body is cut");
        assert!(decompressed(&cut.body).is_err());

        sandbox.next(provider, Fault::large_body(MIB as u64).with_gzip());
        let large = receive(request_list(&sandbox, provider)?)
            .dechunked()
            .unwrap_or_default();
        assert_eq!(decompressed(&large)?.len(), MIB);
    }
    Ok(())
}

#[test]
fn a_gzip_bomb_is_small_until_it_is_expanded() -> io::Result<()> {
    let sandbox = start(Sandbox::builder())?;
    for provider in PROVIDERS {
        let page = json(&receive(request_list(&sandbox, provider)?).body);
        let bytes = 8 * MIB;
        let fault = Fault::gzip_bomb(bytes as u64);
        let bomb = same_by_code_and_by_script(
            &sandbox,
            provider,
            fault,
            &format!(r#""fault": "gzip_bomb", "bytes": {bytes}"#),
        )?;
        assert!(bomb.head.contains("content-encoding: gzip"), "{}", bomb.head);
        assert!(bomb.body.len() < bytes / 200, "{} bytes on the wire", bomb.body.len());
        let plain = decompressed(&bomb.dechunked().unwrap_or_default())?;
        assert_eq!(plain.len(), bytes);
        assert_eq!(json(&plain), page);
    }
    Ok(())
}

#[test]
fn content_encoding_can_be_wrong() -> io::Result<()> {
    let sandbox = start(Sandbox::builder())?;
    for provider in PROVIDERS {
        let plain = receive(request_list(&sandbox, provider)?);
        let fault = Fault::ordinary().with_header("Content-Encoding", "br");
        let fault_json = r#""fault": "ordinary", "headers": {"content-encoding": "br"}"#;
        let mislabelled = same_by_code_and_by_script(&sandbox, provider, fault, fault_json)?;
        assert!(
            mislabelled.head.contains("content-encoding: br"),
            "{}",
            mislabelled.head
        );
        assert_eq!(mislabelled.body, plain.body);

        let gzip = Fault::ordinary().with_gzip();
        sandbox.next(provider, gzip.with_header("content-encoding", "deflate"));
        let wrong = receive(request_list(&sandbox, provider)?);
        assert!(wrong.head.contains("content-encoding: deflate") && !wrong.head.contains("encoding: gzip"));
        assert_eq!(decompressed(&wrong.body)?, plain.body);

        // Headers that would break the connection are skipped.
        let lengths = Fault::ordinary().with_header("content-length", "3");
        sandbox.next(provider, lengths.with_header("transfer-encoding", "gzip"));
        assert_eq!(receive(request_list(&sandbox, provider)?).body, plain.body);
    }
    Ok(())
}

#[test]
fn a_body_can_be_invalid_utf8() -> io::Result<()> {
    let sandbox = start(Sandbox::builder())?;
    for provider in PROVIDERS {
        let bytes = b"{\"\xff\"}".to_vec();
        let fault = Fault::raw_bytes(203, "application/json", bytes.clone());
        let fault_json =
            r#""fault": "raw_bytes", "status": 203, "content_type": "application/json", "base64": "eyL/In0=""#;
        let raw = same_by_code_and_by_script(&sandbox, provider, fault, fault_json)?;
        assert!(raw.head.starts_with("HTTP/1.1 203") && raw.head.contains("content-type: application/json"));
        assert_eq!(raw.body, bytes);
        assert!(String::from_utf8(raw.body).is_err());
        let fault_json = r#""fault": "raw_bytes", "status": 200, "content_type": "", "base64": """#;
        assert_eq!(
            same_by_code_and_by_script(&sandbox, provider, Fault::raw_bytes(200, "", []), fault_json)?.body,
            b""
        );
    }
    for wrong in [r#""base64": "no!""#, r#""base64": "eyL_In0=""#, r#""body": "{}""#] {
        let fault = format!(
            r#"{{"provider": "llama-cloud", "fault": "raw_bytes", "status": 200, "content_type": "", {wrong}}}"#
        );
        let json = [("content-type", "application/json")];
        let reply = send(&sandbox, "POST", "/__sandbox/faults", &json, &fault)?;
        assert_eq!(reply.status, 400, "{wrong}: {}", reply.body);
    }
    Ok(())
}

#[test]
fn heads_can_be_large_and_contain_cookies() -> io::Result<()> {
    let sandbox = start(Sandbox::builder())?;
    for provider in PROVIDERS {
        let plain = receive(request_list(&sandbox, provider)?);
        let fault = Fault::ordinary()
            .with_large_headers(MIB)
            .with_header("Set-Cookie", "session=one; HttpOnly")
            .with_header("Set-Cookie", "csrf=two");
        let fault_json = format!(
            r#""fault": "ordinary", "large_headers": {MIB},
               "headers": {{"set-cookie": ["session=one; HttpOnly", "csrf=two"]}}"#
        );
        let large = same_by_code_and_by_script(&sandbox, provider, fault, &fault_json)?;
        assert_eq!(large.body, plain.body);
        let rest = large.head.len() - MIB;
        assert!(rest < plain.head.len() + 100, "{rest} bytes besides the mebibyte");
        let lines = large.head.lines().filter(|line| line.starts_with("x-sandbox-filler: "));
        assert_eq!(lines.count(), 64);
        let cookies = large.head.lines().filter_map(|line| line.strip_prefix("set-cookie: "));
        assert_eq!(cookies.collect::<Vec<_>>(), ["session=one; HttpOnly", "csrf=two"]);
    }
    for bytes in [0, 1, 20, 16_384, 16_385] {
        sandbox.next(Provider::MemoriesAi, Fault::status(500).with_large_headers(bytes));
        let reply = list_memories_ai(&sandbox, "unique_id=default")?;
        let lines = reply.head.lines().filter(|line| line.starts_with("x-sandbox-filler: "));
        let size = lines.map(|line| line.len() + 2).sum::<usize>();
        assert!((bytes..=bytes + 20).contains(&size), "{size} for {bytes}");
    }
    Ok(())
}
