//! The JSON of errors, pages and reports, and its schema; and the words that people write.

use std::time::Duration;

use chat_sessions::list::{Doubt, Guarantee, ListEnd, Unfinished};
use chat_sessions::model::Scope;
use chat_sessions::retry::GaveUp;
use chat_sessions::source::{NextPage, Rejected, SourcePage};
use chat_sessions::testing::FakeSource;
use chat_sessions::{ChatSessions, Error, ErrorKind, Order, Provider};
use serde_json::json;

#[tokio::test(start_paused = true)]
async fn a_page_is_json_with_its_report_and_its_failures() {
    let good = FakeSource::numbered(2).ids(["2", "1"]).in_scope("good");
    let mut page = SourcePage::new(vec![good.session("2")], NextPage::ByNumber);
    page.rejected = vec![Rejected::new(1, "/1/id", "a string is missing", "{}")];
    page.total = Some(3);
    good.answer(1, page);
    let bad = FakeSource::tokens(2).in_scope("bad");
    let refusal = Error::new(ErrorKind::Auth, Provider::new("fake"))
        .with_scope(Scope::from("bad"))
        .with_session("s-1")
        .with_message("the key was refused")
        .with_remedy("Set another key.")
        .with_status(401)
        .with_code("0401")
        .with_request_id("req-1".to_owned())
        .with_retry_after(Duration::from_millis(1500));
    bad.fail(1, refusal);
    let client = ChatSessions::builder().source(good).source(bad).build().unwrap();
    let page = client.list_sessions().limit(2).send().await.unwrap();
    let mut json = serde_json::to_value(&page).unwrap();
    #[cfg(feature = "schemars")]
    check(&json);
    // What a cursor holds is not for readers.
    for pointer in ["/next", "/failures/0/cursor"] {
        let cursor = json.pointer_mut(pointer).unwrap();
        assert!(cursor.is_string() || cursor.is_null(), "{cursor}");
        *cursor = "a cursor".into();
    }
    insta::assert_json_snapshot!(json);
}

#[test]
fn what_a_report_says_is_a_word() {
    for (value, expected) in [
        (json!(ErrorKind::RateLimited), json!("rate-limited")),
        (json!(GaveUp::RetryAfter), json!("retry-after")),
        (json!(ListEnd::OldEnough), json!("old-enough")),
        (json!(Unfinished::MaxPages), json!("max-pages")),
        (json!(Guarantee::Exact), json!({ "level": "exact" })),
        (
            json!(Guarantee::BestEffort(Doubt::PlacesChange)),
            json!({ "level": "best-effort", "doubt": "places-change" }),
        ),
        (json!(Order::Newest), json!("newest")),
    ] {
        assert_eq!(value, expected);
    }
}

#[test]
fn what_is_printed_is_read_again() {
    let kinds = [
        "config",
        "auth",
        "permission",
        "quota",
        "rate-limited",
        "invalid-request",
        "not-found",
        "conflict",
        "timeout",
        "connect",
        "server",
        "protocol",
        "walk",
        "unsupported",
        "cursor",
    ];
    for word in kinds {
        assert_eq!(word.parse::<ErrorKind>().unwrap().to_string(), word);
    }
    for word in ["arrival", "source", "newest"] {
        assert_eq!(word.parse::<Order>().unwrap().to_string(), word);
    }
    for word in ["memories-ai", "llama-cloud", "notes"] {
        assert_eq!(word.parse::<Provider>().unwrap().to_string(), word);
    }
    for word in ["team a", "", "a/b:c"] {
        assert_eq!(word.parse::<Scope>().unwrap().to_string(), word);
    }
}

#[test]
fn what_is_not_a_word_of_ours_is_refused_with_what_to_write() {
    let errors = [
        "Auth".parse::<ErrorKind>().unwrap_err(),
        "oldest".parse::<Order>().unwrap_err(),
        "a:b".parse::<Provider>().unwrap_err(),
        "".parse::<Provider>().unwrap_err(),
        "a\u{1b}[31m".parse::<Provider>().unwrap_err(),
    ];
    let texts = errors.map(|error| format!("{error} — {}", error.hint().unwrap()));
    insta::assert_snapshot!(texts.join("\n"));
}

/// Checks a page against its schema.
#[cfg(feature = "schemars")]
fn check(page: &serde_json::Value) {
    let schema = schemars::schema_for!(chat_sessions::list::SessionPage);
    let validator = jsonschema::validator_for(schema.as_value()).unwrap();
    let problems: Vec<_> = validator.iter_errors(page).map(|problem| problem.to_string()).collect();
    assert!(problems.is_empty(), "{problems:?}");
    let names = |value: &serde_json::Value| value.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    let described = |pointer: &str| names(schema.as_value().pointer(pointer).unwrap());
    assert_eq!(names(page), described("/properties"));
    assert_eq!(names(&page["failures"][0]), described("/$defs/Error/properties"));
    assert_eq!(
        names(&page["report"]["sources"][0]),
        described("/$defs/SourceReport/properties")
    );
}
