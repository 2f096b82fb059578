//! Replays the fuzz corpus on stable Rust: every property that `cargo xtask fuzz` checks holds for
//! the inputs in `tests/fuzz/corpus`, which include each input that once violated one.

use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use chat_sessions::fuzzing;

#[path = "../../fuzz/codegen.rs"]
mod codegen;

const TARGETS: [&str; 11] = [
    "base_url",
    "codegen",
    "cursor",
    "error_body",
    "id",
    "llama_cloud_answer",
    "llama_cloud_transcript",
    "memories_ai_answer",
    "memories_ai_transcript",
    "recording",
    "retry_after",
];

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz")
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

fn replay(target: &str, run: fn(&[u8])) {
    for file in files(&folder().join("corpus").join(target)) {
        let input = fs::read(&file).unwrap();
        let outcome = catch_unwind(AssertUnwindSafe(|| run(&input)));
        assert!(outcome.is_ok(), "{} violates a property, see above", file.display());
    }
}

#[test]
fn base_urls() {
    replay("base_url", fuzzing::base_url);
}

#[test]
fn mutated_specs() {
    replay("codegen", codegen::codegen);
}

#[test]
fn cursors() {
    replay("cursor", fuzzing::cursor);
}

#[test]
fn error_bodies() {
    replay("error_body", fuzzing::error_body);
}

#[test]
fn ids_and_times() {
    replay("id", fuzzing::id);
}

#[test]
fn responses_of_llama_cloud() {
    replay("llama_cloud_answer", fuzzing::llama_cloud_answer);
}

#[test]
fn responses_of_memories_ai() {
    replay("memories_ai_answer", fuzzing::memories_ai_answer);
}

#[test]
fn transcripts_of_llama_cloud() {
    replay("llama_cloud_transcript", fuzzing::llama_cloud_transcript);
}

#[test]
fn transcripts_of_memories_ai() {
    replay("memories_ai_transcript", fuzzing::memories_ai_transcript);
}

#[test]
fn recorded_bodies() {
    replay("recording", fuzzing::recording);
}

#[test]
fn retry_after_headers() {
    replay("retry_after", fuzzing::retry_after);
}

#[test]
fn every_target_has_a_corpus_of_a_reasonable_size() {
    let name = |path: &PathBuf| path.file_stem().unwrap().to_str().unwrap().to_owned();
    let targets: Vec<String> = files(&folder().join("targets")).iter().map(name).collect();
    assert_eq!(targets, TARGETS, "a target without a replay");
    let mut inputs = Vec::new();
    for target in TARGETS {
        let own = files(&folder().join("corpus").join(target));
        assert!(own.len() >= 5, "the corpus of {target} is incomplete");
        inputs.extend(own);
    }
    let bytes: u64 = inputs.iter().map(|file| fs::metadata(file).unwrap().len()).sum();
    // The target of a further provider brings inputs of its own.
    let most = 300 + 20 * TARGETS.len().saturating_sub(11);
    assert!(
        inputs.len() <= most && bytes <= 300 * 1024,
        "{} inputs of {bytes} bytes",
        inputs.len()
    );
}
