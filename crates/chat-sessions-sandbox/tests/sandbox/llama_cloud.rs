//! The LlamaCloud side, over a socket.

use std::{collections::BTreeSet, io};

use chat_sessions_sandbox::{
    DEFAULT_PROJECT_ID, Fault, LLAMA_CLOUD_KEY, ORGANIZATION_ID, OTHER_PROJECT_ID, Provider, Sandbox,
};
use serde_json::{Value, json};

use crate::support::{encoded, get, list_llama_cloud, send, start, texts};

/// Returns all sessions that a walk with this query lists, and the number of pages.
fn walk(sandbox: &Sandbox, query: &str) -> io::Result<(Vec<Value>, usize)> {
    let (mut items, mut pages, mut token) = (Vec::new(), 0, String::new());
    loop {
        let body = list_llama_cloud(sandbox, &format!("{query}{token}"))?.json();
        pages += 1;
        items.extend(body["items"].as_array().cloned().unwrap_or_default());
        match body["next_page_token"].as_str() {
            Some(next) if pages < 1000 => token = format!("&page_token={}", encoded(next)),
            _ => return Ok((items, pages)),
        }
    }
}

#[test]
fn a_walk_lists_every_session_once_by_descending_update() -> io::Result<()> {
    let sandbox = start(Sandbox::builder())?;
    for (query, expected_pages) in [
        ("x=", 6),
        ("page_size=1", 112),
        ("page_size=50", 3),
        ("page_size=56", 2),
        ("page_size=112", 1),
        ("page_size=99999", 1),
        ("page_size=99999999999999999999999999999999999999999999", 1),
        // A size below 1 counts as none.
        ("page_size=0", 6),
        ("page_size=-3", 6),
    ] {
        let (items, pages) = walk(&sandbox, query)?;
        let items = json!(items);
        assert_eq!(pages, expected_pages, "{query}");
        assert_eq!(
            texts(&items, "session_id"),
            sandbox.session_ids(Provider::LlamaCloud, None),
            "{query}"
        );
        assert_eq!(texts(&items, "session_id").iter().collect::<BTreeSet<_>>().len(), 112);
        assert!(
            texts(&items, "last_updated_at").is_sorted_by(|one, next| one > next),
            "{query}"
        );
    }
    Ok(())
}

#[test]
fn the_last_page_has_no_token_field() -> io::Result<()> {
    let sandbox = start(Sandbox::builder())?;
    let body = list_llama_cloud(&sandbox, "page_size=112")?.json();
    assert!(
        body.as_object()
            .is_some_and(|body| !body.contains_key("next_page_token"))
    );
    Ok(())
}

#[test]
fn sessions_have_the_fields_of_the_document_and_of_the_newest_sdk() -> io::Result<()> {
    let sandbox = start(Sandbox::builder())?;
    let (items, _) = walk(&sandbox, "page_size=1000")?;
    let never_used = items
        .iter()
        .filter(|item| item["generated_title"].is_null() && item["job_metadata"].is_null());
    assert_eq!(never_used.count(), 28);
    assert!(items.iter().any(|item| item["index_ids"].is_null()));
    assert!(items.iter().any(|item| {
        item["generated_title"]
            .as_str()
            .is_some_and(|title| title.ends_with("..."))
    }));
    for item in &items {
        assert!(item["session_id"].as_str().is_some_and(|id| id.starts_with("ses-")));
        assert!(
            item["last_updated_at"]
                .as_str()
                .is_some_and(|time| !time.ends_with('Z') && time.len() == 26)
        );
        assert!(
            ["query", "read_only"]
                .map(|access| json!(access))
                .contains(&item["shared_access"])
        );
        if let Some(run) = item["job_metadata"].as_object() {
            let names = run.keys().map(String::as_str).collect::<BTreeSet<_>>();
            assert_eq!(
                names,
                BTreeSet::from([
                    "duration_ms",
                    "error",
                    "export_config_ids",
                    "is_error",
                    "total_input_tokens",
                    "total_output_tokens",
                    "turns"
                ])
            );
        }
    }
    Ok(())
}

#[test]
fn a_token_is_a_position_that_changes_of_the_list_do_not_move() -> io::Result<()> {
    let sandbox = start(Sandbox::builder())?;
    let before = sandbox.session_ids(Provider::LlamaCloud, None);
    let first = list_llama_cloud(&sandbox, "page_size=10")?.json();
    let token = encoded(first["next_page_token"].as_str().unwrap_or_default());
    let created = sandbox.insert(Provider::LlamaCloud, None, "Created between two pages");
    assert!(
        sandbox.delete(Provider::LlamaCloud, &before[9]),
        "the session in the token"
    );
    assert!(sandbox.retitle(Provider::LlamaCloud, &before[15], "Updated, so it moves to the front"));
    let second = list_llama_cloud(&sandbox, &format!("page_size=10&page_token={token}"))?.json();
    let expected = before[10..15]
        .iter()
        .chain(&before[16..21])
        .cloned()
        .collect::<Vec<_>>();
    assert_eq!(texts(&second["items"], "session_id"), expected);
    assert_eq!(
        sandbox.session_ids(Provider::LlamaCloud, None)[..2],
        [before[15].clone(), created]
    );
    Ok(())
}

