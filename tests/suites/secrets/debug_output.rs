//! No type that can contain a key, a page token or a cookie shows them in its `Debug` output.

use std::error::Error as _;
use std::fmt::Debug;
use std::time::Duration;

use chat_sessions::config::ApiKey;
use chat_sessions::http::HttpExt;
use chat_sessions::retry::{Pacing, RetryPolicy};
use chat_sessions::source::{NextPage, PageRequest, Position, SessionSource, SourcePage};
use chat_sessions::{ChatSessions, Error, LlamaCloud, MemoriesAi, Order};
use chat_sessions_sandbox::{Fault, Provider, Sandbox};
use llama_cloud_client::ClientInfo as _;
use llama_cloud_client::types::ListChatSessionsParams;

const MEMORIES_KEY: &str = "sk-secret-4711";
const LLAMA_KEY: &str = "llx-secret-4711";
const TOKEN: &str = "token-secret-4711";
const COOKIE: &str = "cookie-secret-4711";
const PASSWORD: &str = "password-secret-4711";
/// The part that all of them contain.
const COMMON_PART: &str = "secret-4711";

/// Checks both styles of `Debug`.
#[track_caller]
fn assert_hidden(value: &impl Debug) {
    for output in [format!("{value:?}"), format!("{value:#?}")] {
        assert!(!output.is_empty());
        assert!(!output.contains(COMMON_PART), "a secret is shown: {output}");
        // A list of its bytes would be just as readable.
        let bytes = format!("{:?}", COMMON_PART.as_bytes());
        assert!(
            !output.contains(bytes.trim_matches(['[', ']'])),
            "a secret is shown: {output}"
        );
    }
}

/// Checks all texts of an error, of its causes, and of the errors beside it.
#[track_caller]
fn assert_error_hides(error: &Error) {
    assert_hidden(error);
    assert!(!error.to_string().contains(COMMON_PART), "{error}");
    let mut cause = error.source();
    while let Some(inner) = cause {
        assert_hidden(&inner);
        assert!(!inner.to_string().contains(COMMON_PART), "{inner}");
        cause = inner.source();
    }
    error.others().iter().for_each(assert_error_hides);
}

async fn sandbox() -> Sandbox {
    let builder = Sandbox::builder()
        .memories_ai_key(MEMORIES_KEY)
        .llama_cloud_key(LLAMA_KEY);
    builder.start().await.unwrap()
}

fn memories_ai(url: &str) -> MemoriesAi {
    MemoriesAi::builder()
        .pacing(Pacing::none())
        .retry(RetryPolicy::none())
        .api_key(MEMORIES_KEY)
        .base_url(url)
        .build()
        .unwrap()
}

fn llama_cloud(url: &str) -> LlamaCloud {
    LlamaCloud::builder()
        .pacing(Pacing::none())
        .retry(RetryPolicy::none())
        .api_key(LLAMA_KEY)
        .base_url(url)
        .build()
        .unwrap()
}

fn both(url: &str) -> ChatSessions {
    let builder = ChatSessions::builder()
        .source(memories_ai(url))
        .source(llama_cloud(url));
    builder.build().unwrap()
}

/// Checks a builder when it is new and after each setter, and returns the source that it builds.
macro_rules! assert_builder_hides {
    ($source:ty, $key:expr $(, $setter:ident($value:expr))*) => {{
        let builder = <$source>::builder();
        assert_hidden(&builder);
        let builder = builder.api_key($key);
        assert_hidden(&builder);
        // `build` rejects a password in the URL. The builder must not show it either.
        let builder = builder.base_url(format!("https://user:{PASSWORD}@127.0.0.1?key={COMMON_PART}"));
        assert_hidden(&builder);
        let builder = builder.base_url("http://127.0.0.1:9");
        $(
            let builder = builder.$setter($value);
            assert_hidden(&builder);
        )*
        let builder = builder.configure_http(|client| client.user_agent(COMMON_PART));
        assert_hidden(&builder);
        let source = builder.build().unwrap();
        assert_hidden(&source);
        assert_hidden(&source.clone().with_scope("another"));
        source
    }};
}

