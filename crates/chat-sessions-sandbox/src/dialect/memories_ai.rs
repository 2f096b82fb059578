//! The Memories.ai dialect: which requests it knows, and the key that they need.
//!
//! Each operation has a file of its own. None knows how the sessions were created, nor that a fault
//! may replace the response.

pub(crate) mod detail;
pub(crate) mod envelope;
pub(crate) mod failures;
pub(crate) mod list;
pub(crate) mod namespaces;

use std::borrow::Cow;

use crate::{
    data::{
        session_lists::{SessionLists, SessionStore},
        videos::VideoSession,
    },
    dialect::{
        Dialect, Profile, ProviderSettings,
        memories_ai::{
            envelope::DEFAULT_UNIQUE_ID,
            failures::{error, failure, limit_exceeded, not_found},
        },
        operation::Operation,
    },
    http::{request::RequestHead, response::ResponseDraft},
    paging::{PageFeature, Paging, page_size::PageSizeRule},
};

/// The key that the sandbox accepts for Memories.ai by default.
pub const MEMORIES_AI_KEY: &str = "sk-sandbox";

const LIST_PATH: &str = "/serve/api/v1/list_sessions";
const DETAIL_PATH: &str = "/serve/api/v1/get_session_detail";
const NAMESPACES_PATH: &str = "/serve/api/v1/list_unique_ids";

pub(crate) static PROFILE: Profile = Profile {
    name: "memories-ai",
    variable_prefix: "MEMORIES_AI",
    path_prefix: "/serve/",
    routes: &[
        (Operation::ListSessions, LIST_PATH),
        (Operation::SessionDetail, DETAIL_PATH),
        (Operation::Scopes, NAMESPACES_PATH),
    ],
    // "List Sessions: 5 QPS" in the table of rate limits. It lacks the other two, of which one page
    // says only that there is a limit; the strictest rate for reading in that table is 1 QPS.
    rates: &[
        (Operation::ListSessions, 5),
        (Operation::SessionDetail, 1),
        (Operation::Scopes, 1),
    ],
    default_scope: DEFAULT_UNIQUE_ID,
    page_features: &[PageFeature::Total, PageFeature::TableSpelling],
    default_settings: ProviderSettings {
        key: Cow::Borrowed(MEMORIES_AI_KEY),
        sessions: 137,
        // As in live responses and in the document's example.
        page_size: 20,
        // No document mentions a page size parameter.
        page_size_rule: PageSizeRule::Ignore,
    },
    create: |settings| {
        Box::new(MemoriesAi {
            settings,
            sessions: SessionLists::default(),
        })
    },
};

#[derive(Debug)]
struct MemoriesAi {
    settings: ProviderSettings,
    sessions: SessionLists<VideoSession>,
}

impl Dialect for MemoriesAi {
    fn sessions(&self) -> &dyn SessionStore {
        &self.sessions
    }

    fn sessions_mut(&mut self) -> &mut dyn SessionStore {
        &mut self.sessions
    }

    fn operation(&self, path: &str) -> Option<Operation> {
        let mut routes = PROFILE.routes.iter();
        routes
            .find(|(_, route)| *route == path)
            .map(|(operation, _)| *operation)
    }

    fn conversation(&self, scope: &str, id: &str) -> Option<Vec<u8>> {
        self.sessions.find(scope, id).map(detail::messages_json)
    }

    fn requested_page(&self, request: &RequestHead<'_>) -> u64 {
        request.first("page").and_then(|page| page.parse().ok()).unwrap_or(1)
    }

    /// The whole header: every page of the newer documentation says "no Bearer prefix".
    fn key<'a>(&self, request: &'a RequestHead<'_>) -> Option<&'a str> {
        request.header("authorization")
    }

    fn respond(&mut self, request: &RequestHead<'_>, paging: &[Paging]) -> ResponseDraft {
        let Some(operation) = self.operation(request.path()) else {
            return not_found(request.path());
        };
        if request.method != "GET" {
            return error(request.path(), 405, None);
        }
        if self.key(request) != Some(&*self.settings.key) {
            return error(request.path(), 401, None);
        }
        match operation {
            Operation::ListSessions => list::respond(&self.sessions, &self.settings, request, paging),
            Operation::SessionDetail => detail::respond(&self.sessions, request, paging),
            Operation::Scopes => namespaces::respond(&self.sessions, paging),
            Operation::SessionSummary => not_found(request.path()),
        }
    }

    fn error(&self, path: &str, status: u16, message: Option<&str>) -> ResponseDraft {
        error(path, status, message)
    }

    fn rate_limit_error(&self) -> ResponseDraft {
        limit_exceeded(200, None)
    }

    fn echo_error(&self, path: &str, status: u16, message: &str) -> ResponseDraft {
        if status < 300 {
            failure(status, "0001", message)
        } else {
            error(path, status, Some(message))
        }
    }
}
