//! Which page sizes a walk requests from servers that coerce, refuse or ignore them.

use chat_sessions::error::Remedy;
use chat_sessions::list::ListSessions;
use chat_sessions::retry::{Pacing, RetryPolicy};
use chat_sessions::source::{Account, Capabilities};
use chat_sessions::testing::FakeSource;
use chat_sessions::{ChatSessions, Error, ErrorKind, LlamaCloud, MemoriesAi, Order, Provider};
use chat_sessions_sandbox::{
    Fault, LLAMA_CLOUD_KEY, MEMORIES_AI_KEY, PageSizeRule, Provider as Side, Sandbox, SandboxBuilder,
};

async fn sandbox(rule: PageSizeRule, sessions: usize) -> Sandbox {
    let builder = Sandbox::builder()
        .llama_cloud_page_size_rule(rule)
        .llama_cloud_sessions(sessions);
    started(builder).await
}

async fn started(builder: SandboxBuilder) -> Sandbox {
    builder.start().await.unwrap()
}

fn llama_cloud(sandbox: &Sandbox) -> LlamaCloud {
    let builder = LlamaCloud::builder().api_key(LLAMA_CLOUD_KEY).base_url(sandbox.url());
    builder.retry(RetryPolicy::none()).build().unwrap()
}

/// Reads a list to its end, and returns the number of sessions and the error, if any.
async fn walked(list: ListSessions) -> (usize, Option<Error>) {
    let mut stream = list.by_item();
    let mut ids = std::collections::HashSet::new();
    while let Some(next) = stream.next().await {
        match next {
            Ok(session) => assert!(ids.insert(session.id), "a session is repeated"),
            Err(error) => return (ids.len(), Some(error)),
        }
    }
    (ids.len(), None)
}

/// Returns the page sizes of all requests so far, and clears the log of requests.
fn requested_sizes(sandbox: &Sandbox) -> Vec<String> {
    let requests = sandbox.requests();
    sandbox.forget_requests();
    let size = |size: Option<&str>| size.unwrap_or("-").to_owned();
    requests
        .iter()
        .map(|request| size(request.parameter("page_size")))
        .collect()
}

#[tokio::test]
async fn the_largest_size_is_requested_from_a_server_that_coerces() {
    let sandbox = sandbox(PageSizeRule::CoerceAbove(100), 250).await;
    let client = ChatSessions::new(llama_cloud(&sandbox));
    for read_ahead in [0, 1] {
        let (listed, error) = walked(client.list_sessions().read_ahead(read_ahead)).await;
        assert_eq!((listed, error.is_none()), (250, true));
        assert_eq!(requested_sizes(&sandbox), ["1000", "1000", "1000"]);
    }
}

#[tokio::test]
async fn a_server_that_ignores_sizes_is_read_to_the_end() {
    let sandbox = sandbox(PageSizeRule::Ignore, 50).await;
    let (listed, error) = walked(ChatSessions::new(llama_cloud(&sandbox)).list_sessions()).await;
    assert_eq!((listed, error.is_none()), (50, true));
    assert_eq!(requested_sizes(&sandbox), ["1000", "1000", "1000"]);
}

#[tokio::test]
async fn a_refused_size_is_halved_and_remembered_for_the_account() {
    let sandbox = sandbox(PageSizeRule::RefuseAbove(200), 300).await;
    let source = llama_cloud(&sandbox);
    let client = ChatSessions::new(source.clone());
    for read_ahead in [1, 0] {
        let mut stream = client.list_sessions().read_ahead(read_ahead).by_item();
        while let Some(session) = stream.next().await {
            session.unwrap();
        }
        let report = &stream.report().sources[0];
        assert_eq!((report.sessions, report.pages), (300, 3));
        assert_eq!((report.page_size, report.retries), (Some(125), 0));
        let expected: &[&str] = match read_ahead {
            1 => &["1000", "500", "250", "125", "125", "125"],
            _ => &["125", "125", "125"],
        };
        assert_eq!(requested_sizes(&sandbox), expected);
    }
    // A limit below this size is requested as it is. Another scope of the same account uses the
    // remembered size.
    let limited = client.list_sessions().limit(120);
    assert_eq!(walked(limited).await.0, 120);
    assert_eq!(requested_sizes(&sandbox), ["120"]);
    let sibling = ChatSessions::new(source.with_scope("00000000-0000-0000-0000-000000000000"));
    walked(sibling.list_sessions()).await;
    assert_eq!(requested_sizes(&sandbox), ["125"]);
}

