//! LlamaCloud: its settings, the meaning of its responses, and the conversion of its items to
//! sessions.
//!
//! The facts come from the reference page "List Sessions" of the LlamaCloud API and from the
//! provider's own clients. The spec `specs/llama-cloud.yaml` names the source of each field.

mod error_body;
mod normalise;
mod transcripts;
mod turns;

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use chat_sessions_wire::Received;
use llama_cloud_client::{Client, types};
use reqwest::Request;
use serde_json::value::RawValue;

use crate::config::{ApiKey, Env, Setting, SettingKind, SettingValue};
use crate::error::{Error, ErrorKind, Remedy, Result};
use crate::http::HttpExt;
use crate::model::{Provider, Scope};
use crate::provider::built_in::{BuiltIn, BuiltInSource, Lookup};
use crate::provider::credentials::Credential;
use crate::provider::decode::PageDecoder;
use crate::provider::http_client::{Connection, HttpSettings, ProviderDefaults, http_settings};
use crate::provider::json::{BodyText, decode_each, each};
use crate::provider::llama_cloud::error_body::detail;
use crate::provider::llama_cloud::normalise::normalise;
use crate::provider::request_context::RequestContext;
use crate::redact::Secrets;
use crate::retry::{Pacing, RetryPolicy};
use crate::source::{
    Account, BoxFuture, Capabilities, NextPage, PageRequest, Position, ScopesRequest, SessionRequest, SessionSource,
    SourcePage, SourceScopes, SourceSession, SourceTranscript, TranscriptRequest,
};

/// The name that the provider's own clients use, then their older one.
pub(crate) const KEY: Setting = Setting {
    name: "api_key",
    variables: &["LLAMA_CLOUD_API_KEY", "LLAMA_PARSE_API_KEY"],
    file_variables: &["LLAMA_CLOUD_API_KEY_FILE", "LLAMA_PARSE_API_KEY_FILE"],
    default: None,
    kind: SettingKind::ApiKey,
};

const PROJECT_ID: Setting = Setting {
    name: "project_id",
    variables: &["LLAMA_CLOUD_PROJECT_ID"],
    file_variables: &[],
    default: None,
    kind: SettingKind::Id,
};

const ORGANIZATION_ID: Setting = Setting {
    name: "organization_id",
    variables: &["LLAMA_CLOUD_ORGANIZATION_ID"],
    file_variables: &[],
    default: None,
    kind: SettingKind::Id,
};

const BASE_URL: Setting = Setting {
    name: "base_url",
    variables: &["LLAMA_CLOUD_BASE_URL"],
    file_variables: &[],
    default: Some("https://api.cloud.llamaindex.ai"),
    kind: SettingKind::BaseUrl,
};

/// The documents of sibling lists (retrieval, agent data) say of `page_size`: "The maximum value is
/// typically 1000; values above this will be coerced to the maximum." Those of this list say
/// nothing.
const LARGEST_PAGE: u32 = 1000;

/// What is listed without a project.
const DEFAULT_PROJECT: &str = "the key's own";

/// The provider's name for people.
const TITLE: &str = "LlamaCloud";

const DEFAULTS: ProviderDefaults = ProviderDefaults {
    provider: Provider::LLAMA_CLOUD,
    title: TITLE,
    key: KEY,
    base_url: BASE_URL,
    pacing: documented_pace,
    own_pacing: Vec::new,
};

/// No rate limit is documented for chats. The documentation (Rate Limits) has limits for uploads,
/// and 20 requests a minute for the free tier, which would slow down every other account; a walk
/// slows down when the provider reports too many requests.
fn documented_pace() -> Pacing {
    Pacing::none()
}

/// The order of the list is not documented and probably follows the last update, so a session can
/// move during a walk. There is no total. The largest page is that of sibling lists.
const CAPABILITIES: Capabilities = Capabilities::none()
    .largest_page(LARGEST_PAGE)
    .transcripts()
    .single_session()
    .scopes();

