//! `chat-sessions`: the chat sessions of every provider in one list, and their messages, at a shell.
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
mod name_arg;
mod number_arg;
mod output;
mod provider;
mod runtime;
mod stdout_at_start;
mod time_zone;
mod usage_hints;
mod verbosity;

use std::ffi::OsString;
use std::io::{self, ErrorKind, Write};
use std::process::ExitCode;

use clap::error::{ContextKind, ContextValue};
use clap::{ArgMatches, FromArgMatches};

use crate::args::{Args, Command, program};
use crate::commands::auth::AuthCommand;
use crate::commands::config::ConfigCommand;
use crate::commands::{
    auth, completions, config as config_command, doctor, export, help, list, man, providers, sandbox, schema, show,
};
use crate::exit::{Exit, Failure};
use crate::output::{Format, messages, set_color, show_help};
use crate::verbosity::Verbosity;

fn main() -> ExitCode {
    std::panic::set_hook(Box::new(messages::panic));
    let arguments: Vec<OsString> = std::env::args_os().collect();
    if let Some(exit) = completions::answer(program, &arguments) {
        return exit.into();
    }
    let matches = program().try_get_matches_from(&arguments);
    let parsed = matches.and_then(|matches| Ok((Args::from_arg_matches(&matches)?, matches)));
    let exit = match parsed {
        Ok((args, matches)) => {
            let format = args.command.format();
            run(args).unwrap_or_else(|failure| report(failure, &matches, format))
        }
        Err(error) => print(error, &arguments).unwrap_or_else(|error| output_failure(&error, Format::Table)),
    };
    exit.into()
}

/// Prints help or the version to standard output, and an error in the arguments to standard error.
fn print(mut error: clap::Error, arguments: &[OsString]) -> io::Result<Exit> {
    if error.use_stderr() {
        let mut program = program();
        program.build();
        usage_hints::add(&mut error, &program, arguments);
        messages::usage(error);
        return Ok(Exit::Usage);
    }
    stdout_at_start::check()?;
    show_help(&error.render(), help::wants_pager(arguments))?;
    Ok(Exit::Ok)
}

fn print_version() -> io::Result<Exit> {
    let mut out = io::stdout().lock();
    out.write_all(program().render_version().as_bytes())?;
    out.flush()?;
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
    if args.command.prints() {
        stdout_at_start::check()?;
    }
    let pager = !args.no_pager;
    match args.command {
        Command::List(args) => list::run(&args, verbosity),
        Command::Show(args) => show::run(&args, verbosity, pager),
        Command::Export(args) => export::run(&args, verbosity),
        Command::Schema(args) => schema::run(&args),
        Command::Providers(args) => providers::run(&args),
        Command::Doctor(args) => doctor::run(&args, verbosity),
        Command::Auth(args) => match args.command {
            AuthCommand::Login(args) => auth::login(&args, verbosity),
            AuthCommand::Help(args) => help::run(&[&["auth".to_owned()], &*args.command].concat(), &program(), pager),
        },
        Command::Config(args) => match args.command {
            ConfigCommand::Show(args) => config_command::show(&args),
            ConfigCommand::Path(args) => config_command::path(&args),
            ConfigCommand::Help(args) => {
                help::run(&[&["config".to_owned()], &*args.command].concat(), &program(), pager)
            }
        },
        Command::Sandbox(args) => sandbox::run(&args),
        Command::Completions(args) => completions::run(&args, &program()),
        Command::Man(args) => man::run(&args, &program(), pager),
        Command::Help(args) => help::run(&args.command, &program(), pager),
        Command::Version => Ok(print_version()?),
    }
}

/// Reports why a command failed, and returns the exit code.
fn report(failure: Failure, matches: &ArgMatches, format: Format) -> Exit {
    match failure {
        Failure::Output(error) => output_failure(&error, format),
        Failure::Usage(mut error) => {
            let mut called = called_command(matches);
            // `help list` and `man list` let the parser look for `list`, whose error has the usage of
            // another command.
            if error.get(ContextKind::Usage).is_some() {
                error.insert(ContextKind::Usage, ContextValue::StyledStr(called.render_usage()));
            }
            messages::usage(error.format(&mut called));
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
    let exit = if error.kind() == ErrorKind::BrokenPipe {
        Exit::Ok
    } else {
        messages::output_failure(error, format);
        Exit::Other
    };
    // A terminal that is closed sends a signal, and takes no more output.
    if interrupt::has_been_received() {
        Exit::Interrupted
    } else {
        exit
    }
}

/// Returns the definition of the command that was called, for the usage line of an error.
fn called_command(mut matches: &ArgMatches) -> clap::Command {
    let mut command = program();
    command.build();
    while let Some((name, inner)) = matches.subcommand() {
        if let Some(called) = command.find_subcommand(name).cloned() {
            command = called;
        }
        matches = inner;
    }
    command
}
