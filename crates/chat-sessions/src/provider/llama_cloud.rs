//! LlamaCloud: configuration, what its answers mean, how its items become sessions.
//!
//! Sources of the facts: the reference page "List Sessions" of the LlamaCloud API, and the provider's own clients. The
//! spec `specs/llama-cloud.yaml` says field by field which of them says what.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use chat_sessions_wire::Received;
use llama_cloud_client::{Client, ClientInfo, types};
use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;

use super::answer::{Answer, Asked, as_text, decode_each, each, unsettled_fields};
use super::connection::{Connection, Defaults, connection_setters};
use super::connection_reuse::ConnectionReuse;
use super::crossing::{logging, wire_for};
use super::reading::Reading;
use super::secrets::Secrets;
use crate::account::Account;
use crate::env::Env;
use crate::error::{Error, ErrorKind, Result};
use crate::key::ApiKey;
use crate::pacing::Pacing;
use crate::retry::RetryPolicy;
use crate::session::{Provider, Run, Scope, Session, SessionId, SessionTime, SourceRef};
use crate::setting::{Given, Setting};
use crate::source::{BoxFuture, Capabilities, NextPage, PageRequest, Position, SessionSource, SourcePage};

/// The spelling of the provider's own clients, then their older one.
pub(crate) const KEY: Setting = Setting {
    name: "api_key",
    variables: &["LLAMA_CLOUD_API_KEY", "LLAMA_PARSE_API_KEY"],
    file_variables: &["LLAMA_CLOUD_API_KEY_FILE", "LLAMA_PARSE_API_KEY_FILE"],
    default: None,
};

const PROJECT_ID: Setting = Setting {
    name: "project_id",
    variables: &["LLAMA_CLOUD_PROJECT_ID"],
    file_variables: &[],
    default: None,
};

const ORGANIZATION_ID: Setting = Setting {
    name: "organization_id",
    variables: &["LLAMA_CLOUD_ORGANIZATION_ID"],
    file_variables: &[],
    default: None,
};

const BASE_URL: Setting = Setting {
    name: "base_url",
    variables: &["LLAMA_CLOUD_BASE_URL"],
    file_variables: &[],
    default: Some("https://api.cloud.llamaindex.ai"),
};

/// The documents of sibling lists (retrieval, agent data) say of `page_size`: "The maximum value is typically 1000; values above this
/// will be coerced to the maximum." Those of this list say nothing.
const LARGEST_PAGE: u32 = 1000;

static DEFAULTS: Defaults = Defaults {
    provider: Provider::LLAMA_CLOUD,
    key: KEY,
    base_url: BASE_URL,
    pacing: documented_pace,
};

/// No rate is documented for chats. The documentation (Rate Limits) has some for uploads, and 20 requests a minute for the free
/// tier, which would make every other account wait; a walk slows down when the provider says so.
fn documented_pace() -> Pacing {
    Pacing::none()
}

/// `LlamaCloud` lists the chat sessions of one LlamaCloud project.
///
/// A clone shares its connections, its pace and its retry budget. A key belongs to one region: for the European one set the base URL to
/// `https://api.cloud.eu.llamaindex.ai`.
#[derive(Clone)]
pub struct LlamaCloud {
    client: Client,
    key: ApiKey,
    key_origin: Arc<str>,
    reuse: ConnectionReuse,
    account: Account,
    project: Option<Scope>,
    organization: Option<String>,
}

impl LlamaCloud {
    /// What the source can be configured with by [`from_env`](Self::from_env) and
    /// [`builder_from`](Self::builder_from).
    pub const SETTINGS: &'static [Setting] = &[KEY, PROJECT_ID, ORGANIZATION_ID, BASE_URL];

    /// Configures the source in code; only the key is required.
    ///
    /// ```
    /// use chat_sessions::LlamaCloud;
    ///
    /// let source = LlamaCloud::builder().api_key("llx-example").base_url("api.cloud.eu.llamaindex.ai").build()?;
    /// # Ok::<(), chat_sessions::Error>(())
    /// ```
    pub fn builder() -> LlamaCloudBuilder {
        LlamaCloudBuilder {
            connection: Connection::new(&DEFAULTS),
            project: None,
            organization: None,
        }
    }

    /// Configures the source from the environment: the key from `LLAMA_CLOUD_API_KEY` or `LLAMA_PARSE_API_KEY`, or from
    /// the file that the same name with `_FILE` gives; `LLAMA_CLOUD_PROJECT_ID`; `LLAMA_CLOUD_ORGANIZATION_ID`;
    /// `LLAMA_CLOUD_BASE_URL`.
    ///
    /// An empty variable counts as not set.
    ///
    /// # Errors
    ///
    /// A [`Config`](ErrorKind::Config) error names the variable that is wrong, an [`Auth`](ErrorKind::Auth) error the key
    /// that is missing.
    pub fn from_env() -> Result<Self> {
        Self::builder_from(&Given::from_env)?.build()
    }

