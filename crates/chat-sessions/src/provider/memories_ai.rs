//! Memories.ai: configuration, what its answers mean, how its items become sessions.
//!
//! Sources of the facts: the page "List Chat Sessions" of the documentation v1.2, its response codes page, and captured
//! answers. The spec `specs/memories-ai.yaml` says field by field which of them says what.

use std::fmt;
use std::num::NonZeroU64;
use std::sync::Arc;
use std::time::Duration;

use chat_sessions_wire::Received;
use memories_ai_client::{Client, ClientInfo, types};
use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;

use super::answer::{Answer, Asked, as_clause, as_text, decode_each, each, unsettled_fields};
use super::connection::{Connection, Defaults, connection_setters};
use super::connection_reuse::ConnectionReuse;
use super::crossing::{logging, wire_for};
use super::reading::Reading;
use super::secrets::Secrets;
use crate::account::Account;
use crate::digits::decimal;
use crate::env::Env;
use crate::error::{Error, ErrorKind, Result};
use crate::key::ApiKey;
use crate::pacing::Pacing;
use crate::retry::RetryPolicy;
use crate::session::{Provider, Scope, Session, SessionId, SessionTime, SourceRef};
use crate::setting::{Given, Setting};
use crate::source::{BoxFuture, Capabilities, NextPage, PageRequest, Position, SessionSource, SourcePage};
use crate::timestamp::Timestamp;

/// The spelling of this project first, then the one of the vendor's own repositories.
pub(crate) const KEY: Setting = Setting {
    name: "api_key",
    variables: &["MEMORIES_AI_API_KEY", "MEMORIES_API_KEY"],
    file_variables: &["MEMORIES_AI_API_KEY_FILE", "MEMORIES_API_KEY_FILE"],
    default: None,
};

/// `default` is what the provider's own samples send.
const UNIQUE_ID: Setting = Setting {
    name: "unique_id",
    variables: &["MEMORIES_AI_UNIQUE_ID"],
    file_variables: &[],
    default: Some("default"),
};

const BASE_URL: Setting = Setting {
    name: "base_url",
    variables: &["MEMORIES_AI_BASE_URL"],
    file_variables: &[],
    default: Some("https://api.memories.ai"),
};

static DEFAULTS: Defaults = Defaults {
    provider: Provider::MEMORIES_AI,
    key: KEY,
    base_url: BASE_URL,
    pacing: documented_pace,
};

/// The documentation allows "List Sessions" 5 times a second (Rate Limits), counted by account.
fn documented_pace() -> Pacing {
    Pacing::per_second(5)
}

/// `MemoriesAi` lists the video chat sessions of one Memories.ai account under one `unique_id`.
///
/// A clone shares its connections, its pace and its retry budget.
#[derive(Clone)]
pub struct MemoriesAi {
    client: Client,
    key: ApiKey,
    key_origin: Arc<str>,
    reuse: ConnectionReuse,
    account: Account,
    scope: Scope,
}

impl MemoriesAi {
    /// What the source can be configured with by [`from_env`](Self::from_env) and
    /// [`builder_from`](Self::builder_from).
    pub const SETTINGS: &'static [Setting] = &[KEY, UNIQUE_ID, BASE_URL];

    /// Configures the source in code; only the key is required.
    ///
    /// ```
    /// use chat_sessions::MemoriesAi;
    ///
    /// let source = MemoriesAi::builder().api_key("sk-example").scope("team-a").build()?;
    /// # Ok::<(), chat_sessions::Error>(())
    /// ```
    pub fn builder() -> MemoriesAiBuilder {
        MemoriesAiBuilder {
            connection: Connection::new(&DEFAULTS),
            scope: None,
        }
    }

    /// Configures the source from the environment: the key from `MEMORIES_AI_API_KEY` or `MEMORIES_API_KEY`, or from
    /// the file that the same name with `_FILE` gives; `MEMORIES_AI_UNIQUE_ID`; `MEMORIES_AI_BASE_URL`.
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
    /// further places for configuration. It is asked for the variables of [`SETTINGS`](Self::SETTINGS).
    ///
    /// ```
    /// use chat_sessions::{Given, MemoriesAi};
    ///
    /// // The environment first, and beneath it a file of the program's own.
    /// let lookup = |variable: &str| Given::from_env(variable).or_else(|| match variable {
    ///     "MEMORIES_AI_API_KEY" => Some(Given::new("sk-example", "settings.ini, line 3")),
    ///     _ => None,
    /// });
    /// let source = MemoriesAi::builder_from(&lookup)?.build()?;
    /// # Ok::<(), chat_sessions::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// A [`Config`](ErrorKind::Config) error names the origin of the value that is wrong. That no key was given is said by
    /// [`build`](MemoriesAiBuilder::build), before which it can still be set.
    pub fn builder_from(lookup: &dyn Fn(&str) -> Option<Given>) -> Result<MemoriesAiBuilder> {
        let env = Env::new(Provider::MEMORIES_AI, lookup);
        let mut builder = Self::builder();
        builder.connection.read(&env)?;
        builder.scope = env.text(&UNIQUE_ID)?.map(|scope| Scope::from(scope.value));
        Ok(builder)
    }

