//! Where the configuration file is.

use std::path::PathBuf;

use chat_sessions::config::SettingValue;
use chat_sessions::{Error, ErrorKind, Result};

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
///
/// # Errors
///
/// A variable cannot be a path.
pub(crate) fn find() -> Result<Option<ConfigLocation>> {
    if let Some(path) = path_from(CONFIG_VARIABLE)? {
        return Ok(Some(ConfigLocation {
            path,
            is_explicit: true,
        }));
    }
    // The XDG Base Directory Specification says to ignore relative paths.
    let xdg = path_from("XDG_CONFIG_HOME")?.filter(|folder| folder.is_absolute());
    let folder = match xdg {
        Some(folder) => Some(folder),
        None if cfg!(windows) => path_from("APPDATA")?.or(home(path_from("USERPROFILE")?)),
        None => home(path_from("HOME")?),
    };
    Ok(folder.map(|folder| ConfigLocation {
        path: folder.join("chat-sessions").join("config.toml"),
        is_explicit: false,
    }))
}

/// Returns the location of the file, which may not exist.
///
/// # Errors
///
/// Those of [`find`], and no home directory.
pub(crate) fn required() -> Result<ConfigLocation> {
    find()?.ok_or_else(|| {
        Error::local(ErrorKind::Config)
            .with_message("there is no home directory for a configuration file")
            .with_remedy("Set HOME, or CHAT_SESSIONS_CONFIG to the path of the file.")
    })
}

fn home(folder: Option<PathBuf>) -> Option<PathBuf> {
    folder.map(|folder| folder.join(".config"))
}

fn path_from(variable: &str) -> Result<Option<PathBuf>> {
    SettingValue::from_env(variable).map(|value| value.path()).transpose()
}
