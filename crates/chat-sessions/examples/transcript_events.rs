//! Prints the events of every LlamaCloud session of the account in the environment, as the response
//! had them, and how many parts of each kind they became: one line of JSON for each session.
//!
//! `tests/scripts/sdk.sh` compares the lines with what the provider's own SDK reads.

#![allow(clippy::print_stdout, reason = "an example prints its result")]

use std::collections::BTreeMap;

use chat_sessions::{ChatSessions, LlamaCloud, Transcript};
use serde_json::value::RawValue;
use serde_json::{Value, json};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let account = LlamaCloud::from_env()?;
    for project in ChatSessions::new(account.clone()).scopes().send().await?.scopes {
        let client = ChatSessions::new(account.with_scope(project.scope.clone()));
        let list = client.list_sessions().by_item();
        let mut transcripts = client.transcripts_of(list).keep_raw(true).by_item();
        while let Some(transcript) = transcripts.next().await {
            println!("{}", line(project.scope.as_str(), &transcript?)?);
        }
    }
    Ok(())
}

fn line(project: &str, transcript: &Transcript) -> Result<String, Box<dyn std::error::Error>> {
    let body = transcript.raw.as_deref().ok_or("the body was not kept")?;
    // Numbers stay as they were sent.
    let mut body: BTreeMap<String, Box<RawValue>> = serde_json::from_slice(body)?;
    let events = body.remove("events").ok_or("the response has no events")?;
    let mut parts: BTreeMap<String, u64> = BTreeMap::new();
    for part in transcript.messages.iter().flat_map(|message| &message.parts) {
        let part = serde_json::to_value(part)?;
        let kind = part.get("type").and_then(Value::as_str).unwrap_or_default();
        *parts.entry(kind.to_owned()).or_default() += 1;
    }
    let id = transcript.session.id.as_str();
    let (project, id, parts) = (json!(project), json!(id), json!(parts));
    Ok(format!(
        "{{\"events\": {events}, \"parts\": {parts}, \"project\": {project}, \"session_id\": {id}}}"
    ))
}