    /// Begins as [`from_env`](Self::from_env) does, with a function in place of the environment: for a program that has
    /// further places for configuration. It is asked for the variables of [`SETTINGS`](Self::SETTINGS);
    /// [`MemoriesAi::builder_from`](crate::MemoriesAi::builder_from) has an example.
    ///
    /// # Errors
    ///
    /// A [`Config`](ErrorKind::Config) error names the origin of the value that is wrong. That no key was given is said by
    /// [`build`](LlamaCloudBuilder::build), before which it can still be set.
    pub fn builder_from(lookup: &dyn Fn(&str) -> Option<Given>) -> Result<LlamaCloudBuilder> {
        let env = Env::new(Provider::LLAMA_CLOUD, lookup);
        let mut builder = Self::builder();
        builder.connection.read(&env)?;
        builder.project = env.text(&PROJECT_ID)?.map(|project| Scope::from(project.value));
        builder.organization = env.text(&ORGANIZATION_ID)?.map(|organization| organization.value);
        Ok(builder)
    }

    /// Reads variables through a function; `None` when no key is set.
    pub(crate) fn from_lookup(lookup: &dyn Fn(&str) -> Option<Given>) -> Result<Option<Self>> {
        let builder = Self::builder_from(lookup)?;
        builder.connection.has_key().then(|| builder.build()).transpose()
    }

    /// Makes a sibling that lists another project of the same account, over the same connections and at one pace with it.
    #[must_use]
    pub fn scope(&self, project_id: impl Into<Scope>) -> Self {
        Self {
            project: Some(project_id.into()),
            ..self.clone()
        }
    }

    /// Makes one request.
    async fn ask(&self, request: &PageRequest, secrets: &mut Secrets) -> Result<Answer<types::ChatSessionList>> {
        let asked = self.asked();
        let organization = self.organization.as_deref();
        for (name, value) in [
            ("the project", self.project.as_ref().map(Scope::as_str)),
            ("the organization", organization),
        ] {
            if let Some(value) = value {
                asked.check(name, value, "Leave it out for the key's own.")?;
            }
        }
        let token = match &request.position {
            Position::Start => None,
            Position::Token(token) => Some(token.as_str()),
            Position::Page(_) => {
                return Err(asked.refusal("this list has page tokens, and a page number was given"));
            }
        };

        let wire = wire_for(request, self.client.inner(), &Provider::LLAMA_CLOUD, &self.key);
        let client = Client::new_with_client(self.client.baseurl(), self.client.client().clone(), wire.clone());
        let project = self.project.as_ref().map(Scope::as_str);
        let size = request.page_size.map(i64::from);
        let outcome = client.list_chat_sessions(organization, size, token, project);
        let outcome = self.reuse.request(outcome).await;
        asked.sort(outcome, &wire, secrets)
    }

    /// Makes a session of an item.
    fn normalise(&self, item: types::ChatSession) -> std::result::Result<Session, &'static str> {
        let unsettled = unsettled_fields(&item);
        let types::ChatSession {
            session_id,
            generated_title,
            last_updated_at,
            index_ids,
            job_metadata,
            mut extra,
            ..
        } = item;
        if let Some(unsettled) = unsettled {
            extra.extend(unsettled);
        }
        if session_id.is_empty() {
            return Err("its session_id is empty");
        }
        let updated_at = last_updated_at.and_then(|text| match SessionTime::parse(text) {
            Ok(time) => Some(time),
            Err(text) => {
                extra.insert("last_updated_at".to_owned(), Value::String(text));
                None
            }
        });
        // The provider's client has `shared_access` since October 2026; the reference page that the spec follows does not, so
        // that it arrives among the unknown fields.
        let access = match extra.remove("shared_access") {
            Some(Value::String(access)) => Some(access),
            Some(other) => {
                extra.insert("shared_access".to_owned(), other);
                None
            }
            None => None,
        };

        // In full, since what a shorter form leaves out would be made and dropped for every session.
        Ok(Session {
            id: SessionId::new(Provider::LLAMA_CLOUD, session_id),
            scope: self.project.clone(),
            title: generated_title,
            created_at: None,
            updated_at,
            sources: index_ids.map(|ids| ids.into_iter().map(|id| SourceRef::new("index", id)).collect()),
            access,
            last_run: job_metadata.map(normalise_run),
            extra,
            raw: None,
        })
    }
}

impl Reading for LlamaCloud {
    type Raw = types::ChatSessionList;

