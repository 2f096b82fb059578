//! Helpers to run the program against a sandbox. Every run checks that no key is printed.

use std::ffi::OsStr;
use std::io::{Seek, SeekFrom, Write};
use std::panic::resume_unwind;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use chat_sessions_sandbox::{PageSizeRule, Provider, Sandbox, SandboxBuilder};
use serde_json::Value;

/// A part of every key and password in these tests, so that one search finds all of them.
pub(crate) const PLANTED: &str = "planted";
pub(crate) const MEMORIES_KEY: &str = "sk-planted-4711";
pub(crate) const LLAMA_KEY: &str = "llx-planted-4711";

/// The result of one run of the program.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Ran {
    /// Returns standard output, and checks that the program succeeded.
    pub(crate) fn ok(self) -> String {
        assert_eq!(self.code, 0, "{self:?}");
        self.stdout
    }

    /// Returns the sessions of `-o ndjson`.
    pub(crate) fn sessions(&self) -> Vec<Value> {
        self.stdout.lines().map(parsed).collect()
    }

    /// Returns the ids of `-o ndjson`, with their providers, in order.
    pub(crate) fn ids(&self) -> Vec<String> {
        self.sessions()
            .iter()
            .map(|session| format!("{}:{}", text(&session["provider"]), text(&session["id"])))
            .collect()
    }

    /// Returns the error objects on standard error.
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

/// The variables that name a proxy.
pub(crate) const PROXY_VARIABLES: [&str; 6] = [
    "HTTP_PROXY",
    "HTTPS_PROXY",
    "ALL_PROXY",
    "http_proxy",
    "https_proxy",
    "all_proxy",
];

/// The program with a clean environment, without any variable of the developer.
pub(crate) fn program() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_chat-sessions"));
    command
        .env_clear()
        .env("TZ", "UTC")
        // The sandbox has the same sessions every day.
        .env("CHAT_SESSIONS_TODAY", "2026-04-23")
        .stdin(Stdio::null());
    // A request that would leave loopback, or use a proxy, fails at this closed port.
    for proxy in PROXY_VARIABLES {
        command.env(proxy, "http://127.0.0.1:9");
    }
    // Windows needs it to open a socket.
    if let Some(root) = std::env::var_os("SystemRoot") {
        command.env("SystemRoot", root);
    }
    command
}

/// Runs the program to its end, and checks that it printed no key.
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

/// Runs `chat-sessions` with these arguments, without keys or sandbox.
pub(crate) fn chat_sessions<A: AsRef<OsStr>>(arguments: &[A]) -> Ran {
    run(program().args(arguments))
}

/// Runs a program with this standard input.
pub(crate) fn run_with_input(command: &mut Command, input: &str) -> Ran {
    let mut file = tempfile::tempfile().expect("a temporary file");
    file.write_all(input.as_bytes()).expect("it takes text");
    file.seek(SeekFrom::Start(0)).expect("it is a file");
    run(command.stdin(file))
}

/// Starts a program, whose output is piped.
pub(crate) fn start(command: &mut Command) -> Child {
    let piped = command.stdout(Stdio::piped()).stderr(Stdio::piped());
    piped.spawn().expect("the program starts")
}

/// Lets a shell run a program with its environment. In the script, `"$0" "$@"` is the program with its
/// arguments.
#[cfg(unix)]
pub(crate) fn in_a_shell(script: &str, command: &Command) -> Command {
    let mut shell = Command::new("sh");
    shell
        .env_clear()
        .envs(command.get_envs().filter_map(|(name, value)| Some((name, value?))))
        .args(["-c", script])
        .arg(command.get_program())
        .args(command.get_args());
    shell
}

/// Waits until a condition holds.
pub(crate) fn wait_until(mut condition: impl FnMut() -> bool) {
    let start = Instant::now();
    while !condition() {
        assert!(start.elapsed() < Duration::from_secs(60), "the condition never holds");
        thread::sleep(Duration::from_millis(5));
    }
}

/// Sends a running program the signal of Ctrl-C.
#[cfg(unix)]
pub(crate) fn interrupt(child: &Child) {
    send("INT", child);
}

