//! Snapshots of the suites: `tests/snapshots/<suite>/<name>.snap`.

use super::SNAPSHOTS;

/// Compares a text with its snapshot. A `/` in the name becomes a folder.
///
/// Filters that the caller has bound apply.
#[track_caller]
pub(crate) fn assert(suite: &str, name: &str, text: &str) {
    let (folder, name) = match name.rsplit_once('/') {
        Some((folder, name)) => (format!("{suite}/{folder}"), name),
        None => (suite.to_owned(), name),
    };
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(format!("{SNAPSHOTS}/{folder}"));
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(name, text));
}
