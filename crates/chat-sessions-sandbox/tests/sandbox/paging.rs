//! Altered pages: the alteration is as requested, and the rest of the page is unchanged.

use std::{collections::BTreeSet, io};

use chat_sessions_sandbox::{Fault, Paging, Provider, Sandbox};
use serde_json::{Value, json};

use crate::support::{encoded, list, list_llama_cloud, list_memories_ai, send, start, texts};

const JSON: (&str, &str) = ("content-type", "application/json");

/// Returns one page of the default Memories.ai list.
fn page(sandbox: &Sandbox, number: u64) -> io::Result<Value> {
    Ok(list_memories_ai(sandbox, &format!("page={number}&unique_id=default"))?.json())
}

fn video_ids(body: &Value) -> Vec<String> {
    texts(&body["data"]["sessions"], "sessionId")
}

fn document_ids(body: &Value) -> Vec<String> {
    texts(&body["items"], "session_id")
}

/// Returns the page of the default LlamaCloud list after `before`, or the first page.
fn next_page(sandbox: &Sandbox, before: Option<&Value>) -> io::Result<Value> {
    let query = match before.map(|body| body["next_page_token"].as_str().unwrap_or_default()) {
        Some(token) => format!("page_token={}", encoded(token)),
        None => String::new(),
    };
    Ok(list_llama_cloud(sandbox, &query)?.json())
}

/// Returns the pages of the default LlamaCloud list from its beginning, at most `max_pages`.
fn walk(sandbox: &Sandbox, max_pages: usize) -> io::Result<Vec<Value>> {
    let mut bodies = vec![next_page(sandbox, None)?];
    while bodies.len() < max_pages
        && let Some(last) = bodies.last().filter(|last| last["next_page_token"].is_string())
    {
        bodies.push(next_page(sandbox, Some(last))?);
    }
    Ok(bodies)
}

#[test]
fn totals_can_be_wrong_or_missing_or_of_another_type() -> io::Result<()> {
    let sandbox = start(Sandbox::builder())?;
    let ordinary = page(&sandbox, 1)?;
    let claimed_total = Fault::paging(Paging::ClaimedTotal(7));
    for (fault, total) in [
        (claimed_total.clone(), Some(json!("7"))),
        (Fault::paging(Paging::ClaimedTotal(-1)), Some(json!("-1"))),
        (Fault::paging(Paging::TotalNumber), Some(json!(137))),
        (claimed_total.with_paging(Paging::TotalNumber), Some(json!(7))),
        (
            Fault::paging(Paging::TotalNumber).with_paging(Paging::ClaimedTotal(7)),
            Some(json!(7)),
        ),
        (Fault::paging(Paging::TotalText("many".to_owned())), Some(json!("many"))),
        (Fault::paging(Paging::TotalNull), Some(Value::Null)),
        (Fault::paging(Paging::TotalAbsent), None),
    ] {
        sandbox.next(Provider::MemoriesAi, fault.clone());
        let mut altered = page(&sandbox, 1)?;
        let data = altered["data"].as_object_mut();
        assert_eq!(data.and_then(|data| data.remove("total_count")), total, "{fault:?}");
        altered["data"]["total_count"] = json!("137");
        assert_eq!(altered, ordinary, "the rest is unchanged: {fault:?}");
    }
    assert_eq!(page(&sandbox, 1)?, ordinary);
    Ok(())
}

#[test]
fn memories_ai_pages_can_lose_and_repeat_items() -> io::Result<()> {
    let sandbox = start(Sandbox::builder())?;
    let ids = sandbox.session_ids(Provider::MemoriesAi, None);
    let once = |paging: Paging, number: u64| {
        sandbox.next(Provider::MemoriesAi, Fault::paging(paging));
        page(&sandbox, number)
    };
    assert_eq!(video_ids(&once(Paging::EmptyPage, 2)?), [""; 0]);
    assert_eq!(video_ids(&once(Paging::ShortPage(3), 2)?), ids[20..23]);
    assert_eq!(video_ids(&once(Paging::ShortPage(300), 7)?), ids[120..]);
    assert_eq!(video_ids(&once(Paging::Duplicates(2), 2)?), ids[18..40]);
    assert_eq!(video_ids(&once(Paging::Duplicates(2), 1)?), ids[..20]);
    assert_eq!(once(Paging::DataNull, 2)?["data"], Value::Null);
    for number in [8, 9, u64::MAX] {
        let body = once(Paging::StickyEnd, number)?;
        assert_eq!(video_ids(&body), ids[120..]);
        assert_eq!(body["data"]["current_page"], number);
    }
    assert_eq!(video_ids(&once(Paging::StickyEnd, 2)?), ids[20..40]);
    assert_eq!(video_ids(&page(&sandbox, 2)?), ids[20..40]);
    Ok(())
}

