//! The client, which lists one or several sources with one call, and reads their sessions.

use std::collections::HashSet;
use std::sync::Arc;

use crate::config::SettingValue;
use crate::error::{Error, ErrorKind, Remedy, Result};
use crate::list::{ListSessions, SessionStream};
use crate::model::SessionAddress;
use crate::provider::{BUILT_IN, BuiltIn};
use crate::source::SessionSource;
use crate::transcript::{ReadScopes, ReadSession, ReadTranscript, ReadTranscripts};

/// `ChatSessions` lists the sessions of one or several sources, and reads their messages. Clones share their connections and
/// are cheap.
#[derive(Clone, Debug)]
pub struct ChatSessions {
    sources: Arc<[Arc<dyn SessionSource>]>,
}

impl ChatSessions {
    /// Creates a client with one source.
    #[must_use]
    pub fn new(source: impl SessionSource) -> Self {
        Self {
            sources: Arc::new([Arc::new(source) as Arc<dyn SessionSource>]),
        }
    }

    /// Returns a builder for a client with several sources.
    pub fn builder() -> ChatSessionsBuilder {
        ChatSessionsBuilder::default()
    }

    /// Creates a client with every provider whose key is set in the environment, Memories.ai first.
    ///
    /// See [`MemoriesAi::from_env`](crate::MemoriesAi::from_env) and
    /// [`LlamaCloud::from_env`](crate::LlamaCloud::from_env) for the variables.
    ///
    /// # Errors
    ///
    /// A [`Config`](ErrorKind::Config) error names the invalid variable. An
    /// [`Auth`](ErrorKind::Auth) error means that no key is set, and names the variables to set.
    pub fn from_env() -> Result<Self> {
        Self::from_lookup(&SettingValue::from_env)
    }

    pub(crate) fn from_lookup(lookup: &dyn Fn(&str) -> Option<SettingValue>) -> Result<Self> {
        let mut builder = Self::builder();
        for provider in BUILT_IN {
            if let Some(source) = provider.open_if_configured(lookup)? {
                builder.sources.push(source);
            }
        }
        builder.build()
    }

    /// Returns the sources, in order.
    #[must_use]
    pub fn sources(&self) -> &[Arc<dyn SessionSource>] {
        &self.sources
    }

    /// Returns a request for a list over all sources.
    pub fn list_sessions(&self) -> ListSessions {
        ListSessions::new(Arc::clone(&self.sources))
    }

