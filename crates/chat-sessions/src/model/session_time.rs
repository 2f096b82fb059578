//! The time of a session and how it is known: sent by the provider, assumed to be UTC, or derived
//! from the id.

use serde::{Deserialize, Serialize};

use crate::model::timestamp::Timestamp;

/// `SessionTime` is an instant and its origin.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct SessionTime {
    /// The instant.
    pub at: Timestamp,
    /// Where the instant comes from.
    pub origin: TimeOrigin,
    /// The text that the provider sent; `None` if it sent none.
    pub text: Option<String>,
}

impl SessionTime {
    /// Parses a time as a provider wrote it. A time without a zone is taken as UTC.
    ///
    /// LlamaCloud's times carry no zone. They are assumed to be UTC, and the origin is
    /// [`TimeOrigin::AssumedUtc`].
    ///
    /// # Errors
    ///
    /// Returns the text unchanged if it is not a date and time.
    pub fn parse(text: String) -> Result<Self, String> {
        let Some((at, has_zone)) = Timestamp::parse(&text) else {
            return Err(text);
        };
        Ok(Self {
            at,
            origin: if has_zone {
                TimeOrigin::Given
            } else {
                TimeOrigin::AssumedUtc
            },
            text: Some(text),
        })
    }

    /// Creates a time that the provider sent as a number or in a form of its own, such as seconds
    /// since 1970 ([`Timestamp::from_unix_seconds`]).
    ///
    /// ```
    /// use chat_sessions::Timestamp;
    /// use chat_sessions::model::SessionTime;
    ///
    /// let time = Timestamp::from_unix_seconds(1_776_861_281).map(SessionTime::given);
    /// assert_eq!(time.ok_or("it is in range")?.at.to_string(), "2026-04-22T12:34:41Z");
    /// # Ok::<(), &str>(())
    /// ```
    #[must_use]
    pub fn given(at: Timestamp) -> Self {
        Self {
            at,
            origin: TimeOrigin::Given,
            text: None,
        }
    }

    /// Creates a time that is derived from the session's id.
    #[must_use]
    pub fn derived_from_id(at: Timestamp) -> Self {
        Self {
            at,
            origin: TimeOrigin::DerivedFromId,
            text: None,
        }
    }
}

/// `TimeOrigin` says where a time comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum TimeOrigin {
    /// The provider sent it with its time zone.
    Given,
    /// The provider sent it without a time zone, and UTC is assumed.
    AssumedUtc,
    /// It is derived from the session's id, which is a snowflake.
    DerivedFromId,
}

impl TimeOrigin {
    /// Returns the word for this origin in JSON and in tables.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Given => "given",
            Self::AssumedUtc => "assumed-utc",
            Self::DerivedFromId => "derived-from-id",
        }
    }
}
