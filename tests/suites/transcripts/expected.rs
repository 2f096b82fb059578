//! The messages that a transcript must have, from the JSON of a provider.
//!
//! It is written for the tests, works on JSON only and shares nothing with the facade. For fragments it
//! has a simpler rule, which the sandbox's conversations keep: a turn with whole texts needs no
//! fragments.

use serde_json::{Map, Value, json};

type Object = Map<String, Value>;

fn object(value: &Value) -> Object {
    value.as_object().cloned().unwrap_or_default()
}

/// Takes a member out of an object; `null` if it is missing.
fn take(object: &mut Object, name: &str) -> Value {
    object.remove(name).unwrap_or_default()
}

fn items(value: &Value) -> &[Value] {
    value.as_array().map(Vec::as_slice).unwrap_or_default()
}

/// The messages of a Memories.ai session, from `data.messages`.
pub(super) fn memories_ai(messages: &Value) -> Value {
    items(messages).iter().map(message).collect()
}

fn message(message: &Value) -> Value {
    let mut rest = object(message);
    let written = take(&mut rest, "role");
    let role = written.as_str().unwrap_or_default();
    let lower = role.to_lowercase();
    let known = ["user", "assistant", "tool"].contains(&lower.as_str());
    if known && lower != role {
        rest.insert("role".to_owned(), json!(role));
    }
    let mut parts: Vec<Value> = items(&take(&mut rest, "thinkings")).iter().map(thinking).collect();
    let content = take(&mut rest, "content");
    if content.is_string() {
        parts.push(json!({ "type": "text", "text": content, "extra": {} }));
    }
    for reference in items(&take(&mut rest, "refs")) {
        let mut part = references(reference);
        part.insert("type".to_owned(), json!("reference"));
        parts.push(Value::Object(part));
    }
    let role = if known { lower.as_str() } else { role };
    json!({ "role": role, "parts": parts, "incomplete": false, "extra": rest })
}

fn thinking(thinking: &Value) -> Value {
    let mut rest = object(thinking);
    json!({
        "type": "thinking",
        "title": take(&mut rest, "title"),
        "text": take(&mut rest, "content"),
        "references": items(&take(&mut rest, "refs")).iter().map(references).collect::<Vec<_>>(),
        "extra": rest,
    })
}

fn references(reference: &Value) -> Object {
    let mut rest = object(reference);
    let mut video = object(&take(&mut rest, "video"));
    let id = take(&mut video, "video_no");
    let (name, duration) = (take(&mut video, "video_name"), take(&mut video, "duration"));
    let places: Vec<Value> = items(&take(&mut rest, "refItems"))
        .iter()
        .map(|place| {
            let mut rest = object(place);
            if rest.get("videoNo") == Some(&id) {
                rest.remove("videoNo");
            }
            let seconds = |value: Value| value.as_f64().map_or(Value::Null, |seconds| json!(seconds));
            json!({
                "kind": take(&mut rest, "type"),
                "start_seconds": seconds(take(&mut rest, "startTime")),
                "end_seconds": seconds(take(&mut rest, "endTime")),
                "text": take(&mut rest, "text"),
                "extra": rest,
            })
        })
        .collect();
    if !video.is_empty() {
        rest.insert("video".to_owned(), Value::Object(video));
    }
    object(&json!({
        "resource": { "kind": "video", "id": id },
        "name": name,
        "duration": duration,
        "places": places,
        "extra": rest,
    }))
}

/// The messages of a LlamaCloud session, from its `events`.
pub(super) fn llama_cloud(events: &Value) -> Value {
    let mut messages = Vec::new();
    let mut turn: Vec<&Value> = Vec::new();
    for event in items(events) {
        if kind(event) == "user_input" {
            end_turn(&mut messages, &mut turn);
        }
        turn.push(event);
        if kind(event) == "stop" {
            end_turn(&mut messages, &mut turn);
        }
    }
    end_turn(&mut messages, &mut turn);
    Value::Array(messages)
}

fn kind(event: &Value) -> &str {
    event.get("type").and_then(Value::as_str).unwrap_or_default()
}

fn is_known(event: &Value) -> bool {
    let kinds = [
        "user_input",
        "text",
        "text_delta",
        "thinking",
        "thinking_delta",
        "tool_call",
        "tool_result",
        "stop",
    ];
    kinds.contains(&kind(event))
}

