//! The one error: what happened, to which provider, and what to do.
//!
//! It is opaque and classified by meaning. Which answer of which provider means what is decided in `provider/`; this
//! file only carries the verdict, and never holds a key, a URL or more of a body than a short piece.

use std::error::Error as StdError;
use std::fmt;
use std::time::Duration;

use crate::cursor::Cursor;
use crate::session::{Provider, Scope};

/// A result whose error is this crate's [`Error`].
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// `Error` says what happened, to which provider and scope, and what to do about it.
///
/// It prints on one line, with the remedy at its end. Ask [`kind`](Self::kind) for what it means and
/// [`is_temporary`](Self::is_temporary) whether the same request may succeed later.
pub struct Error(Box<Inner>);

struct Inner {
    kind: ErrorKind,
    provider: Option<Provider>,
    scope: Option<Scope>,
    message: String,
    hint: Option<String>,
    status: Option<u16>,
    code: Option<String>,
    request_id: Option<String>,
    retry_after: Option<Duration>,
    attempts: u32,
    temporary: bool,
    others: Vec<Error>,
    cursor: Option<Cursor>,
    source: Option<Box<dyn StdError + Send + Sync>>,
}

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
    /// Troubleshooting: wait; [`Error::retry_after`] says how long, where the provider does.
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
    /// Troubleshooting: try again later; [`Error::is_temporary`] says whether that may help.
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
    fn usually_temporary(self) -> bool {
        matches!(self, Self::RateLimited | Self::Timeout | Self::Connect)
    }
}

impl fmt::Display for ErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl Error {
    /// Makes an error of a source; what is known of it is added with the `with_` methods.
    ///
    /// ```
    /// use chat_sessions::{Error, ErrorKind, Provider};
    ///
    /// let error = Error::new(ErrorKind::NotFound, Provider::new("notes")).with_message("there is no such notebook");
    /// assert_eq!(error.to_string(), "notes: there is no such notebook");
    /// ```
    #[must_use]
    pub fn new(kind: ErrorKind, provider: Provider) -> Self {
        let mut error = Self::local(kind);
        error.0.provider = Some(provider);
        error
    }

    /// Makes an error that concerns no single provider.
    pub(crate) fn local(kind: ErrorKind) -> Self {
        Self(Box::new(Inner {
            kind,
            provider: None,
            scope: None,
            message: String::new(),
            hint: None,
            status: None,
            code: None,
            request_id: None,
            retry_after: None,
            attempts: 0,
            temporary: kind.usually_temporary(),
            others: Vec::new(),
            cursor: None,
            source: None,
        }))
    }

    /// Says what happened, in lower case and without a full stop.
    #[must_use]
    pub fn with_message(mut self, message: impl Into<String>) -> Self {
        self.0.message = message.into();
        self
    }

    /// Says what to do about it, as a sentence.
    #[must_use]
    pub fn with_hint(mut self, hint: impl Into<String>) -> Self {
        self.0.hint = Some(hint.into());
        self
    }

    /// Names the scope that was listed.
    #[must_use]
    pub fn with_scope(mut self, scope: impl Into<Option<Scope>>) -> Self {
        self.0.scope = scope.into();
        self
    }

    /// Adds the HTTP status of the answer.
    #[must_use]
    pub fn with_status(mut self, status: u16) -> Self {
        self.0.status = Some(status);
        self
    }

    /// Adds the provider's own code for the failure.
    #[must_use]
    pub fn with_code(mut self, code: impl Into<String>) -> Self {
        self.0.code = Some(code.into());
        self
    }

    /// Adds the id under which the provider logged the request.
    #[must_use]
    pub fn with_request_id(mut self, id: impl Into<Option<String>>) -> Self {
        self.0.request_id = id.into();
        self
    }

    /// Adds how long the provider asks to wait.
    #[must_use]
    pub fn with_retry_after(mut self, wait: impl Into<Option<Duration>>) -> Self {
        self.0.retry_after = wait.into();
        self
    }

    /// Adds how many requests were made before giving up.
    #[must_use]
    pub fn with_attempts(mut self, attempts: u32) -> Self {
        self.0.attempts = attempts;
        self
    }

    /// Says whether the same request may succeed later, where the kind alone does not tell.
    #[must_use]
    pub fn with_temporary(mut self, temporary: bool) -> Self {
        self.0.temporary = temporary;
        self
    }

    /// Adds the error underneath, for [`source`](StdError::source). It must not hold a key or a URL.
    #[must_use]
    pub fn with_source(mut self, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        self.0.source = Some(source.into());
        self
    }

    /// Passes every text that can come from a provider through `redact`, and puts it on one line of bounded length.
    pub(crate) fn redacted(mut self, redact: impl Fn(String) -> String) -> Self {
        // A key that was cut in two would not be recognised, so that it is blanked first.
        self.0.message = one_line(&redact(std::mem::take(&mut self.0.message)));
        self.0.code = self.0.code.map(|code| one_line(&redact(code)));
        self.0.request_id = self.0.request_id.map(|id| one_line(&redact(id)));
        self
    }

    /// Adds the errors of further sources that failed in the same walk.
    pub(crate) fn with_others(mut self, others: Vec<Self>) -> Self {
        self.0.others = others;
        self
    }

