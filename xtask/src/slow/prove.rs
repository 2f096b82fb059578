//! `prove`: checks with the compiler what `diff` reports about the generated Rust.
//!
//! Some cases of `tests/fixtures/diff` have a small program, whose second line claims whether the change breaks it, and with
//! which error. The program must compile against the old client, and against the new one exactly if `diff` asks for less than a
//! major release. All programs are checked in one package in `target/prove`, so that their dependencies are built once.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::Path;
use std::process::Stdio;
use std::time::Instant;
use std::{env, fs};

use chat_sessions_codegen::{Bump, Facade, Spec, diff, generate};
use serde_json::Value;

use crate::outcome::{Failure, Outcome};
use crate::workspace;

/// The dependencies of a generated client, besides `chat-sessions-wire`.
const DEPENDENCIES: [&str; 4] = ["progenitor-client", "reqwest", "serde", "serde_json"];

/// A program and the claims about it.
struct Case {
    name: String,
    /// The error that the change causes; `None` if the program still compiles.
    error: Option<String>,
    /// The release that the raw crate needs according to `diff`.
    bump: Option<Bump>,
}

/// The error codes of each example that does not compile.
type Errors = BTreeMap<String, BTreeSet<String>>;

/// Checks all programs and prints whether their claims hold.
pub(crate) fn run() -> Result<Outcome, Failure> {
    let start = Instant::now();
    let root = workspace::root();
    let folder = root.join("target/prove");
    let cases = prepare(&root, &folder)?;
    let errors = check(&folder)?;
    let mut held = 0;
    for case in &cases {
        let found = |version: &str| errors.get(&format!("{}-{version}", case.name));
        let expected: BTreeSet<String> = case.error.iter().cloned().collect();
        let holds = found("old").is_none()
            && found("new").cloned().unwrap_or_default() == expected
            && (case.bump == Some(Bump::Major)) == case.error.is_some();
        held += usize::from(holds);
        let bump = case.bump.map_or("unknown", Bump::name);
        let claim = case
            .error
            .as_deref()
            .map_or("compiles".to_owned(), |code| format!("fails with {code}"));
        let verdict = if holds { "holds" } else { "DOES NOT HOLD" };
        println!("{:<36} diff: {bump:<6} claim: {claim:<18} {verdict}", case.name);
        if !holds {
            for version in ["old", "new"] {
                let codes: Vec<&str> = found(version).into_iter().flatten().map(String::as_str).collect();
                let result = if codes.is_empty() {
                    "compiles".to_owned()
                } else {
                    codes.join(", ")
                };
                println!("    against the {version} client: {result}");
            }
        }
    }
    let seconds = start.elapsed().as_secs_f64();
    println!("{held} of {} claims hold ({seconds:.0} s).", cases.len());
    if held < cases.len() {
        eprintln!(
            "Remedy: correct what `diff` reports, or the claim in the second line of the program; `cargo check --examples` in \
             target/prove shows the errors."
        );
    }
    Ok(Outcome::of(held == cases.len()))
}

/// Writes the package: both clients of every case, and two examples that compile the program against each of them.
fn prepare(root: &Path, folder: &Path) -> Result<Vec<Case>, Failure> {
    for part in ["src", "generated", "examples"] {
        let part = folder.join(part);
        if part.exists() {
            fs::remove_dir_all(&part)?;
        }
        fs::create_dir_all(&part)?;
    }
    workspace::write(&folder.join("Cargo.toml"), &manifest(root)?)?;
    workspace::write(&folder.join("src/lib.rs"), "")?;
    // The workspace's versions, so that nothing needs the network.
    fs::copy(root.join("Cargo.lock"), folder.join("Cargo.lock"))?;

    let fixtures = root.join("tests/fixtures/diff");
    let base = workspace::read(&fixtures.join("shop.yaml"))?;
    let old = Spec::parse("shop.yaml", &base)?;
    let mut cases = Vec::new();
    for program in workspace::rust_files(&fixtures)? {
        let name = program.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let edit = workspace::read(&fixtures.join(format!("{name}.diff")))?;
        let new = Spec::parse("shop.yaml", &apply(&base, &edit)?)?;
        for (version, spec) in [("old", &old), ("new", &new)] {
            let generated = generate(spec).map_err(|findings| format!("{name}: {findings}"))?;
            let client = folder.join(format!("generated/{name}-{version}.rs"));
            workspace::write(&client, &generated.client)?;
            let example = format!(
                "#[path = \"../generated/{name}-{version}.rs\"]\n#[allow(warnings)]\nmod shop;\n\
                 #[path = \"{}\"]\n#[allow(warnings)]\nmod program;\n\
                 impl progenitor_client::ClientHooks<chat_sessions_wire::Wire> for shop::Client {{}}\nfn main() {{}}\n",
                program.display()
            );
            workspace::write(&folder.join(format!("examples/{name}-{version}.rs")), &example)?;
        }
        cases.push(Case {
            name,
            error: claimed_error(&program)?,
            bump: diff(&old, &new, &Facade::default()).raw.bump,
        });
    }
    Ok(cases)
}

