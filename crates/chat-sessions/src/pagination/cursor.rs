//! A cursor: where to resume a list of one or several sources.
//!
//! This file holds the data. The text form of a cursor is in `cursor/text.rs`, and the check that it belongs to the sources it is
//! used with is in `cursor/binding.rs`.

mod binding;
pub(crate) mod text;

use std::fmt;

use crate::pagination::fingerprint::IdMark;
use crate::pagination::token_loop::TokenLoop;
use crate::source::Position;

pub(crate) use binding::source_fingerprint;

/// `Cursor` is a place in a walk over one or several sources: the walk goes on behind the last session that it delivered.
///
/// Get one from [`SessionStream::cursor`](crate::SessionStream::cursor), [`SessionPage::next`](crate::list::SessionPage::next) or
/// [`Error::cursor`](crate::Error::cursor), print it, and hand it to [`ListSessions::resume`](crate::list::ListSessions::resume), in another process or
/// on another day. It is bound to the providers, base URLs and scopes it was made with; anywhere else it is refused. It
/// holds no key, and of the sessions only the fingerprint or the number of one id; it does hold the provider's page token.
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
}

/// The place in one source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SourceCursor {
    /// Stands for the source.
    pub(crate) source: u64,
    /// Where its list goes on; `None` when it was read to its end.
    pub(crate) resume_point: Option<ResumePoint>,
}

impl Cursor {
    pub(crate) fn new(sources: Vec<SourceCursor>) -> Self {
        Self { sources }
    }

    /// Says whether every list was read to its end, so that nothing would come after this place.
    #[must_use]
    pub fn is_end(&self) -> bool {
        self.sources.iter().all(|source| source.resume_point.is_none())
    }
}

#[cfg(feature = "fuzzing")]
impl Cursor {
    /// Gives the places, whichever sources they belong to.
    pub(crate) fn resume_points(self) -> impl Iterator<Item = ResumePoint> {
        self.sources.into_iter().filter_map(|source| source.resume_point)
    }
}

impl fmt::Debug for Cursor {
    /// Shows the shape only: the text holds a provider's token.
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
            "description": "The place to go on from, opaque.",
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
    /// The page that holds the next session, or did when the place was noted.
    pub(crate) position: Position,
    /// The last session that was delivered.
    pub(crate) after: Option<IdMark>,
    /// Whether that session stands on the page at `position`.
    pub(crate) within_page: bool,
    /// Different sessions that were seen up to there.
    pub(crate) seen: u64,
    pub(crate) total: Option<u64>,
    /// The page size that the provider claims.
    pub(crate) page_size: Option<u64>,
    /// The page size that was asked for.
    pub(crate) requested_size: Option<u64>,
    /// How many places one page surely moves on; 0 when no page was seen.
    pub(crate) step: u64,
    /// Whether every page up to there was full.
    pub(crate) all_pages_full: bool,
    /// What is known of the tokens that led there.
    pub(crate) tokens: TokenLoop,
}
