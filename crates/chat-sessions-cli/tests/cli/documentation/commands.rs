//! Runs every command in README.md, ARCHITECTURE.md and `docs/`, except those that are listed here with
//! a reason; also runs the examples of `list --help`.
//!
//! A block marked `sh` runs in a shell line by line, with these rules to keep it on this machine and in
//! this test:
//!
//! - `cargo run -p chat-sessions-cli --` is the program under test, and so is `chat-sessions`;
//! - `…` as the value of a variable is the key of a sandbox, at which the base URLs point;
//! - `cs2_…` is a cursor of that list; files are in a folder that is removed afterwards;
//! - the block marked `toml` in `docs/cli.md` is the configuration file, and its key files exist.
//!
//! A following block marked `text` is the output of the last command, up to a line `…`. Inline code
//! counts as a command if it starts with `cargo` or `chat-sessions`.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Output;

use tempfile::TempDir;

use super::page::{Page, root, tracked};
use crate::support::{LLAMA_KEY, MEMORIES_KEY, Shell, chat_sessions, cursor, program};

/// The commands that no test of this file runs, with the reason.
const NOT_RUN: [(&str, &[&str]); 14] = [
    ("CI runs it", &["cargo xtask check"]),
    (
        "it takes long, and is run before an issue or a release is closed",
        &["cargo xtask check --full"],
    ),
    (
        "a step of `cargo xtask check` does the same",
        &[
            "cargo build",
            "cargo xtask dependencies",
            "cargo xtask generate --check",
        ],
    ),
    (
        "`cargo xtask check --full` runs it with an empty root",
        &["cargo install --locked --path crates/chat-sessions-cli"],
    ),
    (
        "it changes the manifest of another crate; tests/workflows/outside_crate.rs builds a crate with these dependencies",
        &[
            "cargo add --path …/crates/chat-sessions",
            "cargo add tokio --features macros,rt",
        ],
    ),
    (
        "tests/workflows/readme_workflow.rs runs the ten commands in a copy of the workspace",
        &[
            "cargo run -p chat-sessions-cli -- list --sandbox --all --record evidence.har",
            "cargo xtask drift evidence.har --patch drift.patch",
            "git apply drift.patch",
            "cargo xtask lint",
            "cargo xtask generate",
            "cargo xtask field-map --keep",
            "cargo xtask diff",
            "cargo xtask snapshots --accept -- -p llama-cloud-client --no-default-features --features schemars",
            "cargo test -p chat-sessions --no-default-features --lib field_map",
            "cargo xtask diff -o markdown",
        ],
    ),
    (
        "tests/workflows/provider_workflow.rs runs the commands of docs/adding-a-provider.md in a copy of the workspace",
        &[
            "cargo xtask provider new harbor --spec tests/fixtures/published/harbor.yaml --list listThreads",
            "cargo xtask field-map",
            "cargo xtask invariants",
            "cargo xtask cycles",
            "cargo xtask lint FILE",
            "cargo test -p harbor-client --no-default-features --features httpmock,schemars",
            "cargo test -p chat-sessions --no-default-features --lib",
            "cargo test -p tests --test suites harbor",
            "cargo run -p chat-sessions-cli --no-default-features -- list --sandbox --provider memories-ai --provider llama-cloud --provider harbor --limit 60",
        ],
    ),
    (
        "it takes minutes, and is run when what it measures changes",
        &[
            "cargo xtask bench",
            "cargo xtask bench --write",
            "cargo xtask fuzz",
            "cargo xtask memory",
            "cargo xtask paced",
            "cargo xtask prove",
            "cargo xtask soak",
        ],
    ),
    (
        "it needs nightly and cargo-public-api",
        &["cargo xtask public-api --write"],
    ),
    (
        "it opens a browser; `cargo xtask check` builds the documentation",
        &["cargo doc --open -p chat-sessions"],
    ),
    (
        "it needs the revision of a release; xtask/tests/commands/diff.rs runs it on a repository of its own",
        &["cargo xtask diff --base LAST-RELEASE --check"],
    ),
    (
        "it serves until it is interrupted; tests/cli/sandbox.rs runs it at a free port",
        &["chat-sessions sandbox --port 8080"],
    ),
    (
        "it is for the shell fish, in which tests/cli/completions.rs runs it",
        &["chat-sessions completions fish | source"],
    ),
    (
        "it asks for a key; tests/cli/auth.rs types one",
        &[
            "chat-sessions auth login memories-ai",
            "chat-sessions auth login llama-cloud --profile work",
        ],
    ),
];

