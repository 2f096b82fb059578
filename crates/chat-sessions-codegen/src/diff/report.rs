//! The difference as text for people, as JSON for programs and as Markdown for the changelog.

mod json;
mod markdown;
mod text;

pub use markdown::changelog;
