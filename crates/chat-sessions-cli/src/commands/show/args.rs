//! The options of `show`, and the text around its help.

use clap::error::ErrorKind;
use regex::Regex;

use crate::commands::list::title_arg::parse_title;
use crate::commands::recording::RecordingArgs;
use crate::commands::retry_args::RetryArgs;
use crate::config::{SELECTION, SourceSelection};
use crate::exit::{Failure, exit_codes};
use crate::name_arg::name;
use crate::output::{Format, TranscriptFormat};

const EXAMPLES: &str = "\
Examples:
  chat-sessions show --sandbox --last    try it: no key, no network
  chat-sessions show memories-ai:601308802842759168
  chat-sessions show ses-a3wfom5ysb2t    the form tells the provider
  chat-sessions show --title budget      the newest session with this title
  chat-sessions show --last --full       with thinking and tools
  chat-sessions show ID -o md > session.md
  chat-sessions list --since 7d -o ndjson | chat-sessions show - -o ndjson";

const AFTER_HELP: &str = concat!(
    "\
Ids:
  PROVIDER:ID          a session, such as memories-ai:601308802842759168
  PROVIDER/SCOPE:ID    a session in one of several scopes
  601308802842759168   17 to 19 digits: a session of memories-ai
  ses-a3wfom5ysb2t     ses- in front: a session of llama-cloud
  -                    standard input: on each line an id or an object of
                       'list -o ndjson'

",
    exit_codes!()
);

const OUTPUT: &str = "Output";

#[derive(Debug, clap::Args)]
#[command(before_long_help = EXAMPLES, after_long_help = AFTER_HELP)]
pub(crate) struct ShowArgs {
    /// The sessions, as provider:id, provider/scope:id or id; - reads them from stdin.
    ///
    /// They are shown in this order. If one cannot be read, the others still are.
    #[arg(value_name = "ID", required_unless_present_any = ["last", "title"], conflicts_with_all = ["last", "title"])]
    pub(crate) ids: Vec<String>,

    #[command(flatten)]
    pub(crate) selection: SourceSelection,

    /// Show the newest session.
    #[arg(long, help_heading = SELECTION)]
    last: bool,

    /// Show the newest session whose title matches this regular expression.
    ///
    /// Smart case, as in list: `video` ignores case, `Video` does not; (?i) overrides.
    #[arg(long, value_name = "REGEX", help_heading = SELECTION, value_parser = parse_title)]
    pub(crate) title: Option<Regex>,

    /// Show made-up sessions from a built-in server; needs no key and no network.
    #[arg(long, help_heading = SELECTION, conflicts_with = "profile")]
    pub(crate) sandbox: bool,

    /// The output format; default: text on a terminal, otherwise md.
    ///
    /// With several ids, json is one document with all sessions, as `schema show` describes. With json
    /// and ndjson, messages on stderr are JSON too.
    #[arg(short, long, value_name = "FORMAT", help_heading = OUTPUT, value_parser = name::<TranscriptFormat>())]
    pub(crate) output: Option<TranscriptFormat>,

    /// Print the response of the provider instead, byte for byte, with a line end after each.
    ///
    /// On a terminal, control characters are escaped.
    #[arg(long, help_heading = OUTPUT, hide_short_help = true, conflicts_with = "output")]
    pub(crate) raw: bool,

    /// Show thinking whole instead of on one line.
    #[arg(long, help_heading = OUTPUT)]
    thinking: bool,

    /// Show tool calls and their results whole instead of on one line each.
    #[arg(long, help_heading = OUTPUT)]
    tools: bool,

    /// Show everything whole, as --thinking and --tools do; other formats always do.
    #[arg(long, help_heading = OUTPUT)]
    full: bool,

    #[command(flatten)]
    pub(crate) recording: RecordingArgs,

    #[command(flatten)]
    pub(crate) retry: RetryArgs,
}

impl ShowArgs {
    /// Checks for contradictions between options that clap cannot express.
    pub(crate) fn check(&self, format: TranscriptFormat) -> Result<(), Failure> {
        let is_chosen = self.output.is_some() || self.raw;
        let unfolds = self.thinking || self.tools || self.full;
        if unfolds && is_chosen && (self.raw || format != TranscriptFormat::Text) {
            let message = "--thinking, --tools and --full work with text; the other formats have everything";
            return Err(Failure::usage(ErrorKind::ArgumentConflict, message));
        }
        if format == TranscriptFormat::Html && !self.raw && !self.is_single() {
            let message = "-o html shows one session; 'export -o html' writes several";
            return Err(Failure::usage(ErrorKind::ArgumentConflict, message));
        }
        Ok(())
    }

    /// Returns whether the session is found by a list instead of by its id.
    pub(crate) fn takes_newest(&self) -> bool {
        self.last || self.title.is_some()
    }

    /// Returns whether one session was requested by itself.
    pub(crate) fn is_single(&self) -> bool {
        self.takes_newest() || matches!(self.ids.as_slice(), [only] if only != "-")
    }

    pub(crate) fn shows_thinking(&self) -> bool {
        self.thinking || self.full
    }

    pub(crate) fn shows_tools(&self) -> bool {
        self.tools || self.full
    }

    /// Returns the format of messages on standard error.
    pub(crate) fn message_format(&self) -> Format {
        self.output.map_or(Format::Table, Format::from)
    }
}
