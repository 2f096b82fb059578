//! Completions and manual pages: what they are, and that real programs can read them where there are any.

use std::path::Path;
use std::process::{Command, Stdio};

use crate::help::COMMANDS;
use crate::support::chat_sessions;

/// Takes out the version, which changes more often than a page.
fn snapshot(name: &str, text: &str) {
    let text = text.replace(env!("CARGO_PKG_VERSION"), "[version]");
    insta::with_settings!({ omit_expression => true }, { insta::assert_snapshot!(name, text) });
}

/// Says whether a program is there to be tried with.
fn is_there(program: &str) -> bool {
    let mut command = Command::new(program);
    command
        .arg("--version")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    command.status().is_ok()
}

#[test]
fn each_shell_gets_its_completions() {
    for shell in ["bash", "zsh", "fish"] {
        snapshot(
            &format!("completions_{shell}"),
            &chat_sessions(&["completions", shell]).ok(),
        );
    }
}

#[test]
fn a_real_bash_completes_commands_options_and_values() {
    if !is_there("bash") {
        return;
    }
    let folder = tempfile::tempdir().expect("a temporary folder");
    let script = folder.path().join("chat-sessions.bash");
    std::fs::write(&script, chat_sessions(&["completions", "bash"]).ok()).expect("the folder is writable");
    let completed = |typed: &str| {
        // What bash does when Tab is pressed behind the last word.
        let ask = r#"
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
            .args(["--noprofile", "--norc", "-c", ask, "bash"])
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

#[test]
fn each_command_has_a_manual_page() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let pages = folder.path().join("man").join("man1");
    let ran = chat_sessions(&["man", "--dir", &pages.to_string_lossy()]);
    assert_eq!((ran.code, ran.stdout.as_str(), ran.stderr.as_str()), (0, "", ""));
    let mut names: Vec<String> = std::fs::read_dir(&pages)
        .expect("the folder is made")
        .map(|entry| {
            entry
                .expect("it can be read")
                .file_name()
                .to_string_lossy()
                .into_owned()
        })
        .collect();
    names.sort();
    let mut expected: Vec<String> = COMMANDS
        .iter()
        .map(|command| format!("{}.1", format!("chat-sessions {command}").trim_end().replace(' ', "-")))
        .collect();
    expected.sort();
    assert_eq!(names, expected);
    for name in &names {
        let page = std::fs::read_to_string(pages.join(name)).expect("it was written");
        assert!(page.contains("\n.SH EXAMPLES\n"), "{name}");
        snapshot(&format!("man_{}", name.trim_end_matches(".1")), &page);
        lint(&pages.join(name));
    }
    let shown = chat_sessions(&["man"]).ok();
    assert_eq!(
        shown,
        std::fs::read_to_string(pages.join("chat-sessions.1")).expect("it was written")
    );
    assert!(shown.contains("\n.SH \"EXIT CODES\"\n"), "{shown}");
}

/// Shows the page to the programs that read manuals, where they are.
fn lint(page: &Path) {
    for (program, arguments) in [
        ("groff", &["-Kutf8", "-man", "-Tutf8", "-ww", "-z"][..]),
        ("mandoc", &["-Tlint", "-Werror"]),
    ] {
        if is_there(program) {
            let output = Command::new(program)
                .args(arguments)
                .arg(page)
                .output()
                .expect("it starts");
            let said = format!(
                "{}{}",
                String::from_utf8_lossy(&output.stdout),
                String::from_utf8_lossy(&output.stderr)
            );
            assert!(
                output.status.success() && said.is_empty(),
                "{program} {}: {said}",
                page.display()
            );
        }
    }
}

#[test]
fn a_folder_that_cannot_be_made_is_an_error_with_its_name() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = folder.path().join("file");
    std::fs::write(&file, "").expect("the folder is writable");
    let ran = chat_sessions(&["man", "--dir", &file.join("man1").to_string_lossy()]);
    assert_eq!((ran.code, ran.stdout.as_str()), (1, ""));
    assert!(ran.stderr.contains("man1"), "{}", ran.stderr);
}
