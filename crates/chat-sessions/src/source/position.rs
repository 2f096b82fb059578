//! A position in a list of pages, and where the list continues after a page.

use std::fmt;

/// `Position` is a place in a source's list.
#[derive(Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Position {
    /// The first page.
    Start,
    /// The page with this number, counted from 1.
    Page(u64),
    /// The page that this token stands for.
    Token(String),
}

impl fmt::Debug for Position {
    /// Hides the token, which a provider may let carry anything.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Start => f.write_str("Start"),
            Self::Page(number) => write!(f, "Page({number})"),
            Self::Token(_) => f.write_str("Token([redacted])"),
        }
    }
}

/// `NextPage` says where a list goes on, as far as one page tells.
#[derive(Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum NextPage {
    /// The provider says that this was the last page.
    #[default]
    End,
    /// The next page is the one that this token stands for.
    Token(String),
    /// Pages are numbered, and nothing but the walk over them can tell whether there is a next one.
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
