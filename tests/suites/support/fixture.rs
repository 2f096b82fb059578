//! The fixtures: bodies of responses in `tests/fixtures`, one per file.

use std::fs;
use std::path::{Path, PathBuf};

use chat_sessions_sandbox::Fault;

/// A response of a provider, from a file.
pub(crate) struct Fixture {
    /// The folder and the name of the file, without its extension.
    pub(crate) name: String,
    status: u16,
    content_type: &'static str,
    pub(crate) body: String,
}

impl Fixture {
    /// Reads the fixtures of one folder, sorted by name.
    pub(crate) fn all(folder: &str) -> Vec<Self> {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(folder);
        let mut paths: Vec<PathBuf> = fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path()).collect();
        paths.sort();
        assert!(!paths.is_empty(), "no fixtures in {folder}");
        paths.iter().map(|path| Self::read(folder, path)).collect()
    }

    /// Reads one fixture. `NAME.EXT` has status 200, `NAME.STATUS.EXT` has its own.
    fn read(folder: &str, path: &Path) -> Self {
        let file = path.file_name().unwrap().to_str().unwrap();
        let parts: Vec<&str> = file.split('.').collect();
        let (name, status, extension) = match parts[..] {
            [name, extension] => (name.to_owned(), 200, extension),
            [name, status, extension] => (format!("{name}.{status}"), status.parse().unwrap(), extension),
            _ => panic!("{file} is neither NAME.EXT nor NAME.STATUS.EXT"),
        };
        Self {
            name: format!("{folder}/{name}"),
            status,
            content_type: match extension {
                "json" => "application/json",
                "html" => "text/html; charset=utf-8",
                "txt" => "text/plain",
                other => panic!("{other} is not a known kind of body"),
            },
            body: fs::read_to_string(path).unwrap(),
        }
    }

    /// Returns the response as the sandbox sends it.
    pub(crate) fn response(&self) -> Fault {
        let response = Fault::raw(self.status, self.content_type, &self.body);
        if (300..400).contains(&self.status) {
            response.with_header("location", "https://elsewhere.example/login?next=secret")
        } else {
            response
        }
    }
}