    /// Reads variables through a function; `None` when no key is set.
    pub(crate) fn from_lookup(lookup: &dyn Fn(&str) -> Option<Given>) -> Result<Option<Self>> {
        let builder = Self::builder_from(lookup)?;
        builder.connection.has_key().then(|| builder.build()).transpose()
    }

    /// Makes a sibling that lists another `unique_id` of the same account, over the same connections and at one pace with
    /// it.
    #[must_use]
    pub fn scope(&self, unique_id: impl Into<Scope>) -> Self {
        Self {
            scope: unique_id.into(),
            ..self.clone()
        }
    }

    /// Makes one request.
    async fn ask(&self, request: &PageRequest, secrets: &mut Secrets) -> Result<Answer<types::ListSessionsResponse>> {
        let asked = self.asked();
        asked.check("the unique_id", self.scope.as_str(), "Leave it out for \"default\".")?;
        let number = match request.position {
            Position::Start => 1,
            Position::Page(number) => number,
            Position::Token(_) => return Err(asked.refusal("this list has numbered pages, and a token was given")),
        };
        let Some(page) = NonZeroU64::new(number) else {
            return Err(asked.refusal(format!("there is no page {number}; pages are counted from 1")));
        };

        let wire = wire_for(request, self.client.inner(), &Provider::MEMORIES_AI, &self.key);
        let client = Client::new_with_client(self.client.baseurl(), self.client.client().clone(), wire.clone());
        let outcome = client.list_sessions(Some(page), self.scope.as_str());
        let outcome = self.reuse.request(outcome).await;
        asked.sort(outcome, &wire, secrets)
    }
}

/// Says whether a list that is `null` or missing is no list at all; an empty one that is written so tells it by its total.
fn is_absent(total: Option<u64>) -> bool {
    total != Some(0)
}

impl Reading for MemoriesAi {
    type Raw = types::ListSessionsResponse;

