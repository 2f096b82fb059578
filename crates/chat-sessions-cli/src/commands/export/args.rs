//! The options of `export`, and the text around its help.

use std::path::PathBuf;

use clap::ValueHint;

use super::format::FileFormat;
use crate::commands::list::FilterArgs;
use crate::commands::recording::{REQUESTS, RecordingArgs};
use crate::commands::retry_args::RetryArgs;
use crate::config::{SELECTION, SourceSelection};
use crate::exit::exit_codes;
use crate::name_arg::name;

/// Shown before everything else, because most people look for an example first.
const EXAMPLES: &str = "\
Examples:
  chat-sessions export --sandbox         try it: no key, no network
  chat-sessions export --all -o html     all sessions as pages, with an index
  chat-sessions export --since 7d notes  last week's sessions, into notes/
  chat-sessions export --all --new-only  only sessions that are not there yet
  chat-sessions export --all --dry-run   what would be fetched, and why";

const AFTER_HELP: &str = concat!(
    "\
Files:
  FOLDER/PROVIDER_SCOPE_ID.EXTENSION
      one file for each session, always with the same name; characters that are
      not portable are replaced, and a hash keeps the name unique
  FOLDER/index.json
      what the folder has: files, titles, times, lengths and hashes
  FOLDER/index.html, FOLDER/index.md
      the list of sessions, for people

",
    exit_codes!()
);

const OUTPUT: &str = "Output";

#[derive(Debug, clap::Args)]
#[command(before_long_help = EXAMPLES, after_long_help = AFTER_HELP)]
pub(crate) struct ExportArgs {
    /// The folder to write into, which is created if it does not exist.
    ///
    /// Only you can read the files, and a folder that is created. Files that are not from an export
    /// are never overwritten or removed, and sessions that the provider has deleted stay.
    #[arg(value_name = "FOLDER", default_value = "chat-sessions-export", value_hint = ValueHint::DirPath)]
    pub(crate) folder: PathBuf,

    #[command(flatten)]
    pub(crate) selection: SourceSelection,

    #[command(flatten)]
    pub(crate) filters: FilterArgs,

    /// Fetch only sessions that the folder does not have.
    ///
    /// By default, a LlamaCloud session is fetched again if it has changed since the last export. The
    /// list of Memories.ai does not show changes, so its sessions are always fetched again, at 1 per
    /// second; --new-only skips them. A run that was interrupted is continued within 24 hours: the
    /// next run fetches only what is missing.
    #[arg(long, help_heading = SELECTION)]
    pub(crate) new_only: bool,

    /// Export made-up sessions from a built-in server; needs no key and no network.
    #[arg(long, help_heading = SELECTION, conflicts_with = "profile")]
    pub(crate) sandbox: bool,

    /// The format of the files.
    ///
    /// With json and ndjson, messages on stderr are JSON too, one object per line.
    #[arg(short, long, value_name = "FORMAT", help_heading = OUTPUT, default_value = "md", value_parser = name::<FileFormat>())]
    pub(crate) output: FileFormat,

    /// Print what would be fetched or skipped, and why; fetch and write nothing but the list.
    ///
    /// One line for each session: fetch or skip, the reason, the address and the file, separated by
    /// tabs; with json and ndjson, one JSON object.
    #[arg(long, help_heading = OUTPUT)]
    pub(crate) dry_run: bool,

    #[command(flatten)]
    pub(crate) recording: RecordingArgs,

    /// Stop at the first failure, instead of exporting the other sessions.
    #[arg(long, help_heading = REQUESTS, hide_short_help = true)]
    pub(crate) fail_fast: bool,

    #[command(flatten)]
    pub(crate) retry: RetryArgs,
}
