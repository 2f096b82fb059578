//! Sources of sessions: the trait to implement for a source of your own, and its request and page
//! types.

mod account;
mod capabilities;
mod operation;
mod page;
mod position;
mod session_source;
mod transcript;

pub use account::Account;
pub use capabilities::Capabilities;
pub use operation::Operation;
pub use page::{PageRequest, Rejected, SourcePage};
pub use position::{NextPage, Position};
pub use session_source::{BoxFuture, SessionSource};
pub use transcript::{ScopesRequest, SessionRequest, SourceScopes, SourceSession, SourceTranscript, TranscriptRequest};
