//! Sources of sessions: the trait to implement for a source of your own, and its request and page
//! types.

mod account;
mod capabilities;
mod page;
mod position;
mod session_source;

pub use account::Account;
pub use capabilities::Capabilities;
pub use page::{PageRequest, Rejected, SourcePage};
pub use position::{NextPage, Position};
pub use session_source::{BoxFuture, SessionSource};
