//! `auth login`: a key from the terminal or a pipe, one request, a key file and a profile; and everything
//! that saves nothing.

use std::io::Write;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::PathBuf;
use std::process::{Command, Stdio};

use chat_sessions_sandbox::{Fault, Provider};
use tempfile::TempDir;

use crate::pty::Terminal;
use crate::support::{
    LLAMA_KEY, MEMORIES_KEY, PLANTED, Ran, Shell, ended, in_a_shell, interrupt, program, send, start, wait_until,
};

/// A home directory without a configuration, and a sandbox that knows the keys.
struct Home {
    shell: Shell,
    folder: TempDir,
}

impl Home {
    fn new() -> Self {
        Self {
            shell: Shell::start(),
            folder: tempfile::tempdir().expect("a temporary directory"),
        }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(".config/chat-sessions").join(name)
    }

    fn config(&self) -> String {
        std::fs::read_to_string(self.path("config.toml")).unwrap_or_default()
    }

    fn write_config(&self, text: &str) {
        std::fs::create_dir_all(self.path("")).expect("the directory is writable");
        std::fs::write(self.path("config.toml"), text).expect("the directory is writable");
    }

    fn mode(&self, name: &str) -> u32 {
        let metadata = std::fs::metadata(self.path(name)).expect("it exists");
        metadata.permissions().mode() & 0o777
    }

    /// All files below the home directory.
    fn files(&self) -> Vec<String> {
        let mut found = Vec::new();
        let mut folders = vec![self.folder.path().to_owned()];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).expect("it is readable") {
                let path = entry.expect("it is readable").path();
                if path.is_dir() {
                    folders.push(path);
                } else {
                    let name = path.strip_prefix(self.folder.path()).expect("it is inside");
                    found.push(name.display().to_string());
                }
            }
        }
        found.sort();
        found
    }

    fn command(&self, arguments: &str) -> Command {
        let mut command = program();
        command
            .env("HOME", self.folder.path())
            .env("TERM", "xterm-256color")
            .env("MEMORIES_AI_BASE_URL", self.shell.sandbox.url())
            .env("LLAMA_CLOUD_BASE_URL", self.shell.sandbox.url())
            .args(arguments.split_whitespace());
        command
    }

    fn run(&self, arguments: &str) -> Ran {
        self.piped(arguments, "")
    }

    /// Runs a command with this standard input.
    fn piped(&self, arguments: &str, input: impl AsRef<[u8]>) -> Ran {
        piped(&mut self.command(arguments), input)
    }
}

fn piped(command: &mut Command, input: impl AsRef<[u8]>) -> Ran {
    let mut child = start(command.stdin(Stdio::piped()));
    // A program that refuses the arguments reads nothing.
    let _ = child.stdin.take().expect("it is piped").write_all(input.as_ref());
    let ran = ended(child);
    assert!(
        !ran.stdout.contains(PLANTED) && !ran.stderr.contains(PLANTED),
        "a key is shown: {ran:?}"
    );
    ran
}

#[test]
fn a_first_login_is_all_that_list_needs() {
    let home = Home::new();
    let ran = home.piped("auth login memories-ai", format!("{MEMORIES_KEY}\n"));
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""), "{ran:?}");
    assert!(
        ran.stdout.contains("accepted the key") && ran.stdout.contains("keys/default.memories-ai"),
        "{ran:?}"
    );
    assert_eq!(home.shell.sandbox.requests().len(), 1, "one request checks the key");
    assert_eq!(
        home.config(),
        "default_profile = \"default\"\n\n[profile.default.memories-ai]\nkey_file = \"keys/default.memories-ai\"\n"
    );
    let key = std::fs::read_to_string(home.path("keys/default.memories-ai")).expect("it was written");
    assert_eq!(key, format!("{MEMORIES_KEY}\n"));
    assert_eq!(
        (home.mode("keys/default.memories-ai"), home.mode("keys"), home.mode("")),
        (0o600, 0o700, 0o700)
    );

    let list = home.run("list -n 3 -o ndjson");
    assert_eq!((list.code, list.sessions().len()), (0, 3), "{list:?}");
    // The second provider goes to the same profile.
    let before = home.config();
    assert_eq!(home.piped("auth login llama-cloud", LLAMA_KEY).code, 0);
    assert_eq!(
        home.config(),
        format!("{before}\n[profile.default.llama-cloud]\nkey_file = \"keys/default.llama-cloud\"\n")
    );
    let list = home.run("list --all -o ndjson");
    assert!(list.ids().iter().any(|id| id.starts_with("llama-cloud:")), "{list:?}");
    assert!(
        !home.config().contains(PLANTED),
        "the key itself is never in the configuration"
    );
}

