//! A minimal HTTP client: one request per socket, and the response as it was sent.
//!
//! No library repairs, retries or rejects what the sandbox sends.

use std::{
    collections::BTreeMap,
    io::{self, ErrorKind, Read, Write},
    net::TcpStream,
    thread,
    time::{Duration, Instant},
};

use chat_sessions_sandbox::{Conversation, LLAMA_CLOUD_KEY, MEMORIES_AI_KEY, Operation, Provider, Sandbox};
use serde_json::Value;

/// A response, byte for byte where it matters.
#[derive(Debug)]
pub(crate) struct Reply {
    /// The status code.
    pub(crate) status: u16,
    /// The head without the final empty line.
    pub(crate) head: String,
    /// Everything after the head until the connection ended.
    pub(crate) body: String,
}

impl Reply {
    /// The value of a header, or an empty string.
    pub(crate) fn header(&self, name: &str) -> &str {
        let mut lines = self.head.lines().filter_map(|line| line.split_once(": "));
        lines
            .find(|(known, _)| known.eq_ignore_ascii_case(name))
            .map_or("", |(_, value)| value)
    }

    /// The body as JSON. `null` if it is not JSON, which no assertion expects.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_default()
    }
}

/// Connects and sends one request. Reads time out after 60 seconds.
pub(crate) fn connect(
    sandbox: &Sandbox,
    method: &str,
    target: &str,
    headers: &[(&str, &str)],
    body: &str,
) -> io::Result<TcpStream> {
    let mut socket = TcpStream::connect(sandbox.addr())?;
    socket.set_read_timeout(Some(Duration::from_secs(60)))?;
    let length = body.len();
    let mut request = format!("{method} {target} HTTP/1.1\r\nhost: sandbox\r\nconnection: close\r\n");
    for (name, value) in headers {
        request.push_str(&format!("{name}: {value}\r\n"));
    }
    request.push_str(&format!("content-length: {length}\r\n\r\n{body}"));
    socket.write_all(request.as_bytes())?;
    Ok(socket)
}

/// Sends one request and reads until the sandbox closes the connection.
pub(crate) fn send(
    sandbox: &Sandbox,
    method: &str,
    target: &str,
    headers: &[(&str, &str)],
    body: &str,
) -> io::Result<Reply> {
    let mut socket = connect(sandbox, method, target, headers, body)?;
    let mut bytes = Vec::new();
    socket.read_to_end(&mut bytes)?;
    let text = String::from_utf8(bytes).map_err(io::Error::other)?;
    let (head, body) = text
        .split_once("\r\n\r\n")
        .ok_or_else(|| io::Error::other(format!("no head: {text:?}")))?;
    let status = head.split(' ').nth(1).and_then(|status| status.parse().ok());
    let status = status.ok_or_else(|| io::Error::other(format!("no status: {head:?}")))?;
    Ok(Reply {
        status,
        head: head.to_owned(),
        body: body.to_owned(),
    })
}

/// A response that need not be text and may end with an error.
#[derive(Debug)]
pub(crate) struct Received {
    /// The head without the final empty line. Empty if the head is incomplete.
    pub(crate) head: String,
    /// The body as it was sent.
    pub(crate) body: Vec<u8>,
    /// How the connection ended.
    pub(crate) end: io::Result<()>,
}

impl Received {
    /// The body of a chunked response without the chunk sizes. `None` if it is incomplete.
    pub(crate) fn dechunked(&self) -> Option<Vec<u8>> {
        let (mut rest, mut whole) = (self.body.as_slice(), Vec::new());
        loop {
            let line = rest.windows(2).position(|pair| pair == b"\r\n")?;
            let length = usize::from_str_radix(std::str::from_utf8(&rest[..line]).ok()?, 16).ok()?;
            rest = &rest[line + 2..];
            if length == 0 {
                return Some(whole);
            }
            whole.extend(rest.get(..length)?);
            rest = rest.get(length + 2..)?;
        }
    }
}

/// Reads a response until the connection ends, in whatever way.
pub(crate) fn receive(mut socket: TcpStream) -> Received {
    let mut bytes = Vec::new();
    let end = socket.read_to_end(&mut bytes).map(drop);
    let head = bytes.windows(4).position(|end| end == b"\r\n\r\n");
    let body = head.map_or_else(Vec::new, |head| bytes.split_off(head + 4));
    let head = String::from_utf8_lossy(&bytes).trim_end().to_owned();
    Received { head, body, end }
}

/// Reads a response as far as it is sent: the head and this many bytes of the body. Returns the
/// body, and checks that the connection stays open and silent after it.
pub(crate) fn receive_until_silence(mut socket: TcpStream, length: usize) -> io::Result<Vec<u8>> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        socket.read_exact(&mut byte)?;
        head.extend(byte);
    }
    let mut body = vec![0; length];
    socket.read_exact(&mut body)?;
    socket.set_read_timeout(Some(Duration::from_millis(300)))?;
    match socket.read(&mut [0]) {
        Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => Ok(body),
        other => Err(io::Error::other(format!("{other:?} instead of silence"))),
    }
}

/// Waits until a condition holds.
pub(crate) fn wait_until(condition: impl Fn() -> bool) {
    let start = Instant::now();
    while !condition() {
        assert!(start.elapsed() < Duration::from_secs(60), "the condition never holds");
        thread::sleep(Duration::from_millis(1));
    }
}

/// Both providers.
pub(crate) const PROVIDERS: [Provider; 2] = [Provider::MemoriesAi, Provider::LlamaCloud];

