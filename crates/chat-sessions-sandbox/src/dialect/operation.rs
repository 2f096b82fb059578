//! The operations of the two APIs, by what they return.

/// What a request asks for.
///
/// In JSON, the names are `list_sessions`, `session_detail`, `session_summary` and `scopes`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Operation {
    /// A page of the session list: `list_sessions` of Memories.ai, `GET /api/v1/chat` of
    /// LlamaCloud.
    ListSessions,
    /// A session with its conversation: `get_session_detail` of Memories.ai,
    /// `GET /api/v1/chat/{session_id}` of LlamaCloud.
    SessionDetail,
    /// A session without its conversation: `GET /api/v1/chat/{session_id}/summary` of LlamaCloud.
    SessionSummary,
    /// The scopes of the account: `list_unique_ids` of Memories.ai, `GET /api/v1/projects` of
    /// LlamaCloud.
    Scopes,
}

impl Operation {
    /// All operations, in the order of the enum.
    pub const ALL: [Self; 4] = [
        Self::ListSessions,
        Self::SessionDetail,
        Self::SessionSummary,
        Self::Scopes,
    ];
}
