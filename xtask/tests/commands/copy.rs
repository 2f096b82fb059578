//! A small copy of this workspace, in which the commands about specs work.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use tempfile::TempDir;

/// The copy: the specs, and for each of them the raw client and the documented example.
pub(crate) struct Copy(TempDir);

impl Copy {
    pub(crate) fn new() -> Self {
        let copy = Self(tempfile::tempdir().unwrap());
        for entry in fs::read_dir(source("specs")).unwrap() {
            let name = entry.unwrap().file_name().into_string().unwrap();
            let provider = name.strip_suffix(".yaml").unwrap();
            for file in [
                format!("specs/{name}"),
                format!("crates/{provider}-client/src/generated.rs"),
                format!("crates/{provider}-client/src/generated_httpmock.rs"),
                format!("tests/fixtures/{provider}/documented-example.json"),
            ] {
                copy.write(&file, &fs::read_to_string(source(&file)).unwrap());
            }
        }
        copy
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    pub(crate) fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap()
    }

    pub(crate) fn write(&self, name: &str, text: &str) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    /// Runs git, which must succeed.
    pub(crate) fn git(&self, arguments: &[&str]) {
        let identity = ["user.name=Test", "user.email=test@example.org", "commit.gpgsign=false"];
        let mut git = Command::new("git");
        git.current_dir(self.0.path())
            .args(identity.iter().flat_map(|setting| ["-c", setting]));
        assert!(git.args(arguments).status().unwrap().success());
    }

    pub(crate) fn xtask(&self, arguments: &[&str]) -> Ran {
        let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
        // `cargo run` sets this variable; the root of the workspace is the parent of the folder.
        command.env("CARGO_MANIFEST_DIR", self.path("xtask"));
        Ran::of(&command.current_dir(self.0.path()).args(arguments).output().unwrap())
    }
}

/// A file of this workspace.
pub(crate) fn source(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(name)
}

/// What a command printed and how it exited.
pub(crate) struct Ran {
    code: Option<i32>,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Ran {
    pub(crate) fn of(output: &Output) -> Self {
        Self {
            code: output.status.code(),
            out: String::from_utf8_lossy(&output.stdout).into_owned(),
            err: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }

    /// Checks the exit code.
    #[track_caller]
    pub(crate) fn exits(self, code: i32) -> Self {
        assert_eq!(self.code, Some(code), "{}\n{}", self.out, self.err);
        self
    }

    /// Checks that the command printed a text.
    #[track_caller]
    pub(crate) fn prints(self, text: &str) -> Self {
        let (out, err) = (&self.out, &self.err);
        assert!(out.contains(text) || err.contains(text), "{text}\nin\n{out}\n{err}");
        self
    }
}
