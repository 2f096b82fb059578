//! `provider new`: writes everything about a new provider that follows from its published document,
//! and lists what a person has to decide.

mod decisions;
mod dialect;
mod edits;
mod facade;
mod field_rows;
mod names;
mod raw_crate;
mod registration;

use std::path::{Path, PathBuf};

use chat_sessions_codegen::{Adopted, Argument, Findings, Generated, Spec, adopt, check, generate, signature};

pub(crate) use self::decisions::{Decision, open as open_decisions};
use self::names::Values;
use self::registration::Rows;
use crate::outcome::{Failure, Outcome};
use crate::providers::{self, Provider};
use crate::{snapshots, workspace};

/// What to add, and from which document.
#[derive(Debug, clap::Args)]
pub(crate) struct New {
    /// The name, in lower case with hyphens, such as `some-provider`
    name: String,
    /// The provider's OpenAPI document, 3.0 or 3.1, in YAML or JSON; it is not changed
    #[arg(long, value_name = "FILE")]
    spec: PathBuf,
    /// The operation that lists sessions: its operationId, or method and path, such as `GET /v1/threads`
    #[arg(long, value_name = "OPERATION")]
    list: String,
    /// A further operation for the raw client, which the facade does not call yet
    #[arg(long, value_name = "OPERATION")]
    also: Vec<String>,
    /// Build nothing: leave out the format and the snapshots
    #[arg(long)]
    no_build: bool,
}

/// Adds a provider.
pub(crate) fn new(arguments: &New) -> Result<Outcome, Failure> {
    let root = workspace::root();
    let known = providers::all(&root)?;
    let provider = names::checked(&arguments.name, &known)?;
    let published = workspace::read(&arguments.spec)?;
    let published = match Spec::parse(&arguments.spec.display().to_string(), &published) {
        Ok(spec) => spec,
        Err(findings) => return Ok(refused(&findings)),
    };
    let adopted = adopt(&published, &arguments.list, &arguments.also)?;
    let spec = Spec::parse(&provider.spec(), &adopted.text).map_err(|findings| findings.to_string())?;
    let findings = check(&spec);
    if findings.has_errors() {
        eprintln!("{}", adopted.text);
        return Ok(refused(&findings));
    }
    let generated = match generate(&spec) {
        Ok(generated) => generated,
        Err(findings) => return Ok(refused(&findings)),
    };
    let files = files(&root, &known, &provider, &adopted, &generated)?;
    for (file, text) in &files {
        let path = root.join(file);
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder)?;
        }
        workspace::write(&path, text)?;
        println!("{file}: written");
    }
    for note in &adopted.notes {
        println!("{}: {note}", provider.spec());
    }
    let built = arguments.no_build || finish(&root, &provider, &files)?;
    report(&root, &provider)?;
    Ok(Outcome::of(built))
}

fn refused(findings: &Findings) -> Outcome {
    eprintln!("{findings}\nNothing was written. Remedy: correct a copy of the document, and use that.");
    Outcome::Findings
}

/// All files that are new or change, with their text.
fn files(
    root: &Path,
    known: &[Provider],
    provider: &Provider,
    adopted: &Adopted,
    generated: &Generated,
) -> Result<Vec<(String, String)>, Failure> {
    let list = &adopted.outline;
    let arguments = signature(&generated.client, &list.method)
        .ok_or_else(|| format!("the raw client has no method `{}`", list.method))?;
    let values = Values::from([
        ("name", provider.name.clone()),
        ("module", provider.module()),
        ("type", provider.type_name()),
        ("constant", names::constant(provider)),
        ("title", names::title(provider)),
        ("response", list.response.clone()),
        ("path", list.path.clone()),
        ("method", list.method.clone()),
        ("call", plain_call(provider, &arguments)),
    ]);
    let example = known.first().ok_or("there is no provider to take as an example")?;
    let module = facade::module(&values, list, &arguments)?;
    let source = format!("crates/chat-sessions/src/provider/{}", provider.module());
    let raw = provider.raw_sources();
    let mut files = vec![
        (provider.spec(), adopted.text.clone()),
        (
            provider.documented_example(),
            serde_json::to_string_pretty(&adopted.example)? + "\n",
        ),
        (format!("{raw}/generated.rs"), generated.client.clone()),
        (format!("{raw}/generated_httpmock.rs"), generated.httpmock.clone()),
        (format!("{source}.rs"), module.source),
        (format!("{source}/normalise.rs"), module.normalise),
        (
            format!("crates/chat-sessions-sandbox/src/dialect/{}.rs", provider.module()),
            dialect::module(&values, list, &adopted.example)?,
        ),
    ];
    files.extend(raw_crate::files(root, example, provider, &values, list)?);
    let rows = Rows::new(&values, provider, list, &values["call"]);
    files.extend(registration::changed(root, known, provider, &rows)?);
    Ok(files)
}

/// The arguments of a call that leaves everything to the provider.
fn plain_call(provider: &Provider, arguments: &[Argument]) -> String {
    let values = arguments.iter().map(|argument| match argument.kind.as_str() {
        kind if kind.starts_with("Option<") => "None".to_owned(),
        kind if !argument.fields.is_empty() => {
            let name = kind.trim_start_matches('&').split('<').next().unwrap_or_default();
            let name = name.rsplit("::").next().unwrap_or_default();
            let reference = if kind.starts_with('&') { "&" } else { "" };
            format!("{reference}{}_client::types::{name}::default()", provider.module())
        }
        _ => "\"default\"".to_owned(),
    });
    values.collect::<Vec<_>>().join(", ")
}

/// Formats the new files, and records the first snapshots.
fn finish(root: &Path, provider: &Provider, files: &[(String, String)]) -> Result<bool, Failure> {
    let is_rust = |file: &&String| file.ends_with(".rs") && !file.contains("/generated");
    let sources = files
        .iter()
        .map(|(file, _)| file)
        .filter(is_rust)
        .map(|file| root.join(file));
    let mut format = std::process::Command::new("rustfmt");
    format
        .args(["--edition", "2024", "--config-path"])
        .arg(root.join("rustfmt.toml"));
    if !format.args(sources).current_dir(root).status()?.success() {
        eprintln!("rustfmt refuses the new files. Remedy: run `cargo fmt --all` and follow its messages.");
        return Ok(false);
    }
    let package = provider.package();
    let schema = [
        "-p",
        &package,
        "--no-default-features",
        "--features",
        "schemars",
        "--test",
        "schema",
    ];
    let module = provider.module();
    let suites = ["-p", "tests", "--test", "suites", &module];
    for tests in [&schema[..], &suites] {
        let tests: Vec<String> = tests.iter().map(ToString::to_string).collect();
        if snapshots::run(true, &tests)? != Outcome::Clean {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Prints what is left to do.
fn report(root: &Path, provider: &Provider) -> Result<(), Failure> {
    println!("\n{} is a provider now. To decide:", provider.name);
    let module = format!("/provider/{}", provider.module());
    let is_own = |decision: &Decision| {
        decision.place.contains(&format!("{module}.rs")) || decision.place.contains(&format!("{module}/"))
    };
    for decision in open_decisions(root)?.into_iter().filter(is_own) {
        println!("- {}: {}", decision.place, decision.text);
    }
    println!(
        "Make each decision and delete its comment; `cargo xtask invariants` lists those that are left. Read the new \
         snapshots, then run `cargo xtask check`. docs/adding-a-provider.md continues from here."
    );
    Ok(())
}
