//! How response bodies are decoded and normalised.

mod deserialize_impls;
mod fixtures;
mod fuzz_corpus;
mod wrong_types;