    /// Returns a request for one session with its messages.
    ///
    /// The address is a [`SessionAddress`], a [`Session`](crate::Session), or a
    /// [`SessionId`](crate::SessionId) if the client has one source of the provider.
    ///
    /// ```
    /// # use chat_sessions::{ChatSessions, LlamaCloud};
    /// # use chat_sessions_sandbox::{LLAMA_CLOUD_KEY, Sandbox};
    /// # tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(async {
    /// # let sandbox = Sandbox::start().await?;
    /// # let source = LlamaCloud::builder().api_key(LLAMA_CLOUD_KEY).base_url(sandbox.url()).build()?;
    /// # let client = ChatSessions::new(source);
    /// let page = client.list_sessions().page_size(1).send().await?;
    /// let transcript = client.transcript(&page.sessions[0]).send().await?;
    /// for message in &transcript.messages {
    ///     println!("{}: {} parts", message.role, message.parts.len());
    /// }
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// # })?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn transcript(&self, address: impl Into<SessionAddress>) -> ReadTranscript {
        ReadTranscript::new(Arc::clone(&self.sources), address.into())
    }

    /// Returns a request for many sessions with their messages, several at a time and in this order.
    ///
    /// ```
    /// # use chat_sessions::{ChatSessions, LlamaCloud};
    /// # use chat_sessions_sandbox::{LLAMA_CLOUD_KEY, Sandbox};
    /// # tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(async {
    /// # let sandbox = Sandbox::start().await?;
    /// # let source = LlamaCloud::builder().api_key(LLAMA_CLOUD_KEY).base_url(sandbox.url()).build()?;
    /// # let client = ChatSessions::new(source);
    /// let page = client.list_sessions().page_size(3).send().await?;
    /// let mut transcripts = client.transcripts(&page.sessions).by_item();
    /// while let Some(transcript) = transcripts.next().await {
    ///     match transcript {
    ///         Ok(transcript) => println!("{}: {} messages", transcript.session.id, transcript.messages.len()),
    ///         Err(error) => eprintln!("{error}"),
    ///     }
    /// }
    /// # assert_eq!(transcripts.report().transcripts, 3);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// # })?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn transcripts<I>(&self, addresses: I) -> ReadTranscripts
    where
        I: IntoIterator<Item: Into<SessionAddress>>,
    {
        let addresses = addresses.into_iter().map(Into::into).collect();
        ReadTranscripts::of_addresses(Arc::clone(&self.sources), addresses)
    }

    /// Returns a request for the messages of all sessions of a list, which is read as far as needed.
    ///
    /// The list can be resumed: [`TranscriptStream::cursor`](crate::transcript::TranscriptStream::cursor).
    ///
    /// ```
    /// # use chat_sessions::{ChatSessions, LlamaCloud, Order};
    /// # use chat_sessions_sandbox::{LLAMA_CLOUD_KEY, Sandbox};
    /// # tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(async {
    /// # let sandbox = Sandbox::start().await?;
    /// # let source = LlamaCloud::builder().api_key(LLAMA_CLOUD_KEY).base_url(sandbox.url()).build()?;
    /// # let client = ChatSessions::new(source);
    /// let list = client.list_sessions().order(Order::Newest).limit(5).by_item();
    /// let mut transcripts = client.transcripts_of(list).concurrency(2).by_item();
    /// let first = transcripts.next().await.ok_or("the list is empty")??;
    /// let cursor = transcripts.cursor().ok_or("it comes from a list")?;
    ///
    /// let rest = client.list_sessions().order(Order::Newest).limit(4).resume(cursor).by_item();
    /// let second = client.transcripts_of(rest).by_item().next().await.ok_or("there are more")??;
    /// assert_ne!(first.session.id, second.session.id);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// # })?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn transcripts_of(&self, list: SessionStream) -> ReadTranscripts {
        ReadTranscripts::of_list(Arc::clone(&self.sources), list)
    }

    /// Returns a request for one session without its messages, as the list shows it.
    ///
    /// Only LlamaCloud has such an operation; Memories.ai fails with
    /// [`Unsupported`](ErrorKind::Unsupported).
    pub fn session(&self, address: impl Into<SessionAddress>) -> ReadSession {
        ReadSession::new(Arc::clone(&self.sources), address.into())
    }

    /// Returns a request for the scopes of all accounts: namespaces of Memories.ai, projects of
    /// LlamaCloud.
    ///
    /// ```
    /// # use chat_sessions::{ChatSessions, MemoriesAi};
    /// # use chat_sessions_sandbox::{MEMORIES_AI_KEY, Sandbox};
    /// # tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(async {
    /// # let sandbox = Sandbox::start().await?;
    /// # let source = MemoriesAi::builder().api_key(MEMORIES_AI_KEY).base_url(sandbox.url()).build()?;
    /// # let client = ChatSessions::new(source);
    /// let list = client.scopes().send().await?;
    /// assert!(list.scopes.iter().any(|info| info.scope.as_str() == "default"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// # })?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn scopes(&self) -> ReadScopes {
        ReadScopes::new(Arc::clone(&self.sources))
    }
}

/// `ChatSessionsBuilder` combines sources into one [`ChatSessions`].
#[derive(Clone, Debug, Default)]
#[must_use]
pub struct ChatSessionsBuilder {
    sources: Vec<Arc<dyn SessionSource>>,
}

impl ChatSessionsBuilder {
    /// Adds a source. [`Order::Source`](crate::Order::Source) lists the sources in the order in
    /// which they are added.
    pub fn source(mut self, source: impl SessionSource) -> Self {
        self.sources.push(Arc::new(source));
        self
    }

