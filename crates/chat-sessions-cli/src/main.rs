//! `chat-sessions`: every chat session of every provider in one list, at a shell.
//!
//! `main` is the whole policy: parse, run, exit. What was typed is in `args.rs`, with the times in `when.rs`; which lists are
//! meant in `config/` and `sources.rs`; what a list does in `list.rs` and `listing.rs`, which sessions it shows in `filters.rs`,
//! how they are written in `output/`, on what in `terminal.rs`; what is said beside it in `said.rs`, `notices.rs` and
//! `stats.rs`, while it comes in `progress.rs`; what Ctrl-C does in `interrupt.rs`, what `-v` shows in `log.rs`, what the exit
//! codes mean in `exit.rs`. Every other command has a file of its own.

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

use std::io::ErrorKind;
use std::process::ExitCode;

use clap::Parser;

use crate::args::{Args, Command, Config, ConfigCommand};
use crate::exit::Exit;
use crate::list::Manner;

fn main() -> ExitCode {
    let args = Args::parse();
    terminal::set_color(args.color);
    let logs = match log::start(args.verbose) {
        Ok(logs) => logs,
        Err(complaint) => {
            said::configuration(&complaint);
            return Exit::Config.into();
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
