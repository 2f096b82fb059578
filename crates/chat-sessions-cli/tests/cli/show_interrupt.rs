//! `show` and Ctrl-C or SIGTERM: what has arrived is shown, and what is missing is named.

use std::io::Read;
use std::process::Child;

use chat_sessions_sandbox::{Fault, Operation, Provider};
use serde_json::Value;

use crate::show::assert_valid;
use crate::support::{Shell, ended, interrupt, parsed, send, start, wait_until};

/// Starts `show` with these sessions, in which Memories.ai does not respond.
fn stuck(shell: &Shell, arguments: &str) -> Child {
    shell.sandbox.clear_faults();
    shell.sandbox.forget_requests();
    let held = Fault::ordinary().with_hold();
    shell
        .sandbox
        .always(Provider::MemoriesAi, held.on_operations([Operation::SessionDetail]));
    let child = start(&mut shell.command_of("show", arguments));
    wait_until(|| shell.sandbox.request_count(Provider::MemoriesAi) == 1);
    child
}

#[test]
fn what_has_arrived_is_shown() {
    let shell = Shell::start();
    let llama = shell.sandbox.session_ids(Provider::LlamaCloud, None);
    let memories = shell.sandbox.session_ids(Provider::MemoriesAi, None);
    let ids = format!("{} {} {} {}", llama[0], memories[0], memories[1], llama[1]);
    for (signal, code) in [("INT", 130), ("TERM", 143)] {
        for format in ["text", "md", "json", "ndjson"] {
            let mut child = stuck(&shell, &format!("{ids} -o {format}"));
            // The first session is written at once; the program then waits for the second one.
            let mut stdout = child.stdout.take().expect("it is piped");
            let mut written = vec![0];
            stdout.read_exact(&mut written).expect("a session is written");
            if signal == "INT" {
                interrupt(&child);
            } else {
                send(signal, &child);
            }
            stdout.read_to_end(&mut written).expect("it is readable");
            let mut ran = ended(child);
            ran.stdout = String::from_utf8(written).expect("it prints UTF-8");
            assert_eq!(ran.code, code, "{format}: {ran:?}");
            assert!(ran.stdout.contains(&llama[0]), "{format}: {ran:?}");
            assert!(
                !ran.stdout.contains(&llama[1]),
                "{format}: it comes after those that are missing"
            );
            let message = "interrupted; 1 of 4 sessions shown, 3 not read";
            assert!(ran.stderr.contains(message), "{format}: {}", ran.stderr);
            assert_eq!(ran.stderr.lines().count(), 1, "{format}: {}", ran.stderr);
            if format == "json" {
                let document = parsed(&ran.stdout);
                assert_valid(&document);
                assert_eq!(document["complete"], false);
                let missing = document["missing"].as_array().expect("a list").iter();
                let missing: Vec<(Value, Value)> = missing
                    .map(|one| (one["provider"].clone(), one["count"].clone()))
                    .collect();
                assert_eq!(
                    missing,
                    [("llama-cloud".into(), 1.into()), ("memories-ai".into(), 2.into())]
                );
            }
        }
    }
}

#[test]
fn the_search_for_the_newest_session_can_be_interrupted() {
    let shell = Shell::start();
    for operation in [Operation::ListSessions, Operation::Scopes] {
        shell.sandbox.clear_faults();
        shell.sandbox.forget_requests();
        let held = Fault::ordinary().with_hold().on_operations([operation]);
        shell.sandbox.always(Provider::MemoriesAi, held);
        let child = start(&mut shell.command_of("show", "--last --scope memories-ai/all -o json"));
        wait_until(|| {
            let requests = shell.sandbox.requests();
            requests.iter().any(|request| request.operation == Some(operation))
        });
        interrupt(&child);
        let ran = ended(child);
        assert_eq!((ran.code, ran.stdout.as_str()), (130, ""), "{operation:?}: {ran:?}");
        assert!(
            ran.stderr.contains("interrupted before the first session"),
            "{}",
            ran.stderr
        );
    }
}