/// The description of this provider for the rest of the crate.
pub(super) const BUILT_IN: BuiltIn = BuiltIn {
    provider: Provider::LLAMA_CLOUD,
    title: TITLE,
    settings: LlamaCloud::SETTINGS,
    scope_setting: PROJECT_ID.name,
    capabilities: CAPABILITIES,
    open,
    key: KEY,
};

/// Opens a source that is configured by variables; `None` if no key is set.
fn open(lookup: Lookup<'_>, pacing: Option<Pacing>) -> Result<Option<Arc<dyn BuiltInSource>>> {
    let mut builder = LlamaCloud::builder_from(lookup)?;
    if !builder.http.has_key() {
        return Ok(None);
    }
    if let Some(pacing) = pacing {
        builder = builder.pacing(pacing);
    }
    Ok(Some(Arc::new(builder.build()?)))
}

impl Provider {
    /// LlamaCloud, chats about documents.
    pub const LLAMA_CLOUD: Self = Self(Cow::Borrowed("llama-cloud"));
}

/// `LlamaCloud` lists the chat sessions of one LlamaCloud project.
///
/// Clones share their connections, rate limit and retry budget. A key belongs to one region: for
/// the European one, set the base URL to `https://api.cloud.eu.llamaindex.ai`.
#[derive(Clone)]
pub struct LlamaCloud {
    connection: Connection,
    project: Option<Scope>,
    organization: Option<String>,
}

impl LlamaCloud {
    /// The settings that [`from_env`](Self::from_env) and [`builder_from`](Self::builder_from)
    /// read.
    pub const SETTINGS: &'static [Setting] = &[KEY, PROJECT_ID, ORGANIZATION_ID, BASE_URL];

    /// Returns a builder to configure the source in code; only the key is required.
    ///
    /// ```
    /// use chat_sessions::LlamaCloud;
    ///
    /// let source = LlamaCloud::builder().api_key("llx-example").base_url("api.cloud.eu.llamaindex.ai").build()?;
    /// # Ok::<(), chat_sessions::Error>(())
    /// ```
    pub fn builder() -> LlamaCloudBuilder {
        LlamaCloudBuilder {
            http: HttpSettings::new(DEFAULTS),
            project: None,
            organization: None,
        }
    }

    /// Configures the source from the environment: the key from `LLAMA_CLOUD_API_KEY` or
    /// `LLAMA_PARSE_API_KEY`, or from the file named by the same variable with `_FILE` added;
    /// `LLAMA_CLOUD_PROJECT_ID`; `LLAMA_CLOUD_ORGANIZATION_ID`; `LLAMA_CLOUD_BASE_URL`.
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
    /// called with the variables of [`SETTINGS`](Self::SETTINGS);
    /// [`MemoriesAi::builder_from`](crate::MemoriesAi::builder_from) has an example.
    ///
    /// # Errors
    ///
    /// A [`Config`](crate::ErrorKind::Config) error names the origin of the invalid value. A
    /// missing key is reported by [`build`](LlamaCloudBuilder::build), because it can still be set
    /// before.
    pub fn builder_from(lookup: &dyn Fn(&str) -> Option<SettingValue>) -> Result<LlamaCloudBuilder> {
        let env = Env::new(Provider::LLAMA_CLOUD, lookup);
        let mut builder = Self::builder();
        builder.http.read(&env)?;
        builder.project = env.text(&PROJECT_ID)?.map(|project| Scope::from(project.value));
        builder.organization = env.text(&ORGANIZATION_ID)?.map(|organization| organization.value);
        Ok(builder)
    }

    /// Creates a source for another project of the same account, which shares its connections, rate
    /// limit and retry budget.
    #[must_use]
    pub fn with_scope(&self, project_id: impl Into<Scope>) -> Self {
        Self {
            project: Some(project_id.into()),
            ..self.clone()
        }
    }

