//! Memories.ai: its settings, the meaning of its responses, and the conversion of its items to
//! sessions.
//!
//! The facts come from the page "List Chat Sessions" of the documentation v1.2, its response codes
//! page, and captured responses. The spec `specs/memories-ai.yaml` names the source of each field.

mod envelope;
mod messages;
mod normalise;
mod transcripts;

use std::borrow::Cow;
use std::fmt;
use std::num::NonZeroU64;
use std::sync::Arc;
use std::time::Duration;

use chat_sessions_wire::Received;
use memories_ai_client::{Client, types};
use reqwest::Request;
use serde_json::value::RawValue;

use crate::config::{ApiKey, Env, Setting, SettingKind, SettingValue};
use crate::error::{Error, Result};
use crate::http::HttpExt;
use crate::model::{Provider, Scope};
use crate::provider::built_in::{BuiltIn, BuiltInSource, Lookup};
use crate::provider::credentials::Credential;
use crate::provider::decode::PageDecoder;
use crate::provider::http_client::{Connection, HttpSettings, ProviderDefaults, http_settings};
use crate::provider::json::{BodyText, Members, decode_each, each};
use crate::provider::memories_ai::envelope::{ENVELOPE, EnvelopeStatus};
use crate::provider::memories_ai::normalise::{is_absent, normalise, total, total_of_value};
use crate::provider::request_context::RequestContext;
use crate::redact::Secrets;
use crate::retry::{Pacing, RetryPolicy};
use crate::source::{
    Account, BoxFuture, Capabilities, NextPage, Operation, PageRequest, Position, ScopesRequest, SessionSource,
    SourcePage, SourceScopes, SourceTranscript, TranscriptRequest,
};

/// The name that this project uses first, then that of the vendor's own repositories.
pub(crate) const KEY: Setting = Setting {
    name: "api_key",
    variables: &["MEMORIES_AI_API_KEY", "MEMORIES_API_KEY"],
    file_variables: &["MEMORIES_AI_API_KEY_FILE", "MEMORIES_API_KEY_FILE"],
    default: None,
    kind: SettingKind::ApiKey,
};

/// The provider's own samples send `default`.
const UNIQUE_ID: Setting = Setting {
    name: "unique_id",
    variables: &["MEMORIES_AI_UNIQUE_ID"],
    file_variables: &[],
    default: Some("default"),
    kind: SettingKind::Id,
};

const BASE_URL: Setting = Setting {
    name: "base_url",
    variables: &["MEMORIES_AI_BASE_URL"],
    file_variables: &[],
    default: Some("https://api.memories.ai"),
    kind: SettingKind::BaseUrl,
};

/// What is listed without a `unique_id`.
const DEFAULT_UNIQUE_ID: &str = "\"default\"";

/// The provider's name for people.
const TITLE: &str = "Memories.ai";

const DEFAULTS: ProviderDefaults = ProviderDefaults {
    provider: Provider::MEMORIES_AI,
    title: TITLE,
    key: KEY,
    base_url: BASE_URL,
    pacing: documented_pace,
    own_pacing: cautious_paces,
};

/// The documentation allows "List Sessions" 5 times a second (Rate Limits), counted by account.
fn documented_pace() -> Pacing {
    Pacing::per_second(5)
}

/// No rate is documented for a single session and for the namespaces. Other endpoints without a
/// documented rate refused the second of two requests at the same time, so each gets the lowest rate
/// that the documentation gives to an operation that reads: one request a second.
fn cautious_paces() -> Vec<(Operation, Pacing)> {
    [Operation::Transcript, Operation::Scopes]
        .map(|operation| (operation, Pacing::per_second(1)))
        .into()
}

/// No document states any of this. All known responses are newest first by creation, which later
/// changes do not alter, with descending ids; the one captured total is correct. A walk checks
/// whether a response contradicts this, and reports it.
const CAPABILITIES: Capabilities = Capabilities::none()
    .keeps_places()
    .new_at_front()
    .truthful_totals()
    .descending_ids()
    .transcripts()
    .scopes();

/// The description of this provider for the rest of the crate.
pub(super) const BUILT_IN: BuiltIn = BuiltIn {
    provider: Provider::MEMORIES_AI,
    title: TITLE,
    settings: MemoriesAi::SETTINGS,
    scope_setting: UNIQUE_ID.name,
    capabilities: CAPABILITIES,
    open,
    key: KEY,
};

/// Opens a source that is configured by variables; `None` if no key is set.
fn open(lookup: Lookup<'_>, pacing: Option<Pacing>) -> Result<Option<Arc<dyn BuiltInSource>>> {
    let mut builder = MemoriesAi::builder_from(lookup)?;
    if !builder.http.has_key() {
        return Ok(None);
    }
    if let Some(pacing) = pacing {
        builder = builder.pacing(pacing);
    }
    Ok(Some(Arc::new(builder.build()?)))
}

