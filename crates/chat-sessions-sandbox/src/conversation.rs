//! The kinds of conversation that the sandbox has, and which seeded session has which.
//!
//! The conversations themselves are generated when they are requested, so that a long list of
//! sessions costs no more memory than before.

pub(crate) mod document_events;
pub(crate) mod document_tools;
pub(crate) mod document_turns;
pub(crate) mod passages;
pub(crate) mod questions;
pub(crate) mod video_messages;
pub(crate) mod video_turns;

/// A kind of conversation.
///
/// Most sessions are [`Ordinary`](Self::Ordinary). The others are at fixed positions of each seeded
/// list, counted from 0, as far as the list is that long.
/// [`Control::session_with`](crate::Control::session_with) finds them in the default scope, also
/// after the list has changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Conversation {
    /// Two to six turns about one subject, with or without reasoning, references and tools.
    Ordinary,
    /// No messages. Memories.ai: position 21. LlamaCloud: position 2 and every fourth from there,
    /// sessions that were opened and never used.
    Empty,
    /// A question without an answer. Memories.ai: position 30. LlamaCloud: a session that was
    /// created while the sandbox ran.
    Unanswered,
    /// One question and one answer. Position 20, and a Memories.ai session that was created while
    /// the sandbox ran.
    OneTurn,
    /// 500 questions with answers. Position 40.
    ManyTurns,
    /// An answer whose text has a little more than 2 MiB of UTF-8. Position 41.
    LongText,
    /// Code blocks of several languages, fences in fences, and tabs. Memories.ai: position 22.
    /// LlamaCloud: position 21.
    Code,
    /// Tables in Markdown, with empty and very wide cells. Position 23.
    Tables,
    /// Chinese, Japanese, Korean, Arabic, Hebrew, Hindi and Thai, and emoji of several code points.
    /// Position 24.
    Scripts,
    /// Control characters: terminal escape sequences, NUL, lone carriage returns, bidirectional
    /// overrides and invisible characters. Position 25.
    ControlCharacters,
    /// A `<script>` tag, event handlers, remote images and links with `javascript:`. Memories.ai:
    /// position 26. LlamaCloud: position 27.
    Markup,
    /// Memories.ai only. References of every documented type and of an unknown one, with whole and
    /// fractional seconds, and videos without items. Position 27.
    References,
    /// Memories.ai only. References inside the steps of reasoning, and none beside them. Position
    /// 28.
    ThinkingReferences,
    /// Memories.ai only. Roles in capitals, as the chat endpoint spells them. Position 29.
    UpperCaseRoles,
    /// LlamaCloud only. Every text and every thought is stored as fragments and as a whole.
    /// Position 28.
    DeltasAndText,
    /// LlamaCloud only. Texts and thoughts are stored as fragments only. Position 29.
    DeltasOnly,
    /// LlamaCloud only. Results of tools of every JSON type, with `null`, large numbers and deep
    /// nesting. Position 31.
    ToolResults,
    /// LlamaCloud only. Results of tools with and without a screenshot. Position 32.
    Attachments,
    /// LlamaCloud only. The first turn fails after a part of its text. Position 33.
    FailedTurn,
    /// LlamaCloud only. Turns that could not query some indexes, or none. Position 35.
    SkippedIndexes,
    /// LlamaCloud only. The last turn has no end. Position 36.
    NoStop,
    /// LlamaCloud only. Events of types that no document names. They do not conform to the spec.
    /// Position 37.
    UnknownEvents,
    /// LlamaCloud only. Events without a type. Those whose other fields fit several types do not
    /// conform to the spec. Position 39.
    UntypedEvents,
}

/// The special positions of a Memories.ai list.
const VIDEO_POSITIONS: &[(usize, Conversation)] = &[
    (20, Conversation::OneTurn),
    (21, Conversation::Empty),
    (22, Conversation::Code),
    (23, Conversation::Tables),
    (24, Conversation::Scripts),
    (25, Conversation::ControlCharacters),
    (26, Conversation::Markup),
    (27, Conversation::References),
    (28, Conversation::ThinkingReferences),
    (29, Conversation::UpperCaseRoles),
    (30, Conversation::Unanswered),
    (40, Conversation::ManyTurns),
    (41, Conversation::LongText),
];

/// The special positions of a LlamaCloud list. None is that of an unused session.
const DOCUMENT_POSITIONS: &[(usize, Conversation)] = &[
    (20, Conversation::OneTurn),
    (21, Conversation::Code),
    (23, Conversation::Tables),
    (24, Conversation::Scripts),
    (25, Conversation::ControlCharacters),
    (27, Conversation::Markup),
    (28, Conversation::DeltasAndText),
    (29, Conversation::DeltasOnly),
    (31, Conversation::ToolResults),
    (32, Conversation::Attachments),
    (33, Conversation::FailedTurn),
    (35, Conversation::SkippedIndexes),
    (36, Conversation::NoStop),
    (37, Conversation::UnknownEvents),
    (39, Conversation::UntypedEvents),
    (40, Conversation::ManyTurns),
    (41, Conversation::LongText),
];

impl Conversation {
    /// All kinds, in the order of the enum.
    pub const ALL: [Self; 23] = [
        Self::Ordinary,
        Self::Empty,
        Self::Unanswered,
        Self::OneTurn,
        Self::ManyTurns,
        Self::LongText,
        Self::Code,
        Self::Tables,
        Self::Scripts,
        Self::ControlCharacters,
        Self::Markup,
        Self::References,
        Self::ThinkingReferences,
        Self::UpperCaseRoles,
        Self::DeltasAndText,
        Self::DeltasOnly,
        Self::ToolResults,
        Self::Attachments,
        Self::FailedTurn,
        Self::SkippedIndexes,
        Self::NoStop,
        Self::UnknownEvents,
        Self::UntypedEvents,
    ];

    /// The kind of the session at this position of a seeded Memories.ai list.
    pub(crate) fn of_videos(position: usize) -> Self {
        Self::at(VIDEO_POSITIONS, position)
    }

    /// The kind of the session at this position of a seeded LlamaCloud list, if the session was
    /// used.
    pub(crate) fn of_documents(position: usize) -> Self {
        Self::at(DOCUMENT_POSITIONS, position)
    }

    fn at(special: &[(usize, Self)], position: usize) -> Self {
        let found = special.iter().find(|(special, _)| *special == position);
        found.map_or(Self::Ordinary, |(_, kind)| *kind)
    }
}
