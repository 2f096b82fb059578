//! `export`: the files, their names and permissions, and which sessions a later run fetches again.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::process::Command;

use chat_sessions_sandbox::{Fault, Operation, Provider, Sandbox};
use serde_json::Value;

use crate::support::{LLAMA_KEY, MEMORIES_KEY, Ran, Shell, chat_sessions, parsed, program, run, text};

/// `chat-sessions export` into this folder, with both keys and base URLs set.
pub(crate) fn command(shell: &Shell, folder: &Path, arguments: &str) -> Command {
    let mut command = program();
    command
        .env("MEMORIES_AI_API_KEY", MEMORIES_KEY)
        .env("MEMORIES_AI_BASE_URL", shell.sandbox.url())
        .env("LLAMA_CLOUD_API_KEY", LLAMA_KEY)
        .env("LLAMA_CLOUD_BASE_URL", shell.sandbox.url())
        .arg("export")
        .arg(folder);
    // Retries would only slow down tests of failures.
    command.args(["--attempts", "1"]).args(arguments.split_whitespace());
    command
}

pub(crate) fn export(shell: &Shell, folder: &Path, arguments: &str) -> Ran {
    run(&mut command(shell, folder, arguments))
}

/// A folder that does not exist yet, inside one that is removed afterwards.
pub(crate) fn new_folder() -> (tempfile::TempDir, std::path::PathBuf) {
    let parent = tempfile::tempdir().expect("there is room");
    let folder = parent.path().join("above/sessions");
    (parent, folder)
}

/// The names and contents of the files of sessions.
pub(crate) fn sessions(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let files = fs::read_dir(folder).into_iter().flatten();
    let names = files.filter_map(|file| file.ok()?.file_name().into_string().ok());
    names
        .filter(|name| !name.starts_with('.') && !name.starts_with("index."))
        .map(|name| {
            let content = fs::read(folder.join(&name)).unwrap_or_default();
            (name, content)
        })
        .collect()
}

/// The ids of the sessions that a provider was asked for.
pub(crate) fn fetched(shell: &Shell, provider: Provider) -> Vec<String> {
    let requests = shell.sandbox.requests().into_iter();
    let details = requests
        .filter(|request| request.provider == Some(provider) && request.operation == Some(Operation::SessionDetail));
    details
        .map(|request| match request.parameter("session_id") {
            Some(id) => id.to_owned(),
            None => request.path.rsplit('/').next().unwrap_or_default().to_owned(),
        })
        .collect()
}

/// A small account of each provider. Memories.ai allows one transcript per second.
fn small() -> Shell {
    Shell::start_with(Sandbox::builder().memories_ai_sessions(2).llama_cloud_sessions(6))
}

#[test]
fn every_format_has_one_file_per_session_with_what_show_prints() {
    let shell = Shell::start_with(Sandbox::builder().llama_cloud_sessions(30));
    for (format, index) in [
        ("md", Some("index.md")),
        ("html", Some("index.html")),
        ("json", None),
        ("ndjson", None),
    ] {
        let (_parent, folder) = new_folder();
        let ran = export(&shell, &folder, &format!("-p llama-cloud --all -o {format}"));
        assert_eq!((ran.code, ran.stdout.as_str()), (0, ""), "{format}: {ran:?}");
        let files = sessions(&folder);
        assert_eq!(files.len(), 30, "{format}");
        for id in shell.sandbox.session_ids(Provider::LlamaCloud, None) {
            let name = format!("llama-cloud__{id}.{format}");
            let content = String::from_utf8(files[&name].clone()).expect("it is UTF-8");
            let address = format!("llama-cloud:{id}");
            let mut show = program();
            show.env("LLAMA_CLOUD_API_KEY", LLAMA_KEY)
                .env("LLAMA_CLOUD_BASE_URL", shell.sandbox.url());
            let mut shown = |format: &str| run(show.args(["show", &address, "-o", format])).ok();
            match format {
                "md" | "ndjson" => assert_eq!(content, shown(format), "{id}"),
                "json" => assert_eq!(parsed(&content), parsed(&shown("ndjson")), "{id}"),
                _ => assert!(content.contains(&id) && content.ends_with("</html>\n"), "{id}"),
            }
            if let Some(index) = index {
                let index = fs::read_to_string(folder.join(index)).expect("it is written");
                assert!(index.contains(&name), "{index}");
            }
        }
        let index = parsed(&fs::read_to_string(folder.join("index.json")).expect("it is written"));
        let named: Vec<&String> = index["files"].as_object().expect("an object").keys().collect();
        assert_eq!(named, files.keys().collect::<Vec<_>>(), "{format}");
        let left: Vec<_> = fs::read_dir(&folder).expect("it exists").flatten().collect();
        // Besides the sessions: the index, the page for people and the lock.
        assert_eq!(
            left.len(),
            32 + usize::from(matches!(format, "md" | "html")),
            "{left:?}"
        );
    }
}

