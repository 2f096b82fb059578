//! Creates all providers with the sessions of a new sandbox, from a single number and a day.
//!
//! The same seed, day and sizes give the same sessions on every machine and in every version of
//! this crate.

use crate::{
    data::{clock::Clock, day::Day, rng::SplitMix64},
    dialect::{
        Dialect, ProviderSettings,
        llama_cloud::ids::{DEFAULT_PROJECT_ID, OTHER_PROJECT_ID},
        memories_ai::envelope::DEFAULT_UNIQUE_ID,
        provider::{PerProvider, Provider},
    },
};

/// The scopes of a new sandbox with their number of sessions. `None` means that the builder
/// decides.
///
/// Each scope has its own random stream, so that the size of one list does not change the ids of
/// another. The streams depend on the order of the scopes. Changing it would change every id.
const SCOPES: [(Provider, &str, Option<usize>); 5] = [
    (Provider::MemoriesAi, DEFAULT_UNIQUE_ID, None),
    (Provider::LlamaCloud, DEFAULT_PROJECT_ID, None),
    (Provider::LlamaCloud, OTHER_PROJECT_ID, Some(31)),
    // These two differ only in case, because scopes are case-sensitive.
    (Provider::MemoriesAi, "demo-team", Some(23)),
    (Provider::MemoriesAi, "Demo-Team", Some(5)),
];

/// The scopes of providers that joined later. Their random streams come after that of the clock, so
/// that they change no id of the others.
const LATER_SCOPES: &[(Provider, &str, Option<usize>)] = &[];

/// Returns the providers with their sessions, and the clock for later changes.
pub(crate) fn seeded(
    seed: u64,
    day: Day,
    settings: &PerProvider<ProviderSettings>,
) -> (PerProvider<Box<dyn Dialect>>, Clock) {
    let mut dialects = PerProvider::from_fn(|provider| (provider.profile().create)(settings[provider].clone()));
    let mut rng = SplitMix64::new(seed);
    let mut stream = || SplitMix64::new(rng.next_u64());
    let mut seed = |(provider, scope, count): (Provider, &str, Option<usize>), stream| {
        let count = count.unwrap_or(settings[provider].sessions);
        dialects[provider].sessions_mut().seed(scope, stream, day, count);
    };
    for scope in SCOPES {
        seed(scope, stream());
    }
    let clock = Clock::new(stream(), day);
    for scope in LATER_SCOPES {
        seed(*scope, stream());
    }
    (dialects, clock)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_provider_has_sessions_in_its_default_scope() {
        let settings = PerProvider::from_fn(|provider| provider.profile().default_settings.clone());
        let (dialects, _) = seeded(1, Day::default(), &settings);
        for provider in Provider::ALL {
            let sessions = dialects[provider].sessions();
            assert_eq!(
                sessions.count(provider.profile().default_scope),
                settings[provider].sessions
            );
        }
    }

    /// The ids must not change between versions: documentation and recordings may contain them.
    #[test]
    fn a_seed_always_gives_the_same_sessions() {
        let settings = PerProvider::from_fn(|provider| provider.profile().default_settings.clone());
        let (mut dialects, mut clock) = seeded(1, Day::default(), &settings);
        for ((provider, scope, _), expected) in SCOPES.into_iter().zip([
            "702135219382493013",
            "ses-a3wfom5ysb2t",
            "ses-qbp3bmm67yuc",
            "702135219383273889",
            "702135219385168817",
        ]) {
            assert_eq!(
                dialects[provider].sessions().id_at(scope, 0).as_deref(),
                Some(expected),
                "{scope}"
            );
        }
        for (provider, expected) in Provider::ALL
            .into_iter()
            .zip(["702135394463842707", "ses-jl47bgqp2hou"])
        {
            let scope = provider.profile().default_scope;
            assert_eq!(
                dialects[provider].sessions_mut().insert(scope, "New", &mut clock),
                expected
            );
        }
    }
}
