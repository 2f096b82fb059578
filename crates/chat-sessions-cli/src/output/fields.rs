//! The fields of a session in JSON, and a selection of them.

use std::io::{self, Write};

use chat_sessions::Session;
use clap::ValueEnum;
use schemars::JsonSchema;
use serde::Serialize;

use super::json_text::write_json;

/// A field of a session, by its JSON name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum, Serialize, JsonSchema)]
#[value(rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub(crate) enum Field {
    /// The provider of the session.
    Provider,
    /// The provider's id of the session.
    Id,
    /// The part of the account.
    Scope,
    /// The title.
    Title,
    /// The time of creation, and how it is known.
    CreatedAt,
    /// The time of the last update, and how it is known.
    UpdatedAt,
    /// The videos or indexes that the session is about.
    Resources,
    /// What a share link grants.
    Access,
    /// The most recent run.
    LastRun,
    /// All other fields from the provider.
    Extra,
}

/// The fields to print: these in this order, or all.
#[derive(Clone, Debug, Default)]
pub(crate) struct FieldSelection(Option<Vec<Field>>);

impl FieldSelection {
    /// Creates a selection; no fields means all. Removes duplicates, since JSON names are unique.
    pub(crate) fn new(fields: &[Field]) -> Self {
        let mut chosen: Vec<Field> = Vec::new();
        for field in fields {
            if !chosen.contains(field) {
                chosen.push(*field);
            }
        }
        Self(Some(chosen).filter(|chosen| !chosen.is_empty()))
    }

    /// Returns the selected fields, or `None` for all.
    pub(crate) fn fields(&self) -> Option<&[Field]> {
        self.0.as_deref()
    }

    /// Writes a session as one JSON object on one line, without a newline.
    pub(crate) fn write(&self, mut out: impl Write, session: &Session) -> io::Result<()> {
        let Some(fields) = &self.0 else {
            return write_json(out, session);
        };
        let whole = serde_json::to_value(session)?;
        for (index, field) in fields.iter().enumerate() {
            let name = serde_json::to_value(field)?;
            out.write_all(if index == 0 { b"{" } else { b"," })?;
            write_json(&mut out, &name)?;
            out.write_all(b":")?;
            write_json(&mut out, &whole[name.as_str().unwrap_or_default()])?;
        }
        out.write_all(b"}")
    }
}