    fn asked(&self) -> Asked<'_> {
        Asked {
            provider: &Provider::MEMORIES_AI,
            scope: Some(&self.scope),
            key_origin: &self.key_origin,
        }
    }

    /// Gives what no error may repeat of a request. The scope is also the source's label, and an error names it there.
    fn secrets(&self, _: &PageRequest) -> Secrets {
        Secrets::new(&self.key, [Some(self.scope.as_str())])
    }

    /// Says what a status other than 200 means here. A failure can come as an envelope with any status, and its code is more
    /// exact; but a redirect is a redirect, and a status that asks to come again later is not overruled by a code that does not.
    fn refused(asked: &Asked<'_>, received: &Received) -> Error {
        let text = String::from_utf8_lossy(&received.body);
        let envelope = serde_json::from_str::<Envelope<'_>>(&text).ok();
        let failure = envelope.and_then(|envelope| envelope.standing().failure());
        match (received.status, failure) {
            (300..400, _) | (_, None) => asked.refused(received, None),
            (408 | 429 | 500.., Some(failure)) if !failure.temporary => {
                failure.attach_to(asked.refused(received, failure.msg.clone()))
            }
            (_, Some(failure)) if failure.known => failure.about(asked, received),
            (_, Some(failure)) => failure.attach_to(asked.refused(received, failure.msg.clone())),
        }
    }

    fn whole(
        &self,
        asked: &Asked<'_>,
        received: &Received,
        envelope: types::ListSessionsResponse,
    ) -> Result<Option<SourcePage>> {
        let standing = Standing {
            code: envelope.code,
            msg: envelope.msg,
            success: envelope.success,
            failed: envelope.failed,
        };
        if let Some(failure) = standing.failure() {
            return Err(failure.about(asked, received));
        }
        let mut page = SourcePage::new(Vec::new(), NextPage::ByNumber);
        let Some(list) = envelope.data else {
            page.absent = true;
            return Ok(Some(page));
        };
        // Which page this is, is known from the request, and how many there are follows from the total.
        page.total = list.total_count.as_ref().and_then(total);
        page.page_size = list.page_size.and_then(|size| u64::try_from(size).ok());
        let Some(items) = list.sessions else {
            page.absent = is_absent(page.total);
            return Ok(Some(page));
        };
        let sessions = each(items, |item| self.normalise(item));
        Ok(sessions.map(|sessions| SourcePage { sessions, ..page }))
    }

    fn piecewise(&self, asked: &Asked<'_>, received: &Received, keep_raw: bool) -> Result<SourcePage> {
        let undecodable = || asked.undecodable::<types::ListSessionsResponse>(received);
        let (text, is_damaged) = as_text(&received.body);
        let envelope: Envelope<'_> = serde_json::from_str(&text).map_err(|_| undecodable())?;
        if let Some(failure) = envelope.standing().failure() {
            return Err(failure.about(asked, received));
        }
        let mut page = SourcePage::new(Vec::new(), NextPage::ByNumber);
        let list: Option<List<'_>> = match envelope.data {
            Some(data) if is_damaged(data.get()) => return Err(undecodable()),
            Some(data) => serde_json::from_str(data.get()).map_err(|_| undecodable())?,
            None => None,
        };
        let Some(list) = list else {
            page.absent = true;
            return Ok(page);
        };
        page.total = list.total_count.as_ref().and_then(total_of_value);
        page.page_size = list.page_size.as_ref().and_then(Value::as_u64);
        match list.sessions {
            Some(items) => {
                (page.sessions, page.rejected) =
                    decode_each(&items, "/data/sessions", keep_raw, |item| self.normalise(item));
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
        self.client.baseurl().to_owned()
    }

    /// No document says any of this. Every known answer is newest first by creation, which no later change alters, with ids
    /// that descend; the one captured total is right. A walk watches whether an answer contradicts it, and says so.
    fn capabilities(&self) -> Capabilities {
        Capabilities::none()
            .keeps_places()
            .new_at_front()
            .truthful_totals()
            .descending_ids()
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

impl fmt::Debug for MemoriesAi {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MemoriesAi")
            .field("base_url", &self.client.baseurl())
            .field("scope", &self.scope)
            .finish_non_exhaustive()
    }
}

/// `MemoriesAiBuilder` configures a [`MemoriesAi`]; what is wrong with it is said by [`build`](Self::build).
#[derive(Debug)]
#[must_use]
pub struct MemoriesAiBuilder {
    pub(crate) connection: Connection,
    scope: Option<Scope>,
}

impl MemoriesAiBuilder {
    connection_setters!();

    /// Says how fast the account is asked, by all its walks together: at the documented 5 times a second unless given.
    ///
    /// Clones of the source and its siblings made by [`MemoriesAi::scope`] keep one pace.
    pub fn pacing(mut self, pacing: Pacing) -> Self {
        self.connection.set_pacing(pacing);
        self
    }

    /// Lists the sessions under this `unique_id`, which is case-sensitive; `default` by default, as in the provider's
    /// own samples.
    pub fn scope(mut self, unique_id: impl Into<Scope>) -> Self {
        self.scope = Some(unique_id.into());
        self
    }

    /// Makes the source. No request is made.
    ///
    /// # Errors
    ///
    /// A [`Config`](ErrorKind::Config) error names the setting or the variable that is wrong, an
    /// [`Auth`](ErrorKind::Auth) error the key that is missing.
    pub fn build(self) -> Result<MemoriesAi> {
        let opened = self.connection.open()?;
        let wire = opened.wire(&Provider::MEMORIES_AI, memories_ai_client::wire)?;
        let wire = logging(wire, &opened.key);
        Ok(MemoriesAi {
            client: Client::new_with_client(&opened.base_url, opened.http, wire),
            key: opened.key,
            key_origin: opened.key_origin,
            reuse: opened.reuse,
            account: opened.account,
            scope: self
                .scope
                .unwrap_or_else(|| Scope::from(UNIQUE_ID.default.unwrap_or_default())),
        })
    }
}

/// The part of the envelope that says whether the answer is a success.
struct Standing {
    code: Option<String>,
    msg: Option<String>,
    success: Option<bool>,
    failed: Option<bool>,
}

/// A failure that an envelope tells of.
struct Failure {
    kind: ErrorKind,
    code: String,
    msg: Option<String>,
    temporary: bool,
    hint: Option<&'static str>,
    /// Whether the code is one that the documentation lists.
    known: bool,
}

impl Standing {
    /// Reads the failure out of the envelope; `None` when it tells of a success.
    fn failure(self) -> Option<Failure> {
        // Sibling services of the same provider use the other spellings of success.
        let success_code = self
            .code
            .as_deref()
            .is_none_or(|code| matches!(code, "0000" | "0" | "200" | "SUCCESS"));
        if success_code && self.success != Some(false) && self.failed != Some(true) {
            return None;
        }
        let contradicts_itself = success_code;
        let code = self.code.unwrap_or_default();
        let msg = self.msg.filter(|msg| !msg.trim().is_empty());
        let lower = msg.as_deref().unwrap_or_default().to_ascii_lowercase();
        let says = |words: &[&str]| words.iter().any(|word| lower.contains(word));

        let (kind, temporary, hint) = match code.as_str() {
            _ if contradicts_itself => (ErrorKind::Protocol, false, None),
            "0401" | "9009" => (ErrorKind::Auth, false, None),
            "0402" => (ErrorKind::Quota, false, None),
            "0403" => (ErrorKind::Permission, false, Some("Ask Memories.ai about the account.")),
            "0409" => (ErrorKind::Conflict, false, None),
            "0429" => (
                ErrorKind::RateLimited,
                true,
                Some("Wait, then try again; at most 5 requests a second are allowed."),
            ),
            _ if says(&["exceeded the limit"]) => (ErrorKind::RateLimited, true, Some("Wait, then try again.")),
            // 0001 is documented for wrong parameters; the provider's own client knows it as a passing fault.
            "0001" if says(&["network", "abnormal", "try again"]) => {
                (ErrorKind::Server, true, Some("Try again later."))
            }
            "0001" if says(&["not found"]) => (ErrorKind::NotFound, false, None),
            "0001" | "0003" => (ErrorKind::InvalidRequest, false, None),
            _ => (ErrorKind::Server, false, None),
        };
        let known = matches!(
            code.as_str(),
            "0001" | "0003" | "0401" | "0402" | "0403" | "0409" | "0429" | "9009"
        );
        let msg = match msg {
            _ if contradicts_itself => Some("the answer says both success and failure".to_owned()),
            Some(msg) => Some(as_clause(&msg)),
            None => None,
        };
        Some(Failure {
            kind,
            code,
            msg,
            temporary,
            hint,
            known,
        })
    }
}

impl Failure {
    /// Adds the code to an error, where there is one.
    fn attach_to(&self, error: Error) -> Error {
        if self.code.is_empty() {
            error
        } else {
            error.with_code(self.code.clone())
        }
    }

    fn about(self, asked: &Asked<'_>, received: &Received) -> Error {
        let said = self.msg.clone();
        let error = asked
            .error_about(self.kind, received)
            .with_message(said.unwrap_or_else(|| "the provider reports a failure".to_owned()))
            .with_temporary(self.temporary);
        let error = self.attach_to(error);
        match self.hint {
            Some(hint) => error.with_hint(hint),
            None if self.kind == ErrorKind::Auth => error.with_hint(asked.check_the_key()),
            None => error,
        }
    }
}

/// The envelope, read with less trust than the spec has: for answers that do not decode as a whole.
#[derive(Deserialize)]
struct Envelope<'a> {
    code: Option<Value>,
    msg: Option<Value>,
    success: Option<Value>,
    failed: Option<Value>,
    #[serde(borrow)]
    data: Option<&'a RawValue>,
}

