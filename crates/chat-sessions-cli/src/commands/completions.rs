//! `chat-sessions completions`: a completion script; and what the script asks this program for each
//! time Tab is pressed: names of commands, options and values, also after a comma, and those of the
//! configuration file.
//!
//! The script and the answers are from the same definition as `--help`.

use std::ffi::{OsStr, OsString};
use std::io::{self, Write};
use std::path::Path;

use clap::{Arg, Command};
use clap_complete::Shell;
use clap_complete::engine::{ArgValueCandidates, CompletionCandidate, complete};
use clap_complete::env::Shells;

use crate::config::{known_profiles, known_scopes};
use crate::exit::{Exit, Failure};
use crate::name_arg::name;
use crate::output::visible;

/// The script sets it to the name of its shell. It is not `COMPLETE`, the default of the library,
/// because that may be set for another program.
const VARIABLE: &str = "CHAT_SESSIONS_COMPLETE";

const EXAMPLES: &str = "\
Examples:
  source <(chat-sessions completions bash)      in ~/.bashrc
  source <(chat-sessions completions zsh)       in ~/.zshrc, after compinit
  chat-sessions completions fish | source       in ~/.config/fish/config.fish

The script calls chat-sessions for the suggestions. After an update, load it
again.";

#[derive(Debug, clap::Args)]
#[command(before_long_help = EXAMPLES)]
pub(crate) struct CompletionsArgs {
    /// The shell.
    #[arg(value_name = "SHELL", value_parser = name::<Shell>())]
    shell: Shell,
}

pub(crate) fn run(args: &CompletionsArgs, program: &Command) -> Result<Exit, Failure> {
    let mut script = Vec::new();
    let name = program.get_name();
    // Every shell that can be given has a script.
    if let Some(shell) = Shells::builtins().completer(&args.shell.to_string()) {
        shell.write_registration(VARIABLE, name, name, name, &mut script)?;
    }
    io::stdout().lock().write_all(&script)?;
    Ok(Exit::Ok)
}

/// Answers a completion script. Returns `None` if none is asking.
pub(crate) fn answer(program: impl FnOnce() -> Command, arguments: &[OsString]) -> Option<Exit> {
    let shell = std::env::var(VARIABLE).ok()?;
    let shells = Shells::builtins();
    let shell = shells.completer(&shell)?;
    let words = arguments.iter().skip_while(|word| *word != "--").skip(1);
    let words: Vec<OsString> = words.cloned().collect();
    if words.is_empty() {
        return None;
    }
    let mut program = with_candidates(program(), &words);
    let mut reply = Vec::new();
    // Paths start there.
    let folder = std::env::current_dir().ok();
    let answered = if shell.name() == "bash" {
        bash_reply(&mut program, words, folder.as_deref(), &mut reply)
    } else {
        shell.write_complete(&mut program, words, folder.as_deref(), &mut reply)
    };
    // A message would appear in the middle of what the user types.
    let printed = answered.and_then(|()| io::stdout().lock().write_all(&reply));
    Some(if printed.is_ok() { Exit::Ok } else { Exit::Other })
}

/// Prints suggestions for bash. It splits a word at `=`, and takes the reply as it is typed, without
/// quoting it. The library's own adapter leaves both to others.
fn bash_reply(
    program: &mut Command,
    mut words: Vec<OsString>,
    folder: Option<&Path>,
    reply: &mut Vec<u8>,
) -> io::Result<()> {
    let index = std::env::var("_CLAP_COMPLETE_INDEX").ok();
    let mut index = index.and_then(|index| index.parse().ok()).unwrap_or_default();
    let mut at = 1;
    while at < words.len() {
        let follows_option = words[at - 1].to_string_lossy().starts_with("--");
        if words[at] == "=" && follows_option && at != index {
            words.remove(at);
            index -= usize::from(at < index);
        } else {
            at += 1;
        }
    }
    let separator = std::env::var("_CLAP_IFS").unwrap_or_else(|_| "\n".to_owned());
    let candidates = complete(program, words, index, folder)?;
    let candidates = candidates.iter().map(|candidate| escaped(candidate.get_value()));
    reply.extend(candidates.collect::<Vec<_>>().join(&separator).into_bytes());
    Ok(())
}

/// Escapes what a shell would interpret.
fn escaped(word: &OsStr) -> String {
    let mut escaped = String::new();
    for character in word.to_string_lossy().chars() {
        if character.is_ascii() && !character.is_ascii_alphanumeric() && !"-_./,:=@%+~".contains(character) {
            escaped.push('\\');
        }
        escaped.push(character);
    }
    escaped
}

/// Adds the candidates that are not part of the definition. The last of the words is being completed.
fn with_candidates(program: Command, words: &[OsString]) -> Command {
    let names = command_names(&program, words);
    add_candidates(program, &names)
}

fn add_candidates(command: Command, names: &[String]) -> Command {
    let with = |arg: Arg| match arg.get_id().as_str() {
        "profile" => arg.add(ArgValueCandidates::new(|| candidates(known_profiles()))),
        "scope" => arg.add(ArgValueCandidates::new(|| candidates(known_scopes()))),
        "command" => {
            let names = names.to_vec();
            arg.add(ArgValueCandidates::new(move || candidates(names.clone())))
        }
        _ => arg,
    };
    command
        .mut_args(with)
        .mut_subcommands(|command| add_candidates(command, names))
}

/// Omits names that cannot be typed, or that could control the terminal.
fn candidates(names: Vec<String>) -> Vec<CompletionCandidate> {
    let names = names.into_iter().filter(|name| visible(name) == name.as_str());
    names.map(CompletionCandidate::new).collect()
}

/// Returns the commands that `help` and `man` take after these words, the last of which is being
/// completed.
fn command_names(program: &Command, words: &[OsString]) -> Vec<String> {
    let before = words.split_last().map_or(&[][..], |(_, before)| before);
    let before = before
        .iter()
        .skip(1)
        .filter(|word| !["help", "man"].iter().any(|name| *word == name));
    let within = before.fold(program, |command, word| {
        command.find_subcommand(word).unwrap_or(command)
    });
    let commands = within.get_subcommands().filter(|command| !command.is_hide_set());
    commands.map(|command| command.get_name().to_owned()).collect()
}
