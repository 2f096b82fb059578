//! What a source can do, and the properties that its list is known to have.

/// `Capabilities` says what a source can do beside listing, and which properties its list is known
/// to have. By default there are none.
///
/// A walk guarantees [`Guarantee::Exact`](crate::list::Guarantee::Exact) if the list keeps its
/// order, grows only at the front and, where pages are numbered, sends truthful totals.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Capabilities {
    /// Whether a requested page size has an effect.
    pub page_size: bool,
    /// The most sessions that a page of this list is known, or usual, to hold. A walk requests as
    /// many as it can use, up to this number. `None` means unknown and leaves the size to the
    /// provider.
    pub largest_page: Option<u32>,
    /// Whether sessions keep their order while they exist, so that a page token stays a position
    /// between two of them.
    pub keeps_places: bool,
    /// Whether new sessions appear only at the front.
    pub new_at_front: bool,
    /// Whether each page has the true number of sessions at that moment.
    pub truthful_totals: bool,
    /// Whether ids are decimal numbers that descend along the list, so that the greater of two ids
    /// is the newer session. This makes prefetching and resuming exact.
    pub descending_ids: bool,
    /// Whether the source can fetch a session with its messages.
    pub transcripts: bool,
    /// Whether the source can fetch a session without its messages.
    pub single_session: bool,
    /// Whether the source can list the scopes of its account.
    pub scopes: bool,
}

impl Capabilities {
    /// Returns capabilities with nothing switched on.
    ///
    /// ```
    /// use chat_sessions::source::Capabilities;
    ///
    /// let capabilities = Capabilities::none().keeps_places().new_at_front();
    /// assert!(capabilities.keeps_places && !capabilities.truthful_totals);
    /// ```
    #[must_use]
    pub const fn none() -> Self {
        Self {
            page_size: false,
            largest_page: None,
            keeps_places: false,
            new_at_front: false,
            truthful_totals: false,
            descending_ids: false,
            transcripts: false,
            single_session: false,
            scopes: false,
        }
    }

    /// Declares that a requested page size has an effect.
    #[must_use]
    pub const fn page_size(mut self) -> Self {
        self.page_size = true;
        self
    }

    /// Declares that a requested page size has an effect, and that a page of this many sessions can
    /// be requested.
    ///
    /// If the provider refuses this size, the walk requests half as many: see
    /// [`Error::with_refused_page_size`](crate::Error::with_refused_page_size).
    #[must_use]
    pub const fn largest_page(mut self, sessions: u32) -> Self {
        self.largest_page = Some(sessions);
        self.page_size()
    }

    /// Declares that sessions keep their order while they exist.
    #[must_use]
    pub const fn keeps_places(mut self) -> Self {
        self.keeps_places = true;
        self
    }

    /// Declares that new sessions appear only at the front.
    #[must_use]
    pub const fn new_at_front(mut self) -> Self {
        self.new_at_front = true;
        self
    }

    /// Declares that each page has the true number of sessions.
    #[must_use]
    pub const fn truthful_totals(mut self) -> Self {
        self.truthful_totals = true;
        self
    }

    /// Declares that ids are numbers that descend along the list.
    #[must_use]
    pub const fn descending_ids(mut self) -> Self {
        self.descending_ids = true;
        self
    }

    /// Declares that the source can fetch a session with its messages.
    #[must_use]
    pub const fn transcripts(mut self) -> Self {
        self.transcripts = true;
        self
    }

    /// Declares that the source can fetch a session without its messages.
    #[must_use]
    pub const fn single_session(mut self) -> Self {
        self.single_session = true;
        self
    }

    /// Declares that the source can list the scopes of its account.
    #[must_use]
    pub const fn scopes(mut self) -> Self {
        self.scopes = true;
        self
    }
}
