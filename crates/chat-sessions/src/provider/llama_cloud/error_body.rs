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
            let is_about_it = |error: &types::ValidationError| steps(error).iter().any(is_page_size);
            let names_page_size = !errors.is_empty() && errors.iter().all(is_about_it);
            let messages: Vec<String> = errors.iter().filter_map(describe).collect();
            Some(Detail {
                message: (!messages.is_empty()).then(|| messages.join("; ")),
                names_page_size,
            })
        }
        _ => None,
    }
}

/// Returns the path to a fault.
fn steps(error: &types::ValidationError) -> &[types::Location] {
    error.loc.as_deref().unwrap_or_default()
}

/// Formats one fault as `query.page_size: message`.
fn describe(error: &types::ValidationError) -> Option<String> {
    let mut path = Vec::new();
    for step in steps(error) {
        match step {
            types::Location::Text(name) => path.push(name.clone()),
            types::Location::Integer(position) => path.push(position.to_string()),
            types::Location::Other(_) => {}
        }
    }
    match (path.is_empty(), &error.msg) {
        (true, msg) => msg.clone(),
        (false, Some(msg)) => Some(format!("{}: {msg}", path.join("."))),
        (false, None) => Some(path.join(".")),
    }
}
