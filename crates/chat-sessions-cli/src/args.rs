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

/// List chat sessions from every provider in one place.
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
    /// -v shows retries, -vv every request.
    #[arg(short, long, global = true, action = clap::ArgAction::Count)]
    pub(crate) verbose: u8,

    /// Print only errors.
    #[arg(short, long, global = true)]
    pub(crate) quiet: bool,

    /// When to use colors: auto, always or never.
    ///
    /// auto uses them on a terminal, unless NO_COLOR is set, CLICOLOR is 0 or TERM is dumb.
    /// CLICOLOR_FORCE=1 uses them everywhere. TSV, CSV and JSON never have colors.
    #[arg(
        long,
        value_name = "WHEN",
        global = true,
        default_value = "auto",
        hide_possible_values = true,
        hide_short_help = true
    )]
    #[expect(clippy::doc_markdown, reason = "clap would print the backticks")]
    pub(crate) color: ColorArg,

    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// List the sessions of every provider with an API key.
    List(Box<ListArgs>),
    /// Print the JSON Schema of `list -o json`.
    #[command(before_long_help = schema::EXAMPLES)]
    Schema,
    /// Describe each provider's list and its settings.
    Providers(ProvidersArgs),
    /// Check each provider with one request, and explain how to fix problems.
    Doctor(DoctorArgs),
    /// Show the configuration.
    Config(ConfigArgs),
    /// Serve both providers' APIs locally, with made-up sessions.
    Sandbox(SandboxArgs),
    /// Print a completion script.
    Completions(CompletionsArgs),
    /// Print the manual page, or write all pages to a directory.
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
  chat-sessions list                     the 50 newest sessions
  chat-sessions doctor                   find out what does not work, and why
  chat-sessions config show --origin     show where each value comes from
  chat-sessions list --help              all options of list";

const AFTER_HELP: &str = concat!(
    "\
Files:
  $XDG_CONFIG_HOME/chat-sessions/config.toml (default:
  ~/.config/chat-sessions/config.toml), or the file that CHAT_SESSIONS_CONFIG
  names; `config --help` shows an example.

",
    exit_codes!()
);
