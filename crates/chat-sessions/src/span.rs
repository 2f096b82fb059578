//! The `tracing` spans of this crate. Without the feature `tracing` they do nothing.
//!
//! A list and a stream of transcripts have one span each, a child of the span that creates them. Every
//! HTTP request has a span below, also if it runs in a task of its own.

#[cfg(not(feature = "tracing"))]
pub(crate) use disabled::Span;
#[cfg(feature = "tracing")]
pub(crate) use enabled::Span;

#[cfg(feature = "tracing")]
mod enabled {
    use std::future::Future;

    use tracing::{Instrument, info_span};

    /// A span.
    #[derive(Clone, Debug)]
    pub(crate) struct Span(tracing::Span);

    impl Span {
        pub(crate) fn none() -> Self {
            Self(tracing::Span::none())
        }

        /// The span of a list over this many sources.
        pub(crate) fn of_list(sources: usize, order: &'static str) -> Self {
            Self(info_span!("list_sessions", sources, order))
        }

        /// The span of a stream of transcripts.
        pub(crate) fn of_transcripts(concurrency: usize) -> Self {
            Self(info_span!("read_transcripts", concurrency))
        }

        /// Polls something inside this span.
        pub(crate) fn poll<T>(&self, poll: impl FnOnce() -> T) -> T {
            self.0.in_scope(poll)
        }

        /// Keeps the current span for work that runs in another task.
        pub(crate) fn keep_current<F: Future>(work: F) -> impl Future<Output = F::Output> {
            work.instrument(tracing::Span::current())
        }
    }
}

#[cfg(not(feature = "tracing"))]
mod disabled {
    use std::future::Future;

    #[derive(Clone, Debug)]
    pub(crate) struct Span;

    impl Span {
        pub(crate) fn none() -> Self {
            Self
        }

        pub(crate) fn of_list(_: usize, _: &'static str) -> Self {
            Self
        }

        pub(crate) fn of_transcripts(_: usize) -> Self {
            Self
        }

        pub(crate) fn poll<T>(&self, poll: impl FnOnce() -> T) -> T {
            poll()
        }

        pub(crate) fn keep_current<F: Future>(work: F) -> F {
            work
        }
    }
}
