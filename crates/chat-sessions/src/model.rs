//! The types that all providers share: sessions, their ids, times and scopes.

mod numeric_id;
mod provider;
mod scope;
mod session;
mod session_time;
mod timestamp;

pub(crate) use numeric_id::decimal;
pub use provider::Provider;
pub use scope::Scope;
pub use session::{Resource, Run, Session, SessionId};
pub use session_time::{SessionTime, TimeOrigin};
pub use timestamp::Timestamp;
