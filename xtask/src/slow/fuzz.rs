//! `fuzz`: runs the fuzz targets with libFuzzer, which needs nightly and cargo-fuzz and takes minutes per target. `check`
//! replays their corpus instead.
//!
//! New inputs go to `tests/fuzz/found`, which is not checked in; failing inputs go to `tests/fuzz/artifacts`.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::outcome::{Failure, Outcome};
use crate::{providers, workspace};

/// The memory limit for a target, in MiB.
const MEMORY: u32 = 512;
/// The time limit for one input, in seconds.
const TIMEOUT: u32 = 10;
/// The maximum length of an input, in bytes.
const LONGEST: u32 = 4096;

/// The words that mutations of a response use.
const ANSWERS: Option<&str> = Some("answers.dict");

/// A target: its name, and the dictionary for its mutations.
#[derive(Debug, PartialEq, Eq)]
struct Target {
    name: String,
    dictionary: Option<&'static str>,
}

/// Returns all targets: those for the responses of each provider, and those that the providers share.
fn targets(root: &Path) -> Result<Vec<Target>, Failure> {
    let exists = |target: &String| root.join(format!("tests/fuzz/targets/{target}.rs")).exists();
    let own = providers::all(root)?
        .into_iter()
        .flat_map(|provider| {
            [
                Some(provider.page_target()),
                Some(provider.transcript_target()).filter(exists),
            ]
        })
        .flatten()
        .map(|target| (target, ANSWERS));
    let shared = [
        ("error_body", ANSWERS),
        ("recording", ANSWERS),
        ("cursor", None),
        ("id", None),
        ("retry_after", None),
        ("base_url", None),
        ("codegen", Some("codegen.dict")),
    ];
    let shared = shared.map(|(name, dictionary)| (name.to_owned(), dictionary));
    let all = own.chain(shared);
    Ok(all.map(|(name, dictionary)| Target { name, dictionary }).collect())
}

/// Runs one target, or all of them one after the other.
pub(crate) fn run(only: Option<&str>, runs: u64) -> Result<Outcome, Failure> {
    let root = workspace::root();
    let mut targets = targets(&root)?;
    if let Some(only) = only {
        let names: Vec<String> = targets.iter().map(|target| target.name.clone()).collect();
        targets.retain(|target| target.name == only);
        if targets.is_empty() {
            eprintln!(
                "There is no fuzz target `{only}`. Remedy: choose one of {}.",
                names.join(", ")
            );
            return Ok(Outcome::Usage);
        }
    }
    for (tool, arguments, remedy) in [
        (
            "nightly",
            &["rustc", "--version"][..],
            "rustup toolchain install nightly",
        ),
        (
            "cargo-fuzz",
            &["cargo", "fuzz", "--version"],
            "cargo install cargo-fuzz --locked",
        ),
    ] {
        let mut version = nightly(&root, arguments);
        if !version.stdout(Stdio::null()).stderr(Stdio::null()).status()?.success() {
            return Err(format!("{tool} is missing. Remedy: run `{remedy}`.").into());
        }
    }
    let folder = root.join("tests/fuzz");
    // Starts from the workspace's versions; cargo adds what libFuzzer needs.
    if !folder.join("Cargo.lock").exists() {
        fs::copy(root.join("Cargo.lock"), folder.join("Cargo.lock"))?;
    }
    let mut outcome = Outcome::Clean;
    for target in &targets {
        let name = &target.name;
        println!("── {name}");
        if !folder.join("targets").join(format!("{name}.rs")).exists() {
            eprintln!(
                "{name} does not exist yet. Remedy: write it like that of another provider, as docs/adding-a-provider.md says."
            );
            outcome = Outcome::Findings;
            continue;
        }
        if !run_one(&root, &folder, target, runs)? {
            eprintln!(
                "{name} failed, hung or used too much memory. Remedy: fix the cause, and add the input that libFuzzer names to \
                 tests/fuzz/corpus/{name}."
            );
            outcome = Outcome::Findings;
        }
    }
    Ok(outcome)
}

fn run_one(root: &Path, folder: &Path, target: &Target, runs: u64) -> Result<bool, Failure> {
    let found = folder.join("found").join(&target.name);
    fs::create_dir_all(&found)?;
    // No sanitizer: sanitizers find memory errors, which safe Rust rules out, and halve the speed. Debug assertions are on, so
    // that an overflow is a finding.
    let mut command = nightly(root, &["cargo", "fuzz", "run", "-s", "none", "-O", "-a"]);
    if target.dictionary.is_some() {
        // Tracing comparisons to learn words takes more than half of the time; the dictionary has the words.
        command.arg("--no-trace-compares");
    }
    command
        .arg("--fuzz-dir")
        .arg(folder)
        .arg(&target.name)
        .arg(&found)
        .arg(folder.join("corpus").join(&target.name))
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

/// A command of the nightly toolchain, whichever toolchain called us.
fn nightly(root: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new("rustup");
    command.current_dir(root).args(["run", "nightly"]).args(arguments);
    command
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn the_targets_are_those_of_the_fuzz_package() {
        let root = workspace::root();
        let listed: BTreeSet<String> = targets(&root).unwrap().into_iter().map(|target| target.name).collect();
        let manifest = workspace::read(&root.join("tests/fuzz/Cargo.toml")).unwrap();
        let manifest: toml::Table = manifest.parse().unwrap();
        let binaries = manifest["bin"].as_array().unwrap().iter();
        let binaries: BTreeSet<String> = binaries.map(|bin| bin["name"].as_str().unwrap().to_owned()).collect();
        assert_eq!(listed, binaries);
    }

    #[test]
    fn a_new_provider_has_a_target() {
        let root = tempfile::tempdir().unwrap();
        fs::create_dir(root.path().join("specs")).unwrap();
        fs::write(root.path().join("specs/a-third.yaml"), "").unwrap();
        let third = Target {
            name: "a_third_answer".to_owned(),
            dictionary: ANSWERS,
        };
        assert!(targets(root.path()).unwrap().contains(&third));
    }
}
