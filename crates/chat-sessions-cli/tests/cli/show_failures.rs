//! `show` when sessions cannot be read: the others are shown, and messages, JSON and the exit code
//! agree about what is missing. Also recordings, `-v`, and output that cannot be written.

use std::io::{BufRead, BufReader, Read};

use chat_sessions_sandbox::{Fault, Operation, Provider};
use serde_json::Value;

use crate::show::assert_valid;
use crate::support::{Shell, parsed, run, start, text};

fn ids(shell: &Shell, provider: Provider, number: usize) -> Vec<String> {
    let ids = shell.sandbox.session_ids(provider, None);
    ids.into_iter().take(number).collect()
}

/// Fails every request for a session of this provider, and no other request.
fn fail(shell: &Shell, provider: Provider, fault: Fault) {
    shell
        .sandbox
        .always(provider, fault.on_operations([Operation::SessionDetail]));
}

#[test]
fn the_exit_code_of_each_failure() {
    let shell = Shell::start();
    let memories = ids(&shell, Provider::MemoriesAi, 1).remove(0);
    let llama = ids(&shell, Provider::LlamaCloud, 1).remove(0);
    let (own, other) = (format!("{memories} -o json"), format!("{memories} {llama} -o json"));
    for (fault, kind, code) in [
        (Fault::status(401), "auth", 4),
        (Fault::envelope("0403", "no"), "permission", 4),
        (Fault::status(429), "rate-limited", 5),
        (Fault::status(503), "server", 6),
        (Fault::reset_before_headers(), "connect", 6),
        (Fault::html(200), "protocol", 7),
        (
            Fault::raw(200, "application/json", r#"{"code":"0000","msg":"","data":null}"#),
            "not-found",
            1,
        ),
    ] {
        shell.sandbox.clear_faults();
        fail(&shell, Provider::MemoriesAi, fault);
        let alone = shell.show(&own);
        assert_eq!((alone.code, alone.stdout.as_str()), (code, ""), "{kind}: {alone:?}");
        let error = &alone.errors()[0];
        assert_eq!(
            (text(&error["kind"]), text(&error["session"])),
            (kind, memories.as_str())
        );

        let partial = shell.show(&other);
        assert_eq!(partial.code, 3, "{kind}: {partial:?}");
        let document = parsed(&partial.stdout);
        assert_valid(&document);
        assert_eq!(document["complete"], false);
        assert_eq!(document["transcripts"][0]["session"]["id"], *llama);
        assert_eq!(document["errors"][0]["session"], *memories);
        let objects: Vec<Value> = partial.stderr.lines().map(parsed).collect();
        assert_eq!(objects[0]["error"]["kind"], kind);
        assert_eq!(
            objects[1]["notice"]["message"],
            "1 of 2 sessions shown, 1 could not be read"
        );
    }
}

#[test]
fn one_session_that_cannot_be_read_does_not_lose_the_others() {
    let shell = Shell::start();
    let mut wanted = ids(&shell, Provider::LlamaCloud, 5);
    wanted.insert(2, "ses-000000000000".to_owned());
    for format in ["text", "md", "json", "ndjson"] {
        let ran = shell.show(&format!("{} -o {format}", wanted.join(" ")));
        assert_eq!(ran.code, 3, "{format}: {ran:?}");
        let places: Vec<Option<usize>> = wanted.iter().map(|id| ran.stdout.find(id.as_str())).collect();
        let shown: Vec<usize> = places.iter().copied().flatten().collect();
        let missing = if format == "json" { 6 } else { 5 };
        assert_eq!(shown.len(), missing, "{format}: JSON names the missing one too");
        assert!(ran.stderr.contains("ses-000000000000"), "{format}: {}", ran.stderr);
        assert!(
            ran.stderr.contains("5 of 6 sessions shown, 1 could not be read"),
            "{}",
            ran.stderr
        );
        assert_eq!(ran.stderr.lines().count(), 2, "{format}: {}", ran.stderr);
    }
    // Every one of them fails: the first error decides.
    let ran = shell.show("ses-000000000000 ses-000000000001");
    assert_eq!((ran.code, ran.stdout.as_str()), (1, ""), "{ran:?}");
    assert!(
        ran.stderr.ends_with("0 of 2 sessions shown, 2 could not be read\n"),
        "{}",
        ran.stderr
    );
    let quiet = shell.show("-q ses-000000000000 ses-000000000001");
    assert_eq!(quiet.stderr.lines().count(), 2, "{}", quiet.stderr);
}

#[test]
fn a_provider_without_its_list_does_not_hide_the_newest_session_of_the_others() {
    let shell = Shell::start();
    let list = Fault::status(503).on_operations([Operation::ListSessions]);
    shell.sandbox.always(Provider::MemoriesAi, list);
    let ran = shell.show("--last -o json");
    assert_eq!(ran.code, 3, "{ran:?}");
    assert_eq!(parsed(&ran.stdout)["session"]["provider"], "llama-cloud");
    assert_eq!(ran.errors()[0]["provider"], "memories-ai");
    let ran = shell.show("--title nothing-has-this-title -o json");
    assert_eq!(
        (ran.code, ran.stdout.as_str()),
        (6, ""),
        "the failed list may have one: {ran:?}"
    );
}

#[test]
fn a_failed_request_is_retried_and_v_tells() {
    let shell = Shell::start();
    let id = ids(&shell, Provider::LlamaCloud, 1).remove(0);
    shell.sandbox.next(Provider::LlamaCloud, Fault::status(503));
    let ran = shell.show(&format!("{id} --attempts 2 -v -o json"));
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(ran.stderr.contains("llama-cloud: retry 1 of 1 in "), "{}", ran.stderr);
    let ran = shell.show(&format!("{id} -vv -o json"));
    assert!(ran.stderr.contains(&format!("GET …/{id} 200 ")), "{}", ran.stderr);
}

#[test]
fn requests_are_recorded_with_and_without_texts() {
    let shell = Shell::start();
    let folder = tempfile::tempdir().expect("a temporary directory");
    let id = ids(&shell, Provider::LlamaCloud, 1).remove(0);
    let title = shell.sandbox.sessions(Provider::LlamaCloud, None)[0].title.clone();
    let title = title.expect("the first session has a title");
    for (options, has_titles) in [("", true), ("--blank-titles", false)] {
        let file = folder.path().join(format!("{has_titles}.har"));
        let mut command = shell.command_of("show", &format!("{id} -o json {options}"));
        let ran = run(command.arg("--record").arg(&file));
        assert_eq!(ran.code, 0, "{ran:?}");
        assert_eq!(parsed(&ran.stderr)["recorded"]["exchanges"], 1);
        let har = std::fs::read_to_string(&file).expect("it was written");
        assert_eq!(har.contains(&title), has_titles, "{options}");
        let again = run(shell.command_of("show", &id).arg("--record").arg(&file));
        assert_ne!(again.code, 0, "an existing file is not overwritten");
    }
}

#[test]
fn a_closed_pipe_ends_the_program_silently() {
    let shell = Shell::start();
    // More than a pipe holds.
    let ids = ids(&shell, Provider::LlamaCloud, 60).join(" ");
    for format in ["text", "md", "json", "ndjson"] {
        let mut child = start(&mut shell.command_of("show", &format!("{ids} -o {format}")));
        let mut reader = BufReader::with_capacity(1, child.stdout.take().expect("it is piped"));
        reader.read_line(&mut String::new()).expect("a line arrives");
        drop(reader);
        let mut messages = String::new();
        let mut stderr = child.stderr.take().expect("it is piped");
        stderr.read_to_string(&mut messages).expect("it is UTF-8");
        let code = child.wait().expect("it ends").code();
        assert_eq!((code, messages.as_str()), (Some(0), ""), "{format}");
    }
}
