//! `chat-sessions`: every chat session of every provider in one list, at a shell.
//!
//! `main` is the whole policy: parse, run, exit. What was typed is in `args.rs`, what a list does in `list.rs`, how it
//! is written in `output/`, what is said beside it in `said.rs` and `stats.rs`, what `-v` shows in
//! `log.rs`, what the exit codes mean in `exit.rs`.

mod args;
mod exit;
mod list;
mod log;
mod output;
mod said;
mod sandbox;
mod stats;

use std::io::ErrorKind;
use std::process::ExitCode;

use clap::Parser;

use crate::args::{Args, Command};
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
