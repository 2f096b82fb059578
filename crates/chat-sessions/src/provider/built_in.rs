//! The description of a built-in provider, for the rest of this crate and for tools around it.

use std::sync::Arc;

use crate::config::{Env, Setting, SettingValue};
use crate::error::{ApiKeyVariables, Result};
use crate::model::{Provider, Scope};
use crate::provider::http_client::missing_key;
use crate::retry::Pacing;
use crate::source::{Capabilities, SessionSource};

/// A function that looks up variables as the environment does.
pub(crate) type Lookup<'a> = &'a dyn Fn(&str) -> Option<SettingValue>;

/// `BuiltIn` describes a provider that this crate has a source for;
/// [`BUILT_IN`](crate::provider::BUILT_IN) lists them all.
///
/// It is for programs that treat all providers alike, and that should not change when this crate
/// gains one.
///
/// ```
/// use chat_sessions::config::SettingValue;
/// use chat_sessions::provider::BUILT_IN;
///
/// for provider in BUILT_IN {
///     let lookup = |variable: &str| Some(SettingValue::new("sk-example", variable)).filter(|_| variable.ends_with("_API_KEY"));
///     let source = provider.open(&lookup, None)?;
///     println!("{}: {}", provider.title, source.scope().map_or_else(String::new, |scope| scope.to_string()));
/// }
/// # Ok::<(), chat_sessions::Error>(())
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct BuiltIn {
    /// The provider, as named in ids and labels.
    pub provider: Provider,
    /// Its name for people, such as `Memories.ai`.
    pub title: &'static str,
    /// The settings that configure it.
    pub settings: &'static [Setting],
    /// The name of the setting that selects the scope; empty if the provider has no scopes.
    pub scope_setting: &'static str,
    /// The properties that its list is known to have.
    pub capabilities: Capabilities,
    pub(crate) open: Open,
    pub(crate) key: Setting,
}

/// Opens a source from variables; `None` if no key is set.
pub(crate) type Open = fn(Lookup<'_>, Option<Pacing>) -> Result<Option<Arc<dyn BuiltInSource>>>;

/// `BuiltInSource` is a source of any built-in provider.
pub trait BuiltInSource: SessionSource {
    /// Returns a source for another scope of the same account, which shares its connections, rate
    /// limit and retry budget.
    fn in_scope(&self, scope: Scope) -> Arc<dyn BuiltInSource>;
}

impl BuiltIn {
    /// Opens a source that is configured by variables, with the given rate limit for all operations
    /// together, or with the provider's own limits.
    ///
    /// # Errors
    ///
    /// A [`Config`](crate::ErrorKind::Config) error names the origin of the invalid value, an
    /// [`Auth`](crate::ErrorKind::Auth) error the missing key.
    pub fn open(
        &self,
        lookup: &dyn Fn(&str) -> Option<SettingValue>,
        pacing: Option<Pacing>,
    ) -> Result<Arc<dyn BuiltInSource>> {
        match (self.open)(lookup, pacing)? {
            Some(source) => Ok(source),
            None => Err(missing_key(&self.provider, self.key_variables())),
        }
    }

    /// Checks one value of a setting, as [`open`](Self::open) does, but alone: the value itself, not
    /// the path of a file with it.
    ///
    /// # Errors
    ///
    /// A [`Config`](crate::ErrorKind::Config) error names the origin of the value.
    pub fn check(&self, setting: &Setting, value: &SettingValue) -> Result<()> {
        Env::new(self.provider.clone(), &|_| None).check(setting, value)
    }

    /// Opens a source; `None` if no key is set.
    pub(crate) fn open_if_configured(&self, lookup: Lookup<'_>) -> Result<Option<Arc<dyn BuiltInSource>>> {
        (self.open)(lookup, None)
    }

    pub(crate) fn key_variables(&self) -> ApiKeyVariables {
        self.key.key_variables(self.title)
    }
}