impl Envelope<'_> {
    fn standing(&self) -> Standing {
        let text = |value: &Option<Value>| match value {
            None | Some(Value::Null) => None,
            Some(Value::String(text)) => Some(text.clone()),
            Some(other) => Some(other.to_string()),
        };
        Standing {
            code: text(&self.code),
            msg: text(&self.msg),
            success: self.success.as_ref().and_then(Value::as_bool),
            failed: self.failed.as_ref().and_then(Value::as_bool),
        }
    }
}

/// The list inside the envelope, read the same way.
#[derive(Deserialize)]
struct List<'a> {
    #[serde(borrow)]
    sessions: Option<Vec<&'a RawValue>>,
    page_size: Option<Value>,
    total_count: Option<Value>,
}

impl MemoriesAi {
    /// Makes a session of an item.
    fn normalise(&self, item: types::Session) -> std::result::Result<Session, &'static str> {
        let unsettled = unsettled_fields(&item);
        let types::Session {
            session_id,
            title,
            created_time,
            video_no,
            mut extra,
            ..
        } = item;
        if let Some(unsettled) = unsettled {
            extra.extend(unsettled);
        }
        // The example and live answers say `sessionId`, the response table says `session_id`; both are taken, and a second
        // one that differs stays among the unknown fields.
        let id = match (session_id, extra.remove("session_id")) {
            (Some(id), None) => id,
            (Some(id), Some(Value::String(same))) if same == id => id,
            (Some(id), Some(other)) => {
                extra.insert("session_id".to_owned(), other);
                id
            }
            (None, Some(Value::String(id))) => id,
            (None, Some(_)) => return Err("session_id is not a string"),
            (None, None) => return Err("it has neither sessionId nor session_id"),
        };
        if id.is_empty() {
            return Err("its id is empty");
        }

