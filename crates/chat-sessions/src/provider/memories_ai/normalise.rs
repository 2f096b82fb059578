//! Converts an item of a Memories.ai list to a session, and reads its counts.

use chat_sessions_wire::reading::Scalar;
use memories_ai_client::types;
use serde_json::Value;

use crate::model::{Provider, Resource, Scope, Session, SessionId, SessionTime, Timestamp, decimal};
use crate::provider::field_map::unmapped_fields;

/// Converts an item to a session.
pub(super) fn normalise(item: types::Session, scope: &Scope) -> Result<Session, &'static str> {
    let unmapped = unmapped_fields(&item);
    let types::Session {
        session_id,
        title,
        created_time,
        video_no,
        mut extra,
        ..
    } = item;
    if let Some(unmapped) = unmapped {
        extra.extend(unmapped);
    }
    // The example and live responses have `sessionId`, the response table has `session_id`; both
    // are accepted, and a second one that differs stays among the unknown fields.
    let id = match (session_id, extra.remove("session_id")) {
        (Some(id), None) => id,
        (Some(id), Some(Value::String(same))) if same == id => id,
        (Some(id), Some(other)) => {
            extra.insert("session_id".to_owned(), other);
            id
        }
        (None, Some(Value::String(id))) => id,
        (None, Some(_)) => return Err("session_id is not a string"),
        (None, None) if extra.contains_key("sessionId") => return Err("sessionId is not a string"),
        (None, None) => return Err("it has neither sessionId nor session_id"),
    };
    if id.is_empty() {
        return Err("its id is empty");
    }

    let given = created_time.and_then(|text| match SessionTime::parse(text) {
        Ok(time) => Some(time),
        Err(text) => {
            extra.insert("created_time".to_owned(), Value::String(text));
            None
        }
    });
    let created_at = given.or_else(|| time_of_id(&id).map(SessionTime::derived_from_id));

    // All fields are listed, because `..Session::new(…)` would create and drop the others for every
    // session.
    Ok(Session {
        id: SessionId::new(Provider::MEMORIES_AI, id),
        scope: Some(scope.clone()),
        title,
        created_at,
        updated_at: None,
        resources: video_no.map(|id| vec![Resource::new("video", id)]),
        access: None,
        last_run: None,
        extra,
        raw: None,
    })
}

/// Derives the time of creation from an id, which is a snowflake: its upper bits are the
/// milliseconds since 2021-01-01T00:00:00Z, above the lowest 22 bits. Inferred from 35 video ids
/// with a known time, which all agree within 72 ms.
pub(super) fn time_of_id(id: &str) -> Option<Timestamp> {
    const EPOCH_2021: i64 = 1_609_459_200_000;
    // Ids of this form have 18 digits; fewer than 17 would date from the first weeks of 2021, years
    // before the service.
    if !(17..=19).contains(&id.len()) {
        return None;
    }
    let id = i64::try_from(decimal(id)?).ok()?;
    Timestamp::from_unix_millis((id >> 22) + EPOCH_2021)
}

/// Reads a total that may be a number or a string of digits.
pub(super) fn total(count: &types::Count) -> Option<u64> {
    match count {
        types::Count::Integer(number) => u64::try_from(*number).ok(),
        types::Count::Text(text) => text.trim().parse().ok(),
        types::Count::Other(value) => total_of_value(value),
    }
}

/// Reads the number of something: a whole number, also one written as `5.0`, or a string of digits.
pub(super) fn total_of_value(count: &Value) -> Option<u64> {
    match count {
        Value::Number(number) => number
            .as_u64()
            .or_else(|| i64::from_f64(number.as_f64()?).and_then(|number| u64::try_from(number).ok())),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    }
}

/// Returns whether a `null` or missing list means that there is no list. With a total of 0, it means
/// an empty list.
pub(super) fn is_absent(total: Option<u64>) -> bool {
    total != Some(0)
}
