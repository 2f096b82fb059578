//! What was typed: the program. `list` is in `args/list.rs`, which lists are meant in `args/selection.rs`, the other commands in
//! `args/others.rs`.

/// The exit codes, as the help of the program and of `list` tell them.
macro_rules! exit_codes {
    () => {
        "\
Exit codes:
  0 ok                    5 rate limited
  1 anything else         6 timeout, no connection, or the provider failed
  2 usage, or a cursor    7 the answer is not what the documents promise
    of another list       8 configuration
  3 partial: rows were    130 interrupted with Ctrl-C
    printed, and
    something failed
  4 key missing, refused or without permission"
    };
}

mod list;
mod others;
mod selection;

use clap::error::ErrorKind;
use clap::{CommandFactory, Parser, Subcommand, ValueEnum};

pub(crate) use list::{Format, List};
use others::{CONFIG_EXAMPLES, PROVIDERS_EXAMPLES, SCHEMA_EXAMPLES};
pub(crate) use others::{
    Completions, Config, ConfigCommand, ConfigShow, Doctor, Manual, Providers, ReportFormat, Serve,
};
pub(crate) use selection::{ProviderName, Selection};

/// Every chat session, wherever it lives, in one list.
#[derive(Debug, Parser)]
#[command(
    name = "chat-sessions",
    version,
    max_term_width = 80,
    disable_help_subcommand = true,
    before_long_help = EXAMPLES,
    after_long_help = ENDINGS
)]
pub(crate) struct Args {
    /// Show requests that are made again; twice: every request.
    #[arg(short, long, global = true, action = clap::ArgAction::Count)]
    pub(crate) verbose: u8,

    /// Say nothing but errors: neither progress nor what is missing.
    #[arg(short, long, global = true)]
    pub(crate) quiet: bool,

    /// Whether there are colours.
    ///
    /// With auto they are where a terminal shows them, unless NO_COLOR is set, CLICOLOR is 0 or TERM is dumb; CLICOLOR_FORCE=1
    /// has them everywhere. TSV, CSV and JSON never have any.
    #[arg(
        long,
        value_name = "WHEN",
        global = true,
        default_value = "auto",
        hide_possible_values = true,
        hide_short_help = true
    )]
    #[expect(
        clippy::doc_markdown,
        reason = "the help shows the names as they are, without backticks"
    )]
    pub(crate) color: ColorName,

    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Lists the sessions of every provider whose key is set.
    List(Box<List>),
    /// Prints the JSON Schema of what `list -o json` prints.
    #[command(before_long_help = SCHEMA_EXAMPLES)]
    Schema,
    /// Tells what is known of each provider's list.
    #[command(before_long_help = PROVIDERS_EXAMPLES)]
    Providers(Providers),
    /// Asks each provider for one page, and tells what is wrong and what to do.
    Doctor(Doctor),
    /// Shows what the providers are configured with.
    #[command(before_long_help = CONFIG_EXAMPLES)]
    Config(Config),
    /// Serves both providers' APIs with made-up sessions on this machine.
    Sandbox(Serve),
    /// Prints what makes a shell complete commands and options.
    Completions(Completions),
    /// Prints the manual, or writes its pages into a folder.
    Man(Manual),
}

impl Command {
    /// Gives the format that what is said on standard error goes with.
    pub(crate) fn format(&self) -> Format {
        match self {
            Self::List(list) => list.output.unwrap_or(Format::Table),
            Self::Providers(providers) => providers.output.into(),
            Self::Doctor(doctor) => doctor.output.into(),
            Self::Config(Config {
                command: ConfigCommand::Show(show),
            }) => show.output.into(),
            Self::Schema | Self::Sandbox(_) | Self::Completions(_) | Self::Man(_) => Format::Table,
        }
    }
}

/// Makes an error of usage of what only shows when the options meet the configuration.
pub(crate) fn usage(complaint: &str) -> clap::Error {
    Args::command().error(ErrorKind::ValueValidation, complaint)
}

/// The examples come first, since they are what most people look for.
const EXAMPLES: &str = "\
Examples:
  chat-sessions list --sandbox           try it: no key, no network
  chat-sessions list                     the 50 newest, of every provider
  chat-sessions doctor                   what is wrong, and what to do
  chat-sessions config show --origin     where each value comes from
  chat-sessions list --help              all about lists";

const ENDINGS: &str = concat!(
    "\
Files:
  $XDG_CONFIG_HOME/chat-sessions/config.toml, or in ~/.config, or where
  CHAT_SESSIONS_CONFIG says; `config --help` tells what stands in it.

",
    exit_codes!()
);

/// Whether there are colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ColorName {
    Auto,
    Always,
    Never,
}
