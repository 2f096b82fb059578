//! Errors that repeat the request.

use std::io;

use chat_sessions_sandbox::{EchoForm, Fault, LLAMA_CLOUD_KEY, MEMORIES_AI_KEY, Provider, Sandbox};
use serde_json::json;

use crate::support::{Reply, get, list_llama_cloud, list_memories_ai, script, start};

const PROVIDERS: [Provider; 2] = [Provider::MemoriesAi, Provider::LlamaCloud];

/// A request full of things that must not be shown, and the parts of it that an echo repeats.
fn asked(sandbox: &Sandbox, provider: Provider) -> io::Result<(Reply, Vec<String>)> {
    let (path, key) = match provider {
        Provider::MemoriesAi => ("/serve/api/v1/list_sessions", MEMORIES_AI_KEY.to_owned()),
        _ => ("/api/v1/chat", format!("Bearer {LLAMA_CLOUD_KEY}")),
    };
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
                let in_json =
                    format!(r#"{{"provider": "{provider}", "fault": "echo", "status": {status}, "form": "{name}"}}"#);
                script(&sandbox, "/__sandbox/faults", &in_json)?;
                let ((reply, expected), (by_script, _)) = (asked(&sandbox, provider)?, asked(&sandbox, provider)?);
                assert_eq!((reply.status, &reply.body), (status, &by_script.body), "{in_json}");
                let (content_type, text) = match form {
                    EchoForm::Json => {
                        let json = reply.json();
                        let words = ["msg", "error", "detail"].map(|name| json[name].as_str().unwrap_or_default());
                        ("application/json", words.concat())
                    }
                    EchoForm::Text => ("text/plain; charset=utf-8", reply.body.clone()),
                    _ => ("text/html; charset=utf-8", reply.body.replace("&amp;", "&")),
                };
                assert_eq!(reply.header("content-type"), content_type);
                for part in expected {
                    assert!(text.contains(&part), "{in_json}: {part:?} is not in {text:?}");
                }
            }
        }
    }
    Ok(())
}

#[test]
fn an_echo_is_json_unless_told_otherwise_and_a_failure_inside_a_200_where_there_are_such() -> io::Result<()> {
    let sandbox = start(Sandbox::builder())?;
    script(
        &sandbox,
        "/__sandbox/faults",
        r#"{"provider": "llama-cloud", "fault": "echo", "status": 401}"#,
    )?;
    let detail = list_llama_cloud(&sandbox, "page_size=7")?.json()["detail"].clone();
    let words =
        format!("Cannot serve GET /api/v1/chat?page_size=7; Authorization: Bearer {LLAMA_CLOUD_KEY}; page_size: 7");
    assert_eq!(detail, json!(words));

    sandbox.next(Provider::MemoriesAi, Fault::echo(200));
    let failure = list_memories_ai(&sandbox, "unique_id=default")?.json();
    assert_eq!((&failure["code"], &failure["success"]), (&json!("0001"), &json!(false)));
    assert!(failure["msg"].as_str().is_some_and(|msg| msg.contains(MEMORIES_AI_KEY)));
    Ok(())
}
