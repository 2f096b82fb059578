//! One list of all your chat sessions, across providers, and their messages.
//!
//! [`ChatSessions`] lists the sessions of one or several sources as one common type, [`Session`].
//! [`MemoriesAi`] has chats about videos, [`LlamaCloud`] has chats about documents, and you can add
//! a [`SessionSource`](source::SessionSource) of your own.
//!
//! ```
//! use chat_sessions::{ChatSessions, LlamaCloud, MemoriesAi, Order};
//! # use chat_sessions_sandbox::{LLAMA_CLOUD_KEY, MEMORIES_AI_KEY, Sandbox};
//!
//! # let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
//! # runtime.block_on(async {
//! # let sandbox = Sandbox::start().await?;
//! # let (memories_key, llama_key, url) = (MEMORIES_AI_KEY, LLAMA_CLOUD_KEY, sandbox.url());
//! let client = ChatSessions::builder()
//!     .source(MemoriesAi::builder().api_key(memories_key).base_url(&url).build()?)
//!     .source(LlamaCloud::builder().api_key(llama_key).base_url(&url).build()?)
//!     .build()?;
//!
//! let mut sessions = client.list_sessions().order(Order::Newest).limit(100).by_item();
//! while let Some(session) = sessions.next().await {
//!     let session = session?;
//!     println!("{} {}", session.id, session.title.as_deref().unwrap_or("(no title)"));
//! }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! # })?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! The built-in providers need a tokio runtime with I/O and time, such as that of `#[tokio::main]`;
//! outside one, every request is a [`Config`](ErrorKind::Config) error.
//!
//! In a program, [`ChatSessions::from_env`] uses every provider whose key is set in the
//! environment.
//!
//! # Three ways to list
//!
//! [`list_sessions`](ChatSessions::list_sessions) describes a list. It sends no request until you
//! call one of three methods and, for the streams, poll the result:
//!
//! - [`send`](list::ListSessions::send) returns one page, merged over the sources;
//! - [`by_page`](list::ListSessions::by_page) yields the providers' pages, with the bytes that they
//!   sent;
//! - [`by_item`](list::ListSessions::by_item) yields session by session.
//!
//! [`since`](list::ListSessions::since), [`until`](list::ListSessions::until) and
//! [`filter`](list::ListSessions::filter) restrict the list to matching sessions,
//! [`limit`](list::ListSessions::limit) to a number of them, and
//! [`deadline`](list::ListSessions::deadline) bounds the time that it may take.
//!
//! # Messages
//!
//! [`transcript`](ChatSessions::transcript) reads one session with its messages,
//! [`transcripts`](ChatSessions::transcripts) and [`transcripts_of`](ChatSessions::transcripts_of)
//! read many, several at a time and in order. A [`Transcript`] has the same form for both providers:
//! messages with a [`Role`](model::Role) and [`Part`](model::Part)s.
//!
//! # Nothing is lost
//!
//! All data of the providers is kept: unknown fields are in
//! [`Session::extra`](model::Session::extra), and every time says where it comes from
//! ([`TimeOrigin`](model::TimeOrigin)). [`normalisation`](provider::normalisation) lists the use of
//! every raw field. One bad item does not lose its page, and a failed provider does not lose the
//! others: its error comes last. A walk ends by the provider's own rule, and
//! [`WalkReport`](list::WalkReport) says which.
//!
//! # Guarantees
//!
//! Lists change while they are read. If a list keeps its order, grows only at its front and sends a
//! truthful total ([`Capabilities`](source::Capabilities)), then every session that exists from the
//! first page to the last is delivered exactly once, whatever is created, retitled or deleted in
//! the meantime ([`Guarantee::Exact`](list::Guarantee::Exact)). If not, the walk still ends,
//! delivers nothing twice within the last 65 536 sessions of a source, and reports
//! [`Guarantee::BestEffort`](list::Guarantee::BestEffort) with its [`Doubt`](list::Doubt):
//!
//! | list | keeps its order | new sessions at the front | total | guarantee |
//! |---|---|---|---|---|
//! | Memories.ai | yes, by creation | yes | yes | exact, until a response contradicts it |
//! | LlamaCloud | no, probably by last change | no | none | best effort |
//!
//! A walk always ends: a repeated page token, 100 pages in a row without a new session, or a list
//! that changes faster than it can be read is a [`Walk`](ErrorKind::Walk) error. A walk can always
//! be resumed: every stream, page and error of a walk has a [`Cursor`]. Its memory is bounded,
//! however long the list is.
//!
//! # Retries and rate limits
//!
//! Transient failures are retried a few times with growing waits
//! ([`RetryPolicy`](retry::RetryPolicy)); if a provider says how long to wait, that wait is used.
//! Memories.ai receives at most 5 requests per second, as its documentation allows
//! ([`Pacing`](retry::Pacing)). A provider that reports too many requests slows down every walk
//! over the same account. An [`Error`] says how many attempts were made, how long the waits were,
//! and why there was no further retry ([`GaveUp`](retry::GaveUp)).
//! [`ListSessions::on_retry`](list::ListSessions::on_retry) and `tracing` events report retries as
//! they happen.
//!
//! # Recording HTTP exchanges
//!
//! [`ListSessions::on_exchange`](list::ListSessions::on_exchange) reports every request and its
//! outcome, and [`ListSessions::record`](list::ListSessions::record) lets a
//! [`Recorder`](record::Recorder) write them as HAR 1.2, as evidence of an unexpected response.
//! Keys, cookies, page tokens and the values of queries are removed first, in whatever form a
//! response repeats them ([`Exchange`](record::Exchange)). If you use neither, nothing is
//! collected.
//!
//! # Features
//!
//! | feature | default | what it does |
//! |---|---|---|
//! | `rustls` | yes | TLS by rustls with the platform's certificates; its cryptography (`aws-lc-sys`) needs a C compiler |
//! | `native-tls` | no | TLS by the operating system's library; on Linux that is OpenSSL, with its headers and a C compiler |
//! | `tracing` | yes | spans of lists and requests, and events for requests and retries, under OpenTelemetry's names; a subscriber is yours to choose |
//! | `http2` | no | HTTP/2 if the server offers it, so that parallel requests share one connection |
//! | `gzip` | no | requests compressed responses |
//! | `blocking` | no | lists and transcripts as iterators, for programs without a runtime |
//! | `jiff`, `chrono` | no | conversions of [`Timestamp`] from and into the types of these libraries |
//! | `schemars` | no | `JsonSchema` for the normalised types |
//! | `testing` | no | a scripted source for tests, and a conformance suite for sources |
//!
//! # What this crate does not do
//!
//! It only reads: it does not create, change or delete sessions. It stores nothing.

