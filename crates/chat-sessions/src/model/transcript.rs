//! A session with its messages, in the same form for every provider.
//!
//! This file is plain data and knows no raw type. `provider/` decides what becomes of each raw field.

use std::borrow::Cow;
use std::fmt;

use bytes::Bytes;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Map, Value};

use crate::model::part::Part;
use crate::model::session::Session;

/// `Transcript` is one session with all its messages.
///
/// Nothing that the provider sent about the session is lost: a field that has no place of its own is
/// in the `extra` of the object that it came in, and an event of an unknown kind is a [`Part::Other`].
/// Numbers have the precision of `f64` or 64 bits, and members have no order. For everything exactly
/// as it came, and for what is beside the session in a response,
/// [`keep_raw`](crate::transcript::ReadTranscript::keep_raw) keeps the body in [`raw`](Self::raw).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Transcript {
    /// The session, with the fields that the provider sends beside the messages. Memories.ai sends
    /// the title only.
    pub session: Session,
    /// The messages, in the provider's order. Neither provider sends ids or times of messages, so the
    /// place in the list is all that identifies a message.
    pub messages: Vec<Message>,
    /// The body of the response as it was received; `None` unless it was requested. It is not part of
    /// the JSON.
    #[serde(skip)]
    pub raw: Option<Bytes>,
    /// The id under which the provider logged the request, if it sent one. It is not part of the JSON.
    #[serde(skip)]
    pub request_id: Option<String>,
}

impl Transcript {
    /// Creates a transcript from a session and its messages.
    #[must_use]
    pub fn new(session: Session, messages: Vec<Message>) -> Self {
        Self {
            session,
            messages,
            raw: None,
            request_id: None,
        }
    }
}

/// `Message` is what one participant contributed to a conversation at one time.
///
/// LlamaCloud sends events. A `user_input` becomes a message of the user, and all events after it, up
/// to the end of the turn, become one message of the assistant. Each event is a [`Part`], except that
/// fragments are joined and a screenshot is a part of its own.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Message {
    /// Who wrote the message.
    pub role: Role,
    /// The content, in the provider's order.
    pub parts: Vec<Part>,
    /// Whether the end of the turn is missing, although the provider marks ends (LlamaCloud): the
    /// answer is still being written, or was interrupted. Always `false` for Memories.ai, which marks
    /// no ends.
    pub incomplete: bool,
    /// All other fields that the provider sent, under its own names. A role in another spelling than
    /// [`Role`] prints is here too.
    pub extra: Map<String, Value>,
}

impl Message {
    /// Creates a message.
    #[must_use]
    pub fn new(role: Role, parts: Vec<Part>) -> Self {
        Self {
            role,
            parts,
            incomplete: false,
            extra: Map::new(),
        }
    }
}

/// `Role` says who wrote a message. In JSON it is a string.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Role {
    /// The user, `user`.
    User,
    /// The model, `assistant`.
    Assistant,
    /// A tool, `tool`.
    Tool,
    /// Any other role, as the provider wrote it; empty if it wrote none.
    Other(String),
}

impl Role {
    /// Returns the role as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::User => "user",
            Self::Assistant => "assistant",
            Self::Tool => "tool",
            Self::Other(role) => role,
        }
    }
}

impl From<&str> for Role {
    /// Recognises the known roles in upper and lower case: Memories.ai writes `assistant` in one
    /// response and `ASSISTANT` in another.
    fn from(role: &str) -> Self {
        let known = [Self::User, Self::Assistant, Self::Tool];
        let found = known
            .into_iter()
            .find(|known| known.as_str().eq_ignore_ascii_case(role));
        found.unwrap_or_else(|| Self::Other(role.to_owned()))
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl Serialize for Role {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for Role {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let role: Cow<'de, str> = Cow::deserialize(deserializer)?;
        Ok(Self::from(&*role))
    }
}

#[cfg(feature = "schemars")]
impl schemars::JsonSchema for Role {
    fn schema_name() -> Cow<'static, str> {
        "Role".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "description": "Who wrote a message: `user`, `assistant`, `tool`, or another role as the provider wrote it.",
            "type": "string"
        })
    }
}
