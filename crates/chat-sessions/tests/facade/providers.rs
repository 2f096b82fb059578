//! The capabilities of the built-in sources, and how they classify refused requests.

use std::error::Error as StdError;
use std::sync::Arc;
use std::time::{Duration, Instant};

use chat_sessions::config::SettingValue;
use chat_sessions::model::Scope;
use chat_sessions::retry::RetryPolicy;
use chat_sessions::source::{Capabilities, SessionSource};
use chat_sessions::{ChatSessions, Error, ErrorKind, LlamaCloud, MemoriesAi, Provider, SessionId};
use chat_sessions_sandbox::{Fault, LLAMA_CLOUD_KEY, MEMORIES_AI_KEY, Provider as Served, Sandbox};

fn memories_ai(url: &str) -> MemoriesAi {
    MemoriesAi::builder().api_key("key").base_url(url).build().unwrap()
}

fn llama_cloud(url: &str, organization: Option<&str>) -> LlamaCloud {
    let builder = LlamaCloud::builder().api_key("key").base_url(url);
    match organization {
        Some(id) => builder.organization_id(id).build().unwrap(),
        None => builder.build().unwrap(),
    }
}

#[test]
fn each_source_reports_its_provider_its_scope_and_its_capabilities() {
    let (memories, llama) = (memories_ai("localhost:1"), llama_cloud("localhost:1", None));
    let rows: [(&dyn SessionSource, Provider, Option<&str>, Capabilities); 4] = [
        (
            &memories,
            Provider::MEMORIES_AI,
            Some("default"),
            Capabilities::none()
                .keeps_places()
                .new_at_front()
                .truthful_totals()
                .descending_ids()
                .transcripts()
                .scopes(),
        ),
        (
            &memories.with_scope("team-a"),
            Provider::MEMORIES_AI,
            Some("team-a"),
            memories.capabilities(),
        ),
        (
            &llama,
            Provider::LLAMA_CLOUD,
            None,
            Capabilities::none()
                .largest_page(1000)
                .transcripts()
                .single_session()
                .scopes(),
        ),
        (
            &llama.with_scope("project"),
            Provider::LLAMA_CLOUD,
            Some("project"),
            llama.capabilities(),
        ),
    ];
    for (source, provider, scope, capabilities) in rows {
        assert_eq!(source.provider(), provider);
        assert_eq!(source.scope(), scope.map(Scope::from));
        assert_eq!(source.capabilities(), capabilities);
    }
}

#[tokio::test]
async fn a_cursor_is_refused_at_another_base_url_and_for_another_organization() {
    let memories = |url: &str| ChatSessions::new(memories_ai(url));
    let llama = |url: &str, organization| ChatSessions::new(llama_cloud(url, organization));
    let rows = [
        (memories("localhost:1"), memories("localhost:2")),
        (llama("localhost:1", None), llama("localhost:2", None)),
        (llama("localhost:1", Some("a")), llama("localhost:1", Some("b"))),
        (llama("localhost:1", None), llama("localhost:1", Some("b"))),
        (
            ChatSessions::new(memories_ai("localhost:1").with_scope("a")),
            ChatSessions::new(memories_ai("localhost:1").with_scope("b")),
        ),
    ];
    for (here, there) in rows {
        let cursor = here.list_sessions().by_item().cursor();
        let error = there.list_sessions().resume(cursor).send().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Cursor, "{here:?} and {there:?}");
    }
}

