//! The command line: the options that every command has, and the list of commands.

use clap::{CommandFactory, Parser, Subcommand};

use crate::commands::auth::AuthArgs;
use crate::commands::completions::CompletionsArgs;
use crate::commands::config::{ConfigArgs, ConfigCommand};
use crate::commands::doctor::DoctorArgs;
use crate::commands::export::ExportArgs;
use crate::commands::help::HelpArgs;
use crate::commands::list::ListArgs;
use crate::commands::man::ManArgs;
use crate::commands::providers::ProvidersArgs;
use crate::commands::sandbox::SandboxArgs;
use crate::commands::schema::SchemaArgs;
use crate::commands::show::ShowArgs;
use crate::exit::exit_codes;
use crate::name_arg::name;
use crate::output::{ColorArg, Format, width};

/// List and read chat sessions from every provider in one place.
#[derive(Debug, Parser)]
#[command(
    name = "chat-sessions",
    version,
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
        hide_short_help = true,
        value_parser = name::<ColorArg>()
    )]
    #[expect(clippy::doc_markdown, reason = "clap would print the backticks")]
    pub(crate) color: ColorArg,

    /// Do not use a pager for help, manual pages and sessions.
    #[arg(long, global = true, hide_short_help = true)]
    pub(crate) no_pager: bool,

    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// List the sessions of every provider with an API key.
    #[command(visible_alias = "ls")]
    List(Box<ListArgs>),
    /// Show sessions with their messages.
    Show(Box<ShowArgs>),
    /// Write many sessions with their messages into a folder.
    Export(Box<ExportArgs>),
    /// Print the JSON Schema of `list -o json` or of `show -o json`.
    Schema(SchemaArgs),
    /// Describe each provider's list and its settings.
    Providers(ProvidersArgs),
    /// Check each provider with one request, and explain how to fix problems.
    Doctor(DoctorArgs),
    /// Save an API key.
    Auth(AuthArgs),
    /// Show the configuration, or where its file is.
    Config(ConfigArgs),
    /// Serve both providers' APIs locally, with made-up sessions.
    Sandbox(SandboxArgs),
    /// Print a completion script.
    Completions(CompletionsArgs),
    /// Show a manual page, or write all pages to a directory.
    Man(ManArgs),
    /// Show the help of the program or of a command.
    Help(HelpArgs),
    /// Print the version.
    #[command(before_long_help = VERSION_EXAMPLES)]
    Version,
}

impl Command {
    /// Returns the format for messages on standard error.
    pub(crate) fn format(&self) -> Format {
        match self {
            Self::List(list) => list.output.unwrap_or(Format::Table),
            Self::Show(show) => show.message_format(),
            Self::Export(export) => export.output.of_messages(),
            Self::Providers(providers) => providers.output.into(),
            Self::Doctor(doctor) => doctor.output.into(),
            Self::Config(ConfigArgs { command }) => match command {
                ConfigCommand::Show(show) => show.output.into(),
                ConfigCommand::Path(path) => path.output.into(),
                ConfigCommand::Help(_) => Format::Table,
            },
            Self::Auth(_)
            | Self::Schema(_)
            | Self::Sandbox(_)
            | Self::Completions(_)
            | Self::Man(_)
            | Self::Help(_)
            | Self::Version => Format::Table,
        }
    }

    /// Returns whether the command prints something to standard output.
    pub(crate) fn prints(&self) -> bool {
        match self {
            Self::Export(export) => export.dry_run,
            Self::Man(ManArgs { dir, .. }) => dir.is_none(),
            _ => true,
        }
    }
}

/// Returns the definition of the program, whose help fits the terminal and is at most 80 columns wide.
pub(crate) fn program() -> clap::Command {
    Args::command().term_width(width().min(80))
}

const VERSION_EXAMPLES: &str = "\
Examples:
  chat-sessions version                  the same as chat-sessions --version";

/// Shown before everything else, because most people look for an example first.
const EXAMPLES: &str = "\
Examples:
  chat-sessions list --sandbox           try it: no key, no network
  chat-sessions auth login memories-ai   save an API key
  chat-sessions list                     the 50 newest sessions
  chat-sessions show --last              the newest session with its messages
  chat-sessions export --all -o html     all sessions as pages, in a folder
  chat-sessions doctor                   find out what does not work, and why
  chat-sessions config show --origin     show where each value comes from
  chat-sessions list --help              all options of list";

const AFTER_HELP: &str = concat!(
    "\
Files:
  ~/.config/chat-sessions/config.toml
      the configuration; `config --help` shows an example, and how to use
      another file

",
    exit_codes!()
);
