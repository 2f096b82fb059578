//! `mutants`: breaks the code in hundreds of small ways, one at a time, and counts those that a test notices. It takes hours
//! and is not part of `check`. Which tests must notice stands in `.cargo/mutants.toml`.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

use crate::{Failure, Outcome, workspace};

/// The files that are broken: where a wrong line would lose a session, deliver it twice or tell something false about it.
const FILES: [&str; 6] = [
    "crates/chat-sessions/src/pagination/**/*.rs",
    "crates/chat-sessions/src/list/{item_stream,page_stream}.rs",
    "crates/chat-sessions/src/retry/{attempts,policy,rate_limit}.rs",
    "crates/chat-sessions/src/source/account.rs",
    "crates/chat-sessions/src/{model/{session,session_time,timestamp},redact/snippet}.rs",
    "crates/chat-sessions/src/provider/{decode,json,request_context,response,retry_after,status,memories_ai/*,llama_cloud/*}.rs",
];

/// Of a hundred mutants that compile, so many must be noticed.
const WANTED: usize = 95;

const REMEDY: &str = "write a test that notices, take out what nobody misses, or note why it makes no difference";

/// What makes one mutant cheap: a property that fails need not be shrunk, few cases suffice where hundreds of mutants are
/// tried, the same cases for each let two runs agree, and nobody debugs a mutant.
const CHEAP: [(&str, &str); 7] = [
    ("PROPTEST_CASES", "200"),
    ("PROPTEST_MAX_SHRINK_ITERS", "0"),
    ("PROPTEST_DISABLE_FAILURE_PERSISTENCE", "1"),
    ("PROPTEST_RNG_SEED", "1"),
    ("INSTA_UPDATE", "no"),
    ("CARGO_PROFILE_DEV_DEBUG", "0"),
    ("CARGO_PROFILE_TEST_DEBUG", "0"),
];

/// Runs cargo-mutants with `arguments` of its own, then tells what it found file by file. `--file` among them takes the place
/// of all of [`FILES`].
pub(crate) fn run(arguments: &[String]) -> Result<Outcome, Failure> {
    let root = workspace::root();
    let version = Command::new(workspace::cargo())
        .args(["mutants", "--version"])
        .output()?;
    if !version.status.success() {
        return Err("cargo-mutants is not installed. Remedy: run `cargo install cargo-mutants --locked`.".into());
    }
    let mut command = Command::new(workspace::cargo());
    command.current_dir(&root).args(["mutants", "--output", "target"]);
    let chosen = |argument: &String| argument.starts_with("--file") || argument.starts_with("-f");
    if !arguments.iter().any(chosen) {
        command.args(FILES.iter().flat_map(|file| ["--file", file]));
    }
    let status = command.args(arguments).envs(CHEAP).status()?;
    // 2 says that some were missed and 3 that some ran out of time; everything else is no result.
    if !matches!(status.code(), Some(0 | 2 | 3)) {
        return Err(format!("cargo-mutants came to no result: {status}").into());
    }
    if arguments.iter().any(|argument| argument.starts_with("--list")) {
        return Ok(Outcome::Clean);
    }
    tell(&root.join("target/mutants.out/outcomes.json"))
}

/// What became of the mutants of one file.
#[derive(Default)]
struct Counts {
    caught: usize,
    timed_out: usize,
    missed: usize,
    unviable: usize,
}

impl Counts {
    /// A mutant that ends in a loop was noticed as well as one that fails a test. One that does not compile is none.
    fn noticed(&self) -> (usize, usize) {
        let noticed = self.caught + self.timed_out;
        (noticed, noticed + self.missed)
    }
}

fn tell(path: &Path) -> Result<Outcome, Failure> {
    let outcomes: Value = serde_json::from_str(&workspace::read(path)?)?;
    let mut files: BTreeMap<&str, Counts> = BTreeMap::new();
    let mut missed = Vec::new();
    for outcome in outcomes["outcomes"].as_array().into_iter().flatten() {
        let mutant = &outcome["scenario"]["Mutant"];
        let Some(file) = mutant["file"].as_str() else {
            continue;
        };
        let counts = files.entry(file).or_default();
        match outcome["summary"].as_str() {
            Some("CaughtMutant") => counts.caught += 1,
            Some("Timeout") => counts.timed_out += 1,
            Some("Unviable") => counts.unviable += 1,
            _ => {
                counts.missed += 1;
                missed.push(mutant["name"].as_str().unwrap_or_default());
            }
        }
    }
    let mut all = Counts::default();
    println!("caught  timed out  missed  do not compile");
    for (file, counts) in &files {
        let Counts {
            caught,
            timed_out,
            missed,
            unviable,
        } = counts;
        println!("{caught:>6}  {timed_out:>9}  {missed:>6}  {unviable:>14}  {file}");
        all.caught += caught;
        all.timed_out += timed_out;
        all.missed += missed;
        all.unviable += unviable;
    }
    let (noticed, viable) = all.noticed();
    println!("{noticed} of {viable} mutants that compile were noticed; {WANTED} % are wanted.");
    for name in missed {
        println!("missed: {name}");
    }
    if noticed * 100 >= viable * WANTED {
        return Ok(Outcome::Clean);
    }
    eprintln!("Too many mutants went unnoticed. Remedy: {REMEDY}.");
    Ok(Outcome::Findings)
}
