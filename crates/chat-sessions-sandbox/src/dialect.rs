//! What the rest of the sandbox needs from each provider.
//!
//! A new provider implements [`Dialect`] in a file of its own and joins the list in `provider`.

pub(crate) mod llama_cloud;
pub(crate) mod memories_ai;
pub(crate) mod operation;
pub(crate) mod provider;
pub(crate) mod seed;

use std::{borrow::Cow, fmt};

use crate::{
    data::session_lists::SessionStore,
    dialect::operation::Operation,
    http::{request::RequestHead, response::ResponseDraft},
    paging::{PageFeature, Paging, page_size::PageSizeRule},
};

/// One provider's sessions and its way of serving them.
pub(crate) trait Dialect: fmt::Debug + Send {
    fn sessions(&self) -> &dyn SessionStore;

    fn sessions_mut(&mut self) -> &mut dyn SessionStore;

    /// The operation of a path, whatever the method is.
    fn operation(&self, path: &str) -> Option<Operation>;

    /// The messages or events of a session, exactly as the detail of the session has them: a JSON
    /// array.
    fn conversation(&self, scope: &str, id: &str) -> Option<Vec<u8>>;

    /// The number of the requested page, counted from 1. An invalid request counts as
    /// a request for the first page; [`respond`](Self::respond) rejects it later.
    fn requested_page(&self, request: &RequestHead<'_>) -> u64;

    /// The API key of a request, valid or not. If a request has several keys, this is the one that
    /// counts.
    fn key<'a>(&self, request: &'a RequestHead<'_>) -> Option<&'a str>;

    /// Responds to any request below the provider's path prefix. `paging` alters a response of 200
    /// as far as it applies to the operation.
    fn respond(&mut self, request: &RequestHead<'_>, paging: &[Paging]) -> ResponseDraft;

    /// An error in the provider's format, with the provider's usual message unless another one is
    /// given. `path` is that of the request.
    fn error(&self, path: &str, status: u16, message: Option<&str>) -> ResponseDraft;

    /// The error for a request that exceeds the rate limit.
    fn rate_limit_error(&self) -> ResponseDraft;

    /// The error for a fault that repeats the request in its message.
    fn echo_error(&self, path: &str, status: u16, message: &str) -> ResponseDraft {
        self.error(path, status, Some(message))
    }
}

/// The constants of a provider.
pub(crate) struct Profile {
    /// The name in JSON and in messages.
    pub(crate) name: &'static str,
    /// The prefix of a client's environment variables.
    pub(crate) variable_prefix: &'static str,
    /// The prefix of every path of the API. The sandbox tells the providers apart by it.
    pub(crate) path_prefix: &'static str,
    /// The path of each operation.
    pub(crate) routes: &'static [(Operation, &'static str)],
    /// How many requests for an operation the provider admits in a second, where that is known or
    /// can be assumed.
    pub(crate) rates: &'static [(Operation, usize)],
    /// The scope of a request without one.
    pub(crate) default_scope: &'static str,
    /// The parts of a page that only some providers have.
    pub(crate) page_features: &'static [PageFeature],
    pub(crate) default_settings: ProviderSettings,
    /// Creates the provider without sessions.
    pub(crate) create: fn(ProviderSettings) -> Box<dyn Dialect>,
}

/// What a builder can choose for a provider.
#[derive(Clone)]
pub(crate) struct ProviderSettings {
    pub(crate) key: Cow<'static, str>,
    /// How many sessions the default scope has.
    pub(crate) sessions: usize,
    /// The page size of a request without one.
    pub(crate) page_size: usize,
    pub(crate) page_size_rule: PageSizeRule,
}

impl fmt::Debug for ProviderSettings {
    /// Omits the key: a caller may have passed a real one.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            key: _,
            sessions,
            page_size,
            page_size_rule,
        } = self;
        let mut settings = formatter.debug_struct("ProviderSettings");
        settings
            .field("sessions", sessions)
            .field("page_size", page_size)
            .field("page_size_rule", page_size_rule)
            .finish_non_exhaustive()
    }
}
