//! The parts of a message: text, thinking, tool calls, references and what else a provider sends.
//!
//! This file is plain data and knows no raw type.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::model::session::Resource;

/// `Part` is one piece of a message. In JSON, `type` names its kind.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(tag = "type", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Part {
    /// Text, usually Markdown.
    Text(Text),
    /// Reasoning before an answer.
    Thinking(Thinking),
    /// A call of a tool.
    ToolCall(ToolCall),
    /// The result of a call.
    ToolResult(ToolResult),
    /// A video or index that the message refers to, with the places in it.
    Reference(Reference),
    /// A file that belongs to a tool result.
    Attachment(Attachment),
    /// The end of a turn, with its outcome.
    End(End),
    /// Anything else, as it came.
    Other(Other),
}

/// `Text` is a text, usually Markdown.
///
/// LlamaCloud may send fragments (`text_delta`). They are joined where the whole text does not
/// follow in the same turn; where it does, they would only repeat it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Text {
    /// The text, unchanged.
    pub text: String,
    /// All other fields that the provider sent, under its own names. Of joined fragments, the last
    /// value of each field; of fragments that the whole text repeats, those that it has not.
    pub extra: Map<String, Value>,
}

impl Text {
    /// Creates a text.
    #[must_use]
    pub fn new(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            extra: Map::new(),
        }
    }
}

/// `Thinking` is one step of reasoning before an answer. Fragments are joined as those of [`Text`].
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Thinking {
    /// The heading; LlamaCloud has none.
    pub title: Option<String>,
    /// The text, unchanged.
    pub text: String,
    /// What this step refers to.
    pub references: Vec<Reference>,
    /// All other fields that the provider sent, under its own names.
    pub extra: Map<String, Value>,
}

/// `ToolCall` is a call of a tool.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct ToolCall {
    /// The id that the result of the call repeats.
    pub call_id: Option<String>,
    /// The name of the tool.
    pub name: Option<String>,
    /// The arguments by name; `None` if the provider sent none.
    pub arguments: Option<Map<String, Value>>,
    /// All other fields that the provider sent, under its own names.
    pub extra: Map<String, Value>,
}

/// `ToolResult` is the result of a call of a tool.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct ToolResult {
    /// The id of the call.
    pub call_id: Option<String>,
    /// The name of the tool.
    pub name: Option<String>,
    /// The result, which can be any JSON; `null` if there is none.
    pub result: Value,
    /// All other fields that the provider sent, under its own names.
    pub extra: Map<String, Value>,
}

/// `Reference` is a video or an index that a text refers to.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Reference {
    /// The video or index; `None` if the provider sent no id.
    pub resource: Option<Resource>,
    /// Its name.
    pub name: Option<String>,
    /// How long it is, as the provider wrote it. Memories.ai does not say whether its digits are
    /// seconds or minutes.
    pub duration: Option<String>,
    /// The places in it.
    pub places: Vec<Place>,
    /// All other fields that the provider sent, under its own names.
    pub extra: Map<String, Value>,
}

/// `Place` is a place in a video.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Place {
    /// What was found there, in the provider's own word: `keyframe`, `visual_ts`, `audio_ts`; more
    /// may follow.
    pub kind: Option<String>,
    /// Where it begins, in seconds from the start of the video.
    pub start_seconds: Option<f64>,
    /// Where it ends, in seconds; `None` for a single frame.
    pub end_seconds: Option<f64>,
    /// What is said or seen there.
    pub text: Option<String>,
    /// All other fields that the provider sent, under its own names.
    pub extra: Map<String, Value>,
}

/// `Attachment` is a file that belongs to a tool result, such as the screenshot of a page. Another
/// endpoint of the provider turns it into a URL.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Attachment {
    /// The id of the call whose result the file belongs to.
    pub call_id: Option<String>,
    /// The name of the file.
    pub name: Option<String>,
    /// The id of the document that the file comes from.
    pub source_id: Option<String>,
    /// All other fields that the provider sent, under its own names.
    pub extra: Map<String, Value>,
}

/// `End` is the end of a turn.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct End {
    /// Whether the turn failed.
    pub is_error: Option<bool>,
    /// The error, in the provider's words.
    pub error: Option<String>,
    /// What the turn used; `None` if the provider does not say.
    pub usage: Option<Usage>,
    /// The requested indexes that the turn could not query; `None` if the provider does not say.
    pub skipped_resources: Option<Vec<Resource>>,
    /// All other fields that the provider sent, under its own names.
    pub extra: Map<String, Value>,
}

/// `Usage` is what one turn used.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Usage {
    /// The duration in milliseconds; providers send fractions.
    pub duration_ms: Option<f64>,
    /// The number of input tokens.
    pub input_tokens: Option<u64>,
    /// The number of output tokens.
    pub output_tokens: Option<u64>,
    /// The number of rounds of the model.
    pub turns: Option<u64>,
    /// All other fields that the provider sent, under its own names.
    pub extra: Map<String, Value>,
}

/// `Other` is a part of an unknown kind, or of a known kind in an unknown form.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Other {
    /// The kind in the provider's own word, if it sent one.
    pub kind: Option<String>,
    /// The part as it came.
    pub value: Value,
}
