//! `export` when it is killed, interrupted, or started twice: the next run completes the folder, and
//! fetches nothing that is whole.

use std::collections::BTreeSet;
use std::fs;

use chat_sessions_sandbox::{Fault, Operation, Provider, Sandbox};

use crate::export::{command, export, fetched, new_folder, sessions};
use crate::support::{Shell, all_cases, ended, interrupt, parsed, send, start, wait_until};

#[test]
fn an_export_that_is_killed_again_and_again_completes_and_fetches_nothing_twice() {
    let shell = Shell::start_with_large_pages(Sandbox::builder().llama_cloud_sessions(600));
    let arguments = "-p llama-cloud --all -o ndjson";
    let (_reference_parent, reference) = new_folder();
    assert_eq!(export(&shell, &reference, arguments).code, 0);
    let expected = sessions(&reference);
    assert_eq!(fetched(&shell, Provider::LlamaCloud).len(), expected.len(), "each once");

    let (_parent, folder) = new_folder();
    let kills = if all_cases() { 20 } else { 8 };
    let mut killed = 0;
    for kill in 1..=kills {
        let whole: BTreeSet<String> = sessions(&folder).into_keys().collect();
        shell.sandbox.forget_requests();
        let mut child = start(&mut command(&shell, &folder, arguments));
        // The kill hits wherever the program is by then: in a request, a write or a rename.
        wait_until(|| {
            let has_ended = child.try_wait().expect("it can be asked").is_some();
            has_ended || fetched(&shell, Provider::LlamaCloud).len() as u64 >= kill
        });
        killed += u64::from(child.kill().is_ok() && !child.wait().expect("it ends").success());
        for (name, content) in sessions(&folder) {
            assert!(expected.get(&name) == Some(&content), "{name} is half written");
        }
        let twice = fetched(&shell, Provider::LlamaCloud)
            .into_iter()
            .find(|id| whole.contains(&format!("llama-cloud__{id}.ndjson")));
        assert_eq!(twice, None, "it was whole");
    }
    assert_eq!(killed, kills, "every kill came before the end");

    let whole = sessions(&folder).len();
    shell.sandbox.forget_requests();
    let ran = export(&shell, &folder, arguments);
    assert_eq!(ran.code, 0, "{ran:?}");
    // The server may read a request of the killed program only now, so a session can be there twice.
    let fetched_again: BTreeSet<String> = fetched(&shell, Provider::LlamaCloud).into_iter().collect();
    assert_eq!(fetched_again.len(), expected.len() - whole);
    assert!(sessions(&folder) == expected, "it is complete");
    shell.sandbox.forget_requests();
    assert_eq!(export(&shell, &folder, arguments).code, 0);
    assert_eq!(fetched(&shell, Provider::LlamaCloud).len(), 0, "nothing has changed");
    let hidden = fs::read_dir(&folder).expect("it exists").flatten();
    let hidden = hidden.filter(|file| file.file_name().to_string_lossy().starts_with('.'));
    assert_eq!(hidden.count(), 1, "only the lock is left");
}

#[test]
fn what_a_killed_run_left_is_cleaned_up() {
    let shell = Shell::start_with(Sandbox::builder().llama_cloud_sessions(4));
    let (_parent, folder) = new_folder();
    let arguments = "-p llama-cloud --all -o ndjson";
    assert_eq!(export(&shell, &folder, arguments).code, 0);
    let expected = sessions(&folder);
    let index = parsed(&fs::read_to_string(folder.join("index.json")).expect("it is written"));
    let ids = shell.sandbox.session_ids(Provider::LlamaCloud, None);
    // Killed before the first file of another content was renamed, and in the line about the second.
    let line = |id: &str| {
        let file = format!("llama-cloud__{id}.ndjson");
        let mut line = index["files"][&file].clone();
        line["file"] = file.into();
        line["sha256"] = "0".repeat(64).into();
        line.to_string()
    };
    let torn = line(&ids[1]);
    let journal = format!("{}\n{}", line(&ids[0]), &torn[..torn.len() / 2]);
    fs::write(folder.join(".chat-sessions-export.journal"), journal).expect("there is room");
    fs::write(folder.join(".chat-sessions-export.part"), "half of a fi").expect("there is room");
    shell.sandbox.forget_requests();
    let ran = export(&shell, &folder, arguments);
    assert_eq!(ran.code, 0, "{ran:?}");
    assert_eq!(fetched(&shell, Provider::LlamaCloud), [ids[0].as_str()]);
    assert!(sessions(&folder) == expected);
    for left in [".chat-sessions-export.journal", ".chat-sessions-export.part"] {
        assert!(!folder.join(left).exists(), "{left}");
    }
}

