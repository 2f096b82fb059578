//! The library as a program uses it: lists, transcripts, providers, retries.
//!
//! One program, because linking many takes longer than running them. The others have a command (`walk_properties`), a feature
//! (`blocking`), a subscriber (`spans`) or processes (`programs`) of their own.

#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod bounds;
mod completeness;
mod filters;
mod json;
mod keys;
mod lists;
mod prefetch;
mod provider_rates;
mod providers;
mod resumed;
mod retry_sequences;
mod stalled;
mod streams;
mod transcripts;
mod vocabulary;
mod walk_corners;