#[test]
fn the_rest_of_the_configuration_stays_as_it_is() {
    let home = Home::new();
    let text = "# mine\r\ndefault_profile='home'  # kept\r\n\r\n[profile.work.llama-cloud]\r\n\tproject_id = 'p'\r\n\r\n[profile.home]\r\n";
    home.write_config(text);
    let key = format!("\u{feff} {MEMORIES_KEY} \r\n\r\n");
    let ran = home.piped("auth login memories-ai --profile work", key);
    assert_eq!(ran.code, 0, "{ran:?}");
    let added = "\r\n[profile.work.memories-ai]\r\nkey_file = \"keys/work.memories-ai\"\r\n";
    assert_eq!(home.config(), format!("{text}{added}"));
    assert!(ran.stderr.contains("use it with --profile work"), "{}", ran.stderr);
    assert_eq!(home.run("list --profile work -n 3 -p memories-ai").code, 0);

    // Without --profile, the default is used, also if another variable names it.
    assert_eq!(home.piped("auth login memories-ai", MEMORIES_KEY).code, 0);
    assert!(
        home.config()
            .ends_with("[profile.home.memories-ai]\r\nkey_file = \"keys/home.memories-ai\"\r\n")
    );
    let mut command = home.command("auth login memories-ai");
    let ran = piped(command.env("CHAT_SESSIONS_PROFILE", "one/two"), MEMORIES_KEY);
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(
        home.config()
            .contains("[profile.\"one/two\".memories-ai]\r\nkey_file = \"keys/one%2Ftwo.memories-ai\"")
    );
}

#[test]
fn a_link_to_the_configuration_stays_a_link_with_its_permissions() {
    let home = Home::new();
    home.write_config("");
    let real = home.folder.path().join("dotfiles.toml");
    std::fs::write(&real, "[profile.a]\n").expect("the directory is writable");
    std::fs::set_permissions(&real, std::fs::Permissions::from_mode(0o644)).expect("the file is ours");
    std::fs::remove_file(home.path("config.toml")).expect("the directory is writable");
    symlink(&real, home.path("config.toml")).expect("the directory is writable");
    assert_eq!(home.piped("auth login memories-ai", MEMORIES_KEY).code, 0);
    let metadata = std::fs::symlink_metadata(home.path("config.toml")).expect("it exists");
    assert!(metadata.is_symlink());
    assert!(
        std::fs::read_to_string(&real)
            .expect("it exists")
            .contains("keys/default.memories-ai")
    );
    assert_eq!(home.mode("config.toml"), 0o644);
}

#[test]
fn a_key_is_replaced_only_with_force() {
    let home = Home::new();
    assert_eq!(home.piped("auth login memories-ai", MEMORIES_KEY).code, 0);
    let before = (home.config(), home.files());
    let requests = home.shell.sandbox.requests().len();
    let ran = home.piped("auth login memories-ai", "sk-planted-other");
    assert_eq!((ran.code, ran.stdout.as_str()), (2, ""), "{ran:?}");
    assert!(
        ran.stderr.contains("--force") && ran.stderr.contains("--profile"),
        "{}",
        ran.stderr
    );
    assert_eq!((home.config(), home.files()), before);
    assert_eq!(home.shell.sandbox.requests().len(), requests);

    // A file that another user can read becomes private.
    let key = home.path("keys/default.memories-ai");
    std::fs::write(&key, "sk-planted-old\n").expect("the directory is writable");
    std::fs::set_permissions(&key, std::fs::Permissions::from_mode(0o644)).expect("the file is ours");
    assert_eq!(home.piped("auth login memories-ai --force", MEMORIES_KEY).code, 0);
    assert_eq!(
        std::fs::read_to_string(&key).expect("it exists"),
        format!("{MEMORIES_KEY}\n")
    );
    assert_eq!(home.mode("keys/default.memories-ai"), 0o600);
    assert_eq!((home.config(), home.files()), before);

    // A key file that the configuration no longer names is protected too.
    home.write_config("");
    assert_eq!(home.piped("auth login memories-ai", MEMORIES_KEY).code, 2);
    // The path of another file is replaced, and the file stays.
    home.write_config("[profile.work.memories-ai]\nkey_file = '~/mine' # old\n");
    std::fs::write(home.folder.path().join("mine"), "sk-planted-mine\n").expect("the directory is writable");
    assert_eq!(
        home.piped("auth login memories-ai --profile work --force", MEMORIES_KEY)
            .code,
        0
    );
    assert_eq!(
        home.config(),
        "[profile.work.memories-ai]\nkey_file = \"keys/work.memories-ai\" # old\n"
    );
    assert!(home.files().contains(&"mine".to_owned()));
}

