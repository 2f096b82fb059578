//! Whose sessions are meant: the options that every command has that asks providers, or tells of what would be asked.

use clap::ValueEnum;

/// The heading above them.
pub(super) const WHICH: &str = "Which sessions";

/// Which providers, profiles and parts of accounts.
#[derive(Debug, Default, clap::Args)]
#[expect(
    clippy::doc_markdown,
    reason = "the help shows the names as they are, without backticks"
)]
pub(crate) struct Selection {
    /// Ask only this provider; may be given more than once.
    #[arg(long, value_name = "PROVIDER", help_heading = WHICH)]
    pub(crate) provider: Vec<ProviderName>,

    /// Use this profile of the configuration file; may be given more than once.
    ///
    /// Unless given, the one that CHAT_SESSIONS_PROFILE names, or default_profile in the file. A variable that is set wins
    /// over the profile; `config show --origin` tells where each value comes from.
    #[arg(long, value_name = "NAME", help_heading = WHICH)]
    pub(crate) profile: Vec<String>,

    /// Ask for this part of an account: a unique_id or a project; may be given more than once.
    ///
    /// Written PROVIDER/SCOPE, such as memories-ai/team-a, where several providers are asked.
    #[arg(long, value_name = "SCOPE", help_heading = WHICH)]
    pub(crate) scope: Vec<ScopeName>,
}

/// A provider, as it is typed and as it stands in the configuration file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ProviderName {
    MemoriesAi,
    LlamaCloud,
}

/// A part of an account, with its provider where that was said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ScopeName {
    pub(crate) provider: Option<ProviderName>,
    pub(crate) scope: String,
}

impl std::str::FromStr for ScopeName {
    type Err = String;

    /// Only what stands before a `/` and is the name of a provider is one, since a `unique_id` may hold a `/` as well.
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
    use super::{ProviderName, ScopeName};

    #[test]
    fn a_scope_names_a_provider_only_by_its_name() {
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
            assert_eq!(text.parse(), Ok(ScopeName { provider, scope }), "{text}");
        }
        for text in ["", "memories-ai/"] {
            assert!(text.parse::<ScopeName>().is_err(), "{text}");
        }
    }
}
