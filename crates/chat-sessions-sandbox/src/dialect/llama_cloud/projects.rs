//! `GET /api/v1/projects` as the official SDK describes it.

use serde::Serialize;
use serde_json::Value;

use crate::{
    data::{documents::DocumentSession, session_lists::SessionLists},
    dialect::llama_cloud::{
        errors,
        ids::{DEFAULT_PROJECT_ID, ORGANIZATION_ID, OTHER_PROJECT_ID},
        parameters,
    },
    http::{request::RequestHead, response::ResponseDraft},
    paging::{Paging, items::page_items},
};

/// One project.
#[derive(Debug, Serialize)]
struct Project {
    id: String,
    name: String,
    organization_id: &'static str,
    is_default: bool,
    created_at: Option<&'static str>,
    updated_at: Option<&'static str>,
}

/// Responds with all projects, or with the one of the given name.
pub(crate) fn respond(
    sessions: &SessionLists<DocumentSession>,
    request: &RequestHead<'_>,
    paging: &[Paging],
) -> ResponseDraft {
    let mut faults = Vec::new();
    let organization = parameters::uuid(request, "organization_id", &mut faults);
    if !faults.is_empty() {
        return errors::validation(&faults);
    }
    if organization.is_some_and(|organization| organization != ORGANIZATION_ID) {
        return errors::error(404, Some("Organization not found"));
    }
    let name = request.last("project_name");
    let projects = sessions.scope_names().map(project);
    let named = projects.filter(|project| name.is_none_or(|name| project.name == name));
    if paging.contains(&Paging::DataNull) {
        return ResponseDraft::json(200, &Value::Null);
    }
    let items = page_items(named, paging, "id");
    ResponseDraft::json(200, &items)
}

/// A project is a scope of the sandbox. One that was created while the sandbox ran has its id as
/// its name.
fn project(id: &str) -> Project {
    let (name, times) = match id {
        DEFAULT_PROJECT_ID => (
            "Default",
            Some(("2021-03-01T08:15:42.118203Z", "2022-11-30T17:02:09.550018Z")),
        ),
        OTHER_PROJECT_ID => (
            "Contracts & Leases",
            Some(("2021-03-04T13:40:00Z", "2021-03-04T13:40:00Z")),
        ),
        other => (other, None),
    };
    Project {
        id: id.to_owned(),
        name: name.to_owned(),
        organization_id: ORGANIZATION_ID,
        is_default: id == DEFAULT_PROJECT_ID,
        created_at: times.map(|(created, _)| created),
        updated_at: times.map(|(_, updated)| updated),
    }
}
