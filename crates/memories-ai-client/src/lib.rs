//! Raw client of the Memories.ai chat session list, generated from `specs/memories-ai.yaml`.
//!
//! [`Client`] has one method for each operation, [`types`] what they take and give. The types are tolerant readers:
//! everything is optional, what is unknown is kept in `extra`, and the doc comment of each field says how it is
//! known. There is no policy here: no retry, no paging, no normalising, no environment. Only status 200 is decoded; any other
//! status is [`Error::UnexpectedResponse`], and its body is in the record of the [`Wire`]. A failure can
//! come with status 200: look at `code`.
//!
//! Features: `rustls` (default) or `native-tls`; `httpmock` for the module `mock` with typed mock helpers; `schemars` for
//! `JsonSchema` on every type; `build-time` to generate from the spec while building instead of compiling the checked-in
//! file.
//!
//! ```
//! # tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(async {
//! let server = httpmock::MockServer::start();
//! server.mock(|when, then| {
//!     when.method("GET").path("/serve/api/v1/list_sessions").header("authorization", "sk-test");
//!     then.status(200).body(r#"{"code":"0000","msg":"success","data":{"sessions":[{"sessionId":"601308802842759168"}]}}"#);
//! });
//!
//! let http = reqwest::Client::builder().no_proxy().build()?;
//! let client = memories_ai_client::Client::new_with_client(&server.base_url(), http, memories_ai_client::wire("sk-test")?);
//! let page = client.list_sessions(None, "default").await?.into_inner();
//! let sessions = page.data.and_then(|data| data.sessions).unwrap_or_default();
//! assert_eq!(sessions[0].session_id.as_deref(), Some("601308802842759168"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! # })?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

#![forbid(unsafe_code)]
#![doc(test(attr(deny(warnings))))]

use progenitor_client::{ClientHooks, OperationInfo};
use reqwest::header::InvalidHeaderValue;
use reqwest::{Request, Response};

#[cfg(not(feature = "build-time"))]
#[rustfmt::skip]
#[allow(missing_docs, reason = "the spec describes every field; the variants of unions and `extra` come from the generator")]
#[allow(clippy::allow_attributes_without_reason, clippy::doc_markdown, clippy::missing_errors_doc, clippy::must_use_candidate, clippy::uninlined_format_args, unused_imports, unused_qualifications, reason = "generated text keeps the habits of its generator")]
mod generated;

#[cfg(feature = "build-time")]
#[allow(
    missing_docs,
    reason = "the spec describes every field; the variants of unions and `extra` come from the generator"
)]
#[allow(
    clippy::allow_attributes_without_reason,
    clippy::doc_markdown,
    clippy::missing_errors_doc,
    clippy::must_use_candidate,
    clippy::uninlined_format_args,
    unused_imports,
    unused_qualifications,
    reason = "generated text keeps the habits of its generator"
)]
mod generated {
    include!(concat!(env!("OUT_DIR"), "/generated.rs"));
}

pub use chat_sessions_wire::Wire;
pub use generated::*;

/// Typed mock helpers for tests: `server.list_sessions(|when, then| …)` on a `httpmock::MockServer`.
#[cfg(feature = "httpmock")]
#[rustfmt::skip]
#[allow(missing_docs, missing_debug_implementations, reason = "httpmock's own types, which these wrap, have neither")]
#[allow(clippy::unwrap_used, reason = "the only unwrap is on a regular expression that the generator wrote")]
#[allow(clippy::all, clippy::must_use_candidate, reason = "generated text keeps the habits of its generator")]
pub mod mock {
    #[cfg(not(feature = "build-time"))]
    include!("generated_httpmock.rs");
    #[cfg(feature = "build-time")]
    include!(concat!(env!("OUT_DIR"), "/generated_httpmock.rs"));
}

/// Makes the state of a client from a key, which Memories.ai takes as it is, without `Bearer`.
///
/// # Errors
///
/// Fails when the key holds a byte that no header may hold, such as a line break. The error does not repeat it.
pub fn wire(key: &str) -> Result<Wire, InvalidHeaderValue> {
    Wire::new(key)
}

impl ClientHooks<Wire> for Client {
    async fn pre<E>(&self, request: &mut Request, _: &OperationInfo) -> Result<(), Error<E>> {
        self.inner.prepare(request);
        Ok(())
    }

    async fn exec(&self, request: Request, _: &OperationInfo) -> reqwest::Result<Response> {
        self.inner.execute(&self.client, request).await
    }

    async fn post<E>(&self, _: &reqwest::Result<Response>, _: &OperationInfo) -> Result<(), Error<E>> {
        self.inner.verdict()
    }
}