/// Sends a signal, such as `TERM`.
#[cfg(unix)]
pub(crate) fn send(signal: &str, child: &Child) {
    let option = format!("-{signal}");
    let sent = Command::new("kill").args([&option, &child.id().to_string()]).status();
    assert!(sent.expect("every Unix has it").success());
}

/// Waits for the end of a program, whose output is piped.
#[cfg(unix)]
pub(crate) fn ended(child: Child) -> Ran {
    let output = child.wait_with_output().expect("it ends");
    Ran {
        code: output.status.code().expect("no signal ended it"),
        stdout: String::from_utf8(output.stdout).expect("it prints UTF-8"),
        stderr: String::from_utf8(output.stderr).expect("it prints UTF-8"),
    }
}

/// Waits until the program sleeps and has handled every signal. Two signals that arrive before it
/// handles the first count as one.
#[cfg(target_os = "linux")]
pub(crate) fn wait_until_stuck(child: &Child) {
    wait_until(|| {
        let status = std::fs::read_to_string(format!("/proc/{}/status", child.id())).expect("it is running");
        let field = |name: &str| {
            let line = status.lines().find_map(|line| line.strip_prefix(name));
            line.expect("Linux has this field").trim()
        };
        let is_handled = |signals: &str| signals.bytes().all(|digit| digit == b'0');
        field("State:").starts_with('S') && is_handled(field("SigPnd:")) && is_handled(field("ShdPnd:"))
    });
}

/// Other systems do not show this, so this waits longer than a busy machine needs.
#[cfg(all(unix, not(target_os = "linux")))]
pub(crate) fn wait_until_stuck(_: &Child) {
    std::thread::sleep(std::time::Duration::from_secs(1));
}

/// A sandbox with planted keys. Commands run by it have the variables that point to it.
pub(crate) struct Shell {
    pub(crate) sandbox: Sandbox,
}

impl Shell {
    pub(crate) fn start() -> Self {
        Self::start_with(Sandbox::builder())
    }

    /// Starts the sandbox. It limits LlamaCloud pages to 20 sessions, so that most lists have several.
    pub(crate) fn start_with(builder: SandboxBuilder) -> Self {
        Self::start_with_large_pages(builder.llama_cloud_page_size_rule(PageSizeRule::CoerceAbove(20)))
    }

    /// Starts the sandbox. LlamaCloud pages are as large as it allows.
    pub(crate) fn start_with_large_pages(builder: SandboxBuilder) -> Self {
        let start = builder.memories_ai_key(MEMORIES_KEY).llama_cloud_key(LLAMA_KEY).start();
        let runtime = tokio::runtime::Builder::new_current_thread()
            .build()
            .expect("a runtime starts");
        let sandbox = runtime.block_on(start).expect("the sandbox starts");
        Self { sandbox }
    }

    /// `chat-sessions list` with both keys and base URLs set, and these arguments.
    pub(crate) fn command(&self, arguments: &str) -> Command {
        self.command_of("list", arguments)
    }

    /// Another command that reads sessions, in the same environment.
    pub(crate) fn command_of(&self, name: &str, arguments: &str) -> Command {
        let mut command = program();
        command
            .env("MEMORIES_AI_API_KEY", MEMORIES_KEY)
            .env("MEMORIES_AI_BASE_URL", self.sandbox.url())
            .env("LLAMA_CLOUD_API_KEY", LLAMA_KEY)
            .env("LLAMA_CLOUD_BASE_URL", self.sandbox.url())
            .arg(name);
        // Retries would only slow down tests of failures.
        if !arguments.contains("--attempts") {
            command.args(["--attempts", "1"]);
        }
        command.args(arguments.split_whitespace());
        command
    }

    pub(crate) fn show(&self, arguments: &str) -> Ran {
        run(&mut self.command_of("show", arguments))
    }

    pub(crate) fn list(&self, arguments: &str) -> Ran {
        run(&mut self.command(arguments))
    }

