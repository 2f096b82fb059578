//! The chat sessions of Memories.ai and LlamaCloud with their messages, on one port of the loopback
//! interface.
//!
//! The sandbox imitates the two providers as far as their documents and captured responses allow:
//! keys, pages, tokens, scopes and errors. It is written from those sources and shares no code with
//! the clients in this workspace, so that the same mistake on both sides cannot go unnoticed.
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
//! // The next request to LlamaCloud gets a 429; the one after it gets the ordinary response.
//! sandbox.next(Provider::LlamaCloud, Fault::status(429).with_header("retry-after", "2"));
//! # Ok(())
//! # })
//! # }
//! ```
//!
//! # Operations
//!
//! | request | [`Operation`] |
//! |---|---|
//! | `GET /serve/api/v1/list_sessions` | `list_sessions`: a page of the sessions of a `unique_id` |
//! | `GET /serve/api/v1/get_session_detail` | `session_detail`: a session with its messages |
//! | `GET /serve/api/v1/list_unique_ids` | `scopes`: the namespaces |
//! | `GET /api/v1/chat` | `list_sessions`: a page of the sessions of a project |
//! | `GET /api/v1/chat/{session_id}` | `session_detail`: a session with its events |
//! | `GET /api/v1/chat/{session_id}/summary` | `session_summary`: a session without its events |
//! | `GET /api/v1/projects` | `scopes`: the projects |
//!
//! # Faults
//!
//! A [`Fault`] replaces a response, or alters a page as [`Paging`] describes. A [`Change`] happens
//! to the sessions at a later request. The builder decides how a provider treats the page size of a
//! request ([`PageSizeRule`]).
//!
//! ```
//! # fn main() -> std::io::Result<()> {
//! # let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
//! # runtime.block_on(async {
//! use chat_sessions_sandbox::{Change, Fault, Paging, Provider, Sandbox, When};
//!
//! let sandbox = Sandbox::builder().memories_ai_sessions(100_000).start().await?;
//! // From page 3 on, the Memories.ai total is wrong, and each page repeats two items of the previous.
//! let altered = Fault::paging(Paging::ClaimedTotal(7)).with_paging(Paging::Duplicates(2));
//! sandbox.always(Provider::MemoriesAi, altered.on_pages(3..));
//! // The third response from now is an empty page with a token, whichever page it is.
//! sandbox.next(Provider::LlamaCloud, Fault::ordinary());
//! sandbox.next(Provider::LlamaCloud, Fault::ordinary());
//! sandbox.next(Provider::LlamaCloud, Fault::paging(Paging::EmptyPage));
//! // Between pages 2 and 3, somebody deletes the two newest sessions and creates another.
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
//! | `ordinary` | the ordinary response, optionally with an altered page, headers, a delay or compression |
//! | `status` | an HTTP status with an error in the provider's format |
//! | `envelope` | HTTP 200 with a failure of Memories.ai |
//! | `html` | the page of a proxy |
//! | `redirect` | a redirect |
//! | `raw`, `raw_bytes` | exactly this text, exactly these bytes |
//! | `echo` | an error that repeats the request with its credentials, in JSON, plain text or HTML |
//! | `cut_body` | a body that ends too early, with the connection closed normally |
//! | `reset_before_headers` | a connection that is reset before the response |
//! | `reset_after` | a connection that is reset after the headers or in the body |
//! | `stall` | a body that stops and never ends |
//! | `large_body`, `large_body_chunked` | a page of any length, announced or not |
//! | `endless_body` | a body that never stops |
//! | `gzip_bomb` | a small body that expands to any length |
//!
//! Each fault can have a delay, additional headers of any size, and gzip, or hold its response
//! until the faults are cleared. It can be queued for one request, apply to all requests, or be
//! sent at random ([`Control::chance`]), for all operations or for some ([`Fault::on_operations`]).
//! A [`RateLimit`] refuses requests that come too soon; [`Control::enforce_rates`] sets the
//! providers' own.
//!
//! ```
//! # fn main() -> std::io::Result<()> {
//! # let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
//! # runtime.block_on(async {
//! use chat_sessions_sandbox::{Fault, Provider, RateLimit, Sandbox};
//!
//! let limit = RateLimit::per_second(5).with_retry_after();
//! let sandbox = Sandbox::builder().rate_limit(Provider::MemoriesAi, limit).start().await?;
//! // One request in ten fails in one of these ways. The seed decides which.
//! let faults = vec![Fault::status(503), Fault::reset_after(200), Fault::cut_body(40).with_gzip()];
//! sandbox.chance(Provider::MemoriesAi, 0.1, faults, 42);
//! # Ok(())
//! # })
//! # }
//! ```
//!
//! # Sessions
//!
//! The same seed and [`Day`] yield the same sessions. By default, there are 137 Memories.ai
//! sessions under `unique_id=default`, 23 under `demo-team` and 5 under `Demo-Team`; and 112
//! LlamaCloud sessions in the default project and 31 in [`OTHER_PROJECT_ID`].
//!
//! # Conversations
//!
//! Every session has a conversation, which is generated when it is requested, from the id of the
//! session. Most have a few turns. The others, of every size and with every content that is hard to
//! handle, are at fixed positions of each list: see [`Conversation`].
//!
//! ```
//! # fn main() -> std::io::Result<()> {
//! # let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
//! # runtime.block_on(async {
//! use chat_sessions_sandbox::{Change, Conversation, Fault, Operation, Provider, Sandbox, When};
//!
//! let sandbox = Sandbox::start().await?;
//! let provider = Provider::LlamaCloud;
//! let id = sandbox.session_with(provider, Conversation::LongText).unwrap_or_default();
//! // The events that `GET /api/v1/chat/{id}` has, without a request.
//! let events = sandbox.conversation(provider, None, &id).unwrap_or_default();
//! assert_eq!(events[0]["type"], "user_input");
//! // The next request for a session fails, whatever is requested before.
//! sandbox.next(provider, Fault::status(503).on_operations([Operation::SessionDetail]));
//! // Somebody asks another question after the second request from now.
//! sandbox.at(provider, When::After(2), Change::continue_with(id, "And in Q4?"));
//! # Ok(())
//! # })
//! # }
//! ```
//!
//! # Control routes
//!
//! What a test does with [`Control`], a script does over HTTP, without a key:
//!
//! | request | what it does |
//! |---|---|
//! | `GET /__sandbox/` | lists these routes |
//! | `GET /__sandbox/requests` | lists the providers' requests, with redacted credentials |
//! | `DELETE /__sandbox/requests` | clears the request log |
//! | `GET /__sandbox/sessions` | lists the sessions by provider and scope |
//! | `POST /__sandbox/sessions` | creates a session: `{"provider", "scope"?, "title"}`; returns its id |
//! | `PATCH /__sandbox/sessions` | changes a title: `{"provider", "id", "title"}` |
//! | `DELETE /__sandbox/sessions?provider=…&id=…` | deletes a session |
//! | `GET /__sandbox/conversation?provider=…&id=…&scope=…` | returns the messages or events of a session, see [`Control::conversation`]; the default of `scope` is the provider's |
//! | `GET /__sandbox/conversations` | lists the kinds of conversation, each with the id of a session, see [`Control::session_with`] |
//! | `GET /__sandbox/counters` | counts the requests by provider, see [`Counters`] |
//! | `POST /__sandbox/faults` | adds a fault: `{"provider", "times"? or "always"?, "fault", …}`, see [`Fault`] and [`Paging`] |
//! | `POST /__sandbox/chance` | sends faults at random: `{"provider", "probability", "seed"?, "faults": [{"fault", …}, …]}`, see [`Control::chance`] |
//! | `DELETE /__sandbox/faults` | removes all faults |
//! | `POST /__sandbox/rate-limit` | limits the rate: `{"provider", "operation"?, "requests", "window_ms"?, "retry_after"?, "count_refused"?}`, see [`RateLimit`] |
//! | `POST /__sandbox/enforce-rates` | enforces the providers' own rates, see [`Control::enforce_rates`] |
//! | `DELETE /__sandbox/rate-limit` | removes all rate limits |
//! | `POST /__sandbox/changes` | changes the sessions at a later request, or now: `{"provider", "before": n or similar, "change"}`, see [`When`] and [`Change`] |
//! | `DELETE /__sandbox/changes` | removes all scheduled changes |

#![cfg_attr(docsrs, feature(doc_cfg))]
#![forbid(unsafe_code)]

mod conversation;
mod data;
mod dialect;
mod faults;
mod http;
mod paging;
mod server;

pub use self::{
    conversation::Conversation,
    data::{
        change::Change,
        day::{Day, InvalidDay},
        session_lists::StoredSession,
    },
    dialect::{
        llama_cloud::{
            LLAMA_CLOUD_KEY,
            ids::{DEFAULT_PROJECT_ID, ORGANIZATION_ID, OTHER_PROJECT_ID},
        },
        memories_ai::{MEMORIES_AI_KEY, envelope::DEFAULT_UNIQUE_ID},
        operation::Operation,
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
