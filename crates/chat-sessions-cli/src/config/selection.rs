//! The options that choose providers, profiles and scopes. `list`, `doctor` and `config show` share
//! them.

use chat_sessions::config::SettingValue;

use crate::name_arg::name;
use crate::provider::ProviderName;

/// The help heading of these options.
pub(crate) const SELECTION: &str = "Selection";

/// The providers, profiles and scopes that the user chose.
#[derive(Clone, Debug, Default, clap::Args)]
#[expect(clippy::doc_markdown, reason = "clap would print the backticks")]
pub(crate) struct SourceSelection {
    /// Use only this provider; can be repeated.
    #[arg(short, long, value_name = "PROVIDER", help_heading = SELECTION, value_parser = name::<ProviderName>())]
    pub(crate) provider: Vec<ProviderName>,

    /// Use this profile of the configuration file; can be repeated.
    ///
    /// Default: CHAT_SESSIONS_PROFILE, then default_profile in the file. Environment variables
    /// override the profile; `config show --origin` shows where each value comes from.
    #[arg(long, value_name = "NAME", help_heading = SELECTION)]
    pub(crate) profile: Vec<String>,

    /// Use this part of an account: a unique_id or a project id; can be repeated.
    ///
    /// With several providers, write PROVIDER/SCOPE, for example memories-ai/team-a. For list, show
    /// and export, `all` stands for every scope of the account, as the provider lists them.
    #[arg(long, value_name = "SCOPE", help_heading = SELECTION)]
    pub(crate) scope: Vec<ScopeArg>,
}

impl SourceSelection {
    /// Returns whether `--scope all` was given, for one provider or for all.
    pub(crate) fn names_all_scopes(&self) -> bool {
        self.scope.iter().any(ScopeArg::is_all)
    }
}

/// Stands for every scope of an account.
pub(crate) const ALL_SCOPES: &str = "all";

/// A scope, with its provider if the user gave one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ScopeArg {
    pub(crate) provider: Option<ProviderName>,
    pub(crate) scope: String,
}

impl ScopeArg {
    /// Returns whether it stands for every scope of the account. A scope that is named `all` can be
    /// configured, and it is one of those.
    pub(crate) fn is_all(&self) -> bool {
        self.scope == ALL_SCOPES
    }
}

impl std::str::FromStr for ScopeArg {
    type Err = String;

    /// A `unique_id` may contain a `/` too, so only the name of a provider before the first `/`
    /// counts as one.
    fn from_str(text: &str) -> Result<Self, String> {
        let named = text.split_once('/').and_then(|(name, scope)| {
            let provider = ProviderName::ALL
                .into_iter()
                .find(|known| known.as_str().eq_ignore_ascii_case(name.trim()))?;
            Some((provider, scope))
        });
        let (provider, scope) = match named {
            Some((provider, scope)) => (Some(provider), scope),
            None => (None, text),
        };
        let given = SettingValue::new(scope, "--scope");
        let scope = given.value().to_str().unwrap_or(scope);
        if scope.is_empty() {
            return Err("the scope is empty; give a unique_id or a project id".to_owned());
        }
        Ok(Self {
            provider,
            scope: scope.to_owned(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{ProviderName, ScopeArg};

    #[test]
    fn only_the_name_of_a_provider_is_split_off_a_scope() {
        for (text, provider, scope) in [
            ("team-a", None, "team-a"),
            ("team/a", None, "team/a"),
            ("memories-ai", None, "memories-ai"),
            ("memories-ai/team-a", Some(ProviderName::MemoriesAi), "team-a"),
            ("team-a\r", None, "team-a"),
            ("memories-ai/ team-a ", Some(ProviderName::MemoriesAi), "team-a"),
            (" Memories-AI/Team-A", Some(ProviderName::MemoriesAi), "Team-A"),
            ("memories-ai/team/a", Some(ProviderName::MemoriesAi), "team/a"),
            (
                "llama-cloud/llama-cloud/x",
                Some(ProviderName::LlamaCloud),
                "llama-cloud/x",
            ),
        ] {
            let scope = scope.to_owned();
            assert_eq!(text.parse(), Ok(ScopeArg { provider, scope }), "{text}");
        }
        for text in ["", "memories-ai/", " \r\n", "memories-ai/\t"] {
            assert!(text.parse::<ScopeArg>().is_err(), "{text}");
        }
    }
}
