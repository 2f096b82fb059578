//! The error type of this crate: what happened, to which provider, and what to do about it.
//!
//! It is opaque and classified by meaning. `provider/` decides what a response means. An error
//! never holds a key, a URL or more of a body than a short piece.

mod cause;
mod display;
mod json;
mod kind;
mod one_line;
mod parse;
mod remedy;

use std::error::Error as StdError;
use std::time::Duration;

use one_line::{LONGEST, LONGEST_ID, one_line};

use crate::invisible::is_blank;
use crate::model::{Provider, Scope};
use crate::pagination::Cursor;
use crate::retry::GaveUp;

pub(crate) use cause::CauseText;
pub(crate) use display::seconds;
pub use kind::ErrorKind;
pub(crate) use one_line::display_id;
pub use remedy::{ApiKeyVariables, Remedy};

/// A result whose error is this crate's [`Error`].
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// `Error` says what happened, and to which provider and scope.
///
/// It prints on one line. [`remedy`](Self::remedy) says what to do about it, and
/// [`hint`](Self::hint) is the remedy as a sentence. [`kind`](Self::kind) returns what it means, and
/// [`is_temporary`](Self::is_temporary) whether the same request may succeed later.
pub struct Error(Box<Inner>);

struct Inner {
    kind: ErrorKind,
    provider: Option<Provider>,
    scope: Option<Scope>,
    session: Option<String>,
    message: String,
    remedy: Option<Remedy>,
    status: Option<u16>,
    code: Option<String>,
    request_id: Option<String>,
    retry_after: Option<Duration>,
    /// `None` if the attempts were not counted.
    attempts: Option<u32>,
    waited: Duration,
    gave_up: Option<GaveUp>,
    snippet: Option<String>,
    temporary: bool,
    refused_page_size: bool,
    others: Vec<Error>,
    cursor: Option<Cursor>,
    source: Option<Box<dyn StdError + Send + Sync>>,
}

impl Error {
    /// Creates an error of a source; add details with the `with_` methods.
    ///
    /// ```
    /// use chat_sessions::{Error, ErrorKind, Provider};
    ///
    /// let error = Error::new(ErrorKind::NotFound, Provider::new("notes")).with_message("there is no such notebook");
    /// assert_eq!(error.to_string(), "notes: there is no such notebook");
    /// ```
    #[must_use]
    #[cold]
    pub fn new(kind: ErrorKind, provider: Provider) -> Self {
        let mut error = Self::local(kind);
        error.0.provider = Some(provider);
        error
    }

    /// Creates an error that concerns no single provider, such as one in a configuration that
    /// several share.
    #[must_use]
    #[cold]
    pub fn local(kind: ErrorKind) -> Self {
        Self(Box::new(Inner {
            kind,
            provider: None,
            scope: None,
            session: None,
            message: String::new(),
            remedy: None,
            status: None,
            code: None,
            request_id: None,
            retry_after: None,
            attempts: None,
            waited: Duration::ZERO,
            gave_up: None,
            snippet: None,
            temporary: kind.usually_temporary(),
            refused_page_size: false,
            others: Vec::new(),
            cursor: None,
            source: None,
        }))
    }

    /// Sets what happened, in lower case and without a full stop.
    #[must_use]
    #[cold]
    pub fn with_message(mut self, message: impl Into<String>) -> Self {
        self.0.message = message.into();
        self
    }

    /// Sets what to do about it: one of the remedies that programs can match on, or a sentence.
    #[must_use]
    #[cold]
    pub fn with_remedy(mut self, remedy: impl Into<Remedy>) -> Self {
        self.0.remedy = Some(remedy.into());
        self
    }

    /// Sets the scope that was listed.
    #[must_use]
    #[cold]
    pub fn with_scope(mut self, scope: impl Into<Option<Scope>>) -> Self {
        self.0.scope = scope.into();
        self
    }

    /// Adds the provider's own id of the session that the request was about.
    #[must_use]
    #[cold]
    pub fn with_session(mut self, id: impl Into<String>) -> Self {
        self.0.session = Some(id.into());
        self
    }

    /// Adds the HTTP status of the response.
    #[must_use]
    #[cold]
    pub fn with_status(mut self, status: u16) -> Self {
        self.0.status = Some(status);
        self
    }

