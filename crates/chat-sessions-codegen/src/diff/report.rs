//! Writes the difference as text for people, JSON for programs, and Markdown for the changelog.

mod json;
mod markdown;
mod text;

pub use markdown::changelog;
