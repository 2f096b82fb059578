//! Unified diffs for people.

use similar::TextDiff;

/// The unified diff between two texts, under the name of the file.
pub(crate) fn diff(name: &str, old: &str, new: &str) -> String {
    TextDiff::from_lines(old, new)
        .unified_diff()
        .context_radius(3)
        .header(&format!("a/{name}"), &format!("b/{name}"))
        .to_string()
}
