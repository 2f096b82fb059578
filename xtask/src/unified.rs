//! Unified diffs.

use similar::TextDiff;

/// Returns the unified diff between two versions of a file.
pub(crate) fn diff(name: &str, old: &str, new: &str) -> String {
    TextDiff::from_lines(old, new)
        .unified_diff()
        .context_radius(3)
        .header(&format!("a/{name}"), &format!("b/{name}"))
        .to_string()
}
