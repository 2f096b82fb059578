//! Namespaces and projects.

use std::io;

use chat_sessions_sandbox::{DEFAULT_PROJECT_ID, ORGANIZATION_ID, OTHER_PROJECT_ID, Provider, Sandbox};
use serde_json::json;

use crate::support::{call, start, texts};

#[test]
fn namespaces_are_listed_with_those_that_were_created_later() -> io::Result<()> {
    let sandbox = start(Sandbox::builder())?;
    let target = "/serve/api/v1/list_unique_ids";
    let body = call(&sandbox, Provider::MemoriesAi, target)?.json();
    assert_eq!(
        body,
        json!({
            "code": "0000", "msg": "success", "success": true, "failed": false,
            "data": { "unique_ids": ["Demo-Team", "default", "demo-team"] },
        })
    );
    let _ = sandbox.insert(Provider::MemoriesAi, Some("a new team"), "First");
    let body = call(&sandbox, Provider::MemoriesAi, &format!("{target}?unique_id=ignored"))?.json();
    assert_eq!(body["data"]["unique_ids"], json!(sandbox.scopes(Provider::MemoriesAi)));
    assert_eq!(body["data"]["unique_ids"][1], "a new team");
    Ok(())
}

#[test]
fn projects_are_a_bare_array_that_name_and_organization_filter() -> io::Result<()> {
    let sandbox = start(Sandbox::builder())?;
    let projects = |query: &str| call(&sandbox, Provider::LlamaCloud, &format!("/api/v1/projects{query}"));
    let all = projects("")?.json();
    assert_eq!(texts(&all, "id"), [DEFAULT_PROJECT_ID, OTHER_PROJECT_ID]);
    assert_eq!(texts(&all, "name"), ["Default", "Contracts & Leases"]);
    assert_eq!(all[0]["is_default"], true);
    for project in all.as_array().into_iter().flatten() {
        assert_eq!(project["organization_id"], ORGANIZATION_ID);
        assert!(project["created_at"].is_string() && project["updated_at"].is_string());
    }
    for (query, expected) in [
        (
            format!("?organization_id={ORGANIZATION_ID}"),
            vec![DEFAULT_PROJECT_ID, OTHER_PROJECT_ID],
        ),
        ("?project_name=Default".to_owned(), vec![DEFAULT_PROJECT_ID]),
        (
            "?project_name=Contracts%20%26%20Leases".to_owned(),
            vec![OTHER_PROJECT_ID],
        ),
        ("?project_name=default".to_owned(), vec![]),
        ("?project_name=".to_owned(), vec![]),
    ] {
        assert_eq!(texts(&projects(&query)?.json(), "id"), expected, "{query}");
    }
    assert_eq!(projects("?organization_id=mine")?.status, 422);
    let unknown = projects("?organization_id=00000000-0000-4000-8000-000000000000")?;
    assert_eq!(
        (unknown.status, unknown.json()),
        (404, json!({"detail": "Organization not found"}))
    );
    let id = "0a3c9e60-71d4-4c55-b0a1-6f2d8f4c9b12";
    let _ = sandbox.insert(Provider::LlamaCloud, Some(id), "First");
    let created = &projects(&format!("?project_name={id}"))?.json()[0];
    assert_eq!((&created["id"], &created["created_at"]), (&json!(id), &json!(null)));
    Ok(())
}