#[test]
fn scopes_that_differ_in_their_capitals_have_different_files() {
    let (_parent, folder) = new_folder();
    let arguments = "export --sandbox -p memories-ai --scope demo-team --scope Demo-Team --all -o ndjson";
    let mut command = program();
    command.args(arguments.split_whitespace()).arg(&folder);
    assert_eq!(run(&mut command).code, 0);
    let names: BTreeSet<String> = sessions(&folder).keys().map(|name| name.to_lowercase()).collect();
    assert_eq!(names.len(), 28);
    let all = "export --sandbox --scope all --all --dry-run";
    let mut command = program();
    command.args(all.split_whitespace()).arg(&folder);
    assert_eq!(
        run(&mut command).ok().lines().count(),
        308,
        "every scope of both providers"
    );
}

#[test]
fn an_id_of_any_text_stays_in_the_folder() {
    let shell = small();
    let id = "../../Evil\u{202e}:con";
    let list = serde_json::json!({
        "page": "1", "page_size": "20", "total_count": "1",
        "sessions": [{ "sessionId": id, "title": "../x" }],
    });
    let detail = serde_json::json!({ "session_id": id, "title": "../x", "messages": [] });
    for (operation, data) in [(Operation::ListSessions, list), (Operation::SessionDetail, detail)] {
        let body =
            serde_json::json!({ "code": "0000", "msg": "success", "data": data, "success": true, "failed": false });
        let fault = Fault::raw(200, "application/json", body.to_string());
        shell
            .sandbox
            .next(Provider::MemoriesAi, fault.on_operations([operation]));
    }
    let (parent, folder) = new_folder();
    let ran = export(&shell, &folder, "-p memories-ai --all -o html");
    let names: Vec<String> = sessions(&folder).into_keys().collect();
    let [name] = names.as_slice() else {
        panic!("{ran:?} {names:?}")
    };
    assert!(name.starts_with("memories-ai_default_------evil--con_"), "{name}");
    assert_eq!(fs::read_dir(parent.path()).expect("it exists").count(), 1);
    assert_eq!(fs::read_dir(parent.path().join("above")).expect("it exists").count(), 1);
}

#[cfg(unix)]
#[test]
fn only_the_owner_can_read_what_is_written() {
    use std::os::unix::fs::PermissionsExt;

    let shell = small();
    let (_parent, folder) = new_folder();
    let mut command = command(&shell, &folder, "-p llama-cloud --all -o html");
    // Even if the user shares new files with everybody.
    let mut open = crate::support::in_a_shell("umask 0; exec \"$0\" \"$@\"", &command);
    assert_eq!(run(&mut open).code, 0);
    let mode = |path: &Path| fs::metadata(path).expect("it exists").permissions().mode() & 0o777;
    assert_eq!(mode(&folder), 0o700);
    for file in fs::read_dir(&folder).expect("it exists").flatten() {
        assert_eq!(mode(&file.path()), 0o600, "{file:?}");
    }
    // A folder of the user stays as it is.
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o755)).expect("it is ours");
    assert_eq!(run(&mut command).code, 0);
    assert_eq!(mode(&folder), 0o755);
}