#[test]
fn projects_have_separate_sessions() -> io::Result<()> {
    let sandbox = start(Sandbox::builder())?;
    let (unnamed, _) = walk(&sandbox, "page_size=1000")?;
    let (named, _) = walk(&sandbox, &format!("page_size=1000&project_id={DEFAULT_PROJECT_ID}"))?;
    let (other, _) = walk(
        &sandbox,
        &format!("page_size=1000&organization_id={ORGANIZATION_ID}&project_id={OTHER_PROJECT_ID}"),
    )?;
    assert_eq!(unnamed, named);
    assert_eq!(other.len(), 31);
    assert!(other.iter().all(|item| !unnamed.contains(item)));
    let unknown = "00000000-0000-4000-8000-000000000000";
    for query in [format!("project_id={unknown}"), format!("organization_id={unknown}")] {
        let reply = list_llama_cloud(&sandbox, &query)?;
        assert_eq!(reply.status, 404, "{query}");
        assert!(reply.json()["detail"].is_string());
    }
    Ok(())
}

#[test]
fn a_token_is_valid_for_its_project_only() -> io::Result<()> {
    let sandbox = start(Sandbox::builder())?;
    let first = list_llama_cloud(&sandbox, "page_size=5")?.json();
    let token = first["next_page_token"].as_str().unwrap_or_default();
    let unencoded_plus = "a+b=";
    let queries = [
        format!("project_id={OTHER_PROJECT_ID}&page_token={}", encoded(token)),
        "page_token=next_page_token".to_owned(),
        "page_token=".to_owned(),
        format!("page_token={unencoded_plus}"),
    ];
    for query in queries {
        let reply = list_llama_cloud(&sandbox, &query)?;
        assert_eq!(reply.status, 400, "{query}");
        assert_eq!(reply.json(), json!({"detail": "Invalid page token"}));
    }
    Ok(())
}

#[test]
fn the_key_is_accepted_as_bearer_token_and_as_cookie() -> io::Result<()> {
    let sandbox = start(Sandbox::builder())?;
    let bearer = format!("Bearer {LLAMA_CLOUD_KEY}");
    let cookie = format!("theme=dark; session={LLAMA_CLOUD_KEY}");
    for header in [("Authorization", bearer.as_str()), ("Cookie", cookie.as_str())] {
        assert_eq!(get(&sandbox, "/api/v1/chat", &[header])?.status, 200, "{header:?}");
    }
    for header in [
        ("x-nothing", "x"),
        ("Authorization", LLAMA_CLOUD_KEY),
        ("Authorization", "Bearer llx-wrong"),
    ] {
        let reply = get(&sandbox, "/api/v1/chat", &[header])?;
        assert_eq!(reply.status, 401, "{header:?}");
        assert_eq!(reply.json(), json!({"detail": "Invalid authentication token"}));
    }
    Ok(())
}

#[test]
fn invalid_parameters_are_listed() -> io::Result<()> {
    let sandbox = start(Sandbox::builder())?;
    for (query, name, kind) in [
        ("page_size=many", "page_size", "int_parsing"),
        ("page_size=", "page_size", "int_parsing"),
        ("project_id=mine", "project_id", "uuid_parsing"),
        ("organization_id=", "organization_id", "uuid_parsing"),
    ] {
        let reply = list_llama_cloud(&sandbox, query)?;
        let error = &reply.json()["detail"][0];
        assert_eq!(reply.status, 422, "{query}");
        assert_eq!(
            (&error["loc"], &error["type"]),
            (&json!(["query", name]), &json!(kind)),
            "{query}"
        );
        assert!(error["msg"].is_string());
    }
    Ok(())
}

#[test]
fn other_paths_and_methods_get_the_providers_errors() -> io::Result<()> {
    let sandbox = start(Sandbox::builder())?;
    let reply = get(&sandbox, "/api/v1/chats", &[])?;
    assert_eq!((reply.status, reply.json()), (404, json!({"detail": "Not Found"})));
    let reply = send(&sandbox, "PUT", "/api/v1/chat", &[], "")?;
    assert_eq!(
        (reply.status, reply.json()),
        (405, json!({"detail": "Method Not Allowed"}))
    );
    Ok(())
}

#[test]
fn each_status_has_the_headers_that_http_requires() -> io::Result<()> {
    let sandbox = start(Sandbox::builder())?;
    for (provider, path, key, challenge) in [
        (Provider::LlamaCloud, "/api/v1/chat", "Bearer llx-sandbox", "Bearer"),
        (
            Provider::MemoriesAi,
            "/serve/api/v1/list_sessions",
            "sk-sandbox",
            "ApiKey",
        ),
    ] {
        let refused = get(&sandbox, path, &[])?;
        assert_eq!((refused.status, refused.header("www-authenticate")), (401, challenge));
        let key = [("Authorization", key)];
        for method in ["PUT", "POST", "DELETE", "OPTIONS", "PATCH", "TRACE"] {
            let reply = send(&sandbox, method, path, &key, "")?;
            assert_eq!((reply.status, reply.header("allow")), (405, "GET"), "{method} {path}");
        }
        for (status, header, value) in [
            (401, "www-authenticate", challenge),
            (405, "allow", "GET"),
            (407, "proxy-authenticate", challenge),
            (426, "upgrade", "h2c"),
        ] {
            sandbox.next(provider, Fault::status(status));
            let reply = get(&sandbox, path, &key)?;
            assert_eq!((reply.status, reply.header(header)), (status, value), "{path}");
        }
        sandbox.next(provider, Fault::status(405).with_header("Allow", "HEAD"));
        let reply = get(&sandbox, path, &key)?;
        assert_eq!(reply.header("allow"), "HEAD", "a script has the last word");
    }
    Ok(())
}
