//! `chat-sessions`: the chat sessions of every provider in one list, at a shell.
//!
//! `main` parses the arguments, runs the command, reports its failure and exits. Each command has a
//! file in `commands/`. `config/` decides which accounts are listed, `provider.rs` holds everything
//! specific to one provider, and `output/` writes rows to standard output and messages to standard
//! error.

mod args;
mod clock;
mod commands;
mod config;
mod embedded_sandbox;
mod exit;
mod interrupt;
mod log_lines;
mod number_arg;
mod output;
mod provider;
mod runtime;
mod time_zone;
mod verbosity;

use std::io::{self, ErrorKind, Write};
use std::process::ExitCode;

use clap::{ArgMatches, CommandFactory, FromArgMatches};

use crate::args::{Args, Command};
use crate::commands::{completions, config as config_command, doctor, list, man, providers, sandbox, schema};
use crate::exit::{Exit, Failure};
use crate::output::{Format, messages, set_color};
use crate::verbosity::Verbosity;

fn main() -> ExitCode {
    std::panic::set_hook(Box::new(messages::panic));
    let matches = Args::command().try_get_matches();
    let parsed = matches.and_then(|matches| Ok((Args::from_arg_matches(&matches)?, matches)));
    let exit = match parsed {
        Ok((args, matches)) => {
            let format = args.command.format();
            run(args).unwrap_or_else(|failure| report(failure, &matches, format))
        }
        Err(error) => print(error).unwrap_or_else(|error| output_failure(&error, Format::Table)),
    };
    exit.into()
}

/// Prints help or the version to standard output, and an error in the arguments to standard error.
fn print(error: clap::Error) -> io::Result<Exit> {
    if error.use_stderr() {
        messages::usage(error);
        return Ok(Exit::Usage);
    }
    error.print()?;
    io::stdout().flush()?;
    Ok(Exit::Ok)
}

fn run(args: Args) -> Result<Exit, Failure> {
    set_color(args.color);
    clock::chosen_day()?;
    let verbosity = match Verbosity::start(args.quiet, args.verbose) {
        Ok(verbosity) => verbosity,
        Err(complaint) => {
            messages::configuration(&complaint, args.command.format());
            return Ok(Exit::Config);
        }
    };
    match args.command {
        Command::List(args) => list::run(&args, verbosity),
        Command::Schema => schema::run(),
        Command::Providers(args) => providers::run(&args),
        Command::Doctor(args) => doctor::run(&args, verbosity),
        Command::Config(args) => config_command::run(&args),
        Command::Sandbox(args) => sandbox::run(&args),
        Command::Completions(args) => completions::run(&args, Args::command()),
        Command::Man(args) => man::run(&args, Args::command()),
    }
}

/// Reports why a command failed, and returns the exit code.
fn report(failure: Failure, matches: &ArgMatches, format: Format) -> Exit {
    match failure {
        Failure::Output(error) => output_failure(&error, format),
        Failure::Usage(error) => {
            messages::usage(error.format(&mut called_command(matches)));
            Exit::Usage
        }
        Failure::Error(error) => {
            messages::error(&error, format);
            Exit::from(&error)
        }
        Failure::Sandbox(error) => {
            messages::sandbox_failure(&error, format);
            Exit::Other
        }
    }
}

fn output_failure(error: &io::Error, format: Format) -> Exit {
    // A reader such as `head` closes the pipe when it has enough.
    if error.kind() == ErrorKind::BrokenPipe {
        return Exit::Ok;
    }
    messages::output_failure(error, format);
    Exit::Other
}

/// Returns the definition of the command that was called, for the usage line of an error.
fn called_command(mut matches: &ArgMatches) -> clap::Command {
    let mut command = Args::command();
    command.build();
    while let Some((name, inner)) = matches.subcommand() {
        if let Some(called) = command.find_subcommand(name).cloned() {
            command = called;
        }
        matches = inner;
    }
    command
}
