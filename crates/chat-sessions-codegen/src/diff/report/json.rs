//! The difference as JSON. The names of kinds, sides and bumps are stable.

use semver::Version;
use serde_json::{Value, json};

use crate::diff::bump::{Bump, RequiredBump, Versions};
use crate::diff::change::{Change, NodeLocation};
use crate::diff::compare::Diff;
use crate::diff::rust::RustChange;

impl Diff {
    /// The difference as JSON.
    #[must_use]
    pub fn json(&self, versions: &Versions) -> Value {
        json!({
            "old": self.old,
            "new": self.new,
            "changes": self.changes.iter().map(change).collect::<Vec<_>>(),
            "unexplained": self.unexplained.iter().map(difference).collect::<Vec<_>>(),
            "refused": self.generation_findings.as_ref().map(|findings| {
                findings.iter().map(ToString::to_string).collect::<Vec<_>>()
            }),
            "raw": need(&self.raw, versions.raw.as_ref()),
            "facade": need(&self.facade, versions.facade.as_ref()),
        })
    }
}

fn change(change: &Change) -> Value {
    json!({
        "kind": change.kind,
        "side": change.side.name(),
        "wire": change.wire.name(),
        "note": change.is_note(),
        "message": change.message,
        "old": change.old.as_ref().map(location),
        "new": change.new.as_ref().map(location),
        "rust": change.rust.iter().map(difference).collect::<Vec<_>>(),
        "facade": change.facade,
    })
}

fn location(location: &NodeLocation) -> Value {
    json!({
        "file": location.file,
        "line": location.location.map(|location| location.line),
        "column": location.location.map(|location| location.column),
        "pointer": location.pointer.to_string(),
    })
}

fn difference(difference: &RustChange) -> Value {
    json!({
        "kind": difference.kind,
        "item": difference.item,
        "member": difference.member,
        "bump": difference.bump.name(),
        "message": difference.message,
    })
}

fn need(need: &RequiredBump, version: Option<&Version>) -> Value {
    let next = need
        .bump
        .zip(version)
        .map(|(bump, version)| bump.next(version).to_string());
    json!({
        "package": need.package,
        "bump": need.bump.map(Bump::name),
        "reason": need.reason,
        "version": version.map(ToString::to_string),
        "next": next,
    })
}
