//! Both chat session APIs, Memories.ai and LlamaCloud, on one port of the loopback interface.
//!
//! The crate is responsible for answering like the two providers as far as their documents and captured answers say:
//! keys, pages, tokens, scopes, errors. It is written by hand from those sources and shares no code with the clients of
//! this workspace, so that a misreading on one side cannot hide behind the same misreading on the other.
//!
//! ```
//! # fn main() -> std::io::Result<()> {
//! # let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
//! # runtime.block_on(async {
//! use chat_sessions_sandbox::{Fault, Provider, Sandbox};
//!
//! let sandbox = Sandbox::start().await?;
//! assert!(sandbox.url().starts_with("http://127.0.0.1:"));
//! assert_eq!(sandbox.sessions(Provider::MemoriesAi, None).len(), 137);
//!
//! // The next request to LlamaCloud is answered with a 429, the one after it is ordinary again.
//! sandbox.next(Provider::LlamaCloud, Fault::status(429).with_header("retry-after", "2"));
//! # Ok(())
//! # })
//! # }
//! ```
//!
//! # What can go wrong on request
//!
//! A [`Fault`] replaces an answer or bends the true page in the ways of [`Paging`]; a [`Change`] happens to the lists at a
//! request to come; the builder says what becomes of a page size that a request names ([`PageSizeRule`]).
//!
//! ```
//! # fn main() -> std::io::Result<()> {
//! # let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
//! # runtime.block_on(async {
//! use chat_sessions_sandbox::{Change, Fault, Paging, Provider, Sandbox, When};
//!
//! let sandbox = Sandbox::builder().memories_ai_sessions(100_000).start().await?;
//! // From page 3 on, the Memories.ai total is a lie and each page shows two items of the page before again.
//! let bent = Fault::paging(Paging::ClaimedTotal(7)).with_paging(Paging::Duplicates(2));
//! sandbox.always(Provider::MemoriesAi, bent.on_pages(3..));
//! // The third answer from now is an empty page with a token, whichever page it is.
//! sandbox.next(Provider::LlamaCloud, Fault::ordinary());
//! sandbox.next(Provider::LlamaCloud, Fault::ordinary());
//! sandbox.next(Provider::LlamaCloud, Fault::paging(Paging::EmptyPage));
//! // Between the second and the third page somebody deletes the two newest sessions and starts another.
//! sandbox.at(Provider::MemoriesAi, When::AfterPage(2), Change::delete_newest(2));
//! sandbox.at(Provider::MemoriesAi, When::AfterPage(2), Change::insert("What did I miss?"));
//! # Ok(())
//! # })
//! # }
//! ```
//!
//! The kinds of fault, by their names in JSON:
//!
//! | fault | what the client gets |
//! |---|---|
//! | `ordinary` | the true answer, with a bent page, headers, a delay or compression |
//! | `status` | an HTTP status with an error of the provider's shape |
//! | `envelope` | HTTP 200 with a failure of Memories.ai in it |
//! | `html` | the page of a proxy |
//! | `redirect` | a redirect |
//! | `raw`, `raw_bytes` | exactly this text, exactly these bytes |
//! | `echo` | an error that repeats the request, credentials included, in JSON, plain text or HTML |
//! | `cut_body` | a body that ends too early, in good order |
//! | `reset_before_headers` | a connection that is reset instead of an answer |
//! | `reset_after` | a connection that is reset behind the head or in the body |
//! | `stall` | a body that stops and never ends |
//! | `large_body`, `large_body_chunked` | a page of any length, told in the head or not |
//! | `endless_body` | a body that never stops |
//! | `gzip_bomb` | a small body that expands to any length |
//!
//! Each may have a delay, headers of its own, very many of them, and gzip; and be queued for one request, stand for all of
//! them, or meet them by chance ([`Control::chance`]). A [`RateLimit`] refuses what comes too soon.
//!
//! ```
//! # fn main() -> std::io::Result<()> {
//! # let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
//! # runtime.block_on(async {
//! use chat_sessions_sandbox::{Fault, Provider, RateLimit, Sandbox};
//!
//! let limit = RateLimit::per_second(5).with_retry_after();
//! let sandbox = Sandbox::builder().rate_limit(Provider::MemoriesAi, limit).start().await?;
//! // One request in ten fails in one of these ways; which ones, the seed decides.
//! let faults = vec![Fault::status(503), Fault::reset_after(200), Fault::cut_body(40).with_gzip()];
//! sandbox.chance(Provider::MemoriesAi, 0.1, faults, 42);
//! # Ok(())
//! # })
//! # }
//! ```
//!
//! # What it holds
//!
//! Seeded sessions, the same for the same seed. Where nothing else is asked for: 137 Memories.ai sessions under
//! `unique_id=default`, 23 under `demo-team` and 5 under `Demo-Team`; 112 LlamaCloud sessions in the default project and
//! 31 in [`OTHER_PROJECT_ID`].
//!
//! # The control room
//!
//! What a test does through [`Control`], a script does over HTTP below `/__sandbox/`, without a key:
//!
//! | request | what it does |
//! |---|---|
//! | `GET /__sandbox/` | lists these routes |
//! | `GET /__sandbox/requests` | the providers' requests so far, credentials blanked |
//! | `GET /__sandbox/sessions` | the sessions held, by provider and scope |
//! | `POST /__sandbox/sessions` | inserts `{"provider", "scope"?, "title"}`, answers the new id |
//! | `PATCH /__sandbox/sessions` | retitles `{"provider", "id", "title"}` |
//! | `DELETE /__sandbox/sessions?provider=…&id=…` | deletes |
//! | `GET /__sandbox/counters` | by provider how much was asked, and how much at the same time, see [`Counters`] |
//! | `POST /__sandbox/faults` | scripts `{"provider", "times"? or "always"?, "fault", …}`, see [`Fault`] and [`Paging`] |
//! | `POST /__sandbox/chance` | lets requests meet faults by chance: `{"provider", "probability", "seed"?, "faults": [{"fault", …}, …]}`, see [`Control::chance`] |
//! | `DELETE /__sandbox/faults` | forgets all scripted answers, those by chance too |
//! | `POST /__sandbox/rate-limit` | limits the rate: `{"provider", "requests", "window_ms"?, "retry_after"?, "count_refused"?}`, see [`RateLimit`] |
//! | `DELETE /__sandbox/rate-limit` | limits neither provider |
//! | `POST /__sandbox/changes` | changes the lists at a request to come, or now: `{"provider", "before": n or the like, "change"}`, see [`When`] and [`Change`] |
//! | `DELETE /__sandbox/changes` | forgets all changes to come |

mod data;
mod dialect;
mod faults;
mod http;
mod paging;
mod server;

pub use self::{
    data::{change::Change, session_lists::StoredSession},
    dialect::{
        llama_cloud::{DEFAULT_PROJECT_ID, LLAMA_CLOUD_KEY, ORGANIZATION_ID, OTHER_PROJECT_ID},
        memories_ai::{DEFAULT_UNIQUE_ID, MEMORIES_AI_KEY},
        provider::Provider,
    },
    faults::{Fault, echo_form::EchoForm},
    paging::{Paging, page_size::PageSizeRule},
    server::{
        Sandbox, SandboxBuilder,
        control::Control,
        rate_limit::RateLimit,
        request_log::{Counters, ReceivedRequest},
        schedule::When,
    },
};
