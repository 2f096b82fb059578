//! The help of every command, and suggestions for typos.

use std::fmt::Write;

use crate::support::chat_sessions;

/// Every command.
pub(crate) const COMMANDS: [&str; 17] = [
    "",
    "list",
    "show",
    "export",
    "schema",
    "providers",
    "doctor",
    "auth",
    "auth login",
    "config",
    "config show",
    "config path",
    "sandbox",
    "completions",
    "man",
    "help",
    "version",
];

fn help(command: &str, option: &str) -> String {
    let words: Vec<&str> = command.split_whitespace().chain([option]).collect();
    chat_sessions(&words).ok()
}

#[test]
fn the_help_of_every_command_starts_with_examples_and_fits_80_columns() {
    for command in COMMANDS {
        let long = help(command, "--help");
        assert!(long.starts_with("Examples:\n  "), "{command}: {long}");
        let short = help(command, "-h");
        assert!(!short.contains("Examples:"), "{command}: {short}");
        assert!(short.lines().count() < long.lines().count(), "{command}");
        for line in long.lines().chain(short.lines()) {
            assert!(line.chars().count() <= 80, "{command}: {line}");
        }
        let name = format!(
            "help_{}",
            if command.is_empty() { "program" } else { command }.replace(' ', "_")
        );
        insta::with_settings!({ omit_expression => true }, { insta::assert_snapshot!(name, long) });
    }
}

#[test]
fn every_command_is_in_the_help_of_the_program() {
    let short = help("", "-h");
    let named = short
        .lines()
        .filter(|line| line.starts_with("  ") && !line.starts_with("   "));
    let mut named = named
        .filter_map(|line| line.split_whitespace().next())
        .filter(|word| !word.starts_with('-'));
    for command in COMMANDS
        .iter()
        .filter(|command| !command.is_empty() && !command.contains(' '))
    {
        assert_eq!(named.next(), Some(*command));
    }
    assert_eq!(named.next(), None, "a command is missing in COMMANDS");
}

#[test]
fn help_lists_the_exit_codes() {
    for command in ["", "list"] {
        let help = help(command, "--help");
        let (_, codes) = help.split_once("Exit codes:\n").expect("help lists the exit codes");
        for code in [
            "0    success",
            "1    any other error",
            "2    invalid usage",
            "3    partial",
            "4    API key",
            "5    rate limited",
            "6    timeout",
            "7    a response",
            "8    invalid configuration",
            "129  ended by SIGHUP",
            "130  interrupted",
            "143  ended by SIGTERM",
        ] {
            assert!(codes.contains(code), "{command}: {code}");
        }
    }
}

#[test]
fn an_unknown_name_gets_the_most_similar_one_and_the_usage_of_the_command_that_reads_it() {
    let unknown = |typed: &str| {
        let ran = chat_sessions(&typed.split_whitespace().collect::<Vec<_>>());
        assert_eq!((ran.code, ran.stdout.as_str()), (2, ""), "{typed}");
        ran.stderr
    };
    let mut text = String::new();
    for typed in [
        "lst",
        "man lst",
        "help lst",
        "man l",
        "man list show",
        "man config shw",
        "help config shw",
        "config shw",
        "config help shw",
        "auth help lgin",
        "auth lgin",
        "completions x",
        "man --dri x",
        "help --foo",
    ] {
        writeln!(text, "$ chat-sessions {typed}\n{}", unknown(typed)).expect("a text");
    }
    insta::with_settings!({ omit_expression => true }, { insta::assert_snapshot!("unknown_names", text) });
}

#[test]
fn a_typo_gets_a_suggestion() {
    for (typed, suggestion) in [
        ("doctro", "'doctor'"),
        ("lst", "'list'"),
        ("list --profle work", "'--profile'"),
        ("list --provider memory-ai", "'memories-ai'"),
        ("doctor --snadbox", "'--sandbox'"),
        ("config shw", "'show'"),
        ("completions bsh", "'bash'"),
    ] {
        let ran = chat_sessions(&typed.split_whitespace().collect::<Vec<_>>());
        assert_eq!((ran.code, ran.stdout.as_str()), (2, ""), "{typed}");
        assert!(
            ran.stderr.contains("tip: ") && ran.stderr.contains(suggestion),
            "{typed}: {}",
            ran.stderr
        );
    }
}
