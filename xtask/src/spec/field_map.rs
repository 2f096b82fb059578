//! `field-map`: compares the facade's field map, which maps every raw field to a field of the facade, with the specs.

use std::path::Path;

use chat_sessions_codegen::{FieldMap, Spec};

use crate::outcome::{Failure, Outcome};
use crate::providers::{self, Provider};
use crate::workspace;

/// The file with the field map.
const FILE: &str = "crates/chat-sessions/src/provider/field_map.rs";

/// Reports fields without a row and rows without a field; with `keep`, adds rows that keep the fields among the unknown ones.
pub(crate) fn run(keep: bool) -> Result<Outcome, Failure> {
    let root = workspace::root();
    let before = workspace::read(&root.join(FILE))?;
    let map = FieldMap::parse(&before)?;
    let mut text = before.clone();
    let mut clean = true;
    for provider in providers::all(&root)? {
        let name = provider.spec();
        match Spec::parse(&name, &workspace::read(&root.join(&name))?) {
            Ok(spec) => {
                let source = facade_source(&root, &provider)?;
                clean &= compare(&map, &spec, &provider, source.as_deref(), keep.then_some(&mut text));
            }
            Err(found) => {
                eprintln!("{found}");
                clean = false;
            }
        }
    }
    if text != before {
        workspace::write(&root.join(FILE), &text)?;
    }
    if clean {
        println!("Every raw field that the facade reads has a row in {FILE}.");
    }
    Ok(Outcome::of(clean))
}

/// Reads the field map for `diff`. If it cannot be parsed, prints a message and returns an empty one.
pub(super) fn read(root: &Path) -> Result<FieldMap, Failure> {
    let text = workspace::read_or_empty(&root.join(FILE))?;
    Ok(FieldMap::parse(&text).unwrap_or_else(|error| {
        eprintln!("The effect on the facade is unknown: {error}.");
        FieldMap::default()
    }))
}

/// The sources of the facade that call the raw client of a provider; `None` if there are none yet.
pub(super) fn facade_source(root: &Path, provider: &Provider) -> Result<Option<String>, Failure> {
    let module = root.join("crates/chat-sessions/src/provider").join(provider.module());
    let mut source = workspace::read_or_empty(&module.with_extension("rs"))?;
    for file in workspace::rust_files(&module)? {
        source += &workspace::read(&file)?;
    }
    Ok((!source.is_empty()).then_some(source))
}

/// Compares the rows of one provider with its spec. Adds missing rows to `text`, if there is one, and reports the rest.
fn compare(
    map: &FieldMap,
    spec: &Spec,
    provider: &Provider,
    source: Option<&str>,
    mut text: Option<&mut String>,
) -> bool {
    let provider = provider.name.as_str();
    let mut clean = true;
    let mut report = |schema: &str, field: &str, what: &str, remedy: &str| {
        eprintln!("{FILE}: {schema}.{field} of {provider} {what}. Remedy: {remedy}.");
        clean = false;
    };
    let is_unknown = |(schema, field): &(String, String)| {
        let entry = map.entry(provider, schema, field);
        entry.is_some_and(|entry| entry.is_untyped)
    };
    let (gained, dropped): (Vec<_>, Vec<_>) = map.misplaced_rows(provider, spec).into_iter().partition(is_unknown);
    for (schema, field) in map.missing_rows(provider, spec, source).into_iter().chain(gained) {
        let what = "has no row as a field of the raw type";
        let Some(text) = text.as_deref_mut() else {
            let remedy =
                "write there what it feeds, or run `cargo xtask field-map --keep` to keep it among the unknown fields";
            report(&schema, &field, what, remedy);
            continue;
        };
        if let Some(kept) = FieldMap::with_row(text, provider, &schema, &field) {
            println!("{FILE}: {schema}.{field} of {provider} is kept among the unknown fields");
            *text = kept;
        } else {
            let remedy = format!("add `{schema}` to the table of {provider}, with a row for each of its fields");
            report(&schema, &field, what, &remedy);
        }
    }
    for (schema, field) in dropped {
        let remedy = format!("read it from among the unknown fields, and write its row as `+ {field:?} => …`");
        report(&schema, &field, "is no longer a field of the raw type", &remedy);
    }
    for (schema, field) in map.stale_rows(provider, spec) {
        let remedy = "remove the row, or add a remark that says where the field is known from";
        report(&schema, &field, "has a row, but the spec has no such field", remedy);
    }
    clean
}