fn is_run(command: &str) -> bool {
    NOT_RUN.iter().all(|(_, commands)| !commands.contains(&command))
}

/// The pages whose commands are tested.
fn pages() -> Vec<Page> {
    let tested = |path: &String| ["README.md", "ARCHITECTURE.md"].contains(&path.as_str()) || path.starts_with("docs/");
    tracked()
        .iter()
        .filter(|path| tested(path))
        .map(|path| Page::read(path))
        .collect()
}

/// The code within lines that is a command.
fn inline(page: &Page) -> impl Iterator<Item = &str> {
    let spans = page.spans.iter().map(String::as_str);
    spans.filter(|span| {
        ["cargo ", "chat-sessions "]
            .iter()
            .any(|program| span.starts_with(program))
    })
}

/// A home folder with a `cargo` and a `chat-sessions` that are the program under test, and with what `docs/cli.md` configures.
fn home() -> TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let write = |name: &str, text: &str, mode: u32| {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("the folder is writable");
        std::fs::write(&path, text).expect("the folder is writable");
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).expect("it is ours");
    };
    let program = env!("CARGO_BIN_EXE_chat-sessions");
    let cargo = format!(
        "#!/bin/sh\ncase \"$1 $2 $3 $4\" in\n\"run -p chat-sessions-cli --\") shift 4; exec '{program}' \"$@\";;\n\
         *) echo \"error: cargo $* is neither run nor listed\" >&2; exit 1;;\nesac\n"
    );
    write("bin/cargo", &cargo, 0o755);
    write(
        "bin/chat-sessions",
        &format!("#!/bin/sh\nexec '{program}' \"$@\"\n"),
        0o755,
    );
    let cli = Page::read("docs/cli.md");
    let configuration = cli.blocks.iter().find(|block| block.language == "toml");
    let configuration = &configuration.expect("docs/cli.md shows a configuration file").text;
    write(".config/chat-sessions/config.toml", configuration, 0o644);
    write(".keys/memories-ai", MEMORIES_KEY, 0o600);
    write(".keys/llama-cloud", LLAMA_KEY, 0o600);
    folder
}

