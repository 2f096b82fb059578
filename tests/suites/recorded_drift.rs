//! Drift in what the facade records: the report names it, and its patch removes it.

#[allow(dead_code, reason = "the tests of the generator use this file too")]
#[path = "../../crates/chat-sessions-codegen/tests/specs/drift_input.rs"]
mod drift_input;

use std::fs;
use std::process::Command;

use chat_sessions::record::Recorder;
use chat_sessions::{ChatSessions, LlamaCloud, MemoriesAi, Order};
use chat_sessions_codegen::{RuleSet, Spec, generate, lint};
use chat_sessions_sandbox::{Fault, LLAMA_CLOUD_KEY, MEMORIES_AI_KEY, Paging, Provider, Sandbox};

use self::drift_input::{compare, patch, patched, specs};
use crate::support::snapshot;

/// Records a walk over both lists while the sandbox adds an unknown field to every object of every
/// response.
async fn recorded_with_an_injected_field() -> String {
    let builder = Sandbox::builder().memories_ai_sessions(45).llama_cloud_sessions(45);
    let sandbox = builder.start().await.unwrap();
    for provider in [Provider::MemoriesAi, Provider::LlamaCloud] {
        sandbox.always(provider, Fault::paging(Paging::UnknownFields));
    }
    let memories_ai = MemoriesAi::builder().api_key(MEMORIES_AI_KEY).base_url(sandbox.url());
    let llama_cloud = LlamaCloud::builder().api_key(LLAMA_CLOUD_KEY).base_url(sandbox.url());
    let client = ChatSessions::builder()
        .source(memories_ai.build().unwrap())
        .source(llama_cloud.build().unwrap())
        .build();

    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("walk.har");
    let recorder = Recorder::create(&path).unwrap().blank_titles();
    let list = client.unwrap().list_sessions().order(Order::Source).page_size(20);
    let mut sessions = list.record(&recorder).by_item();
    while let Some(session) = sessions.next().await {
        session.unwrap();
    }
    recorder.finish().unwrap();
    fs::read_to_string(path).unwrap()
}

#[tokio::test]
async fn an_unknown_field_is_reported_and_the_patch_adds_it_to_the_spec() {
    let archive = recorded_with_an_injected_field().await;
    let specs = specs();
    let found = compare(&specs, "walk.har", &archive);
    let patch = patch(&specs, &found);
    snapshot::assert("drift", "injected-field", &format!("{found}\n\n{patch}"));

    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("specs")).unwrap();
    for (name, text) in &specs {
        fs::write(folder.path().join(name), text).unwrap();
    }
    fs::write(folder.path().join("drift.patch"), patch).unwrap();
    for arguments in [
        &["init", "--quiet"] as &[&str],
        &["apply", "--whitespace=error-all", "drift.patch"],
    ] {
        let git = Command::new("git")
            .args(arguments)
            .current_dir(folder.path())
            .output()
            .unwrap();
        assert!(
            git.status.success(),
            "git {arguments:?}: {}",
            String::from_utf8_lossy(&git.stderr)
        );
    }
    let applied: Vec<(String, String)> = specs
        .iter()
        .map(|(name, _)| (name.clone(), fs::read_to_string(folder.path().join(name)).unwrap()))
        .collect();
    assert_eq!(applied, patched(&specs, &found));
    let again = compare(&applied, "walk.har", &archive);
    assert!(again.is_clean() && again.patched.is_empty(), "{again}");
    for (name, text) in &applied {
        let spec = Spec::parse(name, text).expect("the patched spec is YAML");
        let findings = lint(&spec, RuleSet::House { documented: None });
        assert!(findings.is_empty(), "{findings}");
        let generated = generate(&spec).expect("the patched spec generates").client;
        assert!(generated.contains("sandbox_unknown"), "{name}");
    }
}
