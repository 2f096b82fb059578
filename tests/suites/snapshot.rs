//! Where the snapshots of the suites lie: `snapshots/<suite>/<name>.snap`, without the source text in their heads.

/// Compares a text with its snapshot. A `/` in the name becomes a folder.
#[track_caller]
pub(crate) fn assert(suite: &str, name: &str, text: &str) {
    let (folder, name) = match name.rsplit_once('/') {
        Some((folder, name)) => (format!("../snapshots/{suite}/{folder}"), name),
        None => (format!("../snapshots/{suite}"), name),
    };
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(folder);
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(name, text));
}