/// Starts an export in which one session of Memories.ai does not arrive.
fn stuck(shell: &Shell, folder: &std::path::Path) -> std::process::Child {
    let provider = Provider::MemoriesAi;
    shell
        .sandbox
        .next(provider, Fault::ordinary().on_operations([Operation::SessionDetail]));
    let held = Fault::ordinary().with_hold().on_operations([Operation::SessionDetail]);
    shell.sandbox.always(provider, held);
    shell.sandbox.forget_requests();
    let child = start(&mut command(shell, folder, "-p memories-ai --all"));
    wait_until(|| fetched(shell, provider).len() == 2 && sessions(folder).len() == 1);
    child
}

#[test]
fn the_next_run_continues_one_that_was_killed_also_if_the_list_shows_no_changes() {
    let shell = Shell::start_with(Sandbox::builder().memories_ai_sessions(3));
    let (_parent, folder) = new_folder();
    let mut child = stuck(&shell, &folder);
    child.kill().expect("it is running");
    child.wait().expect("it ends");
    shell.sandbox.clear_faults();
    shell.sandbox.forget_requests();
    let ran = export(&shell, &folder, "-p memories-ai --all");
    assert_eq!((ran.code, sessions(&folder).len()), (0, 3), "{ran:?}");
    assert_eq!(fetched(&shell, Provider::MemoriesAi).len(), 2);
}

#[test]
fn a_signal_ends_an_export_with_an_index_and_the_number_of_sessions_left() {
    let shell = Shell::start_with(Sandbox::builder().memories_ai_sessions(3));
    for (signal, code) in [("INT", 130), ("TERM", 143)] {
        shell.sandbox.clear_faults();
        let (_parent, folder) = new_folder();
        let child = stuck(&shell, &folder);
        send(signal, &child);
        let ran = ended(child);
        assert_eq!(ran.code, code, "{signal}: {ran:?}");
        assert!(ran.stderr.contains(": 1 session written, 2 left\n"), "{}", ran.stderr);
        assert!(
            ran.stderr
                .ends_with("interrupted; run the same command again to continue\n"),
            "{}",
            ran.stderr
        );
        let index = fs::read_to_string(folder.join("index.md")).expect("it is written");
        assert!(index.contains("1 session\n"), "{index}");
        shell.sandbox.clear_faults();
        shell.sandbox.forget_requests();
        let ran = export(&shell, &folder, "-p memories-ai --all");
        assert_eq!((ran.code, sessions(&folder).len()), (0, 3), "{ran:?}");
        assert_eq!(fetched(&shell, Provider::MemoriesAi).len(), 2);
    }
}

#[test]
fn a_signal_during_the_list_exports_nothing() {
    let shell = Shell::start();
    shell
        .sandbox
        .always(Provider::MemoriesAi, Fault::ordinary().with_hold());
    let (_parent, folder) = new_folder();
    let child = start(&mut command(&shell, &folder, "-p memories-ai --all"));
    wait_until(|| shell.sandbox.request_count(Provider::MemoriesAi) == 1);
    interrupt(&child);
    let ran = ended(child);
    assert_eq!((ran.code, sessions(&folder).len()), (130, 0), "{ran:?}");
}

#[test]
fn two_exports_do_not_write_into_one_folder() {
    let shell = Shell::start_with(Sandbox::builder().memories_ai_sessions(3));
    let (_parent, folder) = new_folder();
    let child = stuck(&shell, &folder);
    let second = export(&shell, &folder, "-p llama-cloud --all");
    assert_eq!(second.code, 8, "{second:?}");
    assert!(
        second.stderr.contains("another export is writing into"),
        "{}",
        second.stderr
    );
    // One that only looks may.
    assert_eq!(export(&shell, &folder, "-p llama-cloud --dry-run").code, 0);
    shell.sandbox.clear_faults();
    let first = ended(child);
    assert_eq!((first.code, sessions(&folder).len()), (0, 3), "{first:?}");
    assert_eq!(
        export(&shell, &folder, "-p llama-cloud --limit 1").code,
        0,
        "the lock is released"
    );
}