    fn asked(&self) -> Asked<'_> {
        Asked {
            provider: &Provider::LLAMA_CLOUD,
            scope: self.project.as_ref(),
            key_origin: &self.key_origin,
        }
    }

    fn secrets(&self, request: &PageRequest) -> Secrets {
        let token = match &request.position {
            Position::Token(token) => Some(token.as_str()),
            _ => None,
        };
        Secrets::new(&self.key, [token])
    }

    /// Says what a status other than 200 means here.
    fn refused(asked: &Asked<'_>, received: &Received) -> Error {
        let detail = detail(&received.body).unwrap_or_default();
        let error = asked.refused(received, detail.said);
        match error.kind() {
            ErrorKind::InvalidRequest if detail.names_page_size => error
                .with_refused_page_size()
                .with_hint("Ask for smaller pages, or leave their size out."),
            ErrorKind::Auth => error.with_hint(format!(
                "{} A key of the European region needs the base URL https://api.cloud.eu.llamaindex.ai.",
                asked.check_the_key()
            )),
            ErrorKind::NotFound | ErrorKind::Permission => {
                error.with_hint("Check the project, the organization and the base URL.")
            }
            _ => error,
        }
    }

    fn whole(
        &self,
        asked: &Asked<'_>,
        received: &Received,
        list: types::ChatSessionList,
    ) -> Result<Option<SourcePage>> {
        let items = list.items.ok_or_else(|| missing_items(asked, received))?;
        let next = next_page(list.next_page_token);
        let sessions = each(items, |item| self.normalise(item));
        Ok(sessions.map(|sessions| SourcePage::new(sessions, next)))
    }

    fn piecewise(&self, asked: &Asked<'_>, received: &Received, keep_raw: bool) -> Result<SourcePage> {
        let undecodable = || asked.undecodable::<types::ChatSessionList>(received);
        let (text, is_damaged) = as_text(&received.body);
        let list: List<'_> = serde_json::from_str(&text).map_err(|_| undecodable())?;
        let items = list.items.iter().flatten().map(|item| item.get());
        if items.chain(list.next_page_token.as_deref()).any(is_damaged) {
            return Err(undecodable());
        }
        let items = list.items.ok_or_else(|| missing_items(asked, received))?;
        let mut page = SourcePage::new(Vec::new(), next_page(list.next_page_token));
        (page.sessions, page.rejected) = decode_each(&items, "/items", keep_raw, |item| self.normalise(item));
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
            self.client.baseurl(),
            self.organization.as_deref().unwrap_or_default()
        )
    }

    /// The order of the list is not documented and probably follows the last update, so that a session can move while
    /// the list is walked. There is no total. The largest page is the one of sibling lists.
    fn capabilities(&self) -> Capabilities {
        Capabilities::none().largest_page(LARGEST_PAGE)
    }

    fn account(&self) -> Option<Account> {
        Some(self.account.clone())
    }

    fn page(&self, request: PageRequest) -> BoxFuture<'_, Result<SourcePage>> {
        Box::pin(async move {
            let mut secrets = self.secrets(&request);
            let outcome = self.ask(&request, &mut secrets).await;
            self.understand(outcome, &request, &secrets)
        })
    }
}

impl fmt::Debug for LlamaCloud {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LlamaCloud")
            .field("base_url", &self.client.baseurl())
            .field("project", &self.project)
            .field("organization", &self.organization)
            .finish_non_exhaustive()
    }
}

/// `LlamaCloudBuilder` configures a [`LlamaCloud`]; what is wrong with it is said by [`build`](Self::build).
#[derive(Debug)]
#[must_use]
pub struct LlamaCloudBuilder {
    pub(crate) connection: Connection,
    project: Option<Scope>,
    organization: Option<String>,
}

impl LlamaCloudBuilder {
    connection_setters!();

    /// Says how fast the account is asked, by all its walks together: as fast as the walks go unless given, since no rate is
    /// documented for chats.
    ///
    /// Clones of the source and its siblings made by [`LlamaCloud::scope`] keep one pace.
    pub fn pacing(mut self, pacing: Pacing) -> Self {
        self.connection.set_pacing(pacing);
        self
    }

    /// Lists the sessions of this project; the key's default project by default. Project ids are UUIDs.
    pub fn scope(mut self, project_id: impl Into<Scope>) -> Self {
        self.project = Some(project_id.into());
        self
    }

    /// Names the organization whose default project is meant when no project is named; the key's own by default.
    pub fn organization_id(mut self, id: impl Into<String>) -> Self {
        self.organization = Some(id.into());
        self
    }

