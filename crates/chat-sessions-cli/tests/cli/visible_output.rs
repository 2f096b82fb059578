//! No character that could control a terminal, or reorder or hide text, reaches anybody who reads the
//! output, wherever the text comes from and whether or not the output goes to a terminal.

use std::path::Path;
use std::process::Command;

use chat_sessions_sandbox::{Fault, Provider};
use serde_json::json;

use crate::support::{LLAMA_KEY, Ran, Shell, is_unsafe, parsed, program, run};

/// One of each kind: ESC, OSC and BEL, C1, DEL, bidirectional controls, separators, tags.
const ATTACK: &str =
    "x\u{1b}[31m\u{1b}]0;t\u{7}\u{9b}1m\u{7f}\u{202e}\u{2066}\u{200f}\u{61c}\u{2028}\u{feff}\u{e0041}\ry";

/// Checks that output has no unsafe character except line breaks and the tabs of TSV.
fn checked(case: &str, ran: Ran) -> Ran {
    for (stream, text) in [("stdout", &ran.stdout), ("stderr", &ran.stderr)] {
        let found = text.chars().find(|c| !matches!(c, '\n' | '\t') && is_unsafe(*c));
        assert_eq!(found, None, "{case}, {stream}: {text:?}");
    }
    ran
}

fn doctor(shell: &Shell, format: &str) -> Command {
    let mut command = program();
    command
        .env("LLAMA_CLOUD_API_KEY", LLAMA_KEY)
        .env("LLAMA_CLOUD_BASE_URL", shell.sandbox.url())
        .args(["doctor", "--provider", "llama-cloud", "-o", format]);
    command
}

#[test]
fn a_provider_reaches_no_reader() {
    let shell = Shell::start();
    let item = json!({
        "session_id": ATTACK,
        "generated_title": ATTACK,
        "shared_access": ATTACK,
        "index_ids": [ATTACK],
        ATTACK: ATTACK,
        "job_metadata": { "error": ATTACK, ATTACK: 1 },
    });
    let page = |items: &[serde_json::Value]| Fault::raw(200, "application/json", json!({ "items": items }).to_string());
    let cases = [
        ("sessions", page(&[item]), 0),
        (
            "an invalid item",
            page(&[
                json!({ "session_id": "a" }),
                json!({ "session_id": { ATTACK: ATTACK } }),
            ]),
            3,
        ),
        ("a message", Fault::status(401).with_message(ATTACK), 4),
        ("a text", Fault::raw(500, "text/plain", ATTACK), 6),
        ("a page", Fault::raw(200, "text/html", format!("<p>{ATTACK}</p>")), 7),
        (
            "a request id",
            Fault::status(503).with_header("x-request-id", "x\u{9b}1m\u{202e}y"),
            6,
        ),
    ];
    for (case, fault, code) in cases {
        shell.sandbox.clear_faults();
        shell.sandbox.always(Provider::LlamaCloud, fault);
        for format in ["table", "tsv", "json", "ndjson"] {
            let arguments = format!("--provider llama-cloud --stats --attempts 2 -o {format}");
            for log in ["debug", "trace"] {
                let mut command = shell.command(&arguments);
                let ran = checked(case, run(command.env("CHAT_SESSIONS_LOG", log)));
                assert_eq!(ran.code, code, "{case} -o {format}: {}", ran.stderr);
            }
        }
        let csv = shell.list("--provider llama-cloud -o csv");
        assert_eq!(
            csv.stdout.contains(ATTACK),
            case == "sessions",
            "CSV holds the exact values: {csv:?}"
        );
        checked(
            case,
            Ran {
                stdout: String::new(),
                ..csv
            },
        );
        for format in ["text", "json"] {
            checked(case, run(&mut doctor(&shell, format)));
        }
    }
}

#[test]
fn json_and_tsv_hold_every_character_escaped() {
    let shell = Shell::start();
    let _ = shell.sandbox.insert(Provider::LlamaCloud, None, ATTACK);
    let list = |format: &str| shell.list(&format!("--provider llama-cloud --limit 1 -o {format}"));
    let json = parsed(&checked("json", list("json")).stdout);
    assert_eq!(json["sessions"][0]["title"], ATTACK);
    assert_eq!(checked("ndjson", list("ndjson")).sessions()[0]["title"], ATTACK);
    let tsv = checked("tsv", list("tsv --columns title")).stdout;
    assert_eq!(
        tsv,
        "x\\u001b[31m\\u001b]0;t\\u0007\\u009b1m\\u007f\\u202e\\u2066\\u200f\\u061c\\u2028\\ufeff\\U000e0041\\ry\n"
    );
    let table = checked("table", list("table --columns title")).stdout;
    assert_eq!(table, "TITLE\nx [31m ]0;t 1m y\n");
}

