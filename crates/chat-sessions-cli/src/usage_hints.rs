//! What to write instead of an option that other programs have, such as `--json`.

use std::ffi::OsString;

use clap::Command;
use clap::builder::StyledStr;
use clap::error::{ContextKind, ContextValue, ErrorKind};

/// Options of other programs for an output format, with the name of the format here.
const FORMATS: [(&str, &str); 8] = [
    ("--json", "json"),
    ("--ndjson", "ndjson"),
    ("--jsonl", "ndjson"),
    ("--csv", "csv"),
    ("--tsv", "tsv"),
    ("--table", "table"),
    ("--text", "text"),
    ("--plain", "tsv"),
];

/// Options of other programs with the option here, which a command may lack.
const OPTIONS: [(&str, &str); 11] = [
    ("--format", "output"),
    ("--output-format", "output"),
    ("--max", "limit"),
    ("--count", "limit"),
    ("--sort", "order"),
    ("--sort-by", "order"),
    ("--search", "title"),
    ("--grep", "title"),
    ("--after", "since"),
    ("--before", "until"),
    ("--colour", "color"),
];

/// Instead of a key among the arguments.
const KEY: &str = "a key is never an argument; 'chat-sessions auth login' asks for it";

/// Adds a suggestion to the error about an unknown option, if there is one.
pub(crate) fn add(error: &mut clap::Error, program: &Command, arguments: &[OsString]) {
    if error.kind() != ErrorKind::UnknownArgument {
        return;
    }
    let Some(ContextValue::String(option)) = error.get(ContextKind::InvalidArg).cloned() else {
        return;
    };
    let command = called(program, arguments);
    let may_be_key = command.get_name() == "login" && !option.starts_with('-');
    if may_be_key {
        error.insert(ContextKind::InvalidArg, ContextValue::String("[hidden]".to_owned()));
    }
    let suggestion = if may_be_key {
        Some(KEY.to_owned())
    } else {
        suggestion(&option, command)
    };
    let Some(suggestion) = suggestion else {
        return;
    };
    // Replaces the option that is spelled most similarly, which means something else, and the usage
    // with it.
    error.remove(ContextKind::SuggestedArg);
    let usage = command.clone().render_usage();
    error.insert(ContextKind::Usage, ContextValue::StyledStr(usage));
    let suggestion = ContextValue::StyledStrs(vec![StyledStr::from(suggestion)]);
    error.insert(ContextKind::Suggested, suggestion);
}

/// Returns the command that these arguments call.
pub(crate) fn called<'a>(program: &'a Command, arguments: &[OsString]) -> &'a Command {
    let words = arguments.iter().skip(1);
    words.fold(program, |command, word| {
        command.find_subcommand(word).unwrap_or(command)
    })
}

fn suggestion(option: &str, command: &Command) -> Option<String> {
    let has = |name: &str| {
        let mut known = command.get_arguments();
        known.find(|known| known.get_long() == Some(name))
    };
    let mut formats = FORMATS.iter();
    if let Some((_, format)) = formats.find(|(other, _)| *other == option) {
        let output = has("output")?;
        let is_known = output
            .get_possible_values()
            .iter()
            .any(|value| value.matches(format, false));
        return Some(if is_known {
            format!("use '-o {format}'")
        } else {
            "use '-o'; '--help' lists its formats".to_owned()
        });
    }
    let mut options = OPTIONS.iter();
    if let Some((_, own)) = options.find(|(other, _)| *other == option) {
        return has(own).map(|_| format!("use '--{own}'"));
    }
    match option {
        "--no-color" | "--no-colour" => Some("use '--color never', or set NO_COLOR=1".to_owned()),
        "--version" => Some("use 'chat-sessions version'".to_owned()),
        "--api-key" | "--key" | "--token" => Some(KEY.to_owned()),
        "--debug" => Some("use '-vv'".to_owned()),
        _ => None,
    }
}
