//! What can be attempted several times: a request of each operation of a source.

use crate::error::Result;
use crate::source::{
    BoxFuture, Operation, PageRequest, ScopesRequest, SessionRequest, SessionSource, SourcePage, SourceScopes,
    SourceSession, SourceTranscript, TranscriptRequest,
};

/// A request that can be attempted several times.
pub(crate) trait Call: Clone + Send + Sync + 'static {
    /// What the request returns.
    type Output: Send + 'static;

    /// The operation, which selects the rate limit.
    const OPERATION: Operation;

    /// The session that the request is about, if it is about one.
    fn session(&self) -> Option<&str> {
        None
    }

    /// Takes note of how often the request was sent before.
    fn resent(self, count: u32) -> Self;

    /// Sends the request once.
    fn send(self, source: &dyn SessionSource) -> BoxFuture<'_, Result<Self::Output>>;
}

/// The attempts of one request, for code that is the same for all operations.
pub(crate) trait Attempts: Send {
    fn operation(&self) -> Operation;

    fn session(&self) -> Option<&str>;

    /// Sends the request once more, and keeps what it returns.
    fn attempt<'a>(&'a mut self, source: &'a dyn SessionSource) -> BoxFuture<'a, Result<()>>;
}

/// A request, how often it was sent, and what it returned.
pub(crate) struct Attempted<C: Call> {
    request: C,
    sent: u32,
    pub(crate) output: Option<C::Output>,
}

impl<C: Call> Attempted<C> {
    pub(crate) fn new(request: C) -> Self {
        Self {
            request,
            sent: 0,
            output: None,
        }
    }
}

impl<C: Call> Attempts for Attempted<C> {
    fn operation(&self) -> Operation {
        C::OPERATION
    }

    fn session(&self) -> Option<&str> {
        self.request.session()
    }

    fn attempt<'a>(&'a mut self, source: &'a dyn SessionSource) -> BoxFuture<'a, Result<()>> {
        let answer = self.request.clone().resent(self.sent).send(source);
        self.sent += 1;
        Box::pin(async {
            self.output = Some(answer.await?);
            Ok(())
        })
    }
}

impl Call for PageRequest {
    type Output = SourcePage;

    const OPERATION: Operation = Operation::List;

    fn resent(mut self, count: u32) -> Self {
        self.exchange.resend_count = count;
        self
    }

    fn send(self, source: &dyn SessionSource) -> BoxFuture<'_, Result<SourcePage>> {
        source.page(self)
    }
}

impl Call for TranscriptRequest {
    type Output = SourceTranscript;

    const OPERATION: Operation = Operation::Transcript;

    fn session(&self) -> Option<&str> {
        Some(&self.id)
    }

    fn resent(mut self, count: u32) -> Self {
        self.exchange.resend_count = count;
        self
    }

    fn send(self, source: &dyn SessionSource) -> BoxFuture<'_, Result<SourceTranscript>> {
        source.transcript(self)
    }
}

impl Call for SessionRequest {
    type Output = SourceSession;

    const OPERATION: Operation = Operation::Session;

    fn session(&self) -> Option<&str> {
        Some(&self.id)
    }

    fn resent(mut self, count: u32) -> Self {
        self.exchange.resend_count = count;
        self
    }

    fn send(self, source: &dyn SessionSource) -> BoxFuture<'_, Result<SourceSession>> {
        source.session(self)
    }
}

impl Call for ScopesRequest {
    type Output = SourceScopes;

    const OPERATION: Operation = Operation::Scopes;

    fn resent(mut self, count: u32) -> Self {
        self.exchange.resend_count = count;
        self
    }

    fn send(self, source: &dyn SessionSource) -> BoxFuture<'_, Result<SourceScopes>> {
        source.scopes(self)
    }
}