#[tokio::test]
async fn a_server_that_refuses_every_size_gets_no_size() {
    let sandbox = sandbox(PageSizeRule::RefuseAbove(0), 50).await;
    let client = ChatSessions::new(llama_cloud(&sandbox));
    let (listed, error) = walked(client.list_sessions()).await;
    assert_eq!((listed, error.is_none()), (50, true));
    assert_eq!(
        requested_sizes(&sandbox),
        ["1000", "500", "250", "125", "62", "31", "-", "-", "-"]
    );
    assert_eq!(walked(client.list_sessions().limit(3)).await.0, 3);
    assert_eq!(requested_sizes(&sandbox), ["-"]);
}

#[tokio::test]
async fn a_refusal_in_the_middle_of_a_walk_loses_no_session() {
    let fault = || Fault::status(422).with_message("page_size is too large");
    for read_ahead in [0, 1] {
        let sandbox = sandbox(PageSizeRule::CoerceAbove(100), 250).await;
        let client = ChatSessions::new(llama_cloud(&sandbox));
        sandbox.next(Side::LlamaCloud, fault().on_pages(2..));
        let (listed, error) = walked(client.list_sessions().read_ahead(read_ahead).max_pages(3)).await;
        assert_eq!((listed, error.is_none()), (250, true));
        assert_eq!(requested_sizes(&sandbox), ["1000", "1000", "500", "500"]);
    }
}

#[tokio::test]
async fn a_refusal_that_persists_without_a_size_is_an_error() {
    let sandbox = sandbox(PageSizeRule::CoerceAbove(100), 50).await;
    let client = ChatSessions::new(llama_cloud(&sandbox));
    sandbox.always(
        Side::LlamaCloud,
        Fault::status(422).with_message("page_size is unknown"),
    );
    let (listed, error) = walked(client.list_sessions()).await;
    let error = error.unwrap();
    assert_eq!(
        (listed, error.kind(), error.refuses_page_size()),
        (0, ErrorKind::InvalidRequest, true)
    );
    assert_eq!(requested_sizes(&sandbox).len(), 7);
}

#[tokio::test]
async fn an_explicit_size_is_not_changed() {
    let sandbox = sandbox(PageSizeRule::RefuseAbove(200), 300).await;
    let client = ChatSessions::new(llama_cloud(&sandbox));
    let (_, error) = walked(client.list_sessions().page_size(201)).await;
    let error = error.unwrap();
    assert_eq!(
        error.to_string(),
        "llama-cloud: query.page_size: Input should be less than or equal to 200 (HTTP 422)"
    );
    assert_eq!(error.remedy(), Some(&Remedy::LowerPageSize));
    assert_eq!(requested_sizes(&sandbox), ["201"]);
    assert_eq!(walked(client.list_sessions().page_size(150)).await.0, 300);
    assert_eq!(requested_sizes(&sandbox), ["150", "150"]);
}

#[tokio::test]
async fn no_more_is_requested_than_the_limit_needs() {
    let sandbox = sandbox(PageSizeRule::CoerceAbove(1000), 3000).await;
    let client = ChatSessions::new(llama_cloud(&sandbox));
    for (limit, sizes) in [
        (1, vec!["1"]),
        (50, vec!["50"]),
        (1000, vec!["1000"]),
        (1001, vec!["501"; 2]),
        (2100, vec!["700"; 3]),
    ] {
        assert_eq!(walked(client.list_sessions().limit(limit)).await.0, limit as usize);
        assert_eq!(requested_sizes(&sandbox), sizes, "{limit}");
    }
    client.list_sessions().send().await.unwrap();
    assert_eq!(requested_sizes(&sandbox), ["50"]);
}