#[test]
fn a_key_that_is_not_accepted_is_not_saved() {
    let home = Home::new();
    for (input, code, message) in [
        ("sk-planted-wrong\n", 4, "Nothing was saved"),
        ("", 4, "no key was given"),
        (" \r\n\t\n", 4, "no key was given"),
        ("\"sk-planted-4711\"", 8, "quotes"),
        ("sk-planted\u{200b}-4711", 8, "invalid character"),
        ("sk-planted-4711\nsk-planted-4712", 8, ""),
        ("Bearer sk-planted-4711", 8, "Bearer"),
    ] {
        let ran = home.piped("auth login memories-ai", input);
        assert_eq!((ran.code, ran.stdout.as_str()), (code, ""), "{input:?}: {ran:?}");
        assert!(ran.stderr.contains(message), "{input:?}: {}", ran.stderr);
        assert_eq!(home.files(), Vec::<String>::new(), "{input:?}");
    }
    let binary = home.piped("auth login memories-ai", [0xff, 0xfe, b's', b'k']);
    assert_eq!(binary.code, 8, "{binary:?}");
    let long = home.piped("auth login memories-ai", "x".repeat(100_000));
    assert_eq!(long.code, 8, "{long:?}");
    for (fault, code) in [
        (Fault::status(503), 6),
        (Fault::status(429), 5),
        (Fault::status(403), 4),
    ] {
        home.shell.sandbox.clear_faults();
        home.shell.sandbox.always(Provider::MemoriesAi, fault);
        home.shell.sandbox.forget_requests();
        let ran = home.piped("auth login memories-ai", MEMORIES_KEY);
        assert_eq!(ran.code, code, "{ran:?}");
        assert!(ran.stderr.contains("Nothing was saved"), "{}", ran.stderr);
        assert_eq!(home.shell.sandbox.requests().len(), 1, "it is asked once");
    }
    assert_eq!(home.files(), Vec::<String>::new());
}

#[test]
fn what_is_wrong_before_the_key_is_read_is_reported_before_any_request() {
    let home = Home::new();
    for (config, arguments, code, message) in [
        ("", "auth login", 2, "no provider is given"),
        ("", "auth login memory-ai", 2, "'memories-ai'"),
        ("", "auth login memories-ai --profile=", 8, "empty"),
        ("= broken", "auth login memories-ai", 8, "config.toml:1"),
        (
            "[profile.a.memories-ai]\nkey = 'x'",
            "auth login memories-ai",
            8,
            "config.toml:2",
        ),
    ] {
        home.write_config(config);
        let ran = home.piped(arguments, MEMORIES_KEY);
        assert_eq!((ran.code, ran.stdout.as_str()), (code, ""), "{arguments}: {ran:?}");
        assert!(ran.stderr.contains(message), "{arguments}: {}", ran.stderr);
        assert_eq!(home.config(), config);
    }
    home.write_config("profile = { default = { llama-cloud = {} } }\n");
    let ran = home.piped("auth login memories-ai", MEMORIES_KEY);
    assert_eq!(ran.code, 8, "{ran:?}");
    assert!(
        ran.stderr.contains("key_file = \"keys/default.memories-ai\""),
        "{}",
        ran.stderr
    );
    assert_eq!(home.files(), [".config/chat-sessions/config.toml"]);
    let ran = crate::support::run(program().args(["auth", "login", "memories-ai"]));
    assert_eq!(ran.code, 8, "without a home directory: {ran:?}");
}

