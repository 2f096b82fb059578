//! The Memories.ai dialect: `GET /serve/api/v1/list_sessions` as the v1.2 document and live
//! responses describe it.
//!
//! This file is responsible for the key, the parameters, the envelope and the page of that one
//! operation. It does not know how the sessions were created, nor that a fault may replace the
//! response.

use std::{borrow::Cow, collections::VecDeque};

use serde::Serialize;
use serde_json::{Map, Value, json};

use crate::{
    data::{
        session_lists::{SessionLists, SessionStore},
        time::{naive_iso, snowflake_micros},
        videos::VideoSession,
    },
    dialect::{Dialect, Profile, ProviderSettings},
    http::{request::RequestHead, response::ResponseDraft},
    paging::{
        self, PageFeature, Paging,
        items::{PageItem, page_items},
        page_size::{PageSizeDecision, PageSizeRule, integer},
    },
};

/// The key that the sandbox accepts for Memories.ai by default.
pub const MEMORIES_AI_KEY: &str = "sk-sandbox";

/// The `unique_id` of the Memories.ai sessions that a client lists by default.
pub const DEFAULT_UNIQUE_ID: &str = "default";

/// HTTP demands the name of a scheme with a 401, but the provider's keys have none before them.
const CHALLENGE: &str = "ApiKey";

const LIST_PATH: &str = "/serve/api/v1/list_sessions";

