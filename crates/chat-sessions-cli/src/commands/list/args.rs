//! The options of `list`, and the text around its help.

use std::io::Write;
use std::path::PathBuf;

use chat_sessions::Order;
use chat_sessions::retry::RetryPolicy;
use clap::ValueEnum;
use clap::error::ErrorKind;
use regex::Regex;

use super::filters::{Filters, parse_title};
use super::time_arg::{Since, Until, parse_since, parse_until};
use crate::config::{SELECTION, SourceSelection};
use crate::exit::{Failure, exit_codes};
use crate::output::{Column, Field, Format, SessionWriter, session_writer};

/// Shown before everything else, because most people look for an example first.
const EXAMPLES: &str = "\
Examples:
  chat-sessions list --sandbox           try it: no key, no network
  chat-sessions list                     the 50 newest, of every provider
  chat-sessions list --since 7d --title budget
  chat-sessions list --all -o ndjson     everything, one JSON object a line
  chat-sessions list --cursor cs1_…      go on where an earlier list stopped
  chat-sessions list --provider llama-cloud --limit 10 -o csv
  chat-sessions list --record FILE.har   and keep what went over the wire";

const AFTER_HELP: &str = concat!(
    "\
Times:
  2026-04-22         a whole day, in the time zone of this machine
  2026-04-22T12:00   in that zone; with Z, +02:00 or [Europe/Berlin] in another
  7d, 12h, 2w, 1mo   so long ago

Environment:
  MEMORIES_AI_API_KEY (or MEMORIES_API_KEY), MEMORIES_AI_UNIQUE_ID,
  MEMORIES_AI_BASE_URL
  LLAMA_CLOUD_API_KEY (or LLAMA_PARSE_API_KEY), LLAMA_CLOUD_PROJECT_ID,
  LLAMA_CLOUD_ORGANIZATION_ID, LLAMA_CLOUD_BASE_URL
  Each key also as NAME_FILE, the path of a file that holds it.
  CHAT_SESSIONS_CONFIG, CHAT_SESSIONS_PROFILE: the configuration file, and which
  of its profiles
  CHAT_SESSIONS_LOG: off, error, warn, info (as -v), debug (as -vv) or trace
  COLUMNS, TZ, NO_COLOR, CLICOLOR, CLICOLOR_FORCE, TERM

",
    exit_codes!()
);

const OUTPUT: &str = "How they are printed";
const REQUESTS: &str = "How they are asked for";

#[derive(Debug, clap::Args)]
#[command(before_long_help = EXAMPLES, after_long_help = AFTER_HELP)]
pub(crate) struct ListArgs {
    #[command(flatten)]
    pub(crate) selection: SourceSelection,

    /// Show only sessions that last changed, or were created, at this time or later.
    ///
    /// A list whose order by time is known is read no further back; any other is read to its end, so that no session is lost.
    /// Sessions without a time are left out, and it is said how many.
    #[arg(long, value_name = "TIME", help_heading = SELECTION, value_parser = parse_since)]
    since: Option<Since>,

    /// Show only sessions that last changed, or were created, at this time or earlier; a date is meant to its end.
    #[arg(long, value_name = "TIME", help_heading = SELECTION, value_parser = parse_until)]
    until: Option<Until>,

    /// Show only sessions whose title matches this regular expression somewhere.
    ///
    /// Capitals count only if the expression has any; (?i) in front of it ignores them all the same, (?-i) never does. A session
    /// without a title matches none.
    #[arg(long, value_name = "REGEX", help_heading = SELECTION, value_parser = parse_title)]
    title: Option<Regex>,

    /// Stop after this many sessions that are shown.
    #[arg(long, value_name = "N", help_heading = SELECTION, default_value_t = 50, value_parser = clap::value_parser!(u64).range(1..))]
    pub(crate) limit: u64,

    /// List every session there is.
    #[arg(long, help_heading = SELECTION, conflicts_with = "limit")]
    pub(crate) all: bool,

    /// In which order the providers' sessions are put together.
    #[arg(long, value_name = "ORDER", help_heading = SELECTION, default_value = "newest")]
    pub(crate) order: OrderArg,

    /// Go on where an earlier list stopped, with the text that it printed.
    ///
    /// It is good for the providers, base URLs and scopes that it was made with; give the same --provider, --profile and --scope, and the same filters.
    #[arg(long, value_name = "CURSOR", help_heading = SELECTION)]
    pub(crate) cursor: Option<String>,

    /// List made-up sessions from a server inside this process; needs no key and no network.
    #[arg(long, help_heading = SELECTION, conflicts_with = "profile")]
    pub(crate) sandbox: bool,

