//! The output formats, as `-o` takes them.

use clap::ValueEnum;

/// The format of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// Aligned columns, truncated to the width of the terminal.
    Table,
    /// Full values separated by tabs, without a header; control characters are escaped.
    Tsv,
    /// Full values as CSV (RFC 4180), with a header; for a spreadsheet, add --spreadsheet.
    Csv,
    /// One JSON document.
    Json,
    /// One JSON object per line.
    Ndjson,
}

impl Format {
    /// Returns whether the output is JSON, so that messages are JSON too.
    pub(crate) fn is_json(self) -> bool {
        matches!(self, Self::Json | Self::Ndjson)
    }
}

/// The format of a session with its messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum TranscriptFormat {
    /// For people at a terminal: wrapped text, with thinking and tools on one line each.
    Text,
    /// One Markdown document.
    Md,
    /// One page for a browser, which loads nothing; of one session.
    Html,
    /// One JSON object, or one JSON document for several sessions.
    Json,
    /// One JSON object per session and line.
    Ndjson,
}

impl From<TranscriptFormat> for Format {
    /// Returns the list format whose messages have the same form.
    fn from(format: TranscriptFormat) -> Self {
        match format {
            TranscriptFormat::Json => Self::Json,
            TranscriptFormat::Ndjson => Self::Ndjson,
            TranscriptFormat::Text | TranscriptFormat::Md | TranscriptFormat::Html => Self::Table,
        }
    }
}

/// The format of a report, that is, of every output that is neither a list nor a transcript.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ReportFormat {
    /// Text for people.
    Text,
    /// One JSON document.
    Json,
}

impl From<ReportFormat> for Format {
    /// Returns the list format whose messages have the same form.
    fn from(format: ReportFormat) -> Self {
        match format {
            ReportFormat::Text => Self::Table,
            ReportFormat::Json => Self::Json,
        }
    }
}
