//! What can be attempted several times: a request of each operation of a source.

use crate::error::Result;
use crate::model::{ScopeInfo, Session};
use crate::source::{
    BoxFuture, Operation, PageRequest, ScopesRequest, SessionSource, SourcePage, SourceTranscript, SummaryRequest,
    TranscriptRequest,
};

/// A request that can be attempted several times.
pub(crate) trait Call: Clone + Send + Sync + 'static {
    /// What the request returns.
    type Output: Send + 'static;

    /// The operation, which selects the rate limit.
    const OPERATION: Operation;

    /// Sends the request once.
    fn send(self, source: &dyn SessionSource) -> BoxFuture<'_, Result<Self::Output>>;
}

impl Call for PageRequest {
    type Output = SourcePage;

    const OPERATION: Operation = Operation::List;

    fn send(self, source: &dyn SessionSource) -> BoxFuture<'_, Result<SourcePage>> {
        source.page(self)
    }
}

impl Call for TranscriptRequest {
    type Output = SourceTranscript;

    const OPERATION: Operation = Operation::Transcript;

    fn send(self, source: &dyn SessionSource) -> BoxFuture<'_, Result<SourceTranscript>> {
        source.transcript(self)
    }
}

impl Call for SummaryRequest {
    type Output = Session;

    const OPERATION: Operation = Operation::Summary;

    fn send(self, source: &dyn SessionSource) -> BoxFuture<'_, Result<Session>> {
        source.summary(self)
    }
}

impl Call for ScopesRequest {
    type Output = Vec<ScopeInfo>;

    const OPERATION: Operation = Operation::Scopes;

    fn send(self, source: &dyn SessionSource) -> BoxFuture<'_, Result<Vec<ScopeInfo>>> {
        source.scopes(self)
    }
}
