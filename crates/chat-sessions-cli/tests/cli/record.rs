//! `list --record`: the content of the file, its permissions, and recordings of failed lists.

use std::fs;
use std::path::{Path, PathBuf};

use chat_sessions_sandbox::{Fault, Provider};
use serde_json::Value;

use crate::support::{LLAMA_KEY, MEMORIES_KEY, PLANTED, Ran, Shell, cursor, parsed, program, run, start, text};

/// A temporary directory, with the path of a recording in it.
struct Folder(tempfile::TempDir);

impl Folder {
    fn new() -> Self {
        Self(tempfile::tempdir().expect("a temporary directory"))
    }

    fn file(&self) -> PathBuf {
        self.0.path().join("evidence.har")
    }
}

fn record(shell: &Shell, arguments: &str, file: &Path) -> Ran {
    run(shell.command(arguments).arg("--record").arg(file))
}

/// Reads a recording, and checks that it contains no key.
fn entries(file: &Path) -> Vec<Value> {
    let har = fs::read_to_string(file).expect("the recording is there");
    assert!(!har.contains(PLANTED), "a secret in the recording: {har}");
    let document = parsed(&har);
    assert_eq!(document["log"]["version"], "1.2");
    document["log"]["entries"].as_array().expect("a list").clone()
}

fn statuses(file: &Path) -> Vec<u64> {
    let entries = entries(file);
    let statuses = entries.iter().map(|entry| entry["response"]["status"].as_u64());
    statuses.map(|status| status.expect("a number")).collect()
}

#[test]
fn every_request_is_recorded_and_reported() {
    let (shell, folder) = (Shell::start(), Folder::new());
    let ran = record(&shell, "--all -o ndjson", &folder.file());
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let recorded = entries(&folder.file());
    assert_eq!(recorded.len(), shell.sandbox.requests().len());
    let summary = &parsed(&ran.stderr)["recorded"];
    assert_eq!(summary["exchanges"], recorded.len());
    assert_eq!(summary["file"], folder.file().display().to_string());
    assert_eq!(summary["titles"], true);
    // Every listed session is in one of the bodies.
    let bodies: String = recorded
        .iter()
        .map(|entry| text(&entry["response"]["content"]["text"]))
        .collect();
    assert!(
        ran.sessions()
            .iter()
            .all(|session| bodies.contains(text(&session["id"])))
    );

    let other = folder.0.path().join("other.har");
    let ran = record(&shell, "--limit 1 --provider memories-ai", &other);
    let message = ran.stderr.lines().next_back().unwrap_or_default();
    let expected = format!(
        "recorded 1 request in {}, including titles (--blank-titles omits them)",
        other.display()
    );
    assert_eq!(message, expected);
}

#[cfg(unix)]
#[test]
fn only_the_owner_can_read_the_file() {
    use std::os::unix::fs::PermissionsExt;

    let (shell, folder) = (Shell::start(), Folder::new());
    assert_eq!(record(&shell, "", &folder.file()).code, 0);
    let mode = fs::metadata(folder.file()).expect("it is there").permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}

#[test]
fn blank_titles_omits_titles() {
    let (shell, folder) = (Shell::start(), Folder::new());
    let ran = record(&shell, "--all --blank-titles", &folder.file());
    assert!(!ran.stderr.contains("titles"), "{}", ran.stderr);
    entries(&folder.file());
    let har = fs::read_to_string(folder.file()).expect("it is there");
    let titles: Vec<String> = shell.stored().into_iter().filter_map(|(_, title)| title).collect();
    assert!(titles.len() > 100);
    for title in titles.iter().filter(|title| title.chars().count() > 8) {
        assert!(!har.contains(title.as_str()), "{title}");
    }
    assert!(har.contains("[title]"));
}

