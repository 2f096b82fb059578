//! The `tracing` spans of lists, transcripts and requests: which is inside which, and what they say.

#![cfg(feature = "tracing")]
#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use std::collections::BTreeMap;
use std::fmt::{Debug, Write as _};
use std::sync::{Arc, Mutex};

use chat_sessions::retry::{Pacing, RetryPolicy};
use chat_sessions::{ChatSessions, LlamaCloud, MemoriesAi, Order};
use chat_sessions_sandbox::{Fault, LLAMA_CLOUD_KEY, MEMORIES_AI_KEY, Provider as Served, Sandbox};
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Instrument, Subscriber, info_span};
use tracing_subscriber::layer::{Context, Layer, SubscriberExt};
use tracing_subscriber::registry::LookupSpan;

/// Keeps all spans, in the order of their creation.
#[derive(Clone, Default)]
struct Spans(Arc<Mutex<Vec<Span>>>);

struct Span {
    id: u64,
    parent: Option<u64>,
    name: &'static str,
    fields: Fields,
    closed: bool,
}

#[derive(Default)]
struct Fields(BTreeMap<&'static str, String>);

impl Visit for Fields {
    fn record_str(&mut self, field: &Field, value: &str) {
        self.0.insert(field.name(), value.to_owned());
    }

    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.0.insert(field.name(), format!("{value:?}"));
    }
}

impl<S: Subscriber + for<'a> LookupSpan<'a>> Layer<S> for Spans {
    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        // The spans of the HTTP libraries are not the subject.
        let ours = ["chat_sessions", "spans"]
            .iter()
            .any(|ours| attributes.metadata().target().starts_with(ours));
        if !ours {
            return;
        }
        let mut fields = Fields::default();
        attributes.record(&mut fields);
        let span = Span {
            id: id.into_u64(),
            parent: context.span(id).unwrap().parent().map(|parent| parent.id().into_u64()),
            name: attributes.metadata().name(),
            fields,
            closed: false,
        };
        self.0.lock().unwrap().push(span);
    }

    fn on_record(&self, id: &Id, values: &Record<'_>, _: Context<'_, S>) {
        if let Some(span) = self.0.lock().unwrap().iter_mut().find(|span| span.id == id.into_u64()) {
            values.record(&mut span.fields);
        }
    }

    fn on_close(&self, id: Id, _: Context<'_, S>) {
        if let Some(span) = self.0.lock().unwrap().iter_mut().find(|span| span.id == id.into_u64()) {
            span.closed = true;
        }
    }
}

impl Spans {
    /// Returns the tree as text, with the port of the sandbox replaced.
    fn tree(&self, sandbox: &Sandbox) -> String {
        let mut text = String::new();
        self.write(&mut text, None, 0);
        text.replace(&sandbox.addr().port().to_string(), "PORT")
    }

    fn write(&self, out: &mut String, parent: Option<u64>, depth: usize) {
        let spans = self.0.lock().unwrap();
        let children: Vec<u64> = spans
            .iter()
            .filter(|span| span.parent == parent)
            .map(|span| span.id)
            .collect();
        drop(spans);
        for id in children {
            let spans = self.0.lock().unwrap();
            let span = spans.iter().find(|span| span.id == id).unwrap();
            let fields: String = span
                .fields
                .0
                .iter()
                .map(|(name, value)| format!(" {name}={value}"))
                .collect();
            let state = if span.closed { "" } else { " (open)" };
            writeln!(out, "{}{}{fields}{state}", "  ".repeat(depth), span.name).unwrap();
            drop(spans);
            self.write(out, Some(id), depth + 1);
        }
    }
}

/// Runs work inside a span of the caller, and returns the spans.
async fn watched<F: Future<Output = ()>>(sandbox: &Sandbox, work: F) -> String {
    let spans = Spans::default();
    let subscriber = tracing_subscriber::registry().with(spans.clone());
    let guard = tracing::subscriber::set_default(subscriber);
    work.instrument(info_span!("caller")).await;
    drop(guard);
    spans.tree(sandbox)
}

