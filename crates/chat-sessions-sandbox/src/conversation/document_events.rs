//! The events of a LlamaCloud session, with their fields named as the provider names them.

use serde::Serialize;
use serde_json::Value;

/// One event.
#[derive(Clone, Debug, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(crate) enum Event {
    UserInput {
        content: String,
    },
    ThinkingDelta {
        content: String,
    },
    Thinking {
        content: String,
    },
    ToolCall(ToolCall),
    ToolResult(ToolResult),
    TextDelta {
        content: String,
    },
    Text {
        content: String,
    },
    Stop(Stop),
    /// An event that is not one of the above, as it is sent.
    #[serde(untagged)]
    Other(Value),
}

/// A call of a tool.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct ToolCall {
    pub(crate) call_id: String,
    pub(crate) name: String,
    pub(crate) arguments: Value,
}

/// The result of a call.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct ToolResult {
    pub(crate) call_id: String,
    pub(crate) name: String,
    pub(crate) result: Value,
    /// Absent, null or an object: the provider's clients have all three.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) image_attachment: Option<Option<ImageAttachment>>,
}

/// Names a screenshot of a page.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct ImageAttachment {
    pub(crate) attachment_name: String,
    pub(crate) source_id: String,
}

/// The end of a turn.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Stop {
    pub(crate) is_error: bool,
    pub(crate) error: Option<String>,
    pub(crate) usage: Usage,
    /// Absent in older sessions, null where every index was queried.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) skipped_index_ids: Option<Option<Vec<String>>>,
}

/// What a turn used.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Usage {
    pub(crate) duration_ms: Option<f64>,
    pub(crate) total_input_tokens: Option<u64>,
    pub(crate) total_output_tokens: Option<u64>,
    pub(crate) turns: Option<u64>,
}
