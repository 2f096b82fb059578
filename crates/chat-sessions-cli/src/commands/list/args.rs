//! The options of `list`, and the text around its help.

use std::io::Write;

use chat_sessions::Order;
use clap::ValueEnum;
use clap::error::ErrorKind;

use super::filter_args::FilterArgs;
use crate::commands::recording::{REQUESTS, RecordingArgs};
use crate::commands::retry_args::RetryArgs;
use crate::config::{SELECTION, SourceSelection};
use crate::exit::{Failure, exit_codes};
use crate::name_arg::name;
use crate::number_arg::whole;
use crate::output::{Column, Field, Format, SessionWriter, session_writer};
use crate::runtime::Writes;

/// Shown before everything else, because most people look for an example first.
const EXAMPLES: &str = "\
Examples:
  chat-sessions list --sandbox           try it: no key, no network
  chat-sessions list                     the 50 newest sessions
  chat-sessions list --since 7d --title budget
  chat-sessions list --all -o ndjson     all sessions, one JSON object per line
  chat-sessions list --cursor cs2_…      continue where an earlier list stopped
  chat-sessions list --provider llama-cloud --limit 10 -o csv
  chat-sessions list --record FILE.har   also record requests and responses";

const AFTER_HELP: &str = concat!(
    "\
Times:
  2026-04-22, 2026-04, yesterday, monday, last week, this month
                     a whole day, week or month, in local time
  2026-04-22T12:00   local time; with Z, +02:00 or [Europe/Berlin] another zone
  7d, 12h, 30min, 2w, 1mo
                     this long ago
  @1776816000        seconds since 1970

Environment:
  MEMORIES_AI_API_KEY, LLAMA_CLOUD_API_KEY
      the API keys; MEMORIES_API_KEY and LLAMA_PARSE_API_KEY work too
  MEMORIES_AI_API_KEY_FILE, LLAMA_CLOUD_API_KEY_FILE
      files with the keys
  MEMORIES_AI_UNIQUE_ID, LLAMA_CLOUD_PROJECT_ID, LLAMA_CLOUD_ORGANIZATION_ID
      which part of the account to list
  MEMORIES_AI_BASE_URL, LLAMA_CLOUD_BASE_URL
      the address of each API
  CHAT_SESSIONS_CONFIG, CHAT_SESSIONS_PROFILE
      the configuration file, and the profile to use
  CHAT_SESSIONS_TODAY
      the date to use as today, for --sandbox, ages and times
  CHAT_SESSIONS_LOG
      off, error, warn, info (as -v), debug (as -vv), or trace (all fields of
      each request and retry)
  HTTPS_PROXY, HTTP_PROXY, ALL_PROXY, NO_PROXY
      the proxy, and hosts that are reached without it
  SSL_CERT_FILE, SSL_CERT_DIR
      certificate authorities to trust instead of the system's
  TZ, COLUMNS
      the time zone, and the width of the terminal
  NO_COLOR, CLICOLOR, CLICOLOR_FORCE, TERM
      whether to use colors; see --color

",
    exit_codes!()
);

const OUTPUT: &str = "Output";

#[derive(Debug, clap::Args)]
#[command(before_long_help = EXAMPLES, after_long_help = AFTER_HELP)]
pub(crate) struct ListArgs {
    #[command(flatten)]
    pub(crate) selection: SourceSelection,

    #[command(flatten)]
    pub(crate) filters: FilterArgs,

    /// The order of the list.
    #[arg(long, value_name = "ORDER", help_heading = SELECTION, default_value = "newest", value_parser = name::<OrderArg>())]
    pub(crate) order: OrderArg,

    /// Continue where an earlier list stopped, with the cursor that it printed.
    ///
    /// A cursor works only with the providers, base URLs and scopes of that list, and with its
    /// --since, --until and --title as they were given.
    #[arg(long, value_name = "CURSOR", help_heading = SELECTION)]
    pub(crate) cursor: Option<String>,

    /// Print the cursor to continue with when --limit or --max-pages ends the list.
    ///
    /// JSON always has it, and so have the messages after Ctrl-C and failures.
    #[arg(long, help_heading = SELECTION, hide_short_help = true)]
    pub(crate) show_cursor: bool,

    /// List made-up sessions from a built-in server; needs no key and no network.
    #[arg(long, help_heading = SELECTION, conflicts_with = "profile")]
    pub(crate) sandbox: bool,

    /// The output format; default: table on a terminal, otherwise tsv.
    ///
    /// On a terminal, the table shows how old each session is. In a pipe, and in all other formats,
    /// times are printed in full. A ~ marks a time that is not exactly known: the provider sent it
    /// without a time zone, so UTC is assumed, or it was read from the id.
    ///
    /// With json and ndjson, messages on stderr are JSON too, one object per line: error, notice,
    /// stats, recorded or next_cursor.
    #[arg(short, long, value_name = "FORMAT", help_heading = OUTPUT, value_parser = name::<Format>())]
    #[expect(clippy::doc_markdown, reason = "clap would print the backticks")]
    pub(crate) output: Option<Format>,

