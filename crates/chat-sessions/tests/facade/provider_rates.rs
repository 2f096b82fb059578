//! The rates of Memories.ai are kept by all operations of an account at the same time: requests start
//! as a server that counts them by operation allows, and not much later. The clock is paused and only
//! advances during waits.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use chat_sessions::model::Transcript;
use chat_sessions::source::{
    Account, BoxFuture, Capabilities, NextPage, Operation, PageRequest, ScopesRequest, SessionSource, SourcePage,
    SourceScopes, SourceTranscript, TranscriptRequest,
};
use chat_sessions::{ChatSessions, MemoriesAi, Provider, Result, Session, SessionAddress, SessionId};
use tokio::time::Instant;

/// The requests for pages of the list.
const PAGES: u32 = 200;
/// The requests for transcripts, and those for the scopes.
const DETAILS: u32 = 60;
/// How long the server takes for a request.
const TAKES: Duration = Duration::from_millis(300);

/// A source with the account of a Memories.ai source, which notes when each request starts.
#[derive(Clone, Debug)]
struct Clocked {
    account: Account,
    started: Arc<Mutex<Vec<(Operation, Instant)>>>,
}

impl Clocked {
    fn new() -> Self {
        let source = MemoriesAi::builder().api_key("sk-example").build().unwrap();
        Self {
            account: source.account().unwrap(),
            started: Arc::default(),
        }
    }

    async fn serve<T>(&self, operation: Operation, response: T) -> Result<T> {
        self.started.lock().unwrap().push((operation, Instant::now()));
        tokio::time::sleep(TAKES).await;
        Ok(response)
    }

    /// Checks that a server which admits this many requests in any second has refused none. Returns
    /// how many there were, and the time from the first start to the last.
    fn checked(&self, operation: Operation, per_second: usize) -> (usize, Duration) {
        let started = self.started.lock().unwrap();
        let of_operation = started.iter().filter(|(other, _)| *other == operation);
        let starts: Vec<Instant> = of_operation.map(|(_, start)| *start).collect();
        for (index, start) in starts.iter().enumerate().skip(per_second) {
            let earlier = starts[index - per_second];
            assert!(
                start.duration_since(earlier) > Duration::from_secs(1),
                "{operation:?}: request {index} came too soon"
            );
        }
        let first_to_last = starts.last().unwrap().duration_since(starts[0]);
        (starts.len(), first_to_last)
    }
}

impl SessionSource for Clocked {
    fn provider(&self) -> Provider {
        Provider::new("clocked")
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities::none().transcripts().scopes()
    }

    fn account(&self) -> Option<Account> {
        Some(self.account.clone())
    }

    fn page(&self, _: PageRequest) -> BoxFuture<'_, Result<SourcePage>> {
        let page = SourcePage::new(Vec::new(), NextPage::End);
        Box::pin(self.serve(Operation::List, page))
    }

    fn transcript(&self, request: TranscriptRequest) -> BoxFuture<'_, Result<SourceTranscript>> {
        let session = Session::new(SessionId::new(self.provider(), request.id));
        let transcript = SourceTranscript::new(Transcript::new(session, Vec::new()));
        Box::pin(self.serve(Operation::Transcript, transcript))
    }

    fn scopes(&self, _: ScopesRequest) -> BoxFuture<'_, Result<SourceScopes>> {
        Box::pin(self.serve(Operation::Scopes, SourceScopes::new(Vec::new())))
    }
}

#[tokio::test(start_paused = true)]
async fn lists_transcripts_and_scopes_keep_the_rates_of_memories_ai_at_the_same_time() {
    let source = Clocked::new();
    let client = ChatSessions::new(source.clone());
    let transcripts = async {
        let address = |id: u32| SessionAddress::from(SessionId::new(Provider::new("clocked"), id.to_string()));
        let mut stream = client.transcripts((0..DETAILS).map(address)).by_item();
        while let Some(transcript) = stream.next().await {
            transcript.unwrap();
        }
    };
    let lists = async || {
        for _ in 0..PAGES / 2 {
            client.list_sessions().send().await.unwrap();
        }
    };
    let scopes = async {
        for _ in 0..DETAILS {
            client.scopes().send().await.unwrap();
        }
    };
    // A response takes longer than the rate of the list allows between two requests.
    tokio::join!(transcripts, lists(), lists(), scopes);

    for (operation, per_second, requests) in [
        (Operation::List, 5, PAGES),
        (Operation::Transcript, 1, DETAILS),
        (Operation::Scopes, 1, DETAILS),
    ] {
        let (found, took) = source.checked(operation, per_second as usize);
        assert_eq!(found, requests as usize, "{operation:?}");
        let ideal = Duration::from_secs(1) * (requests - 1) / per_second;
        assert!(took <= ideal.mul_f64(1.05), "{operation:?}: {took:?}");
    }
}
