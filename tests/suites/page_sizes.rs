//! How large the pages are that a walk asks for: over real sockets, against servers that coerce, refuse and ignore what is asked.

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

/// Walks, and gives how many sessions came and what ended it badly.
async fn walked(list: ListSessions) -> (usize, Option<Error>) {
    let mut stream = list.by_item();
    let mut ids = std::collections::HashSet::new();
    while let Some(next) = stream.next().await {
        match next {
            Ok(session) => assert!(ids.insert(session.id), "a session came twice"),
            Err(error) => return (ids.len(), Some(error)),
        }
    }
    (ids.len(), None)
}

/// Gives the page size of every request so far, and forgets them.
fn asked(sandbox: &Sandbox) -> Vec<String> {
    let requests = sandbox.requests();
    sandbox.forget_requests();
    let size = |size: Option<&str>| size.unwrap_or("-").to_owned();
    requests
        .iter()
        .map(|request| size(request.parameter("page_size")))
        .collect()
}

#[tokio::test]
async fn a_server_that_coerces_is_asked_for_the_most_and_gives_what_it_gives() {
    let sandbox = sandbox(PageSizeRule::CoerceAbove(100), 250).await;
    let client = ChatSessions::new(llama_cloud(&sandbox));
    for read_ahead in [0, 1] {
        let (came, error) = walked(client.list_sessions().read_ahead(read_ahead)).await;
        assert_eq!((came, error.is_none()), (250, true));
        assert_eq!(asked(&sandbox), ["1000", "1000", "1000"]);
    }
}

#[tokio::test]
async fn a_server_that_ignores_sizes_gives_all_the_same() {
    let sandbox = sandbox(PageSizeRule::Ignore, 50).await;
    let (came, error) = walked(ChatSessions::new(llama_cloud(&sandbox)).list_sessions()).await;
    assert_eq!((came, error.is_none()), (50, true));
    assert_eq!(asked(&sandbox), ["1000", "1000", "1000"]);
}

#[tokio::test]
async fn a_size_that_is_refused_is_halved_and_remembered_by_the_account() {
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
        assert_eq!(asked(&sandbox), expected);
    }
    // A limit that the size suffices for is not touched by it, and a sibling over the same account knows of it.
    let limited = client.list_sessions().limit(120);
    assert_eq!(walked(limited).await.0, 120);
    assert_eq!(asked(&sandbox), ["120"]);
    let sibling = ChatSessions::new(source.with_scope("00000000-0000-0000-0000-000000000000"));
    walked(sibling.list_sessions()).await;
    assert_eq!(asked(&sandbox), ["125"]);
}

#[tokio::test]
async fn a_server_that_refuses_every_size_is_asked_for_none() {
    let sandbox = sandbox(PageSizeRule::RefuseAbove(0), 50).await;
    let client = ChatSessions::new(llama_cloud(&sandbox));
    let (came, error) = walked(client.list_sessions()).await;
    assert_eq!((came, error.is_none()), (50, true));
    assert_eq!(
        asked(&sandbox),
        ["1000", "500", "250", "125", "62", "31", "-", "-", "-"]
    );
    assert_eq!(walked(client.list_sessions().limit(3)).await.0, 3);
    assert_eq!(asked(&sandbox), ["-"]);
}

#[tokio::test]
async fn a_size_that_is_refused_in_the_middle_loses_nothing() {
    let fault = || Fault::status(422).with_message("page_size is too large");
    for read_ahead in [0, 1] {
        let sandbox = sandbox(PageSizeRule::CoerceAbove(100), 250).await;
        let client = ChatSessions::new(llama_cloud(&sandbox));
        sandbox.next(Side::LlamaCloud, fault().on_pages(2..));
        let (came, error) = walked(client.list_sessions().read_ahead(read_ahead).max_pages(3)).await;
        assert_eq!((came, error.is_none()), (250, true));
        assert_eq!(asked(&sandbox), ["1000", "1000", "500", "500"]);
    }
}

#[tokio::test]
async fn a_refusal_that_goes_on_without_a_size_is_told() {
    let sandbox = sandbox(PageSizeRule::CoerceAbove(100), 50).await;
    let client = ChatSessions::new(llama_cloud(&sandbox));
    sandbox.always(
        Side::LlamaCloud,
        Fault::status(422).with_message("page_size is unknown"),
    );
    let (came, error) = walked(client.list_sessions()).await;
    let error = error.unwrap();
    assert_eq!(
        (came, error.kind(), error.refuses_page_size()),
        (0, ErrorKind::InvalidRequest, true)
    );
    assert_eq!(asked(&sandbox).len(), 7);
}

#[tokio::test]
async fn a_size_that_was_asked_for_by_name_is_not_changed() {
    let sandbox = sandbox(PageSizeRule::RefuseAbove(200), 300).await;
    let client = ChatSessions::new(llama_cloud(&sandbox));
    let (_, error) = walked(client.list_sessions().page_size(201)).await;
    let error = error.unwrap();
    assert_eq!(
        error.to_string(),
        "llama-cloud: query.page_size: Input should be less than or equal to 200 (HTTP 422). Ask for smaller pages, or leave \
         their size out."
    );
    assert_eq!(asked(&sandbox), ["201"]);
    assert_eq!(walked(client.list_sessions().page_size(150)).await.0, 300);
    assert_eq!(asked(&sandbox), ["150", "150"]);
}

#[tokio::test]
async fn no_more_is_asked_for_than_the_limit_can_use() {
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
        assert_eq!(asked(&sandbox), sizes, "{limit}");
    }
    client.list_sessions().send().await.unwrap();
    assert_eq!(asked(&sandbox), ["50"]);
}

#[tokio::test]
async fn a_page_that_was_begun_is_asked_for_again_as_it_was() {
    let sandbox = sandbox(PageSizeRule::CoerceAbove(1000), 1700).await;
    let client = ChatSessions::new(llama_cloud(&sandbox));
    let mut stream = client.list_sessions().limit(1200).by_item();
    for _ in 0..900 {
        stream.next().await.unwrap().unwrap();
    }
    let cursor = stream.cursor();
    assert_eq!(asked(&sandbox), ["600", "600"]);
    drop(stream);
    let mut rest = client.list_sessions().resume(cursor).by_item();
    let mut came = 0;
    while let Some(session) = rest.next().await {
        session.unwrap();
        came += 1;
    }
    assert_eq!(came, 800);
    assert_eq!(rest.report().sources[0].duplicates, 0);
    assert_eq!(asked(&sandbox), ["600", "1000"]);
}

#[tokio::test]
async fn memories_ai_is_never_asked_for_a_size() {
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
            assert_eq!(asked(&sandbox), ["-"; 3], "{rule:?}");
        }
    }
}

#[tokio::test]
async fn numbered_pages_can_shrink_before_the_walk_and_never_in_it() {
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
    let (came, error) = walked(ChatSessions::new(later.clone()).list_sessions()).await;
    assert_eq!((came, error.unwrap().refuses_page_size()), (100, true));
    assert_eq!(sizes(&later), [Some(100), Some(100)]);
}

#[tokio::test]
async fn each_of_several_sources_is_asked_for_what_the_limit_can_use() {
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
    assert_eq!(asked(&sandbox), ["40", "40"]);
}