    /// The columns of table, TSV and CSV, separated by commas.
    ///
    /// Default: title,when,provider,id for the table, provider,id,title,when,origin for TSV and CSV.
    #[arg(long, value_name = "NAMES", help_heading = OUTPUT, value_delimiter = ',', value_parser = name::<Column>(), conflicts_with = "fields", hide_short_help = true)]
    columns: Vec<Column>,

    /// Make the CSV safe to open in a spreadsheet.
    ///
    /// A spreadsheet evaluates a value that starts like a formula. Such a value gets an apostrophe in
    /// front, and so does a number that would lose digits. The same holds for text after a semicolon or
    /// a line break inside a value. Control characters are removed, all values are in quotes, and a
    /// byte order mark says that the file is UTF-8. Requires -o csv.
    #[arg(long, help_heading = OUTPUT, hide_short_help = true)]
    spreadsheet: bool,

    /// The fields of each session in JSON and NDJSON, separated by commas; default: all.
    #[arg(long, value_name = "NAMES", help_heading = OUTPUT, value_delimiter = ',', value_parser = name::<Field>(), hide_short_help = true)]
    fields: Vec<Field>,

    /// Print statistics about each source to stderr at the end.
    #[arg(long, help_heading = OUTPUT, hide_short_help = true)]
    pub(crate) stats: bool,

    #[command(flatten)]
    pub(crate) recording: RecordingArgs,

    /// Request pages of N sessions; no effect on Memories.ai, whose page size is fixed.
    ///
    /// Default: as many as --limit needs, up to 1000.
    #[arg(long, value_name = "N", help_heading = REQUESTS, hide_short_help = true, allow_negative_numbers = true, value_parser = whole::<u32>(1..=u32::MAX.into(), ""))]
    pub(crate) page_size: Option<u32>,

    /// Request at most N pages from each provider.
    #[arg(long, value_name = "N", help_heading = REQUESTS, hide_short_help = true, allow_negative_numbers = true, value_parser = whole::<u64>(1..=u64::MAX, ""))]
    pub(crate) max_pages: Option<u64>,

    /// Prefetch up to N pages: faster, same result.
    ///
    /// Default: LlamaCloud 1 (its maximum), Memories.ai 0.
    #[arg(long, value_name = "N", help_heading = REQUESTS, hide_short_help = true, allow_negative_numbers = true, value_parser = whole::<u32>(0..=32, ""))]
    pub(crate) read_ahead: Option<u32>,

    /// Stop when one provider fails, instead of listing the others.
    #[arg(long, help_heading = REQUESTS, hide_short_help = true)]
    pub(crate) fail_fast: bool,

    #[command(flatten)]
    pub(crate) retry: RetryArgs,
}

impl ListArgs {
    /// Checks for contradictions between options that clap cannot express.
    pub(crate) fn check(&self, format: Format) -> Result<(), Failure> {
        self.filters.check()?;
        let message = match () {
            () if format.is_json() && !self.columns.is_empty() => {
                "--columns works with table, TSV and CSV; use --fields with JSON and NDJSON"
            }
            () if format != Format::Csv && self.spreadsheet => "--spreadsheet works with -o csv",
            () if !format.is_json() && !self.fields.is_empty() => {
                "--fields works with JSON and NDJSON; use --columns with table, TSV and CSV"
            }
            () => return Ok(()),
        };
        Err(Failure::usage(ErrorKind::ArgumentConflict, message))
    }

    pub(crate) fn session_writer<'a>(
        &self,
        format: Format,
        out: impl Write + Send + 'a,
    ) -> Box<dyn SessionWriter + Send + 'a> {
        session_writer(format, &self.columns, &self.fields, self.spreadsheet, out)
    }

    /// Returns how much the list may print.
    pub(crate) fn writes(&self) -> Writes {
        /// A pipe holds 64 KiB on Linux, and 16 KiB elsewhere, which is 50 sessions as JSON.
        const FEW_SESSIONS: u64 = 50;
        if self.filters.all || self.filters.limit > FEW_SESSIONS {
            Writes::Many
        } else {
            Writes::Few
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum OrderArg {
    /// Newest first, across all providers.
    Newest,
    /// One provider after another.
    Source,
    /// As pages arrive.
    Arrival,
}

impl From<OrderArg> for Order {
    fn from(arg: OrderArg) -> Self {
        match arg {
            OrderArg::Newest => Self::Newest,
            OrderArg::Source => Self::Source,
            OrderArg::Arrival => Self::Arrival,
        }
    }
}
