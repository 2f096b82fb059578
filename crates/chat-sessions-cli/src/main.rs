//! `chat-sessions`: every chat session of every provider in one list, at a shell.
//!
//! `main` is the whole policy: parse, run, exit. What was typed is in `args.rs`, with the times in `when.rs`; which lists are
//! meant in `config/` and `sources.rs`; what a list does in `list.rs` and `listing.rs`, which sessions it shows in
//! `filters.rs`, how they are written in `output/`, on what in `terminal.rs`; what is said beside it in `said.rs`, `notices.rs`
//! and `stats.rs`, while it comes in `progress.rs`; what Ctrl-C does in `interrupt.rs`, what `-v` shows in `log.rs`, what the
//! exit codes mean in `exit.rs`. Every other command has a file of its own.

mod args;
mod exit;
mod log;
mod said;

mod config;
mod key_file;
mod provider;
mod sources;

mod filters;
mod interrupt;
mod list;
mod listing;
mod notices;
mod output;
mod progress;
mod stats;
mod terminal;
mod text;
mod when;

mod config_show;
mod doctor;
mod providers;
mod report;
mod sandbox;
mod shells;

use std::io::{self, ErrorKind, Write};
use std::process::ExitCode;

use clap::Parser;

use crate::args::{Args, Command, Config, ConfigCommand};
use crate::exit::Exit;
use crate::list::Manner;

fn main() -> ExitCode {
    let ended = match Args::try_parse() {
        Ok(args) => run(args),
        Err(answer) => print(&answer),
    };
    ended
        .unwrap_or_else(|failure| {
            // Whoever read the output has seen enough.
            if failure.kind() == ErrorKind::BrokenPipe {
                return Exit::Ok;
            }
            said::failure(&failure);
            Exit::Other
        })
        .into()
}

/// Prints the help or the version, which are output like any other, or what is wrong with the arguments.
fn print(answer: &clap::Error) -> io::Result<Exit> {
    if answer.use_stderr() {
        // Nobody could be told that it cannot be said.
        let _ = answer.print();
        return Ok(Exit::Usage);
    }
    answer.print()?;
    io::stdout().flush()?;
    Ok(Exit::Ok)
}

fn run(args: Args) -> io::Result<Exit> {
    terminal::set_color(args.color);
    let logs = match log::start(args.verbose) {
        Ok(logs) => logs,
        Err(complaint) => {
            said::configuration(&complaint, args.command.format());
            return Ok(Exit::Config);
        }
    };
    match args.command {
        Command::List(list) => list::run(
            &list,
            Manner {
                quiet: args.quiet,
                logs,
            },
        ),
        Command::Schema => output::print_schema(),
        Command::Providers(providers) => providers::run(&providers),
        Command::Doctor(doctor) => doctor::run(&doctor, args.quiet),
        Command::Config(Config {
            command: ConfigCommand::Show(show),
        }) => config_show::run(&show),
        Command::Sandbox(serve) => sandbox::serve(&serve),
        Command::Completions(completions) => shells::completions(&completions),
        Command::Man(manual) => shells::manual(&manual),
    }
}
