//! One session of LlamaCloud: as an item of the list, as a summary, and with its events.

use serde::Serialize;
use serde_json::{Map, Value};

use crate::{
    conversation::{document_events::Event, document_turns::events},
    data::{
        documents::{DocumentSession, Run},
        session_lists::{Session, SessionLists},
        time::naive_iso,
    },
    dialect::llama_cloud::{errors::error, parameters::project},
    http::{request::RequestHead, response::ResponseDraft},
    paging::{
        self, Paging,
        items::{PageItem, page_items},
    },
};

/// A session summary. The document says that two fields can be null and never that one can be
/// missing, so the sandbox writes nulls.
#[derive(Debug, Serialize)]
pub(crate) struct Item {
    session_id: String,
    last_updated_at: String,
    /// Not in the document that the sandbox was written from. The official SDK requires it since
    /// 2.17.
    shared_access: &'static str,
    generated_title: Option<String>,
    index_ids: Option<Vec<String>>,
    job_metadata: Option<JobMetadata>,
}

#[derive(Debug, Serialize)]
struct JobMetadata {
    duration_ms: f64,
    error: Option<&'static str>,
    export_config_ids: Option<Vec<String>>,
    is_error: bool,
    total_input_tokens: Option<u64>,
    total_output_tokens: Option<u64>,
    turns: u64,
}

pub(crate) fn item(session: &DocumentSession) -> Item {
    Item {
        session_id: session.id.clone(),
        last_updated_at: naive_iso(session.updated_micros),
        shared_access: if session.read_only { "read_only" } else { "query" },
        generated_title: session.title(),
        index_ids: session.index_ids.clone(),
        job_metadata: session.most_recent_run().map(job_metadata),
    }
}

fn job_metadata(run: Run) -> JobMetadata {
    JobMetadata {
        duration_ms: run.duration_ms,
        error: run.error,
        export_config_ids: run.export_config_ids,
        is_error: run.error.is_some(),
        total_input_tokens: run.tokens.map(|tokens| tokens.input),
        total_output_tokens: run.tokens.map(|tokens| tokens.output),
        turns: run.turns,
    }
}

/// A session with its events, in the order of the SDK's fields.
#[derive(Serialize)]
struct Detail {
    #[serde(flatten)]
    item: Item,
    events: Option<Vec<PageItem<Event>>>,
    #[serde(flatten)]
    unknown: Map<String, Value>,
}

/// A session without its events.
#[derive(Serialize)]
struct Summary {
    #[serde(flatten)]
    item: Item,
    #[serde(flatten)]
    unknown: Map<String, Value>,
}

/// Responds to a request for one session. `id` is `None` if it is not UTF-8.
pub(crate) fn respond(
    sessions: &SessionLists<DocumentSession>,
    id: Option<&str>,
    with_events: bool,
    request: &RequestHead<'_>,
    paging: &[Paging],
) -> ResponseDraft {
    let project = match project(request, Vec::new()) {
        Ok(project) => project,
        Err(refusal) => return *refusal,
    };
    if sessions.list(&project).is_none() {
        return error(404, Some("Project not found"));
    }
    // The body of this 404 is not documented.
    let Some(session) = id.and_then(|id| sessions.find(&project, id)) else {
        return error(404, Some("Session not found"));
    };
    let (item, unknown) = (item(session), paging::unknown_fields(paging));
    let is_null = paging.contains(&Paging::DataNull);
    if with_events {
        let events = page_items(events(session).into_iter(), paging, "type");
        let events = (!is_null).then_some(events);
        ResponseDraft::json(200, &Detail { item, events, unknown })
    } else if is_null {
        ResponseDraft::json(200, &Value::Null)
    } else {
        ResponseDraft::json(200, &Summary { item, unknown })
    }
}

/// The events of a session as [`respond`] sends them.
pub(crate) fn events_json(session: &DocumentSession) -> Vec<u8> {
    // The events have string keys only, so this cannot fail; a test would notice the empty text.
    serde_json::to_vec(&events(session)).unwrap_or_default()
}
