//! `chat-sessions help`: what `--help` prints, as a command.

use std::ffi::OsString;

use clap::Command;
use clap::error::ErrorKind;

use crate::exit::{Exit, Failure};
use crate::output::show_help;
use crate::usage_hints;

const EXAMPLES: &str = "\
Examples:
  chat-sessions help                     the help of the program
  chat-sessions help list                the same as chat-sessions list --help";

#[derive(Debug, clap::Args)]
#[command(before_long_help = EXAMPLES)]
pub(crate) struct HelpArgs {
    /// The command; default: the program itself.
    #[arg(value_name = "COMMAND")]
    pub(crate) command: Vec<String>,
}

/// Shows the help of a command.
pub(crate) fn run(words: &[String], program: &Command, pager: bool) -> Result<Exit, Failure> {
    let mut command = find(program, words)?;
    show_help(&command.render_long_help(), pager)?;
    Ok(Exit::Ok)
}

/// Finds a command by its name, which may have two words.
pub(super) fn find(program: &Command, words: &[String]) -> Result<Command, Failure> {
    // The parser reports an unknown command, with the most similar one.
    let called: Vec<OsString> = std::iter::once(program.get_name())
        .chain(words.iter().map(String::as_str))
        .map(OsString::from)
        .collect();
    let line = called.iter().cloned().chain([OsString::from("--help")]);
    match program.clone().try_get_matches_from(line) {
        Err(mut error) if error.kind() != ErrorKind::DisplayHelp => {
            usage_hints::name_suggestions(&mut error, usage_hints::called(program, &called));
            return Err(Failure::Usage(error));
        }
        _ => {}
    }
    let mut program = program.clone();
    // Sets the full names of the subcommands.
    program.build();
    let found = words
        .iter()
        .try_fold(&program, |command, word| command.find_subcommand(word));
    Ok(found.unwrap_or(&program).clone())
}

/// Returns whether these arguments want `--help` rather than `-h`, without `--no-pager`. The short help
/// fits on a screen. It is printed as it is, as git and cargo do.
pub(crate) fn wants_pager(arguments: &[OsString]) -> bool {
    let has = |option: &str| arguments.iter().any(|argument| argument == option);
    has("--help") && !has("--no-pager")
}
