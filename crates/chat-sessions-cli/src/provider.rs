//! Everything specific to one provider: its name, its settings, what `providers` prints about its
//! list, and how to open it. No other file of this crate distinguishes providers.

use std::sync::Arc;

use chat_sessions::config::{Setting, SettingValue};
use chat_sessions::provider::{BUILT_IN, BuiltIn, BuiltInSource};
use chat_sessions::retry::Pacing;
use chat_sessions::source::SessionSource;
use chat_sessions::{ChatSessionsBuilder, Result};
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
    pub(crate) sandbox_key: &'static str,
    /// Whether `--sandbox` lists it when no provider is named.
    pub(crate) in_sandbox_list: bool,
    pub(crate) title: &'static str,
    pub(crate) request: &'static str,
    pub(crate) transcript_request: &'static str,
    pub(crate) transcript_rate: &'static str,
    pub(crate) scopes_request: &'static str,
    pub(crate) paging: &'static str,
    pub(crate) page_size: &'static str,
    pub(crate) order: &'static str,
    pub(crate) rate: &'static str,
    /// The documented rate limit of this list.
    pub(crate) requests_per_second: Option<u32>,
    /// How many sessions with their messages are fetched in a second.
    pub(crate) transcripts_per_second: Option<u32>,
    pub(crate) times: &'static str,
    /// What its session ids look like, for people.
    pub(crate) ids: &'static str,
    /// Returns whether a text has the form of its session ids.
    pub(crate) is_id: fn(&str) -> bool,
}

static MEMORIES_AI: ProviderInfo = ProviderInfo {
    name: "memories-ai",
    sandbox_key: MEMORIES_AI_KEY,
    in_sandbox_list: true,
    title: "Memories.ai, chats over videos",
    request: "GET /serve/api/v1/list_sessions",
    transcript_request: "GET /serve/api/v1/get_session_detail",
    transcript_rate: "1 session per second, because none is documented",
    scopes_request: "GET /serve/api/v1/list_unique_ids",
    paging: "numbered pages",
    page_size: "fixed, 20 observed; --page-size has no effect",
    order: "newest first, by creation",
    rate: "5 requests per second; this program never sends more",
    requests_per_second: Some(5),
    transcripts_per_second: Some(1),
    times: "creation time, derived from the id",
    ids: "17 to 19 digits",
    is_id: is_snowflake,
};

static LLAMA_CLOUD: ProviderInfo = ProviderInfo {
    name: "llama-cloud",
    sandbox_key: LLAMA_CLOUD_KEY,
    in_sandbox_list: true,
    title: "LlamaCloud, chats over documents",
    request: "GET /api/v1/chat",
    transcript_request: "GET /api/v1/chat/{session_id}",
    transcript_rate: "as the list",
    scopes_request: "GET /api/v1/projects",
    paging: "page tokens",
    page_size: "as many as needed, up to 1000; or --page-size",
    order: "not documented, probably by last update",
    rate: "not documented for this list; the free tier allows 20 requests per minute",
    requests_per_second: None,
    transcripts_per_second: None,
    times: "last update, sent without a time zone and read as UTC",
    ids: "ses- and letters or digits",
    is_id: |id| id.starts_with("ses-") && id.len() > 4,
};

/// All known ids are snowflakes with 18 digits. An older one can have 17, and a later one 19.
fn is_snowflake(id: &str) -> bool {
    (17..=19).contains(&id.len()) && id.bytes().all(|digit| digit.is_ascii_digit())
}

impl ProviderName {
    /// All providers, in the order in which they are listed.
    pub(crate) const ALL: [Self; 2] = [Self::MemoriesAi, Self::LlamaCloud];

    pub(crate) fn info(self) -> &'static ProviderInfo {
        match self {
            Self::MemoriesAi => &MEMORIES_AI,
            Self::LlamaCloud => &LLAMA_CLOUD,
        }
    }

    /// Returns the provider whose session ids have this form, if there is exactly one.
    pub(crate) fn of_id(id: &str) -> Option<Self> {
        let mut fitting = Self::ALL.into_iter().filter(|provider| (provider.info().is_id)(id));
        let first = fitting.next()?;
        fitting.next().is_none().then_some(first)
    }

    pub(crate) fn as_str(self) -> &'static str {
        self.info().name
    }

    /// Returns the setting for its API key.
    pub(crate) fn key_setting(self) -> Option<&'static Setting> {
        self.built_in().settings.iter().find(|setting| setting.is_secret())
    }

    /// Returns what the facade knows of it: its settings, its capabilities, and how to open it.
    pub(crate) fn built_in(self) -> &'static BuiltIn {
        // The tests compare both lists.
        &BUILT_IN[self as usize]
    }
}

/// A source of the facade, of any provider.
#[derive(Clone, Debug)]
pub(crate) struct Source(Arc<dyn BuiltInSource>);

impl Source {
    /// Opens a source with the values that `lookup` returns for each variable.
    pub(crate) fn open(
        provider: ProviderName,
        lookup: &dyn Fn(&str) -> Option<SettingValue>,
        embedded: bool,
    ) -> Result<Self> {
        // Nothing else uses the server inside this process, and it has no rate limit.
        let pacing = embedded.then(Pacing::none);
        provider.built_in().open(lookup, pacing).map(Self)
    }

    /// Returns the source for another part of the same account.
    pub(crate) fn with_scope(&self, scope: &str) -> Self {
        Self(self.0.in_scope(scope.into()))
    }

    pub(crate) fn as_dyn(&self) -> &dyn SessionSource {
        &self.0
    }

    pub(crate) fn add_to(self, builder: ChatSessionsBuilder, embedded: bool) -> ChatSessionsBuilder {
        if embedded {
            builder.source(Embedded(self.0))
        } else {
            builder.source(self.0)
        }
    }
}

#[cfg(test)]
mod tests {
    use clap::ValueEnum;

    use super::{BUILT_IN, ProviderName};

    #[test]
    fn a_provider_has_one_name_everywhere() {
        for name in ProviderName::ALL {
            let typed = name.to_possible_value().expect("no provider is hidden");
            assert_eq!(
                (typed.get_name(), name.built_in().provider.as_str()),
                (name.as_str(), name.as_str())
            );
        }
        assert_eq!(ProviderName::value_variants(), ProviderName::ALL);
        assert_eq!(ProviderName::ALL.len(), BUILT_IN.len());
    }

    #[test]
    fn the_descriptions_agree_with_the_capabilities() {
        for name in ProviderName::ALL {
            let (info, built_in) = (name.info(), name.built_in());
            assert_eq!(
                info.page_size.contains("no effect"),
                !built_in.capabilities.page_size,
                "{name:?}"
            );
            assert_eq!(
                info.order.starts_with("newest first"),
                built_in.capabilities.new_at_front,
                "{name:?}"
            );
            for (capability, request) in [
                (built_in.capabilities.transcripts, info.transcript_request),
                (built_in.capabilities.scopes, info.scopes_request),
            ] {
                assert_eq!(capability, request.starts_with("GET /"), "{name:?}");
            }
            let scopes = built_in
                .settings
                .iter()
                .filter(|setting| setting.name == built_in.scope_setting);
            let has_scopes = !built_in.scope_setting.is_empty();
            assert_eq!(scopes.count(), usize::from(has_scopes), "{name:?}");
        }
    }
}
