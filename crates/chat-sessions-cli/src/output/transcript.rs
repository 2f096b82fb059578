//! A session with its messages, in each format of `show` and `export`.
//!
//! `labels` has the words and numbers that all formats share. JSON has everything that the provider
//! sent; the other formats are for people and leave out fields that have no place of their own.

pub(crate) mod document;
pub(crate) mod html;
pub(crate) mod json;
pub(crate) mod labels;
pub(crate) mod markdown;
pub(crate) mod terminal;
pub(crate) mod writer;
