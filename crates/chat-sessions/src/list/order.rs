//! How the sessions of several sources are put into one order.

/// `Order` says how the sessions of several sources are put into one list. Within one source the provider's order
/// stays.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Order {
    /// As the pages come; the fastest, and the default of the library.
    #[default]
    Arrival,
    /// One source after the other, in the order they were given.
    Source,
    /// A merge by [`Session::time`](crate::Session::time), newest first, sessions without a time last. It holds one page of each source, and
    /// waits for the slowest of them.
    Newest,
}
