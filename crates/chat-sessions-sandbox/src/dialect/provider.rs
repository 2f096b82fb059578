//! The list of providers, which all parts of the sandbox iterate.

use std::{
    fmt,
    ops::{Index, IndexMut},
};

use crate::dialect::{Profile, llama_cloud, memories_ai, operation::Operation};

/// One of the APIs that the sandbox serves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Provider {
    /// Memories.ai v1.2, below `/serve/api/v1`.
    MemoriesAi,
    /// LlamaCloud, below `/api/v1`.
    LlamaCloud,
}

impl Provider {
    /// All providers, in the order of the enum.
    pub(crate) const ALL: [Self; 2] = [Self::MemoriesAi, Self::LlamaCloud];

    /// The provider's constants.
    pub(crate) fn profile(self) -> &'static Profile {
        match self {
            Self::MemoriesAi => &memories_ai::PROFILE,
            Self::LlamaCloud => &llama_cloud::PROFILE,
        }
    }

    /// The provider whose API has this path.
    pub(crate) fn of_path(path: &str) -> Option<Self> {
        let fitting = Self::ALL
            .into_iter()
            .filter(|provider| path.starts_with(provider.profile().path_prefix));
        // The prefix of one provider can be the beginning of another's.
        fitting.max_by_key(|provider| provider.profile().path_prefix.len())
    }

    /// Returns whether the provider has an operation.
    pub(crate) fn has(self, operation: Operation) -> bool {
        self.profile().routes.iter().any(|(known, _)| *known == operation)
    }

    /// The given scope, or the default one.
    pub(crate) fn scope_or_default(self, scope: Option<&str>) -> &str {
        scope.unwrap_or(self.profile().default_scope)
    }
}

impl fmt::Display for Provider {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.profile().name)
    }
}

/// A value for each provider.
#[derive(Clone, Debug)]
pub(crate) struct PerProvider<T>([T; Provider::ALL.len()]);

impl<T> PerProvider<T> {
    pub(crate) fn from_fn(value: impl FnMut(Provider) -> T) -> Self {
        Self(Provider::ALL.map(value))
    }

    pub(crate) fn map<U>(self, change: impl FnMut(T) -> U) -> PerProvider<U> {
        PerProvider(self.0.map(change))
    }

    pub(crate) fn iter_mut(&mut self) -> impl Iterator<Item = &mut T> {
        self.0.iter_mut()
    }
}

impl<T> Index<Provider> for PerProvider<T> {
    type Output = T;

    fn index(&self, provider: Provider) -> &T {
        &self.0[provider as usize]
    }
}

impl<T> IndexMut<Provider> for PerProvider<T> {
    fn index_mut(&mut self, provider: Provider) -> &mut T {
        &mut self.0[provider as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_provider_has_its_own_value_and_one_name() {
        let names = PerProvider::from_fn(|provider| provider.to_string());
        for provider in Provider::ALL {
            assert_eq!(names[provider], provider.to_string());
            assert_eq!(serde_json::json!(provider), names[provider]);
        }
    }
}
