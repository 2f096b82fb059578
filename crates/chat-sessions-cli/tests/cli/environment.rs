//! Environment variables: keys and key files, scopes, base URLs, and the message for each mistake.

use std::process::Command;

use crate::support::{LLAMA_KEY, MEMORIES_KEY, PROXY_VARIABLES, Ran, Shell, chat_sessions, program, run};

#[test]
fn without_a_key_the_error_names_the_variables_and_the_sandbox() {
    let ran = chat_sessions(&["list"]);
    assert_eq!((ran.code, ran.stdout.as_str()), (4, ""));
    for word in ["MEMORIES_AI_API_KEY", "LLAMA_CLOUD_API_KEY", "--sandbox"] {
        assert!(ran.stderr.contains(word), "{}", ran.stderr);
    }
    assert_eq!(ran.stderr.lines().count(), 1);
}

#[test]
fn a_selected_provider_without_a_key_is_an_error_that_names_its_variables() {
    let shell = Shell::start();
    for (provider, variable) in [
        ("memories-ai", "MEMORIES_AI_API_KEY"),
        ("llama-cloud", "LLAMA_CLOUD_API_KEY"),
    ] {
        // Scripts often clear a variable by setting it to the empty string.
        let ran = run(shell.command("--provider").arg(provider).env(variable, ""));
        assert_eq!((ran.code, ran.stdout.as_str()), (4, ""));
        for word in [variable, &format!("{variable}_FILE"), "--sandbox"] {
            assert!(ran.stderr.contains(word), "{}", ran.stderr);
        }
    }
    assert!(shell.sandbox.requests().is_empty());
}

#[test]
fn a_provider_without_a_key_is_skipped() {
    let shell = Shell::start();
    let ran = run(shell.command("--all -o ndjson").env_remove("MEMORIES_AI_API_KEY"));
    assert_eq!((ran.ids().len(), ran.stderr.as_str(), ran.code), (112, "", 0));
}

#[test]
fn the_alternative_key_variables_are_read() {
    let shell = Shell::start();
    let mut command = shell.command("--all -o ndjson");
    command
        .env_remove("MEMORIES_AI_API_KEY")
        .env_remove("LLAMA_CLOUD_API_KEY");
    command
        .env("MEMORIES_API_KEY", MEMORIES_KEY)
        .env("LLAMA_PARSE_API_KEY", LLAMA_KEY);
    assert_eq!(run(&mut command).ids().len(), 249);
}

#[test]
fn a_key_is_read_from_the_file_that_a_variable_names() {
    let shell = Shell::start();
    let folder = tempfile::tempdir().expect("a temporary directory");
    let file = folder.path().join("key with spaces");
    std::fs::write(&file, format!("{LLAMA_KEY}\n")).expect("the directory is writable");
    let mut command = shell.command("--provider llama-cloud --all -o ndjson");
    command
        .env_remove("LLAMA_CLOUD_API_KEY")
        .env("LLAMA_CLOUD_API_KEY_FILE", file);
    assert_eq!(run(&mut command).ids().len(), 112);
}

#[test]
fn the_scopes_are_read_from_the_environment() {
    let shell = Shell::start();
    let mut command = shell.command("--all -o ndjson");
    command
        .env("MEMORIES_AI_UNIQUE_ID", "Demo-Team")
        .env("LLAMA_CLOUD_PROJECT_ID", chat_sessions_sandbox::OTHER_PROJECT_ID)
        .env("LLAMA_CLOUD_ORGANIZATION_ID", chat_sessions_sandbox::ORGANIZATION_ID);
    assert_eq!(run(&mut command).ids().len(), 5 + 31);
}

/// Runs a list that must fail before any request.
fn refused(change: impl FnOnce(&mut Command)) -> Ran {
    let shell = Shell::start();
    let mut command = shell.command("");
    change(&mut command);
    let ran = run(&mut command);
    assert_eq!((ran.code, ran.stdout.as_str()), (8, ""), "{}", ran.stderr);
    assert_eq!(ran.stderr.lines().count(), 1, "{}", ran.stderr);
    assert!(shell.sandbox.requests().is_empty(), "a request was made");
    ran
}

