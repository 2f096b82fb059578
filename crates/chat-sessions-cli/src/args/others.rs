//! The commands beside `list`: what each takes, and the text around its help. Examples come first there as well.

use std::path::PathBuf;

use clap::{Subcommand, ValueEnum};

use super::Selection;

pub(super) const SCHEMA_EXAMPLES: &str = "\
Examples:
  chat-sessions schema > session-list.schema.json";

pub(super) const PROVIDERS_EXAMPLES: &str = "\
Examples:
  chat-sessions providers                what each list can do
  chat-sessions providers -o json        the same, for programs";

#[derive(Debug, clap::Args)]
pub(crate) struct Providers {
    /// How to print it.
    #[arg(short, long, value_name = "FORMAT", default_value = "text")]
    pub(crate) output: ReportFormat,
}

const DOCTOR_EXAMPLES: &str = "\
Examples:
  chat-sessions doctor                   every provider that has a key
  chat-sessions doctor --profile work    the accounts of a profile
  chat-sessions doctor --sandbox         see what it tells when all is well
  chat-sessions doctor -o json           for a program that watches";

const DOCTOR_ENDINGS: &str = "\
Each list is asked for one page, once. Unknown fields are those that this
version has no place for; they are kept in the JSON of a list.

Exit codes:
  0 every list that was asked for is well
  4 no key, or it is refused    7 the answer is not as documented
  5 rate limited                8 configuration
  6 not reachable               1 anything else
  The first list that is not well decides.";

#[derive(Debug, clap::Args)]
#[command(before_long_help = DOCTOR_EXAMPLES, after_long_help = DOCTOR_ENDINGS)]
pub(crate) struct Doctor {
    #[command(flatten)]
    pub(crate) selection: Selection,

    /// Examine made-up lists from a server inside this process; needs no key and no network.
    #[arg(long, help_heading = "Which sessions", conflicts_with = "profile")]
    pub(crate) sandbox: bool,

    /// How to print it.
    #[arg(short, long, value_name = "FORMAT", default_value = "text")]
    pub(crate) output: ReportFormat,
}

pub(super) const CONFIG_EXAMPLES: &str = "\
Examples:
  chat-sessions config show              what is in force
  chat-sessions config show --origin     and where each value comes from
  chat-sessions config show --profile work

A configuration file:
  default_profile = \"work\"

  [profile.work.memories-ai]
  unique_id = \"team-a\"
  key_file = \"~/.keys/memories-ai\"

  [profile.work.llama-cloud]
  project_id = \"…\"
  organization_id = \"…\"
  base_url = \"https://api.cloud.eu.llamaindex.ai\"
  key_file = \"~/.keys/llama-cloud\"

A flag wins over a variable, a variable over the profile, and the profile over
the default. A key stands in a file of its own, of which the path is given from
the folder of the configuration file.";

#[derive(Debug, clap::Args)]
pub(crate) struct Config {
    #[command(subcommand)]
    pub(crate) command: ConfigCommand,
}

#[derive(Debug, Subcommand)]
pub(crate) enum ConfigCommand {
    /// Shows each value that is in force; of a key, only whether there is one.
    Show(ConfigShow),
}

const CONFIG_SHOW_EXAMPLES: &str = "\
Examples:
  chat-sessions config show --origin
  chat-sessions config show --profile work -o json";

#[derive(Debug, clap::Args)]
#[command(before_long_help = CONFIG_SHOW_EXAMPLES)]
pub(crate) struct ConfigShow {
    #[command(flatten)]
    pub(crate) selection: Selection,

    /// Show where each value comes from.
    #[arg(long)]
    pub(crate) origin: bool,

    /// How to print it.
    #[arg(short, long, value_name = "FORMAT", default_value = "text")]
    pub(crate) output: ReportFormat,
}

const SANDBOX_EXAMPLES: &str = "\
Examples:
  chat-sessions sandbox                  at a free port, until Ctrl-C
  chat-sessions sandbox --port 8080      then paste what it prints into a shell";

#[derive(Debug, clap::Args)]
#[command(before_long_help = SANDBOX_EXAMPLES)]
pub(crate) struct Serve {
    /// Listen on this port instead of a free one.
    #[arg(long, value_name = "N")]
    pub(crate) port: Option<u16>,

    /// Grow the sessions from another number than 1.
    #[arg(long, value_name = "N")]
    pub(crate) seed: Option<u64>,
}

const COMPLETIONS_EXAMPLES: &str = "\
Examples:
  source <(chat-sessions completions bash)
  chat-sessions completions zsh > ~/.zfunc/_chat-sessions
  chat-sessions completions fish > ~/.config/fish/completions/chat-sessions.fish";

#[derive(Debug, clap::Args)]
#[command(before_long_help = COMPLETIONS_EXAMPLES)]
pub(crate) struct Completions {
    /// For which shell.
    #[arg(value_name = "SHELL")]
    pub(crate) shell: clap_complete::Shell,
}

const MAN_EXAMPLES: &str = "\
Examples:
  chat-sessions man | man -l -           read it
  chat-sessions man --dir ~/.local/share/man/man1";

#[derive(Debug, clap::Args)]
#[command(before_long_help = MAN_EXAMPLES)]
pub(crate) struct Manual {
    /// Write one page for each command into this folder instead.
    #[arg(long, value_name = "DIR")]
    pub(crate) dir: Option<PathBuf>,
}

/// How a report is printed that is no list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ReportFormat {
    /// For people.
    Text,
    /// One JSON document.
    Json,
}
