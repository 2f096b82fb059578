//! The command `drift` as a person runs it: from a recorded answer to a patch that `git apply` takes, after which `generate` and
//! the same `drift` are clean. It happens in a folder of its own that holds the specs and nothing else.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;

/// An answer with the field that LlamaCloud's documents do not name.
const ANSWER: &str = "tests/fixtures/llama-cloud/shared-access.json";

struct Folder(tempfile::TempDir);

impl Folder {
    fn new() -> Self {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let folder = Self(tempfile::tempdir().unwrap());
        for name in ["specs/llama-cloud.yaml", "specs/memories-ai.yaml"] {
            folder.put(name, &fs::read_to_string(root.join(name)).unwrap());
        }
        folder.put("answer.json", &fs::read_to_string(root.join(ANSWER)).unwrap());
        for provider in ["llama-cloud", "memories-ai"] {
            fs::create_dir_all(folder.0.path().join(format!("crates/{provider}-client/src"))).unwrap();
        }
        folder
    }

    fn put(&self, name: &str, text: &str) {
        let path = self.0.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn run(&self, program: &str, arguments: &[&str]) -> Output {
        let mut command = Command::new(program);
        // As `cargo run` would say it; the workspace is the folder above.
        command.env("CARGO_MANIFEST_DIR", self.0.path().join("xtask"));
        command.current_dir(self.0.path()).args(arguments).output().unwrap()
    }

    fn xtask(&self, arguments: &[&str]) -> (Option<i32>, String) {
        let output = self.run(env!("CARGO_BIN_EXE_xtask"), arguments);
        let said = String::from_utf8(output.stdout).unwrap() + &String::from_utf8(output.stderr).unwrap();
        (output.status.code(), said)
    }
}

#[test]
fn an_answer_becomes_a_patch_and_the_patch_cures() {
    let folder = Folder::new();
    let (code, said) = folder.xtask(&["drift", "answer.json"]);
    assert_eq!(code, Some(1), "{said}");
    assert!(
        said.contains("specs/llama-cloud.yaml:160:5: warning[field-unknown]"),
        "{said}"
    );
    assert!(
        said.contains("+++ b/specs/llama-cloud.yaml") && said.contains("+        shared_access:"),
        "{said}"
    );

    let (code, said) = folder.xtask(&["drift", "answer.json", "--patch", "drift.patch"]);
    assert_eq!(code, Some(1), "{said}");
    assert!(
        said.contains("`git apply drift.patch` takes it") && !said.contains("+++"),
        "{said}"
    );
    let git = folder.run("git", &["apply", "drift.patch"]);
    assert!(git.status.success(), "{}", String::from_utf8_lossy(&git.stderr));

    let (code, said) = folder.xtask(&["drift", "answer.json", "-o", "json"]);
    assert_eq!(code, Some(0), "{said}");
    let document: Value = serde_json::from_str(&said).unwrap();
    assert_eq!(
        (&document["responses"], &document["patch"]),
        (&Value::from(1), &Value::from("")),
        "{said}"
    );
    for finding in document["findings"].as_array().unwrap() {
        assert_eq!(finding["severity"], "note", "{said}");
    }

    let (code, said) = folder.xtask(&["generate"]);
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("pub shared_access: "), "{said}");
    assert_eq!(folder.xtask(&["generate", "--check"]).0, Some(0));
}

#[test]
fn what_cannot_be_read_is_said() {
    let folder = Folder::new();
    folder.put("page.html", "<html>");
    for (arguments, expected) in [
        (["drift", "nowhere.json"], "nowhere.json cannot be read"),
        (["drift", "page.html"], "page.html:1:1: this is not JSON. Remedy:"),
    ] {
        let (code, said) = folder.xtask(&arguments);
        assert_eq!(code, Some(1), "{said}");
        assert!(said.contains(expected), "{said}");
    }
    assert_eq!(folder.xtask(&["drift"]).0, Some(2));
}
