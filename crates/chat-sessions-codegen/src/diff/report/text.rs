//! The difference as text for people: by direction, breaking changes first, each with its location
//! and its consequences.

use std::fmt::Write as _;

use semver::Version;

use crate::diff::bump::{Bump, RequiredBump, Versions};
use crate::diff::change::{Change, Compatibility, NodeLocation, Side};
use crate::diff::compare::Diff;
use crate::diff::rust::RustChange;
use crate::spec::Location;

impl Diff {
    /// The difference as text for people. It ends with the bump that each crate requires.
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
            text.push_str("\nNotes, which affect no program\n");
        }
        for note in notes {
            let _ = writeln!(text, "  {}\n    at {}", note.message, location(note));
        }
        let unexplained = code_changes(&self.unexplained);
        if !unexplained.is_empty() {
            text.push_str("\nRust changes without a single cause above\n");
        }
        for difference in unexplained {
            let _ = writeln!(text, "  {}: {}.", difference.bump, difference.message);
        }
        if let Some(findings) = &self.generation_findings {
            let _ = write!(text, "\nThe Rust changes are unknown:\n{findings}\n");
        }
        let _ = write!(text, "\n{}", self.needs(versions));
        text
    }

    /// The difference without locations and notes, as `generate` prints it.
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

    /// The bump that each crate requires, one line each.
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
            (0, _) => "no changes".to_owned(),
            (_, 0) => format!("{}, none breaking on the wire", plural(changes, "change")),
            _ => format!("{}, {breaking} breaking on the wire", plural(changes, "change")),
        };
        match notes {
            0 => changes,
            _ => format!("{changes}; {}", plural(notes, "note")),
        }
    }

    /// The changes in a direction that are more than notes.
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

    /// Why a change has no consequence in the generated Rust.
    pub(super) fn without_rust(&self, change: &Change) -> &'static str {
        let kind = change.kind;
        let breaks = change.wire == Compatibility::Breaking;
        match change.side {
            _ if change.shares_rust_change => "goes with another change of this schema or operation.",
            _ if kind.starts_with("server") => "no change; the caller passes the base URL.",
            _ if kind.starts_with("security") || kind.starts_with("credential") => {
                "no change; keys and cookies are not part of the generated code."
            }
            _ if kind.starts_with("header") => "no change; response headers are not part of the generated code.",
            _ if kind.starts_with("status") => "no change; failure responses are not decoded, whatever their status.",
            Side::Received if kind == "media-type-added" => {
                "no change; the client still requests the media type that it reads."
            }
            Side::Received if change.still_rejected && kind == "null-allowed" => {
                "no change; the generated reader still rejects null here, so such a response cannot be read."
            }
            Side::Received if change.still_rejected => {
                "no change; the generated reader still requires it, so an object without it cannot be read."
            }
            Side::Received => "no change; the generated reader accepts both.",
            _ if breaks => "no change; the generated code can send what is now rejected.",
            _ => "no change.",
        }
    }
}

/// The Rust changes beyond doc comments.
pub(super) fn code_changes(differences: &[RustChange]) -> Vec<&RustChange> {
    let code_changes = differences.iter().filter(|difference| !difference.is_documentation());
    code_changes.collect()
}

/// The location in the form that editors and terminals link, then the pointer; for a removal, in
/// the old text.
fn location(change: &Change) -> String {
    let Some(NodeLocation {
        file,
        location,
        pointer,
        ..
    }) = change.location()
    else {
        return "an unknown location".to_owned();
    };
    let location = location.map(|Location { line, column }| format!(":{line}:{column}"));
    format!("{file}{} {pointer}", location.unwrap_or_default())
}

fn need(need: &RequiredBump, version: Option<&Version>) -> String {
    let RequiredBump { package, reason, .. } = need;
    let Some(bump) = need.bump else {
        return format!("{package}: unknown bump because {reason}.\n");
    };
    let versions = version.filter(|_| bump != Bump::None);
    let versions = versions.map(|version| format!(" ({version} → {})", bump.next(version)));
    let versions = versions.unwrap_or_default();
    match bump {
        Bump::None => format!("{package}: no release needed because {reason}.\n"),
        _ => format!("{package}: {bump}{versions} because {reason}.\n"),
    }
}