#[test]
fn an_invalid_value_is_an_error_before_any_request_that_names_its_variable() {
    for (variable, value, reason) in [
        ("MEMORIES_AI_BASE_URL", "ftp://api.memories.ai", "ftp"),
        ("LLAMA_CLOUD_BASE_URL", "ftp://127.0.0.1", "ftp"),
        (
            "MEMORIES_AI_BASE_URL",
            "https://user:planted@127.0.0.1",
            "a user name or a password",
        ),
        (
            "LLAMA_CLOUD_BASE_URL",
            "https://planted@127.0.0.1",
            "a user name or a password",
        ),
        ("LLAMA_CLOUD_BASE_URL", "https://127.0.0.1?key=planted", "a query"),
        ("MEMORIES_AI_BASE_URL", "http://api.memories.ai", "plain http"),
        ("LLAMA_CLOUD_BASE_URL", "http://192.0.2.1/api/v1", "plain http"),
        ("LLAMA_CLOUD_BASE_URL", "https://", "empty host"),
        ("LLAMA_CLOUD_API_KEY", "Bearer planted", "Bearer"),
        ("MEMORIES_AI_API_KEY", "sk planted", "white space"),
        ("MEMORIES_AI_API_KEY", "\"sk-planted\"", "is in quotes"),
        ("LLAMA_CLOUD_API_KEY", "'llx-planted'", "is in quotes"),
        ("LLAMA_CLOUD_API_KEY", "“llx-planted”", "is in quotes"),
        ("LLAMA_CLOUD_API_KEY", "llx-planted\"", "is in quotes"),
        ("LLAMA_CLOUD_API_KEY", "llx\u{a0}planted", "white space"),
        ("LLAMA_CLOUD_PROJECT_ID", "\"planted\"", "is in quotes"),
        ("LLAMA_CLOUD_PROJECT_ID", "pro\rj-planted", "a control character"),
        (
            "LLAMA_CLOUD_PROJECT_ID",
            "proj\u{200b}-planted",
            "an invisible character",
        ),
        (
            "LLAMA_CLOUD_ORGANIZATION_ID",
            "a\u{1b}[31mplanted",
            "a control character",
        ),
        ("MEMORIES_AI_UNIQUE_ID", "\u{202e}planted\tx", "a control character"),
        ("MEMORIES_AI_UNIQUE_ID", "‘planted’", "is in quotes"),
        ("MEMORIES_AI_BASE_URL", "planted", "not a host name"),
        ("LLAMA_CLOUD_BASE_URL", "planted:8080", "not a host name"),
        ("LLAMA_CLOUD_BASE_URL", "\"https://planted.example\"", "is in quotes"),
        (
            "LLAMA_CLOUD_BASE_URL",
            "https://planted.exa\tmple",
            "a control character",
        ),
        ("LLAMA_CLOUD_BASE_URL", "https://planted.example#x", "a fragment"),
        ("LLAMA_CLOUD_API_KEY_FILE", "\"/planted\"", "is in quotes"),
        ("CHAT_SESSIONS_CONFIG", "\"/planted\"", "is in quotes"),
        ("XDG_CONFIG_HOME", "'/planted'", "is in quotes"),
        ("CHAT_SESSIONS_PROFILE", "\"planted\"", "is in quotes"),
        ("CHAT_SESSIONS_LOG", "\"debug\"", "must be off"),
        ("HTTP_PROXY", "\"http://127.0.0.1:9\"", "is in quotes"),
        ("HTTPS_PROXY", "'http://127.0.0.1:9'", "is in quotes"),
        ("ALL_PROXY", "http://127.0.0.1:9 # the office", "white space"),
        ("http_proxy", "socks5://127.0.0.1:99999", "not the address"),
        ("https_proxy", "htp://127.0.0.1:9", "a scheme"),
        ("all_proxy", "http://me:planted#1@127.0.0.1:9", "not the address"),
        ("HTTPS_PROXY", "http://me:1#planted@127.0.0.1:9", "a fragment"),
        ("HTTPS_PROXY", "http://", "not the address"),
        ("NO_PROXY", "\"*\"", "is in quotes"),
        ("no_proxy", "localhost,https://planted.example", "entry 2"),
        ("SSL_CERT_FILE", "/no/such/file", "/no/such/file"),
        ("SSL_CERT_FILE", "\"/etc/planted\"", "is in quotes"),
        ("SSL_CERT_FILE", "/dev/null", "no PEM certificate"),
        ("SSL_CERT_DIR", "/no/such/folder", "/no/such/folder"),
        ("LLAMA_CLOUD_API_KEY_FILE", "no/such/file", "cannot be read"),
        ("LLAMA_CLOUD_API_KEY_FILE", "/no/such/file", "/no/such/file"),
        ("MEMORIES_AI_API_KEY_FILE", "no/such/file", "cannot be read"),
    ] {
        let ran = refused(|command| {
            command.env(variable, value);
        });
        for word in [variable, reason] {
            assert!(ran.stderr.contains(word), "{variable}={value}: {}", ran.stderr);
        }
    }
}

