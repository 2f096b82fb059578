//! The design's invariants as code. They read sources as text: a rule that a reviewer can repeat with `grep` is a rule that
//! everybody understands. Invariant 6 (no test leaves loopback) is how `check` runs the tests.

use std::fs;
use std::path::{Path, PathBuf};

use crate::Failure;
use crate::workspace::{self, PROVIDERS};

/// Checks invariants 1 to 5.
pub(crate) fn run(root: &Path) -> Result<bool, Failure> {
    let mut report = Report {
        root: root.to_path_buf(),
        clean: true,
    };
    report.only_codegen_reads_specs()?;
    report.raw_crates_hold_no_policy()?;
    report.raw_types_stay_with_their_provider()?;
    report.the_walk_knows_no_http()?;
    report.libraries_never_print()?;
    report.secrets_stay_secret()?;
    Ok(report.clean)
}

struct Report {
    root: PathBuf,
    clean: bool,
}

impl Report {
    /// 1. Only codegen reads OpenAPI; only `xtask generate` and the build scripts call it.
    fn only_codegen_reads_specs(&mut self) -> Result<(), Failure> {
        for file in self.sources("crates")? {
            if !self.is_in(&file, "crates/chat-sessions-codegen") {
                self.forbid(
                    &file,
                    1,
                    &[
                        "openapiv3::",
                        "use progenitor::",
                        "saphyr_parser::",
                        "progenitor::Generator",
                    ],
                )?;
            }
        }
        Ok(())
    }

    /// 2. Raw crates, and what they share, hold no policy: no retry, no paging, no normalising, no environment. The one loop among
    ///    them reads a body to its end.
    fn raw_crates_hold_no_policy(&mut self) -> Result<(), Failure> {
        let words = ["std::env", "env::var", "sleep(", "retry_after", "Retry"];
        for provider in PROVIDERS {
            for file in self.sources(&format!("crates/{provider}-client/src"))? {
                self.forbid(&file, 2, &words)?;
                self.forbid(&file, 2, &["loop {", "while "])?;
            }
        }
        for file in self.sources("crates/chat-sessions-wire/src")? {
            self.forbid(&file, 2, &words)?;
        }
        Ok(())
    }

    /// 3. In the facade, only `provider/*.rs` names a raw type. `reqwest` stands in no public signature but those of the module
    ///    `http`: it is named there, where connections are made, and by the private parser of base URLs.
    fn raw_types_stay_with_their_provider(&mut self) -> Result<(), Failure> {
        for file in self.sources("crates/chat-sessions/src")? {
            if !self.is_in(&file, "crates/chat-sessions/src/provider") {
                self.forbid(
                    &file,
                    3,
                    &["memories_ai_client", "llama_cloud_client", "progenitor_client"],
                )?;
                let may_name_reqwest = ["http.rs", "base_url.rs"];
                let name = file.file_name().and_then(|name| name.to_str()).unwrap_or_default();
                if !may_name_reqwest.contains(&name) {
                    self.forbid(&file, 3, &["reqwest::"])?;
                }
            }
        }
        Ok(())
    }

    /// 4. The walk knows no HTTP and no provider.
    fn the_walk_knows_no_http(&mut self) -> Result<(), Failure> {
        for file in self.sources("crates/chat-sessions/src")? {
            let is_walk = file.file_name().is_some_and(|name| name == "walk.rs")
                || self.is_in(&file, "crates/chat-sessions/src/pagination/walk");
            if is_walk {
                let words = [
                    "reqwest",
                    "http::",
                    "StatusCode",
                    "MemoriesAi",
                    "LlamaCloud",
                    "crate::provider",
                ];
                self.forbid(&file, 4, &words)?;
            }
        }
        Ok(())
    }

    /// 5. Libraries never print.
    fn libraries_never_print(&mut self) -> Result<(), Failure> {
        for package in self.libraries()? {
            for file in self.sources(&format!("crates/{package}/src"))? {
                // The binary of a crate that has one speaks to a person.
                let is_binary = file.file_name().is_some_and(|name| name == "main.rs")
                    || self.is_in(&file, &format!("crates/{package}/src/bin"));
                if !is_binary {
                    self.forbid(&file, 5, &["println!(", "print!(", "dbg!("])?;
                }
            }
        }
        Ok(())
    }

    /// 5. No secret type has `Display`, `Serialize` or a derived `Debug`.
    fn secrets_stay_secret(&mut self) -> Result<(), Failure> {
        for secret in ["ApiKey", "Given", "Wire"] {
            for file in self.sources("crates")? {
                let text = workspace::read(&file)?;
                let for_secret = [format!("Display for {secret} "), format!("Serialize for {secret} ")];
                let words: Vec<&str> = for_secret.iter().map(String::as_str).collect();
                self.forbid(&file, 5, &words)?;
                let Some((before, _)) = text.split_once(&format!("pub struct {secret} ")) else {
                    continue;
                };
                // The attributes of the type are the lines right above it.
                let attributes = before.lines().rev().take_while(|line| !line.is_empty());
                if attributes
                    .filter(|line| line.starts_with("#[derive("))
                    .any(|line| line.contains("Debug") || line.contains("Serialize"))
                {
                    self.violated(&file, 5, &format!("{secret} derives Debug or Serialize"));
                }
            }
        }
        Ok(())
    }

    fn libraries(&self) -> Result<Vec<String>, Failure> {
        let mut packages = Vec::new();
        for entry in fs::read_dir(self.root.join("crates"))? {
            let name = entry?.file_name().to_string_lossy().into_owned();
            if self.root.join(format!("crates/{name}/src/lib.rs")).exists() {
                packages.push(name);
            }
        }
        packages.sort();
        Ok(packages)
    }

    /// The Rust files below a folder, in order.
    fn sources(&self, folder: &str) -> Result<Vec<PathBuf>, Failure> {
        let mut open = vec![self.root.join(folder)];
        let mut files = Vec::new();
        while let Some(folder) = open.pop() {
            for entry in fs::read_dir(folder)? {
                let path = entry?.path();
                if path.is_dir() {
                    open.push(path);
                } else if path.extension().is_some_and(|extension| extension == "rs") {
                    files.push(path);
                }
            }
        }
        files.sort();
        Ok(files)
    }

    fn is_in(&self, file: &Path, folder: &str) -> bool {
        file.starts_with(self.root.join(folder))
    }

    /// Looks for words in the code of a file, comments left out.
    fn forbid(&mut self, file: &Path, invariant: u8, words: &[&str]) -> Result<(), Failure> {
        let text = workspace::read(file)?;
        for (index, line) in text.lines().enumerate() {
            let code = line.split("//").next().unwrap_or_default();
            if let Some(word) = words.iter().find(|word| code.contains(**word)) {
                self.violated(file, invariant, &format!("line {} holds `{word}`", index + 1));
            }
        }
        Ok(())
    }

    fn violated(&mut self, file: &Path, invariant: u8, what: &str) {
        let name = file.strip_prefix(&self.root).unwrap_or(file).display();
        eprintln!("{name}: {what}, against invariant {invariant}.");
        self.clean = false;
    }
}
