//! Reading many transcripts: their order, how many requests run at a time, failures, resuming, and
//! the rate limit of each operation. The clock is paused and only advances during waits.

use std::time::Duration;

use chat_sessions::model::{Message, Part, Role, Text};
use chat_sessions::retry::{Pacing, RetryPolicy};
use chat_sessions::source::{Account, BoxFuture, Capabilities, Operation, PageRequest, SessionSource, SourcePage};
use chat_sessions::testing::FakeSource;
use chat_sessions::transcript::TranscriptStream;
use chat_sessions::{ChatSessions, Error, ErrorKind, Order, Provider, Result, SessionAddress, SessionId};
use tokio::time::Instant;

const fn millis(millis: u64) -> Duration {
    Duration::from_millis(millis)
}

fn fake() -> Provider {
    Provider::new("fake")
}

fn address(id: u32) -> SessionAddress {
    SessionId::new(fake(), id.to_string()).into()
}

fn text(text: &str) -> Message {
    Message::new(Role::User, vec![Part::Text(Text::new(text))])
}

/// What a stream yields: ids, and errors as text.
async fn outcomes(mut stream: TranscriptStream) -> Vec<String> {
    let mut outcomes = Vec::new();
    while let Some(outcome) = stream.next().await {
        outcomes.push(match outcome {
            Ok(transcript) => transcript.session.id.as_str().to_owned(),
            Err(error) => error.to_string(),
        });
    }
    outcomes
}

#[tokio::test(start_paused = true)]
async fn a_transcript_is_the_session_with_its_messages() {
    let source = FakeSource::numbered(10).ids(["2", "1"]);
    source.set_messages("1", vec![text("hello")]);
    let client = ChatSessions::new(source);
    let transcript = client.transcript(address(1)).send().await.unwrap();
    assert_eq!(transcript.session.id.to_string(), "fake:1");
    assert_eq!(transcript.messages, [text("hello")]);
    let session = client.session(address(2)).send().await.unwrap();
    assert_eq!(session.id.as_str(), "2");
}

#[tokio::test(start_paused = true)]
async fn transcripts_come_in_order_with_so_many_requests_at_a_time() {
    for (concurrency, rounds) in [(1, 40), (8, 5), (1000, 1)] {
        let source = FakeSource::numbered(10).ids((1..=40).map(|id| id.to_string()));
        source.delay_every(millis(50));
        let client = ChatSessions::new(source);
        let start = Instant::now();
        let addresses: Vec<SessionAddress> = (1..=40).map(address).collect();
        let stream = client.transcripts(addresses).concurrency(concurrency).by_item();
        let ids: Vec<String> = (1..=40).map(|id| id.to_string()).collect();
        assert_eq!(outcomes(stream).await, ids);
        assert_eq!(start.elapsed(), millis(50) * rounds, "{concurrency} at a time");
    }
}

#[tokio::test(start_paused = true)]
async fn a_slow_transcript_does_not_stop_the_others() {
    let slow = FakeSource::numbered(10).ids(["0"]).in_scope("slow");
    slow.delay_every(millis(100));
    let fast = FakeSource::numbered(10)
        .ids((1..=9).map(|id| id.to_string()))
        .in_scope("fast");
    fast.delay_every(millis(10));
    let client = ChatSessions::builder().source(slow).source(fast).build().unwrap();
    let addresses = std::iter::once(address(0).in_scope("slow")).chain((1..=9).map(|id| address(id).in_scope("fast")));
    let addresses: Vec<SessionAddress> = addresses.collect();
    let start = Instant::now();
    let stream = client.transcripts(addresses).concurrency(5).by_item();
    assert_eq!(outcomes(stream).await.len(), 10);
    // Four at a time beside the slow one: nine are done long before it.
    assert_eq!(start.elapsed(), millis(100));
}

