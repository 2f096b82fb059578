//! What is said of where a key comes from, although it works: a file that others can read, and a profile that is passed over.

use std::path::Path;

use crate::config::{Origin, Settings};

/// Gives what a person should know of the key that these settings lead to.
pub(crate) fn warnings(settings: &Settings) -> Vec<String> {
    let readable = settings
        .keys()
        .filter(|key| key.is_path)
        .filter_map(|key| readable_by_others(Path::new(&key.text)));
    let passed_over = settings
        .keys()
        .filter_map(|key| key.hides.as_ref().map(|hidden| passed_over(&key.origin, hidden)));
    readable.chain(passed_over).collect()
}

/// Somebody who names a profile means its account; that a variable wins is the rule, and easily forgotten.
fn passed_over(winner: &Origin, hidden: &Origin) -> String {
    format!("{winner} is set and wins over {hidden}; unset it to use the key of the profile")
}

#[cfg(unix)]
fn readable_by_others(path: &Path) -> Option<String> {
    use std::os::unix::fs::PermissionsExt;

    let meta = std::fs::metadata(path).ok().filter(std::fs::Metadata::is_file)?;
    let mode = meta.permissions().mode();
    (mode & 0o077 != 0).then(|| {
        let path = path.display();
        format!(
            "other users of this machine can read the key in {path}, mode {:03o}; run: chmod 600 {path}",
            mode & 0o777
        )
    })
}

/// Who can read a file is not said by a mode here.
#[cfg(not(unix))]
fn readable_by_others(_: &Path) -> Option<String> {
    None
}
