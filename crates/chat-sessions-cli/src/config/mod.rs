//! Configuration: flag over environment over profile over default, and of each value where it comes from.
//!
//! What a variable means, how several spellings of a key agree and how a key file is read is the facade's business; this
//! module only decides which tier speaks, and hands the values over under the names of the variables.

mod file;
mod origin;
mod place;

use std::ffi::OsString;

use chat_sessions::{Error, ErrorKind, Given, Result, Setting};

use crate::args::{ProviderName, Selection};

pub(crate) use file::{File, Profile};
pub(crate) use origin::{Origin, OriginRecord};

/// The variable that names the profile where `--profile` does not.
const PROFILE: &str = "CHAT_SESSIONS_PROFILE";

/// The configuration file, read, and the profiles that were asked for.
#[derive(Debug)]
pub(crate) struct Config {
    pub(crate) place: Option<place::Place>,
    pub(crate) file: Option<File>,
    pub(crate) profiles: Vec<Chosen>,
}

/// A profile that was asked for, and where.
#[derive(Clone, Debug)]
pub(crate) struct Chosen {
    pub(crate) profile: Profile,
    pub(crate) origin: Origin,
}

impl Config {
    /// Reads the configuration file, if there is one.
    ///
    /// # Errors
    ///
    /// Says what is wrong with the file, and at which line, or which profile is not in it.
    pub(crate) fn load(selection: &Selection) -> Result<Self> {
        let place = place::find();
        let file = place.as_ref().map(File::read).transpose()?.flatten();
        let wanted: Vec<(String, Origin)> = if !selection.profile.is_empty() {
            let flags = selection.profile.iter();
            flags.map(|name| (name.clone(), Origin::Flag("--profile"))).collect()
        } else if let Some(name) = std::env::var(PROFILE).ok().filter(|name| !name.is_empty()) {
            vec![(name, Origin::Variable(PROFILE))]
        } else {
            let default = file.as_ref().and_then(|file| file.default_profile.clone());
            default.into_iter().collect()
        };
        let mut profiles: Vec<Chosen> = Vec::new();
        for (name, origin) in wanted {
            if profiles.iter().any(|chosen| chosen.profile.name == name) {
                continue;
            }
            let Some(file) = &file else {
                return Err(no_file(&name, &origin, place.as_ref()));
            };
            let profile = file.profile(&name, &origin)?.clone();
            profiles.push(Chosen { profile, origin });
        }
        Ok(Self { place, file, profiles })
    }

    /// Knows of no file and no profile, as the sandbox does.
    pub(crate) fn none() -> Self {
        Self {
            place: None,
            file: None,
            profiles: Vec::new(),
        }
    }

    /// Gives the settings of a provider for every profile that was asked for, or for none where none was.
    pub(crate) fn settings(&self, provider: ProviderName) -> Vec<Settings> {
        let of = |profile| Settings::new(provider, profile);
        if self.profiles.is_empty() {
            vec![of(None)]
        } else {
            self.profiles.iter().map(|chosen| of(Some(chosen))).collect()
        }
    }
}

fn no_file(name: &str, origin: &Origin, place: Option<&place::Place>) -> Error {
    let reason = match place {
        Some(place) => format!("there is no {}", place.path.display()),
        None => "there is no place for a configuration file without a home".to_owned(),
    };
    Error::local(ErrorKind::Config)
        .with_message(format!("{origin} asks for the profile {name}, and {reason}"))
        .with_hint("Write the file, or name another one in CHAT_SESSIONS_CONFIG.")
}

/// What a provider is configured with, setting by setting.
#[derive(Clone, Debug)]
pub(crate) struct Settings {
    pub(crate) provider: ProviderName,
    /// The profile that speaks where the environment is silent.
    pub(crate) profile: Option<String>,
    values: Vec<(&'static Setting, Vec<Value>)>,
}

/// A value, under the name of the variable that it is handed over as.
#[derive(Clone)]
pub(crate) struct Value {
    variable: &'static str,
    pub(crate) text: OsString,
    pub(crate) origin: Origin,
    /// Whether it is the path of a file that holds the value.
    pub(crate) is_path: bool,
    /// The place that it speaks over, in a profile that was named on the command line.
    pub(crate) hides: Option<Origin>,
}

impl Settings {
    fn new(provider: ProviderName, chosen: Option<&Chosen>) -> Self {
        let is_named = chosen.is_some_and(|chosen| matches!(chosen.origin, Origin::Flag(_)));
        let values = provider.settings().iter().map(|setting| {
            let beneath = chosen.and_then(|chosen| chosen.profile.value(provider, setting));
            let mut values = from_environment(setting);
            match (values.first_mut(), beneath) {
                // Whoever names a profile means it; over the one that is always in force, a variable is set on purpose.
                (Some(first), Some(beneath)) if is_named => first.hides = Some(beneath.origin),
                (None, beneath) => values.extend(beneath),
                (Some(_), _) => {}
            }
            (setting, values)
        });
        Self {
            provider,
            profile: chosen.map(|chosen| chosen.profile.name.clone()),
            values: values.collect(),
        }
    }

