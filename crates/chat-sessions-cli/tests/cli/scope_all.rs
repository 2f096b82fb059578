//! `--scope all`: every scope of an account, as the provider lists them.

use std::collections::BTreeSet;

use chat_sessions_sandbox::{Fault, Operation, Provider};

use crate::json::assert_valid;
use crate::support::{Ran, Shell, chat_sessions, parsed, sorted, text};

/// Every session that the sandbox holds, with its scope.
fn held(shell: &Shell, provider: Provider) -> Vec<String> {
    let scopes = shell.sandbox.scopes(provider);
    let ids = scopes.into_iter().flat_map(|scope| {
        let ids = shell.sandbox.session_ids(provider, Some(&scope));
        ids.into_iter().map(move |id| format!("{provider}/{scope}:{id}"))
    });
    sorted(ids.collect())
}

fn listed(ran: &Ran) -> Vec<String> {
    let sessions = ran.sessions();
    let labels = sessions.iter().map(|session| {
        let scope = session["scope"].as_str().unwrap_or_default();
        format!("{}/{scope}:{}", text(&session["provider"]), text(&session["id"]))
    });
    sorted(labels.collect())
}

#[test]
fn all_scopes_of_each_account_are_listed() {
    let shell = Shell::start();
    let (memories, llama) = (held(&shell, Provider::MemoriesAi), held(&shell, Provider::LlamaCloud));
    let both = sorted([memories.clone(), llama.clone()].concat());
    let ran = shell.list("--all --scope all -o ndjson");
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""));
    assert_eq!(listed(&ran), both);
    for (selection, expected) in [
        ("--scope memories-ai/all -p memories-ai", &memories),
        ("--scope all -p llama-cloud", &llama),
    ] {
        assert_eq!(
            &listed(&shell.list(&format!("--all {selection} -o ndjson"))),
            expected,
            "{selection}"
        );
    }
    // Named twice is listed once.
    let ran = shell.list("--all --scope all --scope memories-ai/demo-team --scope memories-ai/default -o ndjson");
    assert_eq!(listed(&ran), both);
    // One provider with all of its scopes, the other with its own one.
    let ran = shell.list("--all --scope memories-ai/all -o ndjson");
    let scopes: BTreeSet<String> = ran
        .sessions()
        .iter()
        .map(|session| session["scope"].to_string())
        .collect();
    assert!(
        scopes.contains("null") && scopes.contains("\"demo-team\""),
        "{scopes:?}"
    );
    assert_eq!(ran.sessions().len(), memories.len() + 112);
    let embedded = chat_sessions(&["list", "--sandbox", "--all", "--scope", "all", "-o", "ndjson"]);
    assert_eq!(embedded.code, 0, "{embedded:?}");
    assert_eq!(embedded.sessions().len(), both.len());
}

#[test]
fn a_configured_scope_that_is_not_listed_is_one_of_them() {
    let shell = Shell::start();
    let mut command = shell.command("--all --scope memories-ai/all -p memories-ai -o ndjson --stats");
    let ran = crate::support::run(command.env("MEMORIES_AI_UNIQUE_ID", "nothing-here"));
    assert_eq!(ran.code, 0, "{ran:?}");
    assert_eq!(listed(&ran), held(&shell, Provider::MemoriesAi));
    assert!(ran.stderr.contains("nothing-here"), "{}", ran.stderr);
}

#[test]
fn scopes_that_cannot_be_listed_are_a_failed_source() {
    let shell = Shell::start();
    for (fault, kind, code) in [
        (Fault::status(503), "server", 6),
        (Fault::status(401), "auth", 4),
        (Fault::html(200), "protocol", 7),
    ] {
        shell.sandbox.clear_faults();
        let fault = fault.on_operations([Operation::Scopes]);
        shell.sandbox.always(Provider::MemoriesAi, fault.clone());
        let ran = shell.list("--all --scope all -o json");
        assert_eq!(ran.code, 3, "{ran:?}");
        let document = parsed(&ran.stdout);
        assert_valid(&document);
        assert_eq!(document["complete"], false);
        assert_eq!(document["errors"][0]["kind"], kind);
        assert_eq!(document["errors"][0]["provider"], "memories-ai");
        assert_eq!(
            document["sessions"].as_array().map(Vec::len),
            Some(held(&shell, Provider::LlamaCloud).len())
        );
        assert_eq!(ran.errors()[0]["kind"], kind);

        for arguments in ["--scope all --fail-fast", "--scope memories-ai/all -p memories-ai"] {
            let ran = shell.list(&format!("{arguments} -o json"));
            assert_eq!(ran.code, code, "{arguments}: {ran:?}");
            let document = parsed(&ran.stdout);
            assert_valid(&document);
            assert_eq!(
                (&document["complete"], &document["errors"][0]["kind"]),
                (&false.into(), &kind.into())
            );
        }
        let ran = shell.show("--last --scope all -o json");
        assert_eq!(ran.code, 3, "{ran:?}");
        assert_eq!(parsed(&ran.stdout)["session"]["provider"], "llama-cloud");

        shell.sandbox.always(Provider::LlamaCloud, fault);
        let ran = shell.list("--scope all -o ndjson");
        assert_eq!((ran.code, ran.errors().len()), (code, 2), "{ran:?}");
        let ran = shell.show("--last --scope all -o ndjson");
        assert_eq!((ran.code, ran.errors().len()), (code, 2), "{ran:?}");
    }
}

#[test]
fn a_scope_that_cannot_be_decoded_is_missing() {
    let shell = Shell::start();
    let project = shell.sandbox.scopes(Provider::LlamaCloud).pop().expect("there is one");
    let body = format!(r#"[{{"id":"{project}","organization_id":"o-1","name":"one"}},{{"id":7}}]"#);
    let fault = Fault::raw(200, "application/json", body).on_operations([Operation::Scopes]);
    shell.sandbox.always(Provider::LlamaCloud, fault);
    let ran = shell.list("-p llama-cloud --scope all -o json");
    assert_eq!(ran.code, 3, "{ran:?}");
    let document = parsed(&ran.stdout);
    assert_valid(&document);
    assert_eq!(document["complete"], false);
    assert_eq!(document["missing"][0]["kind"], "rejected");
    assert!(ran.stderr.contains("skipped 1 invalid scope at /1"), "{}", ran.stderr);
    let ran = shell.show("-p llama-cloud --scope all --last");
    assert!(ran.stderr.contains("skipped 1 invalid scope at /1"), "{}", ran.stderr);
}

#[test]
fn other_commands_need_one_scope() {
    for command in ["doctor", "config show"] {
        let words: Vec<&str> = command.split(' ').chain(["--scope", "all"]).collect();
        let ran = chat_sessions(&words);
        assert_eq!((ran.code, ran.stdout.as_str()), (2, ""), "{command}: {ran:?}");
        assert!(
            ran.stderr.contains("--scope all works with list, show and export"),
            "{}",
            ran.stderr
        );
    }
    let ran = chat_sessions(&["list", "--sandbox", "-p", "llama-cloud", "--scope", "memories-ai/all"]);
    assert_eq!(ran.code, 2, "{ran:?}");
    assert!(ran.stderr.contains("--provider excludes it"), "{}", ran.stderr);
}