#[tokio::test]
async fn every_request_of_a_list_is_in_its_span_also_after_a_retry_and_if_it_is_prefetched() {
    let sandbox = Sandbox::builder()
        .memories_ai_sessions(45)
        .llama_cloud_sessions(30)
        .start()
        .await
        .unwrap();
    let client = ChatSessions::builder()
        .source(
            MemoriesAi::builder()
                .api_key(MEMORIES_AI_KEY)
                .base_url(sandbox.url())
                .pacing(Pacing::none())
                .random(|| 0.0)
                .build()
                .unwrap(),
        )
        .source(
            LlamaCloud::builder()
                .api_key(LLAMA_CLOUD_KEY)
                .base_url(sandbox.url())
                .build()
                .unwrap(),
        )
        .build()
        .unwrap();
    sandbox.next(Served::MemoriesAi, Fault::raw(503, "text/plain", ""));
    let tree = watched(&sandbox, async {
        let mut list = client
            .list_sessions()
            .order(Order::Source)
            .page_size(15)
            .read_ahead(2)
            .by_item();
        while let Some(session) = list.next().await {
            session.unwrap();
        }
    })
    .await;
    insta::assert_snapshot!(tree);
}

#[tokio::test]
async fn every_request_for_a_transcript_is_in_the_span_of_its_stream_or_of_the_caller() {
    let sandbox = Sandbox::start().await.unwrap();
    let source = LlamaCloud::builder().api_key(LLAMA_CLOUD_KEY).base_url(sandbox.url());
    let client = ChatSessions::new(source.retry(RetryPolicy::none()).build().unwrap());
    let tree = watched(&sandbox, async {
        let sessions = client.list_sessions().limit(2).send().await.unwrap().sessions;
        let ids: Vec<_> = sessions.into_iter().map(|session| session.id).collect();
        client.transcript(&ids[0]).send().await.unwrap();
        let mut transcripts = client.transcripts(ids).by_item();
        while let Some(transcript) = transcripts.next().await {
            transcript.unwrap();
        }
    })
    .await;
    // The ids of sessions are in the paths.
    let tree: Vec<_> = tree
        .lines()
        .map(|line| line.split("/api/v1/chat/").next().unwrap())
        .collect();
    insta::assert_snapshot!(tree.join("\n"));
}

#[tokio::test]
async fn a_request_without_a_response_says_why() {
    let sandbox = Sandbox::start().await.unwrap();
    let source = LlamaCloud::builder().api_key(LLAMA_CLOUD_KEY).base_url(sandbox.url());
    let client = ChatSessions::new(source.retry(RetryPolicy::none()).build().unwrap());
    sandbox.next(Served::LlamaCloud, Fault::reset_before_headers());
    let tree = watched(&sandbox, async {
        client.list_sessions().send().await.unwrap_err();
    })
    .await;
    insta::assert_snapshot!(tree);
}

#[tokio::test]
async fn a_cancelled_exchange_is_reported_inside_the_span_of_its_request() {
    let server = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", server.local_addr().unwrap());
    let client = ChatSessions::new(
        LlamaCloud::builder()
            .api_key("llx-example")
            .base_url(url)
            .build()
            .unwrap(),
    );
    let reports = Arc::new(Mutex::new(Vec::new()));
    let observed = Arc::clone(&reports);
    let list = client.list_sessions().on_exchange(move |exchange| {
        let span = tracing::Span::current().metadata().map(|span| span.name());
        observed.lock().unwrap().push((span, exchange.error.clone()));
    });
    let guard = tracing::subscriber::set_default(tracing_subscriber::registry());
    // The server keeps the connection open and stays silent, so that only the caller ends the request.
    let _connection = tokio::select! {
        page = list.send() => panic!("{page:?}"),
        connection = server.accept() => connection.unwrap(),
    };
    drop(guard);
    let cancelled = "no response: the request was cancelled".to_owned();
    assert_eq!(*reports.lock().unwrap(), [(Some("request"), Some(cancelled))]);
}