#[test]
fn pages_can_follow_the_table_of_the_document() -> io::Result<()> {
    let sandbox = start(Sandbox::builder())?;
    sandbox.always(Provider::MemoriesAi, Fault::paging(Paging::TableSpelling));
    let body = page(&sandbox, 7)?;
    let data = body["data"].as_object().cloned().unwrap_or_default();
    assert_eq!(
        data.keys().map(String::as_str).collect::<BTreeSet<_>>(),
        BTreeSet::from(["page", "sessions", "total_count", "total_pages"])
    );
    assert_eq!(
        (&data["page"], &data["total_pages"], &data["total_count"]),
        (&json!(7), &json!(7), &json!(137))
    );
    let ids = sandbox.session_ids(Provider::MemoriesAi, None);
    assert_eq!(texts(&data["sessions"], "session_id"), ids[120..]);
    let first = data["sessions"][0].as_object().cloned().unwrap_or_default();
    assert_eq!(
        first.keys().map(String::as_str).collect::<BTreeSet<_>>(),
        BTreeSet::from(["created_time", "session_id", "video_no"])
    );
    Ok(())
}

#[test]
fn items_can_be_added_replaced_and_invalidated() -> io::Result<()> {
    let sandbox = start(Sandbox::builder())?;
    let bad_id = json!({ "not": "an id" });
    for (provider, id_name, items_path) in [
        (Provider::MemoriesAi, "sessionId", "/data/sessions"),
        (Provider::LlamaCloud, "session_id", "/items"),
    ] {
        let page_with = |fault: Option<Fault>| {
            if let Some(fault) = fault {
                sandbox.next(provider, fault);
            }
            let body = list(&sandbox, provider, "unique_id=default")?.json();
            let items = body.pointer(items_path).and_then(Value::as_array).cloned();
            Ok::<_, io::Error>((items.unwrap_or_default(), body))
        };
        let (ordinary, ordinary_body) = page_with(None)?;

        let (mut items, _) = page_with(Some(Fault::paging(Paging::InsertItem { at: 3, item: None })))?;
        assert_eq!(items.remove(3), json!({ id_name: bad_id }));
        assert_eq!(items, ordinary);
        let item = Some(Value::Null);
        let (mut items, _) = page_with(Some(Fault::paging(Paging::InsertItem { at: 99, item })))?;
        assert_eq!(items.pop(), Some(Value::Null));
        assert_eq!(items, ordinary);

        let (mut items, _) = page_with(Some(Fault::paging(Paging::ReplaceItem { at: 4, item: None })))?;
        assert_eq!(items[4][id_name], bad_id);
        items[4][id_name] = ordinary[4][id_name].clone();
        assert_eq!(items, ordinary, "the other fields are unchanged");
        let item = Some(json!([1]));
        let (items, _) = page_with(Some(Fault::paging(Paging::ReplaceItem { at: 0, item })))?;
        assert_eq!((&items[0], &items[1..]), (&json!([1]), &ordinary[1..]));
        let (items, _) = page_with(Some(Fault::paging(Paging::ReplaceItem { at: 99, item: None })))?;
        assert_eq!(items, ordinary);

        let (items, _) = page_with(Some(Fault::paging(Paging::AllItemsBad)))?;
        assert_eq!(items.len(), ordinary.len());
        assert!(items.iter().all(|item| item[id_name] == bad_id));

        let (items, body) = page_with(Some(Fault::paging(Paging::UnknownFields)))?;
        assert!(items.iter().all(|item| item["sandbox_unknown"].is_object()));
        assert!(body["sandbox_unknown"].is_object());
        assert_eq!(
            body["data"]["sandbox_unknown"].is_object(),
            provider == Provider::MemoriesAi
        );
        assert_eq!(items[7][id_name], ordinary[7][id_name]);

        assert_eq!(page_with(None)?.1, ordinary_body);
    }
    Ok(())
}

