//! The messages of a Memories.ai session, with their fields named as the provider names them.

use serde::Serialize;
use serde_json::Number;

/// One message. Its place in the list is all that identifies it.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Message {
    pub(crate) role: &'static str,
    pub(crate) content: String,
    /// Messages of the user have none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) thinkings: Option<Vec<Thinking>>,
    /// The captured response has no such field where there are none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) refs: Option<Vec<VideoReferences>>,
}

/// One step of reasoning.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Thinking {
    pub(crate) title: String,
    pub(crate) content: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) refs: Option<Vec<VideoReferences>>,
}

/// A video, and the places in it that a text refers to.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct VideoReferences {
    pub(crate) video: Video,
    #[serde(rename = "refItems")]
    pub(crate) items: Vec<ReferenceItem>,
}

/// A video.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Video {
    /// Digits in a string; the unit is not documented.
    pub(crate) duration: String,
    pub(crate) video_no: String,
    pub(crate) video_name: String,
}

/// One place in a video.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct ReferenceItem {
    #[serde(rename = "videoNo")]
    pub(crate) video_no: String,
    #[serde(rename = "startTime")]
    pub(crate) start: Number,
    /// Absent for a single frame.
    #[serde(rename = "endTime", skip_serializing_if = "Option::is_none")]
    pub(crate) end: Option<Number>,
    #[serde(rename = "type")]
    pub(crate) kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) text: Option<String>,
}
