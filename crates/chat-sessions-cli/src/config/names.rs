//! The names in the configuration that completion offers: profiles and scopes. If the configuration is
//! wrong, there are none.

use super::file::{ConfigFile, Profile};
use super::location;
use super::settings::Settings;
use crate::provider::ProviderName;

/// Returns the names of all profiles in the configuration file.
pub(crate) fn known_profiles() -> Vec<String> {
    profiles().into_iter().map(|profile| profile.name).collect()
}

/// Returns the scopes of the environment and of all profiles, as `--scope` takes them.
pub(crate) fn known_scopes() -> Vec<String> {
    let profiles = profiles();
    let mut scopes: Vec<String> = Vec::new();
    for provider in ProviderName::ALL {
        let from_environment = Settings::new(provider, None, false);
        let from_profiles = profiles
            .iter()
            .map(|profile| Settings::new(provider, Some(profile), false));
        for settings in std::iter::once(from_environment).chain(from_profiles) {
            let value = settings.scope().and_then(|(_, value)| value.map(|value| value.given()));
            let scope = value.as_ref().and_then(|value| value.text().ok());
            let scope = scope.map(|scope| format!("{}/{scope}", provider.as_str()));
            scopes.extend(scope.filter(|scope| !scopes.contains(scope)));
        }
    }
    scopes
}

fn profiles() -> Vec<Profile> {
    let location = location::find().ok().flatten();
    let file = location.and_then(|location| ConfigFile::read(&location).ok().flatten());
    file.map(|file| file.profiles).unwrap_or_default()
}
