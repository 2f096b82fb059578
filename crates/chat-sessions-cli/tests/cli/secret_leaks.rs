//! Secrets do not leak: the environment contains them, the providers repeat them, and they are
//! searched for in everything that is printed, recorded or visible to other users.
//!
//! Two places may contain them and are removed before the search: a scope in a label, and a cursor.

use std::process::Command;

use chat_sessions_sandbox::{EchoForm, Fault, Provider, Sandbox};

use crate::leak_finder::{LeakFinder, without_cursors};
use crate::support::{in_parallel, program, run, wait_until};

const MEMORIES_KEY: &str = r#"sk-Vq3/zK+8wJ=x5"Rb~T2&yH7<fP"#;
const LLAMA_KEY: &str = r"llx-Gd9\mS%2Fn4+cU6/pA=1eL>0jX";
const TOKEN: &str = "tok-Zn8/Yf+2hQ=7vE&5uoK&9rI%41wM";
const UNIQUE_ID: &str = "uid-Wq7/Zr+5=kT~3&Bx'6sD";
const COOKIE: &str = "cN4%2FtJ8+vP2=mG6zF0";
const BOTH: [Provider; 2] = [Provider::MemoriesAi, Provider::LlamaCloud];

fn leak_finder() -> LeakFinder {
    LeakFinder::new(&[
        ("the key of Memories.ai", MEMORIES_KEY),
        ("the key of LlamaCloud", LLAMA_KEY),
        ("the page token", TOKEN),
        ("the unique_id", UNIQUE_ID),
        ("the cookie", COOKIE),
    ])
}

