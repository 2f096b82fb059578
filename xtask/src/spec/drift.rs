//! `drift`: compares recorded responses with the specs and prints a patch that makes the specs accept them.

use std::path::{Path, PathBuf};

use chat_sessions_codegen::{Drift, NamedText, drift};
use clap::{Args, ValueEnum};
use serde_json::json;

use crate::outcome::{Failure, Outcome};
use crate::{providers, unified, workspace};

/// The arguments of `drift`.
#[derive(Args)]
pub(crate) struct Arguments {
    /// Recorded responses: a JSON body, one JSON body per line, or a HAR file; the format is detected
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// Compare with this spec instead of our own, any file of OpenAPI 3.0; can be repeated
    #[arg(long = "spec", value_name = "FILE")]
    specs: Vec<PathBuf>,
    /// The operationId for bodies without a request; the best match by default
    #[arg(long, value_name = "ID")]
    operation: Option<String>,
    /// The output format
    #[arg(short, long, value_enum, default_value_t = Format::Text)]
    output: Format,
    /// Write the patch to this file, for `git apply`, instead of printing it after the findings
    #[arg(long, value_name = "FILE")]
    patch: Option<PathBuf>,
}

/// How the report is printed.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Text,
    Json,
}

/// Compares, prints the report, and writes the patch.
pub(crate) fn run(arguments: &Arguments) -> Result<Outcome, Failure> {
    let specs = if arguments.specs.is_empty() {
        our_specs()?
    } else {
        named(&arguments.specs)?
    };
    let files = named(&arguments.files)?;
    let found = drift(&sources(&specs), &sources(&files), arguments.operation.as_deref())?;
    let patch = patch(&specs, &found);
    if let Some(path) = &arguments.patch {
        workspace::write(path, &patch)?;
    }
    match arguments.output {
        Format::Text => print_text(&found, &patch, arguments.patch.as_deref()),
        Format::Json => {
            let mut document = found.to_json();
            document["patch"] = json!(patch);
            println!("{}", serde_json::to_string_pretty(&document)?);
        }
    }
    if found.compared == 0 {
        let why = match found.responses {
            0 => "the recording has no response to an operation of the specs",
            _ => "no body was recorded, or none can be decoded",
        };
        eprintln!("Nothing was compared: {why}.");
        return Ok(Outcome::Nothing);
    }
    Ok(Outcome::of(found.is_clean()))
}

fn our_specs() -> Result<Vec<(String, String)>, Failure> {
    let root = workspace::root();
    let specs = providers::all(&root)?;
    let specs = specs
        .iter()
        .map(|provider| (provider.spec(), root.join(provider.spec())));
    read_all(specs)
}

/// Reads files of the command line, which reports call as they were named there.
fn named(paths: &[PathBuf]) -> Result<Vec<(String, String)>, Failure> {
    read_all(paths.iter().map(|path| (path.display().to_string(), path.clone())))
}

fn print_text(found: &Drift, patch: &str, written: Option<&Path>) {
    println!("{found}");
    match written {
        _ if patch.is_empty() => {}
        Some(path) => println!("The patch is in {0}; apply it with `git apply {0}`.", path.display()),
        None => print!("\n{patch}"),
    }
}

/// Reads files; returns their names and texts.
fn read_all(files: impl Iterator<Item = (String, PathBuf)>) -> Result<Vec<(String, String)>, Failure> {
    files.map(|(name, path)| Ok((name, workspace::read(&path)?))).collect()
}

fn sources(files: &[(String, String)]) -> Vec<NamedText<'_>> {
    files.iter().map(|(name, text)| NamedText { name, text }).collect()
}

/// The changes of all specs as one patch.
fn patch(specs: &[(String, String)], found: &Drift) -> String {
    let old = |name: &str| {
        let spec = specs.iter().find(|(known, _)| known == name);
        spec.map(|(_, text)| text.as_str())
    };
    let changed = found
        .patched
        .iter()
        // A patch has no absolute paths.
        .filter_map(|new| {
            Some(unified::diff(
                new.name.trim_start_matches('/'),
                old(&new.name)?,
                &new.text,
            ))
        });
    changed.collect()
}