fn run(shell: &Shell, home: &Path, script: &str) -> Output {
    let system = std::env::var("PATH").unwrap_or_default();
    let mut command = std::process::Command::new("sh");
    command.env_clear();
    // The environment of the other tests, in which no request leaves this machine.
    command.envs(program().get_envs().filter_map(|(name, value)| Some((name, value?))));
    command
        .args(["-e", "-c", script])
        .current_dir(home)
        .env("HOME", home)
        .env("PATH", format!("{}:{system}", home.join("bin").display()))
        .env("COLUMNS", "80")
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

/// Says how an example failed, if it did.
fn failure(example: &str, output: &Output) -> Option<String> {
    let said = String::from_utf8_lossy(&output.stderr);
    let well = output.status.success() && !said.contains("error");
    (!well).then(|| format!("{example}\n{said}"))
}

/// Compares what was printed with a page, up to the line `…`. Digits may differ: the sandbox's times and ids are not fixed.
fn difference(page: &str, shown: &str, printed: &str) -> Option<String> {
    let masked = |text: &str| text.replace(|c: char| c.is_ascii_digit(), "0");
    let (expected, got) = (masked(shown), masked(printed));
    let same = match expected.strip_suffix("…\n") {
        Some(begin) => got.starts_with(begin),
        None => got == expected,
    };
    (!same).then(|| {
        let lines: Vec<&str> = printed.lines().take(shown.lines().count()).collect();
        format!("{page} shows\n{shown}and the command prints\n{}", lines.join("\n"))
    })
}

#[test]
fn the_commands_of_the_documentation_run() {
    let (shell, home) = (Shell::start(), home());
    let place = cursor(
        &chat_sessions(&["list", "--sandbox", "--limit", "10", "--show-cursor"]),
        "tsv",
    )
    .expect("something is left");
    let (mut failures, mut compared) = (Vec::new(), 0);
    for page in pages() {
        for (index, block) in page
            .blocks
            .iter()
            .enumerate()
            .filter(|(_, block)| block.language == "sh")
        {
            let lines: Vec<&str> = block.text.lines().filter(|line| is_run(line)).collect();
            let script = with_keys(&lines.join("\n")).replace("cs2_…", &place);
            let output = run(&shell, home.path(), &script);
            failures.extend(failure(&format!("{}:\n{}", page.path, block.text), &output));
            if let Some(shown) = page.blocks.get(index + 1).filter(|next| next.language == "text") {
                failures.extend(difference(
                    &page.path,
                    &shown.text,
                    &String::from_utf8_lossy(&output.stdout),
                ));
                compared += 1;
            }
        }
        for command in inline(&page).filter(|command| is_run(command)) {
            let output = run(&shell, home.path(), command);
            failures.extend(failure(&format!("{}: {command}", page.path), &output));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
    assert!(compared > 0, "README.md shows what it lists");
}

#[test]
fn what_is_listed_as_not_run_is_in_the_documentation() {
    let pages = pages();
    for block in pages.iter().flat_map(|page| &page.blocks) {
        // A command in a block of another kind would be overlooked.
        let known = ["sh", "text", "toml", "diff", "rust", "rust,no_run"].contains(&block.language.as_str());
        assert!(known, "a block is marked {:?}:\n{}", block.language, block.text);
    }
    let lines = |page: &Page| -> Vec<String> {
        let blocks = page.blocks.iter().filter(|block| block.language == "sh");
        let lines = blocks.flat_map(|block| block.text.lines());
        lines.chain(inline(page)).map(str::to_owned).collect()
    };
    let all: Vec<String> = pages.iter().flat_map(lines).collect();
    for command in NOT_RUN.iter().flat_map(|(_, commands)| *commands) {
        assert!(
            all.iter().any(|line| line == command),
            "no page has the command {command}"
        );
    }
}

#[test]
fn the_rust_of_the_documentation_is_compiled() {
    let facade = std::fs::read_to_string(root().join("crates/chat-sessions/src/lib.rs")).expect("the facade is there");
    for page in pages() {
        if page.blocks.iter().any(|block| block.language.starts_with("rust")) {
            let included = format!("#[doc = include_str!(\"../../../{}\")]", page.path);
            assert!(facade.contains(&included), "lib.rs of chat-sessions lacks: {included}");
        }
    }
}

#[test]
fn the_readme_can_be_read_in_a_minute() {
    let readme = std::fs::read_to_string(root().join("README.md")).expect("the README is there");
    let lines = readme.lines().count();
    assert!((120..=160).contains(&lines), "{lines} lines");
    assert!(readme.len() <= 9_000, "{} bytes", readme.len());
}

#[test]
fn the_examples_of_the_help_run() {
    let (shell, home) = (Shell::start(), home());
    let place = cursor(&shell.list("--limit 3 --show-cursor"), "tsv").expect("something is left");
    let help = chat_sessions(&["list", "--help"]).ok();
    let examples: Vec<&str> = help
        .lines()
        .filter_map(|line| line.trim().strip_prefix("chat-sessions list"))
        // The description of the example follows it after several spaces.
        .map(|example| example.split("   ").next().unwrap_or(example))
        .collect();
    assert!(examples.len() >= 5, "{examples:?}");
    for example in examples {
        let script = format!(
            "export MEMORIES_AI_API_KEY=… \nexport LLAMA_CLOUD_API_KEY=…\nchat-sessions list{}",
            example.replace("cs2_…", &place)
        );
        assert_eq!(failure(example, &run(&shell, home.path(), &with_keys(&script))), None);
    }
}
