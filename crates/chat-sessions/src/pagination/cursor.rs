//! A cursor: where to resume a list of one or several sources.
//!
//! This file holds the data. `cursor/text.rs` has the text form of a cursor, `cursor/binary.rs` the
//! bytes inside that text, and `cursor/binding.rs` matches a cursor with the sources it is used
//! with.

mod binary;
mod binding;
pub(crate) mod text;

use std::fmt;

use crate::pagination::fingerprint::IdMark;
use crate::pagination::token_loop::TokenLoop;
use crate::source::Position;

pub(crate) use binding::{source_fingerprint, text_fingerprint};

/// `Cursor` is a position in a walk over one or several sources, from which the walk resumes after
/// the last session that it delivered.
///
/// Get one from [`SessionStream::cursor`](crate::SessionStream::cursor),
/// [`SessionPage::next`](crate::list::SessionPage::next) or
/// [`Error::cursor`](crate::Error::cursor), print it, and pass it to
/// [`ListSessions::resume`](crate::list::ListSessions::resume), even in another process or on
/// another day. A cursor is bound to the providers, base URLs and scopes that it was created with. A
/// list with further sources resumes these and starts the others from the beginning; a list without
/// one of them refuses the cursor, because the sessions of that source would be lost. A caller that
/// filters can bind a cursor to the filter too, with
/// [`bind_cursor`](crate::list::ListSessions::bind_cursor). A cursor holds no key, and of the sessions only the fingerprint or the number of one id; it does hold the
/// provider's page token.
///
/// ```
/// # use chat_sessions::{ChatSessions, LlamaCloud};
/// # use chat_sessions_sandbox::{LLAMA_CLOUD_KEY, Sandbox};
/// # tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(async {
/// # let sandbox = Sandbox::start().await?;
/// # let source = LlamaCloud::builder().api_key(LLAMA_CLOUD_KEY).base_url(sandbox.url()).build()?;
/// # let client = ChatSessions::new(source);
/// // A stateless page endpoint: what it needs to know travels with the request.
/// async fn page(client: &ChatSessions, cursor: Option<&str>) -> chat_sessions::Result<(Vec<String>, Option<String>)> {
///     let mut list = client.list_sessions().page_size(25);
///     if let Some(cursor) = cursor {
///         list = list.resume(cursor.parse()?);
///     }
///     let page = list.send().await?;
///     let ids = page.sessions.iter().map(|session| session.id.to_string()).collect();
///     Ok((ids, page.next.map(|cursor| cursor.to_string())))
/// }
///
/// let (first, cursor) = page(&client, None).await?;
/// let (second, _) = page(&client, cursor.as_deref()).await?;
/// assert_eq!((first.len(), second.len()), (25, 25));
/// assert!(first.iter().all(|id| !second.contains(id)));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// # })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Cursor {
    sources: Vec<SourceCursor>,
    /// The fingerprint of the text that the list was bound to.
    bound_to: Option<u32>,
}

/// The position in one source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SourceCursor {
    /// The fingerprint of the source.
    pub(crate) source: u32,
    /// Where to resume the list; `None` if it was read to its end.
    pub(crate) resume_point: Option<ResumePoint>,
}

impl Cursor {
    pub(crate) fn new(sources: Vec<SourceCursor>) -> Self {
        Self {
            sources,
            bound_to: None,
        }
    }

    /// Binds the cursor to the text with this fingerprint.
    pub(crate) fn bound_to(self, text: Option<u32>) -> Self {
        Self { bound_to: text, ..self }
    }

    /// Returns whether every list was read to its end, so that nothing is left to resume.
    #[must_use]
    pub fn is_end(&self) -> bool {
        self.sources.iter().all(|source| source.resume_point.is_none())
    }
}

#[cfg(feature = "fuzzing")]
impl Cursor {
    /// Returns the resume points, whatever sources they belong to.
    pub(crate) fn resume_points(self) -> impl Iterator<Item = ResumePoint> {
        self.sources.into_iter().filter_map(|source| source.resume_point)
    }
}

impl fmt::Debug for Cursor {
    /// Prints only the shape, because the text form holds a provider's page token.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Cursor")
            .field("sources", &self.sources.len())
            .field("is_end", &self.is_end())
            .finish_non_exhaustive()
    }
}

#[cfg(feature = "schemars")]
impl schemars::JsonSchema for Cursor {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Cursor".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "description": "The position to resume from, opaque.",
            "type": "string"
        })
    }
}

/// Where a walk starts.
#[derive(Clone, Debug)]
pub(crate) enum Start {
    /// At the first page.
    Beginning,
    /// Where an earlier walk stopped.
    At(ResumePoint),
    /// Nowhere: an earlier walk read the list to its end.
    End,
}

/// Where a walk is resumed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ResumePoint {
    /// The page with the next session, at the time when the cursor was created.
    pub(crate) position: Position,
    /// The last delivered session.
    pub(crate) after: Option<IdMark>,
    /// Whether that session is on the page at `position`.
    pub(crate) within_page: bool,
    /// The number of different sessions seen so far.
    pub(crate) seen: u64,
    pub(crate) total: Option<u64>,
    /// The page size according to the provider.
    pub(crate) page_size: Option<u64>,
    /// The requested page size.
    pub(crate) requested_size: Option<u64>,
    /// The number of positions that one page certainly advances; 0 before the first page.
    pub(crate) step: u64,
    /// Whether every page so far was full.
    pub(crate) all_pages_full: bool,
    /// The loop detector for the page tokens so far.
    pub(crate) tokens: TokenLoop,
}
