//! `chat-sessions completions`: a completion script, generated from the same definition as `--help`.

use std::io::{self, Write};

use clap_complete::Shell;

use crate::exit::{Exit, Failure};

const EXAMPLES: &str = "\
Examples:
  source <(chat-sessions completions bash)
  chat-sessions completions zsh > ~/.zfunc/_chat-sessions
  chat-sessions completions fish > ~/.config/fish/completions/chat-sessions.fish";

#[derive(Debug, clap::Args)]
#[command(before_long_help = EXAMPLES)]
pub(crate) struct CompletionsArgs {
    /// For which shell.
    #[arg(value_name = "SHELL")]
    shell: Shell,
}

pub(crate) fn run(args: &CompletionsArgs, mut program: clap::Command) -> Result<Exit, Failure> {
    let name = program.get_name().to_owned();
    // The generator panics if it cannot write, for example to a closed pipe.
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut program, &name, &mut script);
    if args.shell == Shell::Bash {
        script = fix_bash_names(&script, &name);
    }
    io::stdout().lock().write_all(&script)?;
    Ok(Exit::Ok)
}

/// Works around a bug of `clap_complete` 4.6.11: if the name of the program contains a hyphen, the
/// script assigns one name to each subcommand and compares with another, and completes no subcommand.
fn fix_bash_names(script: &[u8], name: &str) -> Vec<u8> {
    let assigned = name.replace('-', "__");
    let compared = name.replace('-', "__subcmd__");
    String::from_utf8_lossy(script)
        .replace(&compared, &assigned)
        .into_bytes()
}
