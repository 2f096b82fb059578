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
    let root = workspace::root();
    let specs = providers::all(&root)?;
    let specs = read_all(
        specs
            .iter()
            .map(|provider| (provider.spec(), root.join(provider.spec()))),
    )?;
    let files = arguments.files.iter();
    let files = read_all(files.map(|path| (path.display().to_string(), path.clone())))?;
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
    Ok(Outcome::of(found.is_clean()))
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
        .filter_map(|new| Some(unified::diff(&new.name, old(&new.name)?, &new.text)));
    changed.collect()
}
