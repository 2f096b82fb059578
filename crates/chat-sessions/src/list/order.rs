//! The order in which the sessions of several sources are listed.

/// `Order` says how to order the sessions of several sources. Within one source, the provider's
/// order stays.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Order {
    /// In the order in which pages arrive. This is the fastest, and the default of the library.
    #[default]
    Arrival,
    /// One source after the other, in the order in which they were added.
    Source,
    /// Merged by [`Session::time`](crate::Session::time), newest first; sessions without a time
    /// last. This buffers one page of each source, and waits for the slowest of them;
    /// [`SessionStream::next_arrived`](crate::SessionStream::next_arrived) does not.
    Newest,
}