/// Reads the claim in the second line of a program.
fn claimed_error(program: &Path) -> Result<Option<String>, Failure> {
    let text = workspace::read(program)?;
    let claim = text.lines().nth(1).unwrap_or_default();
    let error = claim.strip_prefix("//! Fails with ");
    if error.is_none() && claim != "//! Compiles." {
        let path = program.display();
        return Err(format!("{path}: the second line must be `//! Fails with CODE.` or `//! Compiles.`").into());
    }
    Ok(error.map(|code| code.trim_end_matches('.').to_owned()))
}

/// Applies the hunks of a case, which mark removed and added lines like a unified diff.
fn apply(base: &str, edit: &str) -> Result<String, Failure> {
    let hunks = edit.split_once("\n\n").map(|(_, hunks)| hunks).unwrap_or_default();
    let mut text = base.to_owned();
    for hunk in hunks.split("\n\n") {
        let side = |other: char| -> String {
            let lines = hunk.lines().filter(|line| !line.starts_with(other));
            lines.filter_map(|line| Some(format!("{}\n", line.get(1..)?))).collect()
        };
        let old = side('+');
        if text.matches(&old).count() != 1 {
            return Err(format!("this hunk must match exactly one place in shop.yaml:\n{hunk}").into());
        }
        text = text.replacen(&old, &side('-'), 1);
    }
    Ok(text)
}

/// The manifest of the package, with the workspace's own lines for the dependencies.
fn manifest(root: &Path) -> Result<String, Failure> {
    let workspace = workspace::read(&root.join("Cargo.toml"))?;
    let mut text = "[workspace]\n[package]\nname = \"prove\"\nedition = \"2024\"\n[dependencies]\n".to_owned();
    let wire = root.join("crates/chat-sessions-wire");
    let _ = writeln!(text, "chat-sessions-wire = {{ path = \"{}\" }}", wire.display());
    for name in DEPENDENCIES {
        let line = workspace.lines().find(|line| line.starts_with(&format!("{name} = ")));
        let line = line.ok_or_else(|| format!("Cargo.toml has no line for {name}"))?;
        let _ = writeln!(text, "{line}");
    }
    Ok(text)
}

/// Compiles all examples and returns the errors.
fn check(folder: &Path) -> Result<Errors, Failure> {
    let mut command = workspace::cargo(folder, &["check", "--examples", "--keep-going", "--quiet"]);
    let offline = env::var_os("CARGO_NET_OFFLINE").unwrap_or_else(|| "true".into());
    let output = command
        .args(["--message-format", "json"])
        .env("CARGO_TARGET_DIR", folder.join("target"))
        .env("CARGO_NET_OFFLINE", offline)
        .env("CARGO_INCREMENTAL", "0")
        .stderr(Stdio::piped())
        .output()?;
    let mut errors = Errors::new();
    let mut compiled = false;
    for line in String::from_utf8_lossy(&output.stdout).lines() {
        let Ok(message) = serde_json::from_str::<Value>(line) else {
            continue;
        };
        let is_example = message["target"]["kind"][0] == "example";
        compiled |= is_example;
        if is_example && message["message"]["level"] == "error" {
            let target = message["target"]["name"].as_str().unwrap_or_default();
            let codes = errors.entry(target.to_owned()).or_default();
            // The last message of a target only counts the others, and has no code.
            codes.extend(message["message"]["code"]["code"].as_str().map(str::to_owned));
        }
    }
    if !compiled {
        return Err(format!("nothing was compiled: {}", String::from_utf8_lossy(&output.stderr)).into());
    }
    Ok(errors)
}
