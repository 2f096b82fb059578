//! The body of a response: two short texts around a slice of items.

/// `Page` is the body of a response: two short texts around a slice of items.
#[derive(Debug)]
pub(crate) struct Page<'a> {
    pub(crate) before: String,
    pub(crate) items: &'a [u8],
    pub(crate) after: String,
}

impl Page<'_> {
    pub(crate) fn len(&self) -> usize {
        self.before.len() + self.items.len() + self.after.len()
    }

    /// The whole body in one piece.
    #[cfg(any(feature = "http2", feature = "gzip", test))]
    pub(crate) fn joined(&self) -> Vec<u8> {
        [self.before.as_bytes(), self.items, self.after.as_bytes()].concat()
    }
}
