//! `GET /serve/api/v1/list_unique_ids` as the document describes it.

use serde::Serialize;
use serde_json::{Map, Value};

use crate::{
    data::{session_lists::SessionLists, videos::VideoSession},
    dialect::memories_ai::envelope::success,
    http::response::ResponseDraft,
    paging::{
        self, Paging,
        items::{PageItem, page_items},
    },
};

/// The namespaces of the account.
#[derive(Serialize)]
struct Namespaces<'a> {
    unique_ids: Vec<PageItem<&'a str>>,
    #[serde(flatten)]
    unknown: Map<String, Value>,
}

/// Responds with every namespace that has, or once had, sessions.
pub(crate) fn respond(sessions: &SessionLists<VideoSession>, paging: &[Paging]) -> ResponseDraft {
    let namespaces = Namespaces {
        unique_ids: page_items(sessions.scope_names(), paging, "unique_id"),
        unknown: paging::unknown_fields(paging),
    };
    success(paging, Some(namespaces))
}
