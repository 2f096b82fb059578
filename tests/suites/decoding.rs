//! How response bodies are decoded and normalised.

mod deserialize_impls;
mod fixtures;
mod fuzz_corpus;
mod raw_transcripts;
mod unions;
mod unreadable_values;
mod wrong_types;
