//! The cause of an error, for [`source`](std::error::Error::source).

use std::error::Error as StdError;
use std::fmt;

/// The text of a library's error that could repeat a part of a response.
///
/// Only the text is kept, so that secrets can be removed from it like from the message.
#[derive(Debug)]
pub(crate) struct CauseText(pub(crate) String);

impl fmt::Display for CauseText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl StdError for CauseText {}
