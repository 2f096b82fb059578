//! What people type because other programs have it: `help`, `version`, `ls`, short options, names in
//! capital letters, and options that this program calls differently.

use crate::support::{Shell, chat_sessions, ids, run};

fn ran(arguments: &str) -> crate::support::Ran {
    chat_sessions(&arguments.split_whitespace().collect::<Vec<_>>())
}

#[test]
fn help_is_a_command_for_every_command() {
    for command in crate::help::COMMANDS {
        assert_eq!(
            ran(&format!("help {command}")).ok(),
            ran(&format!("{command} --help")).ok(),
            "{command}"
        );
    }
    for (typed, same) in [
        ("help ls", "list --help"),
        ("help help", "help --help"),
        ("config help", "config --help"),
        ("config help show", "config show --help"),
        ("auth help", "auth --help"),
        ("auth help login", "auth login --help"),
        ("help config path", "config path --help"),
    ] {
        assert_eq!(ran(typed).ok(), ran(same).ok(), "{typed}");
    }
    for (typed, expected) in [
        ("help lst", "'list'"),
        ("help config shw", "'show'"),
        ("help list show", "'show'"),
        ("help --bogus", "--bogus"),
        ("man doctro", "'doctor'"),
    ] {
        let ran = ran(typed);
        assert_eq!((ran.code, ran.stdout.as_str()), (2, ""), "{typed}: {ran:?}");
        assert!(ran.stderr.contains(expected), "{typed}: {}", ran.stderr);
    }
}

#[test]
fn version_is_a_command() {
    assert_eq!(ran("version").ok(), ran("--version").ok());
    assert_eq!(ran("version").ok(), ran("-V").ok());
}

#[test]
fn list_has_a_short_name_and_short_options() {
    let shell = Shell::start();
    let long = shell.list("--limit 7 --provider llama-cloud --output ndjson");
    let mut command = shell.command("-n 7 -p llama-cloud -o ndjson");
    assert_eq!(run(&mut command).ok(), long.stdout);
    assert_eq!(ids(&long, "ndjson").len(), 7);
    let embedded = ran("list --sandbox --limit 3").ok();
    assert_eq!(ran("ls --sandbox -n3").ok(), embedded);
    for command in ["doctor", "config show"] {
        let help = ran(&format!("{command} -h")).ok();
        assert!(help.contains("-p, --provider"), "{help}");
    }
}

#[test]
fn names_are_accepted_with_spaces_and_capitals() {
    let list = |arguments: &[&str]| {
        let arguments = [&["list", "--sandbox", "--limit", "3", "-q"], arguments].concat();
        chat_sessions(&arguments).ok()
    };
    for (typed, same) in [
        (
            &["--columns", " title, ID ,Created_At", "-o", "CSV"][..],
            &["--columns", "title,id,created_at", "-o", "csv"][..],
        ),
        (
            &["--columns", "Title", "--columns", "\tId", "-o", " Tsv"],
            &["--columns", "title,id", "-o", "tsv"],
        ),
        (
            &["--fields", "Id, LAST_RUN", "-o", "NDJSON"],
            &["--fields", "id,last_run", "-o", "ndjson"],
        ),
        (
            &["-p", " Memories-AI", "-p", "LLAMA-CLOUD", "--order", "Source"],
            &["-p", "memories-ai", "-p", "llama-cloud", "--order", "source"],
        ),
        (&["--scope", "Memories-AI/default"], &["--scope", "memories-ai/default"]),
        (
            &["-o", "Table", "--color", "ALWAYS"],
            &["-o", "table", "--color", "always"],
        ),
    ] {
        assert_eq!(list(typed), list(same), "{typed:?}");
    }
    assert_eq!(ran("completions ZSH").ok(), ran("completions zsh").ok());
    assert_eq!(ran("providers -o JSON").ok(), ran("providers -o json").ok());

    for (typed, message) in [
        ("--columns title,,id", "a value is required"),
        ("--columns Titel", "'title'"),
        ("-p memory", "'memories-ai'"),
    ] {
        let ran = ran(&format!("list --sandbox {typed}"));
        assert_eq!((ran.code, ran.stdout.as_str()), (2, ""), "{typed}");
        assert!(ran.stderr.contains(message), "{typed}: {}", ran.stderr);
    }
}

#[test]
fn options_of_other_programs_get_a_suggestion() {
    for (typed, tip) in [
        ("list --json", "use '-o json'"),
        ("ls --json", "use '-o json'"),
        ("list --json=id,title", "use '-o json'"),
        ("list --sandbox --csv", "use '-o csv'"),
        ("list --tsv", "use '-o tsv'"),
        ("list --ndjson", "use '-o ndjson'"),
        ("list --jsonl", "use '-o ndjson'"),
        ("list --table", "use '-o table'"),
        ("-q list --json", "use '-o json'"),
        ("doctor --json", "use '-o json'"),
        ("providers --json", "use '-o json'"),
        ("config show --json", "use '-o json'"),
        ("config path --json", "use '-o json'"),
        ("doctor --csv", "use '-o'"),
        ("list --format json", "use '--output'"),
        ("list --sort-by time", "use '--order'"),
        ("list --max 7", "use '--limit'"),
        ("list --grep x", "use '--title'"),
        ("list --no-color", "use '--color never'"),
        ("list --version", "use 'chat-sessions version'"),
        ("list --debug", "use '-vv'"),
        ("list --api-key x", "'chat-sessions auth login' asks for it"),
        ("auth status", "use 'chat-sessions doctor'"),
        ("auth logout", "delete the key file"),
    ] {
        let ran = ran(typed);
        assert_eq!((ran.code, ran.stdout.as_str()), (2, ""), "{typed}");
        let tips: Vec<&str> = ran.stderr.lines().filter(|line| line.contains("tip:")).collect();
        assert_eq!(tips.len(), 1, "{typed}: {}", ran.stderr);
        assert!(tips[0].contains(tip), "{typed}: {}", ran.stderr);
        assert!(ran.stderr.contains("[OPTIONS]"), "{typed}: {}", ran.stderr);
    }
    // Without a format to choose, there is nothing to suggest.
    assert!(!ran("schema --json").stderr.contains("tip:"));
}

#[test]
fn a_width_that_is_no_width_counts_as_not_set() {
    let shell = Shell::start();
    let with = |columns: Option<&str>, arguments: &[&str]| {
        let mut command = shell.command("--limit 3 -q -o table");
        if arguments.first() == Some(&"help") {
            command = crate::support::program();
        }
        command.args(arguments);
        if let Some(columns) = columns {
            command.env("COLUMNS", columns);
        }
        run(&mut command).ok()
    };
    for arguments in [&[][..], &["help", "list"]] {
        let unset = with(None, arguments);
        for columns in ["0", "", "-1", "wide", "80x24", "99999999999999999999999", "1e2", "00"] {
            assert_eq!(with(Some(columns), arguments), unset, "COLUMNS={columns} {arguments:?}");
        }
        assert_ne!(with(Some("40"), arguments), unset, "{arguments:?}");
        assert_eq!(
            with(Some(" 40 "), arguments),
            with(Some("40"), arguments),
            "{arguments:?}"
        );
    }
}
