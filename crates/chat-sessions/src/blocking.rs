//! Lists and transcripts for programs without an asynchronous runtime.
//!
//! Each iterator has a tokio runtime of its own, on the thread that calls it. It can be used on any
//! thread and moved to another, but not inside a runtime: there, blocking would stop everything else
//! on the thread, so that the call is a [`Config`](crate::ErrorKind::Config) error.
//!
//! ```
//! use chat_sessions::{ChatSessions, LlamaCloud};
//! # use chat_sessions_sandbox::{LLAMA_CLOUD_KEY, Sandbox};
//!
//! # let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
//! # let sandbox = runtime.block_on(Sandbox::start())?;
//! # let source = LlamaCloud::builder().api_key(LLAMA_CLOUD_KEY).base_url(sandbox.url()).build()?;
//! let client = ChatSessions::new(source);
//! for session in client.list_sessions().limit(10).blocking()? {
//!     println!("{}", session?.id);
//! }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use std::fmt;
use std::future::{Future, poll_fn};
use std::pin::Pin;

use futures_core::Stream;
use tokio::runtime::{Builder, Handle, Runtime};

use crate::error::{Error, ErrorKind, Remedy, Result};
use crate::list::{Cursor, ListSessions, SessionPage, SessionStream, WalkReport};
use crate::model::{Session, Transcript};
use crate::transcript::{
    ReadScopes, ReadSession, ReadTranscript, ReadTranscripts, ScopeList, TranscriptReport, TranscriptStream,
};

/// Checks that this thread is in no runtime.
fn check_outside() -> Result<()> {
    match Handle::try_current() {
        Err(_) => Ok(()),
        Ok(_) => Err(Error::local(ErrorKind::Config)
            .with_message("a blocking call inside a tokio runtime would stop everything else on its thread")
            .with_remedy(Remedy::UseAsync)),
    }
}

/// Creates a runtime for one caller.
fn runtime() -> Result<Runtime> {
    check_outside()?;
    Builder::new_current_thread().enable_all().build().map_err(|error| {
        Error::local(ErrorKind::Config)
            .with_message(format!("cannot create a tokio runtime: {error}"))
            .with_source(error)
    })
}

fn run<T>(work: impl Future<Output = Result<T>>) -> Result<T> {
    runtime()?.block_on(work)
}

/// Adds `send_blocking` to requests with one result.
macro_rules! send_blocking {
    ($($request:ident => $output:ty),* $(,)?) => {
        $(
            impl $request {
                /// Sends the request and waits for its result, outside a runtime.
                ///
                /// # Errors
                ///
                /// Those of [`send`](Self::send), and a [`Config`](ErrorKind::Config) error inside a
                /// tokio runtime.
                pub fn send_blocking(self) -> Result<$output> {
                    run(self.send())
                }
            }
        )*
    };
}

send_blocking! {
    ListSessions => SessionPage,
    ReadTranscript => Transcript,
    ReadSession => Session,
    ReadScopes => ScopeList,
}

impl ListSessions {
    /// Returns an iterator over the sessions, for programs without a runtime.
    ///
    /// # Errors
    ///
    /// A [`Config`](ErrorKind::Config) error inside a tokio runtime.
    pub fn blocking(self) -> Result<Sessions> {
        Ok(Sessions(Blocking::new(self.by_item())?))
    }
}

impl ReadTranscripts {
    /// Returns an iterator over the transcripts, for programs without a runtime.
    ///
    /// # Errors
    ///
    /// A [`Config`](ErrorKind::Config) error inside a tokio runtime.
    pub fn blocking(self) -> Result<Transcripts> {
        Ok(Transcripts(Blocking::new(self.by_item())?))
    }
}

/// A stream with the runtime that it runs on.
struct Blocking<S> {
    stream: S,
    /// `None` after the iterator was used inside another runtime.
    runtime: Option<Runtime>,
}

impl<S: Stream<Item = Result<T>> + Unpin, T> Blocking<S> {
    fn new(stream: S) -> Result<Self> {
        Ok(Self {
            stream,
            runtime: Some(runtime()?),
        })
    }

    fn next(&mut self) -> Option<Result<T>> {
        let runtime = self.runtime.take()?;
        if let Err(error) = check_outside() {
            runtime.shutdown_background();
            return Some(Err(error));
        }
        let next = runtime.block_on(poll_fn(|cx| Pin::new(&mut self.stream).poll_next(cx)));
        self.runtime = Some(runtime);
        next
    }
}

impl<S> Drop for Blocking<S> {
    fn drop(&mut self) {
        // A runtime that is dropped inside another one panics, unless it is told not to wait.
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

/// `Sessions` is an iterator over the sessions of a list. [`ListSessions::blocking`] creates it.
///
/// Inside a tokio runtime, it yields one [`Config`](ErrorKind::Config) error and ends.
pub struct Sessions(Blocking<SessionStream>);

impl Sessions {
    /// Returns a cursor to resume after the last session, as [`SessionStream::cursor`] does.
    #[must_use]
    pub fn cursor(&self) -> Cursor {
        self.0.stream.cursor()
    }

    /// Returns a report on the walk so far.
    #[must_use]
    pub fn report(&self) -> WalkReport {
        self.0.stream.report()
    }
}

impl Iterator for Sessions {
    type Item = Result<Session>;

    fn next(&mut self) -> Option<Self::Item> {
        self.0.next()
    }
}

impl fmt::Debug for Sessions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Sessions").field(&self.0.stream).finish()
    }
}

/// `Transcripts` is an iterator over transcripts. [`ReadTranscripts::blocking`] creates it.
///
/// Inside a tokio runtime, it yields one [`Config`](ErrorKind::Config) error and ends.
pub struct Transcripts(Blocking<TranscriptStream>);

impl Transcripts {
    /// Returns a cursor of the list, as [`TranscriptStream::cursor`] does.
    #[must_use]
    pub fn cursor(&self) -> Option<Cursor> {
        self.0.stream.cursor()
    }

    /// Returns a report on the transcripts so far.
    #[must_use]
    pub fn report(&self) -> TranscriptReport {
        self.0.stream.report()
    }
}

impl Iterator for Transcripts {
    type Item = Result<Transcript>;

    fn next(&mut self) -> Option<Self::Item> {
        self.0.next()
    }
}

impl fmt::Debug for Transcripts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Transcripts").field(&self.0.stream).finish()
    }
}
