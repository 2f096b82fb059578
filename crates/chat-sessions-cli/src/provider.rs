//! What the command line knows of each provider: its name, its settings, and what `providers` tells of its list.
//!
//! What a list can be trusted to do, and what it is configured with, it asks the facade.

use chat_sessions::{Capabilities, LlamaCloud, MemoriesAi, Provider, Result, SessionSource, Setting};

use crate::args::ProviderName;

impl ProviderName {
    /// All providers, in the order in which they are listed.
    pub(crate) const ALL: [Self; 2] = [Self::MemoriesAi, Self::LlamaCloud];

    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::MemoriesAi => "memories-ai",
            Self::LlamaCloud => "llama-cloud",
        }
    }

    /// Gives the facade's word for it.
    pub(crate) fn provider(self) -> Provider {
        match self {
            Self::MemoriesAi => Provider::MEMORIES_AI,
            Self::LlamaCloud => Provider::LLAMA_CLOUD,
        }
    }

    /// Gives what it can be configured with.
    pub(crate) fn settings(self) -> &'static [Setting] {
        match self {
            Self::MemoriesAi => MemoriesAi::SETTINGS,
            Self::LlamaCloud => LlamaCloud::SETTINGS,
        }
    }

    /// Names the setting that selects the part of the account.
    pub(crate) fn scope_setting(self) -> &'static str {
        match self {
            Self::MemoriesAi => "unique_id",
            Self::LlamaCloud => "project_id",
        }
    }

    /// Gives what the facade trusts its list with.
    pub(crate) fn capabilities(self) -> Result<Capabilities> {
        // No request is made, so that any key will do.
        Ok(match self {
            Self::MemoriesAi => MemoriesAi::builder().api_key("none").build()?.capabilities(),
            Self::LlamaCloud => LlamaCloud::builder().api_key("none").build()?.capabilities(),
        })
    }

    /// Gives what its documents, and captured answers, say of its list; `specs/` has the sources.
    pub(crate) fn facts(self) -> Facts {
        match self {
            Self::MemoriesAi => Facts {
                title: "Memories.ai, chats over videos",
                request: "GET /serve/api/v1/list_sessions",
                paging: "numbered pages",
                page_size: "20 seen, its own; --page-size has no effect",
                order: "newest first by creation",
                rate: "5 requests a second, which is kept to",
                requests_per_second: Some(5),
                times: "creation, derived from the id",
            },
            Self::LlamaCloud => Facts {
                title: "LlamaCloud, chats over documents",
                request: "GET /api/v1/chat",
                paging: "page tokens",
                page_size: "as many as are of use, up to 1000; or --page-size",
                order: "not documented, probably by last change",
                rate: "none for chats; 20 requests a minute on the free tier",
                requests_per_second: None,
                times: "last change, without a zone and taken as UTC",
            },
        }
    }
}

/// What is known of a provider's list, in words.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Facts {
    pub(crate) title: &'static str,
    pub(crate) request: &'static str,
    pub(crate) paging: &'static str,
    pub(crate) page_size: &'static str,
    pub(crate) order: &'static str,
    pub(crate) rate: &'static str,
    /// The documented rate for this list, where there is one.
    pub(crate) requests_per_second: Option<u32>,
    pub(crate) times: &'static str,
}

#[cfg(test)]
mod tests {
    use clap::ValueEnum;

    use super::ProviderName;

    #[test]
    fn a_provider_has_one_name_everywhere() {
        for name in ProviderName::ALL {
            let typed = name.to_possible_value().expect("every provider can be typed");
            assert_eq!(
                (typed.get_name(), name.provider().as_str()),
                (name.as_str(), name.as_str())
            );
        }
        assert_eq!(ProviderName::value_variants(), ProviderName::ALL);
    }

    #[test]
    fn the_words_agree_with_what_the_facade_does() {
        for name in ProviderName::ALL {
            let (facts, capabilities) = (name.facts(), name.capabilities().expect("no value is wrong"));
            assert_eq!(
                facts.page_size.contains("no effect"),
                !capabilities.page_size,
                "{name:?}"
            );
            assert_eq!(
                facts.order.starts_with("newest first"),
                capabilities.new_at_front,
                "{name:?}"
            );
            let scopes = name
                .settings()
                .iter()
                .filter(|setting| setting.name == name.scope_setting());
            assert_eq!(scopes.count(), 1, "{name:?}");
        }
    }
}
