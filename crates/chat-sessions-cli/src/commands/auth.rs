//! `chat-sessions auth`: saves API keys.

mod key_input;
mod login;

use clap::Subcommand;

use super::help::HelpArgs;

pub(crate) use login::{AuthLoginArgs, run as login};

const EXAMPLES: &str = "\
Examples:
  chat-sessions auth login memories-ai
  chat-sessions auth login llama-cloud --profile work";

#[derive(Debug, clap::Args)]
#[command(before_long_help = EXAMPLES)]
pub(crate) struct AuthArgs {
    #[command(subcommand)]
    pub(crate) command: AuthCommand,
}

#[derive(Debug, Subcommand)]
pub(crate) enum AuthCommand {
    /// Check an API key with one request, and save it in a profile.
    Login(AuthLoginArgs),
    #[command(hide = true)]
    Help(HelpArgs),
}