    /// Adds the place to go on from.
    pub(crate) fn with_cursor(mut self, cursor: Cursor) -> Self {
        self.0.cursor = Some(cursor);
        self
    }

    /// Gives this error and those of further sources, each on its own.
    pub(crate) fn into_each(mut self) -> Vec<Self> {
        let others = std::mem::take(&mut self.0.others);
        std::iter::once(self).chain(others).collect()
    }

    /// Says what the error means.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// Names the provider; `None` when the error concerns no single one.
    #[must_use]
    pub fn provider(&self) -> Option<&Provider> {
        self.0.provider.as_ref()
    }

    /// Names the scope that was listed, where the source has one.
    #[must_use]
    pub fn scope(&self) -> Option<&Scope> {
        self.0.scope.as_ref()
    }

    /// Says what happened, without the provider and the remedy that `Display` adds.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// Says what to do, as a sentence, where there is something to do.
    #[must_use]
    pub fn hint(&self) -> Option<&str> {
        self.0.hint.as_deref()
    }

    /// Gives the HTTP status of the answer; `None` when none came. A failure of Memories.ai can come with status 200.
    #[must_use]
    pub fn status(&self) -> Option<u16> {
        self.0.status
    }

    /// Gives the provider's own code: Memories.ai's `code`, such as `0429`.
    #[must_use]
    pub fn code(&self) -> Option<&str> {
        self.0.code.as_deref()
    }

    /// Gives the id under which the provider logged the request, where it sent one.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        self.0.request_id.as_deref()
    }

    /// Says how long the provider asks to wait, where it does.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        self.0.retry_after
    }

    /// Says how many requests were made; 0 when the error came before any.
    #[must_use]
    pub fn attempts(&self) -> u32 {
        self.0.attempts
    }

    /// Says whether the same request may succeed later.
    #[must_use]
    pub fn is_temporary(&self) -> bool {
        self.0.temporary
    }

    /// Gives the place to go on from: behind everything that was delivered, over all sources of the walk.
    ///
    /// Every error of a walk has one, once at least one page was asked for.
    #[must_use]
    pub fn cursor(&self) -> Option<&Cursor> {
        self.0.cursor.as_ref()
    }

    /// Gives the errors of further sources that failed in the same walk, in the order of the sources.
    #[must_use]
    pub fn others(&self) -> &[Self] {
        &self.0.others
    }
}

/// Puts a provider's text on one line of at most 300 characters. Control characters could forge a line or move the cursor of
/// a terminal, so none is let through.
fn one_line(text: &str) -> String {
    const LONGEST: usize = 300;
    let mut line: String = text
        .chars()
        .take(LONGEST)
        .map(|character| if character.is_control() { ' ' } else { character })
        .collect();
    if text.chars().nth(LONGEST).is_some() {
        line.push('…');
    }
    line
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Inner {
            kind,
            provider,
            scope,
            message,
            hint,
            status,
            code,
            request_id,
            attempts: _,
            retry_after,
            temporary: _,
            others,
            cursor: _,
            source: _,
        } = &*self.0;

        if let Some(provider) = provider {
            write!(f, "{provider}")?;
            if let Some(scope) = scope {
                write!(f, "/{scope}")?;
            }
            f.write_str(": ")?;
        }
        if message.is_empty() {
            write!(f, "{kind}")?;
        } else {
            f.write_str(message)?;
        }

        let facts: Vec<String> = [
            status.map(|status| format!("HTTP {status}")),
            code.as_ref().map(|code| format!("code {code}")),
            request_id.as_ref().map(|id| format!("request id {id}")),
            retry_after.map(|wait| format!("the provider asks to wait {} s", wait.as_secs_f64())),
        ]
        .into_iter()
        .flatten()
        .collect();
        if !facts.is_empty() {
            write!(f, " ({})", facts.join(", "))?;
        }
        if let Some(hint) = hint {
            write!(f, ". {hint}")?;
        }
        match others.len() {
            0 => Ok(()),
            1 => f.write_str(" (and 1 more source failed)"),
            more => write!(f, " (and {more} more sources failed)"),
        }
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Inner {
            kind,
            provider,
            scope,
            message,
            hint,
            status,
            code,
            request_id,
            retry_after,
            attempts,
            temporary,
            others,
            cursor,
            source,
        } = &*self.0;
        let mut debug = f.debug_struct("Error");
        debug.field("kind", kind).field("message", message);
        for (name, value) in [
            ("provider", provider.as_ref().map(ToString::to_string)),
            ("scope", scope.as_ref().map(ToString::to_string)),
            ("hint", hint.clone()),
            ("status", status.map(|status| status.to_string())),
            ("code", code.clone()),
            ("request_id", request_id.clone()),
            ("retry_after", retry_after.map(|wait| format!("{wait:?}"))),
            ("source", source.as_ref().map(ToString::to_string)),
        ] {
            if let Some(value) = value {
                debug.field(name, &value);
            }
        }
        debug.field("attempts", attempts).field("temporary", temporary);
        if !others.is_empty() {
            debug.field("others", others);
        }
        if let Some(cursor) = cursor {
            debug.field("cursor", cursor);
        }
        debug.finish()
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.0
            .source
            .as_deref()
            .map(|source| source as &(dyn StdError + 'static))
    }
}
