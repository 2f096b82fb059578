//! Warnings about keys that work: a key file that other users can read, and a variable that
//! overrides the key of a profile.

use std::path::Path;

use super::origin::Origin;
use super::settings::Settings;

/// Returns the warnings about the keys of these settings.
pub(crate) fn warnings(settings: &Settings) -> Vec<String> {
    let readable = settings
        .keys()
        .filter(|key| key.is_path)
        .filter_map(|key| readable_by_others(Path::new(&key.text)));
    let overridden = settings
        .keys()
        .filter_map(|key| key.overrides.as_ref().map(|hidden| overridden(&key.origin, hidden)));
    readable.chain(overridden).collect()
}

/// `--profile` names an account; a variable with the key of another account is easily forgotten.
fn overridden(variable: &Origin, profile: &Origin) -> String {
    format!("{variable} is set and wins over {profile}; unset it to use the key of the profile")
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

/// Other systems do not express this in a mode.
#[cfg(not(unix))]
fn readable_by_others(_: &Path) -> Option<String> {
    None
}
