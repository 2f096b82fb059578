//! Errors that repeat the request.

use std::io;

use chat_sessions_sandbox::{EchoForm, Fault, LLAMA_CLOUD_KEY, MEMORIES_AI_KEY, Provider, Sandbox};
use serde_json::json;

use crate::support::{PROVIDERS, Reply, get, list_llama_cloud, list_memories_ai, list_route, script, start};

/// Sends a request full of secrets. Returns the response and the parts of the request that an echo
/// repeats.
fn list_with_secrets(sandbox: &Sandbox, provider: Provider) -> io::Result<(Reply, Vec<String>)> {
    let (path, key) = list_route(provider);
    let target = format!("{path}?unique_id=a%20b&page_token=c%2Bd%3D%3D");
    let cookie = "theme=dark; session=cookie-secret";
    let reply = get(sandbox, &target, &[("Authorization", &key), ("Cookie", cookie)])?;
    let expected = [
        format!("GET {target}"),
        format!("Authorization: {key}"),
        format!("Cookie: {cookie}"),
        "unique_id: a b".to_owned(),
        "page_token: c+d==".to_owned(),
    ];
    Ok((reply, expected.to_vec()))
}

#[test]
fn an_echo_repeats_the_request_in_each_form() -> io::Result<()> {
    let sandbox = start(Sandbox::builder())?;
    for provider in PROVIDERS {
        for status in [400, 401, 404, 422, 429, 500, 503] {
            for (form, name) in [
                (EchoForm::Json, "json"),
                (EchoForm::Text, "text"),
                (EchoForm::Html, "html"),
            ] {
                sandbox.next(provider, Fault::echo(status).with_form(form));
                let fault_json =
                    format!(r#"{{"provider": "{provider}", "fault": "echo", "status": {status}, "form": "{name}"}}"#);
                script(&sandbox, "/__sandbox/faults", &fault_json)?;
                let ((reply, expected), (by_script, _)) = (
                    list_with_secrets(&sandbox, provider)?,
                    list_with_secrets(&sandbox, provider)?,
                );
                assert_eq!((reply.status, &reply.body), (status, &by_script.body), "{fault_json}");
                let (content_type, text) = match form {
                    EchoForm::Json => {
                        let json = reply.json();
                        let message = ["msg", "error", "detail"].map(|name| json[name].as_str().unwrap_or_default());
                        ("application/json", message.concat())
                    }
                    EchoForm::Text => ("text/plain; charset=utf-8", reply.body.clone()),
                    _ => ("text/html; charset=utf-8", reply.body.replace("&amp;", "&")),
                };
                assert_eq!(reply.header("content-type"), content_type);
                for part in expected {
                    assert!(text.contains(&part), "{fault_json}: {part:?} is not in {text:?}");
                }
            }
        }
    }
    Ok(())
}

#[test]
fn an_echo_is_json_by_default_and_can_be_a_failure_envelope() -> io::Result<()> {
    let sandbox = start(Sandbox::builder())?;
    script(
        &sandbox,
        "/__sandbox/faults",
        r#"{"provider": "llama-cloud", "fault": "echo", "status": 401}"#,
    )?;
    let detail = list_llama_cloud(&sandbox, "page_size=7")?.json()["detail"].clone();
    let message =
        format!("Cannot serve GET /api/v1/chat?page_size=7; Authorization: Bearer {LLAMA_CLOUD_KEY}; page_size: 7");
    assert_eq!(detail, json!(message));

    sandbox.next(Provider::MemoriesAi, Fault::echo(200));
    let failure = list_memories_ai(&sandbox, "unique_id=default")?.json();
    assert_eq!((&failure["code"], &failure["success"]), (&json!("0001"), &json!(false)));
    assert!(failure["msg"].as_str().is_some_and(|msg| msg.contains(MEMORIES_AI_KEY)));
    Ok(())
}
