//! The difference as a text for people: by side, what breaks first, each with its place and its
//! consequences.

use std::fmt::Write as _;

use semver::Version;

use crate::diff::bump::{Bump, RequiredBump, Versions};
use crate::diff::change::{Change, Compatibility, NodeLocation, Side};
use crate::diff::compare::Diff;
use crate::diff::rust::RustChange;
use crate::spec::Location;

impl Diff {
    /// The difference as a text for people, which ends with what each crate needs.
    #[must_use]
    pub fn text(&self, versions: &Versions) -> String {
        let mut text = format!("{} → {}: {}\n", self.old, self.new, self.counts());
        for side in [Side::Sent, Side::Received, Side::Both, Side::Neither] {
            let mut group: Vec<&Change> = self.on_wire(side).collect();
            group.sort_by_key(|change| std::cmp::Reverse(change.wire));
            if !group.is_empty() {
                let _ = write!(text, "\n{}\n", side.title());
            }
            for change in group {
                self.write_change(&mut text, change);
            }
        }
        let notes: Vec<&Change> = self.changes.iter().filter(|change| change.is_note()).collect();
        if !notes.is_empty() {
            text.push_str("\nNotes, which no program notices\n");
        }
        for note in notes {
            let _ = writeln!(text, "  {}\n    at {}", note.message, location(note));
        }
        let unexplained = code_changes(&self.unexplained);
        if !unexplained.is_empty() {
            text.push_str("\nIn the generated Rust, from none of these alone\n");
        }
        for difference in unexplained {
            let _ = writeln!(text, "  {}: {}.", difference.bump, difference.message);
        }
        if let Some(findings) = &self.generation_findings {
            let _ = write!(text, "\nWhat follows in the generated Rust is not known:\n{findings}\n");
        }
        let _ = write!(text, "\n{}", self.needs(versions));
        text
    }

    /// The difference without places and notes, as `generate` prints it.
    #[must_use]
    pub fn summary(&self, versions: &Versions) -> String {
        let mut text = format!("{}\n", self.counts());
        for change in self.changes.iter().filter(|change| !change.is_note()) {
            let _ = writeln!(text, "  {:<10}  {}", change.wire.name(), change.message);
            for difference in code_changes(&change.rust) {
                let _ = writeln!(text, "              Rust, {}: {}.", difference.bump, difference.message);
            }
        }
        for difference in code_changes(&self.unexplained) {
            let _ = writeln!(text, "  Rust, {}: {}.", difference.bump, difference.message);
        }
        text.push_str(&self.needs(versions));
        text
    }

    /// What each crate needs, a line each.
    fn needs(&self, versions: &Versions) -> String {
        if self.is_empty() {
            return String::new();
        }
        format!(
            "{}{}",
            need(&self.raw, versions.raw.as_ref()),
            need(&self.facade, versions.facade.as_ref())
        )
    }

    fn counts(&self) -> String {
        let notes = self.changes.iter().filter(|change| change.is_note()).count();
        let changes = self.changes.len() - notes;
        let breaking = self
            .changes
            .iter()
            .filter(|change| change.wire == Compatibility::Breaking)
            .count();
        let plural = |count: usize, word: &str| match count {
            1 => format!("1 {word}"),
            _ => format!("{count} {word}s"),
        };
        let changes = match (changes, breaking) {
            (0, _) => "nothing changes".to_owned(),
            (_, 0) => format!("{}, none of them breaking on the wire", plural(changes, "change")),
            _ => format!("{}, {breaking} of them breaking on the wire", plural(changes, "change")),
        };
        match notes {
            0 => changes,
            _ => format!("{changes}; {}", plural(notes, "note")),
        }
    }

    /// The changes of a side that are more than notes.
    pub(super) fn on_wire(&self, side: Side) -> impl Iterator<Item = &Change> {
        let changes = self.changes.iter();
        changes.filter(move |change| change.side == side && !change.is_note())
    }

    fn write_change(&self, text: &mut String, change: &Change) {
        const INDENT: &str = "              ";
        let _ = writeln!(text, "  {:<10}  {}", change.wire.name(), change.message);
        let _ = writeln!(text, "{INDENT}at {}", location(change));
        let code_changes = code_changes(&change.rust);
        if code_changes.is_empty() && self.generation_findings.is_none() {
            let _ = writeln!(text, "{INDENT}Rust: {}", self.without_rust(change));
        }
        for difference in code_changes {
            let _ = writeln!(text, "{INDENT}Rust, {}: {}.", difference.bump, difference.message);
        }
        for sentence in &change.facade {
            let _ = writeln!(text, "{INDENT}Facade: {sentence}");
        }
    }

    /// Why nothing in the generated Rust follows from a change.
    pub(super) fn without_rust(&self, change: &Change) -> &'static str {
        let kind = change.kind;
        let breaks = change.wire == Compatibility::Breaking;
        match change.side {
            _ if change.shares_rust_change => "it goes with another change of this place.",
            _ if kind.starts_with("server") => "nothing; the client is told where to go.",
            _ if kind.starts_with("security") || kind.starts_with("credential") => {
                "nothing; keys and cookies are no part of the generated code."
            }
            _ if kind.starts_with("header") => "nothing; headers of answers are no part of the generated code.",
            _ if kind.starts_with("status") => "nothing; failures arrive whole, whatever their status.",
            Side::Received if kind == "media-type-added" => {
                "nothing; the client goes on asking for the one that it reads."
            }
            Side::Received if change.still_rejected && kind == "null-allowed" => {
                "nothing; the generated reader goes on refusing null here, so that such an answer cannot be read."
            }
            Side::Received if change.still_rejected => {
                "nothing; the generated reader goes on asking for it, so that an object without it cannot be read."
            }
            Side::Received => "nothing; the generated reader takes both.",
            _ if breaks => "nothing; the generated code is the same, and can send what is refused now.",
            _ => "nothing; the generated code is the same.",
        }
    }
}

/// Differences in Rust that are more than a doc comment.
pub(super) fn code_changes(differences: &[RustChange]) -> Vec<&RustChange> {
    let code_changes = differences.iter().filter(|difference| !difference.is_documentation());
    code_changes.collect()
}

/// Where to look, as editors and terminals link it, with the pointer after it; for what is gone, in
/// the old text.
fn location(change: &Change) -> String {
    let Some(NodeLocation {
        file,
        location,
        pointer,
        ..
    }) = change.location()
    else {
        return "an unknown place".to_owned();
    };
    let location = location.map(|Location { line, column }| format!(":{line}:{column}"));
    format!("{file}{} {pointer}", location.unwrap_or_default())
}

fn need(need: &RequiredBump, version: Option<&Version>) -> String {
    let RequiredBump { package, reason, .. } = need;
    let Some(bump) = need.bump else {
        return format!("{package}: what it needs is not known, since {reason}.\n");
    };
    let versions = version.filter(|_| bump != Bump::None);
    let versions = versions.map(|version| format!(" ({version} → {})", bump.next(version)));
    let versions = versions.unwrap_or_default();
    match bump {
        Bump::None => format!("{package}: no release is needed, since {reason}.\n"),
        _ => format!("{package}: {bump}{versions}, since {reason}.\n"),
    }
}
