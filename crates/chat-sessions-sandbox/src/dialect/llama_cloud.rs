//! The LlamaCloud dialect: which requests it knows, and the key that they need.
//!
//! Each operation has a file of its own. None knows how the sessions were created, nor that a fault
//! may replace the response.

pub(crate) mod errors;
pub(crate) mod ids;
pub(crate) mod list;
pub(crate) mod parameters;
pub(crate) mod projects;
pub(crate) mod session;

use std::borrow::Cow;

use crate::{
    data::{
        documents::DocumentSession,
        session_lists::{SessionLists, SessionStore},
    },
    dialect::{
        Dialect, Profile, ProviderSettings,
        llama_cloud::{errors::error, ids::DEFAULT_PROJECT_ID, parameters::keys},
        operation::Operation,
    },
    http::{
        request::{RequestHead, percent_decoded},
        response::ResponseDraft,
    },
    paging::{PageFeature, Paging, issued_tokens::IssuedTokens, page_size::PageSizeRule, page_token},
};

/// The key that the sandbox accepts for LlamaCloud by default.
pub const LLAMA_CLOUD_KEY: &str = "llx-sandbox";

const LIST_PATH: &str = "/api/v1/chat";
const PROJECTS_PATH: &str = "/api/v1/projects";

pub(crate) static PROFILE: Profile = Profile {
    name: "llama-cloud",
    variable_prefix: "LLAMA_CLOUD",
    path_prefix: "/api/",
    routes: &[
        (Operation::ListSessions, LIST_PATH),
        (Operation::SessionDetail, "/api/v1/chat/{session_id}"),
        (Operation::SessionSummary, "/api/v1/chat/{session_id}/summary"),
        (Operation::Scopes, PROJECTS_PATH),
    ],
    // No rate is documented for chat.
    rates: &[],
    default_scope: DEFAULT_PROJECT_ID,
    page_features: &[PageFeature::Token],
    default_settings: ProviderSettings {
        key: Cow::Borrowed(LLAMA_CLOUD_KEY),
        sessions: 112,
        // Not documented for chat; the same as for Memories.ai, so that one page of each has
        // equally many sessions.
        page_size: 20,
        // The documents of sibling lists: "The maximum value is typically 1000; values above this
        // will be coerced to the maximum".
        page_size_rule: PageSizeRule::CoerceAbove(1000),
    },
    create: |settings| {
        Box::new(LlamaCloud {
            settings,
            sessions: SessionLists::default(),
            issued_tokens: IssuedTokens::default(),
        })
    },
};

#[derive(Debug)]
struct LlamaCloud {
    settings: ProviderSettings,
    sessions: SessionLists<DocumentSession>,
    issued_tokens: IssuedTokens,
}

impl Dialect for LlamaCloud {
    fn sessions(&self) -> &dyn SessionStore {
        &self.sessions
    }

    fn sessions_mut(&mut self) -> &mut dyn SessionStore {
        &mut self.sessions
    }

    fn operation(&self, path: &str) -> Option<Operation> {
        match path {
            LIST_PATH => Some(Operation::ListSessions),
            PROJECTS_PATH => Some(Operation::Scopes),
            _ => session_path(path).map(|(operation, _)| operation),
        }
    }

    fn conversation(&self, scope: &str, id: &str) -> Option<Vec<u8>> {
        self.sessions.find(scope, id).map(session::events_json)
    }

    fn requested_page(&self, request: &RequestHead<'_>) -> u64 {
        let project = request.last("project_id").unwrap_or(DEFAULT_PROJECT_ID);
        let position = request
            .last("page_token")
            .and_then(|token| page_token::decode(token, &project.to_ascii_lowercase()));
        position.map_or(1, |position| position.page)
    }

    fn key<'a>(&self, request: &'a RequestHead<'_>) -> Option<&'a str> {
        keys(request).next()
    }

    fn respond(&mut self, request: &RequestHead<'_>, paging: &[Paging]) -> ResponseDraft {
        let Some(operation) = self.operation(request.path()) else {
            return error(404, None);
        };
        if request.method != "GET" {
            return error(405, None);
        }
        if !keys(request).any(|key| *key == *self.settings.key) {
            return error(401, None);
        }
        let sessions = &self.sessions;
        match operation {
            Operation::ListSessions => {
                list::respond(sessions, &self.settings, &mut self.issued_tokens, request, paging)
            }
            Operation::SessionDetail | Operation::SessionSummary => {
                let id = session_path(request.path()).and_then(|(_, id)| percent_decoded(id));
                let with_events = operation == Operation::SessionDetail;
                session::respond(sessions, id.as_deref(), with_events, request, paging)
            }
            Operation::Scopes => projects::respond(sessions, request, paging),
        }
    }

    fn error(&self, _path: &str, status: u16, message: Option<&str>) -> ResponseDraft {
        error(status, message)
    }

    fn rate_limit_error(&self) -> ResponseDraft {
        error(429, None)
    }
}

/// The operation of a path with a session's id, and the id as it was sent.
fn session_path(path: &str) -> Option<(Operation, &str)> {
    let rest = path.strip_prefix(LIST_PATH)?.strip_prefix('/')?;
    let (operation, id) = match rest.strip_suffix("/summary") {
        Some(id) => (Operation::SessionSummary, id),
        None => (Operation::SessionDetail, rest),
    };
    (!id.is_empty() && !id.contains('/')).then_some((operation, id))
}
