//! What an error means, the same for every provider.

use std::fmt;

/// `ErrorKind` says what an error means, the same for every provider.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The configuration is wrong; no request was made.
    ///
    /// Troubleshooting: the message names the variable or the setting.
    Config,
    /// The provider refused the key, or no key is given at all.
    ///
    /// Troubleshooting: set or check the key; for LlamaCloud also the region, since a key is valid in one region only.
    Auth,
    /// The key is good, and the account may not do this.
    ///
    /// Troubleshooting: check the project or the state of the account in the provider's console.
    Permission,
    /// The account has run out of credits.
    ///
    /// Troubleshooting: top up; trying again does not help.
    Quota,
    /// The provider asks for fewer requests.
    ///
    /// Troubleshooting: wait; [`Error::retry_after`](crate::Error::retry_after) says how long, where the provider does.
    RateLimited,
    /// The provider, or this crate, found the request itself wrong.
    ///
    /// Troubleshooting: the message says which value; the same request cannot succeed.
    InvalidRequest,
    /// What was asked for does not exist.
    ///
    /// Troubleshooting: check the base URL, the project and the scope.
    NotFound,
    /// The request conflicts with the state of the account.
    ///
    /// Troubleshooting: see the provider's message; trying again does not help.
    Conflict,
    /// No whole answer came in time.
    ///
    /// Troubleshooting: try again, or raise the timeout.
    Timeout,
    /// No connection, or one that broke before the answer was whole.
    ///
    /// Troubleshooting: check the network, the proxy and the base URL.
    Connect,
    /// The provider failed.
    ///
    /// Troubleshooting: try again later; [`Error::is_temporary`](crate::Error::is_temporary) says whether that may help.
    Server,
    /// The answer is not what the provider's documents promise: not JSON, cut, of a wrong shape, a redirect.
    ///
    /// Troubleshooting: check the base URL for a proxy; if the provider has changed, the spec must follow.
    Protocol,
    /// The list cannot be walked to its end: it repeats itself or does not move on.
    ///
    /// Troubleshooting: the provider's paging is at fault; the message says how.
    Walk,
    /// A cursor cannot be used here.
    ///
    /// Troubleshooting: it belongs to another provider, scope or query; start anew.
    Cursor,
}

impl ErrorKind {
    /// Gives the word that stands for the kind in machine-readable output.
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
            Self::Cursor => "cursor",
        }
    }

    /// Says whether an error of this kind passes by itself, unless the one who made it knew better.
    pub(crate) fn usually_temporary(self) -> bool {
        matches!(self, Self::RateLimited | Self::Timeout | Self::Connect)
    }
}

impl fmt::Display for ErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}
