//! What a provider's list can be trusted to do.

/// `Capabilities` says what a provider's list can be trusted to do. The default trusts it with nothing.
///
/// Where the list keeps places, grows only at its front and, if its pages are numbered, tells its total truthfully, a walk
/// vouches for [`Guarantee::Exact`](crate::list::Guarantee::Exact).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Capabilities {
    /// Whether a page size that is asked for has an effect.
    pub page_size: bool,
    /// The most sessions that a page of this list is known, or usual, to hold. A walk asks for as many as it can use up to
    /// this; `None`, where nothing is known, leaves the size to the provider.
    pub largest_page: Option<u32>,
    /// Whether sessions keep their order while they exist, and a page token stands for a place between two of them.
    pub keeps_places: bool,
    /// Whether new sessions come only at the front.
    pub new_at_front: bool,
    /// Whether each page tells how many sessions there are at that moment, and truthfully.
    pub truthful_totals: bool,
    /// Whether ids are decimal numbers that descend along the list, so that of two sessions the greater id is the newer.
    /// It makes reading ahead and resuming exact.
    pub descending_ids: bool,
}

impl Capabilities {
    /// Trusts the list with nothing, to begin with; switch on what it can do.
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
        }
    }

    /// Says that a page size that is asked for has an effect.
    #[must_use]
    pub const fn page_size(mut self) -> Self {
        self.page_size = true;
        self
    }

    /// Says that a page size that is asked for has an effect, and that a page of this many sessions can be asked for.
    ///
    /// A provider that refuses so many is asked for half as many: see [`Error::with_refused_page_size`](crate::Error::with_refused_page_size).
    #[must_use]
    pub const fn largest_page(mut self, sessions: u32) -> Self {
        self.largest_page = Some(sessions);
        self.page_size()
    }

    /// Says that sessions keep their order while they exist.
    #[must_use]
    pub const fn keeps_places(mut self) -> Self {
        self.keeps_places = true;
        self
    }

    /// Says that new sessions come only at the front.
    #[must_use]
    pub const fn new_at_front(mut self) -> Self {
        self.new_at_front = true;
        self
    }

    /// Says that each page tells truthfully how many sessions there are.
    #[must_use]
    pub const fn truthful_totals(mut self) -> Self {
        self.truthful_totals = true;
        self
    }

    /// Says that ids are numbers that descend along the list.
    #[must_use]
    pub const fn descending_ids(mut self) -> Self {
        self.descending_ids = true;
        self
    }
}