    /// The sessions in the default scopes: `provider:id` and title, Memories.ai first.
    pub(crate) fn stored(&self) -> Vec<(String, Option<String>)> {
        [Provider::MemoriesAi, Provider::LlamaCloud]
            .into_iter()
            .flat_map(|provider| {
                let sessions = self.sandbox.sessions(provider, None).into_iter();
                sessions.map(move |session| (format!("{provider}:{}", session.id), session.title))
            })
            .collect()
    }
}

/// The formats of a list.
pub(crate) const FORMATS: [&str; 5] = ["table", "tsv", "csv", "json", "ndjson"];

/// Whether cases that repeat others are checked too: if the environment variable `ALL_CASES` is set, as
/// `cargo xtask check --full` does.
pub(crate) fn all_cases() -> bool {
    std::env::var_os("ALL_CASES").is_some()
}

/// Returns pairs in which everything on the left and everything on the right occurs, and with
/// [`all_cases`] every pair.
pub(crate) fn pairs<Left: Copy, Right: Copy>(left: &[Left], right: &[Right]) -> Vec<(Left, Right)> {
    if all_cases() {
        let with_all = |left: &Left| right.iter().map(|right| (*left, *right)).collect::<Vec<_>>();
        return left.iter().flat_map(with_all).collect();
    }
    let in_turn = left.iter().cycle().zip(right.iter().cycle());
    let count = left.len().max(right.len());
    in_turn.take(count).map(|(left, right)| (*left, *right)).collect()
}

/// Checks every case in a thread of its own, because the program spends most of its time waiting: the
/// documented rate of Memories.ai is 5 requests per second.
pub(crate) fn in_parallel<Case: Send>(cases: impl IntoIterator<Item = Case>, check: impl Fn(Case) + Sync) {
    let check = &check;
    thread::scope(|scope| {
        let threads: Vec<_> = cases.into_iter().map(|case| scope.spawn(move || check(case))).collect();
        for thread in threads {
            thread.join().unwrap_or_else(|panic| resume_unwind(panic));
        }
    });
}

/// Returns the ids of a list in any format, with their providers.
pub(crate) fn ids(ran: &Ran, format: &str) -> Vec<String> {
    let columns = |line: &str, separator: fn(char) -> bool| {
        let mut columns = line.split(separator).filter(|column| !column.is_empty());
        let mut column = || columns.next().expect("provider and id come first").to_owned();
        format!("{}:{}", column(), column())
    };
    let lines = ran.stdout.lines();
    match format {
        "table" => lines
            .skip(1)
            .map(|line| {
                let mut words = line.split_whitespace().rev();
                let mut word = || words.next().expect("provider and id come last");
                let (id, provider) = (word(), word());
                format!("{provider}:{id}")
            })
            .collect(),
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

/// Returns the cursor from where this format prints it, and checks that it is printed only there.
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
    assert_eq!(all.matches("cs2_").count(), usize::from(cursor.is_some()), "{all}");
    cursor
}

/// Returns the list sorted, to compare its content regardless of order.
pub(crate) fn sorted<T: Ord>(mut list: Vec<T>) -> Vec<T> {
    list.sort();
    list
}

/// Returns whether a character could control a terminal, or reorder or hide text.
pub(crate) fn is_unsafe(character: char) -> bool {
    let code = u32::from(character);
    let is_control = matches!(code, 0..=0x1f | 0x7f..=0x9f);
    let is_bidirectional = matches!(code, 0x61c | 0x200e | 0x200f | 0x202a..=0x202e | 0x2066..=0x2069);
    is_control || is_bidirectional || matches!(code, 0x2028 | 0x2029 | 0xfeff | 0xe0000..=0xe007f)
}

/// Titles that need escaping or careful measuring.
pub(crate) const DIFFICULT_TITLES: [&str; 14] = [
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
    "\u{9b}31m \u{90}x\u{9c} \u{7f}\u{8}\u{85} \u{2028}\u{200f}\u{feff} \u{e0041}\u{e007f}",
    "می\u{200c}خواهم",
    "null",
];

/// Returns whether a program is installed on this machine.
pub(crate) fn is_installed(program: &str) -> bool {
    let mut command = Command::new(program);
    command
        .arg("--version")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    command.status().is_ok()
}
