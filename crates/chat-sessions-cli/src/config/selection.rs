//! The options that choose providers, profiles and scopes. `list`, `doctor` and `config show` share
//! them.

use crate::provider::ProviderName;

/// The help heading of these options.
pub(crate) const SELECTION: &str = "Which sessions";

/// The providers, profiles and scopes that the user chose.
#[derive(Debug, Default, clap::Args)]
#[expect(
    clippy::doc_markdown,
    reason = "the help shows the names as they are, without backticks"
)]
pub(crate) struct SourceSelection {
    /// Ask only this provider; may be given more than once.
    #[arg(long, value_name = "PROVIDER", help_heading = SELECTION)]
    pub(crate) provider: Vec<ProviderName>,

    /// Use this profile of the configuration file; may be given more than once.
    ///
    /// Unless given, the one that CHAT_SESSIONS_PROFILE names, or default_profile in the file. A variable that is set wins
    /// over the profile; `config show --origin` tells where each value comes from.
    #[arg(long, value_name = "NAME", help_heading = SELECTION)]
    pub(crate) profile: Vec<String>,

    /// Ask for this part of an account: a unique_id or a project; may be given more than once.
    ///
    /// Written PROVIDER/SCOPE, such as memories-ai/team-a, where several providers are asked.
    #[arg(long, value_name = "SCOPE", help_heading = SELECTION)]
    pub(crate) scope: Vec<ScopeArg>,
}

/// A scope, with its provider if the user gave one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ScopeArg {
    pub(crate) provider: Option<ProviderName>,
    pub(crate) scope: String,
}

impl std::str::FromStr for ScopeArg {
    type Err = String;

    /// A `unique_id` may contain a `/` too, so only the name of a provider before the first `/`
    /// counts as one.
    fn from_str(text: &str) -> Result<Self, String> {
        let named = text.split_once('/').and_then(|(name, scope)| {
            let provider = ProviderName::ALL.into_iter().find(|known| known.as_str() == name)?;
            Some((provider, scope))
        });
        let (provider, scope) = match named {
            Some((provider, scope)) => (Some(provider), scope),
            None => (None, text),
        };
        if scope.is_empty() {
            return Err("a scope is a unique_id or a project, and not empty".to_owned());
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
        for text in ["", "memories-ai/"] {
            assert!(text.parse::<ScopeArg>().is_err(), "{text}");
        }
    }
}
