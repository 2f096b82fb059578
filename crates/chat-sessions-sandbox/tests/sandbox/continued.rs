//! Conversations that continue while a client reads.

use std::io;

use chat_sessions_sandbox::{Change, Conversation, OTHER_PROJECT_ID, Provider, Sandbox, When};
use serde_json::{Value, json};

use crate::support::{PROVIDERS, conversation_of, detail, list_llama_cloud, script, send, start, texts};

fn held(sandbox: &Sandbox, provider: Provider, id: &str) -> Vec<Value> {
    let conversation = sandbox.conversation(provider, None, id).unwrap_or_default();
    conversation.as_array().cloned().unwrap_or_default()
}

#[test]
fn a_turn_is_added_between_two_requests() -> io::Result<()> {
    for provider in PROVIDERS {
        let sandbox = start(Sandbox::builder())?;
        let ids = sandbox.session_ids(provider, None);
        let id = &ids[5];
        let before = held(&sandbox, provider, id);
        sandbox.at(provider, When::After(1), Change::continue_with(id, "And after that?"));
        assert_eq!(conversation_of(&detail(&sandbox, provider, id)?.json()), json!(before));
        let after = conversation_of(&detail(&sandbox, provider, id)?.json());
        let after = after.as_array().cloned().unwrap_or_default();
        assert_eq!(after[..before.len()], before, "what was said stays");
        assert_eq!(after[before.len()]["content"], "And after that?");
        assert!(after.len() > before.len() + 1, "it has an answer");
        assert_eq!(held(&sandbox, provider, id), after);
        // Only a LlamaCloud list is in the order of the last update.
        let place = if provider == Provider::MemoriesAi { 5 } else { 0 };
        assert_eq!(sandbox.session_ids(provider, None)[place], *id);
        assert_eq!(sandbox.session_ids(provider, None).len(), ids.len());

        assert!(sandbox.continue_session(provider, id, "And then?"));
        let third = held(&sandbox, provider, id);
        assert_eq!(third[..after.len()], after);
        assert_eq!(
            texts(&json!(third), "content")
                .iter()
                .filter(|text| *text == "And then?")
                .count(),
            1
        );
        assert!(!sandbox.continue_session(provider, "nobody", "?"));
    }
    Ok(())
}

#[test]
fn a_continued_llama_cloud_session_has_a_new_time_and_run() -> io::Result<()> {
    let sandbox = start(Sandbox::builder())?;
    let provider = Provider::LlamaCloud;
    let unused = sandbox.session_with(provider, Conversation::Empty).unwrap_or_default();
    let before = detail(&sandbox, provider, &unused)?.json();
    assert_eq!(
        (&before["generated_title"], &before["job_metadata"]),
        (&Value::Null, &Value::Null)
    );
    let question = "What were the main findings in the third quarter of the year before?";
    sandbox.change(provider, &Change::continue_with(&unused, question));
    let after = detail(&sandbox, provider, &unused)?.json();
    assert!(after["last_updated_at"].as_str() > before["last_updated_at"].as_str());
    assert_eq!(
        after["generated_title"],
        "What were the main findings in the third quarter of the year..."
    );
    assert_eq!(after["events"][0], json!({"type": "user_input", "content": question}));
    let stop = after["events"]
        .as_array()
        .and_then(|events| events.last())
        .cloned()
        .unwrap_or_default();
    for name in ["duration_ms", "total_input_tokens", "total_output_tokens", "turns"] {
        assert_eq!(stop["usage"][name], after["job_metadata"][name], "{name}");
    }
    let first = &list_llama_cloud(&sandbox, "page_size=1")?.json()["items"][0];
    assert_eq!(first["session_id"], unused);
    assert_eq!(first["last_updated_at"], after["last_updated_at"]);

    // A question without an answer, and then one with an answer.
    let id = sandbox.insert(provider, None, "New");
    assert!(sandbox.continue_session(provider, &id, "Hello?"));
    let events = held(&sandbox, provider, &id);
    assert_eq!(
        events[..2],
        [
            json!({"type": "user_input", "content": "New"}),
            json!({"type": "user_input", "content": "Hello?"})
        ]
    );
    assert_eq!(events.iter().filter(|event| event["type"] == "stop").count(), 1);
    Ok(())
}

#[test]
fn scripts_continue_sessions_by_id_and_by_position() -> io::Result<()> {
    let sandbox = start(Sandbox::builder())?;
    let at = |scope: &str| sandbox.session_ids(Provider::LlamaCloud, Some(scope))[3].clone();
    let id = at(OTHER_PROJECT_ID);
    let by_position = json!({
        "provider": "llama-cloud",
        "before": 1,
        "change": { "continue_at": { "scope": OTHER_PROJECT_ID, "index": 3, "question": "By position" } },
    });
    script(&sandbox, "/__sandbox/changes", &by_position.to_string())?;
    let by_id =
        json!({"provider": "llama-cloud", "before": 1, "change": {"continue": {"id": id, "question": "By id"}}});
    script(&sandbox, "/__sandbox/changes", &by_id.to_string())?;
    list_llama_cloud(&sandbox, "")?;
    assert_eq!(sandbox.session_ids(Provider::LlamaCloud, Some(OTHER_PROJECT_ID))[0], id);
    let conversation = sandbox
        .conversation(Provider::LlamaCloud, Some(OTHER_PROJECT_ID), &id)
        .unwrap_or_default();
    let said = texts(&conversation, "content");
    let positions = ["By position", "By id"].map(|text| said.iter().position(|said| said == text));
    assert!(positions[0].is_some() && positions[0] < positions[1], "{positions:?}");
    let target = format!("/__sandbox/conversation?provider=llama-cloud&scope={OTHER_PROJECT_ID}&id={id}");
    assert_eq!(send(&sandbox, "GET", &target, &[], "")?.json(), conversation);
    for change in [
        Change::continue_with("nobody", ""),
        Change::ContinueAt {
            scope: None,
            index: usize::MAX,
            question: String::new(),
        }
        .in_scope("nowhere"),
    ] {
        sandbox.change(Provider::MemoriesAi, &change);
    }
    Ok(())
}
