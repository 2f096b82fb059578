//! `fuzz`: runs the fuzz targets with libFuzzer. Not part of `check`, which replays their corpus instead; it needs nightly and
//! cargo-fuzz, and takes minutes for each target.
//!
//! New inputs go to `tests/fuzz/found`, which is not checked in, and what breaks a promise to `tests/fuzz/artifacts`.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::{Failure, Outcome, workspace};

/// How much memory a target may need, in MiB.
const MEMORY: u32 = 512;
/// How long one input may take, in seconds.
const TIMEOUT: u32 = 10;

/// How long an input gets, in bytes.
const LONGEST: u32 = 4096;

/// A target: its name, and the words that its mutations may use.
struct Target {
    name: &'static str,
    dictionary: Option<&'static str>,
}

const TARGETS: [Target; 9] = [
    target("memories_ai_answer", Some("answers.dict")),
    target("llama_cloud_answer", Some("answers.dict")),
    target("error_body", Some("answers.dict")),
    target("recording", Some("answers.dict")),
    target("cursor", None),
    target("id", None),
    target("retry_after", None),
    target("base_url", None),
    target("codegen", Some("codegen.dict")),
];

const fn target(name: &'static str, dictionary: Option<&'static str>) -> Target {
    Target { name, dictionary }
}

/// Gives the names of the targets.
pub(crate) fn names() -> Vec<&'static str> {
    TARGETS.iter().map(|target| target.name).collect()
}

/// Runs one target, or all of them one after the other.
pub(crate) fn run(only: Option<&str>, runs: u64) -> Result<Outcome, Failure> {
    let root = workspace::root();
    for (tool, arguments, remedy) in [
        (
            "nightly",
            &["rustc", "--version"][..],
            "rustup toolchain install nightly",
        ),
        (
            "cargo-fuzz",
            &["cargo", "fuzz", "--version"][..],
            "cargo install cargo-fuzz --locked",
        ),
    ] {
        if !nightly(&root, arguments)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()?
            .success()
        {
            return Err(format!("{tool} is missing. Remedy: `{remedy}`, then run this again.").into());
        }
    }
    let folder = root.join("tests/fuzz");
    // The versions that the workspace has, and whatever libFuzzer adds.
    if !folder.join("Cargo.lock").exists() {
        fs::copy(root.join("Cargo.lock"), folder.join("Cargo.lock"))?;
    }
    let mut outcome = Outcome::Clean;
    for target in TARGETS
        .iter()
        .filter(|target| only.is_none_or(|only| only == target.name))
    {
        println!("── {}", target.name);
        if !run_one(&root, &folder, target, runs)? {
            eprintln!(
                "{} broke a promise, hung or took too much memory. Remedy: repair it, and put the input that libFuzzer names into \
                 tests/fuzz/corpus/{}.",
                target.name, target.name
            );
            outcome = Outcome::Findings;
        }
    }
    Ok(outcome)
}

fn run_one(root: &Path, folder: &Path, target: &Target, runs: u64) -> Result<bool, Failure> {
    let found = folder.join("found").join(target.name);
    fs::create_dir_all(&found)?;
    // No sanitizer: it looks for misuse of memory, which safe Rust rules out, and takes half of the speed. Debug assertions are
    // on, so that an overflow is a finding.
    let mut command = nightly(root, &["cargo", "fuzz", "run", "-s", "none", "-O", "-a"]);
    if target.dictionary.is_some() {
        // Watching every comparison to learn words from it takes more than half of the time; the dictionary has the words.
        command.arg("--no-trace-compares");
    }
    command
        .arg("--fuzz-dir")
        .arg(folder)
        .args([target.name.as_ref(), found.as_os_str()])
        .arg(folder.join("corpus").join(target.name))
        .arg("--")
        .arg(format!("-runs={runs}"))
        .arg(format!("-max_len={LONGEST}"))
        .arg(format!("-rss_limit_mb={MEMORY}"))
        .arg(format!("-timeout={TIMEOUT}"))
        .arg("-print_final_stats=1");
    if let Some(dictionary) = target.dictionary {
        command.arg(format!("-dict={}", folder.join(dictionary).display()));
    }
    Ok(command.status()?.success())
}

/// Starts a command of the nightly toolchain, whichever toolchain called us.
fn nightly(root: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new("rustup");
    command.current_dir(root).args(["run", "nightly"]).args(arguments);
    command
}