impl Provider {
    /// Memories.ai, chats about videos.
    pub const MEMORIES_AI: Self = Self(Cow::Borrowed("memories-ai"));
}

/// `MemoriesAi` lists the video chat sessions of one Memories.ai account under one `unique_id`.
///
/// Clones share their connections, rate limit and retry budget.
#[derive(Clone)]
pub struct MemoriesAi {
    connection: Connection,
    scope: Scope,
}

impl MemoriesAi {
    /// The settings that [`from_env`](Self::from_env) and [`builder_from`](Self::builder_from)
    /// read.
    pub const SETTINGS: &'static [Setting] = &[KEY, UNIQUE_ID, BASE_URL];

    /// Returns a builder to configure the source in code; only the key is required.
    ///
    /// ```
    /// use chat_sessions::MemoriesAi;
    ///
    /// let source = MemoriesAi::builder().api_key("sk-example").scope("team-a").build()?;
    /// # Ok::<(), chat_sessions::Error>(())
    /// ```
    pub fn builder() -> MemoriesAiBuilder {
        MemoriesAiBuilder {
            http: HttpSettings::new(DEFAULTS),
            scope: None,
        }
    }

    /// Configures the source from the environment: the key from `MEMORIES_AI_API_KEY` or
    /// `MEMORIES_API_KEY`, or from the file named by the same variable with `_FILE` added;
    /// `MEMORIES_AI_UNIQUE_ID`; `MEMORIES_AI_BASE_URL`.
    ///
    /// An empty variable counts as not set.
    ///
    /// # Errors
    ///
    /// A [`Config`](crate::ErrorKind::Config) error names the invalid variable, an
    /// [`Auth`](crate::ErrorKind::Auth) error the missing key.
    pub fn from_env() -> Result<Self> {
        Self::builder_from(&SettingValue::from_env)?.build()
    }

    /// Returns a builder configured like [`from_env`](Self::from_env), but from a function instead
    /// of the environment: for a program with further sources of configuration. The function is
    /// called with the variables of [`SETTINGS`](Self::SETTINGS).
    ///
    /// ```
    /// use chat_sessions::MemoriesAi;
    /// use chat_sessions::config::SettingValue;
    ///
    /// // The environment first, and beneath it a file of the program's own.
    /// let lookup = |variable: &str| SettingValue::from_env(variable).or_else(|| match variable {
    ///     "MEMORIES_AI_API_KEY" => Some(SettingValue::new("sk-example", "settings.ini, line 3")),
    ///     _ => None,
    /// });
    /// let source = MemoriesAi::builder_from(&lookup)?.build()?;
    /// # Ok::<(), chat_sessions::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// A [`Config`](crate::ErrorKind::Config) error names the origin of the invalid value. A
    /// missing key is reported by [`build`](MemoriesAiBuilder::build), because it can still be set
    /// before.
    pub fn builder_from(lookup: &dyn Fn(&str) -> Option<SettingValue>) -> Result<MemoriesAiBuilder> {
        let env = Env::new(Provider::MEMORIES_AI, lookup);
        let mut builder = Self::builder();
        builder.http.read(&env)?;
        builder.scope = env.text(&UNIQUE_ID)?.map(|scope| Scope::from(scope.value));
        Ok(builder)
    }

    /// Creates a source for another `unique_id` of the same account, which shares its connections,
    /// rate limit and retry budget.
    #[must_use]
    pub fn with_scope(&self, unique_id: impl Into<Scope>) -> Self {
        Self {
            scope: unique_id.into(),
            ..self.clone()
        }
    }

    /// Returns the raw client that builds the requests.
    fn client(&self, key: &Credential) -> Client {
        let connection = &self.connection;
        Client::new_with_client(&connection.base_url, connection.http.clone(), key.wire.clone())
    }

    /// Builds the request for a page.
    fn page_request(&self, key: &Credential, request: &PageRequest) -> Result<Request> {
        let context = self.context();
        context.check_query_value("the unique_id", self.scope.as_str(), DEFAULT_UNIQUE_ID)?;
        let number = match request.position {
            Position::Start => 1,
            Position::Page(number) => number,
            Position::Token(_) => return Err(context.reject("this list has numbered pages, not page tokens")),
        };
        let Some(page) = NonZeroU64::new(number) else {
            return Err(context.reject(format!("there is no page {number}; pages are counted from 1")));
        };
        let request = self.client(key).list_sessions_request(Some(page), self.scope.as_str());
        context.built(request)
    }
}

impl PageDecoder for MemoriesAi {
    type Raw = types::ListSessionsResponse;

