//! The examples of the README and of `list --help` are what they say: each is run, and must end well.
//!
//! A block that the README marks with `sh` is run by a shell, line by line as it stands, with this rule for what would leave
//! this machine or this test:
//!
//! - a block with `cargo xtask` is left out, since it is what CI runs or what `tests/suites/cycle.rs` runs on a copy;
//! - `cargo run -p chat-sessions-cli --` is the program under test, and so is `chat-sessions`;
//! - `…` as the value of a variable is the key of a sandbox, at which the base URLs point;
//! - in the help, `cs1_…` is the cursor of a list of that sandbox, and FILE a file in a folder that is gone afterwards.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Output;

use tempfile::TempDir;

use crate::support::{LLAMA_KEY, MEMORIES_KEY, Shell, chat_sessions, cursor, program};

/// A folder with a `cargo` and a `chat-sessions` that are the program under test.
fn programs() -> TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let program = env!("CARGO_BIN_EXE_chat-sessions");
    let cargo = format!(
        "#!/bin/sh\ncase \"$1 $2 $3 $4\" in\n\"run -p chat-sessions-cli --\") shift 4; exec '{program}' \"$@\";;\n*) echo \"the README runs cargo $*\" >&2; exit 1;;\nesac\n"
    );
    for (name, script) in [
        ("cargo", cargo),
        ("chat-sessions", format!("#!/bin/sh\nexec '{program}' \"$@\"\n")),
    ] {
        let path = folder.path().join(name);
        std::fs::write(&path, script).expect("the folder is writable");
        let executable = std::fs::Permissions::from_mode(0o755);
        std::fs::set_permissions(&path, executable).expect("it is ours");
    }
    folder
}

fn run(shell: &Shell, folder: &Path, script: &str) -> Output {
    let system = std::env::var("PATH").unwrap_or_default();
    let mut command = std::process::Command::new("sh");
    command.env_clear();
    // The environment of the other tests, in which no request leaves this machine.
    command.envs(program().get_envs().filter_map(|(name, value)| Some((name, value?))));
    command
        .args(["-e", "-c", script])
        .current_dir(folder)
        .env("PATH", format!("{}:{system}", folder.display()))
        .env("MEMORIES_AI_BASE_URL", shell.sandbox.url())
        .env("LLAMA_CLOUD_BASE_URL", shell.sandbox.url())
        .output()
        .expect("there is a shell")
}

fn with_keys(script: &str) -> String {
    let lines = script.lines().map(|line| match line.split_once("=…") {
        Some((variable, rest)) if variable.contains("MEMORIES") => format!("{variable}={MEMORIES_KEY}{rest}"),
        Some((variable, rest)) => format!("{variable}={LLAMA_KEY}{rest}"),
        None => line.to_owned(),
    });
    lines.collect::<Vec<_>>().join("\n")
}

fn assert_ended_well(example: &str, output: &Output) {
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{example}\n{said}");
    assert!(!said.contains("error"), "{example}\n{said}");
}

#[test]
fn the_examples_of_the_readme_run() {
    let readme = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../README.md");
    let readme = std::fs::read_to_string(readme).expect("the README is there");
    let blocks: Vec<&str> = readme
        .split("```sh\n")
        .skip(1)
        .filter_map(|block| block.split("```").next())
        .filter(|block| !block.contains("cargo xtask"))
        .collect();
    assert!(blocks.len() >= 2, "{blocks:?}");
    let (shell, folder) = (Shell::start(), programs());
    let mut printed = 0;
    for block in blocks {
        let output = run(&shell, folder.path(), &with_keys(block));
        assert_ended_well(block, &output);
        printed += output.stdout.len();
    }
    assert!(printed > 0, "one of them lists something");
}

#[test]
fn the_examples_of_the_help_run() {
    let (shell, folder) = (Shell::start(), programs());
    let place = cursor(&shell.list("--limit 3"), "tsv").expect("something is left");
    let help = chat_sessions(&["list", "--help"]).ok();
    let examples: Vec<&str> = help
        .lines()
        .filter_map(|line| line.trim().strip_prefix("chat-sessions list"))
        // What the example does stands behind it, at some distance.
        .map(|example| example.split("   ").next().unwrap_or(example))
        .collect();
    assert!(examples.len() >= 5, "{examples:?}");
    for example in examples {
        let script = format!(
            "export MEMORIES_AI_API_KEY=… \nexport LLAMA_CLOUD_API_KEY=…\nchat-sessions list{}",
            example.replace("cs1_…", &place)
        );
        assert_ended_well(example, &run(&shell, folder.path(), &with_keys(&script)));
    }
}
