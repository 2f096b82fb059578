//! The transcripts, created in advance: turns of both providers as JSON, one after the other. The id
//! of a session says how many of them it has.

use std::fmt::Write as _;

use super::items::Items;
use super::page::Page;

/// The session with one text of two megabytes.
pub(crate) const ONE_TEXT: u64 = 1;
/// The session with [`TURNS`] turns, two megabytes together.
pub(crate) const MANY_TURNS: u64 = 2;
/// The first session of usual size.
pub(crate) const FIRST_USUAL: u64 = 1_000;

/// The turns of the longest session.
const TURNS: usize = 500;
/// Sessions of usual size have 1 to this many turns.
const MOST_USUAL: u64 = 20;
/// The size of the one text, and of all turns together.
const BYTES: usize = 2_000_000;

/// Text as JSON, with the escapes of an ordinary answer.
const PARAGRAPHS: [&str; 5] = [
    "The contract ends on 31 March. It is renewed for a year unless one side gives notice three months before, in writing.\\n\\n",
    "## What changed\\n\\n| table | before | after |\\n|---|---|---|\\n| page 7 | \\\"12.4 %\\\" | \\\"11.9 %\\\" |\\n\\n",
    "```rust\\nlet total: u64 = rows.iter().map(|row| row.amount).sum();\\nprintln!(\\\"{total}\\\");\\n```\\n",
    "Die Kündigungsfrist beträgt drei Monate; sie beginnt „am Monatsende“. 契約は三か月前に解約できます。 🙂\\n",
    "1. Find the clause.\\n2. Compare it with the other contract.\\n3. Say where they differ, and quote both places.\\n",
];

/// `Transcripts` holds the turns of both providers and the one text.
#[derive(Debug)]
pub(crate) struct Transcripts {
    llama_cloud: Items,
    memories_ai: Items,
    llama_cloud_text: Items,
    memories_ai_text: Items,
}

impl Transcripts {
    /// Creates all of them, which are always the same.
    pub(crate) fn new() -> Self {
        let turn = BYTES / TURNS;
        let text = text(BYTES);
        Self {
            llama_cloud: Items::new(TURNS, turn, llama_cloud_turn),
            memories_ai: Items::new(TURNS, turn, memories_ai_turn),
            llama_cloud_text: Items::new(1, BYTES, |json, _| {
                let _ = write!(json, "{{\"type\":\"text\",\"content\":\"{text}\"}}");
            }),
            memories_ai_text: Items::new(1, BYTES, |json, _| {
                let _ = write!(json, "{{\"role\":\"assistant\",\"content\":\"{text}\"}}");
            }),
        }
    }

    pub(crate) fn llama_cloud(&self, id: u64) -> Page<'_> {
        let (items, count) = choose(id, &self.llama_cloud, &self.llama_cloud_text);
        Page {
            before: format!(
                "{{\"session_id\":\"{}\",\"generated_title\":\"Compare both contracts...\",\"index_ids\":[\"idx-0000002a\"],\"job_metadata\":null,\"last_updated_at\":\"2026-04-22T12:34:41.342245\",\"shared_access\":null,\"events\":[",
                llama_cloud_id(id)
            ),
            items: items.slice(0, count),
            after: "]}".to_owned(),
        }
    }

    pub(crate) fn memories_ai(&self, id: u64) -> Page<'_> {
        let (items, count) = choose(id, &self.memories_ai, &self.memories_ai_text);
        Page {
            before: format!(
                "{{\"code\":\"0000\",\"msg\":\"success\",\"data\":{{\"session_id\":\"{id}\",\"title\":\"Compare both videos\",\"messages\":["
            ),
            items: items.slice(0, count),
            after: "]},\"success\":true,\"failed\":false}".to_owned(),
        }
    }
}

/// The id of a LlamaCloud session; Memories.ai's is the number itself.
pub(crate) fn llama_cloud_id(number: u64) -> String {
    format!("ses-{number:012x}")
}

/// Where the items of a session are, and how many it has.
fn choose<'a>(id: u64, turns: &'a Items, one_text: &'a Items) -> (&'a Items, usize) {
    match id {
        ONE_TEXT => (one_text, 1),
        MANY_TURNS => (turns, TURNS),
        id => (turns, (id % MOST_USUAL) as usize + 1),
    }
}

/// A text of this many bytes or slightly more, as JSON without quotation marks.
fn text(bytes: usize) -> String {
    let mut text = String::with_capacity(bytes + 200);
    for paragraph in PARAGRAPHS.iter().cycle() {
        if text.len() >= bytes {
            break;
        }
        text += paragraph;
    }
    text
}