#[test]
fn builders_sources_clients_and_lists_hide_keys() {
    assert_hidden(&ApiKey::from(MEMORIES_KEY));
    assert_hidden(&Some(vec![ApiKey::from(LLAMA_KEY.to_owned())]));

    let second = Duration::from_secs(1);
    let memories_ai = assert_builder_hides!(
        MemoriesAi,
        MEMORIES_KEY,
        scope("team"),
        allow_plain_http("gateway.example"),
        connect_timeout(second),
        attempt_timeout(second)
    );
    let llama_cloud = assert_builder_hides!(
        LlamaCloud,
        ApiKey::from(LLAMA_KEY),
        scope("project"),
        organization_id("organization"),
        allow_plain_http("gateway.example"),
        connect_timeout(second),
        attempt_timeout(second)
    );

    assert_hidden(&ChatSessions::new(memories_ai.clone()));
    let builder = ChatSessions::builder();
    assert_hidden(&builder);
    let builder = builder.source(memories_ai).source(llama_cloud);
    assert_hidden(&builder);
    let client = builder.build().unwrap();
    assert_hidden(&client);
    assert_hidden(&client.sources());
    let list = client
        .list_sessions()
        .page_size(5)
        .limit(10)
        .order(Order::Newest)
        .keep_raw(true)
        .fail_fast(true);
    assert_hidden(&list);
    assert_hidden(&list.clone().by_item());
    assert_hidden(&list.by_page());
}

#[test]
fn errors_about_invalid_settings_hide_secrets() {
    for url in [
        format!("https://user:{PASSWORD}@127.0.0.1"),
        format!("https://{PASSWORD}@127.0.0.1"),
        format!("https://127.0.0.1?key={COMMON_PART}"),
        format!("https://127.0.0.1#{COMMON_PART}"),
        format!("ftp://127.0.0.1/{COMMON_PART}"),
        format!("https://a b/{COMMON_PART}"),
    ] {
        assert_error_hides(
            &MemoriesAi::builder()
                .pacing(Pacing::none())
                .retry(RetryPolicy::none())
                .api_key(MEMORIES_KEY)
                .base_url(&url)
                .build()
                .unwrap_err(),
        );
        assert_error_hides(
            &LlamaCloud::builder()
                .pacing(Pacing::none())
                .retry(RetryPolicy::none())
                .api_key(LLAMA_KEY)
                .base_url(&url)
                .build()
                .unwrap_err(),
        );
    }
    for key in [
        format!("Bearer {COMMON_PART}"),
        format!("{COMMON_PART} "),
        format!("{COMMON_PART}\n"),
        format!("{COMMON_PART}é"),
        format!("{COMMON_PART}\u{7f}"),
    ] {
        assert_error_hides(&MemoriesAi::builder().api_key(key.as_str()).build().unwrap_err());
        assert_error_hides(&LlamaCloud::builder().api_key(key.as_str()).build().unwrap_err());
        if let Err(error) = memories_ai_client::wire(&key) {
            assert_hidden(&error);
        }
    }
}

#[test]
fn positions_in_a_list_hide_the_page_token() {
    let position = Position::Token(TOKEN.to_owned());
    assert_hidden(&position);
    let mut request = PageRequest::new(position);
    request.keep_raw = true;
    assert_hidden(&request);
    let next = NextPage::Token(TOKEN.to_owned());
    assert_hidden(&next);
    assert_hidden(&SourcePage::new(Vec::new(), next));
}

/// A page of LlamaCloud sessions with the page token and one invalid item.
fn page_with_token() -> Fault {
    let body = format!(
        r#"{{"items":[{{"session_id":"a"}},{{"session_id":"b"}},{{"session_id":7}}],"next_page_token":"{TOKEN}"}}"#
    );
    Fault::raw(200, "application/json", body).with_header("set-cookie", format!("session={COOKIE}"))
}

#[tokio::test]
async fn streams_hide_keys_and_tokens_before_during_and_after_a_walk() {
    let sandbox = sandbox().await;
    let client = both(&sandbox.url());
    for order in [Order::Arrival, Order::Source, Order::Newest] {
        for script in [vec![page_with_token()], vec![page_with_token(), Fault::status(500)]] {
            for fault in script {
                sandbox.next(Provider::LlamaCloud, fault);
            }
            // The sandbox does not know this token, so the walk always ends in an error.
            let mut items = client.list_sessions().order(order).by_item();
            assert_hidden(&items);
            while let Some(next) = items.next().await {
                assert_hidden(&items);
                assert_hidden(&items.report());
                if let Err(error) = next {
                    assert_error_hides(&error);
                }
            }
            assert_hidden(&items);
            sandbox.clear_faults();

            sandbox.next(Provider::LlamaCloud, page_with_token());
            let mut pages = client.list_sessions().order(order).by_page();
            assert_hidden(&pages);
            while pages.next().await.is_some() {
                assert_hidden(&pages);
                assert_hidden(&pages.report());
            }
            assert_hidden(&pages);
            sandbox.clear_faults();
        }
    }
}