    /// Creates the client.
    ///
    /// # Errors
    ///
    /// Fails with an [`Auth`](ErrorKind::Auth) error if there is no source, because then a key is
    /// missing, and with a [`Config`](ErrorKind::Config) error if two sources have the same
    /// provider and scope, because their sessions would be indistinguishable.
    pub fn build(self) -> Result<ChatSessions> {
        if self.sources.is_empty() {
            return Err(Error::local(ErrorKind::Auth)
                .with_message("no provider is configured: no API key is set")
                .with_remedy(Remedy::SetApiKey(BUILT_IN.iter().map(BuiltIn::key_variables).collect())));
        }
        let mut labels = HashSet::new();
        for source in &self.sources {
            if !labels.insert((source.provider(), source.scope())) {
                return Err(Error::new(ErrorKind::Config, source.provider())
                    .with_scope(source.scope())
                    .with_message("two sources have this provider and scope")
                    .with_remedy(Remedy::SeparateScopes));
            }
        }
        Ok(ChatSessions {
            sources: self.sources.into(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::ChatSessions;
    use crate::config::SettingValue;
    use crate::error::{Error, ErrorKind};

    fn from(vars: &[(&str, &str)]) -> Result<Vec<String>, Error> {
        let lookup = |name: &str| {
            let found = vars.iter().find(|(known, _)| *known == name);
            found.map(|(_, value)| SettingValue::new(*value, name))
        };
        let client = ChatSessions::from_lookup(&lookup)?;
        Ok(client.sources().iter().map(|source| format!("{source:?}")).collect())
    }

    #[test]
    fn every_provider_with_a_key_is_taken_and_its_variables_with_it() {
        assert_eq!(
            from(&[("LLAMA_PARSE_API_KEY", "llx-example")]).expect("one key is enough"),
            [r#"LlamaCloud { base_url: "https://api.cloud.llamaindex.ai", project: None, organization: None, .. }"#]
        );
        assert_eq!(
            from(&[
                ("MEMORIES_API_KEY", "sk-example"),
                ("MEMORIES_AI_UNIQUE_ID", "team-a"),
                ("MEMORIES_AI_BASE_URL", "127.0.0.1:9/serve/api/v1/"),
                ("LLAMA_CLOUD_API_KEY", "llx-example"),
                ("LLAMA_CLOUD_BASE_URL", "api.cloud.eu.llamaindex.ai"),
                ("LLAMA_CLOUD_PROJECT_ID", "p-1"),
                ("LLAMA_CLOUD_ORGANIZATION_ID", "o-1"),
            ])
            .expect("all of it is right"),
            [
                r#"MemoriesAi { base_url: "http://127.0.0.1:9", scope: "team-a", .. }"#,
                r#"LlamaCloud { base_url: "https://api.cloud.eu.llamaindex.ai", project: Some("p-1"), organization: Some("o-1"), .. }"#,
            ]
        );
    }

    #[test]
    fn without_a_key_the_error_names_the_variables() {
        let error = from(&[("MEMORIES_AI_API_KEY", "")]).expect_err("an empty variable is not set");
        assert_eq!(error.kind(), ErrorKind::Auth);
        let text = error.hint().expect("there is something to do");
        assert!(
            text.contains("MEMORIES_AI_API_KEY") && text.contains("LLAMA_CLOUD_API_KEY"),
            "{text}"
        );
    }

    #[test]
    fn a_wrong_value_is_refused_by_the_name_of_its_variable() {
        for (vars, named) in [
            (
                &[("MEMORIES_AI_API_KEY", "a"), ("MEMORIES_API_KEY", "b")][..],
                &["MEMORIES_AI_API_KEY", "MEMORIES_API_KEY"][..],
            ),
            (
                &[("LLAMA_CLOUD_API_KEY", "Bearer llx-example")],
                &["LLAMA_CLOUD_API_KEY"],
            ),
            (
                &[("LLAMA_CLOUD_API_KEY_FILE", "/nowhere/at/all")],
                &["LLAMA_CLOUD_API_KEY_FILE"],
            ),
            (
                &[
                    ("LLAMA_CLOUD_API_KEY", "a"),
                    ("LLAMA_CLOUD_BASE_URL", "http://gateway.example"),
                ],
                &["LLAMA_CLOUD_BASE_URL"],
            ),
            (
                &[
                    ("MEMORIES_AI_API_KEY", "a"),
                    ("MEMORIES_AI_BASE_URL", "https://me:hunter2@gateway.example"),
                ],
                &["MEMORIES_AI_BASE_URL"],
            ),
        ] {
            let error = from(vars).expect_err("the value is wrong");
            assert_eq!(error.kind(), ErrorKind::Config, "{error}");
            for name in named {
                assert!(error.to_string().contains(name), "{error}");
            }
            assert!(!format!("{error} {error:?}").contains("hunter2"), "{error}");
        }
    }
}
