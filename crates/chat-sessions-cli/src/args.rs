//! The command line: the options that every command has, and the list of commands.

use clap::{Parser, Subcommand};

use crate::commands::completions::CompletionsArgs;
use crate::commands::config::{ConfigArgs, ConfigCommand};
use crate::commands::doctor::DoctorArgs;
use crate::commands::list::ListArgs;
use crate::commands::man::ManArgs;
use crate::commands::providers::ProvidersArgs;
use crate::commands::sandbox::SandboxArgs;
use crate::commands::schema;
use crate::exit::exit_codes;
use crate::output::{ColorArg, Format};

/// Every chat session, wherever it lives, in one list.
#[derive(Debug, Parser)]
#[command(
    name = "chat-sessions",
    version,
    max_term_width = 80,
    disable_help_subcommand = true,
    before_long_help = EXAMPLES,
    after_long_help = AFTER_HELP
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
    pub(crate) color: ColorArg,

    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Lists the sessions of every provider whose key is set.
    List(Box<ListArgs>),
    /// Prints the JSON Schema of what `list -o json` prints.
    #[command(before_long_help = schema::EXAMPLES)]
    Schema,
    /// Tells what is known of each provider's list.
    Providers(ProvidersArgs),
    /// Asks each provider for one page, and tells what is wrong and what to do.
    Doctor(DoctorArgs),
    /// Shows what the providers are configured with.
    Config(ConfigArgs),
    /// Serves both providers' APIs with made-up sessions on this machine.
    Sandbox(SandboxArgs),
    /// Prints what makes a shell complete commands and options.
    Completions(CompletionsArgs),
    /// Prints the manual, or writes its pages into a folder.
    Man(ManArgs),
}

impl Command {
    /// Returns the format for messages on standard error.
    pub(crate) fn format(&self) -> Format {
        match self {
            Self::List(list) => list.output.unwrap_or(Format::Table),
            Self::Providers(providers) => providers.output.into(),
            Self::Doctor(doctor) => doctor.output.into(),
            Self::Config(ConfigArgs {
                command: ConfigCommand::Show(show),
            }) => show.output.into(),
            Self::Schema | Self::Sandbox(_) | Self::Completions(_) | Self::Man(_) => Format::Table,
        }
    }
}

/// Shown before everything else, because most people look for an example first.
const EXAMPLES: &str = "\
Examples:
  chat-sessions list --sandbox           try it: no key, no network
  chat-sessions list                     the 50 newest, of every provider
  chat-sessions doctor                   what is wrong, and what to do
  chat-sessions config show --origin     where each value comes from
  chat-sessions list --help              all about lists";

const AFTER_HELP: &str = concat!(
    "\
Files:
  $XDG_CONFIG_HOME/chat-sessions/config.toml, or in ~/.config, or where
  CHAT_SESSIONS_CONFIG says; `config --help` tells what stands in it.

",
    exit_codes!()
);
