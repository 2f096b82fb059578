//! A position in a list of pages, and where the list continues after a page.

use std::fmt;

/// `Position` is the position of a page in a source's list.
#[derive(Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Position {
    /// The first page.
    Start,
    /// The page with this number, counted from 1.
    Page(u64),
    /// The page for this token.
    Token(String),
}

impl fmt::Debug for Position {
    /// Hides the token, in which a provider may put anything.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Start => f.write_str("Start"),
            Self::Page(number) => write!(f, "Page({number})"),
            Self::Token(_) => f.write_str("Token([redacted])"),
        }
    }
}

/// `NextPage` says where a list continues, as far as one page shows.
#[derive(Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum NextPage {
    /// The provider says that this was the last page.
    #[default]
    End,
    /// The next page has this token.
    Token(String),
    /// Pages are numbered, and only the walk can decide whether there is a next one.
    ByNumber,
}

impl fmt::Debug for NextPage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::End => "End",
            Self::Token(_) => "Token([redacted])",
            Self::ByNumber => "ByNumber",
        })
    }
}
