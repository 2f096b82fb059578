//! `man`: the pages, and that `groff` and `mandoc` accept them.

use std::path::Path;
use std::process::Command;

use crate::help::COMMANDS;
use crate::support::{chat_sessions, is_installed};

/// Replaces the version.
fn snapshot(name: &str, text: &str) {
    let text = text.replace(env!("CARGO_PKG_VERSION"), "[version]");
    insta::with_settings!({ omit_expression => true }, { insta::assert_snapshot!(name, text) });
}

#[test]
fn each_command_has_a_manual_page() {
    let folder = tempfile::tempdir().expect("a temporary directory");
    let pages = folder.path().join("man").join("man1");
    let ran = chat_sessions(&["man", "--dir", &pages.to_string_lossy()]);
    assert_eq!((ran.code, ran.stdout.as_str(), ran.stderr.as_str()), (0, "", ""));
    let mut names: Vec<String> = std::fs::read_dir(&pages)
        .expect("the directory is created")
        .map(|entry| {
            entry
                .expect("the entry is readable")
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
        let lines: Vec<&str> = page.lines().collect();
        for entry in lines.windows(3).filter(|entry| entry[0] == ".TP") {
            assert!(
                !entry[2].starts_with(".TP") && !entry[2].starts_with(".SH"),
                "{entry:?} has no text"
            );
        }
        snapshot(&format!("man_{}", name.trim_end_matches(".1")), &page);
        lint(&pages.join(name));
    }
    let page = chat_sessions(&["man"]).ok();
    assert_eq!(
        page,
        std::fs::read_to_string(pages.join("chat-sessions.1")).expect("it was written")
    );
    assert!(page.contains("\n.SH \"EXIT CODES\"\n"), "{page}");
}

/// Checks the page with the programs that are installed.
fn lint(page: &Path) {
    for (program, arguments) in [
        ("groff", &["-Kutf8", "-man", "-Tutf8", "-ww", "-z"][..]),
        ("mandoc", &["-Tlint", "-Werror"]),
    ] {
        if is_installed(program) {
            let output = Command::new(program)
                .args(arguments)
                .arg(page)
                .output()
                .expect("it starts");
            let messages = format!(
                "{}{}",
                String::from_utf8_lossy(&output.stdout),
                String::from_utf8_lossy(&output.stderr)
            );
            assert!(
                output.status.success() && messages.is_empty(),
                "{program} {}: {messages}",
                page.display()
            );
        }
    }
}

#[test]
fn the_error_for_a_directory_that_cannot_be_created_names_it() {
    let folder = tempfile::tempdir().expect("a temporary directory");
    let file = folder.path().join("file");
    std::fs::write(&file, "").expect("the directory is writable");
    let ran = chat_sessions(&["man", "--dir", &file.join("man1").to_string_lossy()]);
    assert_eq!((ran.code, ran.stdout.as_str()), (1, ""));
    assert!(ran.stderr.contains("man1"), "{}", ran.stderr);
}
