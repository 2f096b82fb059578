//! `completions`: the scripts, and that real shells complete with them.

use std::path::PathBuf;
use std::process::Command;

use tempfile::TempDir;

use crate::support::{chat_sessions, is_installed, program};

const SHELLS: [&str; 5] = ["bash", "zsh", "fish", "elvish", "powershell"];

/// The profiles and scopes that completion offers; and names that need care.
const CONFIG: &str = r#"
default_profile = "missing"

[profile.work.memories-ai]
unique_id = "team-a"

[profile.work.llama-cloud]
project_id = "proj-7"

[profile."with space".memories-ai]
unique_id = "team a"

[profile.home]
"#;

/// What is typed, and a word that is offered, as the shell shows it.
const TYPED: [(&str, &str); 22] = [
    ("chat-sessions do", "doctor"),
    ("chat-sessions config ", "show"),
    ("chat-sessions auth login mem", "memories-ai"),
    ("chat-sessions help co", "config"),
    ("chat-sessions help config ", "path"),
    ("chat-sessions man li", "list"),
    ("chat-sessions list --prof", "--profile"),
    ("chat-sessions ls --prov", "--provider"),
    ("chat-sessions list --provider mem", "memories-ai"),
    ("chat-sessions list -p ll", "llama-cloud"),
    ("chat-sessions list -o nd", "ndjson"),
    ("chat-sessions list --columns ti", "title"),
    ("chat-sessions list --columns title,i", "title,id"),
    ("chat-sessions list --columns title,id,", "title,id,created_at"),
    ("chat-sessions list --fields id,las", "id,last_run"),
    ("chat-sessions list --profile w", "work"),
    ("chat-sessions doctor --scope mem", "memories-ai/team-a"),
    ("chat-sessions show --tit", "--title"),
    ("chat-sessions show -o nd", "ndjson"),
    ("chat-sessions schema sh", "show"),
    ("chat-sessions completions z", "zsh"),
    ("chat-sessions list --record evi", "evidence.har"),
];

/// A home with the program in its `PATH`, the configuration, and the script of a shell.
struct Home {
    folder: TempDir,
}

impl Home {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a temporary directory");
        let home = Self { folder };
        std::fs::write(home.path("evidence.har"), "").expect("the directory is writable");
        std::fs::write(home.path("config.toml"), CONFIG).expect("the directory is writable");
        for shell in SHELLS {
            let script = chat_sessions(&["completions", shell]).ok();
            std::fs::write(home.path(shell), script).expect("the directory is writable");
        }
        home
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// A shell that finds the program by its name.
    fn command(&self, shell: &str) -> Command {
        let program_folder = PathBuf::from(env!("CARGO_BIN_EXE_chat-sessions"));
        let program_folder = program_folder
            .parent()
            .expect("it is in a directory")
            .display()
            .to_string();
        let mut command = Command::new(shell);
        command
            .env_clear()
            .envs(program().get_envs().filter_map(|(name, value)| Some((name, value?))))
            .env("PATH", format!("{program_folder}:/usr/bin:/bin"))
            .env("HOME", self.folder.path())
            .env("TERM", "dumb")
            .env("CHAT_SESSIONS_CONFIG", self.path("config.toml"))
            .current_dir(self.folder.path());
        command
    }
}

fn printed(command: &mut Command) -> String {
    let output = command.output().expect("the shell starts");
    let messages = String::from_utf8_lossy(&output.stderr);
    assert!(
        output.status.success() && messages.is_empty(),
        "{command:?}: {messages}"
    );
    String::from_utf8(output.stdout).expect("it prints UTF-8")
}

fn snapshot(name: &str, text: &str) {
    insta::with_settings!({ omit_expression => true }, { insta::assert_snapshot!(name, text) });
}

#[test]
fn the_scripts_do_not_change_by_accident() {
    for shell in SHELLS {
        snapshot(
            &format!("completions_{shell}"),
            &chat_sessions(&["completions", shell]).ok(),
        );
    }
}

#[test]
fn a_variable_of_another_program_or_with_another_value_changes_nothing() {
    for (name, value) in [
        ("COMPLETE", "bash"),
        ("CHAT_SESSIONS_COMPLETE", ""),
        ("CHAT_SESSIONS_COMPLETE", "1"),
        ("CHAT_SESSIONS_COMPLETE", "bash"),
    ] {
        let ran = crate::support::run(program().env(name, value).arg("version"));
        assert!(ran.ok().starts_with("chat-sessions 0."), "{name}={value}");
    }
}

