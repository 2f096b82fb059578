//! The columns that the table, TSV and CSV can have: their names, and their values in full.

use std::borrow::Cow;

use chat_sessions::{Run, Session, SessionTime};
use clap::ValueEnum;

/// A column. Where a session has a field of the same meaning in JSON, both have the same name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
#[value(rename_all = "snake_case")]
pub(crate) enum Column {
    /// Who keeps the session.
    Provider,
    /// Its id there.
    Id,
    /// What it is called.
    Title,
    /// When it last changed or, where the provider does not say, was created.
    When,
    /// How `when` is known.
    Origin,
    /// The part of the account that was listed.
    Scope,
    /// When it was created.
    CreatedAt,
    /// How `created_at` is known.
    CreatedOrigin,
    /// When it last changed.
    UpdatedAt,
    /// How `updated_at` is known.
    UpdatedOrigin,
    /// What it talks about, each as kind:id.
    Sources,
    /// What a share link grants.
    Access,
    /// How long the last run took, in milliseconds.
    RunDurationMs,
    /// Whether the last run failed.
    RunIsError,
    /// What went wrong in the last run.
    RunError,
    /// Tokens that went into the last run.
    RunInputTokens,
    /// Tokens that came out of it.
    RunOutputTokens,
    /// Turns that it took.
    RunTurns,
    /// Export configurations that it used.
    RunExportConfigIds,
    /// What the provider sent besides, as JSON.
    Extra,
}

/// What stands in a column when nothing else is asked for.
pub(crate) const DEFAULT: [Column; 5] = [
    Column::Provider,
    Column::Id,
    Column::Title,
    Column::When,
    Column::Origin,
];

impl Column {
    /// Gives the name, as it is typed and as it stands in a heading.
    pub(crate) fn name(self) -> String {
        // No column is skipped in the list of possible values.
        self.to_possible_value()
            .map_or_else(String::new, |value| value.get_name().to_owned())
    }

    /// Gives a session's value in full; what the provider does not say is empty.
    pub(crate) fn value(self, session: &Session) -> Cow<'_, str> {
        match self {
            Self::Provider => session.id.provider().as_str().into(),
            Self::Id => session.id.as_str().into(),
            Self::Title => or_empty(session.title.as_deref()),
            Self::When | Self::CreatedAt | Self::UpdatedAt => shown(self.time(session).map(|time| time.at)),
            Self::Origin | Self::CreatedOrigin | Self::UpdatedOrigin => {
                or_empty(self.time(session).map(|time| time.origin.as_str()))
            }
            Self::Scope => or_empty(session.scope.as_ref().map(|scope| scope.as_str())),
            Self::Sources => {
                let sources = session.sources.iter().flatten();
                joined(sources.map(|source| format!("{}:{}", source.kind, source.id))).into()
            }
            Self::Access => or_empty(session.access.as_deref()),
            Self::Extra if session.extra.is_empty() => "".into(),
            // A map of texts and values of JSON is JSON.
            Self::Extra => serde_json::to_string(&session.extra).unwrap_or_default().into(),
            _ => session
                .last_run
                .as_ref()
                .map_or(Cow::Borrowed(""), |run| self.of_run(run)),
        }
    }

    fn of_run(self, run: &Run) -> Cow<'_, str> {
        match self {
            Self::RunDurationMs => shown(run.duration_ms),
            Self::RunIsError => shown(run.is_error),
            Self::RunError => or_empty(run.error.as_deref()),
            Self::RunInputTokens => shown(run.input_tokens),
            Self::RunOutputTokens => shown(run.output_tokens),
            Self::RunTurns => shown(run.turns),
            Self::RunExportConfigIds => joined(run.export_config_ids.iter().flatten().cloned()).into(),
            _ => "".into(),
        }
    }

    /// Gives the time that the column tells, or tells the origin of.
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

    /// Says whether it may be cut where there is no room: what people read may, what they copy may not.
    pub(crate) fn may_be_cut(self) -> bool {
        matches!(
            self,
            Self::Title | Self::Sources | Self::RunError | Self::RunExportConfigIds | Self::Extra
        )
    }
}

fn or_empty(value: Option<&str>) -> Cow<'_, str> {
    value.unwrap_or_default().into()
}

fn shown<T: ToString>(value: Option<T>) -> Cow<'static, str> {
    value.map_or(Cow::Borrowed(""), |value| value.to_string().into())
}

fn joined(values: impl Iterator<Item = String>) -> String {
    values.collect::<Vec<_>>().join(" ")
}