#[test]
fn a_key_among_the_arguments_is_not_repeated() {
    let home = Home::new();
    for arguments in [
        "auth login sk-planted-4711",
        "auth login memories-ai sk-planted-4711",
        "auth login memories-ai --api-key sk-planted-4711",
        "auth login memories-ai --api-key=sk-planted-4711",
        "auth login --force llx-planted-4711",
        "list --api-key sk-planted-4711",
    ] {
        let ran = home.piped(arguments, "");
        assert_eq!((ran.code, ran.stdout.as_str()), (2, ""), "{arguments}: {ran:?}");
        assert!(
            ran.stderr.contains("a key is never an argument"),
            "{arguments}: {}",
            ran.stderr
        );
    }
}

#[test]
fn a_variable_that_overrides_the_saved_key_causes_a_warning() {
    let home = Home::new();
    let mut command = home.command("auth login memories-ai");
    let ran = piped(command.env("MEMORIES_AI_API_KEY", "sk-planted-wrong"), MEMORIES_KEY);
    assert_eq!(ran.code, 0, "the piped key is the one that is checked: {ran:?}");
    assert!(ran.stderr.contains("MEMORIES_AI_API_KEY overrides"), "{}", ran.stderr);
    let mut quiet = home.command("auth login memories-ai --force -q");
    assert_eq!(
        piped(quiet.env("MEMORIES_AI_API_KEY", "sk-planted-wrong"), MEMORIES_KEY).stderr,
        ""
    );
}

#[test]
fn a_key_that_cannot_be_saved_leaves_everything_as_it_was() {
    let home = Home::new();
    home.write_config("[profile.a]\n");
    // A file in place of the folder of the keys.
    std::fs::write(home.path("keys"), "").expect("the directory is writable");
    let before = (home.config(), home.files());
    let ran = home.piped("auth login memories-ai", MEMORIES_KEY);
    assert_eq!(ran.code, 8, "{ran:?}");
    assert!(ran.stderr.contains("cannot write"), "{}", ran.stderr);
    assert_eq!((home.config(), home.files()), before);

    // The configuration cannot be replaced: its link leads into a folder that does not exist.
    std::fs::remove_file(home.path("keys")).expect("the directory is writable");
    std::fs::remove_file(home.path("config.toml")).expect("the directory is writable");
    std::fs::create_dir(home.path("config.toml")).expect("the directory is writable");
    let ran = home.piped("auth login memories-ai", MEMORIES_KEY);
    assert_eq!(ran.code, 8, "{ran:?}");
    assert_eq!(home.files(), Vec::<String>::new());
}

#[test]
fn a_typed_key_is_not_shown() {
    let home = Home::new();
    let mut terminal = Terminal::start(&home.command("auth login memories-ai"), 200);
    terminal.wait_for(&["API key for memories-ai"]);
    terminal.type_keys("sk-planted-tyop\x7f\x7f\x7f\x7f4711\r");
    let left = terminal.end();
    assert_eq!(left.code, 0, "{}", left.screen);
    assert!(left.screen.contains("accepted the key"), "{}", left.screen);
    assert!(
        !left.raw.contains("planted") && !left.raw.contains('*'),
        "{:?}",
        left.raw
    );
    let key = std::fs::read_to_string(home.path("keys/default.memories-ai")).expect("it was written");
    assert_eq!(key, format!("{MEMORIES_KEY}\n"));
}

#[test]
fn keys_are_hidden_before_the_prompt_is_visible() {
    const STOP_OUTPUT: &str = "\x13";
    const GO_ON: &str = "\x11";
    let home = Home::new();
    let mut terminal = Terminal::start_after(&home.command("auth login memories-ai"), 200, STOP_OUTPUT);
    // A program that writes its prompt first would wait here for ever: on Linux, writing to a terminal
    // whose output is stopped blocks.
    wait_until(|| !terminal.shows_keys());
    terminal.type_keys(GO_ON);
    terminal.wait_for(&["API key for memories-ai"]);
    terminal.type_keys(&format!("{MEMORIES_KEY}\r"));
    let left = terminal.end();
    assert_eq!(left.code, 0, "{}", left.screen);
    assert!(!left.raw.contains("planted"), "{:?}", left.raw);
}