    /// Adds the provider's own error code.
    #[must_use]
    #[cold]
    pub fn with_code(mut self, code: impl Into<String>) -> Self {
        self.0.code = Some(code.into());
        self
    }

    /// Adds the id under which the provider logged the request.
    #[must_use]
    #[cold]
    pub fn with_request_id(mut self, id: impl Into<Option<String>>) -> Self {
        self.0.request_id = id.into();
        self
    }

    /// Adds how long the provider asks to wait.
    #[must_use]
    #[cold]
    pub fn with_retry_after(mut self, wait: impl Into<Option<Duration>>) -> Self {
        self.0.retry_after = wait.into();
        self
    }

    /// Adds the number of requests made.
    ///
    /// The library counts them by itself. A source sets 0 if it refuses a request before sending
    /// it; such a request is not retried.
    #[must_use]
    #[cold]
    pub fn with_attempts(mut self, attempts: u32) -> Self {
        self.0.attempts = Some(attempts);
        self
    }

    /// Adds the beginning of the response. It must not hold a key or user content.
    #[must_use]
    #[cold]
    pub fn with_snippet(mut self, snippet: impl Into<Option<String>>) -> Self {
        self.0.snippet = snippet.into();
        self
    }

    /// Sets whether the same request may succeed later, if that differs from the default of the kind.
    #[must_use]
    #[cold]
    pub fn with_temporary(mut self, temporary: bool) -> Self {
        self.0.temporary = temporary;
        self
    }

    /// Marks the error as a refusal of the page size.
    ///
    /// If the walk chose the size itself and may change it, it requests half as many sessions and
    /// continues, now and in later walks over the same [`Account`](crate::source::Account).
    #[must_use]
    #[cold]
    pub fn with_refused_page_size(mut self) -> Self {
        self.0.refused_page_size = true;
        self
    }

    /// Adds the underlying error, for [`source`](StdError::source). It must not hold a key, a URL or
    /// user content.
    #[must_use]
    #[cold]
    pub fn with_source(mut self, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        self.0.source = Some(source.into());
        self
    }

    /// Passes every text that can come from a provider through `redact`, and puts it on one line of
    /// limited length.
    #[cold]
    pub(crate) fn redacted(mut self, redact: &dyn Fn(String) -> String) -> Self {
        // Redact first, because a key that was cut in two would not be recognised.
        let redacted = |text: String, longest: usize| one_line(&redact(text), longest);
        self.0.message = redacted(std::mem::take(&mut self.0.message), LONGEST);
        let visible =
            |text: Option<String>, longest| text.map(|text| redacted(text, longest)).filter(|text| !is_blank(text));
        self.0.code = visible(self.0.code, LONGEST);
        self.0.request_id = visible(self.0.request_id, LONGEST_ID);
        self.0.snippet = visible(self.0.snippet, LONGEST);
        self.0.source = self.0.source.map(|source| match source.downcast::<CauseText>() {
            Ok(cause) => CauseText(redacted(cause.0, LONGEST)).into(),
            Err(source) => source,
        });
        self
    }

    /// Says that there is no tokio runtime, and that no request was sent.
    #[cold]
    pub(crate) fn outside_runtime(self) -> Self {
        self.with_attempts(0)
            .with_message("requests need a tokio runtime, and this thread is in none")
            .with_remedy(Remedy::EnterRuntime)
    }

    /// Adds the time waited between the requests.
    #[cold]
    pub(crate) fn with_waited(mut self, waited: Duration) -> Self {
        self.0.waited = waited;
        self
    }

    /// Adds why there was no further request.
    #[cold]
    pub(crate) fn with_gave_up(mut self, reason: GaveUp) -> Self {
        self.0.gave_up = Some(reason);
        self
    }

    /// Returns the number of requests made, if they were counted.
    pub(crate) fn attempts_if_known(&self) -> Option<u32> {
        self.0.attempts
    }

    /// Adds the errors of other sources that failed in the same walk.
    #[cold]
    pub(crate) fn with_others(mut self, others: Vec<Self>) -> Self {
        self.0.others = others;
        self
    }

    /// Adds the cursor to resume from.
    #[cold]
    pub(crate) fn with_cursor(mut self, cursor: Cursor) -> Self {
        self.0.cursor = Some(cursor);
        self
    }

