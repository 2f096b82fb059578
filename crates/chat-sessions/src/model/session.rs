//! A chat session of any provider: its id, its fields, and the outcome of its last run.
//!
//! This file is plain data and knows no raw type. `provider/` decides which raw field maps to which
//! field here.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::error::{Error, ErrorKind, Remedy};
use crate::model::provider::Provider;
use crate::model::scope::Scope;
use crate::model::session_time::SessionTime;

/// `Session` is one chat session, with the same fields for every provider.
///
/// Nothing that a provider sent is lost: fields that are not listed here are in
/// [`extra`](Self::extra), under the provider's names, and [`raw`](Self::raw) holds the whole item
/// if [`keep_raw`](crate::list::ListSessions::keep_raw) is set.
///
/// In JSON, the id becomes two fields, `provider` and `id`. Every other field keeps its name and is
/// always present; it is `null` where the provider sends nothing.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Session {
    /// Who keeps the session, and its id there.
    #[serde(flatten)]
    pub id: SessionId,
    /// The part of the account: Memories.ai's `unique_id`, LlamaCloud's project id.
    ///
    /// Neither provider repeats it in its response, so it is the scope of the request; `None` if the
    /// request had none.
    pub scope: Option<Scope>,
    /// The title.
    ///
    /// Memories.ai sends the whole first prompt. LlamaCloud sends a shortened one that ends in
    /// `...`, and nothing before the first message.
    pub title: Option<String>,
    /// When the session was created.
    ///
    /// Memories.ai: derived from the id, unless it sends `created_time`, which is documented but
    /// has not been seen. LlamaCloud does not send it.
    pub created_at: Option<SessionTime>,
    /// When the session last changed. LlamaCloud: `last_updated_at`. Memories.ai does not
    /// send it.
    pub updated_at: Option<SessionTime>,
    /// The videos or indexes that the session is about.
    ///
    /// `None` means that the provider does not send them (Memories.ai's list) or that there are none
    /// (LlamaCloud's `null`). An empty list is an empty list in the response.
    pub resources: Option<Vec<Resource>>,
    /// The access that a share link grants, in the provider's own word. LlamaCloud has sent `query`
    /// or `read_only` since October 2026; more may follow.
    pub access: Option<String>,
    /// The most recent run; `None` if there was none or the provider does not send it.
    // It is boxed because it would be a third of a session, and many lists have none.
    pub last_run: Option<Box<Run>>,
    /// All other fields that the provider sent, under its own names.
    ///
    /// A known field with a value that cannot be decoded, such as a time in an unknown format, is
    /// here too.
    pub extra: Map<String, Value>,
    /// The item exactly as the provider sent it, as JSON text; `None` unless it was requested.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub raw: Option<String>,
}

impl Session {
    /// Creates a session with only its id; set the other fields directly.
    #[must_use]
    pub fn new(id: SessionId) -> Self {
        Self {
            id,
            scope: None,
            title: None,
            created_at: None,
            updated_at: None,
            resources: None,
            access: None,
            last_run: None,
            extra: Map::new(),
            raw: None,
        }
    }

    /// Returns the time by which sessions are sorted: the last change if known, otherwise the
    /// creation.
    ///
    /// Memories.ai sends only the creation and LlamaCloud only the last change, so the order of a
    /// merged list is approximate by nature. [`SessionTime::origin`] says how each time is known.
    #[must_use]
    pub fn time(&self) -> Option<&SessionTime> {
        self.updated_at.as_ref().or(self.created_at.as_ref())
    }
}

/// `SessionId` names one session of one provider.
///
/// It prints as `memories-ai:601308802842759168` and parses back at the first `:`. With a scope, it is
/// a [`SessionAddress`](crate::SessionAddress). The id itself is
/// a string and never a number: Memories.ai's ids are above 2⁵³, where a float would change them.
///
/// ```
/// use chat_sessions::{Provider, SessionId};
///
/// let id: SessionId = "memories-ai:601308802842759168".parse()?;
/// assert_eq!(*id.provider(), Provider::MEMORIES_AI);
/// assert_eq!(id.as_str(), "601308802842759168");
/// # Ok::<(), chat_sessions::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
pub struct SessionId {
    /// The provider that keeps the session.
    provider: Provider,
    /// The provider's own id, verbatim.
    id: String,
}

impl SessionId {
    /// Creates an id from a provider and the provider's own id.
    #[must_use]
    pub fn new(provider: Provider, id: impl Into<String>) -> Self {
        Self {
            provider,
            id: id.into(),
        }
    }

    /// Returns the provider that keeps the session.
    #[must_use]
    pub fn provider(&self) -> &Provider {
        &self.provider
    }

    /// Returns the provider's own id, verbatim.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.id
    }
}

impl fmt::Display for SessionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.provider, self.id)
    }
}

impl FromStr for SessionId {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        match text.split_once(':') {
            Some((provider, id)) if !provider.is_empty() && !provider.contains('/') && !id.is_empty() => {
                Ok(Self::new(Provider::new(provider.to_owned()), id))
            }
            _ => Err(Error::local(ErrorKind::InvalidRequest)
                .with_message(format!("{text:?} is not a session id"))
                .with_remedy(Remedy::WriteAs {
                    form: "as provider:id",
                    example: "memories-ai:601308802842759168",
                })),
        }
    }
}

/// `Resource` is a video or an index that a session is about.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Resource {
    /// Its kind: `video` (Memories.ai) or `index` (LlamaCloud); more may follow.
    pub kind: Cow<'static, str>,
    /// The provider's id for it.
    pub id: String,
}

impl Resource {
    /// Creates a resource from its kind and id.
    #[must_use]
    pub fn new(kind: impl Into<Cow<'static, str>>, id: impl Into<String>) -> Self {
        Self {
            kind: kind.into(),
            id: id.into(),
        }
    }
}

/// `Run` describes the most recent run of a session, not the session as a whole.
///
/// It is LlamaCloud's `job_metadata`. The token counts, which are called totals there, are those of
/// one run.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Run {
    /// The duration in milliseconds; providers send fractions.
    pub duration_ms: Option<f64>,
    /// Whether it failed.
    pub is_error: Option<bool>,
    /// The error, in the provider's words.
    pub error: Option<String>,
    /// The number of input tokens.
    pub input_tokens: Option<u64>,
    /// The number of output tokens.
    pub output_tokens: Option<u64>,
    /// The number of turns.
    pub turns: Option<u64>,
    /// The ids of the export configurations that the run used.
    pub export_config_ids: Option<Vec<String>>,
    /// All other fields that the provider sent, under its own names.
    pub extra: Map<String, Value>,
}
