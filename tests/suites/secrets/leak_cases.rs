//! The secrets that must not leak, a client that sends them, and every fault in which a server
//! repeats them.

use std::panic::resume_unwind;
use std::thread;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chat_sessions::http::HttpExt;
use chat_sessions::retry::{Pacing, RetryPolicy};
use chat_sessions::{ChatSessions, LlamaCloud, MemoriesAi};
use chat_sessions_sandbox::{EchoForm, Fault, Paging, Provider, Sandbox};

use crate::support::case_sample::sample;
use crate::support::leak_finder::LeakFinder;

pub(crate) const MEMORIES_KEY: &str = r#"sk-Vq3/zK+8wJ=x5"Rb~T2&yH7<fP"#;
pub(crate) const LLAMA_KEY: &str = r"llx-Gd9\mS%2Fn4+cU6/pA=1eL>0jX";
pub(crate) const TOKEN: &str = r#"tok-Zn8/Yf+2"hQ=7vE\5üoK&9rI%41wM"#;
pub(crate) const UNIQUE_ID: &str = "uid-Wq7/Zr+5=kT~3&Bx'6sD";
/// A cookie that the provider sets, and one that the program adds with `configure_http`.
pub(crate) const COOKIES: [&str; 2] = ["cN4%2FtJ8+vP2=mG6zF0", "cO1/uL9+bS3=hX7yW5"];

/// The secrets of every request.
const OF_EVERY_REQUEST: [(&str, &str); 5] = [
    ("the key of Memories.ai", MEMORIES_KEY),
    ("the key of LlamaCloud", LLAMA_KEY),
    ("the unique_id", UNIQUE_ID),
    ("the cookie that is set", COOKIES[0]),
    ("the cookie that is sent", COOKIES[1]),
];

pub(crate) fn leak_finder() -> LeakFinder {
    let token = [("the page token", TOKEN)];
    LeakFinder::new(&[&OF_EVERY_REQUEST[..], &token].concat())
}

/// Finds the secrets of a request that is not about a list, and has no page token.
pub(crate) fn leak_finder_without_token() -> LeakFinder {
    LeakFinder::new(&OF_EVERY_REQUEST)
}

pub(crate) async fn sandbox() -> Sandbox {
    let builder = Sandbox::builder()
        .memories_ai_key(MEMORIES_KEY)
        .llama_cloud_key(LLAMA_KEY);
    builder.start().await.unwrap()
}

/// A client of both providers that retries once, almost immediately, and sends a cookie with each
/// request.
pub(crate) fn client(url: &str, attempt_timeout: Duration) -> ChatSessions {
    let policy = RetryPolicy::default()
        .max_attempts(2)
        .initial_backoff(Duration::from_millis(1));
    let cookie = |client: reqwest::ClientBuilder| {
        let mut headers = reqwest::header::HeaderMap::new();
        headers.insert("cookie", format!("session={}", COOKIES[1]).parse().unwrap());
        client.default_headers(headers)
    };
    let memories_ai = MemoriesAi::builder()
        .api_key(MEMORIES_KEY)
        .base_url(url)
        .scope(UNIQUE_ID)
        .attempt_timeout(attempt_timeout)
        .retry(policy)
        .pacing(Pacing::none())
        .configure_http(cookie);
    let llama_cloud = LlamaCloud::builder()
        .api_key(LLAMA_KEY)
        .base_url(url)
        .attempt_timeout(attempt_timeout)
        .retry(policy)
        .pacing(Pacing::none())
        .configure_http(cookie);
    let builder = ChatSessions::builder()
        .source(memories_ai.build().unwrap())
        .source(llama_cloud.build().unwrap());
    builder.build().unwrap()
}

fn json(text: &str) -> String {
    serde_json::to_string(text).unwrap()
}

/// A first page that promises a second one. That of LlamaCloud contains the page token.
pub(crate) fn first_page(provider: Provider) -> Fault {
    with_cookie(Fault::raw(200, "application/json", match provider {
        Provider::MemoriesAi => r#"{"code":"0000","msg":"success","success":true,"failed":false,"data":
            {"current_page":1,"page_size":1,"total_count":"9","sessions":[{"sessionId":"588888888888888888","title":"x"}]}}"#
            .to_owned(),
        _ => format!(r#"{{"items":[{{"session_id":"a"}}],"next_page_token":{}}}"#, json(TOKEN)),
    }))
}

