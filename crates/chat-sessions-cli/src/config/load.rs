//! The configuration file and the profiles in use.

use chat_sessions::config::SettingValue;
use chat_sessions::{Error, ErrorKind, Result};

use super::file::{ConfigFile, Profile};
use super::location::{self, ConfigLocation};
use super::origin::Origin;
use super::selection::SourceSelection;
use super::settings::Settings;
use crate::provider::ProviderName;

/// Names the profile if `--profile` is not given.
pub(super) const PROFILE_VARIABLE: &str = "CHAT_SESSIONS_PROFILE";

/// The configuration file, and the profiles in use.
#[derive(Debug)]
pub(crate) struct Config {
    pub(crate) location: Option<ConfigLocation>,
    pub(crate) file: Option<ConfigFile>,
    pub(crate) profiles: Vec<ActiveProfile>,
}

/// A profile in use, and what selected it.
#[derive(Clone, Debug)]
pub(crate) struct ActiveProfile {
    pub(crate) profile: Profile,
    pub(crate) origin: Origin,
}

impl Config {
    /// Reads the configuration file, if there is one.
    ///
    /// # Errors
    ///
    /// The file is wrong (the message has the line), or a selected profile does not exist or cannot
    /// be the name of one.
    pub(crate) fn load(selection: &SourceSelection) -> Result<Self> {
        let location = location::find()?;
        let file = location.as_ref().map(ConfigFile::read).transpose()?.flatten();
        let wanted: Vec<(String, Origin)> = if !selection.profile.is_empty() {
            let flags = selection.profile.iter();
            let named = flags.map(|name| {
                let name = SettingValue::new(name, "--profile").text()?.to_owned();
                Ok((name, Origin::Flag("--profile")))
            });
            named.collect::<Result<_>>()?
        } else if let Some(name) = SettingValue::from_env(PROFILE_VARIABLE) {
            vec![(name.text()?.to_owned(), Origin::Variable(PROFILE_VARIABLE))]
        } else {
            let default = file.as_ref().and_then(|file| file.default_profile.clone());
            default.into_iter().collect()
        };
        let mut profiles: Vec<ActiveProfile> = Vec::new();
        for (name, origin) in wanted {
            if profiles.iter().any(|active| active.profile.name == name) {
                continue;
            }
            let Some(file) = &file else {
                return Err(no_file(&name, &origin, location.as_ref()));
            };
            let profile = file.profile(&name, &origin)?.clone();
            profiles.push(ActiveProfile { profile, origin });
        }
        Ok(Self {
            location,
            file,
            profiles,
        })
    }

    /// Returns the configuration of the sandbox, which has no file and no profiles.
    pub(crate) fn none() -> Self {
        Self {
            location: None,
            file: None,
            profiles: Vec::new(),
        }
    }

    /// Returns the settings of a provider, once for each profile in use, or once if there is none.
    pub(crate) fn settings(&self, provider: ProviderName) -> Vec<Settings> {
        if self.profiles.is_empty() {
            return vec![Settings::new(provider, None, false)];
        }
        let profiles = self.profiles.iter();
        profiles
            .map(|active| {
                let from_flag = matches!(active.origin, Origin::Flag(_));
                Settings::new(provider, Some(&active.profile), from_flag)
            })
            .collect()
    }
}

fn no_file(name: &str, origin: &Origin, location: Option<&ConfigLocation>) -> Error {
    let reason = match location {
        Some(location) => format!("{} does not exist", location.path.display()),
        None => "there is no home directory with a configuration file".to_owned(),
    };
    Error::local(ErrorKind::Config)
        .with_message(format!("{origin} selects the profile {name}, but {reason}"))
        .with_remedy("Create the file, or set CHAT_SESSIONS_CONFIG to another one.")
}
