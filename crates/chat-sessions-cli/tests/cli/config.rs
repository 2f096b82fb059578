//! Configuration: precedence of option, variable, profile and default; `config show`; and mistakes in
//! the file.

use std::path::PathBuf;
use std::process::Command;

use chat_sessions_sandbox::{OTHER_PROJECT_ID, Provider};
use tempfile::TempDir;

use crate::support::{LLAMA_KEY, MEMORIES_KEY, Ran, Shell, parsed, program, run, sorted, text};

/// A directory with a configuration file and key files. Commands run by it use that file.
struct Home {
    folder: TempDir,
}

impl Home {
    fn new(config: &str) -> Self {
        let home = Self {
            folder: tempfile::tempdir().expect("a temporary directory"),
        };
        home.write("config.toml", config);
        home.key("memories", MEMORIES_KEY);
        home.key("llama", LLAMA_KEY);
        home
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn write(&self, name: &str, content: &str) {
        std::fs::write(self.path(name), content).expect("the directory is writable");
    }

    /// Writes a key file that only the owner can read.
    fn key(&self, name: &str, key: &str) {
        self.write(name, &format!("{key}\n"));
        #[cfg(unix)]
        self.mode(name, 0o600);
    }

    #[cfg(unix)]
    fn mode(&self, name: &str, mode: u32) {
        use std::os::unix::fs::PermissionsExt;
        std::fs::set_permissions(self.path(name), std::fs::Permissions::from_mode(mode)).expect("the file is ours");
    }

    fn command(&self, arguments: &str) -> Command {
        let mut command = program();
        command.env("CHAT_SESSIONS_CONFIG", self.path("config.toml"));
        command.args(arguments.split_whitespace());
        command
    }

    fn run(&self, arguments: &str) -> Ran {
        run(&mut self.command(arguments))
    }

    /// Replaces the path of the directory, which differs in every run.
    fn without_path(&self, printed: &str) -> String {
        printed.replace(&self.folder.path().display().to_string(), "[folder]")
    }
}

fn snapshot(name: &str, text: &str) {
    insta::with_settings!({ omit_expression => true }, { insta::assert_snapshot!(name, text) });
}

const WORK: &str = r#"
default_profile = "work"

[profile.work.memories-ai]
unique_id = "team-a"
key_file = "memories"

[profile.work.llama-cloud]
project_id = "p-1"
organization_id = "o-1"
base_url = "https://api.cloud.eu.llamaindex.ai"
key_file = "llama"

[profile.home.memories-ai]
key_file = "no-such-file"
"#;

/// A name, arguments, and variables.
type Case = (&'static str, &'static str, &'static [(&'static str, &'static str)]);

#[test]
fn each_value_comes_from_the_origin_with_the_highest_precedence() {
    let home = Home::new(WORK);
    let cases: [Case; 6] = [
        ("the default profile", "", &[]),
        ("a profile by an option, with a missing key file", "--profile home", &[]),
        ("a profile by a variable", "", &[("CHAT_SESSIONS_PROFILE", "home")]),
        (
            "variables override the profile",
            "--provider memories-ai",
            &[
                ("MEMORIES_API_KEY", "sk-planted-4711"),
                ("MEMORIES_AI_UNIQUE_ID", "team-b"),
                ("MEMORIES_AI_BASE_URL", "https://gateway.example/memories\r"),
            ],
        ),
        (
            "an option overrides everything; an empty variable counts as unset",
            "--provider memories-ai --scope team-c",
            &[("MEMORIES_AI_UNIQUE_ID", "team-b"), ("MEMORIES_AI_API_KEY", "")],
        ),
        (
            "two profiles",
            "--provider memories-ai --profile work --profile home --profile work",
            &[],
        ),
    ];
    let mut texts = String::new();
    for (name, arguments, variables) in cases {
        let mut command = home.command(&format!("config show --origin {arguments}"));
        let ran = run(command.envs(variables.iter().copied()));
        assert_eq!((ran.code, ran.stderr.as_str()), (0, ""), "{name}");
        texts.push_str(&format!("# {name}\n{}\n", home.without_path(&ran.stdout)));
    }
    snapshot("origins", &texts);
}

#[test]
fn config_show_reports_what_is_wrong_and_where() {
    let home = Home::new("default_profile = \"work\"\n[profile.work.memories-ai]\nkey_file = \"memories\"\n");
    let wrong = Home::new("[profile.work.memories-ai]\nbase_url = \"planted\"\nunique_id = \"x\"\n");
    for (home, arguments, variable, value, named) in [
        (
            &home,
            "",
            "MEMORIES_AI_BASE_URL",
            "https://me:planted@127.0.0.1",
            "MEMORIES_AI_BASE_URL: ",
        ),
        (
            &home,
            "",
            "MEMORIES_AI_BASE_URL",
            "me:planted@127.0.0.1",
            "MEMORIES_AI_BASE_URL: ",
        ),
        (&home, "", "LLAMA_CLOUD_BASE_URL", "planted", "LLAMA_CLOUD_BASE_URL: "),
        (
            &home,
            "",
            "LLAMA_CLOUD_PROJECT_ID",
            "'planted'",
            "LLAMA_CLOUD_PROJECT_ID: ",
        ),
        (
            &home,
            "",
            "LLAMA_CLOUD_ORGANIZATION_ID",
            "a\tplanted",
            "LLAMA_CLOUD_ORGANIZATION_ID: ",
        ),
        (&home, "", "LLAMA_CLOUD_API_KEY", "\"planted\"", "LLAMA_CLOUD_API_KEY: "),
        (
            &home,
            "",
            "LLAMA_PARSE_API_KEY_FILE",
            "\"/planted\"",
            "LLAMA_PARSE_API_KEY_FILE: ",
        ),
        (&home, "--scope llama-cloud/'planted'", "UNUSED", "", "--scope: "),
        (&home, "", "https_proxy", "\"http://planted:1\"", "https_proxy: "),
        (&home, "", "SSL_CERT_FILE", "\"/planted\"", "SSL_CERT_FILE: "),
        (
            &wrong,
            "--profile work",
            "UNUSED",
            "",
            "profile.work.memories-ai.base_url at ",
        ),
    ] {
        let mut command = home.command(&format!("config show {arguments} -o json"));
        let ran = run(command.env(variable, value));
        let errors = ran.errors();
        assert_eq!((ran.code, errors.len()), (8, 1), "{variable}={value}: {ran:?}");
        assert!(
            text(&errors[0]["message"]).contains(named),
            "{variable}={value}: {ran:?}"
        );
        parsed(&ran.stdout);
    }
    // Both at once, on standard error, and the settings on standard output.
    let ran = run(home
        .command("config show --origin")
        .env("LLAMA_CLOUD_BASE_URL", "planted"));
    assert_eq!(ran.code, 8);
    snapshot(
        "invalid_values",
        &home.without_path(&format!("{}\n{}", ran.stdout, ran.stderr)),
    );
}

#[test]
fn a_home_directory_is_expanded_in_every_path_variable() {
    let shell = Shell::start();
    let home = four_profiles(&shell);
    home.write(
        "tilde.toml",
        &format!(
            "[profile.tilde.memories-ai]\nbase_url = \"{}\"\nkey_file = \"~/memories\"\n",
            shell.sandbox.url()
        ),
    );
    std::fs::create_dir_all(home.path("xdg/chat-sessions")).expect("the directory is writable");
    std::fs::copy(home.path("tilde.toml"), home.path("xdg/chat-sessions/config.toml")).expect("it is writable");
    for (arguments, variables) in [
        ("--profile tilde", vec![("CHAT_SESSIONS_CONFIG", "~/tilde.toml\r")]),
        ("--profile tilde", vec![("XDG_CONFIG_HOME", "~/xdg")]),
        (
            "--provider memories-ai",
            vec![
                ("MEMORIES_AI_API_KEY_FILE", "~/memories"),
                ("MEMORIES_AI_BASE_URL", &shell.sandbox.url()),
            ],
        ),
    ] {
        let mut command = program();
        command
            .args(["list", "--limit", "1", "-o", "ndjson"])
            .args(arguments.split(' '));
        let ran = run(command.env("HOME", home.folder.path()).envs(variables.iter().copied()));
        assert_eq!((ran.code, ran.ids().len()), (0, 1), "{variables:?}: {}", ran.stderr);
    }
    for (variable, value) in [
        ("CHAT_SESSIONS_CONFIG", "~/no-such.toml"),
        ("MEMORIES_AI_API_KEY_FILE", "~/no-such-key"),
        ("SSL_CERT_FILE", "~/no-such.pem"),
    ] {
        let ran = run(program()
            .args(["list", "--provider", "memories-ai"])
            .env("HOME", home.folder.path())
            .env(variable, value));
        assert_eq!(ran.code, 8, "{variable}: {}", ran.stderr);
        let path = home.path(value.trim_start_matches("~/")).display().to_string();
        assert!(
            ran.stderr.contains(&path) && ran.stderr.contains(variable),
            "{}",
            ran.stderr
        );
    }
}

#[test]
fn config_show_prints_json() {
    let home = Home::new(WORK);
    let ran = home.run("config show --provider llama-cloud -o json");
    assert_eq!(ran.code, 0);
    parsed(&ran.stdout);
    snapshot("origins_json", &home.without_path(&ran.stdout));
}

#[test]
fn without_origin_only_values_are_printed() {
    let home = Home::new(WORK);
    let text = home.without_path(&home.run("config show").ok());
    assert!(!text.contains("config.toml:"), "{text}");
    assert!(text.contains("unique_id  team-a\n"), "{text}");
}

#[test]
fn the_file_is_found_in_the_usual_directories() {
    let home = Home::new("");
    for (variable, below) in [("XDG_CONFIG_HOME", ""), ("HOME", ".config")] {
        let folder = home.path(below).join("chat-sessions");
        std::fs::create_dir_all(&folder).expect("the directory is writable");
        std::fs::write(folder.join("config.toml"), "[profile.here]").expect("the directory is writable");
        let ran = run(program()
            .args(["config", "show", "--profile", "here"])
            .env(variable, home.folder.path()));
        assert_eq!(ran.code, 0, "{variable}: {}", ran.stderr);
        assert!(ran.stdout.starts_with(&format!(
            "configuration file: {}\n",
            folder.join("config.toml").display()
        )));
    }
    let ran = run(program().args(["config", "show"]).env("HOME", home.path("elsewhere")));
    assert!(ran.stdout.contains("config.toml (does not exist)"), "{}", ran.stdout);
    // A file that the environment names must exist.
    let ran = run(program()
        .args(["config", "show"])
        .env("CHAT_SESSIONS_CONFIG", home.path("elsewhere")));
    assert_eq!((ran.code, ran.stdout.as_str()), (8, ""));
    assert!(ran.stderr.contains("CHAT_SESSIONS_CONFIG"), "{}", ran.stderr);
}

#[test]
fn a_mistake_in_the_file_ends_every_command_and_the_message_has_its_line() {
    let mut texts = String::new();
    for config in [
        "[profile.work.memories-ai]\napi_key = \"sk-planted\"\n",
        "[profile.work.memories-ai]\nuniqe_id = \"planted\"\n",
        "[profile.work.memory-ai]\n",
        "default_profile = \"hone\"\n[profile.home]\n",
        "[profile.work\n",
    ] {
        let home = Home::new(config);
        for command in ["list", "doctor", "config show"] {
            let ran = home.run(command);
            assert_eq!((ran.code, ran.stdout.as_str()), (8, ""), "{command}: {}", ran.stderr);
            let ran = home.run(&format!("{command} -o json"));
            assert_eq!(ran.code, 8, "{command}: {}", ran.stderr);
            assert_eq!(text(&ran.errors()[0]["kind"]), "config");
        }
        texts.push_str(&home.without_path(&home.run("list").stderr));
    }
    snapshot("wrong_file", &texts);
}

/// A file with four profiles for the sandbox of a shell.
fn four_profiles(shell: &Shell) -> Home {
    let url = shell.sandbox.url();
    Home::new(&format!(
        r#"
        [profile.default.memories-ai]
        base_url = "{url}"
        key_file = "memories"
        [profile.default.llama-cloud]
        base_url = "{url}"
        key_file = "llama"

        [profile.team.memories-ai]
        base_url = "{url}"
        unique_id = "Demo-Team"
        key_file = "memories"

        [profile.other.llama-cloud]
        base_url = "{url}"
        project_id = "{OTHER_PROJECT_ID}"
        key_file = "llama"

        [profile.stranger.memories-ai]
        base_url = "{url}"
        key_file = "llama"
        "#
    ))
}

fn scopes(ran: &Ran) -> Vec<String> {
    let labels = ran.sessions().into_iter().map(|session| {
        let provider = text(&session["provider"]).to_owned();
        session["scope"]
            .as_str()
            .map_or_else(|| provider.clone(), |scope| format!("{provider}/{scope}"))
    });
    let mut labels = sorted(labels.collect::<Vec<_>>());
    labels.dedup();
    labels
}

#[test]
fn several_profiles_are_listed_together() {
    let shell = Shell::start();
    let home = four_profiles(&shell);
    let other = format!("llama-cloud/{OTHER_PROJECT_ID}");
    for (profiles, count, labels) in [
        ("--profile team", 5, vec!["memories-ai/Demo-Team"]),
        ("--profile default", 249, vec!["llama-cloud", "memories-ai/default"]),
        (
            "--profile default --profile team --profile other",
            249 + 5 + 31,
            vec!["llama-cloud", &other, "memories-ai/Demo-Team", "memories-ai/default"],
        ),
        ("--profile other --provider llama-cloud", 31, vec![&other]),
    ] {
        let ran = home.run(&format!("list --all -o ndjson {profiles}"));
        assert_eq!(
            (ran.code, ran.stderr.as_str(), ran.ids().len()),
            (0, "", count),
            "{profiles}"
        );
        assert_eq!(scopes(&ran), labels, "{profiles}");
    }
}

#[test]
fn several_scopes_of_an_account_are_listed_together() {
    let shell = Shell::start();
    let home = four_profiles(&shell);
    let list = |arguments: &str| home.run(&format!("list --all --profile default {arguments}"));
    let ran = list("-o ndjson --scope memories-ai/demo-team --scope memories-ai/Demo-Team");
    assert_eq!((ran.code, ran.ids().len()), (0, 23 + 5 + 112), "{}", ran.stderr);
    assert_eq!(
        scopes(&ran),
        ["llama-cloud", "memories-ai/Demo-Team", "memories-ai/demo-team"]
    );
    let ran = list("-o ndjson --provider memories-ai --scope demo-team --scope demo-team");
    assert_eq!(
        (ran.code, ran.ids().len()),
        (0, 23),
        "a repeated scope counts once: {}",
        ran.stderr
    );
    // If the profile has only one provider, the scope needs no provider.
    let ran = home.run("list --all -o ndjson --profile team --scope demo-team");
    assert_eq!((ran.code, ran.ids().len()), (0, 23), "{}", ran.stderr);

    // Each scope fails separately, and its error names it.
    shell
        .sandbox
        .always(Provider::MemoriesAi, chat_sessions_sandbox::Fault::status(500));
    let ran = list("--attempts 1 --scope memories-ai/demo-team --scope memories-ai/Demo-Team --stats -o table");
    for label in ["error: memories-ai/demo-team: ", "error: memories-ai/Demo-Team: "] {
        assert!(ran.stderr.contains(label), "{}", ran.stderr);
    }
    assert_eq!(ran.stderr.matches("failed: server").count(), 2, "{}", ran.stderr);
}

#[test]
fn the_cursor_of_several_scopes_continues_them() {
    let shell = Shell::start();
    let home = four_profiles(&shell);
    let scopes = "--profile default --scope memories-ai/demo-team --scope memories-ai/default";
    let all = home.run(&format!("list --all -o ndjson {scopes}"));
    let first = home.run(&format!("list --limit 40 -o ndjson {scopes}"));
    let cursor = crate::support::cursor(&first, "ndjson").expect("something is left");
    let rest = home.run(&format!("list --all -o ndjson {scopes} --cursor {cursor}"));
    assert_eq!([first.ids(), rest.ids()].concat(), all.ids());
    let elsewhere = home.run(&format!("list --all -o ndjson --profile default --cursor {cursor}"));
    assert_eq!(elsewhere.code, 2, "{}", elsewhere.stderr);
}

#[test]
fn indistinguishable_sources_are_an_error() {
    let shell = Shell::start();
    let home = four_profiles(&shell);
    let ran = home.run("list --profile default --profile stranger");
    assert_eq!((ran.code, ran.stdout.as_str()), (8, ""));
    let ran_over = run(home
        .command("list --profile team --profile stranger")
        .env("MEMORIES_AI_UNIQUE_ID", "x"));
    assert_eq!((ran_over.code, ran_over.stdout.as_str()), (8, ""));
    // Two profiles that select the same list of the same account list it once.
    let same =
        home.run("list --all -o ndjson --provider memories-ai --profile default --profile team --scope demo-team");
    assert_eq!((same.code, same.ids().len()), (0, 23), "{}", same.stderr);
    snapshot("not_told_apart", &format!("{}{}", ran.stderr, ran_over.stderr));
    assert!(shell.sandbox.request_count(Provider::LlamaCloud) == 0);
}

#[test]
fn with_several_providers_a_scope_without_a_provider_is_a_usage_error() {
    let shell = Shell::start();
    let home = four_profiles(&shell);
    for (arguments, word) in [
        ("--profile default --scope x", "memories-ai/x or llama-cloud/x"),
        (
            "--profile default --provider llama-cloud --scope memories-ai/x",
            "--provider excludes it",
        ),
        ("--scope x", "no API key is set"),
        ("--profile default --sandbox", "cannot be used with"),
    ] {
        let ran = home.run(&format!("list {arguments}"));
        assert_eq!((ran.code, ran.stdout.as_str()), (2, ""), "{arguments}");
        assert!(ran.stderr.contains(word), "{arguments}: {}", ran.stderr);
    }
    assert!(shell.sandbox.requests().is_empty());
}

#[test]
fn the_sandbox_has_scopes_too() {
    let list = |arguments: &str| {
        run(program()
            .args(["list", "--sandbox", "--all", "-o", "ndjson"])
            .args(arguments.split_whitespace()))
    };
    assert_eq!(list("--provider memories-ai --scope Demo-Team").ids().len(), 5);
    assert_eq!(
        list(&format!("--scope llama-cloud/{OTHER_PROJECT_ID}")).ids().len(),
        137 + 31
    );
}

#[test]
fn an_error_names_the_line_of_the_value() {
    let home = Home::new(
        "[profile.work.llama-cloud]\nkey_file = \"llama\"\nbase_url = \"ftp://planted\"\n[profile.spoilt.memories-ai]\nkey_file = \"spoilt\"\n\
         [profile.gone.memories-ai]\nkey_file = \"gone\"\n[profile.none]\n",
    );
    home.key("spoilt", "Bearer planted");
    let mut texts = String::new();
    for (profile, code) in [("work", 8), ("spoilt", 8), ("gone", 8), ("none", 4)] {
        let ran = home.run(&format!("list --profile {profile}"));
        assert_eq!((ran.code, ran.stdout.as_str()), (code, ""), "{profile}: {}", ran.stderr);
        texts.push_str(&home.without_path(&ran.stderr));
    }
    // Without a profile in use, the error lists the profiles of the file.
    texts.push_str(&home.without_path(&home.run("list").stderr));
    snapshot("wrong_values", &texts);
}

#[test]
fn the_error_for_a_rejected_key_names_its_line() {
    let shell = Shell::start();
    let home = four_profiles(&shell);
    let ran = home.run("list --profile stranger --attempts 1");
    assert_eq!(ran.code, 4);
    let origin = format!(
        "profile.stranger.memories-ai.key_file at {}:",
        home.path("config.toml").display()
    );
    assert!(ran.stderr.contains(&origin), "{}", ran.stderr);
}

#[cfg(unix)]
#[test]
fn a_key_file_that_others_can_read_causes_one_warning() {
    let shell = Shell::start();
    let home = four_profiles(&shell);
    for (mode, warns) in [
        (0o600, false),
        (0o400, false),
        (0o640, true),
        (0o604, true),
        (0o644, true),
    ] {
        home.mode("memories", mode);
        // Both profiles use the same key file.
        let ran = home.run("list --profile default --profile team --provider memories-ai --limit 1 -o tsv");
        assert_eq!(ran.code, 0);
        let file = home.path("memories");
        let warning = format!(
            "warning: other users can read the key file {0} (mode {mode:03o}); run: chmod 600 {0}\n",
            file.display()
        );
        assert_eq!(
            ran.stderr.matches(&warning).count(),
            usize::from(warns),
            "{mode:o}: {}",
            ran.stderr
        );
    }
    let list = "list --profile team --limit 1 -o ndjson";
    let notice = parsed(home.run(list).stderr.lines().next().expect("a notice"));
    assert_eq!(text(&notice["notice"]["kind"]), "configuration");
    assert_eq!(home.run(&format!("{list} -q")).stderr.matches("notice").count(), 0);
    let ran = run(program()
        .args(["doctor", "--provider", "memories-ai"])
        .env("MEMORIES_AI_API_KEY_FILE", home.path("memories"))
        .env("MEMORIES_AI_BASE_URL", shell.sandbox.url()));
    assert_eq!(
        (ran.code, ran.stderr.matches("warning: ").count()),
        (0, 1),
        "{}",
        ran.stderr
    );
}

#[test]
fn a_variable_that_overrides_the_key_of_an_explicit_profile_causes_a_warning() {
    let shell = Shell::start();
    let home = four_profiles(&shell);
    let over_the_default = run(home
        .command("list --limit 1 -o tsv")
        .env("CHAT_SESSIONS_PROFILE", "team")
        .env("MEMORIES_AI_API_KEY", MEMORIES_KEY));
    assert!(
        !over_the_default.stderr.contains("warning"),
        "{}",
        over_the_default.stderr
    );
    let ran = run(home
        .command("list --profile team --limit 1 -o tsv")
        .env("MEMORIES_AI_API_KEY", MEMORIES_KEY));
    assert_eq!(ran.code, 0);
    assert!(
        ran.stderr
            .starts_with("warning: MEMORIES_AI_API_KEY overrides profile.team.memories-ai.key_file at "),
        "{}",
        ran.stderr
    );
}

#[test]
fn a_key_in_place_of_a_path_is_never_printed() {
    // It is easy to confuse the two variables.
    for command in [
        "config show --origin",
        "config show -o json",
        "doctor",
        "doctor -o json",
        "list",
    ] {
        let ran = run(program()
            .args(command.split_whitespace())
            .env("MEMORIES_AI_API_KEY_FILE", "sk-planted-4711"));
        assert!(
            ran.stdout.contains("MEMORIES_AI_API_KEY_FILE") || ran.code == 8,
            "{command}: {ran:?}"
        );
    }
}

#[test]
fn config_path_prints_where_the_file_is_or_would_be() {
    let home = Home::new("");
    let path = home.path("config.toml");
    assert_eq!(home.run("config path").ok(), format!("{}\n", path.display()));
    let report = parsed(&home.run("config path -o json").ok());
    assert_eq!(text(&report["path"]), path.display().to_string());
    assert_eq!(
        (&report["exists"], &report["schema_version"]),
        (&true.into(), &1.into())
    );

    std::fs::remove_file(&path).expect("the directory is writable");
    assert_eq!(home.run("config path").ok(), format!("{}\n", path.display()));
    assert_eq!(parsed(&home.run("config path -o json").ok())["exists"], false);
    // Whatever is wrong in the file, an editor needs its path.
    home.write("config.toml", "= broken");
    assert_eq!(home.run("config path").ok(), format!("{}\n", path.display()));
}

#[cfg(unix)]
#[test]
fn config_path_follows_the_variables_and_needs_one_of_them() {
    for (variables, expected) in [
        (&[("HOME", "/home/a")][..], "/home/a/.config/chat-sessions/config.toml"),
        (
            &[("HOME", "/home/a"), ("XDG_CONFIG_HOME", "/x")],
            "/x/chat-sessions/config.toml",
        ),
        (
            &[("HOME", "/home/a"), ("XDG_CONFIG_HOME", "relative")],
            "/home/a/.config/chat-sessions/config.toml",
        ),
        (
            &[("HOME", "/home/a"), ("CHAT_SESSIONS_CONFIG", "~/c.toml")],
            "/home/a/c.toml",
        ),
    ] {
        let ran = run(program().args(["config", "path"]).envs(variables.iter().copied()));
        assert_eq!(ran.ok().trim_end(), expected, "{variables:?}");
    }
    for format in ["text", "json"] {
        let ran = run(program().args(["config", "path", "-o", format]));
        assert_eq!((ran.code, ran.stdout.as_str()), (8, ""), "{ran:?}");
        assert!(ran.stderr.contains("CHAT_SESSIONS_CONFIG"), "{}", ran.stderr);
    }
}