    /// Makes the source. No request is made.
    ///
    /// # Errors
    ///
    /// A [`Config`](ErrorKind::Config) error names the setting or the variable that is wrong, an
    /// [`Auth`](ErrorKind::Auth) error the key that is missing.
    pub fn build(self) -> Result<LlamaCloud> {
        let opened = self.connection.open()?;
        let wire = opened.wire(&Provider::LLAMA_CLOUD, llama_cloud_client::wire)?;
        let wire = logging(wire, &opened.key);
        Ok(LlamaCloud {
            client: Client::new_with_client(&opened.base_url, opened.http, wire),
            key: opened.key,
            key_origin: opened.key_origin,
            reuse: opened.reuse,
            account: opened.account,
            project: self.project,
            organization: self.organization,
        })
    }
}

/// The list, read with less trust than the spec has: for answers that do not decode as a whole.
#[derive(Deserialize)]
struct List<'a> {
    #[serde(borrow)]
    items: Option<Vec<&'a RawValue>>,
    next_page_token: Option<String>,
}

fn missing_items(asked: &Asked<'_>, received: &Received) -> Error {
    asked
        .error_about(ErrorKind::Protocol, received)
        .with_message("the answer holds no list of sessions, at /items")
        .with_hint("If it stays so, the provider has changed and the spec must follow.")
}

/// The token is left out at the end; the provider's client takes null and the empty string for the end as well.
fn next_page(token: Option<String>) -> NextPage {
    match token {
        Some(token) if !token.is_empty() => NextPage::Token(token),
        _ => NextPage::End,
    }
}

fn normalise_run(run: types::JobMetadata) -> Run {
    let unsettled = unsettled_fields(&run);
    let types::JobMetadata {
        duration_ms,
        is_error,
        error,
        total_input_tokens,
        total_output_tokens,
        turns,
        export_config_ids,
        mut extra,
        ..
    } = run;
    if let Some(unsettled) = unsettled {
        extra.extend(unsettled);
    }
    let mut count = |name: &str, value: Option<i64>| {
        let value = value?;
        let count = u64::try_from(value).ok();
        if count.is_none() {
            extra.insert(name.to_owned(), Value::from(value));
        }
        count
    };
    let input_tokens = count("total_input_tokens", total_input_tokens);
    let output_tokens = count("total_output_tokens", total_output_tokens);
    let turns = count("turns", turns);
    Run {
        duration_ms,
        is_error,
        error,
        input_tokens,
        output_tokens,
        turns,
        export_config_ids,
        extra,
    }
}

/// What an error body says.
#[derive(Default)]
struct Detail {
    said: Option<String>,
    /// Whether the page size is at fault, and nothing else.
    names_page_size: bool,
}

/// Reads what an error body says: `detail` as a text, or as the list of faults that a 422 has.
fn detail(body: &[u8]) -> Option<Detail> {
    #[derive(Deserialize)]
    struct Body<'a> {
        #[serde(borrow)]
        detail: &'a RawValue,
    }
    let body = String::from_utf8_lossy(body);
    let detail = serde_json::from_str::<Body<'_>>(&body).ok()?.detail.get();
    match detail.as_bytes() {
        [b'"', ..] => {
            let text: String = serde_json::from_str(detail).ok()?;
            (!text.trim().is_empty()).then(|| Detail {
                names_page_size: text.contains("page_size"),
                said: Some(text),
            })
        }
        [b'[', ..] => {
            let faults: Vec<types::ValidationError> = serde_json::from_str(detail).ok()?;
            let is_page_size =
                |step: &types::Location| matches!(step, types::Location::Text(name) if name == "page_size");
            let is_about_it = |fault: &types::ValidationError| fault.loc.iter().flatten().any(is_page_size);
            let names_page_size = !faults.is_empty() && faults.iter().all(is_about_it);
            let told: Vec<String> = faults
                .into_iter()
                .filter_map(|fault| tell(fault.loc, fault.msg))
                .collect();
            Some(Detail {
                said: (!told.is_empty()).then(|| told.join("; ")),
                names_page_size,
            })
        }
        _ => None,
    }
}

/// Tells one fault as `query.page_size: message`.
fn tell(loc: Option<Vec<types::Location>>, msg: Option<String>) -> Option<String> {
    let place: Vec<String> = loc
        .unwrap_or_default()
        .into_iter()
        .filter_map(|step| match step {
            types::Location::Text(name) => Some(name),
            types::Location::Integer(position) => Some(position.to_string()),
            types::Location::Other(_) => None,
        })
        .collect();
    match (place.is_empty(), msg) {
        (true, msg) => msg,
        (false, Some(msg)) => Some(format!("{}: {msg}", place.join("."))),
        (false, None) => Some(place.join(".")),
    }
}
