//! `chat-sessions`: every chat session of every provider in one list, at a shell.
//!
//! `main` is the whole policy: parse, run, exit. What was typed is in `args.rs`, which lists are meant in `config/` and
//! `sources.rs`, what a list does in `list.rs`, how it is written in `output/`, what is said beside it in `said.rs` and
//! `stats.rs`, what `-v` shows in `log.rs`, what the exit codes mean in `exit.rs`. Every other command has a file of its own.

mod args;
mod exit;
mod log;
mod said;

mod config;
mod key_file;
mod provider;
mod sources;

mod list;
mod output;
mod stats;

mod config_show;
mod doctor;
mod providers;
mod report;
mod sandbox;
mod shells;

use std::io::ErrorKind;
use std::process::ExitCode;

use clap::Parser;

use crate::args::{Args, Command, Config, ConfigCommand};
use crate::exit::Exit;

fn main() -> ExitCode {
    let args = Args::parse();
    if let Err(complaint) = log::start(args.verbose) {
        said::configuration(&complaint);
        return Exit::Config.into();
    }
    match args.command {
        Command::List(list) => list::run(&list),
        Command::Schema => output::print_schema(),
        Command::Providers(providers) => providers::run(&providers),
        Command::Doctor(doctor) => doctor::run(&doctor),
        Command::Config(Config {
            command: ConfigCommand::Show(show),
        }) => config_show::run(&show),
        Command::Sandbox(serve) => sandbox::serve(&serve),
        Command::Completions(completions) => shells::completions(&completions),
        Command::Man(manual) => shells::manual(&manual),
    }
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