fn end_turn(messages: &mut Vec<Value>, turn: &mut Vec<&Value>) {
    let events = std::mem::take(turn);
    // An event of an unknown kind between two turns begins none.
    let complete =
        events.last().is_none_or(|event| kind(event) == "stop") || !events.iter().any(|event| is_known(event));
    let (user, answer) = match events.split_first() {
        Some((first, rest)) if kind(first) == "user_input" => (Some(*first), rest),
        _ => (None, &events[..]),
    };
    if let Some(user) = user {
        let incomplete = answer.is_empty();
        messages.push(json!({ "role": "user", "parts": [text("text", user)], "incomplete": incomplete, "extra": {} }));
    }
    if !answer.is_empty() {
        let parts = parts(answer);
        messages.push(json!({ "role": "assistant", "parts": parts, "incomplete": !complete, "extra": {} }));
    }
}

fn text(part: &str, event: &Value) -> Value {
    let mut rest = object(event);
    rest.remove("type");
    let content = take(&mut rest, "content");
    if part == "thinking" {
        return json!({ "type": part, "title": null, "text": content, "references": [], "extra": rest });
    }
    json!({ "type": part, "text": content, "extra": rest })
}

fn parts(events: &[&Value]) -> Vec<Value> {
    let has = |whole: &str| events.iter().any(|event| kind(event) == whole);
    let mut parts: Vec<Value> = Vec::new();
    // The place of the part that further fragments of each kind continue.
    let mut open: Map<String, Value> = Map::new();
    for event in events {
        let part = match kind(event) {
            name @ ("text_delta" | "thinking_delta") => {
                let whole = name.trim_end_matches("_delta");
                if has(whole) {
                    continue;
                }
                if let Some(place) = open.get(whole).and_then(Value::as_u64) {
                    let place = usize::try_from(place).unwrap();
                    let joined = format!(
                        "{}{}",
                        parts[place]["text"].as_str().unwrap(),
                        event["content"].as_str().unwrap()
                    );
                    parts[place]["text"] = json!(joined);
                    continue;
                }
                open.insert(whole.to_owned(), json!(parts.len()));
                parts.push(text(whole, event));
                continue;
            }
            whole @ ("text" | "thinking") => text(whole, event),
            "tool_call" => {
                let mut rest = object(event);
                json!({
                    "type": take(&mut rest, "type"),
                    "call_id": take(&mut rest, "call_id"),
                    "name": take(&mut rest, "name"),
                    "arguments": take(&mut rest, "arguments"),
                    "extra": rest,
                })
            }
            "tool_result" => {
                let mut rest = object(event);
                let image = take(&mut rest, "image_attachment");
                let call_id = take(&mut rest, "call_id");
                open.clear();
                parts.push(json!({
                    "type": take(&mut rest, "type"),
                    "call_id": call_id,
                    "name": take(&mut rest, "name"),
                    "result": take(&mut rest, "result"),
                    "extra": rest,
                }));
                if image.is_null() {
                    continue;
                }
                let mut rest = object(&image);
                json!({
                    "type": "attachment",
                    "call_id": call_id,
                    "name": take(&mut rest, "attachment_name"),
                    "source_id": take(&mut rest, "source_id"),
                    "extra": rest,
                })
            }
            "stop" => {
                let mut rest = object(event);
                rest.remove("type");
                let usage = take(&mut rest, "usage");
                let skipped = take(&mut rest, "skipped_index_ids");
                let skipped = skipped.as_array().map_or(Value::Null, |ids| {
                    ids.iter().map(|id| json!({ "kind": "index", "id": id })).collect()
                });
                json!({
                    "type": "end",
                    "is_error": take(&mut rest, "is_error"),
                    "error": take(&mut rest, "error"),
                    "usage": if usage.is_object() { usage_of(&usage) } else { usage },
                    "skipped_resources": skipped,
                    "extra": rest,
                })
            }
            _ => json!({ "type": "other", "kind": event.get("type").and_then(Value::as_str), "value": event }),
        };
        open.clear();
        parts.push(part);
    }
    parts
}

fn usage_of(usage: &Value) -> Value {
    let mut rest = object(usage);
    let duration = take(&mut rest, "duration_ms").as_f64();
    json!({
        "duration_ms": duration,
        "input_tokens": take(&mut rest, "total_input_tokens"),
        "output_tokens": take(&mut rest, "total_output_tokens"),
        "turns": take(&mut rest, "turns"),
        "extra": rest,
    })
}