/// The path of the list, and the `Authorization` header with the key.
pub(crate) fn list_route(provider: Provider) -> (&'static str, String) {
    match provider {
        Provider::MemoriesAi => ("/serve/api/v1/list_sessions", MEMORIES_AI_KEY.to_owned()),
        _ => ("/api/v1/chat", format!("Bearer {LLAMA_CLOUD_KEY}")),
    }
}

/// Requests the list of `provider` with its key, without reading the response.
pub(crate) fn request_list(sandbox: &Sandbox, provider: Provider) -> io::Result<TcpStream> {
    let (path, authorization) = list_route(provider);
    let target = format!("{path}?unique_id=default");
    connect(sandbox, "GET", &target, &[("Authorization", &authorization)], "")
}

/// Sends JSON to a control route, which must accept it.
pub(crate) fn script(sandbox: &Sandbox, path: &str, json: &str) -> io::Result<()> {
    let reply = send(sandbox, "POST", path, &[("content-type", "application/json")], json)?;
    assert_eq!(reply.status, 200, "{json}: {}", reply.body);
    Ok(())
}

/// Sends a `GET` request with these headers.
pub(crate) fn get(sandbox: &Sandbox, target: &str, headers: &[(&str, &str)]) -> io::Result<Reply> {
    send(sandbox, "GET", target, headers, "")
}

/// Requests the Memories.ai list with its key.
pub(crate) fn list_memories_ai(sandbox: &Sandbox, query: &str) -> io::Result<Reply> {
    list(sandbox, Provider::MemoriesAi, query)
}

/// Requests the LlamaCloud list with its key.
pub(crate) fn list_llama_cloud(sandbox: &Sandbox, query: &str) -> io::Result<Reply> {
    list(sandbox, Provider::LlamaCloud, query)
}

/// Requests the list of `provider` with its key.
pub(crate) fn list(sandbox: &Sandbox, provider: Provider, query: &str) -> io::Result<Reply> {
    let (path, authorization) = list_route(provider);
    get(
        sandbox,
        &format!("{path}?{query}"),
        &[("Authorization", &authorization)],
    )
}

/// Encodes a page token for a query.
pub(crate) fn encoded(token: &str) -> String {
    token.replace('+', "%2B").replace('/', "%2F").replace('=', "%3D")
}

/// The string fields `name` of the objects in a list.
pub(crate) fn texts(list: &Value, name: &str) -> Vec<String> {
    list.as_array()
        .into_iter()
        .flatten()
        .filter_map(|item| item[name].as_str())
        .map(str::to_owned)
        .collect()
}

/// Starts a sandbox without an async runtime in the test.
pub(crate) fn start(builder: chat_sessions_sandbox::SandboxBuilder) -> io::Result<Sandbox> {
    tokio::runtime::Builder::new_current_thread()
        .build()?
        .block_on(builder.start())
}

/// Sends a `GET` request with the key of `provider`.
pub(crate) fn call(sandbox: &Sandbox, provider: Provider, target: &str) -> io::Result<Reply> {
    get(sandbox, target, &[("Authorization", &list_route(provider).1)])
}

/// The target of a request for a session with its conversation.
pub(crate) fn detail_target(provider: Provider, scope: Option<&str>, id: &str) -> String {
    match provider {
        Provider::MemoriesAi => format!(
            "/serve/api/v1/get_session_detail?sessionId={id}&session_id={id}&unique_id={}",
            scope.unwrap_or("default")
        ),
        _ => format!(
            "/api/v1/chat/{id}{}",
            scope.map(|id| format!("?project_id={id}")).unwrap_or_default()
        ),
    }
}

/// Requests a session of the default scope with its conversation.
pub(crate) fn detail(sandbox: &Sandbox, provider: Provider, id: &str) -> io::Result<Reply> {
    call(sandbox, provider, &detail_target(provider, None, id))
}

/// The messages or events of a session's detail.
pub(crate) fn conversation_of(detail: &Value) -> Value {
    match &detail["events"] {
        Value::Null => detail["data"]["messages"].clone(),
        events => events.clone(),
    }
}

/// The operations of a provider, each with a target.
pub(crate) fn targets(sandbox: &Sandbox, provider: Provider) -> Vec<(Operation, String)> {
    let id = &sandbox.session_ids(provider, None)[0];
    let detail = (Operation::SessionDetail, detail_target(provider, None, id));
    match provider {
        Provider::MemoriesAi => vec![
            (
                Operation::ListSessions,
                "/serve/api/v1/list_sessions?unique_id=default".to_owned(),
            ),
            detail,
            (Operation::Scopes, "/serve/api/v1/list_unique_ids".to_owned()),
        ],
        _ => vec![
            (Operation::ListSessions, "/api/v1/chat".to_owned()),
            detail,
            (Operation::SessionSummary, format!("/api/v1/chat/{id}/summary")),
            (Operation::Scopes, "/api/v1/projects".to_owned()),
        ],
    }
}

/// Sends one request for each operation of a provider.
pub(crate) fn call_all(sandbox: &Sandbox, provider: Provider) -> io::Result<BTreeMap<Operation, Reply>> {
    let targets = targets(sandbox, provider).into_iter();
    targets
        .map(|(operation, target)| Ok((operation, call(sandbox, provider, &target)?)))
        .collect()
}

/// The conversation of the default scope's session of this kind.
pub(crate) fn of_kind(sandbox: &Sandbox, provider: Provider, kind: Conversation) -> Vec<Value> {
    let id = sandbox.session_with(provider, kind).unwrap_or_default();
    let conversation = sandbox.conversation(provider, None, &id).unwrap_or_default();
    conversation.as_array().cloned().unwrap_or_default()
}