    fn context(&self) -> RequestContext<'_> {
        RequestContext {
            provider: &Provider::MEMORIES_AI,
            scope: Some(&self.scope),
            key_origin: &self.connection.key_origin,
        }
    }

    /// Returns the secrets of a request that no error may repeat. The scope is one of them; an
    /// error names it only as the label of its source.
    fn secrets(&self, key: &ApiKey, _: &PageRequest) -> Secrets {
        Secrets::new(key, [Some(self.scope.as_str())])
    }

    /// Returns the error for a status other than 200. A failure can arrive as an envelope with any
    /// status, and its code is more exact. But a redirect stays a redirect, and a status that asks
    /// to retry later is not overruled by a code that does not.
    fn refused(context: &RequestContext<'_>, received: &Received) -> Error {
        let text = String::from_utf8_lossy(&received.body);
        let envelope = Members::of(&text).ok();
        let failure = envelope.and_then(|envelope| EnvelopeStatus::of(&envelope).failure());
        match (received.status, failure) {
            (300..400, _) | (_, None) => context.refusal_error(received, None),
            (408 | 429 | 500.., Some(failure)) if !failure.temporary => {
                failure.add_code_to(context.refusal_error(received, failure.msg.clone()))
            }
            (_, Some(failure)) if failure.known => failure.into_error(context, received),
            (_, Some(failure)) => failure.add_code_to(context.refusal_error(received, failure.msg.clone())),
        }
    }

    fn whole(
        &self,
        context: &RequestContext<'_>,
        received: &Received,
        envelope: types::ListSessionsResponse,
    ) -> Result<Option<SourcePage>> {
        // A code or data of another type than documented is not the same as none.
        if ENVELOPE.iter().any(|name| envelope.extra.contains_key(*name)) {
            return Ok(None);
        }
        let status = EnvelopeStatus {
            code: envelope.code,
            msg: envelope.msg,
            success: envelope.success,
            failed: envelope.failed,
        };
        if let Some(failure) = status.failure() {
            return Err(failure.into_error(context, received));
        }
        let mut page = SourcePage::new(Vec::new(), NextPage::ByNumber);
        let Some(list) = envelope.data else {
            page.absent = true;
            return Ok(Some(page));
        };
        // The page number is known from the request, and the number of pages follows from the
        // total.
        page.total = list.total_count.as_ref().and_then(total);
        page.page_size = match list.page_size {
            Some(size) => u64::try_from(size).ok(),
            None => list.extra.get("page_size").and_then(total_of_value),
        };
        let Some(items) = list.sessions else {
            page.absent = is_absent(page.total);
            return Ok(Some(page));
        };
        let sessions = each(items, |item| normalise(item, &self.scope));
        Ok(sessions.map(|sessions| SourcePage { sessions, ..page }))
    }

    fn decode_items(&self, context: &RequestContext<'_>, received: &Received, keep_raw: bool) -> Result<SourcePage> {
        let decode_error = || context.decode_error::<types::ListSessionsResponse>(received);
        let body = BodyText::of(&received.body);
        let envelope = body.members().map_err(|_| decode_error())?;
        if let Some(failure) = EnvelopeStatus::of(&envelope).failure() {
            return Err(failure.into_error(context, received));
        }
        let mut page = SourcePage::new(Vec::new(), NextPage::ByNumber);
        let list: Option<&RawValue> = envelope.get("data").map_err(|_| decode_error())?;
        let Some(list) = list else {
            page.absent = true;
            return Ok(page);
        };
        let list = Members::of(list.get()).map_err(|error| context.type_error(received, "/data", &error))?;
        page.total = list.value("total_count").as_ref().and_then(total_of_value);
        page.page_size = list.value("page_size").as_ref().and_then(total_of_value);
        let items: Option<Vec<&RawValue>> = list
            .get("sessions")
            .map_err(|error| context.type_error(received, "/data/sessions", &error))?;
        match items {
            Some(items) => {
                (page.sessions, page.rejected) = decode_each(&body, &items, "/data/sessions", keep_raw, |item| {
                    normalise(item, &self.scope)
                });
            }
            None => page.absent = is_absent(page.total),
        }
        Ok(page)
    }
}

impl SessionSource for MemoriesAi {
    fn provider(&self) -> Provider {
        Provider::MEMORIES_AI
    }

    fn scope(&self) -> Option<Scope> {
        Some(self.scope.clone())
    }

    fn identity(&self) -> String {
        self.connection.base_url.to_string()
    }

    fn capabilities(&self) -> Capabilities {
        CAPABILITIES
    }

    fn account(&self) -> Option<Account> {
        Some(self.connection.account.clone())
    }

