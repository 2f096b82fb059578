//! `mutants`: changes the code in hundreds of small ways, one at a time, and counts the changes that a test notices. Takes
//! hours. The tests that run are listed in `.cargo/mutants.toml`.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::Value;

use crate::outcome::{Failure, Outcome};
use crate::providers::{self, Provider};
use crate::workspace;

/// The files that are changed, besides the providers' own: where a wrong line would lose a session, deliver it twice or report
/// something false about it. A name that ends with a slash means all files below that folder.
const FILES: [&str; 17] = [
    "list/item_stream.rs",
    "list/page_stream.rs",
    "model/session.rs",
    "model/session_time.rs",
    "model/timestamp.rs",
    "pagination/",
    "provider/decode.rs",
    "provider/json.rs",
    "provider/request_context.rs",
    "provider/response.rs",
    "provider/retry_after.rs",
    "provider/status.rs",
    "redact/snippet.rs",
    "retry/attempts.rs",
    "retry/policy.rs",
    "retry/rate_limit.rs",
    "source/account.rs",
];
const FACADE: &str = "crates/chat-sessions/src";

/// The share of the mutants that compile and must be noticed, in per cent.
const REQUIRED: usize = 95;

/// Makes each mutant cheap: failing properties are not shrunk, few cases suffice where hundreds of mutants are tried, the same
/// cases for each make runs comparable, and mutants need no debug information.
const ENVIRONMENT: [(&str, &str); 7] = [
    ("PROPTEST_CASES", "200"),
    ("PROPTEST_MAX_SHRINK_ITERS", "0"),
    ("PROPTEST_DISABLE_FAILURE_PERSISTENCE", "1"),
    ("PROPTEST_RNG_SEED", "1"),
    ("INSTA_UPDATE", "no"),
    ("CARGO_PROFILE_DEV_DEBUG", "0"),
    ("CARGO_PROFILE_TEST_DEBUG", "0"),
];

/// Runs cargo-mutants with further arguments and prints the counts per file. `--file` replaces the default selection.
pub(crate) fn run(arguments: &[String]) -> Result<Outcome, Failure> {
    let root = workspace::root();
    let version = workspace::cargo(&root, &["mutants", "--version"]).output()?;
    if !version.status.success() {
        return Err("cargo-mutants is not installed. Remedy: run `cargo install cargo-mutants --locked`.".into());
    }
    let mut command = workspace::cargo(&root, &["mutants", "--output", "target"]);
    let selects = |argument: &String| argument.starts_with("--file") || argument.starts_with("-f");
    if !arguments.iter().any(selects) {
        command.args(files(&root)?.iter().flat_map(|file| ["--file", file]));
    }
    let status = command.args(arguments).envs(ENVIRONMENT).status()?;
    // 2 means that some mutants were missed, 3 that some timed out.
    if !matches!(status.code(), Some(0 | 2 | 3)) {
        return Err(format!("cargo-mutants failed: {status}").into());
    }
    if arguments.iter().any(|argument| argument.starts_with("--list")) {
        return Ok(Outcome::Clean);
    }
    report(&root.join("target/mutants.out/outcomes.json"))
}

/// The patterns of all files to change.
fn files(root: &Path) -> Result<Vec<String>, Failure> {
    let own = |provider: Provider| {
        let module = format!("provider/{}", provider.module());
        [format!("{module}.rs"), format!("{module}/")]
    };
    let own = providers::all(root)?.into_iter().flat_map(own);
    let names = FILES.into_iter().map(ToOwned::to_owned).chain(own);
    Ok(names
        .map(|name| format!("{FACADE}/{name}{}", if name.ends_with('/') { "**/*.rs" } else { "" }))
        .collect())
}

/// The results for one file.
#[derive(Default)]
struct Counts {
    caught: usize,
    timed_out: usize,
    missed: usize,
    unviable: usize,
}

/// Prints the counts per file and the mutants that no test noticed.
fn report(path: &Path) -> Result<Outcome, Failure> {
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
    println!("caught  timed out  missed  do not compile");
    for (file, counts) in &files {
        let Counts {
            caught,
            timed_out,
            missed,
            unviable,
        } = counts;
        println!("{caught:>6}  {timed_out:>9}  {missed:>6}  {unviable:>14}  {file}");
    }
    // A mutant that hangs counts as noticed. One that does not compile does not count.
    let noticed: usize = files.values().map(|counts| counts.caught + counts.timed_out).sum();
    let viable = noticed + missed.len();
    println!("The tests noticed {noticed} of {viable} mutants that compile; {REQUIRED} % are required.");
    for name in missed {
        println!("missed: {name}");
    }
    if noticed * 100 >= viable * REQUIRED {
        return Ok(Outcome::Clean);
    }
    eprintln!(
        "Too many mutants were missed. Remedy: add a test that notices, remove code that no one needs, or note why the change \
         makes no difference."
    );
    Ok(Outcome::Findings)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_exists() {
        for name in FILES {
            let path = workspace::root().join(FACADE).join(name);
            assert!(path.exists(), "{} does not exist", path.display());
        }
    }

    #[test]
    fn a_new_provider_is_changed_too() {
        let root = tempfile::tempdir().unwrap();
        std::fs::create_dir(root.path().join("specs")).unwrap();
        std::fs::write(root.path().join("specs/a-third.yaml"), "").unwrap();
        let files = files(root.path()).unwrap();
        assert!(
            files.contains(&"crates/chat-sessions/src/provider/a_third.rs".to_owned()),
            "{files:?}"
        );
    }
}