pub(crate) static PROFILE: Profile = Profile {
    name: "memories-ai",
    variable_prefix: "MEMORIES_AI",
    path_prefix: "/serve/",
    list_path: LIST_PATH,
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

/// The envelope, with its fields in the order of a live response. The document spells some fields
/// in two ways; this spelling is in its example and in live responses. The spelling of its table is
/// available as [`Paging::TableSpelling`].
#[derive(Serialize)]
struct Envelope {
    code: &'static str,
    msg: &'static str,
    data: Option<Data>,
    success: bool,
    failed: bool,
    #[serde(flatten)]
    unknown: Map<String, Value>,
}

#[derive(Serialize)]
struct Data {
    sessions: Vec<PageItem<Row>>,
    #[serde(flatten)]
    page: PageInfo,
    #[serde(skip_serializing_if = "Option::is_none")]
    total_count: Option<Value>,
    #[serde(flatten)]
    unknown: Map<String, Value>,
}

/// The position of the page in the list.
#[derive(Serialize)]
#[serde(untagged)]
enum PageInfo {
    /// As in live responses.
    Live { current_page: u64, page_size: usize },
    /// As in the document's table.
    Table { page: u64, total_pages: usize },
}

#[derive(Debug, Serialize)]
#[serde(untagged)]
enum Row {
    /// As in live responses.
    Live {
        #[serde(rename = "sessionId")]
        session_id: String,
        title: String,
    },
    /// As in the document's table, which has no title.
    Table {
        session_id: String,
        video_no: String,
        created_time: String,
    },
}

impl Dialect for MemoriesAi {
    fn sessions(&self) -> &dyn SessionStore {
        &self.sessions
    }

    fn sessions_mut(&mut self) -> &mut dyn SessionStore {
        &mut self.sessions
    }

    fn requested_page(&self, request: &RequestHead<'_>) -> u64 {
        request.first("page").and_then(|page| page.parse().ok()).unwrap_or(1)
    }

    /// The whole header: every page of the newer documentation says "no Bearer prefix".
    fn key<'a>(&self, request: &'a RequestHead<'_>) -> Option<&'a str> {
        request.header("authorization")
    }

    fn respond(&mut self, request: &RequestHead<'_>, paging: &[Paging]) -> ResponseDraft {
        if request.path() != LIST_PATH {
            return not_found(request.path());
        }
        if request.method != "GET" {
            return self.error(405, None);
        }
        if self.key(request) != Some(&*self.settings.key) {
            return self.error(401, None);
        }
        // The document's table says that `unique_id` is required, and in the body; its sample and
        // live requests have it in the query. The sandbox requires it in the query, so that a
        // client that omits it is noticed. An empty one is a scope without sessions, like any other
        // that nobody has used.
        let Some(unique_id) = request.first("unique_id") else {
            return failure(200, "0001", "Parameters incorrect: unique_id is required.");
        };
        let page = match request.first("page").map(integer) {
            None => 1,
            Some(Some(page)) if page >= 1 => u64::try_from(page).unwrap_or(u64::MAX),
            // The HTTP status for an invalid parameter is not documented. Live failures have 200.
            Some(_) => {
                return failure(
                    200,
                    "0003",
                    "Parameters incorrect: page must be an integer of 1 or more.",
                );
            }
        };
        let ProviderSettings {
            page_size,
            page_size_rule,
            ..
        } = self.settings;
        let page_size = match page_size_rule.decide(request.first("page_size"), page_size) {
            PageSizeDecision::Serve(size) => size,
            // The response to an invalid size is not documented. It is assumed to be like that to
            // an invalid page.
            PageSizeDecision::NotAnInteger | PageSizeDecision::TooSmall => {
                let msg = "Parameters incorrect: page_size must be an integer of 1 or more.";
                return failure(200, "0003", msg);
            }
            PageSizeDecision::TooLarge(max) => {
                let msg = format!("Parameters incorrect: page_size must not exceed {max}.");
                return failure(200, "0003", &msg);
            }
        };
        let data = data(self.sessions.list(unique_id), page, page_size, paging);
        ResponseDraft::json(
            200,
            &Envelope {
                code: "0000",
                msg: "success",
                data: (!paging.contains(&Paging::DataNull)).then_some(data),
                success: true,
                failed: false,
                unknown: paging::unknown_fields(paging),
            },
        )
    }

    /// An error with an HTTP status.
    ///
    /// The body for a status is not documented for v1. If a documented code has the number of the
    /// status, the sandbox uses it: a newer page says that a request without a valid key gets a
    /// 401, and in version 2 of the API the code always equals the status. Other statuses have the
    /// body of Spring, since the provider's own error messages come from a Java server.
    fn error(&self, status: u16, message: Option<&str>) -> ResponseDraft {
        let (code, default) = match status {
            400 | 422 => ("0003", "Parameters incorrect."),
            401 => ("0401", "Authorization invalid."),
            402 => ("0402", "Not enough points."),
            403 => ("0403", "Developer account disabled."),
            409 => ("0409", "Duplicate request not allowed."),
            429 => return limit_exceeded(status, message),
            _ => {
                let message = message.unwrap_or(match status {
                    404 => "Not Found",
                    405 => "Method Not Allowed",
                    503 => "Service Unavailable",
                    _ => "Internal Server Error",
                });
                let body = json!({ "status": status, "error": message, "path": LIST_PATH });
                return ResponseDraft::json(status, &body).with_required_headers(CHALLENGE);
            }
        };
        failure(status, code, message.unwrap_or(default)).with_required_headers(CHALLENGE)
    }

    fn rate_limit_error(&self) -> ResponseDraft {
        limit_exceeded(200, None)
    }

    fn echo_error(&self, status: u16, message: &str) -> ResponseDraft {
        if status < 300 {
            failure(status, "0001", message)
        } else {
            self.error(status, Some(message))
        }
    }
}

/// Returns one page of a list. An unknown `unique_id` has an empty list, since its first session
/// creates a scope.
fn data(list: Option<&VecDeque<VideoSession>>, page: u64, page_size: usize, paging: &[Paging]) -> Data {
    let total = list.map_or(0, VecDeque::len);
    let pages = total.div_ceil(page_size);
    let number = usize::try_from(page).unwrap_or(usize::MAX);
    let number = if paging.contains(&Paging::StickyEnd) {
        number.min(pages.max(1))
    } else {
        number
    };
    let start = number.saturating_sub(1).saturating_mul(page_size).min(total);
    let end = start
        .saturating_add(paging::visible_items(paging, page_size))
        .min(total);
    let repeated = start.saturating_sub(paging::duplicate_count(paging))..start;
    let table_spelling = paging.contains(&Paging::TableSpelling);
    let rows = list
        .into_iter()
        .flat_map(|list| list.range(repeated.clone()).chain(list.range(start..end)))
        .map(|session| row(session, table_spelling));
    Data {
        sessions: page_items(rows, paging, if table_spelling { "session_id" } else { "sessionId" }),
        page: if table_spelling {
            PageInfo::Table {
                page,
                total_pages: pages,
            }
        } else {
            PageInfo::Live {
                current_page: page,
                page_size,
            }
        },
        total_count: total_count(total, paging),
        unknown: paging::unknown_fields(paging),
    }
}

fn row(session: &VideoSession, table_spelling: bool) -> Row {
    let session_id = session.id.to_string();
    if table_spelling {
        Row::Table {
            // Video ids are snowflakes too, after two letters. The sandbox has no videos, so it
            // uses the session's id.
            video_no: format!("VI{session_id}"),
            // The table says only "string (timestamp)".
            created_time: naive_iso(snowflake_micros(session.id)),
            session_id,
        }
    } else {
        Row::Live {
            session_id,
            title: session.title.clone(),
        }
    }
}

/// The total, as digits in a string like in live responses, unless it is altered.
fn total_count(total: usize, paging: &[Paging]) -> Option<Value> {
    let claimed = paging.iter().rev().find_map(|paging| match paging {
        Paging::ClaimedTotal(claimed) => Some(*claimed),
        _ => None,
    });
    let claimed = claimed.unwrap_or_else(|| i64::try_from(total).unwrap_or(i64::MAX));
    let mut total_count = Some(json!(claimed.to_string()));
    for paging in paging {
        match paging {
            Paging::TotalNumber | Paging::TableSpelling => total_count = Some(json!(claimed)),
            Paging::TotalText(text) => total_count = Some(json!(text)),
            Paging::TotalNull => total_count = Some(Value::Null),
            Paging::TotalAbsent => total_count = None,
            _ => {}
        }
    }
    total_count
}

/// A failure envelope with all fields of the longer error sample in the document.
pub(crate) fn failure(status: u16, code: &str, msg: &str) -> ResponseDraft {
    let (data, failed, success) = ((), true, false);
    ResponseDraft::json(
        status,
        &json!({ "code": code, "msg": msg, "data": data, "failed": failed, "success": success }),
    )
}

/// The error for a request that exceeds the rate limit. It is the only documented error sample with
/// two fields instead of five.
fn limit_exceeded(status: u16, message: Option<&str>) -> ResponseDraft {
    let msg = message.unwrap_or("Request has exceeded the limit.");
    ResponseDraft::json(status, &json!({ "code": "0429", "msg": msg }))
}

fn not_found(path: &str) -> ResponseDraft {
    ResponseDraft::json(404, &json!({ "status": 404, "error": "Not Found", "path": path }))
}