    fn page(&self, request: PageRequest) -> BoxFuture<'_, Result<SourcePage>> {
        Box::pin(async move {
            let context = self.context();
            let secrets = |key: &ApiKey| self.secrets(key, &request);
            let build = |key: &Credential| self.page_request(key, &request);
            let decode = |outcome, secrets: &Secrets| self.decode_outcome(outcome, &request, secrets);
            self.connection
                .fetch(&context, &request.exchange, &secrets, &build, decode)
                .await
        })
    }

    fn transcript(&self, request: TranscriptRequest) -> BoxFuture<'_, Result<SourceTranscript>> {
        Box::pin(self.read_transcript(request))
    }

    fn scopes(&self, request: ScopesRequest) -> BoxFuture<'_, Result<SourceScopes>> {
        Box::pin(self.read_scopes(request))
    }
}

impl BuiltInSource for MemoriesAi {
    fn in_scope(&self, scope: Scope) -> Arc<dyn BuiltInSource> {
        Arc::new(self.with_scope(scope))
    }
}

impl fmt::Debug for MemoriesAi {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MemoriesAi")
            .field("base_url", &self.connection.base_url)
            .field("scope", &self.scope)
            .finish_non_exhaustive()
    }
}

/// `MemoriesAiBuilder` configures a [`MemoriesAi`]. [`build`](Self::build) reports what is wrong.
#[derive(Debug)]
#[must_use]
pub struct MemoriesAiBuilder {
    http: HttpSettings,
    scope: Option<Scope>,
}

http_settings!(MemoriesAi, MemoriesAiBuilder);

impl MemoriesAiBuilder {
    /// Sets the rate limit of the account, for all its operations and walks together. By default, the
    /// list has the documented limit of 5 requests per second, and transcripts and scopes have 1
    /// request per second each, because none is documented for them.
    ///
    /// Clones of the source and sources created by [`MemoriesAi::with_scope`] share it.
    pub fn pacing(mut self, pacing: Pacing) -> Self {
        self.http.set_pacing(pacing);
        self
    }

    /// Lists the sessions under this `unique_id`, which is case-sensitive; `default` by default, as
    /// in the provider's own samples.
    pub fn scope(mut self, unique_id: impl Into<Scope>) -> Self {
        self.scope = Some(unique_id.into());
        self
    }

    /// Builds the source. No request is sent.
    ///
    /// # Errors
    ///
    /// A [`Config`](crate::ErrorKind::Config) error names the invalid setting or variable, an
    /// [`Auth`](crate::ErrorKind::Auth) error the missing key.
    pub fn build(self) -> Result<MemoriesAi> {
        let scope = self.scope.as_ref().map(Scope::as_str);
        self.http.check_id("scope", scope, DEFAULT_UNIQUE_ID)?;
        Ok(MemoriesAi {
            connection: self.http.build(memories_ai_client::wire)?,
            scope: self
                .scope
                .unwrap_or_else(|| Scope::from(UNIQUE_ID.default.unwrap_or_default())),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::retry::RateLimiter;

    /// Builds the source, and returns the intervals of the list, transcripts and scopes in
    /// milliseconds.
    fn intervals(change: impl FnOnce(MemoriesAiBuilder) -> MemoriesAiBuilder) -> [u128; 3] {
        let builder = change(MemoriesAi::builder().api_key("sk-example"));
        let account = builder.build().expect("the limits are possible").connection.account;
        [Operation::List, Operation::Transcript, Operation::Scopes]
            .map(|operation| account.rate_limiter(operation).interval().as_millis())
    }

    #[test]
    fn the_limit_of_an_operation_precedes_that_of_the_account_and_the_default() {
        let every = |milliseconds| Pacing::every(Duration::from_millis(milliseconds));
        let (operation, own, all) = (Operation::Transcript, every(7), every(40));
        let of = |pacing| RateLimiter::new(pacing).interval().as_millis();
        let (list, other) = (of(documented_pace()), of(Pacing::per_second(1)));

        assert_eq!(intervals(|builder| builder), [list, other, other]);
        assert_eq!(intervals(|builder| builder.pacing(all)), [40, 40, 40]);
        assert_eq!(
            intervals(|builder| builder.operation_pacing(operation, own)),
            [list, 7, other]
        );
        for both in [
            intervals(|builder| builder.operation_pacing(operation, own).pacing(all)),
            intervals(|builder| builder.pacing(all).operation_pacing(operation, own)),
        ] {
            assert_eq!(both, [40, 7, 40]);
        }
        // What was replaced is not checked either.
        let impossible = every(u64::MAX);
        let replaced = |builder: MemoriesAiBuilder| {
            builder
                .operation_pacing(operation, impossible)
                .operation_pacing(operation, own)
        };
        assert_eq!(intervals(replaced), [list, 7, other]);
    }
}
