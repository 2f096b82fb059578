//! Reads sessions with their messages: one, or many with several requests at a time. Also reads one
//! session without its messages, and the scopes of the accounts.

mod fetch;
mod options;
mod report;
mod request;
mod resolve;
mod scopes;
mod stream;

pub use report::TranscriptReport;
pub use request::{ReadSession, ReadTranscript, ReadTranscripts};
pub use scopes::{ReadScopes, ScopeList};
pub use stream::TranscriptStream;
