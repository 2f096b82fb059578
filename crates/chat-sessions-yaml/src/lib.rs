//! Reads YAML, and JSON as its subset, into a [`serde_json::Value`].
//!
//! [`parse`] returns the value with the [`Location`] of every node, and an [`Error`] for each place
//! that is wrong or that parsers read differently. [`layout`] returns the range of every node, for a
//! program that edits the text. [`Pointer`] identifies a node.
//!
//! It is a crate of its own for speed. The parser is generic over its input, so it is compiled into
//! the crate that names the input. The development profile optimises this crate, which takes a few
//! seconds, but not the generator, which would take a minute.
//!
//! ```
//! use chat_sessions_yaml::{Location, Pointer, parse};
//!
//! let parsed = parse("title: Notes\nopen: no\n");
//! assert_eq!(parsed.tree.unwrap()["open"], "no");
//! let open = Pointer::root().child("open");
//! assert_eq!(parsed.locations[&open], Location { line: 2, column: 1 });
//! assert_eq!(parsed.errors[0].message, "`no` is a boolean in YAML 1.1 and a string in YAML 1.2");
//! ```

#![forbid(unsafe_code)]

mod layout;
mod location;
mod pointer;
mod scalar;
mod surrogates;
mod tree;

pub use layout::{Form, TextNode, layout};
pub use location::Location;
pub use pointer::Pointer;
pub use tree::{Error, Parsed, parse};