/// A failure envelope can have any status. A documented code is more precise than the status.
#[tokio::test]
async fn documented_codes_of_memories_ai_override_the_status_and_others_do_not() {
    let sandbox = Sandbox::start().await.unwrap();
    let source = MemoriesAi::builder().api_key(MEMORIES_AI_KEY).base_url(sandbox.url());
    let client = ChatSessions::new(source.retry(RetryPolicy::none()).build().unwrap());
    for (status, code, kind, temporary) in [
        (400, "1024", ErrorKind::InvalidRequest, false),
        (403, "1024", ErrorKind::Permission, false),
        (400, "0402", ErrorKind::Quota, false),
        (400, "0409", ErrorKind::Conflict, false),
        (500, "0402", ErrorKind::Server, true),
        (503, "1024", ErrorKind::Server, true),
    ] {
        let body = format!(r#"{{"code":"{code}","msg":"No."}}"#);
        sandbox.next(Served::MemoriesAi, Fault::raw(status, "application/json", &body));
        let error = client.list_sessions().send().await.unwrap_err();
        assert_eq!(
            (error.kind(), error.is_temporary()),
            (kind, temporary),
            "{status}, {code}"
        );
        assert_eq!((error.code(), error.message()), (Some(code), "No"), "{status}, {code}");
    }
}

/// If the provider sends no message, the status determines it.
#[tokio::test]
async fn a_refusal_without_a_message_gets_one() {
    let sandbox = Sandbox::start().await.unwrap();
    let source = LlamaCloud::builder().api_key(LLAMA_CLOUD_KEY).base_url(sandbox.url());
    let client = ChatSessions::new(source.retry(RetryPolicy::none()).build().unwrap());
    for (status, kind, message) in [
        (400, ErrorKind::InvalidRequest, "the request was refused"),
        (401, ErrorKind::Auth, "the key was refused"),
        (402, ErrorKind::Quota, "the request was refused"),
        (403, ErrorKind::Permission, "access was denied"),
        (404, ErrorKind::NotFound, "there is nothing at this address"),
        (408, ErrorKind::Timeout, "the request was refused"),
        (409, ErrorKind::Conflict, "the request was refused"),
        (418, ErrorKind::InvalidRequest, "the request was refused"),
        (429, ErrorKind::RateLimited, "too many requests"),
        (500, ErrorKind::Server, "the provider failed"),
        (503, ErrorKind::Server, "the provider failed"),
    ] {
        for body in ["", r#"{"detail": " "}"#] {
            sandbox.next(Served::LlamaCloud, Fault::raw(status, "application/json", body));
            let error = client.list_sessions().send().await.unwrap_err();
            assert_eq!((error.kind(), error.message()), (kind, message), "{status} {body}");
            assert_eq!(error.is_temporary(), matches!(status, 408 | 429 | 500..), "{status}");
        }
    }
}

#[tokio::test]
async fn memories_ai_has_its_documented_rate_limit_by_default() {
    let sandbox = Sandbox::start().await.unwrap();
    let source = MemoriesAi::builder().api_key(MEMORIES_AI_KEY).base_url(sandbox.url());
    let mut pages = ChatSessions::new(source.build().unwrap()).list_sessions().by_page();
    let before = Instant::now();
    for _ in 0..3 {
        pages.next().await.unwrap().unwrap();
    }
    let taken = before.elapsed();
    assert!(taken >= Duration::from_millis(400), "three requests in {taken:?}");
}

/// The documentation omits the token at the end of the list. The provider's own client also treats
/// these values as the end.
#[tokio::test]
async fn an_empty_token_ends_llama_cloud_as_no_token_does() {
    let sandbox = Sandbox::start().await.unwrap();
    let source = LlamaCloud::builder().api_key(LLAMA_CLOUD_KEY).base_url(sandbox.url());
    let client = ChatSessions::new(source.build().unwrap());
    for end in ["", r#", "next_page_token": null"#, r#", "next_page_token": """#] {
        let body = format!(r#"{{"items": []{end}}}"#);
        sandbox.next(Served::LlamaCloud, Fault::raw(200, "application/json", body));
        let mut pages = client.list_sessions().by_page();
        assert!(pages.next().await.unwrap().unwrap().sessions.is_empty(), "{end}");
        assert!(pages.next().await.is_none(), "{end}");
    }
}

#[test]
fn without_a_runtime_every_request_is_an_error() {
    use std::future::Future;
    use std::task::{Context, Poll, Waker};
    fn now<T>(work: impl Future<Output = T>) -> T {
        let mut work = Box::pin(work);
        match work.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(outcome) => outcome,
            Poll::Pending => panic!("nothing can be waited for"),
        }
    }
    for source in [
        Box::new(memories_ai("localhost:1")) as Box<dyn SessionSource>,
        Box::new(llama_cloud("localhost:1", None)),
    ] {
        let id = SessionId::new(source.provider(), "1");
        let client = ChatSessions::new(source);
        let mut errors = vec![
            now(client.list_sessions().send()).unwrap_err(),
            now(client.list_sessions().by_item().next()).unwrap().unwrap_err(),
            now(client.list_sessions().by_page().next()).unwrap().unwrap_err(),
            now(client.transcript(&id).send()).unwrap_err(),
            now(client.transcripts([id.clone()]).by_item().next())
                .unwrap()
                .unwrap_err(),
            now(client.scopes().send()).unwrap_err(),
        ];
        if client.sources()[0].capabilities().single_session {
            errors.push(now(client.session(&id).send()).unwrap_err());
        }
        for error in errors {
            assert_eq!((error.kind(), error.attempts()), (ErrorKind::Config, 0), "{error}");
            assert!(error.to_string().contains("tokio runtime"), "{error}");
        }
    }
}

/// Returns the errors below an error, the nearest first.
fn causes(error: &Error) -> Vec<&(dyn StdError + 'static)> {
    let mut causes = Vec::new();
    let mut next = error.source();
    while let Some(cause) = next {
        causes.push(cause);
        next = cause.source();
    }
    causes
}

#[tokio::test]
async fn an_error_leads_to_the_error_of_the_library_below() {
    // Nothing listens at a port that was just closed.
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let source = MemoriesAi::builder().api_key("key").base_url(url);
    let client = ChatSessions::new(
        source
            .scope("secret-namespace")
            .retry(RetryPolicy::none())
            .build()
            .unwrap(),
    );
    let error = client.list_sessions().send().await.unwrap_err();
    let refused = causes(&error)
        .into_iter()
        .find_map(|cause| cause.downcast_ref::<std::io::Error>());
    assert_eq!(refused.unwrap().kind(), std::io::ErrorKind::ConnectionRefused);
    for cause in causes(&error) {
        let text = format!("{cause} {cause:?}");
        assert!(!text.contains("secret-namespace"), "the query is not shown: {text}");
    }

    let sandbox = Sandbox::start().await.unwrap();
    let source = LlamaCloud::builder().api_key(LLAMA_CLOUD_KEY).base_url(sandbox.url());
    let client = ChatSessions::new(source.retry(RetryPolicy::none()).build().unwrap());
    let body = format!(r#"{{"{LLAMA_CLOUD_KEY}": 1, "items": {{"{LLAMA_CLOUD_KEY}": 2}}}}"#);
    sandbox.next(Served::LlamaCloud, Fault::raw(200, "application/json", &body));
    let error = client.list_sessions().send().await.unwrap_err();
    let cause = causes(&error)[0].to_string();
    assert!(error.message().ends_with(&cause), "{error}: {cause}");
    assert!(!cause.contains(LLAMA_CLOUD_KEY), "{cause}");
}

#[test]
fn an_error_of_a_key_file_leads_to_that_of_the_file_system() {
    let lookup = |name: &str| (name == "LLAMA_CLOUD_API_KEY_FILE").then(|| SettingValue::new("no/such/file", name));
    let error = LlamaCloud::builder_from(&lookup).unwrap_err();
    let cause = causes(&error)
        .into_iter()
        .find_map(|cause| cause.downcast_ref::<std::io::Error>());
    assert_eq!(cause.unwrap().kind(), std::io::ErrorKind::NotFound);
}

#[test]
fn a_pointer_to_any_source_is_a_source() {
    let source: Arc<dyn SessionSource> = Arc::new(memories_ai("localhost:1"));
    let boxed: Box<dyn SessionSource> = Box::new(llama_cloud("localhost:1", None));
    let client = ChatSessions::builder()
        .source(Arc::clone(&source))
        .source(boxed)
        .build()
        .unwrap();
    // The sources of one client can go into another.
    let again = client
        .sources()
        .iter()
        .fold(ChatSessions::builder(), |builder, source| {
            builder.source(Arc::clone(source))
        });
    let again = again.build().unwrap();
    assert_eq!(again.sources().len(), 2);
    assert!(again.sources()[0].capabilities().transcripts);
    assert_eq!(again.sources()[0].identity(), source.identity());
}

#[tokio::test]
async fn changes_of_the_http_client_add_up() {
    use chat_sessions::http::{HttpExt, reqwest};
    use std::sync::Mutex;
    let order = Arc::new(Mutex::new(Vec::new()));
    let change = |number: u32| {
        let order = Arc::clone(&order);
        move |client: reqwest::ClientBuilder| {
            order.lock().unwrap().push(number);
            client.user_agent(format!("change-{number}"))
        }
    };
    let sandbox = Sandbox::start().await.unwrap();
    let builder = LlamaCloud::builder().api_key(LLAMA_CLOUD_KEY).base_url(sandbox.url());
    let source = builder
        .configure_http(change(1))
        .configure_http(change(2))
        .build()
        .unwrap();
    assert_eq!(*order.lock().unwrap(), [1, 2]);
    ChatSessions::new(source).list_sessions().send().await.unwrap();
    assert_eq!(sandbox.requests()[0].header("user-agent"), Some("change-2"));
}