/// The variables that hold text, and those that name a file.
fn variables() -> impl Iterator<Item = &'static str> {
    VARIABLES.into_iter().chain(PROXY_VARIABLES)
}

/// Those that do not name a proxy.
const VARIABLES: [&str; 18] = [
    "MEMORIES_AI_API_KEY",
    "MEMORIES_API_KEY",
    "MEMORIES_AI_API_KEY_FILE",
    "MEMORIES_AI_UNIQUE_ID",
    "MEMORIES_AI_BASE_URL",
    "LLAMA_CLOUD_API_KEY",
    "LLAMA_PARSE_API_KEY",
    "LLAMA_CLOUD_API_KEY_FILE",
    "LLAMA_CLOUD_PROJECT_ID",
    "LLAMA_CLOUD_ORGANIZATION_ID",
    "LLAMA_CLOUD_BASE_URL",
    "CHAT_SESSIONS_CONFIG",
    "CHAT_SESSIONS_PROFILE",
    "CHAT_SESSIONS_LOG",
    "NO_PROXY",
    "no_proxy",
    "SSL_CERT_FILE",
    "SSL_CERT_DIR",
];

#[cfg(unix)]
#[test]
fn a_value_that_is_no_text_is_an_error_that_names_its_variable() {
    use std::ffi::OsString;
    use std::os::unix::ffi::OsStringExt;

    for variable in variables() {
        let ran = refused(|command| {
            command.env(variable, OsString::from_vec(b"x\xff".to_vec()));
        });
        assert!(ran.stderr.contains(variable), "{variable}: {}", ran.stderr);
    }
}

#[test]
fn what_a_foreign_file_leaves_around_a_value_is_removed() {
    let shell = Shell::start();
    let folder = tempfile::tempdir().expect("a temporary directory");
    let path = |name: &str| folder.path().join(name).display().to_string();
    let key = |name: &str, content: String| {
        std::fs::write(path(name), content).expect("the directory is writable");
        path(name)
    };
    let config = key("config.toml", "[profile.work.memories-ai]\r\n".to_owned());
    let [memories, llama] = [("memories", MEMORIES_KEY), ("llama", LLAMA_KEY)]
        .map(|(name, content)| key(name, format!("\u{feff} {content}\t\r\n\r\n")));
    let value = |variable: &str| match variable {
        "MEMORIES_AI_API_KEY" | "MEMORIES_API_KEY" => MEMORIES_KEY.to_owned(),
        "LLAMA_CLOUD_API_KEY" | "LLAMA_PARSE_API_KEY" => LLAMA_KEY.to_owned(),
        "MEMORIES_AI_API_KEY_FILE" => memories.clone(),
        "LLAMA_CLOUD_API_KEY_FILE" => llama.clone(),
        "MEMORIES_AI_UNIQUE_ID" => "Demo-Team".to_owned(),
        "LLAMA_CLOUD_PROJECT_ID" => chat_sessions_sandbox::OTHER_PROJECT_ID.to_owned(),
        "LLAMA_CLOUD_ORGANIZATION_ID" => chat_sessions_sandbox::ORGANIZATION_ID.to_owned(),
        "MEMORIES_AI_BASE_URL" | "LLAMA_CLOUD_BASE_URL" => shell.sandbox.url(),
        "CHAT_SESSIONS_CONFIG" => config.clone(),
        "CHAT_SESSIONS_PROFILE" => "work".to_owned(),
        "CHAT_SESSIONS_LOG" => "off".to_owned(),
        "NO_PROXY" | "no_proxy" => "a.example,".to_owned(),
        _ => "http://127.0.0.1:9".to_owned(),
    };
    for (before, after) in [("", "\r"), (" ", " \r\n"), ("\t", "\n"), ("\u{feff}", "\u{a0}")] {
        let mut command = shell.command("--all -o ndjson");
        // An invalid certificate is an error, and the tests have none.
        for variable in variables().filter(|variable| !variable.starts_with("SSL_")) {
            command.env(variable, format!("{before}{}{after}", value(variable)));
        }
        let ran = run(&mut command);
        let warnings = ran.stderr.lines().filter(|line| !line.contains("other users can read"));
        assert_eq!((ran.code, warnings.count()), (0, 0), "{after:?}: {}", ran.stderr);
        assert_eq!(ran.ids().len(), 5 + 31, "{after:?}");
    }
    let empty = run(shell
        .command("--all -o ndjson")
        .env("LLAMA_CLOUD_PROJECT_ID", "\r\n")
        .env("NO_PROXY", " "));
    assert_eq!(empty.ids().len(), 249, "{}", empty.stderr);
}

