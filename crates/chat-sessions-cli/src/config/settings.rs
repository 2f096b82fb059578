//! The settings of one list: for each setting, the value with the highest precedence (environment
//! over profile over default) and its origin.
//!
//! The facade knows what a variable means, whether several spellings of a key agree, and how a key
//! file is read. This file passes it the values under the names of the variables.

use chat_sessions::config::{Setting, SettingValue};
use chat_sessions::{Error, Result};

use super::file::Profile;
use super::origin::Origin;
use super::value::Value;
use crate::provider::ProviderName;

/// The settings of one provider in one profile.
#[derive(Clone, Debug)]
pub(crate) struct Settings {
    pub(crate) provider: ProviderName,
    /// The profile that provides the values that are not in the environment.
    pub(crate) profile: Option<String>,
    values: Vec<(&'static Setting, Vec<Value>)>,
}

impl Settings {
    /// Collects the settings. `is_explicit` means that `--profile` named the profile.
    pub(crate) fn new(provider: ProviderName, profile: Option<&Profile>, is_explicit: bool) -> Self {
        let values = provider.built_in().settings.iter().map(|setting| {
            let from_profile = profile.and_then(|profile| profile.value(provider, setting));
            let mut values = from_environment(setting);
            match (values.first_mut(), from_profile) {
                // Worth a warning: `--profile` asks for this value, and a variable overrides it. A
                // default profile is meant to be overridden.
                (Some(first), Some(value)) if is_explicit => first.overrides = Some(value.origin),
                (None, value) => values.extend(value),
                (Some(_), _) => {}
            }
            (setting, values)
        });
        Self {
            provider,
            profile: profile.map(|profile| profile.name.clone()),
            values: values.collect(),
        }
    }

    /// Returns the settings for the server inside this process, ignoring environment and profiles.
    pub(crate) fn of_sandbox(provider: ProviderName, url: &str) -> Self {
        let sandbox_key = provider.info().sandbox_key;
        let values = provider.built_in().settings.iter().map(|setting| {
            let text = match setting.name {
                "base_url" => Some(url),
                _ => setting.is_secret().then_some(sandbox_key),
            };
            let value = text.zip(setting.variables.first()).map(|(text, variable)| Value {
                variable,
                text: text.into(),
                origin: Origin::Flag("--sandbox"),
                is_path: false,
                is_hidden: false,
                overrides: None,
            });
            (setting, value.into_iter().collect())
        });
        Self {
            provider,
            profile: None,
            values: values.collect(),
        }
    }

    /// Returns each setting with its values. Only a key can have several, one per spelling.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&'static Setting, &[Value])> {
        self.values
            .iter()
            .map(|(setting, values)| (*setting, values.as_slice()))
    }

    pub(crate) fn has_key(&self) -> bool {
        self.keys().next().is_some()
    }

    /// Returns the values of the key: the key itself, or the path of its file.
    pub(crate) fn keys(&self) -> impl Iterator<Item = &Value> {
        let secrets = self.iter().filter(|(setting, _)| setting.is_secret());
        secrets.flat_map(|(_, values)| values)
    }

    /// Returns the setting that selects the scope, with its value from the environment or the profile.
    pub(crate) fn scope(&self) -> Option<(&'static Setting, Option<&Value>)> {
        let name = self.provider.built_in().scope_setting;
        let (setting, values) = self.iter().find(|(setting, _)| setting.name == name)?;
        Some((setting, values.first()))
    }

    /// Checks a value as the facade does when it opens the account, but without reading a key file.
    pub(crate) fn check(&self, setting: &Setting, value: &Value) -> Result<()> {
        if value.is_path {
            value.given().path().map(drop)
        } else {
            self.provider.built_in().check(setting, &value.given())
        }
    }

    /// Returns what is wrong with the values, except for the scope.
    pub(crate) fn problems(&self) -> impl Iterator<Item = Error> {
        let scope = self.provider.built_in().scope_setting;
        let settings = self.iter().filter(move |(setting, _)| setting.name != scope);
        let values = settings.flat_map(|(setting, values)| values.iter().map(move |value| (setting, value)));
        values.filter_map(|(setting, value)| self.check(setting, value).err())
    }

    /// Returns the value of a variable, as the environment would. The scope is omitted: it selects a
    /// part of the account, and the account is opened without one.
    pub(crate) fn lookup(&self, variable: &str) -> Option<SettingValue> {
        let values = self
            .iter()
            .filter(|(setting, _)| setting.name != self.provider.built_in().scope_setting);
        let mut named = values
            .flat_map(|(_, values)| values)
            .filter(|value| value.variable == variable);
        named.next().map(Value::given)
    }
}

/// Reads the variables of a setting. An empty variable counts as unset.
fn from_environment(setting: &Setting) -> Vec<Value> {
    let spellings = setting.variables.iter().map(|variable| (variable, false));
    let files = setting.file_variables.iter().map(|variable| (variable, true));
    let set = spellings.chain(files).filter_map(|(variable, is_path)| {
        let given = SettingValue::from_env(variable)?;
        // What cannot be a path is an error when the account is opened.
        let path = given.path().ok().filter(|_| is_path);
        Some(Value {
            variable,
            text: path.map_or_else(|| given.value().to_owned(), Into::into),
            origin: Origin::Variable(variable),
            is_path,
            is_hidden: is_path && !given.is_clearly_a_path(),
            overrides: None,
        })
    });
    set.collect()
}

#[cfg(test)]
mod tests {
    use super::Settings;
    use crate::provider::ProviderName;

    #[test]
    fn debug_output_of_settings_contains_no_value() {
        for provider in ProviderName::ALL {
            let settings = Settings::of_sandbox(provider, "http://planted.example");
            let given: Vec<_> = settings.keys().map(|key| settings.lookup(key.variable)).collect();
            let text = format!("{settings:?} {given:?}");
            assert!(text.contains("--sandbox") && !text.contains("planted"), "{text}");
            assert!(!text.contains(provider.info().sandbox_key), "{text}");
        }
    }
}
