//! Specs for tests: the workspace's own, broken ones from the fixtures, and random mutations of the
//! workspace's own.

use std::fs;
use std::path::{Path, PathBuf};

use proptest::prelude::*;

pub(crate) const PROVIDERS: [&str; 2] = ["llama-cloud", "memories-ai"];

/// The root of the workspace.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

pub(crate) fn spec_text(provider: &str) -> String {
    fs::read_to_string(root().join(format!("specs/{provider}.yaml"))).expect("the spec is in the repository")
}

/// Returns the name, file name and text of every broken spec, sorted by name.
pub(crate) fn broken_specs() -> Vec<(String, String, String)> {
    let folder = root().join("tests/fixtures/specs");
    let entries = fs::read_dir(folder).expect("the broken specs are in the repository");
    let mut files: Vec<PathBuf> = entries
        .map(|entry| entry.expect("an entry can be read").path())
        .filter(|path| path.is_file())
        .collect();
    files.sort();
    let read = |path: PathBuf| {
        let part =
            |part: Option<&std::ffi::OsStr>| part.and_then(|name| name.to_str()).expect("names are ASCII").to_owned();
        let text = fs::read_to_string(&path).expect("a fixture can be read");
        (part(path.file_stem()), part(path.file_name()), text)
    };
    files.into_iter().map(read).collect()
}

/// One of the workspace's specs, with one random part cut out, duplicated or changed.
pub(crate) fn mutated_spec() -> impl Strategy<Value = String> {
    let parts = (
        0..PROVIDERS.len(),
        any::<prop::sample::Index>(),
        any::<prop::sample::Index>(),
        0..6_u8,
    );
    parts.prop_map(|(provider, line, other, mutation)| {
        let text = spec_text(PROVIDERS[provider]);
        let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
        let (line, other) = (line.index(lines.len()), other.index(lines.len()));
        match mutation {
            0 => lines.truncate(line),
            1 => {
                lines.remove(line);
            }
            2 => lines[line] = lines[other].clone(),
            3 => lines[line].insert_str(0, "  "),
            4 => lines[line] = lines[line].replace("string", "object").replace("true", "[]"),
            _ => {
                let cut = lines[line]
                    .char_indices()
                    .nth(lines[line].chars().count() / 2)
                    .map_or(0, |(at, _)| at);
                lines[line].truncate(cut);
            }
        }
        lines.join("\n")
    })
}