#[test]
fn without_a_provider_the_terminal_asks_for_it() {
    let home = Home::new();
    let mut terminal = Terminal::start(&home.command("auth login"), 200);
    terminal.wait_for(&["Provider (memories-ai or llama-cloud):"]);
    terminal.type_keys(" Llama-Cloud\r");
    terminal.wait_for(&["API key for llama-cloud"]);
    terminal.type_keys(&format!("{LLAMA_KEY}\r"));
    let left = terminal.end();
    assert_eq!(left.code, 0, "{}", left.screen);
    assert!(home.config().contains("[profile.default.llama-cloud]"));

    let mut terminal = Terminal::start(&home.command("auth login"), 200);
    terminal.wait_for(&["Provider ("]);
    terminal.type_keys("nobody\r");
    let left = terminal.end();
    assert_eq!(left.code, 8, "{}", left.screen);
}

/// A script with `stty`, `grep` and `sleep`.
fn with_tools(mut shell: Command) -> Command {
    shell.env("PATH", "/usr/bin:/bin");
    shell
}

#[test]
fn leaving_the_prompt_saves_nothing_and_restores_the_echo() {
    let home = Home::new();
    // A shell shows whether the terminal shows again what is typed.
    let typing = |arguments: &str| {
        let script = "trap : INT TERM HUP; \"$0\" \"$@\"; code=$?
            stty -a | grep -o -e '-\\{0,1\\}echo ' -e '-\\{0,1\\}icanon' -e '-\\{0,1\\}isig'; exit $code";
        with_tools(in_a_shell(script, &home.command(arguments)))
    };
    for (keys, code) in [("\x03", 130), ("sk-planted\x03", 130), ("\x04", 4), ("\r", 4)] {
        let mut terminal = Terminal::start(&typing("auth login memories-ai"), 200);
        terminal.wait_for(&["API key for"]);
        terminal.type_keys(keys);
        let left = terminal.end();
        assert_eq!(left.code, code, "{keys:?}: {}", left.screen);
        for flag in ["echo", "icanon", "isig"] {
            let mut lines = left.screen.lines().map(str::trim_end);
            assert!(lines.any(|line| line == flag), "{keys:?} {flag}: {}", left.screen);
        }
        assert_eq!(home.files(), Vec::<String>::new(), "{keys:?}");
    }
}

#[test]
fn a_signal_from_another_program_restores_the_echo_too() {
    let home = Home::new();
    // Starts the program in the background, but with the terminal as its input, and ends it when the
    // file `go` appears.
    let script = "exec 3<&0; \"$0\" \"$@\" <&3 & while [ ! -e \"$HOME/go\" ]; do sleep 0.02; done
        kill -TERM $!; wait $!; code=$?; stty -a | grep -o -e '-\\{0,1\\}echo '; exit $code";
    let shell = with_tools(in_a_shell(script, &home.command("auth login memories-ai")));
    let mut terminal = Terminal::start(&shell, 200);
    terminal.wait_for(&["API key for"]);
    std::fs::write(home.folder.path().join("go"), "").expect("the directory is writable");
    let left = terminal.end();
    assert_eq!(left.code, 143, "{}", left.screen);
    let mut lines = left.screen.lines().map(str::trim_end);
    assert!(lines.any(|line| line == "echo"), "{}", left.screen);
    assert_eq!(home.files(), ["go"]);
}

#[test]
fn a_signal_before_the_provider_responds_saves_nothing() {
    let home = Home::new();
    home.shell
        .sandbox
        .always(Provider::MemoriesAi, Fault::ordinary().with_hold());
    for (signal, code) in [("INT", 130), ("TERM", 143)] {
        home.shell.sandbox.forget_requests();
        let mut child = start(home.command("auth login memories-ai").stdin(Stdio::piped()));
        let mut input = child.stdin.take().expect("it is piped");
        input.write_all(MEMORIES_KEY.as_bytes()).expect("it reads the key");
        drop(input);
        wait_until(|| home.shell.sandbox.request_count(Provider::MemoriesAi) == 1);
        if signal == "INT" {
            interrupt(&child);
        } else {
            send(signal, &child);
        }
        let ran = ended(child);
        assert_eq!(
            (ran.code, ran.stderr.as_str()),
            (code, "interrupted; nothing was saved\n"),
            "{ran:?}"
        );
        assert_eq!(home.files(), Vec::<String>::new());
    }
    // A signal while the pipe is still open.
    let mut child = start(home.command("auth login memories-ai").stdin(Stdio::piped()));
    let input = child.stdin.take().expect("it is piped");
    crate::support::wait_until_stuck(&child);
    interrupt(&child);
    assert_eq!(ended(child).code, 130);
    drop(input);
}
