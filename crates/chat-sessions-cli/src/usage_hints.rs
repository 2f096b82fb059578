//! What to write instead of an option or a command that other programs have, such as `--json`.

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

/// Commands of other programs below `auth`, with what to do here.
const AUTH_COMMANDS: [(&str, &str); 4] = [
    ("status", "use 'chat-sessions doctor', which checks every key"),
    ("list", "use 'chat-sessions config show', which says where each key is"),
    ("logout", "delete the key file that 'chat-sessions config show' names"),
    ("remove", "delete the key file that 'chat-sessions config show' names"),
];

/// Adds a suggestion to the error about an unknown option or command, if there is one.
pub(crate) fn add(error: &mut clap::Error, program: &Command, arguments: &[OsString]) {
    let unknown = match error.kind() {
        ErrorKind::UnknownArgument => ContextKind::InvalidArg,
        ErrorKind::InvalidSubcommand => ContextKind::InvalidSubcommand,
        _ => return,
    };
    let Some(ContextValue::String(word)) = error.get(unknown).cloned() else {
        return;
    };
    let command = called(program, arguments);
    name_suggestions(error, command);
    if matches!(command.get_name(), "help" | "man" | "schema" | "show") {
        // The parser says how to pass an option as a name. No command and no id begins with a hyphen.
        error.remove(ContextKind::Suggested);
    }
    let may_be_key = command.get_name() == "login" && !word.starts_with('-');
    let suggestion = if may_be_key {
        error.insert(unknown, ContextValue::String("[hidden]".to_owned()));
        Some(KEY.to_owned())
    } else if command.get_name() == "auth" {
        let mut commands = AUTH_COMMANDS.iter();
        let found = commands.find(|(other, _)| *other == word);
        found.map(|(_, instead)| (*instead).to_owned())
    } else {
        suggestion(&word, command)
    };
    let Some(suggestion) = suggestion else {
        return;
    };
    // Replaces what is spelled most similarly, which means something else, and the usage with it.
    error.remove(ContextKind::SuggestedArg);
    error.remove(ContextKind::SuggestedSubcommand);
    let usage = command.clone().render_usage();
    error.insert(ContextKind::Usage, ContextValue::StyledStr(usage));
    let suggestion = ContextValue::StyledStrs(vec![StyledStr::from(suggestion)]);
    error.insert(ContextKind::Suggested, suggestion);
}

/// Names each suggested subcommand of a command once, the most similar first. An alias is replaced by
/// the name that the help shows.
pub(crate) fn name_suggestions(error: &mut clap::Error, command: &Command) {
    let Some(ContextValue::Strings(similar)) = error.remove(ContextKind::SuggestedSubcommand) else {
        return;
    };
    let mut names: Vec<String> = Vec::new();
    // The parser has the most similar one last.
    for word in similar.into_iter().rev() {
        let name = command
            .find_subcommand(&word)
            .map_or_else(|| word.clone(), |found| found.get_name().to_owned());
        if !names.contains(&name) {
            names.push(name);
        }
    }
    error.insert(ContextKind::SuggestedSubcommand, ContextValue::Strings(names));
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
