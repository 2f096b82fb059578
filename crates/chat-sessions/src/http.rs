//! Access to the HTTP library. This is the only public module that names it, and it is not covered
//! by the promise of a stable interface.
//!
//! The rest of this crate hides which HTTP library sends the requests. If you need more (a
//! certificate authority of your own, a proxy, a local address), [`HttpExt::configure_http`] passes
//! you the builder of the client. A new major version of `reqwest` is not a breaking change of this
//! crate.

pub use reqwest;

/// Changes how the HTTP client of a source is built.
pub trait HttpExt: Sized {
    /// Runs `change` on the builder of the HTTP client, after all changes that were added before.
    ///
    /// The builder has a `User-Agent` with the name and the version of this crate, which
    /// `user_agent` replaces. It may have a proxy or certificates of the environment: `no_proxy`
    /// removes the proxy, and certificates can only be added. Afterwards this crate sets what it
    /// promises, which you cannot change: no redirects, no `Referer`, no proxy for loopback.
    ///
    /// ```
    /// use chat_sessions::LlamaCloud;
    /// use chat_sessions::http::HttpExt;
    ///
    /// let source = LlamaCloud::builder()
    ///     .api_key("llx-example")
    ///     .configure_http(|client| client.user_agent("my-program/1.0"))
    ///     .build()?;
    /// # Ok::<(), chat_sessions::Error>(())
    /// ```
    #[must_use]
    fn configure_http<F>(self, change: F) -> Self
    where
        F: FnOnce(reqwest::ClientBuilder) -> reqwest::ClientBuilder + Send + 'static;
}