#[test]
fn a_later_run_fetches_only_what_may_have_changed() {
    let shell = small();
    let (_parent, folder) = new_folder();
    let again = |arguments: &str| {
        shell.sandbox.forget_requests();
        let ran = export(&shell, &folder, &format!("--all -o ndjson {arguments}"));
        assert_eq!(ran.code, 0, "{ran:?}");
        let number = |provider| fetched(&shell, provider).len();
        (number(Provider::MemoriesAi), number(Provider::LlamaCloud))
    };
    assert_eq!(again(""), (2, 6));
    assert_eq!(again("--new-only"), (0, 0));
    assert_eq!(again(""), (2, 0), "the list of Memories.ai does not show changes");
    let ids = shell.sandbox.session_ids(Provider::LlamaCloud, None);
    let control = &shell.sandbox;
    assert!(control.continue_session(Provider::LlamaCloud, &ids[3], "And now?"));
    assert_eq!(again("--new-only"), (0, 0));
    assert_eq!(again("-p llama-cloud"), (0, 1));
    assert_eq!(fetched(&shell, Provider::LlamaCloud), [ids[3].as_str()]);
    let content = fs::read_to_string(folder.join(format!("llama-cloud__{}.ndjson", ids[3]))).expect("it is there");
    assert!(content.contains("And now?"), "{content}");
    assert!(control.retitle(Provider::LlamaCloud, &ids[4], "Another title"));
    assert_eq!(again("-p llama-cloud"), (0, 1));

    // A file that is missing, shorter, or as long with another content.
    let file = |index: usize| folder.join(format!("llama-cloud__{}.ndjson", ids[index]));
    fs::remove_file(file(0)).expect("it is there");
    fs::write(file(1), "{").expect("it is ours");
    let length = fs::read(file(2)).expect("it is there").len();
    fs::write(file(2), vec![b' '; length]).expect("it is ours");
    assert_eq!(again("--new-only"), (0, 3));
    assert_eq!(again("--new-only"), (0, 0));
    let new = control.insert(Provider::LlamaCloud, None, "A new one");
    assert_eq!(again("--new-only"), (0, 1));
    assert_eq!(fetched(&shell, Provider::LlamaCloud), [new]);
}

#[test]
fn what_the_provider_has_deleted_stays_and_is_reported() {
    let shell = small();
    let (_parent, folder) = new_folder();
    export(&shell, &folder, "-p llama-cloud --all");
    let ids = shell.sandbox.session_ids(Provider::LlamaCloud, None);
    assert!(shell.sandbox.delete(Provider::LlamaCloud, &ids[0]));
    let ran = export(&shell, &folder, "-p llama-cloud --all");
    assert_eq!((ran.code, sessions(&folder).len()), (0, 6), "{ran:?}");
    assert!(
        ran.stderr
            .contains("1 session in the folder is no longer at the provider; the files stay"),
        "{}",
        ran.stderr
    );
    // A part of the list cannot tell.
    for part in ["--limit 2", "--all --title x", "--all --since 1d"] {
        let ran = export(&shell, &folder, &format!("-p llama-cloud {part}"));
        assert!(!ran.stderr.contains("no longer"), "{part}: {}", ran.stderr);
    }
}

#[test]
fn the_filters_of_list_choose_the_sessions() {
    let shell = Shell::start_with(Sandbox::builder().llama_cloud_sessions(60));
    for filter in [
        "--limit 7",
        "--title report --all",
        "--since 3d --all",
        "--since 9d --until 5d --all",
        "--title zzz",
    ] {
        let (_parent, folder) = new_folder();
        let arguments = format!("-p llama-cloud {filter}");
        let listed: BTreeSet<String> = shell
            .list(&format!("{arguments} -o ndjson"))
            .ids()
            .into_iter()
            .collect();
        let ran = export(&shell, &folder, &arguments);
        assert_eq!(ran.code, 0, "{filter}: {ran:?}");
        let exported: BTreeSet<String> = sessions(&folder)
            .into_keys()
            .map(|name| name.replace("__", ":").replace(".md", ""))
            .collect();
        assert_eq!(exported, listed, "{filter}");
    }
    let (_parent, folder) = new_folder();
    let ran = export(&shell, &folder, "-p llama-cloud --limit 7");
    assert!(
        ran.stderr
            .contains("there may be more sessions; use a larger --limit or --all"),
        "{}",
        ran.stderr
    );
}

