//! `drift`: holds recorded answers against the specs, and prints the patch that would accept them.

use std::path::{Path, PathBuf};

use chat_sessions_codegen::{Drift, NamedText, drift};
use clap::{Args, ValueEnum};
use serde_json::json;

use crate::workspace::{self, PROVIDERS};
use crate::{Failure, Outcome, unified};

/// What `drift` is asked for.
#[derive(Args)]
pub(crate) struct Asked {
    /// Recorded answers: a JSON body, one body a line, or a HAR file; the content tells which.
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// The operationId that bodies without a request belong to; the one that they fit best by default.
    #[arg(long, value_name = "ID")]
    operation: Option<String>,
    /// How to print.
    #[arg(short, long, value_enum, default_value_t = Form::Text)]
    output: Form,
    /// Writes the patch into this file, for `git apply`, instead of printing it below the findings.
    #[arg(long, value_name = "FILE")]
    patch: Option<PathBuf>,
}

/// The forms of the report.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Form {
    Text,
    Json,
}

/// Compares, prints, and writes the patch if a file was named for it.
pub(crate) fn run(asked: &Asked) -> Result<Outcome, Failure> {
    let root = workspace::root();
    let specs = read_all(
        PROVIDERS
            .map(|provider| format!("specs/{provider}.yaml"))
            .iter()
            .map(|name| (name.clone(), root.join(name))),
    )?;
    let files = read_all(
        asked
            .files
            .iter()
            .map(|path| (path.display().to_string(), path.clone())),
    )?;
    let found = drift(&sources(&specs), &sources(&files), asked.operation.as_deref())?;
    let patch = patch(&specs, &found);
    if let Some(path) = &asked.patch {
        workspace::write(path, &patch)?;
    }
    match asked.output {
        Form::Text => print_text(&found, &patch, asked.patch.as_deref()),
        Form::Json => {
            let mut document = found.to_json();
            document["patch"] = json!(patch);
            println!("{}", serde_json::to_string_pretty(&document)?);
        }
    }
    Ok(if found.is_clean() {
        Outcome::Clean
    } else {
        Outcome::Findings
    })
}

fn print_text(found: &Drift, patch: &str, written: Option<&Path>) {
    println!("{found}");
    match written {
        _ if patch.is_empty() => {}
        Some(path) => println!("The patch is in {0}; `git apply {0}` takes it.", path.display()),
        None => print!("\n{patch}"),
    }
}

/// The names and texts of files.
fn read_all(files: impl Iterator<Item = (String, PathBuf)>) -> Result<Vec<(String, String)>, Failure> {
    files.map(|(name, path)| Ok((name, workspace::read(&path)?))).collect()
}

fn sources(files: &[(String, String)]) -> Vec<NamedText<'_>> {
    files.iter().map(|(name, text)| NamedText { name, text }).collect()
}

/// The changes of all specs as one patch.
fn patch(specs: &[(String, String)], found: &Drift) -> String {
    let old = |name: &str| {
        specs
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, text)| text.as_str())
    };
    let changed = found
        .patched
        .iter()
        .filter_map(|new| Some(unified::diff(&new.name, old(&new.name)?, &new.text)));
    changed.collect()
}
