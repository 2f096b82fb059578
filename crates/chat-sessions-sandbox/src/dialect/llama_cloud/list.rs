//! `GET /api/v1/chat` as the document and the types of the official SDK describe it: the
//! parameters, the page and its token.

use std::{collections::VecDeque, ops::Range};

use serde::Serialize;
use serde_json::{Map, Value, json};

use crate::{
    data::{documents::DocumentSession, session_lists::SessionLists},
    dialect::{
        ProviderSettings,
        llama_cloud::{
            errors::{error, validation_error},
            parameters::project,
            session::{Item, item},
        },
    },
    http::{request::RequestHead, response::ResponseDraft},
    paging::{
        self, Paging,
        issued_tokens::IssuedTokens,
        items::{PageItem, page_items},
        page_size::PageSizeDecision,
        page_token::{self, ListPosition},
    },
};

#[derive(Serialize)]
struct Page {
    items: Option<Vec<PageItem<Item>>>,
    /// The document says: "Omitted when there are no further pages".
    #[serde(skip_serializing_if = "Option::is_none")]
    next_page_token: Option<Value>,
    #[serde(flatten)]
    unknown: Map<String, Value>,
}

/// Responds to a request for a page.
pub(crate) fn respond(
    sessions: &SessionLists<DocumentSession>,
    settings: &ProviderSettings,
    issued_tokens: &mut IssuedTokens,
    request: &RequestHead<'_>,
    paging: &[Paging],
) -> ResponseDraft {
    let mut errors = Vec::new();
    let page_size = page_size(request, settings, &mut errors);
    let project = match project(request, errors) {
        Ok(project) => project,
        Err(refusal) => return *refusal,
    };
    let Some(list) = sessions.list(&project) else {
        return error(404, Some("Project not found"));
    };
    // A token is valid for one project and any page size. The document does not mention the
    // latter, and a position does not depend on it. An empty token is as invalid as any other
    // that was not issued.
    let after = match request
        .last("page_token")
        .map(|token| page_token::decode(token, &project))
    {
        None => ListPosition::beginning(),
        Some(Some(position)) => position,
        Some(None) => return error(400, Some("Invalid page token")),
    };
    let start = index_after(list, &after);
    let end = start
        .saturating_add(paging::visible_items(paging, page_size))
        .min(list.len());
    let repeated = start.saturating_sub(paging::duplicate_count(paging))..start;
    let page = list.range(repeated).chain(list.range(start..end)).map(item);
    let next = next_position(&after, list, start..end, paging);
    let next_page_token = next.map(|position| page_token::encode(&position, &project));
    let next_page_token = altered_token(next_page_token, issued_tokens, &project, paging);
    if let Some(token) = next_page_token.as_ref().and_then(Value::as_str) {
        issued_tokens.add(&project, token);
    }
    let items = page_items(page, paging, "session_id");
    ResponseDraft::json(
        200,
        &Page {
            items: (!paging.contains(&Paging::DataNull)).then_some(items),
            next_page_token,
            unknown: paging::unknown_fields(paging),
        },
    )
}

/// The index of the first session after `position`.
fn index_after(list: &VecDeque<DocumentSession>, position: &ListPosition) -> usize {
    list.partition_point(|session| {
        (session.updated_micros, session.id.as_str()) >= (position.updated_micros, position.session_id.as_str())
    })
}

/// Returns the position after a page, if the list continues. The page follows `after` and has the
/// sessions in `range`.
fn next_position(
    after: &ListPosition,
    list: &VecDeque<DocumentSession>,
    range: Range<usize>,
    paging: &[Paging],
) -> Option<ListPosition> {
    let repeats = if paging::visible_items(paging, usize::MAX) == 0 {
        true
    } else {
        paging.contains(&Paging::StickyEnd) && range.end == list.len()
    };
    let page = after.page.saturating_add(1);
    if repeats {
        return Some(ListPosition { page, ..after.clone() });
    }
    let last = list
        .range(range.clone())
        .next_back()
        .filter(|_| range.end < list.len())?;
    Some(ListPosition {
        updated_micros: last.updated_micros,
        session_id: last.id.clone(),
        page,
    })
}

/// Alters the token for the next page.
fn altered_token(token: Option<String>, issued: &IssuedTokens, project: &str, paging: &[Paging]) -> Option<Value> {
    paging
        .iter()
        .fold(token.map(Value::String), |token, paging| match (paging, token) {
            (Paging::RepeatToken(back), token) => issued.nth_newest(project, *back).map(Value::String).or(token),
            (Paging::Token(text), _) => Some(Value::String(text.clone())),
            (Paging::NullAtEnd, None) => Some(Value::Null),
            (Paging::EmptyAtEnd, None) => Some(Value::String(String::new())),
            (_, token) => token,
        })
}

fn page_size(request: &RequestHead<'_>, settings: &ProviderSettings, errors: &mut Vec<Value>) -> usize {
    let default = settings.page_size;
    let requested = request.last("page_size");
    let (kind, msg, context) = match settings.page_size_rule.decide(requested, default) {
        PageSizeDecision::Serve(size) => return size,
        PageSizeDecision::NotAnInteger => (
            "int_parsing",
            "Input should be a valid integer, unable to parse string as an integer".to_owned(),
            Value::Null,
        ),
        PageSizeDecision::TooSmall => (
            "greater_than_equal",
            "Input should be greater than or equal to 1".to_owned(),
            json!({ "ge": 1 }),
        ),
        PageSizeDecision::TooLarge(max) => (
            "less_than_equal",
            format!("Input should be less than or equal to {max}"),
            json!({ "le": max }),
        ),
    };
    errors.push(validation_error(
        "page_size",
        kind,
        &msg,
        requested.unwrap_or_default(),
        context,
    ));
    default
}
