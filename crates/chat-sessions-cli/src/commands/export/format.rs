//! The formats of exported files.

use chat_sessions::Transcript;
use clap::ValueEnum;

use crate::output::Format;
use crate::output::session_index::{self, IndexRow};
use crate::output::transcript::{html, json, markdown};

/// The format of each file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum FileFormat {
    /// Markdown, with index.md.
    Md,
    /// Pages that need no network and no script, with index.html.
    Html,
    /// JSON, indented.
    Json,
    /// JSON on one line.
    Ndjson,
}

impl FileFormat {
    /// Returns the ending of a file's name.
    pub(crate) fn extension(self) -> &'static str {
        match self {
            Self::Md => "md",
            Self::Html => "html",
            Self::Json => "json",
            Self::Ndjson => "ndjson",
        }
    }

    /// Returns the content of the file of a session.
    pub(crate) fn render(self, transcript: &Transcript) -> String {
        match self {
            Self::Md => markdown::page(transcript),
            Self::Html => html::page(transcript),
            Self::Json => json::pretty(transcript) + "\n",
            Self::Ndjson => json::line(transcript) + "\n",
        }
    }

    /// Returns the name of the page that lists the sessions, if the format has one.
    pub(crate) fn index_name(self) -> Option<&'static str> {
        match self {
            Self::Md => Some("index.md"),
            Self::Html => Some("index.html"),
            Self::Json | Self::Ndjson => None,
        }
    }

    /// Returns the page that lists the sessions.
    pub(crate) fn index_page(self, rows: &[IndexRow<'_>]) -> Option<(&'static str, String)> {
        let page = match self {
            Self::Html => html::index(rows),
            _ => session_index::markdown(rows),
        };
        self.index_name().map(|name| (name, page))
    }

    /// Returns the list format whose messages have the same form.
    pub(crate) fn of_messages(self) -> Format {
        match self {
            Self::Md | Self::Html => Format::Table,
            Self::Json => Format::Json,
            Self::Ndjson => Format::Ndjson,
        }
    }
}