/// A turn with every kind of event. In every fifth one the answer comes in fragments too.
fn llama_cloud_turn(json: &mut String, index: u64) {
    let (question, thought, answer) = (PARAGRAPHS[(index % 5) as usize], text(600), text(1_600));
    // Writing to a string does not fail.
    let _ = write!(
        json,
        "{{\"type\":\"user_input\",\"content\":\"{question}\"}},{{\"type\":\"thinking\",\"content\":\"{thought}\"}},{{\"type\":\"tool_call\",\"call_id\":\"call_{index:08x}\",\"name\":\"retrieve\",\"arguments\":{{\"query\":\"{question}\",\"top_k\":3,\"index_ids\":[\"idx-0000002a\"]}}}},{{\"type\":\"tool_result\",\"call_id\":\"call_{index:08x}\",\"name\":\"retrieve\",\"result\":["
    );
    for (place, passage) in PARAGRAPHS.iter().take(3).enumerate() {
        let comma = if place == 0 { "" } else { "," };
        let _ = write!(
            json,
            "{comma}{{\"text\":\"{passage}\",\"score\":0.8{index},\"page\":{place},\"file_name\":\"contract.pdf\"}}"
        );
    }
    json.push_str("],\"image_attachment\":null},");
    if index.is_multiple_of(5) {
        for piece in PARAGRAPHS.iter().cycle().take(15) {
            let _ = write!(json, "{{\"type\":\"text_delta\",\"content\":\"{piece}\"}},");
        }
    }
    let _ = write!(
        json,
        "{{\"type\":\"text\",\"content\":\"{answer}\"}},{{\"type\":\"stop\",\"is_error\":false,\"error\":null,\"usage\":{{\"duration_ms\":1{index}.5,\"total_input_tokens\":9{index},\"total_output_tokens\":{index},\"turns\":2}},\"skipped_index_ids\":null}}"
    );
}

/// A question, and an answer with a thinking and references.
fn memories_ai_turn(json: &mut String, index: u64) {
    let (question, thought, answer) = (PARAGRAPHS[(index % 5) as usize], text(900), text(1_600));
    let references = |json: &mut String, videos: u64| {
        for video in 0..videos {
            let comma = if video == 0 { "" } else { "," };
            let _ = write!(
                json,
                "{comma}{{\"video\":{{\"video_no\":\"VI6061403569245347{video:02}\",\"video_name\":\"lisbon_tram_28.mp4\",\"duration\":\"{index}\"}},\"refItems\":[{{\"videoNo\":\"VI6061403569245347{video:02}\",\"startTime\":{index}.5,\"type\":\"keyframe\"}},{{\"videoNo\":\"VI6061403569245347{video:02}\",\"startTime\":{index},\"endTime\":1{index},\"type\":\"visual_ts\",\"text\":\"{question}\"}}]}}"
            );
        }
    };
    let _ = write!(
        json,
        "{{\"role\":\"user\",\"content\":\"{question}\"}},{{\"role\":\"assistant\",\"content\":\"{answer}\",\"thinkings\":[{{\"title\":\"Information Retrieval\",\"content\":\"{thought}\",\"refs\":["
    );
    references(json, 1);
    json.push_str("]}],\"refs\":[");
    references(json, 2);
    json.push_str("]}");
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::{FIRST_USUAL, MANY_TURNS, ONE_TEXT, Transcripts};

    fn bodies(id: u64) -> [(usize, Value); 2] {
        let transcripts = Transcripts::new();
        [transcripts.llama_cloud(id), transcripts.memories_ai(id)].map(|page| {
            let joined = page.joined();
            (joined.len(), serde_json::from_slice(&joined).unwrap())
        })
    }

    fn lengths(id: u64) -> [usize; 2] {
        let [(_, llama_cloud), (_, memories_ai)] = bodies(id);
        let length = |list: &Value| list.as_array().unwrap().len();
        [length(&llama_cloud["events"]), length(&memories_ai["data"]["messages"])]
    }

    #[test]
    fn the_two_large_sessions_have_two_megabytes() {
        for id in [ONE_TEXT, MANY_TURNS] {
            for (bytes, body) in bodies(id) {
                assert!((1_900_000..2_300_000).contains(&bytes), "{id}: {bytes} bytes");
                assert!(body.is_object());
            }
        }
        assert_eq!(lengths(ONE_TEXT), [1, 1]);
        assert_eq!(lengths(MANY_TURNS)[1], 1_000);
    }

    #[test]
    fn usual_sessions_have_different_sizes() {
        assert_eq!(lengths(FIRST_USUAL)[1], 2);
        assert_eq!(lengths(FIRST_USUAL + 19)[1], 40);
        assert_eq!(lengths(FIRST_USUAL + 20)[1], 2);
    }

    #[test]
    fn a_session_has_the_id_that_was_requested() {
        let [(_, llama_cloud), (_, memories_ai)] = bodies(0x2a_00ff);
        assert_eq!(llama_cloud["session_id"], "ses-0000002a00ff");
        assert_eq!(memories_ai["data"]["session_id"], (0x2a_00ff).to_string());
    }
}
