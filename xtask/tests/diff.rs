//! `diff` and what `generate` says, by the real binary in a repository of their own.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use tempfile::TempDir;

/// A field that the provider's answers gained, and the line before which it goes into the spec.
const FIELD: &str = "        shared_access:\n          type: string\n          x-evidence: sdk\n";
const NEXT: &str = "        generated_title:\n";

/// A small copy of this workspace, with one commit.
struct Repository(TempDir);

impl Repository {
    fn new() -> Self {
        let repository = Self(tempfile::tempdir().unwrap());
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        for provider in ["llama-cloud", "memories-ai"] {
            let own = "[package]\nname = \"client\"\nversion.workspace = true\n";
            repository.write(&format!("crates/{provider}-client/Cargo.toml"), own);
            for file in [
                format!("specs/{provider}.yaml"),
                format!("crates/{provider}-client/src/generated.rs"),
                format!("crates/{provider}-client/src/generated_httpmock.rs"),
            ] {
                repository.write(&file, &fs::read_to_string(source.join(&file)).unwrap());
            }
        }
        repository.write(
            "crates/chat-sessions/Cargo.toml",
            "[package]\nname = \"chat-sessions\"\nversion.workspace = true\n",
        );
        repository.write(
            "crates/chat-sessions/src/provider/ledger.rs",
            "field_map! { \"llama-cloud\" in llama_cloud_client { ChatSession { session_id => [Session.id]; } } }",
        );
        repository.set_version("0.1.0");
        repository.git(&["init", "--quiet"]);
        repository.git(&["add", "--all"]);
        repository.git(&["commit", "--quiet", "--message", "first"]);
        repository
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn write(&self, name: &str, text: &str) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn set_version(&self, version: &str) {
        self.write("Cargo.toml", &format!("[workspace.package]\nversion = \"{version}\"\n"));
    }

    fn add_field(&self) {
        let path = self.path("specs/llama-cloud.yaml");
        let text = fs::read_to_string(&path).unwrap();
        fs::write(path, text.replacen(NEXT, &format!("{FIELD}{NEXT}"), 1)).unwrap();
    }

    fn git(&self, arguments: &[&str]) {
        let who = [
            "-c",
            "user.name=Test",
            "-c",
            "user.email=test@example.org",
            "-c",
            "commit.gpgsign=false",
        ];
        let status = Command::new("git")
            .current_dir(self.0.path())
            .args(who)
            .args(arguments)
            .status();
        assert!(status.unwrap().success());
    }

    fn xtask(&self, arguments: &[&str]) -> Ran {
        let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
        // The binary takes the parent of its manifest's folder for the root.
        command.env("CARGO_MANIFEST_DIR", self.path("xtask"));
        Ran::of(&command.current_dir(self.0.path()).args(arguments).output().unwrap())
    }
}

struct Ran {
    code: Option<i32>,
    out: String,
    err: String,
}

impl Ran {
    fn of(output: &Output) -> Self {
        Self {
            code: output.status.code(),
            out: String::from_utf8_lossy(&output.stdout).into_owned(),
            err: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }

    #[track_caller]
    fn ends(self, code: i32) -> Self {
        assert_eq!(self.code, Some(code), "{}\n{}", self.out, self.err);
        self
    }

    #[track_caller]
    fn says(self, text: &str) -> Self {
        assert!(
            self.out.contains(text) || self.err.contains(text),
            "{text}\nin\n{}\n{}",
            self.out,
            self.err
        );
        self
    }
}

#[test]
fn nothing_asks_for_nothing() {
    let repository = Repository::new();
    repository
        .xtask(&["diff", "--check"])
        .ends(0)
        .says("specs/llama-cloud.yaml: unchanged")
        .says("specs/memories-ai.yaml: unchanged");
}

#[test]
fn a_field_asks_for_a_version_and_has_it_after_a_while() {
    let repository = Repository::new();
    repository.add_field();
    repository
        .xtask(&["diff"])
        .ends(0)
        .says("HEAD:specs/llama-cloud.yaml → specs/llama-cloud.yaml: 1 change")
        .says("it arrives in `Session::extra` until it has a row")
        .says("llama-cloud-client: major (0.1.0 → 0.2.0)")
        .says("chat-sessions: patch (0.1.0 → 0.1.1)");
    repository
        .xtask(&["diff", "--check"])
        .ends(1)
        .says("llama-cloud-client is at 0.1.0 and was at 0.1.0 in HEAD; it needs 0.2.0 (major)")
        .says("Remedy: raise `version` in Cargo.toml, for all crates.");

    repository.set_version("0.1.1");
    repository
        .xtask(&["diff", "--check"])
        .ends(1)
        .says("llama-cloud-client is at 0.1.1");
    repository.set_version("0.2.0");
    repository.xtask(&["diff", "--check"]).ends(0);

    // A crate that has a version of its own is judged by that.
    repository.set_version("0.1.1");
    let own = "[package]\nname = \"client\"\nversion = \"0.2.0\"\n";
    repository.write("crates/llama-cloud-client/Cargo.toml", own);
    repository.xtask(&["diff", "--check"]).ends(0);

    // Once it is committed, HEAD asks for nothing more and the commit before still does.
    repository.git(&["commit", "--quiet", "--all", "--message", "second"]);
    repository
        .xtask(&["diff", "--check"])
        .ends(0)
        .says("llama-cloud.yaml: unchanged");
    repository.write("crates/llama-cloud-client/Cargo.toml", &own.replace("0.2.0", "0.1.5"));
    repository
        .xtask(&["diff", "--check", "--base", "HEAD~1"])
        .ends(1)
        .says("Remedy: raise `version` in crates/llama-cloud-client/Cargo.toml.");
}

#[test]
fn programs_and_the_changelog_have_their_own_forms() {
    let repository = Repository::new();
    repository.add_field();
    let json = repository.xtask(&["diff", "-o", "json"]).ends(0);
    let document: serde_json::Value = serde_json::from_str(&json.out).unwrap();
    let change = &document["specs"][0]["changes"][0];
    assert_eq!(change["kind"], "property-added");
    assert_eq!(change["side"], "received");
    assert_eq!(change["wire"], "compatible");
    assert_eq!(document["specs"][0]["raw"]["next"], "0.2.0");
    assert_eq!(document["unchanged"][0], "specs/memories-ai.yaml");
    let markdown = repository.xtask(&["diff", "-o", "markdown"]).ends(0);
    assert!(
        markdown
            .out
            .starts_with("### Breaking Changes\n\n- `llama-cloud-client`, responses: "),
        "{}",
        markdown.out
    );
}

#[test]
fn specs_come_and_go() {
    let repository = Repository::new();
    fs::rename(
        repository.path("specs/memories-ai.yaml"),
        repository.path("specs/other.yaml"),
    )
    .unwrap();
    repository
        .xtask(&["diff"])
        .ends(0)
        .says("specs/other.yaml: new")
        .says("specs/memories-ai.yaml: gone");
}

#[test]
fn what_is_asked_wrongly_is_usage() {
    let repository = Repository::new();
    let file = "specs/llama-cloud.yaml";
    repository.xtask(&["diff", file, file]).ends(0).says("no changes");
    repository.xtask(&["diff", file, file, "--check"]).ends(2);
    repository.xtask(&["diff", file, file, "--base", "HEAD"]).ends(2);
    repository.xtask(&["diff", file]).ends(2);
    repository
        .xtask(&["diff", "--base", "nowhere"])
        .ends(2)
        .says("git knows no revision `nowhere`");
}

#[test]
fn generate_says_what_it_changes() {
    let repository = Repository::new();
    repository.xtask(&["generate"]).ends(0);
    repository.add_field();
    let summary = "specs/llama-cloud.yaml since HEAD: 1 change, none breaking on the wire";
    repository.xtask(&["generate", "--check"]).ends(1).says(summary);
    repository
        .xtask(&["generate"])
        .ends(0)
        .says(summary)
        .says("llama-cloud-client: major (0.1.0 → 0.2.0)");
    let again = repository.xtask(&["generate"]).ends(0);
    assert!(
        again.out.lines().all(|line| line.ends_with(": up to date")),
        "{}",
        again.out
    );

    // The generated file comes from a text that was never committed, and now the spec changes once more.
    let path = repository.path("specs/llama-cloud.yaml");
    let text = fs::read_to_string(&path).unwrap();
    fs::write(path, text.replacen("shared_access", "access", 1)).unwrap();
    repository
        .xtask(&["generate", "--check"])
        .ends(1)
        .says("what changed is not known, since git has no version of it");
}
