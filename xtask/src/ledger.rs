//! `ledger`: holds the normalisation ledger of the facade against the specs, and notes the fields that nobody has decided on.

use chat_sessions_codegen::{FieldMap, Spec};

use crate::workspace::{self, PROVIDERS};
use crate::{Failure, Outcome};

/// The file that holds the table, from the root.
pub(crate) const FILE: &str = "crates/chat-sessions/src/provider/ledger.rs";

/// Names the fields without a row and the rows without a field; with `keep`, notes the former as kept among the unknown ones.
pub(crate) fn run(keep: bool) -> Result<Outcome, Failure> {
    let root = workspace::root();
    let path = root.join(FILE);
    let before = workspace::read(&path)?;
    let ledger = FieldMap::parse(&before)?;
    let mut text = before.clone();
    let mut findings = 0;
    for provider in PROVIDERS {
        let name = format!("specs/{provider}.yaml");
        let spec = match Spec::parse(&name, &workspace::read(&root.join(&name))?) {
            Ok(spec) => spec,
            Err(found) => {
                eprintln!("{found}");
                findings += 1;
                continue;
            }
        };
        let (gained, dropped): (Vec<_>, Vec<_>) =
            ledger
                .misplaced_rows(provider, &spec)
                .into_iter()
                .partition(|(schema, field)| {
                    ledger
                        .entry(provider, schema, field)
                        .is_some_and(|entry| entry.is_untyped)
                });
        for (schema, field) in ledger.missing_rows(provider, &spec).into_iter().chain(gained) {
            let kept = keep
                .then(|| FieldMap::with_row(&text, provider, &schema, &field))
                .flatten();
            if let Some(kept) = kept {
                println!("{FILE}: {schema}.{field} of {provider} is kept among the unknown fields");
                text = kept;
                continue;
            }
            findings += 1;
            let remedy = if keep {
                format!("add `{schema}` to the table of {provider}, with a row for each of its fields")
            } else {
                "say there what it feeds, or `cargo xtask ledger --keep` to keep it among the unknown fields".to_owned()
            };
            eprintln!(
                "{FILE}: {schema}.{field} of {provider} has no row as a field of the raw type. Remedy: {remedy}."
            );
        }
        for (schema, field) in dropped {
            findings += 1;
            eprintln!(
                "{FILE}: {schema}.{field} of {provider} has no place in the raw type any more. Remedy: read it from among the unknown \
                 fields, and write its row as `+ {field:?} => …`."
            );
        }
        for (schema, field) in ledger.stale_rows(provider, &spec) {
            findings += 1;
            eprintln!(
                "{FILE}: {schema}.{field} of {provider} has a row, and the spec describes no such field. Remedy: take the row out, \
                 or say by a remark where the field is known from."
            );
        }
    }
    if text != before {
        workspace::write(&path, &text)?;
    }
    if findings > 0 {
        return Ok(Outcome::Findings);
    }
    println!("Every raw field has its row in {FILE}.");
    Ok(Outcome::Clean)
}