#[tokio::test]
async fn a_resumed_page_is_requested_with_its_original_size() {
    let sandbox = sandbox(PageSizeRule::CoerceAbove(1000), 1700).await;
    let client = ChatSessions::new(llama_cloud(&sandbox));
    let mut stream = client.list_sessions().limit(1200).by_item();
    for _ in 0..900 {
        stream.next().await.unwrap().unwrap();
    }
    let cursor = stream.cursor();
    assert_eq!(requested_sizes(&sandbox), ["600", "600"]);
    drop(stream);
    let mut rest = client.list_sessions().resume(cursor).by_item();
    let mut listed = 0;
    while let Some(session) = rest.next().await {
        session.unwrap();
        listed += 1;
    }
    assert_eq!(listed, 800);
    assert_eq!(rest.report().sources[0].duplicates, 0);
    assert_eq!(requested_sizes(&sandbox), ["600", "1000"]);
}

#[tokio::test]
async fn memories_ai_never_gets_a_size() {
    let rules = [
        PageSizeRule::CoerceAbove(5),
        PageSizeRule::RefuseAbove(5),
        PageSizeRule::Ignore,
    ];
    for rule in rules {
        let builder = Sandbox::builder()
            .memories_ai_page_size_rule(rule)
            .memories_ai_sessions(45);
        let sandbox = started(builder).await;
        let source = MemoriesAi::builder().api_key(MEMORIES_AI_KEY).base_url(sandbox.url());
        let client = ChatSessions::new(source.pacing(Pacing::none()).build().unwrap());
        for list in [client.list_sessions(), client.list_sessions().page_size(7)] {
            assert_eq!(walked(list).await.0, 45);
            assert_eq!(requested_sizes(&sandbox), ["-"; 3], "{rule:?}");
        }
    }
}

#[tokio::test]
async fn numbered_pages_shrink_only_on_the_first_page() {
    let refusal = || Error::new(ErrorKind::InvalidRequest, Provider::new("fake")).with_refused_page_size();
    let capabilities = Capabilities::none().keeps_places().new_at_front().truthful_totals();
    let source = || {
        FakeSource::numbered(20)
            .claiming(capabilities.largest_page(100))
            .in_account(Account::new(RetryPolicy::none(), Pacing::none()))
            .ids((0..120).map(|id| id.to_string()))
    };
    let sizes = |source: &FakeSource| -> Vec<_> { source.requests().iter().map(|request| request.page_size).collect() };

    let first = source();
    first.fail(1, refusal());
    assert_eq!(walked(ChatSessions::new(first.clone()).list_sessions()).await.0, 120);
    assert_eq!(sizes(&first), [Some(100), Some(50), Some(50), Some(50)]);

    let later = source();
    later.fail(2, refusal());
    let (listed, error) = walked(ChatSessions::new(later.clone()).list_sessions()).await;
    assert_eq!((listed, error.unwrap().refuses_page_size()), (100, true));
    assert_eq!(sizes(&later), [Some(100), Some(100)]);
}

#[tokio::test]
async fn each_of_several_sources_gets_the_size_that_the_limit_needs() {
    let sandbox = sandbox(PageSizeRule::CoerceAbove(1000), 300).await;
    let sources = [
        llama_cloud(&sandbox),
        llama_cloud(&sandbox).with_scope("11111111-1111-1111-1111-111111111111"),
    ];
    let mut builder = ChatSessions::builder();
    for source in sources {
        builder = builder.source(source);
    }
    let client = builder.build().unwrap();
    walked(client.list_sessions().order(Order::Newest).limit(40)).await;
    assert_eq!(requested_sizes(&sandbox), ["40", "40"]);
}