#[test]
fn a_dry_run_says_what_would_happen_and_changes_nothing() {
    let shell = small();
    let (_parent, folder) = new_folder();
    let ran = export(&shell, &folder, "--all --dry-run");
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(!folder.exists());
    assert_eq!(ran.stdout.matches("fetch\tnew\t").count(), 8, "{}", ran.stdout);
    assert_eq!(ran.stderr, "would fetch 8 sessions and skip 0\n");
    assert_eq!(fetched(&shell, Provider::LlamaCloud), Vec::<String>::new());

    export(&shell, &folder, "--all");
    let before = fs::read(folder.join("index.json")).expect("it is written");
    let ran = export(&shell, &folder, "--all --dry-run -o md");
    assert_eq!(ran.stderr, "would fetch 2 sessions and skip 6\n");
    assert_eq!(
        ran.stdout.matches("skip\tunchanged\tllama-cloud:").count(),
        6,
        "{}",
        ran.stdout
    );
    assert_eq!(
        ran.stdout
            .matches("fetch\tmay-have-changed\tmemories-ai/default:")
            .count(),
        2
    );
    assert_eq!(fs::read(folder.join("index.json")).expect("it is there"), before);
    let ran = export(&shell, &folder, "--all --new-only --dry-run -o ndjson");
    let first = parsed(ran.stdout.lines().next().expect("a line"));
    let mut fields: Vec<&String> = first.as_object().expect("an object").keys().collect();
    fields.sort();
    assert_eq!(fields, ["action", "file", "reason", "session"]);
    assert_eq!(parsed(ran.stderr.trim())["notice"]["kind"], "dry-run");

    let large = Shell::start();
    let ran = export(&large, &folder, "-p memories-ai --all --dry-run -o html");
    assert_eq!(ran.stderr, "would fetch 137 sessions and skip 0, in about 2 minutes\n");
}

#[test]
fn a_session_that_cannot_be_read_does_not_lose_the_others() {
    let shell = small();
    let (_parent, folder) = new_folder();
    let fault = Fault::status(503).on_operations([Operation::SessionDetail]);
    shell.sandbox.next(Provider::LlamaCloud, fault.clone());
    shell.sandbox.next(Provider::MemoriesAi, fault.clone());
    let ran = export(&shell, &folder, "--all");
    assert_eq!((ran.code, sessions(&folder).len()), (3, 6), "{ran:?}");
    let errors: Vec<&str> = ran.stderr.lines().filter(|line| line.starts_with("error: ")).collect();
    assert_eq!(errors.len(), 2, "{}", ran.stderr);
    assert!(
        ran.stderr.contains(": 6 sessions written, 2 failed\n"),
        "{}",
        ran.stderr
    );
    assert!(
        ran.stderr
            .contains("run the same command again to fetch only what is missing"),
        "{}",
        ran.stderr
    );

    // The next run continues this one, for Memories.ai too.
    shell.sandbox.forget_requests();
    let ran = export(&shell, &folder, "--all");
    assert_eq!((ran.code, sessions(&folder).len()), (0, 8), "{ran:?}");
    let number = |provider| fetched(&shell, provider).len();
    assert_eq!((number(Provider::MemoriesAi), number(Provider::LlamaCloud)), (1, 1));

    let (_parent, folder) = new_folder();
    shell.sandbox.always(Provider::LlamaCloud, fault);
    let ran = export(&shell, &folder, "-p llama-cloud --all -o ndjson");
    assert_eq!((ran.code, sessions(&folder).len()), (6, 0), "{ran:?}");
    let records: Vec<Value> = ran.stderr.lines().map(parsed).collect();
    let failed: BTreeSet<&str> = records[..6]
        .iter()
        .map(|record| text(&record["error"]["session"]))
        .collect();
    assert_eq!(failed.len(), 6, "{records:?}");
    let exported = &records[6]["exported"];
    assert_eq!(
        (&exported["written"], &exported["failed"], &exported["complete"]),
        (&0.into(), &6.into(), &false.into())
    );
    shell.sandbox.forget_requests();
    let ran = export(&shell, &folder, "-p llama-cloud --all --fail-fast");
    assert_eq!(ran.code, 6, "{ran:?}");
    assert!(
        ran.stderr.contains(": 0 sessions written, 1 failed, 5 left\n"),
        "{}",
        ran.stderr
    );
}

#[test]
fn a_provider_that_cannot_be_listed_does_not_lose_the_other() {
    let shell = small();
    let (_parent, folder) = new_folder();
    let fault = Fault::status(503).on_operations([Operation::ListSessions]);
    shell.sandbox.always(Provider::MemoriesAi, fault);
    let ran = export(&shell, &folder, "--all");
    assert_eq!((ran.code, sessions(&folder).len()), (3, 6), "{ran:?}");
    let (_parent, folder) = new_folder();
    let ran = export(&shell, &folder, "--all --fail-fast");
    assert_eq!((ran.code, sessions(&folder).len()), (6, 0), "{ran:?}");
    let (_parent, folder) = new_folder();
    let ran = export(&shell, &folder, "-p memories-ai --all");
    assert_eq!((ran.code, sessions(&folder).len()), (6, 0), "{ran:?}");
}