#[tokio::test(start_paused = true)]
async fn a_failure_takes_its_place_and_the_rest_follows() {
    let source = FakeSource::numbered(10).ids(["3", "2", "1"]);
    source.fail_transcript("2", Error::new(ErrorKind::Server, fake()).with_message("it broke"));
    let client = ChatSessions::new(source);
    let mut stream = client.transcripts([3, 2, 4, 1].map(address)).by_item();
    let mut found = Vec::new();
    while let Some(outcome) = stream.next().await {
        found.push(outcome.map_or_else(
            |error| format!("{error:#}"),
            |transcript| transcript.session.id.to_string(),
        ));
    }
    assert_eq!(
        found,
        [
            "fake:3",
            "fake: session 2: it broke",
            "fake: session 4: there is no such session",
            "fake:1"
        ]
    );
    let report = stream.report();
    assert_eq!((report.transcripts, report.failed), (2, 2));
    assert!(stream.next().await.is_none());
}

#[tokio::test(start_paused = true)]
async fn a_transcript_is_retried_like_a_page() {
    let account = Account::new(RetryPolicy::default(), Pacing::none()).with_random(|| 1.0);
    let source = FakeSource::numbered(10).ids(["1"]).in_account(account);
    for _ in 0..2 {
        let error = Error::new(ErrorKind::Server, fake()).with_temporary(true);
        source.fail_transcript("1", error);
    }
    let client = ChatSessions::new(source.clone());
    let mut stream = client.transcripts([address(1)]).by_item();
    assert!(stream.next().await.unwrap().is_ok());
    assert_eq!(source.requested_transcripts(), ["1", "1", "1"]);
    let report = stream.report();
    assert_eq!(report.retries, 2);
    assert!(report.waited > Duration::ZERO);

    // With another policy, the first failure is the last.
    source.fail_transcript("1", Error::new(ErrorKind::Server, fake()).with_temporary(true));
    let once = client.transcript(address(1)).retry(RetryPolicy::none()).send().await;
    let error = once.unwrap_err();
    assert_eq!((error.attempts(), error.session()), (1, Some("1")));
}

