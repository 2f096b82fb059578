//! `GET /serve/api/v1/list_sessions` as the v1.2 document and live responses describe it: the
//! parameters, the envelope and the page.

use std::collections::VecDeque;

use serde::Serialize;
use serde_json::{Map, Value, json};

use crate::{
    data::{
        session_lists::SessionLists,
        time::{naive_iso, snowflake_micros},
        videos::VideoSession,
    },
    dialect::{
        ProviderSettings,
        memories_ai::{envelope::success, failures::failure},
    },
    http::{request::RequestHead, response::ResponseDraft},
    paging::{
        self, Paging,
        items::{PageItem, page_items},
        page_size::{PageSizeDecision, integer},
    },
};

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

/// Responds to a request for a page.
pub(crate) fn respond(
    sessions: &SessionLists<VideoSession>,
    settings: &ProviderSettings,
    request: &RequestHead<'_>,
    paging: &[Paging],
) -> ResponseDraft {
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
    } = *settings;
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
    let data = data(sessions.list(unique_id), page, page_size, paging);
    success(paging, Some(data))
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
            video_no: session.video_no(),
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