#[test]
fn arguments_variables_and_files_reach_no_reader() {
    let folder = tempfile::tempdir().expect("a temporary directory");
    let config = folder.path().join("config.toml");
    let escaped = ATTACK
        .chars()
        .map(|c| format!("\\U{:08x}", u32::from(c)))
        .collect::<String>();
    let file = format!("[profile.\"{escaped}\".memories-ai]\nunique_id = \"a\"\n");
    let with_config = |content: &str, arguments: &[&str]| {
        std::fs::write(&config, content).expect("the directory is writable");
        run(program().env("CHAT_SESSIONS_CONFIG", &config).args(arguments))
    };
    let record = format!("--record={}/{ATTACK}\n.har", folder.path().display());
    let with_home = |home: &str, arguments: &[&str]| run(program().env("HOME", home).args(arguments));
    let cases = [
        ("profiles", with_config(&file, &["config", "show", "-o", "json"]), 0),
        ("profiles to choose from", with_config(&file, &["list"]), 4),
        (
            "profiles with similar names",
            with_config(&file, &["list", "--profile=x"]),
            8,
        ),
        (
            "a profile",
            with_config(&file, &["doctor", &format!("--profile={ATTACK}")]),
            8,
        ),
        (
            "an unknown name",
            with_config(&file.replace("memories-ai", "\\u202e"), &["list"]),
            8,
        ),
        (
            "a file that is no TOML",
            with_config("\u{202e}\u{9b}=\u{1b}", &["list"]),
            8,
        ),
        (
            "a value in the file",
            with_config("default_profile = \"\\u001b\\u202e\"", &["list"]),
            8,
        ),
        (
            "a folder",
            with_home(&format!("/{ATTACK}\n"), &["config", "show", "--origin"]),
            8,
        ),
        (
            "a recording",
            run(program().args(["list", "--sandbox", "--limit", "1", &record])),
            0,
        ),
        (
            "an option",
            run(program().args(["list", &format!("--\u{1b}]0;x\u{7}{ATTACK}")])),
            2,
        ),
        (
            "a value",
            run(program().args(["list", "--limit", &format!("{ATTACK}\nerror: x")])),
            2,
        ),
        ("a time", run(program().args(["list", "--since", ATTACK])), 2),
        (
            "an expression",
            run(program().args(["list", "--title", &format!("({ATTACK}\n")])),
            2,
        ),
        (
            "a scope",
            run(program().args(["list", "--sandbox", "--scope", ATTACK])),
            2,
        ),
        (
            "a cursor",
            run(program().args(["list", "--sandbox", "--cursor", ATTACK])),
            2,
        ),
        ("a command", run(program().arg(ATTACK)), 2),
        (
            "a level",
            run(program().env("CHAT_SESSIONS_LOG", ATTACK).arg("list")),
            8,
        ),
        (
            "a key file",
            run(program()
                .env("LLAMA_CLOUD_API_KEY_FILE", "/\u{200c}\u{e0041}/x")
                .arg("list")),
            8,
        ),
    ];
    for (case, ran, code) in cases {
        let ran = checked(case, ran);
        assert_eq!(ran.code, code, "{case}: {ran:?}");
    }
}

#[test]
fn a_message_about_arguments_keeps_its_own_styles_only() {
    let ran = run(program()
        .env("CLICOLOR_FORCE", "1")
        .args(["list", "--limit", "\u{1b}[1m\u{1b}[8mx"]));
    assert!(
        ran.stderr.starts_with("\u{1b}[1m\u{1b}[31merror:\u{1b}[0m "),
        "{:?}",
        ran.stderr
    );
    assert!(
        ran.stderr.contains("'\u{1b}[33m\\u001b[1m\\u001b[8mx\u{1b}[0m'"),
        "{:?}",
        ran.stderr
    );
    assert!(!ran.stderr.contains("\u{1b}[8m"), "{:?}", ran.stderr);
}

#[test]
fn only_the_code_that_makes_text_visible_writes_to_the_streams() {
    // Text that is a part of the program.
    let allowed = [
        "commands/completions.rs",
        "commands/man.rs",
        "commands/sandbox.rs",
        "main.rs",
    ];
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = Vec::new();
    let mut folders = vec![source.clone()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("the folder is readable") {
            let path = entry.expect("the folder is readable").path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let text = std::fs::read_to_string(&path).expect("the file is readable");
            let name = path
                .strip_prefix(&source)
                .expect("it is inside")
                .to_string_lossy()
                .replace('\\', "/");
            let writes = [
                "stdout().lock()",
                "stderr().lock()",
                "stdout().write",
                "stderr().write",
                ".print()",
                "print!(",
            ];
            if writes.iter().any(|write| text.contains(write)) && !name.starts_with("output/") {
                found.push(name);
            }
        }
    }
    found.sort();
    assert_eq!(found, allowed);
}