#![cfg_attr(docsrs, feature(doc_cfg))]
#![forbid(unsafe_code)]

#[cfg(feature = "blocking")]
pub mod blocking;
mod client;
pub mod config;
pub mod error;
pub mod http;
mod invisible;
pub mod list;
pub mod model;
mod pagination;
pub mod provider;
pub mod record;
mod redact;
pub mod retry;
pub mod source;
mod span;
pub mod transcript;

#[cfg(feature = "testing")]
pub mod testing;

#[cfg(feature = "fuzzing")]
#[doc(hidden)]
pub mod fuzzing;

pub use client::{ChatSessions, ChatSessionsBuilder};
pub use error::{Error, ErrorKind, Result};
pub use list::{Cursor, Order, SessionStream};
pub use model::{Provider, Session, SessionAddress, SessionId, Timestamp, Transcript};
pub use provider::{LlamaCloud, MemoriesAi};

/// Compiles the Rust examples of the pages that contain any, and runs those that are not `no_run`.
#[cfg(doctest)]
mod documentation {
    #[doc = include_str!("../../../README.md")]
    struct Readme;

    #[doc = include_str!("../../../docs/pagination.md")]
    struct Pagination;

    #[doc = include_str!("../../../docs/reliability.md")]
    struct Reliability;

    #[doc = include_str!("../../../docs/transcripts.md")]
    struct Transcripts;
}