    /// Gives the settings for the server inside this process, whatever else says.
    pub(crate) fn of_sandbox(provider: ProviderName, key: &str, url: &str) -> Self {
        let values = provider.settings().iter().map(|setting| {
            let text = match setting.name {
                "base_url" => Some(url),
                _ => setting.is_secret().then_some(key),
            };
            let value = text.zip(setting.variables.first()).map(|(text, variable)| Value {
                variable,
                text: text.into(),
                origin: Origin::Flag("--sandbox"),
                is_path: false,
                hides: None,
            });
            (setting, value.into_iter().collect())
        });
        Self {
            provider,
            profile: None,
            values: values.collect(),
        }
    }

    /// Gives the settings with the values that were found for each; several only where a key has several spellings.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&'static Setting, &[Value])> {
        self.values
            .iter()
            .map(|(setting, values)| (*setting, values.as_slice()))
    }

    /// Gives the first value of a setting.
    pub(crate) fn first(&self, name: &str) -> Option<&Value> {
        let mut found = self.iter().filter(|(setting, _)| setting.name == name);
        found.next().and_then(|(_, values)| values.first())
    }

    /// Says whether there is a key, wherever it is.
    pub(crate) fn has_key(&self) -> bool {
        self.keys().next().is_some()
    }

    /// Gives where the key comes from.
    pub(crate) fn keys(&self) -> impl Iterator<Item = &Value> {
        let secrets = self.iter().filter(|(setting, _)| setting.is_secret());
        secrets.flat_map(|(_, values)| values)
    }

    /// Gives the part of the account that the environment or the profile selects.
    ///
    /// # Errors
    ///
    /// Says that it is no text.
    pub(crate) fn scope(&self) -> Result<Option<(String, Origin)>> {
        let Some(value) = self.first(self.provider.scope_setting()) else {
            return Ok(None);
        };
        match value.text.to_str() {
            Some(text) => Ok(Some((text.to_owned(), value.origin.clone()))),
            None => Err(Error::new(ErrorKind::Config, self.provider.provider())
                .with_message(format!("{}: is not valid UTF-8", value.origin))
                .with_hint("Correct or unset it.")),
        }
    }

    /// Answers for a variable, as the environment would. The part of the account is left out: what the account is does not
    /// depend on it.
    pub(crate) fn lookup(&self, variable: &str) -> Option<Given> {
        let values = self
            .iter()
            .filter(|(setting, _)| setting.name != self.provider.scope_setting());
        let mut named = values
            .flat_map(|(_, values)| values)
            .filter(|value| value.variable == variable);
        let value = named.next()?;
        Some(Given::new(value.text.clone(), value.origin.to_string()))
    }
}

/// An empty variable counts as not set, as everywhere.
fn from_environment(setting: &Setting) -> Vec<Value> {
    let spellings = setting.variables.iter().map(|variable| (variable, false));
    let files = setting.file_variables.iter().map(|variable| (variable, true));
    let set = spellings.chain(files).filter_map(|(variable, is_path)| {
        let text = std::env::var_os(variable).filter(|text| !text.is_empty())?;
        Some(Value {
            variable,
            text,
            origin: Origin::Variable(variable),
            is_path,
            hides: None,
        })
    });
    set.collect()
}

/// The text may be a key.
impl std::fmt::Debug for Value {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Value")
            .field("origin", &self.origin)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::Settings;
    use crate::args::ProviderName;

    #[test]
    fn a_panic_that_showed_settings_would_show_no_value() {
        for provider in ProviderName::ALL {
            let settings = Settings::of_sandbox(provider, "planted-key", "http://planted.example");
            let given: Vec<_> = settings.keys().map(|key| settings.lookup(key.variable)).collect();
            let shown = format!("{settings:?} {given:?}");
            assert!(shown.contains("--sandbox") && !shown.contains("planted"), "{shown}");
        }
    }
}