#[tokio::test(start_paused = true)]
async fn a_list_of_transcripts_resumes_after_the_last_one_that_was_returned() {
    let ids: Vec<String> = (1..=30).rev().map(|id| id.to_string()).collect();
    for order in [Order::Source, Order::Newest] {
        for stop_after in [0, 1, 7, 29, 30] {
            let source = FakeSource::numbered(4).ids(ids.clone());
            let client = ChatSessions::new(source);
            let list = client.list_sessions().order(order).by_item();
            let mut stream = client.transcripts_of(list).by_item();
            let mut found = Vec::new();
            for _ in 0..stop_after {
                found.push(stream.next().await.unwrap().unwrap().session.id.as_str().to_owned());
            }
            let cursor = stream.cursor().unwrap();
            drop(stream);
            let rest = client.list_sessions().order(order).resume(cursor).by_item();
            found.extend(outcomes(client.transcripts_of(rest).by_item()).await);
            assert_eq!(found, ids, "after {stop_after}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn the_error_of_a_list_comes_after_the_transcripts_of_its_sessions() {
    let source = FakeSource::numbered(2).ids(["4", "3", "2", "1"]);
    source.fail(
        2,
        Error::new(ErrorKind::Auth, fake()).with_message("the key is refused"),
    );
    let client = ChatSessions::new(source);
    let mut stream = client.transcripts_of(client.list_sessions().by_item()).by_item();
    for id in ["4", "3"] {
        assert_eq!(stream.next().await.unwrap().unwrap().session.id.as_str(), id);
    }
    let error = stream.next().await.unwrap().unwrap_err();
    assert_eq!((error.kind(), error.session()), (ErrorKind::Auth, None));
    assert!(stream.next().await.is_none());
    let report = stream.report();
    assert_eq!((report.transcripts, report.failed), (2, 0));
    assert!(!report.list.unwrap().is_complete());
}

#[tokio::test(start_paused = true)]
async fn an_operation_has_its_own_rate_limit_if_it_is_given_one() {
    let own = [(Operation::Transcript, Pacing::every(millis(1000)))];
    for (account, seconds) in [
        (Account::new(RetryPolicy::none(), Pacing::every(millis(200))), 10 * 200),
        (
            Account::with_own_limits(RetryPolicy::none(), Pacing::every(millis(200)), own),
            9 * 1000,
        ),
    ] {
        let source = FakeSource::numbered(20)
            .ids((1..=10).map(|id| id.to_string()))
            .in_account(account);
        let client = ChatSessions::new(source);
        let start = Instant::now();
        let list = client.list_sessions().by_item();
        assert_eq!(outcomes(client.transcripts_of(list).by_item()).await.len(), 10);
        assert_eq!(start.elapsed(), millis(seconds));
    }
}

#[tokio::test(start_paused = true)]
async fn an_address_leads_to_one_source_or_to_none() {
    let source = |scope: &str| FakeSource::numbered(10).ids(["1"]).in_scope(scope.to_owned());
    let several = ChatSessions::builder()
        .source(source("a"))
        .source(source("b"))
        .build()
        .unwrap();
    let one = ChatSessions::new(source("a"));
    let mut shown = String::new();
    for (client, text) in [
        (&one, "fake:1"),
        (&one, "fake/a:1"),
        (&one, "fake/b:1"),
        (&one, "other:1"),
        (&several, "fake/b:1"),
        (&several, "fake:1"),
        (&several, "fake/c:1"),
    ] {
        let outcome = client.transcript(text.parse::<SessionAddress>().unwrap()).send().await;
        let outcome = outcome.map_or_else(
            |error| format!("{:?}: {error}. {}", error.kind(), error.hint().unwrap_or_default()),
            |_| "found".to_owned(),
        );
        shown.push_str(&format!("{text}: {outcome}\n"));
    }
    insta::assert_snapshot!(shown);
}

/// A source that only lists.
#[derive(Debug)]
struct Plain;

impl SessionSource for Plain {
    fn provider(&self) -> Provider {
        Provider::new("plain")
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities::none()
    }

    fn page(&self, _: PageRequest) -> BoxFuture<'_, Result<SourcePage>> {
        Box::pin(async { Ok(SourcePage::default()) })
    }
}

#[tokio::test(start_paused = true)]
async fn a_source_that_only_lists_says_what_it_cannot_do() {
    let client = ChatSessions::new(Plain);
    let address = || SessionId::new(Provider::new("plain"), "1");
    let transcript = client.transcript(address()).send().await.unwrap_err();
    let session = client.session(address()).send().await.unwrap_err();
    let scopes = client.scopes().send().await.unwrap_err();
    for (error, text) in [
        (
            transcript,
            "plain: session 1: this provider has no operation that returns the messages of a session",
        ),
        (
            session,
            "plain: session 1: this provider has no operation that returns a session without its messages",
        ),
        (
            scopes,
            "plain: this provider has no operation that lists the scopes of an account",
        ),
    ] {
        assert_eq!((error.kind(), error.attempts()), (ErrorKind::Unsupported, 0));
        assert_eq!(error.to_string(), text);
    }
}

#[tokio::test(start_paused = true)]
async fn settings_that_cannot_be_used_are_one_error() {
    let client = ChatSessions::new(FakeSource::numbered(10).ids(["1"]));
    let mut policy = RetryPolicy::default();
    policy.max_attempts = 0;
    let mut stream = client.transcripts([address(1), address(1)]).retry(policy).by_item();
    let error = stream.next().await.unwrap().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidRequest);
    assert!(stream.next().await.is_none());
}

#[test]
fn without_a_runtime_the_requests_are_sent_when_they_are_polled() {
    use std::future::Future;
    use std::task::{Context, Poll, Waker};
    let client = ChatSessions::new(FakeSource::numbered(10).ids(["2", "1"]));
    let mut work = Box::pin(outcomes(client.transcripts([2, 1].map(address)).by_item()));
    let Poll::Ready(ids) = work.as_mut().poll(&mut Context::from_waker(Waker::noop())) else {
        panic!("nothing waits");
    };
    assert_eq!(ids, ["2", "1"]);
}

#[tokio::test(start_paused = true)]
async fn the_address_of_a_failed_session_can_be_read_again() {
    let source = FakeSource::numbered(10).ids(["1"]).in_scope("a:b");
    source.fail_transcript(
        "1",
        Error::new(ErrorKind::Server, fake()).with_scope(Some("a:b".into())),
    );
    let client = ChatSessions::new(source);
    let wanted = address(1).in_scope("a:b");
    let error = client.transcript(&wanted).send().await.unwrap_err();
    let failed = SessionAddress::of_error(&error).unwrap();
    assert_eq!(failed, wanted);
    assert!(client.transcript(failed).send().await.is_ok());
    let list = Error::new(ErrorKind::Server, fake());
    assert_eq!(SessionAddress::of_error(&list), None);
}
