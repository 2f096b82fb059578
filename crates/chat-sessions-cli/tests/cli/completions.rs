//! `completions`: the scripts, and that a real bash completes with them.

use std::process::Command;

use crate::support::{chat_sessions, is_installed};

fn snapshot(name: &str, text: &str) {
    insta::with_settings!({ omit_expression => true }, { insta::assert_snapshot!(name, text) });
}

#[test]
fn the_scripts_do_not_change_by_accident() {
    for shell in ["bash", "zsh", "fish"] {
        snapshot(
            &format!("completions_{shell}"),
            &chat_sessions(&["completions", shell]).ok(),
        );
    }
}

#[test]
fn a_real_bash_completes_commands_options_and_values() {
    if !is_installed("bash") {
        return;
    }
    let folder = tempfile::tempdir().expect("a temporary directory");
    let script = folder.path().join("chat-sessions.bash");
    std::fs::write(&script, chat_sessions(&["completions", "bash"]).ok()).expect("the directory is writable");
    let completed = |typed: &str| {
        // What bash does when Tab is pressed after the last word.
        let complete = r#"
            source "$1"
            read -ra COMP_WORDS <<< "$2"
            [[ $2 == *' ' ]] && COMP_WORDS+=("")
            COMP_CWORD=$(( ${#COMP_WORDS[@]} - 1 ))
            previous=""
            (( COMP_CWORD > 0 )) && previous=${COMP_WORDS[COMP_CWORD-1]}
            registered=$(complete -p chat-sessions) || exit 1
            function=${registered#* -F }
            "${function%% *}" chat-sessions "${COMP_WORDS[COMP_CWORD]}" "$previous"
            printf '%s\n' "${COMPREPLY[@]}"
        "#;
        let output = Command::new("bash")
            .args(["--noprofile", "--norc", "-c", complete, "bash"])
            .arg(&script)
            .arg(typed)
            .output()
            .expect("bash starts");
        assert!(
            output.status.success(),
            "{typed}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
        String::from_utf8(output.stdout).expect("it prints UTF-8")
    };
    for (typed, expected) in [
        ("chat-sessions do", "doctor"),
        ("chat-sessions config ", "show"),
        ("chat-sessions list --prof", "--profile"),
        ("chat-sessions list --provider mem", "memories-ai"),
        ("chat-sessions list -o nd", "ndjson"),
        ("chat-sessions completions z", "zsh"),
    ] {
        let reply = completed(typed);
        assert!(reply.lines().any(|word| word == expected), "{typed}: {reply}");
    }
}
