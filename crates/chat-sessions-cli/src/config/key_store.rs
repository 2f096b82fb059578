//! Where `auth login` saves a key: a file of its own in the folder of `config.toml`, and its path in a
//! profile.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use chat_sessions::config::SettingValue;
use chat_sessions::{Error, ErrorKind, Result};
use tempfile::NamedTempFile;

use super::edit::{KeyEntry, with_key_file};
use super::file::ConfigFile;
use super::load::PROFILE_VARIABLE;
use super::location;
use super::settings::Settings;
use crate::provider::ProviderName;

/// The folder of the key files, beside `config.toml`.
const FOLDER: &str = "keys";
/// The profile of a first login.
const FIRST_PROFILE: &str = "default";

/// The place for the key of a provider in a profile.
#[derive(Debug)]
pub(crate) struct KeyStore {
    pub(crate) config: PathBuf,
    pub(crate) profile: String,
    /// Whether the profile is in use without `--profile`, after the key is saved.
    pub(crate) is_default: bool,
    provider: ProviderName,
    text: String,
    file: ConfigFile,
    sets_default: bool,
}

impl KeyStore {
    /// Finds the place, in a profile that may not exist yet. Writes nothing.
    ///
    /// # Errors
    ///
    /// The configuration file is wrong or cannot be read, or there is no home directory.
    pub(crate) fn find(provider: ProviderName, profile: Option<&str>) -> Result<Self> {
        let location = location::required()?;
        let config = location.path;
        let text = match std::fs::read_to_string(&config) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
            Err(error) => return Err(failure("read", &config, &error)),
        };
        let file = ConfigFile::parse(&config, &text)?;
        let named = profile.map(|name| SettingValue::new(name, "--profile"));
        let named = named.or_else(|| SettingValue::from_env(PROFILE_VARIABLE));
        let default = file.default_profile.as_ref().map(|(name, _)| name.clone());
        let profile = match &named {
            Some(name) => name.text()?.to_owned(),
            None => default.clone().unwrap_or_else(|| FIRST_PROFILE.to_owned()),
        };
        if profile.is_empty() {
            return Err(Error::local(ErrorKind::Config)
                .with_message("the name of the profile is empty")
                .with_remedy("Give --profile a name, or omit it."));
        }
        // The first login works without further options. Otherwise the choice of a default is the user's.
        let sets_default = default.is_none() && (named.is_none() || file.profiles.is_empty());
        Ok(Self {
            is_default: sets_default || default.as_ref() == Some(&profile),
            config,
            profile,
            provider,
            text,
            file,
            sets_default,
        })
    }

    /// Returns the settings of the profile, with which the key is used.
    pub(crate) fn settings(&self) -> Settings {
        let mut profiles = self.file.profiles.iter();
        let profile = profiles.find(|profile| profile.name == self.profile);
        Settings::new(self.provider, profile, false)
    }

    /// Returns the path of the key file.
    pub(crate) fn key_file(&self) -> PathBuf {
        self.folder().join(FOLDER).join(self.key_file_name())
    }

    /// Describes what saving a key replaces; `None` if it replaces nothing.
    pub(crate) fn replaces(&self) -> Option<String> {
        let mut profiles = self.file.profiles.iter();
        let profile = profiles.find(|profile| profile.name == self.profile);
        let entry = profile.and_then(|profile| profile.value(self.provider, self.provider.key_setting()?));
        let file = self.key_file();
        match entry {
            Some(entry) => Some(format!("{} has a key already", entry.origin)),
            None if file.exists() => Some(format!("the key file {} already exists", file.display())),
            None => None,
        }
    }

    /// Saves a key, and replaces the previous one.
    ///
    /// # Errors
    ///
    /// A file cannot be written, or the configuration file has a form to which nothing can be added.
    /// Then nothing has changed.
    pub(crate) fn save(&self, key: &str) -> Result<()> {
        let relative = format!("{FOLDER}/{}", self.key_file_name());
        let entry = KeyEntry {
            profile: &self.profile,
            provider: self.provider,
            key_file: &relative,
            is_default: self.sets_default,
        };
        let text = with_key_file(&self.config, &self.text, entry).ok_or_else(|| self.not_editable(&relative))?;
        let key_file = self.key_file();
        let previous = std::fs::read(&key_file).ok();
        write(&key_file, format!("{key}\n").as_bytes(), Access::Owner)?;
        write(&self.config, text.as_bytes(), Access::Same).inspect_err(|_| {
            // The error about the configuration matters more than one about this.
            let _ = match previous {
                Some(previous) => write(&key_file, &previous, Access::Owner).is_ok(),
                None => std::fs::remove_file(&key_file).is_ok(),
            };
        })
    }

    fn folder(&self) -> &Path {
        self.config.parent().unwrap_or(Path::new(""))
    }

    /// Returns the name of the key file: the profile with all unusual characters encoded, and the
    /// provider.
    fn key_file_name(&self) -> String {
        let mut name = String::new();
        for byte in self.profile.bytes() {
            if byte.is_ascii_alphanumeric() || b"-_".contains(&byte) {
                name.push(char::from(byte));
            } else {
                name.push_str(&format!("%{byte:02X}"));
            }
        }
        format!("{name}.{}", self.provider.as_str())
    }

    fn not_editable(&self, relative: &str) -> Error {
        Error::local(ErrorKind::Config)
            .with_message(format!(
                "{} writes the profile {} in a form to which nothing can be added",
                self.config.display(),
                self.profile
            ))
            .with_remedy(format!(
                "Save the key in {}, readable by you only, and add key_file = \"{relative}\" for {} to the profile.",
                self.key_file().display(),
                self.provider.as_str()
            ))
    }
}

/// Who can read a file.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Access {
    Owner,
    /// As before; only the owner, if the file is new.
    Same,
}

/// Writes a whole file or nothing: it writes a new file and renames it.
fn write(path: &Path, content: &[u8], access: Access) -> Result<()> {
    // A configuration file may be a link into another folder. The link stays.
    let path = &std::fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    let folder = folder.unwrap_or(Path::new("."));
    let written = create_folder(folder).and_then(|()| {
        let mut file = NamedTempFile::new_in(folder)?;
        file.write_all(content)?;
        if let Ok(metadata) = std::fs::metadata(path)
            && access == Access::Same
        {
            file.as_file().set_permissions(metadata.permissions())?;
        }
        file.as_file().sync_all()?;
        file.persist(path).map(drop).map_err(|error| error.error)
    });
    written.map_err(|error| failure("write", path, &error))
}

/// Creates a folder that only the owner can read, unless it exists.
fn create_folder(folder: &Path) -> io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

fn failure(verb: &str, path: &Path, error: &io::Error) -> Error {
    Error::local(ErrorKind::Config)
        .with_message(format!("cannot {verb} {}: {error}", path.display()))
        .with_remedy("Correct the permissions, or set CHAT_SESSIONS_CONFIG to a file in another directory.")
}
