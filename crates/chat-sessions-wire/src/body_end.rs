//! How the body of a response ended: completely, or why not.

/// How a body ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum BodyEnd {
    /// The complete body arrived.
    Complete,
    /// The body exceeded the maximum size, and the rest was not read.
    TooLarge,
    /// The connection failed, or a timeout expired, before the end of the body.
    Cut,
    /// The complete body arrived, but in an encoding that was not requested or that is corrupt:
    /// compressed, announced in a header or not, or UTF-16.
    BadEncoding,
}
