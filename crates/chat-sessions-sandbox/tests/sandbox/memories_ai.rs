//! The Memories.ai side, over a socket.

use std::{collections::BTreeSet, io};

use chat_sessions_sandbox::{MEMORIES_AI_KEY, Provider, Sandbox};
use serde_json::json;

use crate::support::{get, list_memories_ai, send, start, texts};

const LIST: &str = "/serve/api/v1/list_sessions?page=1&unique_id=default";

#[test]
fn seven_pages_list_every_session_once_newest_first() -> io::Result<()> {
    let sandbox = start(Sandbox::builder())?;
    let mut ids = Vec::new();
    for page in 1..=7 {
        let body = list_memories_ai(&sandbox, &format!("page={page}&unique_id=default"))?.json();
        assert_eq!(body["code"], "0000");
        assert_eq!(body["success"], true);
        assert_eq!(body["failed"], false);
        assert_eq!(body["data"]["current_page"], page);
        assert_eq!(body["data"]["page_size"], 20);
        assert_eq!(body["data"]["total_count"], "137", "a string, as seen live");
        let page_ids = texts(&body["data"]["sessions"], "sessionId");
        assert_eq!(page_ids.len(), if page == 7 { 17 } else { 20 });
        ids.extend(page_ids);
    }
    assert_eq!(ids, sandbox.session_ids(Provider::MemoriesAi, None));
    assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), 137);
    let numbers = ids.iter().filter_map(|id| id.parse::<u64>().ok()).collect::<Vec<_>>();
    assert!(numbers.len() == 137 && numbers.is_sorted_by(|one, next| one > next));
    Ok(())
}

#[test]
fn a_page_past_the_end_is_empty_and_succeeds() -> io::Result<()> {
    let sandbox = start(Sandbox::builder())?;
    for page in [
        "8",
        "1000000",
        "18446744073709551615",
        "99999999999999999999999999999999999999999",
    ] {
        let body = list_memories_ai(&sandbox, &format!("page={page}&unique_id=default"))?.json();
        assert_eq!(body["code"], "0000", "{page}");
        assert_eq!(body["data"]["sessions"], json!([]));
        assert_eq!(body["data"]["total_count"], "137");
    }
    Ok(())
}

#[test]
fn the_first_page_is_the_default() -> io::Result<()> {
    let sandbox = start(Sandbox::builder())?;
    assert_eq!(
        list_memories_ai(&sandbox, "unique_id=default")?.body,
        list_memories_ai(&sandbox, "page=1&unique_id=default&page_size=3")?.body,
        "an undocumented page size has no effect"
    );
    Ok(())
}

#[test]
fn scopes_have_separate_sessions_and_are_case_sensitive() -> io::Result<()> {
    let sandbox = start(Sandbox::builder())?;
    let mut seen = BTreeSet::new();
    for (unique_id, total) in [
        ("default", "137"),
        ("demo-team", "23"),
        ("Demo-Team", "5"),
        ("nobody", "0"),
        ("", "0"),
    ] {
        let body = list_memories_ai(&sandbox, &format!("unique_id={unique_id}"))?.json();
        assert_eq!(body["data"]["total_count"], total, "{unique_id}");
        for id in texts(&body["data"]["sessions"], "sessionId") {
            assert!(seen.insert(id), "a session of two scopes");
        }
    }
    Ok(())
}

#[test]
fn only_the_bare_key_is_accepted() -> io::Result<()> {
    let sandbox = start(Sandbox::builder())?;
    let bearer = format!("Bearer {MEMORIES_AI_KEY}");
    let refused = [
        vec![],
        vec![("Authorization", "sk-wrong")],
        vec![("Authorization", bearer.as_str())],
        vec![("Cookie", "session=sk-sandbox")],
    ];
    for headers in refused {
        let reply = get(&sandbox, LIST, &headers)?;
        assert_eq!(reply.status, 401, "{headers:?}");
        assert_eq!(
            reply.json(),
            json!({"code": "0401", "msg": "Authorization invalid.", "data": null, "success": false, "failed": true})
        );
    }
    assert_eq!(get(&sandbox, LIST, &[("authorization", MEMORIES_AI_KEY)])?.status, 200);
    Ok(())
}

#[test]
fn invalid_parameters_are_failures_in_a_200() -> io::Result<()> {
    let sandbox = start(Sandbox::builder())?;
    let cases = [
        ("page=1", "0001"),
        ("page=0&unique_id=default", "0003"),
        ("page=-1&unique_id=default", "0003"),
        ("page=one&unique_id=default", "0003"),
        ("page=&unique_id=default", "0003"),
        ("page=1.5&unique_id=default", "0003"),
    ];
    for (query, code) in cases {
        let reply = list_memories_ai(&sandbox, query)?;
        let body = reply.json();
        assert_eq!((reply.status, body["code"].as_str()), (200, Some(code)), "{query}");
        assert_eq!(
            (&body["data"], &body["failed"]),
            (&json!(null), &json!(true)),
            "{query}"
        );
    }
    Ok(())
}

#[test]
fn other_paths_and_methods_get_the_providers_errors() -> io::Result<()> {
    let sandbox = start(Sandbox::builder())?;
    let missing = get(
        &sandbox,
        "/serve/api/v1/sessions",
        &[("Authorization", MEMORIES_AI_KEY)],
    )?;
    assert_eq!(
        (missing.status, &missing.json()["path"]),
        (404, &json!("/serve/api/v1/sessions"))
    );
    assert_eq!(
        send(&sandbox, "POST", LIST, &[("Authorization", MEMORIES_AI_KEY)], "")?.status,
        405
    );
    Ok(())
}

#[test]
fn awkward_titles_arrive_unchanged() -> io::Result<()> {
    let sandbox = start(Sandbox::builder())?;
    let mut titles = Vec::new();
    for page in 1..=7 {
        titles.extend(texts(
            &list_memories_ai(&sandbox, &format!("page={page}&unique_id=default"))?.json()["data"]["sessions"],
            "title",
        ));
    }
    for part in [",", "\"", "\n", "\t", "🎬", "この動画"] {
        assert!(
            titles.iter().any(|title| title.contains(part)),
            "no title with {part:?}"
        );
    }
    assert!(titles.iter().any(|title| title.starts_with('=')));
    Ok(())
}
