//! One shell with one sandbox behind it: how a test runs the program, and what no run may ever print.

use std::ffi::OsStr;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use chat_sessions_sandbox::{PageSizeRule, Provider, Sandbox, SandboxBuilder};
use serde_json::Value;

/// What stands in every key and password of these tests, so that one look finds any of them.
pub(crate) const PLANTED: &str = "planted";
pub(crate) const MEMORIES_KEY: &str = "sk-planted-4711";
pub(crate) const LLAMA_KEY: &str = "llx-planted-4711";

/// What one run of the program left behind.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Ran {
    /// Gives standard output, after making sure that all went well.
    pub(crate) fn ok(self) -> String {
        assert_eq!(self.code, 0, "{self:?}");
        self.stdout
    }

    /// Gives the sessions of `-o ndjson`.
    pub(crate) fn sessions(&self) -> Vec<Value> {
        self.stdout.lines().map(parsed).collect()
    }

    /// Gives the ids of `-o ndjson`, with their providers, in order.
    pub(crate) fn ids(&self) -> Vec<String> {
        self.sessions()
            .iter()
            .map(|session| format!("{}:{}", text(&session["provider"]), text(&session["id"])))
            .collect()
    }

    /// Gives the error objects on standard error.
    pub(crate) fn errors(&self) -> Vec<Value> {
        self.stderr.lines().map(|line| parsed(line)["error"].clone()).collect()
    }
}

pub(crate) fn parsed(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

pub(crate) fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_else(|| panic!("not a text: {value}"))
}

/// The program with an environment of its own, in which nothing of the developer's is left.
pub(crate) fn program() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_chat-sessions"));
    command.env_clear().env("TZ", "UTC").stdin(Stdio::null());
    // A request that left loopback, or asked a proxy on its way there, would end at a port where nobody listens.
    for proxy in [
        "HTTP_PROXY",
        "HTTPS_PROXY",
        "ALL_PROXY",
        "http_proxy",
        "https_proxy",
        "all_proxy",
    ] {
        command.env(proxy, "http://127.0.0.1:9");
    }
    // Windows cannot open a socket without it.
    if let Some(root) = std::env::var_os("SystemRoot") {
        command.env("SystemRoot", root);
    }
    command
}

/// Runs the program to its end, and makes sure that it printed no key.
pub(crate) fn run(command: &mut Command) -> Ran {
    let output = command.output().expect("the program starts");
    let ran = Ran {
        code: output.status.code().expect("no signal ended it"),
        stdout: String::from_utf8(output.stdout).expect("it prints UTF-8"),
        stderr: String::from_utf8(output.stderr).expect("it prints UTF-8"),
    };
    assert!(!ran.stdout.contains(PLANTED), "a secret on standard output: {ran:?}");
    assert!(!ran.stderr.contains(PLANTED), "a secret on standard error: {ran:?}");
    ran
}

/// Runs `chat-sessions` with these arguments, and neither keys nor sandbox.
pub(crate) fn chat_sessions<A: AsRef<OsStr>>(arguments: &[A]) -> Ran {
    run(program().args(arguments))
}

