//! The types that all providers share: sessions with their ids, times and scopes, and transcripts.

mod json;
mod numeric_id;
mod part;
mod provider;
mod scope;
mod session;
mod session_address;
mod session_time;
mod timestamp;
mod transcript;

pub(crate) use json::seconds;
pub(crate) use numeric_id::decimal;
pub use part::{Attachment, End, Other, Part, Place, Reference, Text, Thinking, ToolCall, ToolResult, Usage};
pub use provider::Provider;
pub use scope::{Scope, ScopeInfo};
pub use session::{Resource, Run, Session, SessionId};
pub use session_address::SessionAddress;
pub use session_time::{SessionTime, TimeOrigin};
pub use timestamp::Timestamp;
pub use transcript::{Message, Role, Transcript};
