//! The difference as Markdown entries for CHANGELOG.md, under one heading for each kind of change.

use super::text::code_changes;
use crate::diff::bump::Bump;
use crate::diff::change::{Change, Side};
use crate::diff::compare::Diff;
use crate::diff::rust::RustChange;
use crate::spec::sentence;

/// The changelog entries of several differences, under common headings; empty when users are not
/// affected.
///
/// The heading depends on the most severe consequence for users of the crates, not on the wire: a
/// change that the generated readers tolerate breaks no program.
#[must_use]
pub fn changelog(differences: &[&Diff]) -> String {
    let mut sections = Sections::default();
    for difference in differences {
        difference.write_entries(&mut sections);
    }
    let Sections {
        breaking,
        features,
        others,
    } = sections;
    let sections = [
        ("### Breaking Changes", breaking),
        ("### Features Added", features),
        ("### Other Changes", others),
    ];
    let sections = sections.into_iter().filter(|(_, entries)| !entries.is_empty());
    let sections: Vec<String> = sections
        .map(|(heading, entries)| format!("{heading}\n\n{}\n", entries.join("\n")))
        .collect();
    sections.join("\n")
}

#[derive(Default)]
struct Sections {
    breaking: Vec<String>,
    features: Vec<String>,
    others: Vec<String>,
}

impl Sections {
    fn add(&mut self, bump: Option<Bump>, entry: String) {
        let section = match bump {
            Some(Bump::Major) => &mut self.breaking,
            Some(Bump::Minor) => &mut self.features,
            _ => &mut self.others,
        };
        section.push(entry);
    }
}

impl Diff {
    /// The changelog entries, as [`changelog`] writes them.
    #[must_use]
    pub fn markdown(&self) -> String {
        changelog(&[self])
    }

    fn write_entries(&self, sections: &mut Sections) {
        let order = [Side::Sent, Side::Received, Side::Both, Side::Neither];
        let mut silent = true;
        for change in order.into_iter().flat_map(|side| self.on_wire(side)) {
            let bump = change.rust.iter().map(|difference| difference.bump).max();
            sections.add(bump, self.entry(change));
            silent = false;
        }
        for difference in code_changes(&self.unexplained) {
            let entry = format!("- `{}`: {}", self.raw.package, sentence(&difference.message));
            sections.add(Some(difference.bump), entry);
            silent = false;
        }
        if silent && self.rust_changes().any(RustChange::is_documentation) {
            let notes = self.changes.iter().filter(|change| !change.rust.is_empty());
            let notes: Vec<&str> = notes.map(|change| change.message.as_str()).collect();
            let entry = format!(
                "- `{}`: only doc comments change. {}",
                self.raw.package,
                notes.join(" ")
            );
            sections.add(Some(Bump::Patch), entry);
        }
    }

    fn entry(&self, change: &Change) -> String {
        let side = match change.side {
            Side::Sent => ", requests",
            Side::Received => ", responses",
            Side::Both | Side::Neither => "",
        };
        let mut entry = format!("- `{}`{side}: {}", self.raw.package, change.message);
        let code_changes = code_changes(&change.rust);
        for difference in &code_changes {
            entry.push(' ');
            entry.push_str(&sentence(&difference.message));
        }
        if code_changes.is_empty() && self.generation_findings.is_none() {
            entry.push_str(" The generated interface does not change.");
        }
        for consequence in &change.facade {
            entry.push_str(&format!(" `{}`: {consequence}", self.facade.package));
        }
        entry
    }
}
