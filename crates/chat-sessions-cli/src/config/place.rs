//! Where the configuration file is.

use std::env;
use std::path::PathBuf;

/// The variable that names the file.
const CONFIG: &str = "CHAT_SESSIONS_CONFIG";

/// The file's place, whether or not it is there.
#[derive(Clone, Debug)]
pub(crate) struct Place {
    pub(crate) path: PathBuf,
    /// Whether somebody named it, so that it has to be there.
    pub(crate) named: bool,
}

/// Finds the place; `None` where there is no home to look in.
///
/// macOS is treated as Linux is, since the tools that people compare this one with do so there.
pub(crate) fn find() -> Option<Place> {
    if let Some(path) = folder(CONFIG) {
        return Some(Place { path, named: true });
    }
    let folder = folder("XDG_CONFIG_HOME")
        // The specification of the variable says that a relative path is to be ignored.
        .filter(|folder| folder.is_absolute())
        .or_else(|| if cfg!(windows) { folder("APPDATA") } else { None })
        .or_else(|| home().map(|home| home.join(".config")))?;
    Some(Place {
        path: folder.join("chat-sessions").join("config.toml"),
        named: false,
    })
}

/// Gives the home of whoever runs the program, as the environment says.
pub(crate) fn home() -> Option<PathBuf> {
    folder(if cfg!(windows) { "USERPROFILE" } else { "HOME" })
}

fn folder(variable: &str) -> Option<PathBuf> {
    env::var_os(variable)
        .filter(|value| !value.is_empty())
        .map(PathBuf::from)
}