    /// Returns the organization and the project of every request, checked.
    fn place(&self) -> Result<(Option<&str>, Option<&str>)> {
        let project = self.project.as_ref().map(Scope::as_str);
        let organization = self.organization.as_deref();
        for (name, value) in [("the project", project), ("the organization", organization)] {
            if let Some(value) = value {
                self.context().check_query_value(name, value, DEFAULT_PROJECT)?;
            }
        }
        Ok((organization, project))
    }

    /// Returns the raw client that builds the requests.
    fn client(&self, key: &Credential) -> Client {
        let connection = &self.connection;
        Client::new_with_client(&connection.base_url, connection.http.clone(), key.wire.clone())
    }

    /// Builds the request for a page.
    fn page_request(&self, key: &Credential, request: &PageRequest) -> Result<Request> {
        let context = self.context();
        let (organization, project) = self.place()?;
        let token = match &request.position {
            Position::Start => None,
            Position::Token(token) => Some(token.as_str()),
            Position::Page(_) => {
                return Err(context.reject("this list has page tokens, not page numbers"));
            }
        };

        let params = types::ListChatSessionsParams {
            organization_id: organization,
            page_size: request.page_size.map(i64::from),
            page_token: token,
            project_id: project,
        };
        context.built(self.client(key).list_chat_sessions_request(params))
    }
}

impl PageDecoder for LlamaCloud {
    type Raw = types::ChatSessionList;

    fn context(&self) -> RequestContext<'_> {
        RequestContext {
            provider: &Provider::LLAMA_CLOUD,
            scope: self.project.as_ref(),
            key_origin: &self.connection.key_origin,
        }
    }

    fn secrets(&self, key: &ApiKey, request: &PageRequest) -> Secrets {
        let token = match &request.position {
            Position::Token(token) => Some(token.as_str()),
            _ => None,
        };
        Secrets::new(key, [token])
    }

    /// Returns the error for a status other than 200.
    fn refused(context: &RequestContext<'_>, received: &Received) -> Error {
        let detail = detail(&received.body).unwrap_or_default();
        let error = context.refusal_error(received, detail.message);
        match error.kind() {
            ErrorKind::InvalidRequest if detail.names_page_size => {
                error.with_refused_page_size().with_remedy(Remedy::LowerPageSize)
            }
            ErrorKind::Auth => error.with_remedy(Remedy::CheckApiKey {
                origin: context.key_origin.to_owned(),
                other_region: Some("https://api.cloud.eu.llamaindex.ai"),
            }),
            ErrorKind::NotFound | ErrorKind::Permission => error.with_remedy(Remedy::CheckScope {
                settings: &["project", "organization"],
            }),
            _ => error,
        }
    }

    fn whole(
        &self,
        context: &RequestContext<'_>,
        received: &Received,
        list: types::ChatSessionList,
    ) -> Result<Option<SourcePage>> {
        // A token of another type is not the end of the list.
        if list.extra.contains_key(TOKEN) {
            return Ok(None);
        }
        let items = list.items.ok_or_else(|| missing_items(context, received))?;
        let next = next_page(list.next_page_token);
        let sessions = each(items, |item| normalise(item, self.project.as_ref()));
        Ok(sessions.map(|sessions| SourcePage::new(sessions, next)))
    }

    fn decode_items(&self, context: &RequestContext<'_>, received: &Received, keep_raw: bool) -> Result<SourcePage> {
        let decode_error = || context.decode_error::<types::ChatSessionList>(received);
        let body = BodyText::of(&received.body);
        let members = body.members().map_err(|_| decode_error())?;
        let items: Option<Vec<&RawValue>> = members
            .get("items")
            .map_err(|error| context.type_error(received, "/items", &error))?;
        let items = items.ok_or_else(|| missing_items(context, received))?;
        let token: Option<String> = members
            .get(TOKEN)
            .map_err(|error| context.type_error(received, "/next_page_token", &error))?;
        if token.as_deref().is_some_and(|token| body.is_damaged(token)) {
            return Err(decode_error());
        }
        let mut page = SourcePage::new(Vec::new(), next_page(token));
        (page.sessions, page.rejected) = decode_each(&body, &items, "/items", keep_raw, |item| {
            normalise(item, self.project.as_ref())
        });
        Ok(page)
    }
}