/// Removes the places that may contain a scope or a page token.
fn without_allowed_places(text: &str) -> String {
    without_cursors(text)
        .replace(&format!("memories-ai/{UNIQUE_ID}"), "[label]")
        .replace(&format!(r#""scope":"{UNIQUE_ID}""#), "[label]")
}

fn with_cookie(fault: Fault) -> Fault {
    fault
        .with_header("set-cookie", format!("session={COOKIE}"))
        .with_header("x-request-id", format!("request-{COOKIE}"))
}

fn first_page(provider: Provider) -> Fault {
    with_cookie(Fault::raw(
        200,
        "application/json",
        match provider {
            Provider::MemoriesAi => r#"{"code":"0000","msg":"success","success":true,"failed":false,"data":
                {"current_page":1,"page_size":1,"total_count":"9","sessions":[{"sessionId":"588888888888888888","title":"x"}]}}"#
                .to_owned(),
            _ => format!(r#"{{"items":[{{"session_id":"a"}}],"next_page_token":"{TOKEN}"}}"#),
        },
    ))
}

fn sandbox() -> Sandbox {
    let start = Sandbox::builder()
        .memories_ai_key(MEMORIES_KEY)
        .llama_cloud_key(LLAMA_KEY)
        .start();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .expect("a runtime starts");
    runtime.block_on(start).expect("the sandbox starts")
}

fn list(sandbox: &Sandbox, arguments: &str) -> Command {
    let mut command = program();
    command
        .env("MEMORIES_AI_API_KEY", MEMORIES_KEY)
        .env("MEMORIES_AI_BASE_URL", sandbox.url())
        .env("MEMORIES_AI_UNIQUE_ID", UNIQUE_ID)
        .env("LLAMA_CLOUD_API_KEY", LLAMA_KEY)
        .env("LLAMA_CLOUD_BASE_URL", sandbox.url())
        .arg("list")
        .args(arguments.split_whitespace());
    command
}

#[test]
fn no_format_prints_a_secret_that_a_provider_repeats() {
    in_parallel(
        ["table", "tsv", "csv", "json", "ndjson"],
        a_format_prints_no_secret_that_a_provider_repeats,
    );
}

fn a_format_prints_no_secret_that_a_provider_repeats(format: &str) {
    let finder = leak_finder();
    let sandbox = sandbox();
    let folder = tempfile::tempdir().expect("a temporary folder");
    // A provider repeats only the secrets that it was sent.
    let repeated = |provider: Provider| match provider {
        Provider::MemoriesAi => format!("Not for {MEMORIES_KEY} {UNIQUE_ID} {COOKIE}"),
        _ => format!("Not for {LLAMA_KEY} {TOKEN} {COOKIE}"),
    };
    let faults = |provider: Provider| {
        let words = repeated(provider);
        let most = match provider {
            Provider::MemoriesAi => format!("Not for {} {}", &MEMORIES_KEY[4..], &MEMORIES_KEY[..25]),
            _ => format!("Not for {} {}", &LLAMA_KEY[4..], &LLAMA_KEY[..25]),
        };
        let limited = Fault::status(429).with_header("retry-after-ms", "1");
        [
            ("echo-401-json", Fault::echo(401)),
            ("echo-404-text", Fault::echo(404).with_form(EchoForm::Text)),
            ("echo-500-html", Fault::echo(500).with_form(EchoForm::Html)),
            ("echo-200-json", Fault::echo(200)),
            ("status-429", limited.with_message(&words)),
            ("most-401", Fault::status(401).with_message(&most)),
            ("text-400", Fault::raw(400, "text/plain", &words)),
            ("wrong-200", Fault::raw(200, "application/json", format!("[{words:?}]"))),
            ("redirect", Fault::redirect(302, format!("http://127.0.0.1:9/?{words}"))),
            ("cut", Fault::cut_body(40)),
            ("reset", Fault::reset_before_headers()),
            // The same page token again.
            ("walk", first_page(Provider::LlamaCloud)),
        ]
    };
    let [memories_ai, llama_cloud] = BOTH.map(faults);
    for ((case, of_memories_ai), (_, of_llama_cloud)) in memories_ai.into_iter().zip(llama_cloud) {
        for (provider, fault) in BOTH.into_iter().zip([of_memories_ai, of_llama_cloud]) {
            sandbox.next(provider, first_page(provider));
            sandbox.always(provider, with_cookie(fault));
        }
        let recording = folder.path().join(format!("{case}.har"));
        // Two formats also check the lines with all fields.
        let (verbose, log, shown) = match format {
            "tsv" | "csv" => ("", "trace", ["url.full=", "/list_sessions\"", "/chat\""]),
            _ => ("-vv", "off", ["GET ", "GET …/list_sessions ", "GET …/chat "]),
        };
        let ran = run(
            list(&sandbox, &format!("{verbose} --all --stats --attempts 2 -o {format}"))
                .env("CHAT_SESSIONS_LOG", log)
                .arg("--record")
                .arg(&recording),
        );
        sandbox.clear_faults();
        assert_eq!(ran.code, 3, "{case} -o {format}: {}", ran.stderr);
        assert!(
            shown.iter().all(|text| ran.stderr.contains(text)),
            "the requests are logged: {}",
            ran.stderr
        );
        for (place, printed) in [("standard output", &ran.stdout), ("standard error", &ran.stderr)] {
            let found = finder.find(&without_allowed_places(printed));
            assert_eq!(found, None, "{case} -o {format}, {place}: {printed}");
        }
        // A recording contains neither labels nor cursors.
        let recorded = std::fs::read_to_string(&recording).expect("there is a recording");
        assert_eq!(finder.find(&recorded), None, "{case} -o {format}, the recording");
        assert!(recorded.matches("startedDateTime").count() >= 4, "{case}: {recorded}");
    }
    let requests = sandbox.requests();
    assert!(
        requests
            .iter()
            .any(|request| request.parameter("page_token") == Some(TOKEN))
    );
    assert!(
        requests
            .iter()
            .any(|request| request.parameter("unique_id") == Some(UNIQUE_ID))
    );
}

#[test]
fn an_error_about_a_variable_does_not_contain_its_value() {
    let finder = leak_finder();
    let sandbox = sandbox();
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = folder.path().join("key");
    std::fs::write(&file, format!("{LLAMA_KEY}\n{TOKEN}")).expect("the folder is writable");
    let bearer = format!("Bearer {MEMORIES_KEY}");
    let url = format!("https://me:{COOKIE}@127.0.0.1/{TOKEN}");
    for (variable, value) in [
        ("MEMORIES_AI_API_KEY", bearer.as_str()),
        ("MEMORIES_API_KEY", TOKEN),
        ("LLAMA_CLOUD_BASE_URL", &url),
        ("CHAT_SESSIONS_LOG", TOKEN),
        ("LLAMA_CLOUD_API_KEY_FILE", file.to_str().expect("the path is text")),
    ] {
        for format in ["table", "json"] {
            let ran = run(list(&sandbox, &format!("-o {format}")).env(variable, value));
            assert_eq!(ran.code, 8, "{variable}: {}", ran.stderr);
            let found = finder.find(&without_allowed_places(&format!("{} {}", ran.stdout, ran.stderr)));
            assert_eq!(found, None, "{variable} -o {format}");
        }
    }
}

#[cfg(target_os = "linux")]
#[test]
fn the_process_shows_no_secret_to_other_users() {
    let finder = leak_finder();
    let sandbox = sandbox();
    for provider in BOTH {
        sandbox.always(provider, Fault::ordinary().with_hold());
    }
    let mut running = list(&sandbox, "-vv --limit 1 -o json")
        .stdout(std::process::Stdio::null())
        .stderr(std::process::Stdio::null())
        .spawn()
        .expect("the program starts");
    wait_until(|| sandbox.request_count(Provider::LlamaCloud) > 0);
    for file in ["cmdline", "comm", "status"] {
        // Every user can read these files, but not the environment of the process.
        let content = std::fs::read(format!("/proc/{}/{file}", running.id())).expect("it is running");
        let content = String::from_utf8_lossy(&content).replace('\0', " ");
        assert!(!content.is_empty(), "{file}");
        assert_eq!(finder.find(&content), None, "{file}: {content}");
    }
    sandbox.clear_faults();
    assert!(running.wait().expect("it ends").success());
}