/// Waits until a condition holds.
pub(crate) fn wait_until(mut condition: impl FnMut() -> bool) {
    let start = Instant::now();
    while !condition() {
        assert!(start.elapsed() < Duration::from_secs(60), "the condition never holds");
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// A sandbox with planted keys, and the environment that points the program at it.
pub(crate) struct Shell {
    pub(crate) sandbox: Sandbox,
}

impl Shell {
    pub(crate) fn start() -> Self {
        Self::start_with(Sandbox::builder())
    }

    /// Starts the sandbox with short pages also where long ones are asked for, so that most lists have several.
    pub(crate) fn start_with(builder: SandboxBuilder) -> Self {
        let start = builder
            .llama_cloud_page_size_rule(PageSizeRule::CoerceAbove(20))
            .memories_ai_key(MEMORIES_KEY)
            .llama_cloud_key(LLAMA_KEY)
            .start();
        let runtime = tokio::runtime::Builder::new_current_thread()
            .build()
            .expect("a runtime starts");
        let sandbox = runtime.block_on(start).expect("the sandbox starts");
        Self { sandbox }
    }

    /// `chat-sessions list` with both keys and base URLs set, and these words behind it.
    pub(crate) fn command(&self, arguments: &str) -> Command {
        let mut command = program();
        command
            .env("MEMORIES_AI_API_KEY", MEMORIES_KEY)
            .env("MEMORIES_AI_BASE_URL", self.sandbox.url())
            .env("LLAMA_CLOUD_API_KEY", LLAMA_KEY)
            .env("LLAMA_CLOUD_BASE_URL", self.sandbox.url())
            .arg("list");
        // A test of a failure need not wait whether it passes.
        if !arguments.contains("--attempts") {
            command.args(["--attempts", "1"]);
        }
        command.args(arguments.split_whitespace());
        command
    }

    pub(crate) fn list(&self, arguments: &str) -> Ran {
        run(&mut self.command(arguments))
    }

    /// What the sandbox holds in the default scopes: `provider:id` and title, Memories.ai first.
    pub(crate) fn held(&self) -> Vec<(String, Option<String>)> {
        [Provider::MemoriesAi, Provider::LlamaCloud]
            .into_iter()
            .flat_map(|provider| {
                let held = self.sandbox.sessions(provider, None).into_iter();
                held.map(move |session| (format!("{provider}:{}", session.id), session.title))
            })
            .collect()
    }
}

/// Gives the ids of a list, with their providers, whatever its format.
pub(crate) fn ids(ran: &Ran, format: &str) -> Vec<String> {
    let columns = |line: &str, separator: fn(char) -> bool| {
        let mut columns = line.split(separator).filter(|column| !column.is_empty());
        let mut column = || columns.next().expect("provider and id come first").to_owned();
        format!("{}:{}", column(), column())
    };
    let lines = ran.stdout.lines();
    match format {
        "table" => lines.skip(1).map(|line| columns(line, char::is_whitespace)).collect(),
        "tsv" => lines.map(|line| columns(line, |c| c == '\t')).collect(),
        "csv" => {
            let mut reader = csv::Reader::from_reader(ran.stdout.as_bytes());
            let rows = reader.records().map(|row| row.expect("a row"));
            rows.map(|row| format!("{}:{}", &row[0], &row[1])).collect()
        }
        "json" => {
            let document = parsed(&ran.stdout);
            let sessions = document["sessions"].as_array().expect("a list").iter();
            sessions
                .map(|session| format!("{}:{}", text(&session["provider"]), text(&session["id"])))
                .collect()
        }
        _ => ran.ids(),
    }
}

/// Gives the cursor where that format has it, and makes sure that it is printed at one place only.
pub(crate) fn cursor(ran: &Ran, format: &str) -> Option<String> {
    let all = format!("{}{}", ran.stdout, ran.stderr);
    let cursor = match format {
        "json" => parsed(&ran.stdout)["next_cursor"].as_str().map(str::to_owned),
        "ndjson" => {
            let mut objects = ran.stderr.lines().filter(|line| line.starts_with('{')).map(parsed);
            objects.find_map(|object| object["next_cursor"].as_str().map(str::to_owned))
        }
        _ => {
            let behind = ran.stderr.split_once("--cursor ").map(|(_, behind)| behind);
            behind.and_then(|behind| behind.split_whitespace().next().map(str::to_owned))
        }
    };
    assert_eq!(all.matches("cs1_").count(), usize::from(cursor.is_some()), "{all}");
    cursor
}

/// Gives the list in another order, to compare what is in it.
pub(crate) fn sorted<T: Ord>(mut list: Vec<T>) -> Vec<T> {
    list.sort();
    list
}

/// Titles that break careless writers of rows.
pub(crate) const EVIL_TITLES: [&str; 12] = [
    "one, two, three",
    "she said \"no\", twice: \"\"",
    "\"",
    "first line\nsecond line",
    "first line\r\nsecond line\rthird",
    "tab\there, \\t there, and a backslash at the end\\",
    " leading and trailing ",
    "=HYPERLINK(\"x\")",
    "日本語の、とても長い題名です",
    "\u{202e}👩‍👩‍👧‍👦 e\u{301}",
    "\u{1b}[31mred\u{1b}[0m \u{7}",
    "null",
];