        let given = created_time.and_then(|text| match SessionTime::parse(text) {
            Ok(time) => Some(time),
            Err(text) => {
                extra.insert("created_time".to_owned(), Value::String(text));
                None
            }
        });
        let created_at = given.or_else(|| time_of_id(&id).map(SessionTime::derived_from_id));

        // In full, since what a shorter form leaves out would be made and dropped for every session.
        Ok(Session {
            id: SessionId::new(Provider::MEMORIES_AI, id),
            scope: Some(self.scope.clone()),
            title,
            created_at,
            updated_at: None,
            sources: video_no.map(|id| vec![SourceRef::new("video", id)]),
            access: None,
            last_run: None,
            extra,
            raw: None,
        })
    }
}

/// Reads the time of creation off an id, which is a snowflake: the milliseconds since 2021-01-01T00:00:00Z stand above
/// its lowest 22 bits. Inferred from 35 video ids with a known time, which all fit within 72 ms.
fn time_of_id(id: &str) -> Option<Timestamp> {
    const EPOCH_2021: i64 = 1_609_459_200_000;
    // Ids of this form have 18 digits; fewer than 17 would lie in the first weeks of 2021, years before the service.
    if !(17..=19).contains(&id.len()) {
        return None;
    }
    let id = i64::try_from(decimal(id)?).ok()?;
    Timestamp::from_unix_millis((id >> 22) + EPOCH_2021)
}

/// Reads a total that may be a number or a string of digits.
fn total(count: &types::Count) -> Option<u64> {
    match count {
        types::Count::Integer(number) => u64::try_from(*number).ok(),
        types::Count::Text(text) => text.trim().parse().ok(),
        types::Count::Other(value) => total_of_value(value),
    }
}

fn total_of_value(count: &Value) -> Option<u64> {
    match count {
        Value::Number(number) => number.as_u64(),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn standing(code: &str, msg: &str) -> Standing {
        Standing {
            code: Some(code.to_owned()),
            msg: Some(msg.to_owned()),
            success: None,
            failed: None,
        }
    }

    #[test]
    fn a_code_and_its_message_say_what_failed() {
        use ErrorKind::*;
        for (code, msg, kind, temporary) in [
            ("0001", "Wrong parameter.", InvalidRequest, false),
            ("0001", "Session not found.", NotFound, false),
            ("0001", "Network abnormal.", Server, true),
            ("0001", "Please try again later.", Server, true),
            ("0003", "Wrong parameter.", InvalidRequest, false),
            ("0401", "Unauthorized", Auth, false),
            ("0402", "", Quota, false),
            ("0403", "", Permission, false),
            ("0409", "", Conflict, false),
            ("0429", "", RateLimited, true),
            ("9009", "No permission", Auth, false),
            // The limit is told with other codes too; a code that says more is believed before the message.
            ("0001", "Request has exceeded the limit.", RateLimited, true),
            ("1024", "Request has exceeded the limit.", RateLimited, true),
            ("0402", "Request has exceeded the limit.", Quota, false),
            ("1024", "Session not found, network abnormal.", Server, false),
            ("", "", Server, false),
        ] {
            let failure = standing(code, msg).failure().expect("it is no success");
            assert_eq!((failure.kind, failure.temporary), (kind, temporary), "{code}: {msg}");
            assert_eq!(failure.code, code);
            let documented = !matches!(code, "" | "1024");
            assert_eq!(failure.known, documented, "{code}");
        }
        for code in ["0000", "0", "200", "SUCCESS"] {
            assert!(standing(code, "not found").failure().is_none(), "{code}");
        }
        let contradictory = Standing {
            success: Some(false),
            ..standing("0000", "success")
        };
        let failure = contradictory.failure().expect("it says both");
        assert_eq!((failure.kind, failure.temporary), (Protocol, false));
    }
}
