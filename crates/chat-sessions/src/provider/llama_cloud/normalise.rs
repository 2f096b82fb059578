//! Converts an item of a LlamaCloud list to a session.

use llama_cloud_client::types;
use serde_json::{Map, Value};

use crate::model::{Provider, Resource, Run, Scope, Session, SessionId, SessionTime};
use crate::provider::field_map::unmapped_fields;

/// Converts an item to a session.
pub(super) fn normalise(item: types::ChatSession, project: Option<&Scope>) -> Result<Session, &'static str> {
    let unmapped = unmapped_fields(&item);
    let types::ChatSession {
        session_id,
        generated_title,
        last_updated_at,
        index_ids,
        job_metadata,
        mut extra,
        ..
    } = item;
    if let Some(unmapped) = unmapped {
        extra.extend(unmapped);
    }
    if session_id.is_empty() {
        return Err("its session_id is empty");
    }
    let updated_at = last_updated_at.and_then(|text| match SessionTime::parse(text) {
        Ok(time) => Some(time),
        Err(text) => {
            extra.insert("last_updated_at".to_owned(), Value::String(text));
            None
        }
    });
    // The provider's client has `shared_access` since October 2026. The reference page that the
    // spec follows does not have it, so it arrives among the unknown fields.
    let access = match extra.remove("shared_access") {
        Some(Value::String(access)) => Some(access),
        Some(other) => {
            extra.insert("shared_access".to_owned(), other);
            None
        }
        None => None,
    };

    // All fields are listed, because `..Session::new(…)` would create and drop the others for every
    // session.
    Ok(Session {
        id: SessionId::new(Provider::LLAMA_CLOUD, session_id),
        scope: project.cloned(),
        title: generated_title,
        created_at: None,
        updated_at,
        resources: index_ids.map(|ids| ids.into_iter().map(|id| Resource::new("index", id)).collect()),
        access,
        last_run: job_metadata.map(|run| Box::new(normalise_run(run))),
        extra,
        raw: None,
    })
}

fn normalise_run(run: types::JobMetadata) -> Run {
    let unmapped = unmapped_fields(&run);
    let types::JobMetadata {
        duration_ms,
        is_error,
        error,
        total_input_tokens,
        total_output_tokens,
        turns,
        export_config_ids,
        mut extra,
        ..
    } = run;
    if let Some(unmapped) = unmapped {
        extra.extend(unmapped);
    }
    Run {
        duration_ms,
        is_error,
        error,
        input_tokens: count("total_input_tokens", total_input_tokens, &mut extra),
        output_tokens: count("total_output_tokens", total_output_tokens, &mut extra),
        turns: count("turns", turns, &mut extra),
        export_config_ids,
        extra,
    }
}

/// Returns a count; a negative number is kept among the unknown fields.
pub(super) fn count(name: &str, value: Option<i64>, extra: &mut Map<String, Value>) -> Option<u64> {
    let value = value?;
    let count = u64::try_from(value).ok();
    if count.is_none() {
        extra.insert(name.to_owned(), Value::from(value));
    }
    count
}