    /// Returns this error and those of the other sources as separate errors.
    #[cold]
    pub(crate) fn into_each(mut self) -> Vec<Self> {
        let others = std::mem::take(&mut self.0.others);
        std::iter::once(self).chain(others).collect()
    }

    /// Returns what the error means.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// Returns the provider; `None` if the error concerns no single one.
    #[must_use]
    pub fn provider(&self) -> Option<&Provider> {
        self.0.provider.as_ref()
    }

    /// Returns the scope that was listed, if the source has one.
    #[must_use]
    pub fn scope(&self) -> Option<&Scope> {
        self.0.scope.as_ref()
    }

    /// Returns the provider's own id of the session that the request was about; `None` if it was about
    /// no single session.
    #[must_use]
    pub fn session(&self) -> Option<&str> {
        self.0.session.as_deref()
    }

    /// Returns what happened, without the provider and the details that `Display` adds.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// Returns what to do about it, if there is anything to do.
    #[must_use]
    pub fn remedy(&self) -> Option<&Remedy> {
        self.0.remedy.as_ref()
    }

    /// Returns what to do about it as a sentence, in the words of this library. `Display` does not
    /// include it.
    #[must_use]
    pub fn hint(&self) -> Option<String> {
        self.0.remedy.as_ref().map(ToString::to_string)
    }

    /// Returns the HTTP status of the response; `None` if there was none. A failure of Memories.ai
    /// can have status 200.
    #[must_use]
    pub fn status(&self) -> Option<u16> {
        self.0.status
    }

    /// Returns the provider's own code: Memories.ai's `code`, such as `0429`.
    #[must_use]
    pub fn code(&self) -> Option<&str> {
        self.0.code.as_deref()
    }

    /// Returns the id under which the provider logged the request, if it sent one.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        self.0.request_id.as_deref()
    }

    /// Returns how long the provider asks to wait, if it does.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        self.0.retry_after
    }

    /// Returns the number of requests made; 0 if the error occurred before any.
    #[must_use]
    pub fn attempts(&self) -> u32 {
        self.0.attempts.unwrap_or_default()
    }

    /// Returns the time waited between the requests, without waits for the account's rate limit
    /// ([`Pacing`](crate::retry::Pacing)).
    #[must_use]
    pub fn waited(&self) -> Duration {
        self.0.waited
    }

    /// Returns why the request was not retried; `None` if no request was made.
    #[must_use]
    pub fn gave_up(&self) -> Option<GaveUp> {
        self.0.gave_up
    }

    /// Returns the beginning of an unexpected response: one line of at most 300 characters, without
    /// keys, tokens, cookies and user content.
    #[must_use]
    pub fn snippet(&self) -> Option<&str> {
        self.0.snippet.as_deref()
    }

    /// Returns whether the same request may succeed later.
    #[must_use]
    pub fn is_temporary(&self) -> bool {
        self.0.temporary
    }

    /// Returns whether the provider refuses the page size.
    #[must_use]
    pub fn refuses_page_size(&self) -> bool {
        self.0.refused_page_size
    }

    /// Returns the cursor to resume from: after all delivered sessions, over all sources of the
    /// walk.
    ///
    /// Every error of a walk has one, once at least one page was requested.
    #[must_use]
    pub fn cursor(&self) -> Option<&Cursor> {
        self.0.cursor.as_ref()
    }

    /// Returns the errors of other sources that failed in the same walk, in the order of the
    /// sources.
    #[must_use]
    pub fn others(&self) -> &[Self] {
        &self.0.others
    }
}

impl StdError for Error {
    /// Returns the error of the library below: of the HTTP client, without the URL; of the decoder; or
    /// of the file system. The message already says what matters in it.
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.0
            .source
            .as_deref()
            .map(|source| source as &(dyn StdError + 'static))
    }
}

#[cfg(test)]
mod tests {
    use super::{Error, ErrorKind};
    use crate::model::Provider;

    #[test]
    fn a_text_that_shows_nothing_is_left_out() {
        let error = Error::new(ErrorKind::Server, Provider::LLAMA_CLOUD)
            .with_code("\u{200b}")
            .with_request_id("\u{202e} ".to_owned())
            .with_snippet("\u{feff}".to_owned());
        let error = error.redacted(&|text| text);
        assert_eq!((error.code(), error.request_id(), error.snippet()), (None, None, None));
    }
}
