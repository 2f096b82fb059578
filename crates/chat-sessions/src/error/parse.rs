//! Reads the words that people write for types that an error holds itself: its kind, and the provider.

use std::str::FromStr;

use crate::error::{Error, ErrorKind, Remedy, display_id};
use crate::model::Provider;

impl FromStr for ErrorKind {
    type Err = Error;

    /// Reads the word that [`as_str`](Self::as_str) returns.
    ///
    /// # Errors
    ///
    /// [`InvalidRequest`](Self::InvalidRequest) for any other text.
    fn from_str(text: &str) -> Result<Self, Error> {
        let found = Self::ALL.into_iter().find(|kind| kind.as_str() == text);
        found.ok_or_else(|| {
            Error::local(Self::InvalidRequest)
                .with_message(format!("there is no kind of error called \"{}\"", display_id(text)))
                .with_remedy(Remedy::WriteAs {
                    form: "in lower case, with hyphens between words",
                    example: "not-found",
                })
        })
    }
}

impl FromStr for Provider {
    type Err = Error;

    /// Reads the name of a provider, known or not.
    ///
    /// # Errors
    ///
    /// [`InvalidRequest`](ErrorKind::InvalidRequest) for a text that cannot be part of an address: an
    /// empty one, or one with `:`, `/`, spaces or control characters.
    fn from_str(text: &str) -> Result<Self, Error> {
        let cannot_be_in_a_name =
            |character: char| matches!(character, ':' | '/') || character.is_whitespace() || character.is_control();
        if text.is_empty() || text.contains(cannot_be_in_a_name) {
            return Err(Error::local(ErrorKind::InvalidRequest)
                .with_message(format!("\"{}\" is not the name of a provider", display_id(text)))
                .with_remedy(Remedy::WriteAs {
                    form: "as one word",
                    example: "memories-ai",
                }));
        }
        Ok(Self::new(text.to_owned()))
    }
}