#[test]
fn empty_and_short_llama_cloud_pages_lose_nothing() -> io::Result<()> {
    let sandbox = start(Sandbox::builder())?;
    let ids = sandbox.session_ids(Provider::LlamaCloud, None);
    for paging in [Paging::EmptyPage, Paging::ShortPage(0)] {
        let empty = Fault::paging(paging);
        sandbox.next(Provider::LlamaCloud, empty.clone().on_pages(1..=1));
        sandbox.next(Provider::LlamaCloud, empty.clone().on_pages(4..));
        sandbox.next(Provider::LlamaCloud, empty.on_pages(4..));
        let bodies = walk(&sandbox, 100)?;
        let sizes = bodies.iter().map(|body| document_ids(body).len()).collect::<Vec<_>>();
        assert_eq!(sizes, [0, 20, 20, 0, 0, 20, 20, 20, 12]);
        assert_eq!(bodies.iter().flat_map(document_ids).collect::<Vec<_>>(), ids);
        let tokens = bodies.iter().filter_map(|body| body["next_page_token"].as_str());
        assert_eq!(tokens.collect::<BTreeSet<_>>().len(), 8, "each token is new");
    }
    sandbox.always(Provider::LlamaCloud, Fault::paging(Paging::ShortPage(7)));
    let bodies = walk(&sandbox, 100)?;
    assert_eq!(bodies.len(), 16);
    assert_eq!(bodies.iter().flat_map(document_ids).collect::<Vec<_>>(), ids);

    sandbox.always(Provider::LlamaCloud, Fault::paging(Paging::EmptyPage));
    let bodies = walk(&sandbox, 30)?;
    assert!(bodies.len() == 30 && bodies.iter().flat_map(document_ids).next().is_none());
    Ok(())
}

#[test]
fn old_tokens_can_be_repeated() -> io::Result<()> {
    let sandbox = start(Sandbox::builder().llama_cloud_sessions(60).llama_cloud_page_size(5))?;
    let repeat = |back| Fault::paging(Paging::RepeatToken(back));
    sandbox.always(Provider::LlamaCloud, repeat(3).on_pages(5..));
    let bodies = walk(&sandbox, 12)?;
    let tokens = bodies.iter().map(|body| &body["next_page_token"]).collect::<Vec<_>>();
    assert_eq!(
        tokens[..4]
            .iter()
            .map(|token| token.to_string())
            .collect::<BTreeSet<_>>()
            .len(),
        4
    );
    for index in 4..12 {
        assert_eq!(tokens[index], tokens[index - 3], "response {index}");
    }
    // The token leads back to page 3, and the fault for page 5 closes the circle each time.
    assert_eq!(document_ids(&bodies[5]), document_ids(&bodies[2]));

    sandbox.clear_faults();
    sandbox.next(Provider::LlamaCloud, repeat(100));
    let first = next_page(&sandbox, None)?;
    sandbox.next(Provider::LlamaCloud, repeat(1));
    let second = next_page(&sandbox, Some(&first))?;
    assert_eq!(second["next_page_token"], first["next_page_token"]);
    assert_eq!(
        &second["next_page_token"], tokens[0],
        "the token stays as it was if there is no older one"
    );
    Ok(())
}

#[test]
fn tokens_can_be_any_text_and_null_or_empty_at_the_end() -> io::Result<()> {
    let sandbox = start(Sandbox::builder())?;
    let once = |paging: Paging, query: &str| {
        sandbox.next(Provider::LlamaCloud, Fault::paging(paging));
        Ok::<_, io::Error>(list_llama_cloud(&sandbox, query)?.json())
    };
    for query in ["", "page_size=200"] {
        let text = "any / text";
        assert_eq!(once(Paging::Token(text.to_owned()), query)?["next_page_token"], text);
    }
    let end = once(Paging::NullAtEnd, "page_size=200")?;
    assert_eq!(end.get("next_page_token"), Some(&Value::Null));
    assert_eq!(once(Paging::EmptyAtEnd, "page_size=200")?["next_page_token"], "");
    for paging in [Paging::NullAtEnd, Paging::EmptyAtEnd] {
        assert!(
            once(paging, "")?["next_page_token"]
                .as_str()
                .is_some_and(|token| !token.is_empty())
        );
    }
    let null = once(Paging::DataNull, "")?;
    assert_eq!(null.get("items"), Some(&Value::Null));
    assert!(null["next_page_token"].is_string());
    Ok(())
}

#[test]
fn a_sticky_last_page_is_repeated_with_new_tokens() -> io::Result<()> {
    let sandbox = start(Sandbox::builder())?;
    let ids = sandbox.session_ids(Provider::LlamaCloud, None);
    sandbox.always(Provider::LlamaCloud, Fault::paging(Paging::StickyEnd));
    let bodies = walk(&sandbox, 10)?;
    assert_eq!(bodies[..6].iter().flat_map(document_ids).collect::<Vec<_>>(), ids);
    for body in &bodies[6..] {
        assert_eq!(document_ids(body), ids[100..]);
    }
    let tokens = bodies.iter().filter_map(|body| body["next_page_token"].as_str());
    assert_eq!(tokens.collect::<BTreeSet<_>>().len(), 10);

    sandbox.always(Provider::LlamaCloud, Fault::paging(Paging::Duplicates(3)));
    let bodies = walk(&sandbox, 2)?;
    assert_eq!(document_ids(&bodies[0]), ids[..20]);
    assert_eq!(document_ids(&bodies[1]), ids[17..40]);
    Ok(())
}

