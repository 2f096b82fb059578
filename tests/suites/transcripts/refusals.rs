//! What becomes of a response that is not the requested session: the same kinds of errors as for a
//! list.

use std::fmt::Write as _;

use chat_sessions::model::SessionAddress;
use chat_sessions::{ChatSessions, Result, SessionId, Transcript};
use chat_sessions_sandbox::{Fault, Provider, Sandbox};

use crate::support::clients::{llama_cloud, memories_ai};
use crate::support::snapshot;

const JSON: &str = "application/json";

/// Responses of both providers, by name.
fn common() -> Vec<(String, Fault)> {
    let statuses = [400, 401, 402, 403, 404, 408, 409, 422, 429, 500, 503];
    let mut cases: Vec<(String, Fault)> = statuses
        .into_iter()
        .map(|status| (format!("status {status}"), Fault::status(status)))
        .collect();
    cases.extend(
        [
            ("html with 200", Fault::html(200)),
            ("html with 502", Fault::html(502)),
            ("redirect", Fault::redirect(302, "https://example.invalid/login")),
            ("empty body", Fault::raw(200, JSON, "")),
            ("null", Fault::raw(200, JSON, "null")),
            ("a list", Fault::raw(200, JSON, "[]")),
            ("an empty object", Fault::raw(200, JSON, "{}")),
            (
                "half an object",
                Fault::raw(200, JSON, "{\"data\": {\"messages\": [{\"rol"),
            ),
            ("cut body", Fault::cut_body(20)),
            ("reset before headers", Fault::reset_before_headers()),
        ]
        .map(|(name, fault)| (name.to_owned(), fault)),
    );
    cases
}

fn raw(name: &str, body: &str) -> (String, Fault) {
    (name.to_owned(), Fault::raw(200, JSON, body))
}

async fn table(
    provider: Provider,
    client: &ChatSessions,
    sandbox: &Sandbox,
    id: &str,
    cases: Vec<(String, Fault)>,
) -> String {
    let mut table = String::new();
    for (name, fault) in cases {
        sandbox.next(provider, fault);
        let source = &client.sources()[0];
        let mut address = SessionAddress::new(SessionId::new(source.provider(), id));
        address.scope = source.scope();
        let outcome = client.transcript(address).send().await;
        writeln!(table, "{name}\n    {}", described(outcome)).unwrap();
    }
    // The port of the sandbox changes.
    table.replace(&sandbox.url().replace("http://", ""), "HOST")
}

fn described(outcome: Result<Transcript>) -> String {
    match outcome {
        Ok(transcript) => format!("a transcript: {}", serde_json::to_string(&transcript).unwrap()),
        Err(error) => {
            let temporary = if error.is_temporary() { ", temporary" } else { "" };
            let hint = error.hint().unwrap_or_default();
            format!("{:?}{temporary}: {error}\n    {hint}", error.kind())
        }
    }
}

#[tokio::test]
async fn each_response_of_memories_ai_has_the_outcome_of_its_snapshot() {
    let sandbox = Sandbox::start().await.unwrap();
    let client = ChatSessions::new(memories_ai(&sandbox));
    let mut cases = common();
    for code in ["0001", "0003", "0401", "0402", "0403", "0409", "0429", "9009", "1024"] {
        cases.push((format!("code {code}"), Fault::envelope(code, "See the code.")));
    }
    cases.extend([
        raw("success without data", r#"{"code":"0000","msg":"success"}"#),
        raw("success with null", r#"{"code":"0000","msg":"success","data":null,"success":true}"#),
        raw("data of another type", r#"{"code":"0000","msg":"success","data":[1]}"#),
        raw("success and failure", r#"{"code":"0000","msg":"success","data":{},"success":false}"#),
        raw("another session", r#"{"code":"0000","data":{"session_id":"2","messages":[]}}"#),
        raw("no messages", r#"{"code":"0000","data":{"session_id":"1"}}"#),
        raw("messages of another type", r#"{"code":"0000","data":{"messages":"none"}}"#),
        raw(
            "a message of another type",
            r#"{"code":"0000","data":{"sessionId":"1","messages":[5,{"role":"user","content":"kept","refs":[7]},{"role":"tool","content":"kept"}]}}"#,
        ),
        raw(
            "values that cannot be represented",
            r#"{"code":"0000","data":{"title":"\ud800","messages":[{"role":"user","content":"half \udc00","more":1e999}]}}"#,
        ),
        raw(
            "values of other types",
            r#"{"code":0,"data":{"title":5,"messages":[{"role":7,"content":["a"],"thinkings":{},"refs":null}]}}"#,
        ),
    ]);
    let table = table(Provider::MemoriesAi, &client, &sandbox, "1", cases).await;
    snapshot::assert("transcripts", "refusals-memories-ai", &table);
}

#[tokio::test]
async fn each_response_of_llama_cloud_has_the_outcome_of_its_snapshot() {
    let sandbox = Sandbox::start().await.unwrap();
    let client = ChatSessions::new(llama_cloud(&sandbox));
    let mut cases = common();
    cases.extend([
        raw("another session", r#"{"session_id":"ses-2","events":[]}"#),
        raw("no events", r#"{"session_id":"ses-1"}"#),
        raw("events of another type", r#"{"session_id":"ses-1","events":{"type":"text"}}"#),
        raw(
            "an event of another type",
            r#"{"session_id":"ses-1","events":[5,null,"text",["text"],{"type":"text","content":"kept"}]}"#,
        ),
        raw(
            "values that cannot be represented",
            r#"{"session_id":"ses-1","events":[{"type":"user_input","content":"half \udc00","more":1e999},{"type":"tool_result","result":-1e999}]}"#,
        ),
        raw(
            "values of other types",
            r#"{"session_id":"ses-1","generated_title":1,"events":[{"type":7},{"type":"text","content":7},{"type":"user_input"},{"type":"stop","is_error":"no","usage":[]},{"type":"tool_call","arguments":"x"}]}"#,
        ),
        raw(
            "a type that comes last, and twice",
            r#"{"session_id":"ses-1","events":[{"content":"a","type":"thinking"},{"type":"thinking","content":"b","type":"text"}]}"#,
        ),
    ]);
    let table = table(Provider::LlamaCloud, &client, &sandbox, "ses-1", cases).await;
    snapshot::assert("transcripts", "refusals-llama-cloud", &table);
}
