//! Where the configuration file is.

use std::env;
use std::path::PathBuf;

/// Names the configuration file.
const CONFIG_VARIABLE: &str = "CHAT_SESSIONS_CONFIG";

/// The path of the configuration file, which may not exist.
#[derive(Clone, Debug)]
pub(crate) struct ConfigLocation {
    pub(crate) path: PathBuf,
    /// Whether the environment names the file, so that it must exist.
    pub(crate) is_explicit: bool,
}

/// Returns the location of the file, or `None` without a home directory.
///
/// macOS is treated like Linux, as other command-line tools do.
pub(crate) fn find() -> Option<ConfigLocation> {
    if let Some(path) = path_from(CONFIG_VARIABLE) {
        return Some(ConfigLocation {
            path,
            is_explicit: true,
        });
    }
    let folder = path_from("XDG_CONFIG_HOME")
        // The XDG Base Directory Specification says to ignore relative paths.
        .filter(|folder| folder.is_absolute())
        .or_else(|| if cfg!(windows) { path_from("APPDATA") } else { None })
        .or_else(|| home().map(|home| home.join(".config")))?;
    Some(ConfigLocation {
        path: folder.join("chat-sessions").join("config.toml"),
        is_explicit: false,
    })
}

/// Returns the home directory that the environment names.
pub(crate) fn home() -> Option<PathBuf> {
    path_from(if cfg!(windows) { "USERPROFILE" } else { "HOME" })
}

fn path_from(variable: &str) -> Option<PathBuf> {
    env::var_os(variable)
        .filter(|value| !value.is_empty())
        .map(PathBuf::from)
}
