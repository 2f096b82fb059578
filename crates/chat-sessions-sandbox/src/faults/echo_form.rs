//! The formats in which a fault can repeat the request.

use serde::Deserialize;

/// The format of an error that repeats the request.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum EchoForm {
    /// An error in the provider's own format.
    #[default]
    Json,
    /// Plain text.
    Text,
    /// An HTML page, with `&`, `<` and `>` escaped.
    Html,
}