#[cfg(unix)]
#[test]
fn a_real_bash_completes_commands_options_and_values() {
    if !is_installed("bash") {
        eprintln!("skipped: bash is not installed");
        return;
    }
    let home = Home::new();
    let completed = |typed: &str| {
        // What bash does when Tab is pressed after the last word. It splits words at `=`.
        let complete = r#"
            source ./bash
            typed=$1
            read -ra COMP_WORDS <<< "${typed//=/ = }"
            [[ $typed == *' ' || $typed == *= ]] && COMP_WORDS+=("")
            [[ $typed == *= ]] && unset "COMP_WORDS[-1]"
            COMP_CWORD=$(( ${#COMP_WORDS[@]} - 1 ))
            COMP_TYPE=9
            current=${COMP_WORDS[COMP_CWORD]}
            [[ $current == '=' ]] && current=""
            registered=$(complete -p chat-sessions) || exit 1
            function=${registered#* -F }
            "${function%% *}" chat-sessions "$current" "${COMP_WORDS[COMP_CWORD-1]}" 2>/dev/null
            printf '%s\n' "${COMPREPLY[@]}"
        "#;
        let mut bash = home.command("bash");
        printed(bash.args(["--noprofile", "--norc", "-c", complete, "bash", typed]))
    };
    let after_equals = [
        ("chat-sessions list --provider=mem", "memories-ai"),
        ("chat-sessions list --provider=", "llama-cloud"),
        ("chat-sessions list --columns=title,i", "title,id"),
        ("chat-sessions list --order=source --columns=title,i", "title,id"),
        ("chat-sessions list --order=source --prof", "--profile"),
        ("chat-sessions list --profile with", "with\\ space"),
        ("chat-sessions list --scope memories-ai/", "memories-ai/team\\ a"),
    ];
    for (typed, expected) in TYPED.into_iter().chain(after_equals) {
        let reply = completed(typed);
        assert!(reply.lines().any(|word| word == expected), "{typed}: {reply}");
    }
    // A broken configuration offers nothing, and prints nothing.
    std::fs::write(home.path("config.toml"), "= broken").expect("the directory is writable");
    assert_eq!(completed("chat-sessions list --profile w").trim(), "");
    assert!(completed("chat-sessions list --columns title,i").contains("title,id"));
}

#[cfg(unix)]
#[test]
fn a_real_fish_completes_commands_options_and_values() {
    if !is_installed("fish") {
        eprintln!("skipped: fish is not installed");
        return;
    }
    let home = Home::new();
    for (typed, expected) in TYPED.into_iter().chain([
        ("chat-sessions list --provider=mem", "--provider=memories-ai"),
        ("chat-sessions list --columns=title,i", "--columns=title,id"),
        ("chat-sessions list --profile with", "with space"),
    ]) {
        let mut fish = home.command("fish");
        let reply = printed(fish.args([
            "--no-config",
            "-c",
            "source ./fish; complete --do-complete $argv[1]",
            typed,
        ]));
        let mut words = reply.lines().map(|line| line.split('\t').next().unwrap_or_default());
        assert!(words.any(|word| word == expected), "{typed}: {reply}");
    }
}

#[cfg(unix)]
#[test]
fn a_real_zsh_completes_commands_options_and_values() {
    if !is_installed("zsh") {
        eprintln!("skipped: zsh is not installed");
        return;
    }
    let home = Home::new();
    // Completion works only in an interactive zsh, so this replaces the function that displays the
    // candidates by one that prints them.
    let complete = r#"
        compdef() { function=$1 }
        source ./zsh
        _describe() { print -rl -- ${(P)3} }
        words=("${(@s: :)1}")
        CURRENT=${#words}
        $function
    "#;
    for (typed, expected) in TYPED.into_iter().chain([
        ("chat-sessions list --provider=mem", "--provider=memories-ai"),
        ("chat-sessions list --columns=title,i", "--columns=title,id"),
        ("chat-sessions list --profile with", "with space"),
    ]) {
        let mut zsh = home.command("zsh");
        let reply = printed(zsh.args(["--no-rcs", "-c", complete, "zsh", typed]));
        let mut words = reply.lines().map(|line| line.split(':').next().unwrap_or_default());
        assert!(words.any(|word| word == expected), "{typed}: {reply}");
    }
}
