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

/// `Session` is one chat session in the vocabulary that all providers share.
///
/// Nothing that a provider sent is lost: what has no field of its own is in [`extra`](Self::extra), under the
/// provider's name for it, and [`raw`](Self::raw) holds the whole item when it was asked for with
/// [`keep_raw`](crate::list::ListSessions::keep_raw).
///
/// As JSON the id becomes two fields, `provider` and `id`; every other field keeps its name and is always there,
/// `null` where the provider says nothing.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Session {
    /// Who keeps the session, and its id there.
    #[serde(flatten)]
    pub id: SessionId,
    /// The part of the account that was listed: Memories.ai's `unique_id`, LlamaCloud's project id.
    ///
    /// Neither provider repeats it in its answer, so it is the one that was asked for; `None` when none was.
    pub scope: Option<Scope>,
    /// What the session is called.
    ///
    /// Memories.ai gives the whole first prompt, LlamaCloud a shortened one that ends in `...`, and nothing before the
    /// first message.
    pub title: Option<String>,
    /// When the session was created.
    ///
    /// Memories.ai: derived from the id, unless the documented but never seen `created_time` is there. LlamaCloud does
    /// not offer it.
    pub created_at: Option<SessionTime>,
    /// When the session last changed. LlamaCloud: `last_updated_at`. Memories.ai does not offer it.
    pub updated_at: Option<SessionTime>,
    /// What the session talks about: videos or indexes.
    ///
    /// `None` means that the provider does not say (Memories.ai's list) or that the session is bound to nothing
    /// (LlamaCloud's `null`); an empty list is an empty list in the answer.
    pub resources: Option<Vec<Resource>>,
    /// What a share link grants, in the provider's own word. LlamaCloud sends `query` or `read_only` since October 2026; the set is open.
    pub access: Option<String>,
    /// The most recent run, where the provider keeps one and there has been one.
    pub last_run: Option<Run>,
    /// What the provider sent beyond the fields above, under the provider's own names.
    ///
    /// A known field whose value could not be understood, such as a time in an unknown form, is here too.
    pub extra: Map<String, Value>,
    /// The item exactly as the provider sent it, as JSON text; only when it was asked for.
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
/// It prints as `memories-ai:601308802842759168` and parses back at the first `:`. The id itself is a string and is
/// never a number: Memories.ai's ids lie above 2⁵³, where a float silently changes them.
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
            Some((provider, id)) if !provider.is_empty() && !id.is_empty() => {
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

/// `Resource` names something that a session talks about.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Resource {
    /// What it is: `video` (Memories.ai) or `index` (LlamaCloud); the set is open.
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

/// `Run` is what a provider says about the most recent run of a session, not about the session as a whole.
///
/// LlamaCloud's `job_metadata`; its token counts are called totals there and are those of one run.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Run {
    /// How long it took, in milliseconds; providers send fractions.
    pub duration_ms: Option<f64>,
    /// Whether it failed.
    pub is_error: Option<bool>,
    /// What went wrong, in the provider's words.
    pub error: Option<String>,
    /// Tokens that went in.
    pub input_tokens: Option<u64>,
    /// Tokens that came out.
    pub output_tokens: Option<u64>,
    /// Turns that the run took.
    pub turns: Option<u64>,
    /// Ids of the export configurations that the run used.
    pub export_config_ids: Option<Vec<String>>,
    /// What the provider sent beyond the fields above, under the provider's own names.
    pub extra: Map<String, Value>,
}
