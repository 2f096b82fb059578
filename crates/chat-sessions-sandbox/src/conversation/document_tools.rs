//! The calls of tools in a LlamaCloud session, and their results.

use serde_json::{Value, json};

use crate::{
    conversation::{
        Conversation,
        document_events::{Event, ImageAttachment, ToolCall, ToolResult},
        passages::{self, Style},
        questions::turn_numbers,
    },
    data::{documents::DocumentSession, rng::SplitMix64},
};

/// Adds the calls of one turn, each followed by its result.
pub(crate) fn add_calls(
    events: &mut Vec<Event>,
    rng: &mut SplitMix64,
    session: &DocumentSession,
    turn: usize,
    special: Option<&str>,
) {
    match session.kind {
        Conversation::ToolResults => {
            for result in results_of_every_type() {
                let name = rng.choose(TOOLS).to_owned();
                add_call(events, rng, session, name, result, None);
            }
        }
        Conversation::Attachments => {
            for attachment in attachments(rng, turn) {
                let result = page(rng, None);
                add_call(events, rng, session, "read_page".to_owned(), result, attachment);
            }
        }
        _ => {
            for _ in 0..rng.between(0, 2) {
                let name = rng.choose(TOOLS).to_owned();
                let result = match rng.below(3) {
                    0 => json!(passages::short_answer(rng, Style::Document)),
                    1 => page(rng, special),
                    _ => json!([page(rng, special), page(rng, None)]),
                };
                let attachment = match rng.below(4) {
                    0 => Some(None),
                    1 => Some(Some(image(rng))),
                    _ => None,
                };
                add_call(events, rng, session, name, result, attachment);
            }
        }
    }
}

const TOOLS: &[&str] = &["retrieve", "read_page", "list_documents", "grep"];

fn add_call(
    events: &mut Vec<Event>,
    rng: &mut SplitMix64,
    session: &DocumentSession,
    name: String,
    result: Value,
    image_attachment: Option<Option<ImageAttachment>>,
) {
    let call_id = call_id(rng);
    let arguments = match rng.below(4) {
        0 => json!({}),
        1 => json!({ "index_ids": indexes(session), "filters": null, "page": rng.between(1, 300) }),
        _ => json!({
            "query": passages::short_answer(rng, Style::Document),
            "index_ids": indexes(session),
            "top_k": rng.between(1, 30),
            "rerank": rng.ratio(1, 2),
            "min_score": rng.below(100) as f64 / 100.0,
        }),
    };
    events.push(Event::ToolCall(ToolCall {
        call_id: call_id.clone(),
        name: name.clone(),
        arguments,
    }));
    events.push(Event::ToolResult(ToolResult {
        call_id,
        name,
        result,
        image_attachment,
    }));
}

pub(crate) fn call_id(rng: &mut SplitMix64) -> String {
    format!("call_{}", rng.alphanumeric(16))
}

/// The indexes that a session queries: its own, or one that its messages name if it is bound to
/// none.
pub(crate) fn indexes(session: &DocumentSession) -> Vec<String> {
    match &session.index_ids {
        Some(index_ids) if !index_ids.is_empty() => index_ids.clone(),
        _ => vec![format!(
            "idx-{}",
            turn_numbers(&session.id, usize::MAX - 1).alphanumeric(8)
        )],
    }
}

/// What a tool found on a page.
fn page(rng: &mut SplitMix64, special: Option<&str>) -> Value {
    let text = special.map_or_else(|| passages::short_answer(rng, Style::Document), str::to_owned);
    json!({
        "text": text,
        "score": rng.below(1_000_000) as f64 / 1_000_000.0,
        "metadata": { "page_label": rng.between(1, 300).to_string(), "file_name": rng.choose(FILES), "bbox": null },
    })
}

const FILES: &[&str] = &[
    "report-2025.pdf",
    "Vertrag (final).docx",
    "第3四半期.xlsx",
    "scan 0012.tif",
];

fn image(rng: &mut SplitMix64) -> ImageAttachment {
    ImageAttachment {
        attachment_name: format!("page_{}.png", rng.between(1, 300)),
        source_id: format!("dfl-{}", rng.alphanumeric(12)),
    }
}

/// A screenshot, null and no such field, in an order that depends on the turn.
fn attachments(rng: &mut SplitMix64, turn: usize) -> [Option<Option<ImageAttachment>>; 3] {
    let mut attachments = [Some(Some(image(rng))), Some(None), None];
    attachments.rotate_left(turn % 3);
    attachments
}

/// How many arrays are in each other in the deepest result. Common parsers allow some 128 levels,
/// and the response adds a few.
const DEPTH: usize = 90;

/// Results of every JSON type, with values that careless clients change or drop.
fn results_of_every_type() -> Vec<Value> {
    let deep = (0..DEPTH).fold(json!("deep"), |inner, _| json!([inner]));
    vec![
        Value::Null,
        json!(true),
        json!(false),
        json!(0),
        json!(-1),
        json!(u64::MAX),
        json!(i64::MIN),
        json!(9_007_199_254_740_993_u64),
        json!(1.5),
        json!(1e300),
        json!(-0.0),
        json!(5.0),
        json!(""),
        json!("plain text"),
        json!("{\"json\": \"in a string\"}"),
        json!([]),
        json!([null, [], {}, "mixed", 1, [[]]]),
        json!({}),
        json!({ "": null, "type": "text", "content": "This looks like an event.", "ключ": { "emoji 🎬": [1, 2.5, "3"] } }),
        deep,
    ]
}
