//! Reads the body of a LlamaCloud error.

use llama_cloud_client::types;
use serde_json::Value;

use crate::provider::json::{Members, typed};

/// The content of an error body.
#[derive(Default)]
pub(super) struct Detail {
    pub(super) message: Option<String>,
    /// Whether the page size is the only fault.
    pub(super) names_page_size: bool,
}

/// Reads an error body: `detail` is a text, or the list of faults of a 422.
pub(super) fn detail(body: &[u8]) -> Option<Detail> {
    let text = String::from_utf8_lossy(body);
    match Members::of(&text).ok()?.value("detail")? {
        Value::String(text) => Some(Detail {
            names_page_size: text.contains("page_size"),
            message: Some(text),
        }),
        errors @ Value::Array(_) => {
            let errors: Vec<types::ValidationError> = typed(&errors).ok()?;
            let is_page_size =
                |step: &types::Location| matches!(step, types::Location::Text(name) if name == "page_size");
            let is_about_it = |error: &types::ValidationError| error.loc.iter().flatten().any(is_page_size);
            let names_page_size = !errors.is_empty() && errors.iter().all(is_about_it);
            let messages: Vec<String> = errors
                .into_iter()
                .filter_map(|error| describe(error.loc, error.msg))
                .collect();
            Some(Detail {
                message: (!messages.is_empty()).then(|| messages.join("; ")),
                names_page_size,
            })
        }
        _ => None,
    }
}

/// Formats one fault as `query.page_size: message`.
fn describe(loc: Option<Vec<types::Location>>, msg: Option<String>) -> Option<String> {
    let path: Vec<String> = loc
        .unwrap_or_default()
        .into_iter()
        .filter_map(|step| match step {
            types::Location::Text(name) => Some(name),
            types::Location::Integer(position) => Some(position.to_string()),
            types::Location::Other(_) => None,
        })
        .collect();
    match (path.is_empty(), msg) {
        (true, msg) => msg,
        (false, Some(msg)) => Some(format!("{}: {msg}", path.join("."))),
        (false, None) => Some(path.join(".")),
    }
}