#[test]
fn every_attempt_is_recorded_without_page_tokens_also_after_resuming() {
    let (shell, folder) = (Shell::start(), Folder::new());
    let llama_cloud = "--provider llama-cloud --page-size 10 --attempts 3 -o json";
    shell.sandbox.next(Provider::LlamaCloud, Fault::ordinary());
    let busy = Fault::status(503).with_header("retry-after-ms", "1");
    shell.sandbox.next(Provider::LlamaCloud, busy);
    shell.sandbox.next(Provider::LlamaCloud, Fault::reset_before_headers());
    let first = record(&shell, &format!("{llama_cloud} --limit 15"), &folder.file());
    assert_eq!(first.code, 0, "{}", first.stderr);
    assert_eq!(statuses(&folder.file())[..4], [200, 503, 0, 200]);

    let place = cursor(&first, "json").expect("there is more");
    let rest = folder.0.path().join("rest.har");
    let second = record(&shell, &format!("{llama_cloud} --all --cursor {place}"), &rest);
    assert_eq!(second.code, 0, "{}", second.stderr);

    let tokens: Vec<String> = shell
        .sandbox
        .requests()
        .iter()
        .filter_map(|request| request.parameter("page_token").map(str::to_owned))
        .collect();
    assert!(tokens.len() > 3);
    for file in [folder.file(), rest] {
        let har = fs::read_to_string(&file).expect("it is there");
        for token in &tokens {
            assert!(!har.contains(token.as_str()), "{token}");
        }
        // The last request uses the (replaced) token of an earlier response.
        let entries = entries(&file);
        let (last, before) = entries.split_last().expect("there are some");
        let url = text(&last["request"]["url"]);
        let (_, token) = url.split_once("page_token=").expect("a page after the first");
        let token = token.split('&').next().unwrap_or_default();
        let next = format!(r#""next_page_token":"{token}""#);
        let bodies = before
            .iter()
            .filter_map(|entry| entry["response"]["content"]["text"].as_str());
        assert!(bodies.into_iter().any(|body| body.contains(&next)), "{next}");
    }
}

#[test]
fn a_failed_list_is_recorded() {
    for (fault, code, status) in [
        (Fault::echo(401), 4, 401),
        (Fault::status(429), 5, 429),
        (Fault::reset_before_headers(), 6, 0),
        (Fault::html(200), 7, 200),
    ] {
        let (shell, folder) = (Shell::start(), Folder::new());
        shell.sandbox.always(Provider::MemoriesAi, fault);
        let ran = record(&shell, "--provider memories-ai", &folder.file());
        assert_eq!(ran.code, code, "{}", ran.stderr);
        assert_eq!(statuses(&folder.file()), [status]);
        assert!(ran.stderr.contains("recorded 1 request in"), "{}", ran.stderr);
    }
}

#[test]
fn a_closed_pipe_does_not_lose_the_recording() {
    let (shell, folder) = (Shell::start(), Folder::new());
    let mut command = shell.command("--all -o ndjson");
    command.arg("--record").arg(folder.file());
    let mut child = start(&mut command);
    drop(child.stdout.take());
    let output = child.wait_with_output().expect("it ends");
    assert_eq!(output.status.code(), Some(0));
    assert!(!entries(&folder.file()).is_empty());
}

#[test]
fn a_file_that_cannot_be_created_is_an_error_before_any_request() {
    let (shell, folder) = (Shell::start(), Folder::new());
    fs::write(folder.file(), "kept").expect("the directory is writable");
    for (file, hint) in [
        (folder.file(), "Choose another name, or remove the file."),
        (
            folder.0.path().join("nowhere/evidence.har"),
            "Choose a new file in a writable directory",
        ),
        (folder.0.path().to_owned(), "Choose another name"),
    ] {
        let ran = record(&shell, "", &file);
        assert_eq!((ran.code, ran.stdout.as_str()), (8, ""), "{}", ran.stderr);
        assert!(
            ran.stderr.contains(hint) && ran.stderr.contains("cannot be created"),
            "{}",
            ran.stderr
        );
        let ran = record(&shell, "-o json", &file);
        assert_eq!(ran.code, 8);
        assert_eq!(ran.errors()[0]["kind"], "config");
        assert_eq!(parsed(&ran.stdout)["complete"], false);
    }
    assert_eq!(fs::read_to_string(folder.file()).expect("it is there"), "kept");
    assert!(shell.sandbox.requests().is_empty());

    // Without a key no list starts, and no file is created.
    let file = folder.0.path().join("none.har");
    assert_eq!(run(program().args(["list", "--record"]).arg(&file)).code, 4);
    assert!(!file.exists());
    assert_eq!(shell.list("--blank-titles").code, 2);
}

/// The file size limit of the shell simulates a full disk. `/dev/full` does not work here, because it
/// is not a new file.
#[cfg(target_os = "linux")]
#[test]
fn a_recording_that_cannot_be_written_is_an_error_but_the_list_is_printed() {
    let (shell, folder) = (Shell::start(), Folder::new());
    for (format, json) in [("tsv", false), ("json", true)] {
        let file = folder.0.path().join(format);
        let plain = shell.command(&format!("--all -o {format}"));
        let mut command = std::process::Command::new("sh");
        command
            .env_clear()
            .envs(plain.get_envs().filter_map(|(name, value)| Some((name, value?))));
        // 16 blocks of 512 bytes: the first entry fits, the second does not. The trap turns the signal
        // into an error of the write.
        command.args(["-c", "trap '' XFSZ; ulimit -f 16; exec \"$@\"", "sh"]);
        command
            .arg(plain.get_program())
            .args(plain.get_args())
            .arg("--record")
            .arg(&file);
        let ran = run(&mut command);
        assert_eq!(ran.code, 1, "{}", ran.stderr);
        if json {
            assert_eq!(
                parsed(&ran.stdout)["sessions"].as_array().map(Vec::len),
                Some(shell.stored().len())
            );
            assert_eq!(ran.errors()[0]["kind"], "recording");
        } else {
            assert_eq!(ran.stdout.lines().count(), shell.stored().len());
            let recorded = entries(&file).len();
            let requests = if recorded == 1 { "1 request:" } else { "requests:" };
            let message = format!("{requests} File too large");
            assert!(ran.stderr.contains(&message), "{recorded}: {}", ran.stderr);
        }
        let recorded = entries(&file).len();
        assert!((1..shell.sandbox.requests().len()).contains(&recorded), "{recorded}");
        shell.sandbox.forget_requests();
    }
}

#[test]
fn the_embedded_sandbox_can_be_recorded() {
    let folder = Folder::new();
    let ran = run(program()
        .args(["list", "--sandbox", "--limit", "5", "--record"])
        .arg(folder.file()));
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert_eq!(statuses(&folder.file()), [200, 200]);
    assert!(MEMORIES_KEY.contains(PLANTED) && LLAMA_KEY.contains(PLANTED));
}
