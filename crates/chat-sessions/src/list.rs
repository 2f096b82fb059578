//! Lists sessions: the request and its results (one page, a stream of pages or a stream of
//! sessions).

mod item_stream;
mod order;
mod page;
mod page_stream;
mod request;

pub use item_stream::SessionStream;
pub use order::Order;
pub use page::SessionPage;
pub use page_stream::PageStream;
pub use request::ListSessions;

pub use crate::pagination::{Cursor, Doubt, Guarantee, ListEnd, OnBadItem, SourceReport, Unfinished, WalkReport};
