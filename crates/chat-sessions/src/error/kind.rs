//! The meaning of an error, the same for every provider.

use std::fmt;

use serde::{Serialize, Serializer};

/// `ErrorKind` says what an error means, the same for every provider.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The configuration is invalid; no request was made.
    ///
    /// Troubleshooting: the message names the variable or the setting.
    Config,
    /// The provider refused the key, or there is no key.
    ///
    /// Troubleshooting: set or check the key; for LlamaCloud also the region, since a key is valid
    /// in one region only.
    Auth,
    /// The key is valid, but the account may not do this.
    ///
    /// Troubleshooting: check the project or the state of the account in the provider's console.
    Permission,
    /// The account has run out of credits.
    ///
    /// Troubleshooting: top up; retrying does not help.
    Quota,
    /// The provider limits the rate of requests.
    ///
    /// Troubleshooting: wait; [`Error::retry_after`](crate::Error::retry_after) says how long, if
    /// the provider does.
    RateLimited,
    /// The provider, or this crate, found the request itself invalid.
    ///
    /// Troubleshooting: the message names the value; the same request cannot succeed.
    InvalidRequest,
    /// The requested resource does not exist.
    ///
    /// Troubleshooting: check the id of the session, the base URL, the project and the scope.
    NotFound,
    /// The request conflicts with the state of the account.
    ///
    /// Troubleshooting: see the provider's message; retrying does not help.
    Conflict,
    /// The complete response did not arrive in time.
    ///
    /// Troubleshooting: try again, or raise the timeout.
    Timeout,
    /// There was no connection, or it broke before the response was complete.
    ///
    /// Troubleshooting: check the network, the proxy and the base URL.
    Connect,
    /// The provider failed.
    ///
    /// Troubleshooting: try again later; [`Error::is_temporary`](crate::Error::is_temporary) says
    /// whether that may help.
    Server,
    /// The response does not match the provider's documents: it is not JSON, cut off, of a wrong
    /// shape, or a redirect.
    ///
    /// Troubleshooting: check whether a proxy answered at the base URL; if the provider has
    /// changed, the spec must be updated.
    Protocol,
    /// The list cannot be read to its end: it repeats itself or makes no progress.
    ///
    /// Troubleshooting: the provider's paging is at fault; the message says how.
    Walk,
    /// The source cannot do this: its provider has no such operation.
    ///
    /// Troubleshooting: [`Capabilities`](crate::source::Capabilities) says what a source can do.
    Unsupported,
    /// The cursor cannot be used here.
    ///
    /// Troubleshooting: it belongs to another provider, scope or query; start a new list.
    Cursor,
}

impl ErrorKind {
    /// All kinds, in the order of their declaration.
    pub(super) const ALL: [Self; 15] = [
        Self::Config,
        Self::Auth,
        Self::Permission,
        Self::Quota,
        Self::RateLimited,
        Self::InvalidRequest,
        Self::NotFound,
        Self::Conflict,
        Self::Timeout,
        Self::Connect,
        Self::Server,
        Self::Protocol,
        Self::Walk,
        Self::Unsupported,
        Self::Cursor,
    ];

    /// Returns the word for the kind in machine-readable output.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Config => "config",
            Self::Auth => "auth",
            Self::Permission => "permission",
            Self::Quota => "quota",
            Self::RateLimited => "rate-limited",
            Self::InvalidRequest => "invalid-request",
            Self::NotFound => "not-found",
            Self::Conflict => "conflict",
            Self::Timeout => "timeout",
            Self::Connect => "connect",
            Self::Server => "server",
            Self::Protocol => "protocol",
            Self::Walk => "walk",
            Self::Unsupported => "unsupported",
            Self::Cursor => "cursor",
        }
    }

    /// Returns whether errors of this kind are transient, unless the error itself says otherwise.
    pub(crate) fn usually_temporary(self) -> bool {
        matches!(self, Self::RateLimited | Self::Timeout | Self::Connect)
    }
}

impl fmt::Display for ErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl Serialize for ErrorKind {
    /// Writes the word that [`as_str`](Self::as_str) returns.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

#[cfg(feature = "schemars")]
impl schemars::JsonSchema for ErrorKind {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "ErrorKind".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "description": "What an error means, the same for every provider. There can be more in the future.",
            "type": "string",
            "examples": Self::ALL.map(Self::as_str),
        })
    }
}
