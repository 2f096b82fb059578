//! `GET /serve/api/v1/get_session_detail` as the document and the vendor's notebook describe it.

use serde::Serialize;
use serde_json::{Map, Value};

use crate::{
    conversation::{video_messages::Message, video_turns::messages},
    data::{session_lists::SessionLists, videos::VideoSession},
    dialect::memories_ai::{
        envelope::{DEFAULT_UNIQUE_ID, success},
        failures::failure,
    },
    http::{request::RequestHead, response::ResponseDraft},
    paging::{
        self, Paging,
        items::{PageItem, page_items},
    },
};

/// A session with its messages. Unlike in the list, the id is in snake case.
#[derive(Serialize)]
struct Detail {
    title: String,
    messages: Vec<PageItem<Message>>,
    session_id: String,
    #[serde(flatten)]
    unknown: Map<String, Value>,
}

/// Responds to a request for one session.
///
/// The table calls the id `sessionId`, the captured request `session_id`; the sandbox accepts both.
/// `unique_id` is `default` by default, as a later crawl of the page says.
pub(crate) fn respond(
    sessions: &SessionLists<VideoSession>,
    request: &RequestHead<'_>,
    paging: &[Paging],
) -> ResponseDraft {
    let id = match (request.first("sessionId"), request.first("session_id")) {
        (Some(documented), Some(captured)) if documented != captured => {
            let msg = "Parameters incorrect: sessionId and session_id differ.";
            return failure(200, "0003", msg);
        }
        (Some(id), _) | (None, Some(id)) => id,
        (None, None) => return failure(200, "0001", "Parameters incorrect: sessionId is required."),
    };
    let unique_id = request.first("unique_id").unwrap_or(DEFAULT_UNIQUE_ID);
    // A sibling endpoint reports success without data for an unknown id.
    let session = sessions.find(unique_id, id);
    success(paging, session.map(|session| detail(session, paging)))
}

fn detail(session: &VideoSession, paging: &[Paging]) -> Detail {
    Detail {
        title: session.title.clone(),
        messages: page_items(messages(session).into_iter(), paging, "role"),
        session_id: session.id.to_string(),
        unknown: paging::unknown_fields(paging),
    }
}

/// The messages of a session as [`respond`] sends them.
pub(crate) fn messages_json(session: &VideoSession) -> Vec<u8> {
    // The messages have string keys only, so this cannot fail; a test would notice the empty text.
    serde_json::to_vec(&messages(session)).unwrap_or_default()
}
