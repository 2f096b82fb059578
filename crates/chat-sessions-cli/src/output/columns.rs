//! The columns of the table, TSV and CSV: their names, and the full value of each for a session.

use std::borrow::Cow;

use chat_sessions::Session;
use chat_sessions::model::{Run, SessionTime};
use clap::ValueEnum;

/// A column. It has the name of the JSON field with the same meaning, if there is one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
#[value(rename_all = "snake_case")]
pub(crate) enum Column {
    /// The provider of the session.
    Provider,
    /// The provider's id of the session.
    Id,
    /// The title.
    Title,
    /// The time of the last update, or of creation if the provider sends no update time.
    When,
    /// How the time in `when` is known.
    Origin,
    /// The part of the account.
    Scope,
    /// The time of creation.
    CreatedAt,
    /// How the time in `created_at` is known.
    CreatedOrigin,
    /// The time of the last update.
    UpdatedAt,
    /// How the time in `updated_at` is known.
    UpdatedOrigin,
    /// The videos or indexes that the session is about, each as kind:id.
    Resources,
    /// What a share link grants.
    Access,
    /// Duration of the last run in milliseconds.
    RunDurationMs,
    /// Whether the last run failed.
    RunIsError,
    /// The error of the last run.
    RunError,
    /// Input tokens of the last run.
    RunInputTokens,
    /// Output tokens of the last run.
    RunOutputTokens,
    /// Turns of the last run.
    RunTurns,
    /// Export configurations that the last run used.
    RunExportConfigIds,
    /// All other fields from the provider, as JSON.
    Extra,
}

/// The default columns of the table.
pub(crate) const TABLE: [Column; 4] = [Column::Title, Column::When, Column::Provider, Column::Id];

/// The default columns of TSV and CSV.
pub(crate) const ROWS: [Column; 5] = [
    Column::Provider,
    Column::Id,
    Column::Title,
    Column::When,
    Column::Origin,
];

impl Column {
    /// Returns the name, as in `--columns` and in headings.
    pub(crate) fn name(self) -> String {
        // Never `None`: no column has `#[value(skip)]`.
        self.to_possible_value()
            .map_or_else(String::new, |value| value.get_name().to_owned())
    }

    /// Returns the full value for a session; empty if the provider does not send one.
    pub(crate) fn value(self, session: &Session) -> Cow<'_, str> {
        match self {
            Self::Provider => session.id.provider().as_str().into(),
            Self::Id => session.id.as_str().into(),
            Self::Title => or_empty(session.title.as_deref()),
            Self::When | Self::CreatedAt | Self::UpdatedAt => display(self.time(session).map(|time| time.at)),
            Self::Origin | Self::CreatedOrigin | Self::UpdatedOrigin => {
                or_empty(self.time(session).map(|time| time.origin.as_str()))
            }
            Self::Scope => or_empty(session.scope.as_ref().map(|scope| scope.as_str())),
            Self::Resources => {
                let resources = session.resources.iter().flatten();
                join(resources.map(|resource| format!("{}:{}", resource.kind, resource.id))).into()
            }
            Self::Access => or_empty(session.access.as_deref()),
            Self::Extra if session.extra.is_empty() => "".into(),
            // Serialization cannot fail: the keys are strings and the values are JSON.
            Self::Extra => serde_json::to_string(&session.extra).unwrap_or_default().into(),
            _ => session
                .last_run
                .as_ref()
                .map_or(Cow::Borrowed(""), |run| self.run_value(run)),
        }
    }

    fn run_value(self, run: &Run) -> Cow<'_, str> {
        match self {
            Self::RunDurationMs => display(run.duration_ms),
            Self::RunIsError => display(run.is_error),
            Self::RunError => or_empty(run.error.as_deref()),
            Self::RunInputTokens => display(run.input_tokens),
            Self::RunOutputTokens => display(run.output_tokens),
            Self::RunTurns => display(run.turns),
            Self::RunExportConfigIds => join(run.export_config_ids.iter().flatten().cloned()).into(),
            _ => "".into(),
        }
    }

    /// Returns the time that the column shows, or whose origin it shows.
    pub(crate) fn time(self, session: &Session) -> Option<&SessionTime> {
        match self {
            Self::When | Self::Origin => session.time(),
            Self::CreatedAt | Self::CreatedOrigin => session.created_at.as_ref(),
            Self::UpdatedAt | Self::UpdatedOrigin => session.updated_at.as_ref(),
            _ => None,
        }
    }

    pub(crate) fn is_time(self) -> bool {
        matches!(self, Self::When | Self::CreatedAt | Self::UpdatedAt)
    }

    pub(crate) fn is_origin(self) -> bool {
        matches!(self, Self::Origin | Self::CreatedOrigin | Self::UpdatedOrigin)
    }

    pub(crate) fn is_number(self) -> bool {
        matches!(
            self,
            Self::RunDurationMs | Self::RunInputTokens | Self::RunOutputTokens | Self::RunTurns
        )
    }

    /// Returns whether the table may truncate the value. Text to read may be; an id to copy may not.
    pub(crate) fn may_be_truncated(self) -> bool {
        matches!(
            self,
            Self::Title | Self::Resources | Self::RunError | Self::RunExportConfigIds | Self::Extra
        )
    }
}

fn or_empty(value: Option<&str>) -> Cow<'_, str> {
    value.unwrap_or_default().into()
}

fn display<T: ToString>(value: Option<T>) -> Cow<'static, str> {
    value.map_or(Cow::Borrowed(""), |value| value.to_string().into())
}

fn join(values: impl Iterator<Item = String>) -> String {
    values.collect::<Vec<_>>().join(" ")
}
