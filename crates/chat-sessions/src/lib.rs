//! One list of every chat session, wherever it lives.
//!
//! [`ChatSessions`] lists the sessions of one or several sources in one vocabulary, [`Session`]: [`MemoriesAi`] keeps
//! chats over videos, [`LlamaCloud`] chats over documents, and a [`SessionSource`](source::SessionSource) of your own can stand beside them.
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
//! In a program, [`ChatSessions::from_env`] takes every provider whose key is set in the environment.
//!
//! # Three ends
//!
//! [`list_sessions`](ChatSessions::list_sessions) describes a list; nothing is requested until one of its ends is
//! called and, for the streams, polled:
//!
//! - [`send`](list::ListSessions::send) gives one page, merged over the sources;
//! - [`by_page`](list::ListSessions::by_page) yields the providers' pages, with the bytes that they sent;
//! - [`by_item`](list::ListSessions::by_item) yields session by session.
//!
//! # What is kept, and what is said
//!
//! Nothing that a provider sent is lost: unknown fields are in [`Session::extra`](model::Session::extra), and every time says where it comes
//! from ([`TimeOrigin`](model::TimeOrigin)). What becomes of each raw field stands in [`normalisation`](provider::normalisation). One bad item does not lose its page, and one bad provider does not lose the others: its error
//! comes last. A walk ends by the provider's own rule, and [`WalkReport`](list::WalkReport) says which.
//!
//! # What a walk promises
//!
//! Lists change while they are read. Where a list keeps its order, grows only at its front and tells its total truthfully
//! ([`Capabilities`](source::Capabilities)), every session that is there from the first page to the last comes exactly once, whatever is created,
//! retitled or deleted meanwhile ([`Guarantee::Exact`](list::Guarantee::Exact)). Where it does not, the walk ends all the same and delivers nothing
//! twice within the last 65 536 sessions of a source, and the report says [`Guarantee::BestEffort`](list::Guarantee::BestEffort) with its [`Doubt`](list::Doubt):
//!
//! | list | order kept | new at the front | total | a walk promises |
//! |---|---|---|---|---|
//! | Memories.ai | yes, by creation | yes | yes | exact, until an answer contradicts it |
//! | LlamaCloud | no, probably by last change | no | none | best effort |
//!
//! It always ends: a page token that comes again, 100 pages in a row without a new session, or a list that changes faster
//! than it can be read is a [`Walk`](ErrorKind::Walk) error. It can always go on: every stream, page and error of a walk has a
//! [`Cursor`]. And it needs the same memory however long the list is.
//!
//! # When a provider stumbles
//!
//! What may pass by itself is asked for again, a few times and with growing waits ([`RetryPolicy`](retry::RetryPolicy)); a provider that says how
//! long to wait is waited for. Memories.ai is asked at most 5 times a second, as its documentation allows ([`Pacing`](retry::Pacing)), and a
//! provider that finds this too fast slows down every walk over the same account. An [`Error`] says how often was asked, for
//! how long was waited and why no longer ([`GaveUp`](retry::GaveUp)); [`ListSessions::on_retry`](list::ListSessions::on_retry) tells it while it happens, and so do
//! `tracing` events.
//!
//! # What went over the wire
//!
//! [`ListSessions::on_exchange`](list::ListSessions::on_exchange) shows every request and what came of it, and [`ListSessions::record`](list::ListSessions::record) lets a [`Recorder`](record::Recorder) write
//! them down as HAR 1.2, so that whoever meets an answer that should not be can hand over evidence. Keys, cookies, page tokens
//! and the values of queries are taken out before anybody sees them, however an answer repeats them ([`Exchange`](record::Exchange)). Where
//! neither is asked for, nothing is gathered.
//!
//! # Features
//!
//! | feature | default | what it does |
//! |---|---|---|
//! | `rustls` | yes | TLS by rustls with the platform's certificates |
//! | `native-tls` | no | TLS by the operating system's library |
//! | `tracing` | yes | events for requests and retries, under OpenTelemetry's names; a subscriber is yours to choose |
//! | `http2` | no | HTTP/2 where the server offers it, so that pages that travel side by side share one connection |
//! | `gzip` | no | asks for compressed answers |
//! | `schemars` | no | `JsonSchema` for the normalised types |
//! | `testing` | no | a source for tests that does as it is told, and the promises that every source must keep |
//!
//! # What this crate does not do
//!
//! It lists; it neither creates, changes nor deletes sessions, and it does not read their messages. It keeps no copy.

#![forbid(unsafe_code)]

mod client;
pub mod config;
pub mod error;
pub mod http;
pub mod list;
pub mod model;
mod pagination;
pub mod provider;
pub mod record;
mod redact;
pub mod retry;
pub mod source;

#[cfg(feature = "testing")]
pub mod testing;

#[cfg(feature = "fuzzing")]
#[doc(hidden)]
pub mod fuzzing;

pub use client::{ChatSessions, ChatSessionsBuilder};
pub use error::{Error, ErrorKind, Result};
pub use list::{Cursor, Order, SessionStream};
pub use model::{Provider, Session, SessionId, Timestamp};
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
}
