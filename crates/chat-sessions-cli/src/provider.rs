//! Everything specific to one provider: its name, its settings, what `providers` prints about its
//! list, and how to open it. No other file of this crate tells the providers apart.

use chat_sessions::{
    Capabilities, ChatSessionsBuilder, Given, LlamaCloud, MemoriesAi, Pacing, Provider, Result, SessionSource, Setting,
};
use chat_sessions_sandbox::{LLAMA_CLOUD_KEY, MEMORIES_AI_KEY};
use clap::ValueEnum;

use crate::embedded_sandbox::Embedded;

/// A provider, as written on the command line and in the configuration file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ProviderName {
    MemoriesAi,
    LlamaCloud,
}

/// What the command line knows about a provider. The facts about its list are from its
/// documentation and from captured responses; `specs/` has the sources.
#[derive(Debug)]
pub(crate) struct ProviderInfo {
    pub(crate) name: &'static str,
    pub(crate) provider: Provider,
    pub(crate) settings: &'static [Setting],
    /// The setting that selects the part of the account.
    pub(crate) scope_setting: &'static str,
    pub(crate) sandbox_key: &'static str,
    pub(crate) title: &'static str,
    pub(crate) request: &'static str,
    pub(crate) paging: &'static str,
    pub(crate) page_size: &'static str,
    pub(crate) order: &'static str,
    pub(crate) rate: &'static str,
    /// The documented rate limit of this list.
    pub(crate) requests_per_second: Option<u32>,
    pub(crate) times: &'static str,
}

static MEMORIES_AI: ProviderInfo = ProviderInfo {
    name: "memories-ai",
    provider: Provider::MEMORIES_AI,
    settings: MemoriesAi::SETTINGS,
    scope_setting: "unique_id",
    sandbox_key: MEMORIES_AI_KEY,
    title: "Memories.ai, chats over videos",
    request: "GET /serve/api/v1/list_sessions",
    paging: "numbered pages",
    page_size: "20 seen, its own; --page-size has no effect",
    order: "newest first by creation",
    rate: "5 requests a second, which is kept to",
    requests_per_second: Some(5),
    times: "creation, derived from the id",
};

static LLAMA_CLOUD: ProviderInfo = ProviderInfo {
    name: "llama-cloud",
    provider: Provider::LLAMA_CLOUD,
    settings: LlamaCloud::SETTINGS,
    scope_setting: "project_id",
    sandbox_key: LLAMA_CLOUD_KEY,
    title: "LlamaCloud, chats over documents",
    request: "GET /api/v1/chat",
    paging: "page tokens",
    page_size: "as many as are of use, up to 1000; or --page-size",
    order: "not documented, probably by last change",
    rate: "none for chats; 20 requests a minute on the free tier",
    requests_per_second: None,
    times: "last change, without a zone and taken as UTC",
};

impl ProviderName {
    /// All providers, in the order in which they are listed.
    pub(crate) const ALL: [Self; 2] = [Self::MemoriesAi, Self::LlamaCloud];

    pub(crate) fn info(self) -> &'static ProviderInfo {
        match self {
            Self::MemoriesAi => &MEMORIES_AI,
            Self::LlamaCloud => &LLAMA_CLOUD,
        }
    }

    pub(crate) fn as_str(self) -> &'static str {
        self.info().name
    }

    /// Returns what the facade guarantees for this list.
    pub(crate) fn capabilities(self) -> Result<Capabilities> {
        // No request is made, so any key works.
        let any_key = |variable: &str| {
            let mut secrets = self.info().settings.iter().filter(|setting| setting.is_secret());
            let is_key = secrets.any(|setting| setting.variables.contains(&variable));
            is_key.then(|| Given::new("none", variable))
        };
        Ok(Source::open(self, &any_key, false)?.as_dyn().capabilities())
    }
}

/// A source of the facade, of one provider or the other.
#[derive(Clone, Debug)]
pub(crate) enum Source {
    MemoriesAi(MemoriesAi),
    LlamaCloud(LlamaCloud),
}

impl Source {
    /// Opens a source with the values that `lookup` returns for each variable.
    pub(crate) fn open(
        provider: ProviderName,
        lookup: &dyn Fn(&str) -> Option<Given>,
        embedded: bool,
    ) -> Result<Self> {
        Ok(match provider {
            ProviderName::MemoriesAi => {
                let builder = MemoriesAi::builder_from(lookup)?;
                // Nothing else uses the server inside this process, and it has no rate limit.
                let builder = if embedded {
                    builder.pacing(Pacing::none())
                } else {
                    builder
                };
                Self::MemoriesAi(builder.build()?)
            }
            ProviderName::LlamaCloud => Self::LlamaCloud(LlamaCloud::builder_from(lookup)?.build()?),
        })
    }

    /// Returns the source for another part of the same account.
    pub(crate) fn with_scope(&self, scope: &str) -> Self {
        match self {
            Self::MemoriesAi(source) => Self::MemoriesAi(source.scope(scope)),
            Self::LlamaCloud(source) => Self::LlamaCloud(source.scope(scope)),
        }
    }

    pub(crate) fn as_dyn(&self) -> &dyn SessionSource {
        match self {
            Self::MemoriesAi(source) => source,
            Self::LlamaCloud(source) => source,
        }
    }

    pub(crate) fn add_to(self, builder: ChatSessionsBuilder, embedded: bool) -> ChatSessionsBuilder {
        match self {
            Self::MemoriesAi(source) => add(builder, source, embedded),
            Self::LlamaCloud(source) => add(builder, source, embedded),
        }
    }
}

fn add(builder: ChatSessionsBuilder, source: impl SessionSource, embedded: bool) -> ChatSessionsBuilder {
    if embedded {
        builder.source(Embedded(source))
    } else {
        builder.source(source)
    }
}

#[cfg(test)]
mod tests {
    use clap::ValueEnum;

    use super::ProviderName;

    #[test]
    fn a_provider_has_one_name_everywhere() {
        for name in ProviderName::ALL {
            let typed = name.to_possible_value().expect("no provider is hidden");
            assert_eq!(
                (typed.get_name(), name.info().provider.as_str()),
                (name.as_str(), name.as_str())
            );
        }
        assert_eq!(ProviderName::value_variants(), ProviderName::ALL);
    }

    #[test]
    fn the_descriptions_agree_with_the_capabilities() {
        for name in ProviderName::ALL {
            let (info, capabilities) = (name.info(), name.capabilities().expect("the settings are valid"));
            assert_eq!(
                info.page_size.contains("no effect"),
                !capabilities.page_size,
                "{name:?}"
            );
            assert_eq!(
                info.order.starts_with("newest first"),
                capabilities.new_at_front,
                "{name:?}"
            );
            let scopes = info.settings.iter().filter(|setting| setting.name == info.scope_setting);
            assert_eq!(scopes.count(), 1, "{name:?}");
        }
    }
}
