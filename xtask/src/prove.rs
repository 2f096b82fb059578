//! `prove`: shows with the compiler that what `diff` says about the generated Rust is so. Beside some cases of
//! `tests/fixtures/diff` stands a small program, whose second line says whether the change stops it, and with which error. It
//! must compile against the old client, and against the new one exactly when `diff` asks for less than a major release.
//!
//! All programs are checked in one package under `target/prove`, so that what they depend on is built once. Not part of
//! `check`.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;
use std::{env, fs};

use chat_sessions_codegen::{Bump, Facade, Spec, diff, generate};
use serde_json::Value;

use crate::{Failure, Outcome, workspace};

/// What generated clients depend on, besides `chat-sessions-wire`.
const DEPENDENCIES: [&str; 4] = ["progenitor-client", "reqwest", "serde", "serde_json"];

/// A program and what is claimed about it.
struct Case {
    name: String,
    /// The error that the change causes; `None` when the program goes on.
    stops_with: Option<String>,
    /// The release that `diff` says the raw crate needs.
    bump: Option<Bump>,
}

pub(crate) fn run() -> Result<Outcome, Failure> {
    let start = Instant::now();
    let root = workspace::root();
    let folder = root.join("target/prove");
    let cases = prepare(&root, &folder)?;
    let errors = check(&folder)?;
    let mut held = 0;
    for case in &cases {
        let found = |version: &str| errors.get(&format!("{}-{version}", case.name));
        let expected: BTreeSet<String> = case.stops_with.iter().cloned().collect();
        let said = case.bump == Some(Bump::Major);
        let holds = found("old").is_none()
            && found("new").cloned().unwrap_or_default() == expected
            && said == case.stops_with.is_some();
        held += usize::from(holds);
        let bump = case.bump.map_or("unknown", Bump::name);
        let claim = case
            .stops_with
            .as_deref()
            .map_or("goes on".to_owned(), |code| format!("stops with {code}"));
        let verdict = if holds { "held" } else { "NOT HELD" };
        println!("{:<36} diff: {bump:<6} claim: {claim:<18} {verdict}", case.name);
        if !holds {
            for version in ["old", "new"] {
                let codes: Vec<&str> = found(version).into_iter().flatten().map(String::as_str).collect();
                println!(
                    "    against the {version} client: {}",
                    if codes.is_empty() {
                        "compiles".to_owned()
                    } else {
                        codes.join(", ")
                    }
                );
            }
        }
    }
    println!(
        "{held} of {} claims held ({:.0} s).",
        cases.len(),
        start.elapsed().as_secs_f64()
    );
    if held == cases.len() {
        return Ok(Outcome::Clean);
    }
    eprintln!(
        "Remedy: correct what `diff` says, or the claim in the second line of the program; `cargo check --examples` in target/prove shows the errors."
    );
    Ok(Outcome::Findings)
}

/// Writes the package: both generated clients of every case, and two examples that bring one and the program together.
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
    // The versions that the workspace has, so that nothing needs the network.
    fs::copy(root.join("Cargo.lock"), folder.join("Cargo.lock"))?;

    let fixtures = root.join("tests/fixtures/diff");
    let base = workspace::read(&fixtures.join("shop.yaml"))?;
    let old = spec(&base)?;
    let mut cases = Vec::new();
    for program in programs(&fixtures)? {
        let name = program
            .file_stem()
            .and_then(|name| name.to_str())
            .unwrap_or_default()
            .to_owned();
        let edit = workspace::read(&fixtures.join(format!("{name}.diff")))?;
        let new = spec(&apply(&base, &edit)?)?;
        let told = diff(&old, &new, &Facade::default());
        for (version, spec) in [("old", &old), ("new", &new)] {
            let generated = generate(spec).map_err(|findings| format!("{name}: {findings}"))?;
            workspace::write(
                &folder.join(format!("generated/{name}-{version}.rs")),
                &generated.client,
            )?;
            let example = format!(
                "#[path = \"../generated/{name}-{version}.rs\"]\n#[allow(warnings)]\nmod shop;\n\
                 #[path = \"{}\"]\n#[allow(warnings)]\nmod program;\n\
                 impl progenitor_client::ClientHooks<chat_sessions_wire::Wire> for shop::Client {{}}\nfn main() {{}}\n",
                program.display()
            );
            workspace::write(&folder.join(format!("examples/{name}-{version}.rs")), &example)?;
        }
        let text = workspace::read(&program)?;
        let claim = text.lines().nth(1).unwrap_or_default();
        let stops_with = claim
            .strip_prefix("//! Stops with ")
            .map(|code| code.trim_end_matches('.').to_owned());
        if stops_with.is_none() && claim != "//! Goes on." {
            let path = program.display();
            return Err(format!("{path}: the second line must be `//! Stops with CODE.` or `//! Goes on.`").into());
        }
        cases.push(Case {
            name,
            stops_with,
            bump: told.raw.bump,
        });
    }
    Ok(cases)
}

fn programs(fixtures: &Path) -> Result<Vec<PathBuf>, Failure> {
    let mut programs = Vec::new();
    for entry in fs::read_dir(fixtures)? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "rs") {
            programs.push(path);
        }
    }
    programs.sort();
    Ok(programs)
}

fn spec(text: &str) -> Result<Spec, Failure> {
    Ok(Spec::parse("shop.yaml", text)?)
}

/// Applies the hunks of a case, in which removed and added lines stand as in a unified diff.
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
            return Err(format!("this hunk does not have one place in shop.yaml:\n{hunk}").into());
        }
        text = text.replacen(&old, &side('-'), 1);
    }
    Ok(text)
}

/// The manifest of the package, with the workspace's own lines for what it depends on.
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

/// Checks all examples; the error codes of those that do not compile.
fn check(folder: &Path) -> Result<BTreeMap<String, BTreeSet<String>>, Failure> {
    let output = Command::new(workspace::cargo())
        .current_dir(folder)
        .args([
            "check",
            "--examples",
            "--keep-going",
            "--quiet",
            "--message-format",
            "json",
        ])
        .env("CARGO_TARGET_DIR", folder.join("target"))
        .env(
            "CARGO_NET_OFFLINE",
            env::var_os("CARGO_NET_OFFLINE").unwrap_or_else(|| "true".into()),
        )
        .env("CARGO_INCREMENTAL", "0")
        .stderr(Stdio::piped())
        .output()?;
    let mut errors: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut seen = false;
    for line in String::from_utf8_lossy(&output.stdout).lines() {
        let Ok(message) = serde_json::from_str::<Value>(line) else {
            continue;
        };
        let is_example = message["target"]["kind"][0] == "example";
        seen |= is_example;
        if is_example && message["message"]["level"] == "error" {
            let target = message["target"]["name"].as_str().unwrap_or_default();
            // The last message of a target only counts the others, and has no code.
            if let Some(code) = message["message"]["code"]["code"].as_str() {
                errors.entry(target.to_owned()).or_default().insert(code.to_owned());
            } else {
                errors.entry(target.to_owned()).or_default();
            }
        }
    }
    if !seen {
        return Err(format!("nothing was compiled: {}", String::from_utf8_lossy(&output.stderr)).into());
    }
    Ok(errors)
}
