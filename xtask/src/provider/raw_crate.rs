//! The raw crate of a new provider: the files of an existing one with other names, so that the new
//! crate has the same features, lints and hooks.

use std::path::Path;

use chat_sessions_codegen::ListOutline;

use super::names::{Values, filled, renamed, title};
use crate::outcome::Failure;
use crate::providers::Provider;
use crate::workspace;

const LIB_HEAD: &str = include_str!("templates/raw_lib_head.txt");
const SCHEMA_TEST: &str = include_str!("templates/schema_test.txt");

/// The files that differ in names only.
const COPIED: [&str; 4] = [
    "Cargo.toml",
    "build.rs",
    "src/build_time.rs",
    "src/build_time_httpmock.rs",
];

/// Returns the files of the crate by path, without the generated ones.
pub(super) fn files(
    root: &Path,
    example: &Provider,
    new: &Provider,
    names: &Values,
    list: &ListOutline,
) -> Result<Vec<(String, String)>, Failure> {
    let path = |provider: &Provider, file: &str| format!("crates/{}/{file}", provider.package());
    let read = |file: &str| workspace::read(&root.join(path(example, file)));
    let mut files = Vec::new();
    for file in COPIED {
        let text = renamed(&read(file)?, example, new).replace(&title(example), &title(new));
        let lines = text.lines().map(|line| match line.starts_with("keywords = ") {
            true => format!(
                "keywords = [{:?}, \"chat\", \"api\", \"client\", \"openapi\"]\n",
                new.name
            ),
            false => format!("{line}\n"),
        });
        let text = lines.collect();
        files.push((path(new, file), text));
    }
    files.push((path(new, "src/lib.rs"), library(&read("src/lib.rs")?, names, list)?));
    files.push((path(new, "tests/schema.rs"), filled(SCHEMA_TEST, names)?));
    Ok(files)
}

/// The code of an existing crate, with documentation and a key header of its own.
fn library(example: &str, names: &Values, list: &ListOutline) -> Result<String, Failure> {
    let moved =
        "The raw client has other parts than this command expects. Remedy: adapt xtask/src/provider/raw_crate.rs.";
    let (_, code) = example.split_once("\n#![").ok_or(moved)?;
    let (before, rest) = code.split_once("/// Creates the state of a client").ok_or(moved)?;
    let (_, after) = rest.split_once("\nimpl ClientHooks").ok_or(moved)?;
    // The example in the comment about the mocks names an operation.
    let lines = before.lines().map(|line| match line.split_once("server.") {
        Some((start, end)) if line.starts_with("///") => {
            let rest = end.split_once('(').map_or(end, |(_, rest)| rest);
            format!("{start}server.{}({rest}", list.method)
        }
        _ => line.to_owned(),
    });
    let before = lines.collect::<Vec<_>>().join("\n");
    let head = filled(LIB_HEAD, names)?;
    Ok(format!(
        "{head}\n#![{before}\n{}\nimpl ClientHooks{after}",
        wire(names, list)
    ))
}

fn wire(names: &Values, list: &ListOutline) -> String {
    let (header, word) = &list.key_header;
    let value = if word.is_empty() {
        "key".to_owned()
    } else {
        format!("&format!(\"{word} {{key}}\")")
    };
    let (place, call) = match header.as_str() {
        "authorization" if word.is_empty() => ("takes as it is".to_owned(), format!("Wire::new({value})")),
        "authorization" => (format!("takes after `{word}`"), format!("Wire::new({value})")),
        header => (
            format!("takes in the header `{header}`"),
            format!("Wire::with_key_header(reqwest::header::HeaderName::from_static({header:?}), {value})"),
        ),
    };
    format!(
        "/// Creates the state of a client from a key, which {} {place}.\n///\n/// # Errors\n///\n\
         /// Fails if the key contains a byte that is invalid in a header, such as a line break. The error\n\
         /// does not contain the key.\npub fn wire(key: &str) -> Result<Wire, InvalidHeaderValue> {{\n    {call}\n}}\n",
        names["title"]
    )
}
