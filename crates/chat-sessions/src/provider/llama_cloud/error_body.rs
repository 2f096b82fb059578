//! What the body of a LlamaCloud error says.

use llama_cloud_client::types;
use serde::Deserialize;
use serde_json::value::RawValue;

/// What an error body says.
#[derive(Default)]
pub(super) struct Detail {
    pub(super) said: Option<String>,
    /// Whether the page size is at fault, and nothing else.
    pub(super) names_page_size: bool,
}

/// Reads what an error body says: `detail` as a text, or as the list of faults that a 422 has.
pub(super) fn detail(body: &[u8]) -> Option<Detail> {
    #[derive(Deserialize)]
    struct Body<'a> {
        #[serde(borrow)]
        detail: &'a RawValue,
    }
    let body = String::from_utf8_lossy(body);
    let detail = serde_json::from_str::<Body<'_>>(&body).ok()?.detail.get();
    match detail.as_bytes() {
        [b'"', ..] => {
            let text: String = serde_json::from_str(detail).ok()?;
            (!text.trim().is_empty()).then(|| Detail {
                names_page_size: text.contains("page_size"),
                said: Some(text),
            })
        }
        [b'[', ..] => {
            let faults: Vec<types::ValidationError> = serde_json::from_str(detail).ok()?;
            let is_page_size =
                |step: &types::Location| matches!(step, types::Location::Text(name) if name == "page_size");
            let is_about_it = |fault: &types::ValidationError| fault.loc.iter().flatten().any(is_page_size);
            let names_page_size = !faults.is_empty() && faults.iter().all(is_about_it);
            let told: Vec<String> = faults
                .into_iter()
                .filter_map(|fault| tell(fault.loc, fault.msg))
                .collect();
            Some(Detail {
                said: (!told.is_empty()).then(|| told.join("; ")),
                names_page_size,
            })
        }
        _ => None,
    }
}

/// Tells one fault as `query.page_size: message`.
fn tell(loc: Option<Vec<types::Location>>, msg: Option<String>) -> Option<String> {
    let place: Vec<String> = loc
        .unwrap_or_default()
        .into_iter()
        .filter_map(|step| match step {
            types::Location::Text(name) => Some(name),
            types::Location::Integer(position) => Some(position.to_string()),
            types::Location::Other(_) => None,
        })
        .collect();
    match (place.is_empty(), msg) {
        (true, msg) => msg,
        (false, Some(msg)) => Some(format!("{}: {msg}", place.join("."))),
        (false, None) => Some(place.join(".")),
    }
}