impl SessionSource for LlamaCloud {
    fn provider(&self) -> Provider {
        Provider::LLAMA_CLOUD
    }

    fn scope(&self) -> Option<Scope> {
        self.project.clone()
    }

    fn identity(&self) -> String {
        format!(
            "{}\u{0}{}",
            self.connection.base_url,
            self.organization.as_deref().unwrap_or_default()
        )
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

    fn session(&self, request: SessionRequest) -> BoxFuture<'_, Result<SourceSession>> {
        Box::pin(self.read_session(request))
    }

    fn scopes(&self, request: ScopesRequest) -> BoxFuture<'_, Result<SourceScopes>> {
        Box::pin(self.read_scopes(request))
    }
}

impl BuiltInSource for LlamaCloud {
    fn in_scope(&self, scope: Scope) -> Arc<dyn BuiltInSource> {
        Arc::new(self.with_scope(scope))
    }
}

impl fmt::Debug for LlamaCloud {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LlamaCloud")
            .field("base_url", &self.connection.base_url)
            .field("project", &self.project)
            .field("organization", &self.organization)
            .finish_non_exhaustive()
    }
}

/// `LlamaCloudBuilder` configures a [`LlamaCloud`]. [`build`](Self::build) reports what is wrong.
#[derive(Debug)]
#[must_use]
pub struct LlamaCloudBuilder {
    http: HttpSettings,
    project: Option<Scope>,
    organization: Option<String>,
}

http_settings!(LlamaCloud, LlamaCloudBuilder);

impl LlamaCloudBuilder {
    /// Sets the rate limit of the account, for all its walks together; none by default, because no
    /// limit is documented for chats.
    ///
    /// Clones of the source and sources created by [`LlamaCloud::with_scope`] share it.
    pub fn pacing(mut self, pacing: Pacing) -> Self {
        self.http.set_pacing(pacing);
        self
    }

    /// Lists the sessions of this project; the key's default project by default. Project ids are
    /// UUIDs.
    pub fn scope(mut self, project_id: impl Into<Scope>) -> Self {
        self.project = Some(project_id.into());
        self
    }

    /// Selects the organization whose default project is listed if no project is set; the key's own
    /// by default.
    pub fn organization_id(mut self, id: impl Into<String>) -> Self {
        self.organization = Some(id.into());
        self
    }

    /// Builds the source. No request is sent.
    ///
    /// # Errors
    ///
    /// A [`Config`](crate::ErrorKind::Config) error names the invalid setting or variable, an
    /// [`Auth`](crate::ErrorKind::Auth) error the missing key.
    pub fn build(self) -> Result<LlamaCloud> {
        let project = self.project.as_ref().map(Scope::as_str);
        for (setter, id) in [("scope", project), ("organization_id", self.organization.as_deref())] {
            self.http.check_id(setter, id, DEFAULT_PROJECT)?;
        }
        Ok(LlamaCloud {
            connection: self.http.build(llama_cloud_client::wire)?,
            project: self.project,
            organization: self.organization,
        })
    }
}

/// The name of the page token in a response.
const TOKEN: &str = "next_page_token";

fn missing_items(context: &RequestContext<'_>, received: &Received) -> Error {
    context
        .response_error(ErrorKind::Protocol, received)
        .with_message("the response has no list of sessions, at /items")
        .with_remedy(Remedy::UpdateSpec)
}

/// The token is missing at the end; the provider's client also treats null and the empty string as
/// the end.
fn next_page(token: Option<String>) -> NextPage {
    match token {
        Some(token) if !token.is_empty() => NextPage::Token(token),
        _ => NextPage::End,
    }
}