#[tokio::test]
async fn raw_clients_and_their_received_responses_hide_keys_and_cookies() {
    let sandbox = sandbox().await;
    let http = || reqwest::Client::builder().no_proxy().build().unwrap();
    let cookie = || Fault::ordinary().with_header("set-cookie", format!("session={COOKIE}"));

    let wire = memories_ai_client::wire(MEMORIES_KEY).unwrap();
    assert_hidden(&wire);
    assert_hidden(&wire.clone().max_body(1));
    let small = wire.clone().max_body(1);
    let client = memories_ai_client::Client::new_with_client(&sandbox.url(), http(), wire);
    assert_hidden(&client);
    sandbox.next(Provider::MemoriesAi, cookie());
    assert_hidden(&client.list_sessions(None, "default").await.unwrap());
    assert_hidden(&client);
    let received = client.inner().take_received().unwrap();
    assert_eq!(
        received.headers["set-cookie"],
        format!("session={COOKIE}"),
        "the value itself is available"
    );
    assert_hidden(&received);
    sandbox.next(Provider::MemoriesAi, cookie());
    let request = client.list_sessions_request(None, "default").unwrap();
    let error = small.receive(&http(), request).await.unwrap_err();
    assert_eq!(error.received().map(|received| received.status), Some(200));
    assert_hidden(&error);
    assert!(!error.to_string().contains(MEMORIES_KEY), "{error}");

    let wire = llama_cloud_client::wire(LLAMA_KEY).unwrap();
    let client = llama_cloud_client::Client::new_with_client(&sandbox.url(), http(), wire);
    assert_hidden(&client);
    sandbox.next(Provider::LlamaCloud, page_with_token());
    let _ = client.list_chat_sessions(ListChatSessionsParams::default()).await;
    assert_hidden(&client);
    assert_hidden(&client.inner().take_received().unwrap());
}

#[tokio::test]
async fn raw_errors_hide_keys_tokens_and_cookies() {
    let sandbox = sandbox().await;
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let wire = llama_cloud_client::wire(LLAMA_KEY).unwrap();
    let client = llama_cloud_client::Client::new_with_client(&sandbox.url(), http.clone(), wire.clone());
    let next_page = ListChatSessionsParams {
        page_token: Some(TOKEN),
        ..Default::default()
    };
    for fault in faults() {
        sandbox.next(Provider::LlamaCloud, fault);
        let error = client.list_chat_sessions(next_page.clone()).await.unwrap_err();
        assert_hidden(&error);
    }
    let nowhere = llama_cloud_client::Client::new_with_client("http://127.0.0.1:9", http, wire);
    let error = nowhere.list_chat_sessions(next_page.clone()).await.unwrap_err();
    assert_hidden(&error);
    assert!(!error.to_string().contains(COMMON_PART), "{error}");
}

/// Every kind of failure, each with a cookie.
fn faults() -> Vec<Fault> {
    let mut faults = vec![
        Fault::html(200),
        Fault::html(502),
        Fault::cut_body(40),
        Fault::redirect(302, format!("http://user:{PASSWORD}@127.0.0.1:9/?token={TOKEN}")),
        Fault::raw(200, "application/json", "[]"),
        Fault::raw(200, "application/json", "{\"items\":"),
        Fault::raw(200, "application/json", ""),
    ];
    faults.extend([400, 401, 402, 403, 404, 408, 409, 422, 429, 500, 503].map(Fault::status));
    faults.into_iter().map(with_cookie).collect()
}

fn with_cookie(fault: Fault) -> Fault {
    fault.with_header("set-cookie", format!("session={COOKIE}"))
}

#[tokio::test]
async fn pages_hide_the_token_in_their_bodies() {
    let sandbox = sandbox().await;
    sandbox.next(Provider::LlamaCloud, page_with_token());
    let page = llama_cloud(&sandbox.url())
        .page(PageRequest::new(Position::Start))
        .await
        .unwrap();
    assert_hidden(&page);

    sandbox.next(Provider::LlamaCloud, page_with_token());
    let mut pages = ChatSessions::new(llama_cloud(&sandbox.url())).list_sessions().by_page();
    let page = pages.next().await.unwrap().unwrap();
    assert!(
        String::from_utf8_lossy(page.body()).contains(TOKEN),
        "the value itself is available"
    );
    assert_hidden(&page);
}