#[test]
fn a_scope_option_is_trimmed_and_checked_too() {
    let shell = Shell::start();
    let mut command = shell.command("--provider memories-ai --all -o ndjson");
    assert_eq!(run(command.args(["--scope", "Demo-Team\r\n"])).ids().len(), 5);
    for (scope, reason) in [
        ("a\u{1b}[31mb", "a control character"),
        ("\"Demo-Team\"", "is in quotes"),
        ("memories-ai/'Demo-Team'", "is in quotes"),
        ("a\u{202e}b", "an invisible character"),
    ] {
        let ran = refused(|command| {
            command.args(["--provider", "memories-ai", "--scope", scope]);
        });
        assert!(
            ran.stderr.contains("--scope: ") && ran.stderr.contains(reason),
            "{}",
            ran.stderr
        );
    }
    let ran = refused(|command| {
        command.args(["--profile", "'planted'"]);
    });
    assert!(ran.stderr.contains("--profile: is in quotes"), "{}", ran.stderr);
}

#[test]
fn a_time_zone_that_cannot_be_parsed_causes_one_warning() {
    let shell = Shell::start();
    for (zone, warns) in [
        ("Europe/Berlin", false),
        ("Europe/Berlin\r", false),
        (" Europe/Berlin", false),
        (":Europe/Berlin\r\n", false),
        ("CET-1CEST,M3.5.0,M10.5.0/3\r", false),
        ("", false),
        ("Europe/Berln", true),
        ("\"Europe/Berlin\"", true),
        ("Berlin", true),
    ] {
        let ran = run(shell.command("--limit 1 -o ndjson").env("TZ", zone));
        assert_eq!(ran.code, 0, "{zone:?}: {}", ran.stderr);
        let warnings = ran.stderr.matches("TZ is not a known time zone").count();
        assert_eq!(warnings, usize::from(warns), "{zone:?}: {}", ran.stderr);
        let quiet = run(shell.command("-q --limit 1").env("TZ", zone));
        assert!(!quiet.stderr.contains("TZ"), "{}", quiet.stderr);
    }
}

#[test]
fn two_variables_with_different_keys_are_an_error_that_names_both() {
    for (first, second) in [
        ("MEMORIES_AI_API_KEY", "MEMORIES_API_KEY"),
        ("LLAMA_CLOUD_API_KEY", "LLAMA_PARSE_API_KEY"),
    ] {
        let ran = refused(|command| {
            command.env(second, "another-planted-key");
        });
        assert!(
            ran.stderr.contains(first) && ran.stderr.contains(second),
            "{}",
            ran.stderr
        );
    }
}

#[test]
fn an_invalid_value_of_an_unselected_provider_is_ignored() {
    let shell = Shell::start();
    let mut command = shell.command("--provider memories-ai --limit 1 -o ndjson");
    assert_eq!(run(command.env("LLAMA_CLOUD_BASE_URL", "ftp://127.0.0.1")).code, 0);
}

#[test]
fn the_sandbox_needs_no_key_and_ignores_the_environment() {
    let ran = run(program()
        .args(["list", "--sandbox", "--limit", "2", "-o", "ndjson"])
        .envs([
            ("MEMORIES_AI_API_KEY", "Bearer planted"),
            ("LLAMA_CLOUD_BASE_URL", "ftp://127.0.0.1"),
        ]));
    assert_eq!((ran.code, ran.ids().len()), (0, 2));
}

#[test]
fn the_sandbox_has_recent_sessions_whatever_today_is() {
    let list = |day: &str, arguments: &[&str]| {
        let list = ["list", "--sandbox", "-o", "ndjson"];
        run(program().args(list).args(arguments).env("CHAT_SESSIONS_TODAY", day))
    };
    for day in ["", "2026-04-23", "2024-03-01"] {
        assert!(!list(day, &["--since", "7d"]).sessions().is_empty(), "{day}");
        assert!(list(day, &["--since", "today"]).sessions().is_empty(), "{day}");
    }
    for day in ["yesterday", "2026-02-30", "1999-12-31"] {
        let ran = list(day, &[]);
        assert_eq!((ran.code, ran.stdout.as_str()), (8, ""));
        assert!(ran.stderr.contains("CHAT_SESSIONS_TODAY"), "{}", ran.stderr);
        let ran = run(program().args(["sandbox", "--day", day]));
        assert_eq!((ran.code, ran.stdout.as_str()), (2, ""));
        assert!(ran.stderr.contains("--day"), "{}", ran.stderr);
    }
}
