//! Page sizes as the builder configures them, and long lists.

use std::io;

use chat_sessions_sandbox::{Change, PageSizeRule, Provider, Sandbox};
use serde_json::json;

use crate::support::{list_llama_cloud, list_memories_ai, start, texts};

#[test]
fn llama_cloud_coerces_refuses_or_ignores_a_page_size() -> io::Result<()> {
    for (rule, query, size) in [
        (PageSizeRule::CoerceAbove(50), "page_size=51", 50),
        (PageSizeRule::CoerceAbove(50), "page_size=49", 49),
        (PageSizeRule::CoerceAbove(0), "page_size=9", 1),
        (PageSizeRule::RefuseAbove(50), "page_size=50", 50),
        (PageSizeRule::Ignore, "page_size=50", 20),
        (PageSizeRule::Ignore, "page_size=many", 20),
    ] {
        let sandbox = start(Sandbox::builder().llama_cloud_page_size_rule(rule))?;
        let body = list_llama_cloud(&sandbox, query)?.json();
        assert_eq!(texts(&body["items"], "session_id").len(), size, "{rule:?} {query}");
    }
    let sandbox = start(Sandbox::builder().llama_cloud_page_size_rule(PageSizeRule::RefuseAbove(50)))?;
    let refused = list_llama_cloud(&sandbox, "page_size=51")?;
    assert_eq!(refused.status, 422);
    assert_eq!(
        refused.json(),
        json!({"detail": [{
            "type": "less_than_equal",
            "loc": ["query", "page_size"],
            "msg": "Input should be less than or equal to 50",
            "input": "51",
            "ctx": {"le": 50},
        }]})
    );
    Ok(())
}

#[test]
fn memories_ai_can_use_the_requested_page_size() -> io::Result<()> {
    let sandbox = start(Sandbox::builder().memories_ai_page_size_rule(PageSizeRule::CoerceAbove(50)))?;
    let ids = sandbox.session_ids(Provider::MemoriesAi, None);
    for (query, size, range) in [
        ("page=2&page_size=30", 30, 30..60),
        ("page=2&page_size=99", 50, 50..100),
        ("page=2", 20, 20..40),
    ] {
        let body = list_memories_ai(&sandbox, &format!("{query}&unique_id=default"))?.json();
        assert_eq!(texts(&body["data"]["sessions"], "sessionId"), ids[range], "{query}");
        assert_eq!(body["data"]["page_size"], size);
    }
    let strict = start(Sandbox::builder().memories_ai_page_size_rule(PageSizeRule::RefuseAbove(50)))?;
    for query in ["page_size=0", "page_size=many", "page_size=51"] {
        let body = list_memories_ai(&strict, &format!("{query}&unique_id=default"))?.json();
        assert_eq!(body["code"], "0003", "{query}");
        assert!(body["msg"].as_str().is_some_and(|msg| msg.contains("page_size")));
    }
    Ok(())
}

#[test]
fn the_last_pages_of_a_hundred_thousand_sessions_follow_the_changes() -> io::Result<()> {
    let sandbox = start(
        Sandbox::builder()
            .memories_ai_sessions(100_000)
            .llama_cloud_sessions(100_000),
    )?;
    let ids = sandbox.session_ids(Provider::MemoriesAi, None);
    for number in 4801..=5000 {
        sandbox.change(Provider::MemoriesAi, &Change::insert("New"));
        sandbox.change(Provider::MemoriesAi, &Change::delete_newest(1));
        let body = list_memories_ai(&sandbox, &format!("page={number}&unique_id=default"))?.json();
        let start = (number - 1) * 20;
        assert_eq!(texts(&body["data"]["sessions"], "sessionId"), ids[start..start + 20]);
    }
    Ok(())
}
