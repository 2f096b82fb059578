//! Scopes and organization ids in requests: invalid ones are refused, unusual ones are encoded.

use chat_sessions::{ChatSessions, ErrorKind, LlamaCloud, MemoriesAi};
use chat_sessions_sandbox::{LLAMA_CLOUD_KEY, MEMORIES_AI_KEY, Provider, Sandbox};

#[tokio::test]
async fn invalid_scopes_are_refused_before_any_request() {
    let sandbox = Sandbox::start().await.unwrap();
    let memories_ai = || MemoriesAi::builder().api_key(MEMORIES_AI_KEY).base_url(sandbox.url());
    let llama_cloud = || LlamaCloud::builder().api_key(LLAMA_CLOUD_KEY).base_url(sandbox.url());
    let long = "x".repeat(1025);
    for bad in [
        "",
        "two\nlines",
        "proj-7\r",
        "nul\0",
        "bell\u{7}",
        "\u{85}",
        long.as_str(),
    ] {
        for (setter, error) in [
            ("scope: ", memories_ai().scope(bad).build().unwrap_err()),
            ("scope: ", llama_cloud().scope(bad).build().unwrap_err()),
            (
                "organization_id: ",
                llama_cloud().organization_id(bad).build().unwrap_err(),
            ),
        ] {
            assert_eq!(error.kind(), ErrorKind::Config, "{bad:?}: {error}");
            assert!(error.message().starts_with(setter), "{bad:?}: {error}");
        }
        // `with_scope` cannot fail, so the list does.
        for client in [
            ChatSessions::new(memories_ai().build().unwrap().with_scope(bad)),
            ChatSessions::new(llama_cloud().build().unwrap().with_scope(bad)),
        ] {
            let error = client.list_sessions().send().await.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::InvalidRequest, "{bad:?}: {error}");
            assert_eq!((error.attempts(), error.gave_up()), (0, None), "{bad:?}: {error}");
        }
    }
    // Unusual characters are encoded, and do not change the rest of the query.
    for odd in [
        "../admin",
        "a/b?c#d",
        "a&page=9",
        "%2e%2e",
        "ünïcode",
        "a b",
        "a+b",
        "'; --",
    ] {
        let client = ChatSessions::new(memories_ai().scope(odd).build().unwrap());
        let page = client.list_sessions().send().await.unwrap();
        assert!(page.sessions.is_empty(), "{odd}");
        let requests = sandbox.requests();
        let query = &requests.last().unwrap().query;
        assert!(
            query.contains(&("unique_id".to_owned(), odd.to_owned())),
            "{odd}: {query:?}"
        );
        assert_eq!(query.len(), 2, "{odd}: {query:?}");
    }
    assert_eq!(sandbox.request_count(Provider::LlamaCloud), 0);
}