#[test]
fn files_that_are_not_from_an_export_stay() {
    let shell = small();
    let (_parent, folder) = new_folder();
    fs::create_dir_all(&folder).expect("there is room");
    let ids = shell.sandbox.session_ids(Provider::LlamaCloud, None);
    let name = format!("llama-cloud__{}.md", ids[0]);
    for (name, content) in [
        (name.as_str(), "mine"),
        ("notes.md", "mine too"),
        ("index.html", "and this"),
    ] {
        fs::write(folder.join(name), content).expect("there is room");
    }
    let ran = export(&shell, &folder, "-p llama-cloud --all");
    assert_eq!(ran.code, 3, "{ran:?}");
    assert!(
        ran.stderr.contains(&format!("{name} is not from an export")),
        "{}",
        ran.stderr
    );
    let read = |name: &str| fs::read_to_string(folder.join(name)).expect("it is there");
    assert_eq!(
        (read(&name), read("notes.md"), read("index.html")),
        ("mine".into(), "mine too".into(), "and this".into())
    );
    assert_eq!(sessions(&folder).len(), 7);

    // index.html is not ours either, and nothing is requested.
    shell.sandbox.forget_requests();
    let ran = export(&shell, &folder, "-p llama-cloud --all -o html");
    assert_eq!((ran.code, shell.sandbox.requests().len()), (8, 0), "{ran:?}");
    assert!(
        ran.stderr.contains("index.html is not from an export"),
        "{}",
        ran.stderr
    );
    for content in [
        "",
        "{}",
        "[1]",
        "{\"export_version\": 9}",
        "{\"export_version\": 1, \"files\": {\"../x\": 1}}",
    ] {
        fs::write(folder.join("index.json"), content).expect("there is room");
        let ran = export(&shell, &folder, "-p llama-cloud --all");
        assert_eq!((ran.code, read("index.json")), (8, content.into()), "{ran:?}");
    }
    // Without the index, the files are recognised by their content.
    fs::remove_file(folder.join("index.json")).expect("it is ours");
    fs::remove_file(folder.join("index.md")).expect("it is ours");
    let ran = export(&shell, &folder, "-p llama-cloud --all");
    assert!(
        ran.stderr.contains(": 5 sessions written, 1 failed\n"),
        "{}",
        ran.stderr
    );
}

#[test]
fn a_folder_that_cannot_be_written_is_an_error() {
    let parent = tempfile::tempdir().expect("there is room");
    let file = parent.path().join("file");
    fs::write(&file, "").expect("there is room");
    let ran = chat_sessions(&["export".as_ref(), "--sandbox".as_ref(), file.as_os_str()]);
    assert_eq!(ran.code, 8, "{ran:?}");
    assert!(ran.stderr.contains("cannot be created"), "{}", ran.stderr);
}

#[test]
fn an_export_prints_nothing_to_standard_output_unless_it_is_a_dry_run() {
    let (_parent, folder) = new_folder();
    let folder = folder.display().to_string();
    let ran = chat_sessions(&["export", "--sandbox", "--limit", "2", "-q", &folder]);
    assert_eq!((ran.code, ran.stdout.as_str(), ran.stderr.as_str()), (0, "", ""));
    #[cfg(unix)]
    for (option, code) in [("-q", 0), ("--dry-run", 1)] {
        let mut command = program();
        command.args(["export", "--sandbox", "--limit", "2", option, &folder]);
        let ran = run(&mut crate::support::in_a_shell("exec \"$0\" \"$@\" >&-", &command));
        assert_eq!(ran.code, code, "{option}: {ran:?}");
    }
}

#[test]
fn requests_for_lists_and_sessions_are_recorded() {
    let shell = small();
    let (parent, folder) = new_folder();
    let har = parent.path().join("evidence.har");
    let mut command = command(&shell, &folder, "-p llama-cloud --all -o ndjson --record");
    let ran = run(command.arg(&har));
    assert_eq!(ran.code, 0, "{ran:?}");
    let document = parsed(&fs::read_to_string(&har).expect("it is written"));
    assert_eq!(
        document["log"]["entries"].as_array().map(Vec::len),
        Some(shell.sandbox.requests().len())
    );
    let ran = export(&shell, &folder, "-p llama-cloud --all -vv");
    assert!(ran.stderr.contains("GET …/chat 200"), "{}", ran.stderr);
}
