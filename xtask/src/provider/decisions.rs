//! The decisions that only a person can make about a new provider: comments `DECIDE(what): …` in the
//! sources that `provider new` writes.

use std::path::Path;

use crate::outcome::Failure;
use crate::workspace;

/// The word that marks a decision. It is written in two parts here, so that this file has no mark.
const MARK: &str = concat!("// DECIDE", "(");

/// A decision that is still to be made.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Decision {
    /// The file and the line.
    pub(crate) place: String,
    /// What is to be decided, as the comment says it.
    pub(crate) text: String,
}

/// Finds all marks in the sources of the workspace's crates.
pub(crate) fn open(root: &Path) -> Result<Vec<Decision>, Failure> {
    let mut found = Vec::new();
    for path in workspace::rust_files(&root.join("crates"))? {
        let file = path
            .strip_prefix(root)
            .unwrap_or(&path)
            .display()
            .to_string()
            .replace('\\', "/");
        found.extend(in_text(&file, &workspace::read(&path)?));
    }
    Ok(found)
}

fn in_text(file: &str, text: &str) -> Vec<Decision> {
    let lines: Vec<&str> = text.lines().map(str::trim_start).collect();
    let marks = lines.iter().enumerate().filter_map(|(at, line)| {
        let first = line.strip_prefix(MARK)?;
        let more = lines[at + 1..].iter().map_while(|line| line.strip_prefix("// "));
        let more = more.take_while(|line| !line.starts_with(&MARK[3..]));
        let (what, first) = first.split_once("):").unwrap_or(("", first));
        let words: Vec<&str> = std::iter::once(first.trim()).chain(more).collect();
        Some(Decision {
            place: format!("{file}:{}", at + 1),
            text: format!("{what}: {}", words.join(" ")),
        })
    });
    marks.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_is_found_with_its_whole_text() {
        let text = format!(
            "fn a() {{\n    {MARK}times): are these UTC?\n    // The document is silent.\n    let x = 1; // end\n}}\n"
        );
        let expected = Decision {
            place: "crates/a/src/lib.rs:2".to_owned(),
            text: "times: are these UTC? The document is silent.".to_owned(),
        };
        assert_eq!(in_text("crates/a/src/lib.rs", &text), [expected]);
        assert_eq!(in_text("a", "// a DECIDEd thing\n"), []);
    }
}