    /// How to write the list: a table on a terminal and TSV in a pipe, unless given.
    ///
    /// With json and ndjson, what is said on standard error is JSON as well, one object a line: error, notice, stats, recorded,
    /// next_cursor.
    #[arg(short, long, value_name = "FORMAT", help_heading = OUTPUT)]
    #[expect(
        clippy::doc_markdown,
        reason = "the help shows the names as they are, without backticks"
    )]
    pub(crate) output: Option<Format>,

    /// The columns of a table, of TSV and of CSV, separated by commas.
    ///
    /// Unless given: provider,id,title,when,origin.
    #[arg(long, value_name = "NAMES", help_heading = OUTPUT, value_delimiter = ',', conflicts_with = "fields", hide_short_help = true)]
    columns: Vec<Column>,

    /// The members of each session in JSON and NDJSON, separated by commas; all of them, unless given.
    #[arg(long, value_name = "NAMES", help_heading = OUTPUT, value_delimiter = ',', hide_short_help = true)]
    fields: Vec<Field>,

    /// Say at the end, on standard error, what the list went through at each provider.
    #[arg(long, help_heading = OUTPUT, hide_short_help = true)]
    pub(crate) stats: bool,

    /// Write every request and its answer into a new file, as HAR 1.2, without keys, cookies, page tokens and the values of
    /// queries: evidence to hand over.
    ///
    /// Only you can read the file, and a file that is there is not overwritten. Titles are in it unless --blank-titles is
    /// given. It is a whole document after every request, also when the list fails or is ended.
    #[arg(long, value_name = "FILE.har", help_heading = REQUESTS, hide_short_help = true)]
    pub(crate) record: Option<PathBuf>,

    /// Leave the titles out of the recording.
    #[arg(long, help_heading = REQUESTS, hide_short_help = true, requires = "record")]
    pub(crate) blank_titles: bool,

    /// Ask for pages of this many sessions. Memories.ai has a size of its own.
    ///
    /// Unless given, LlamaCloud is asked for as many as the limit lets it use, up to 1000.
    #[arg(long, value_name = "N", help_heading = REQUESTS, hide_short_help = true, value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) page_size: Option<u32>,

    /// Ask each provider for at most this many pages.
    #[arg(long, value_name = "N", help_heading = REQUESTS, hide_short_help = true, value_parser = clap::value_parser!(u64).range(1..))]
    pub(crate) max_pages: Option<u64>,

    /// Ask for so many pages before their turn: faster, and the same list.
    ///
    /// Unless given, 1 where pages have tokens, which is also the most there, and 0 where they have numbers.
    #[arg(long, value_name = "N", help_heading = REQUESTS, hide_short_help = true, value_parser = clap::value_parser!(u32).range(0..=32))]
    pub(crate) read_ahead: Option<u32>,

    /// Stop as soon as one provider fails, instead of listing what the others have.
    #[arg(long, help_heading = REQUESTS, hide_short_help = true)]
    pub(crate) fail_fast: bool,

    /// Ask at most this often for one page; 1 never asks again.
    #[arg(long, value_name = "N", help_heading = REQUESTS, hide_short_help = true, default_value_t = RetryPolicy::default().max_attempts, value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) attempts: u32,

    /// Spend at most this many seconds on one page, with all attempts and the waits between them.
    #[arg(long, value_name = "SECONDS", help_heading = REQUESTS, hide_short_help = true, default_value_t = RetryPolicy::default().timeout.as_secs(), value_parser = clap::value_parser!(u64).range(1..=86_400))]
    pub(crate) page_timeout: u64,
}

impl ListArgs {
    /// Checks for contradictions between options that clap cannot express.
    pub(crate) fn check(&self, format: Format) -> Result<(), Failure> {
        let message = match (self.since, self.until) {
            (Some(Since(since)), Some(Until(until))) if since >= until => {
                "no time is both --since and --until: the first lies behind the second"
            }
            _ if format.is_json() && !self.columns.is_empty() => {
                "--columns is for a table, TSV and CSV; for JSON and NDJSON choose with --fields"
            }
            _ if !format.is_json() && !self.fields.is_empty() => {
                "--fields is for JSON and NDJSON (-o json, -o ndjson); choose with --columns"
            }
            _ => return Ok(()),
        };
        Err(Failure::usage(ErrorKind::ArgumentConflict, message))
    }

    pub(crate) fn session_writer<'a>(
        &self,
        format: Format,
        out: impl Write + Send + 'a,
    ) -> Box<dyn SessionWriter + Send + 'a> {
        session_writer(format, &self.columns, &self.fields, out)
    }

    pub(crate) fn filters(&self) -> Filters {
        Filters::new(self.since, self.until, self.title.clone())
    }

    /// Returns whether some sessions may be read and not printed.
    pub(crate) fn has_filters(&self) -> bool {
        self.since.is_some() || self.until.is_some() || self.title.is_some()
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum OrderArg {
    /// Newest first, over all providers.
    Newest,
    /// One provider after the other.
    Source,
    /// As the pages come.
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
