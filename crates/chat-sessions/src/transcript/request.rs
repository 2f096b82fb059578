//! The requests for transcripts: of one session, and of many.

use std::sync::Arc;

use crate::error::Result;
use crate::list::SessionStream;
use crate::model::{Session, SessionAddress, Transcript};
use crate::retry::Fetcher;
use crate::source::{SessionRequest, SessionSource};
use crate::transcript::fetch::{fetch, request};
use crate::transcript::options::{Options, shared_setters};
use crate::transcript::resolve::resolve;
use crate::transcript::stream::{Input, TranscriptStream};

/// `ReadTranscript` describes a request for one session with its messages.
/// [`ChatSessions::transcript`](crate::ChatSessions::transcript) creates it.
#[derive(Clone, Debug)]
#[must_use = "a request does nothing until it is sent"]
pub struct ReadTranscript {
    sources: Arc<[Arc<dyn SessionSource>]>,
    address: SessionAddress,
    options: Options,
}

shared_setters!(ReadTranscript);

impl ReadTranscript {
    pub(crate) fn new(sources: Arc<[Arc<dyn SessionSource>]>, address: SessionAddress) -> Self {
        Self {
            sources,
            address,
            options: Options::default(),
        }
    }

    /// Keeps the body of the response, in [`Transcript::raw`].
    pub fn keep_raw(mut self, keep: bool) -> Self {
        self.options.keep_raw = keep;
        self
    }

    /// Fetches the transcript.
    ///
    /// # Errors
    ///
    /// [`NotFound`](crate::ErrorKind::NotFound) if the provider has no such session,
    /// [`InvalidRequest`](crate::ErrorKind::InvalidRequest) if the client has no source for the
    /// address, [`Unsupported`](crate::ErrorKind::Unsupported) if the source has no transcripts, and
    /// the errors of any request. [`Error::session`](crate::Error::session) names the session.
    pub async fn send(self) -> Result<Transcript> {
        self.options.check()?;
        let source = &self.sources[resolve(&self.sources, &self.address)?];
        let fetcher = Fetcher::new(Arc::clone(source), self.options.retry, self.options.on_retry.clone());
        fetch(fetcher, request(&self.address, &self.options)).await
    }
}

/// `ReadSession` describes a request for one session without its messages.
/// [`ChatSessions::session`](crate::ChatSessions::session) creates it.
#[derive(Clone, Debug)]
#[must_use = "a request does nothing until it is sent"]
pub struct ReadSession {
    sources: Arc<[Arc<dyn SessionSource>]>,
    address: SessionAddress,
    options: Options,
}

shared_setters!(ReadSession);

impl ReadSession {
    pub(crate) fn new(sources: Arc<[Arc<dyn SessionSource>]>, address: SessionAddress) -> Self {
        Self {
            sources,
            address,
            options: Options::default(),
        }
    }

    /// Keeps the body of the response, in [`Session::raw`].
    pub fn keep_raw(mut self, keep: bool) -> Self {
        self.options.keep_raw = keep;
        self
    }

    /// Fetches the session.
    ///
    /// # Errors
    ///
    /// The same as those of [`ReadTranscript::send`]. Memories.ai has no such operation, so that its
    /// sources fail with [`Unsupported`](crate::ErrorKind::Unsupported).
    pub async fn send(self) -> Result<Session> {
        self.options.check()?;
        let source = &self.sources[resolve(&self.sources, &self.address)?];
        let fetcher = Fetcher::new(Arc::clone(source), self.options.retry, self.options.on_retry.clone());
        let request = SessionRequest {
            id: self.address.id.as_str().to_owned(),
            keep_raw: self.options.keep_raw,
            exchange: (&self.options.on_exchange).into(),
        };
        fetcher.fetch(request).await.map(|fetched| fetched.session)
    }
}

/// The number of requests at a time, unless the caller sets another one.
const DEFAULT_CONCURRENCY: usize = 8;

/// `ReadTranscripts` describes requests for many sessions with their messages.
/// [`ChatSessions::transcripts`](crate::ChatSessions::transcripts) and
/// [`ChatSessions::transcripts_of`](crate::ChatSessions::transcripts_of) create it.
#[derive(Debug)]
#[must_use = "a request does nothing until it is sent"]
pub struct ReadTranscripts {
    sources: Arc<[Arc<dyn SessionSource>]>,
    input: Input,
    concurrency: usize,
    options: Options,
}

shared_setters!(ReadTranscripts);

impl ReadTranscripts {
    pub(crate) fn of_addresses(sources: Arc<[Arc<dyn SessionSource>]>, addresses: Vec<SessionAddress>) -> Self {
        Self::new(sources, Input::Addresses(addresses.into_iter()))
    }

    pub(crate) fn of_list(sources: Arc<[Arc<dyn SessionSource>]>, list: SessionStream) -> Self {
        Self::new(sources, Input::List(Box::new(list)))
    }

    fn new(sources: Arc<[Arc<dyn SessionSource>]>, input: Input) -> Self {
        Self {
            sources,
            input,
            concurrency: DEFAULT_CONCURRENCY,
            options: Options::default(),
        }
    }

    /// Keeps the body of each response, in [`Transcript::raw`].
    pub fn keep_raw(mut self, keep: bool) -> Self {
        self.options.keep_raw = keep;
        self
    }

    /// Sends this many requests at a time; 8 by default, and at least 1. The rate limit of each
    /// account still applies. The stream holds at most twice as many transcripts.
    pub fn concurrency(mut self, requests: usize) -> Self {
        self.concurrency = requests.max(1);
        self
    }

    /// Returns a stream of transcripts, in the order of the addresses or of the list.
    pub fn by_item(self) -> TranscriptStream {
        let refusal = self.options.check().err();
        let fetchers = self.sources.iter().map(|source| {
            let source = Arc::clone(source);
            Fetcher::new(source, self.options.retry, self.options.on_retry.clone())
        });
        let fetchers = fetchers.collect();
        TranscriptStream::new(
            self.sources,
            fetchers,
            self.input,
            self.concurrency,
            self.options,
            refusal,
        )
    }
}
