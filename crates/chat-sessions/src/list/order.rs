//! The order in which the sessions of several sources are listed.

use std::fmt;
use std::str::FromStr;

use serde::Serialize;

use crate::error::{Error, ErrorKind, Remedy, display_id};

/// `Order` says how to order the sessions of several sources. Within one source, the provider's
/// order stays.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Order {
    /// In the order in which pages arrive. This is the fastest, and the default of the library.
    #[default]
    Arrival,
    /// One source after the other, in the order in which they were added.
    Source,
    /// Merged by [`Session::time`](crate::Session::time), newest first; sessions without a time
    /// last. This buffers one page of each source, and waits for the slowest of them;
    /// [`SessionStream::next_arrived`](crate::SessionStream::next_arrived) does not.
    Newest,
}

impl Order {
    /// Returns the word for the order: `arrival`, `source` or `newest`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Arrival => "arrival",
            Self::Source => "source",
            Self::Newest => "newest",
        }
    }
}

impl fmt::Display for Order {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for Order {
    type Err = Error;

    /// Reads the word that [`as_str`](Self::as_str) returns.
    ///
    /// # Errors
    ///
    /// [`InvalidRequest`](ErrorKind::InvalidRequest) for any other text.
    fn from_str(text: &str) -> Result<Self, Error> {
        let all = [Self::Arrival, Self::Source, Self::Newest];
        let found = all.into_iter().find(|order| order.as_str() == text);
        found.ok_or_else(|| {
            Error::local(ErrorKind::InvalidRequest)
                .with_message(format!("there is no order called \"{}\"", display_id(text)))
                .with_remedy(Remedy::WriteAs {
                    form: "as arrival, source or newest",
                    example: "newest",
                })
        })
    }
}