/// Sets a cookie, and repeats its value in the request id.
pub(crate) fn with_cookie(fault: Fault) -> Fault {
    fault
        .with_header("set-cookie", format!("session={}; HttpOnly", COOKIES[0]))
        .with_header("x-request-id", format!("request-{}", COOKIES[0]))
}

/// Returns the secrets that a provider knows.
fn known_to(provider: Provider) -> [&'static str; 3] {
    match provider {
        Provider::MemoriesAi => [MEMORIES_KEY, UNIQUE_ID, COOKIES[0]],
        _ => [LLAMA_KEY, TOKEN, COOKIES[0]],
    }
}

/// Returns all secrets that a provider knows in each encoding that servers use when they repeat a
/// request.
pub(crate) fn repetitions(provider: Provider) -> Vec<(&'static str, String)> {
    let joined = |write: &dyn Fn(&str) -> String| known_to(provider).map(write).join(" ");
    let percent = |text: &str| text.bytes().map(|byte| format!("%{byte:02x}")).collect::<String>();
    let hex = |text: &str| text.bytes().map(|byte| format!("{byte:02X}")).collect::<String>();
    let bytes =
        |text: &str, write: fn(u8) -> String, separator| text.bytes().map(write).collect::<Vec<_>>().join(separator);
    let without = |text: &str, first: usize, last: usize| {
        let characters: Vec<char> = text.chars().collect();
        characters[first..characters.len() - last].iter().collect::<String>()
    };
    let in_groups = |text: &str| {
        let groups: Vec<String> = text
            .chars()
            .collect::<Vec<_>>()
            .chunks(5)
            .map(|group| group.iter().collect())
            .collect();
        groups.join(" ")
    };
    vec![
        ("verbatim", joined(&str::to_owned)),
        ("in-json", joined(&json)),
        ("in-json-in-json", joined(&|text| json(&json(text)))),
        (
            "in-json-in-ascii",
            joined(&|text| json(text).replace('ü', "\\u00fc").replace('/', "\\/")),
        ),
        (
            "in-html",
            joined(&|text| text.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;")),
        ),
        (
            "in-html-numbers",
            joined(&|text| text.chars().map(|c| format!("&#{};", u32::from(c))).collect()),
        ),
        ("in-percents", joined(&percent)),
        ("in-percents-twice", joined(&|text| percent(text).replace('%', "%25"))),
        ("in-hexadecimal", joined(&hex)),
        (
            "in-hexadecimal-with-colons",
            joined(&|text| bytes(text, |byte| format!("{byte:02x}"), ":")),
        ),
        (
            "in-hexadecimal-with-prefixes",
            joined(&|text| bytes(text, |byte| format!("0x{byte:02x}"), ", ")),
        ),
        ("in-numbers", joined(&|text| bytes(text, |byte| byte.to_string(), ","))),
        ("in-lower-case", joined(&str::to_lowercase)),
        ("in-groups", joined(&in_groups)),
        ("without-its-beginning", joined(&|text| without(text, 4, 0))),
        ("without-its-end", joined(&|text| without(text, 0, 4))),
        ("its-middle-in-percents", joined(&|text| percent(&without(text, 3, 3)))),
        (
            "its-middle-in-base64",
            joined(&|text| STANDARD.encode(without(text, 3, 3))),
        ),
        ("in-base64", joined(&|text| STANDARD.encode(text))),
        (
            "in-base64-after-a-byte",
            joined(&|text| STANDARD.encode(format!(":{text}"))),
        ),
        (
            "in-base64-as-basic",
            joined(&|text| STANDARD.encode(format!("me:{text}"))),
        ),
        ("in-a-cookie", format!("Cookie: other={}", COOKIES[1])),
    ]
}

/// Returns every fault with its name. Both providers have the same names, but the faults repeat
/// different secrets.
fn faults(provider: Provider) -> Vec<(String, Fault)> {
    let [key, other, _] = known_to(provider);
    let mut faults: Vec<(String, Fault)> = Vec::new();
    let mut row = |name: String, fault: Fault| faults.push((name, fault));
    let json_of = |body: String| Fault::raw(200, "application/json", body);

    for status in [
        204, 304, 400, 401, 402, 403, 404, 405, 408, 409, 410, 413, 418, 422, 425, 429, 451, 500, 501, 502, 503, 504,
        529, 999,
    ] {
        row(format!("status-{status}"), Fault::status(status));
    }
    for code in ["0001", "0003", "0401", "0402", "0403", "0409", "0429", "9009", "7777"] {
        row(format!("envelope-{code}"), Fault::envelope(code, "No."));
    }
    row(
        "envelope-transient".to_owned(),
        Fault::envelope("0001", "Network abnormal, try again"),
    );
    for status in [200, 404, 502, 503] {
        row(format!("html-{status}"), Fault::html(status));
    }
    for (after, gzip) in [(0, false), (1, false), (40, false), (40, true), (200, false)] {
        let cut = Fault::cut_body(after);
        row(format!("cut-{after}-{gzip}"), if gzip { cut.with_gzip() } else { cut });
    }
    row("reset-before-headers".to_owned(), Fault::reset_before_headers());
    for after in [0, 40] {
        row(format!("reset-after-{after}"), Fault::reset_after(after));
        row(format!("stall-{after}"), Fault::stall(after));
    }
    row("stall-before-headers".to_owned(), Fault::ordinary().with_hold());
    let large = 33 * 1024 * 1024;
    row("large-body".to_owned(), Fault::large_body(large));
    row("large-body-chunked".to_owned(), Fault::large_body_chunked(large));
    row("endless-body".to_owned(), Fault::endless_body());
    row("gzip-bomb".to_owned(), Fault::gzip_bomb(large));
    row("gzip-ordinary".to_owned(), Fault::ordinary().with_gzip());
    row(
        "encoding-unknown".to_owned(),
        Fault::ordinary().with_header("content-encoding", key),
    );
    row(
        "large-headers".to_owned(),
        Fault::ordinary().with_large_headers(1 << 20),
    );
    for status in [301, 302, 303, 307, 308] {
        for (target, location) in [
            ("elsewhere", format!("http://user:{key}@127.0.0.1:9/?token={other}")),
            ("here", format!("/api/v1/chat?page_token={other}&unique_id={other}")),
        ] {
            row(format!("redirect-{status}-{target}"), Fault::redirect(status, location));
        }
    }
    for status in [200, 400, 401, 404, 429, 500, 503] {
        for form in [EchoForm::Json, EchoForm::Text, EchoForm::Html] {
            row(format!("echo-{status}-{form:?}"), Fault::echo(status).with_form(form));
        }
    }
    let first_combination = faults.len();
    let mut row = |name: String, fault: Fault| faults.push((name, fault));
    for (name, words) in repetitions(provider) {
        for status in [200, 401, 429] {
            let text = format!("Not for {words}");
            row(
                format!("message-{name}-{status}"),
                Fault::status(status).with_message(&text),
            );
            row(format!("text-{name}-{status}"), Fault::raw(status, "text/plain", &text));
            row(
                format!("html-{name}-{status}"),
                Fault::raw(status, "text/html", format!("<p>{text}</p>")),
            );
        }
        row(format!("envelope-{name}"), Fault::envelope("0001", &words));
        row(format!("code-{name}"), Fault::envelope(&words, "See the code."));
        row(
            format!("id-{name}"),
            Fault::status(500).with_header("request-id", &words),
        );
        row(
            format!("retry-after-{name}"),
            Fault::status(429).with_header("retry-after", &words),
        );
        // In values, in names, and in whole or truncated documents.
        let words = json(&words);
        for (position, body) in [
            (
                "value",
                format!(r#"{{"items":{words},"next_page_token":[{words}],"data":{words}}}"#),
            ),
            ("name", format!(r#"{{{words}:1,"items":5,"data":5}}"#)),
            (
                "msg",
                format!(r#"{{"error":{{"msg":{words},"code":[{words}],"detail":{{"type":{words}}}}}}}"#),
            ),
            ("text", words.clone()),
            ("list", format!("[{words}]")),
            ("token-alone", format!(r#"{{"next_page_token":{words}}}"#)),
            ("cut", format!(r#"{{"items":[{{"session_id":{words}"#)),
            (
                "item",
                format!(
                    r#"{{"items":[{{"session_id":{{{words}:{words}}}}}],"data":{{"sessions":[{{"sessionId":{{{words}:1}}}}]}}}}"#
                ),
            ),
        ] {
            row(format!("json-{position}-{name}"), json_of(body));
        }
    }
    // These combine each encoding with each of 21 locations; every seventeenth combination still
    // covers all of both.
    let combinations = faults.split_off(first_combination);
    faults.extend(sample(17, combinations));
    let mut row = |name: String, fault: Fault| faults.push((name, fault));
    // Secrets at the position where a snippet or an id is truncated.
    for width in sample(8, (60..=310).step_by(10)) {
        let filler = "x".repeat(width);
        row(
            format!("cut-in-text-{width}"),
            Fault::raw(400, "text/plain", format!("{filler} {key}{other}")),
        );
        row(
            format!("cut-in-json-{width}"),
            json_of(format!(r#"{{"msg":[{}"#, json(&format!("{filler} {other}{key}")))),
        );
        row(
            format!("cut-in-id-{width}"),
            Fault::status(400).with_header("request-id", format!("{filler}{key}{key}")),
        );
    }
    let bytes = [
        b"\xff\xfe {\"items\": \"",
        key.as_bytes(),
        b"\xff\"}",
        other.as_bytes(),
        &[0xc3],
    ]
    .concat();
    for kind in ["application/json", "text/html", "", "application/octet-stream"] {
        row(format!("no-utf-8-{kind}"), Fault::raw_bytes(200, kind, bytes.clone()));
    }
    for body in [
        "",
        "[]",
        "{}",
        "null",
        "{\"items\":",
        "5",
        "\u{feff}{}",
        "{\"items\":null,\"data\":null,\"success\":false}",
    ] {
        row(format!("raw-{body}"), json_of(body.to_owned()));
    }
    use Paging::*;
    for paging in [
        DataNull,
        EmptyPage,
        StickyEnd,
        AllItemsBad,
        RepeatToken(1),
        Token(TOKEN.to_owned()),
        UnknownFields,
        TableSpelling,
    ] {
        row(format!("paging-{paging:?}"), Fault::paging(paging));
    }
    // The token of this page again.
    row("paging-walk".to_owned(), first_page(Provider::LlamaCloud));
    faults
}

/// A fault as each provider produces it.
pub(crate) struct Case {
    pub(crate) name: String,
    faults: [(Provider, Fault); 2],
}

impl Case {
    /// Makes every request fail in this way. If `after_first_page` is set, the first request to
    /// each provider succeeds.
    pub(crate) fn inject(&self, sandbox: &Sandbox, after_first_page: bool) {
        sandbox.clear_faults();
        for (provider, fault) in &self.faults {
            if after_first_page {
                sandbox.next(*provider, first_page(*provider));
            }
            sandbox.always(*provider, with_cookie(fault.clone()));
        }
    }

    /// The timeout of an attempt, which is short if no response arrives.
    pub(crate) fn attempt_timeout(&self) -> Duration {
        Duration::from_millis(if self.name.starts_with("stall") { 150 } else { 60_000 })
    }
}

/// Checks all cases on several threads, each with its own runtime, because nearly all of the time
/// is spent waiting. Returns the sum of what `check` returns, and the number of cases.
pub(crate) fn for_all_cases<Checked: Future<Output = usize>>(
    check: impl Fn(Vec<Case>) -> Checked + Sync,
) -> (usize, usize) {
    const THREADS: usize = 12;
    let mut shares: [Vec<Case>; THREADS] = Default::default();
    let llama_cloud = faults(Provider::LlamaCloud);
    let cases = llama_cloud.len();
    for (index, ((name, memories_ai), (_, llama_cloud))) in
        faults(Provider::MemoriesAi).into_iter().zip(llama_cloud).enumerate()
    {
        let faults = [(Provider::MemoriesAi, memories_ai), (Provider::LlamaCloud, llama_cloud)];
        shares[index % THREADS].push(Case { name, faults });
    }
    let check = &check;
    let checked = thread::scope(|scope| {
        let run = |share| {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .unwrap();
            runtime.block_on(check(share))
        };
        let threads = shares.map(|share| scope.spawn(move || run(share)));
        threads.map(|thread| thread.join().unwrap_or_else(|panic| resume_unwind(panic)))
    });
    (checked.into_iter().sum(), cases)
}