#[test]
fn a_fault_waits_for_its_page_and_lets_other_requests_pass() -> io::Result<()> {
    let sandbox = start(Sandbox::builder())?;
    sandbox.next(Provider::MemoriesAi, Fault::status(503).on_pages(3..=3));
    sandbox.next(Provider::MemoriesAi, Fault::status(429));
    assert_eq!(list_memories_ai(&sandbox, "page=1&unique_id=default")?.status, 429);
    for (number, status) in [(1, 200), (4, 200), (3, 503), (3, 200)] {
        let reply = list_memories_ai(&sandbox, &format!("page={number}&unique_id=default"))?;
        assert_eq!(reply.status, status, "page {number}");
    }
    sandbox.always(Provider::LlamaCloud, Fault::status(500).on_pages(2..3));
    let first = list_llama_cloud(&sandbox, "")?;
    let token = encoded(first.json()["next_page_token"].as_str().unwrap_or_default());
    assert_eq!(first.status, 200);
    assert_eq!(list_llama_cloud(&sandbox, &format!("page_token={token}"))?.status, 500);
    assert_eq!(
        list_llama_cloud(&sandbox, "page_token=nonsense")?.status,
        400,
        "counts as page 1"
    );
    Ok(())
}

#[test]
fn an_altered_page_can_be_cut_and_an_error_is_not_altered() -> io::Result<()> {
    let sandbox = start(Sandbox::builder())?;
    sandbox.next(Provider::MemoriesAi, Fault::cut_body(40).with_paging(Paging::DataNull));
    let cut = list_memories_ai(&sandbox, "unique_id=default")?;
    assert_eq!(cut.body, r#"{"code":"0000","msg":"success","data":nu"#);
    sandbox.next(Provider::MemoriesAi, Fault::paging(Paging::DataNull));
    assert_eq!(
        list_memories_ai(&sandbox, "page=x&unique_id=default")?.json()["code"],
        "0003"
    );
    Ok(())
}

#[test]
fn a_script_can_alter_pages() -> io::Result<()> {
    let sandbox = start(Sandbox::builder())?;
    let post = |body: Value| send(&sandbox, "POST", "/__sandbox/faults", &[JSON], &body.to_string());
    let alterations = json!([
        {"short_page": 2}, {"claimed_total": 9}, "total_number", {"insert_item": {"at": 0, "item": null}},
        {"replace_item": {"at": 1}}, "unknown_fields",
    ]);
    let script = json!({"provider": "memories-ai", "always": true, "fault": "ordinary", "paging": alterations,
                        "from_page": 2, "to_page": 3});
    assert_eq!(post(script)?.json(), json!({"pending": 0}));
    assert_eq!(video_ids(&page(&sandbox, 1)?).len(), 20);
    let body = page(&sandbox, 3)?;
    let sessions = &body["data"]["sessions"];
    assert_eq!(body["data"]["total_count"], 9);
    assert_eq!(
        (&sessions[0], &sessions[1]["sessionId"]),
        (&Value::Null, &json!({"not": "an id"}))
    );
    assert_eq!(
        video_ids(&body),
        sandbox.session_ids(Provider::MemoriesAi, None)[41..42]
    );

    for (script, reason) in [
        (
            json!({"provider": "llama-cloud", "fault": "ordinary", "paging": ["total_absent"]}),
            "does not apply to",
        ),
        (
            json!({"provider": "memories-ai", "fault": "ordinary", "paging": [{"token": "x"}]}),
            "does not apply to",
        ),
        (
            json!({"provider": "memories-ai", "fault": "html", "status": 200, "paging": ["data_null"]}),
            "does not send a page",
        ),
        (
            json!({"provider": "memories-ai", "fault": "ordinary", "paging": ["upside_down"]}),
            "upside_down",
        ),
        (
            json!({"provider": "memories-ai", "fault": "ordinary", "paging": [{"insert_item": {"at": 1, "itme": 2}}]}),
            "itme",
        ),
        (
            json!({"provider": "memories-ai", "fault": "ordinary", "times": 2, "always": true}),
            "exclude",
        ),
    ] {
        let reply = post(script.clone())?;
        assert_eq!(reply.status, 400, "{script}");
        assert!(reply.body.contains(reason), "{script}: {}", reply.body);
    }
    Ok(())
}
