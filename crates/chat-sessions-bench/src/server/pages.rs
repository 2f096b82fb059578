//! The pages, created in advance: the items of both lists as JSON, one after the other. A page of
//! any size is a slice of them between two short texts. `transcripts` has the bodies about single
//! sessions.

use std::fmt::Write as _;

use super::items::Items;
use super::page::Page;
use super::transcripts::Transcripts;

/// The epoch of Memories.ai's ids, 2021-01-01, in milliseconds since 1970; the bits of an id above
/// the lowest 22 hold the milliseconds since then.
const ID_EPOCH: u64 = 1_609_459_200_000;
/// The creation time of the newest session, 2026-04-22T12:34:41, in milliseconds since 1970.
const NEWEST: u64 = 1_776_861_281_000;
/// The page size of Memories.ai, from its example.
const MEMORIES_AI_PAGE: usize = 20;
/// The default page size of LlamaCloud; its documentation has none, and the sandbox uses the same.
const LLAMA_CLOUD_PAGE: usize = 50;
/// The maximum page size, as documented for LlamaCloud's sibling endpoints; larger ones are lowered
/// to it.
const LARGEST_PAGE: usize = 1000;

const TITLES: [&str; 8] = [
    "Identify common objects across all videos.",
    "What were the main findings in Q3?...",
    "Summarize the meeting and list who is responsible for what until when...",
    "111",
    "What sports games have been on recently, and what were the results?",
    "Vergleiche die Verträge „A“ und „B“ und nenne alle Unterschiede...",
    "Wo steht, dass die Kündigungsfrist drei Monate beträgt?",
    "Compare the \\\"before\\\" and \\\"after\\\" tables on page 7...",
];

/// `Asked` is the requested page of one of the two lists, or one session.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub(crate) enum Asked {
    /// The index of the first session, and the page size.
    LlamaCloud {
        from: usize,
        size: usize,
    },
    /// The page number, starting at 1.
    MemoriesAi {
        page: usize,
    },
    /// The number in the id.
    LlamaCloudSession {
        id: u64,
    },
    MemoriesAiSession {
        id: u64,
    },
}

impl Asked {
    /// Parses the target of a request, in the form that our clients send.
    pub(crate) fn read(target: &str) -> Option<Self> {
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
        match path {
            "/api/v1/chat" => {
                let (mut from, mut size) = (0, LLAMA_CLOUD_PAGE);
                for (name, value) in pairs {
                    match name {
                        "page_size" => size = value.parse().ok().filter(|size| *size > 0)?,
                        "page_token" => from = value.strip_prefix("from-")?.parse().ok()?,
                        _ => return None,
                    }
                }
                let size = size.min(LARGEST_PAGE);
                Some(Self::LlamaCloud { from, size })
            }
            "/serve/api/v1/list_sessions" => {
                let page = pairs
                    .try_fold(1, |page, (name, value)| match name {
                        "page" => value.parse().ok(),
                        "unique_id" => Some(page),
                        _ => None,
                    })
                    .filter(|page| *page > 0)?;
                Some(Self::MemoriesAi { page })
            }
            "/serve/api/v1/get_session_detail" => {
                let id = pairs.find(|(name, _)| *name == "session_id")?.1.parse().ok()?;
                Some(Self::MemoriesAiSession { id })
            }
            _ => {
                let id = path.strip_prefix("/api/v1/chat/ses-")?;
                let id = u64::from_str_radix(id, 16).ok()?;
                Some(Self::LlamaCloudSession { id })
            }
        }
    }
}

/// `Pages` holds both lists and the sessions.
#[derive(Debug)]
pub(crate) struct Pages {
    llama_cloud: Items,
    memories_ai: Items,
    transcripts: Transcripts,
}

impl Pages {
    /// Creates both lists, which are always the same.
    pub(crate) fn new(llama_cloud: usize, memories_ai: usize) -> Self {
        let mut random = fastrand::Rng::with_seed(20_261_125);
        Self {
            llama_cloud: Items::new(llama_cloud, 400, |text, index| {
                llama_cloud_item(text, index, &mut random);
            }),
            memories_ai: Items::new(memories_ai, 100, memories_ai_item),
            transcripts: Transcripts::new(),
        }
    }

    pub(crate) fn page(&self, asked: Asked) -> Page<'_> {
        match asked {
            Asked::LlamaCloud { from, size } => {
                let next = from.saturating_add(size);
                Page {
                    before: "{\"items\":[".to_owned(),
                    items: self.llama_cloud.slice(from, size),
                    after: if next < self.llama_cloud.len() {
                        format!("],\"next_page_token\":\"from-{next}\"}}")
                    } else {
                        "]}".to_owned()
                    },
                }
            }
            Asked::MemoriesAi { page } => Page {
                before: "{\"code\":\"0000\",\"msg\":\"success\",\"data\":{\"sessions\":[".to_owned(),
                items: self
                    .memories_ai
                    .slice((page - 1).saturating_mul(MEMORIES_AI_PAGE), MEMORIES_AI_PAGE),
                after: format!(
                    "],\"current_page\":{page},\"page_size\":{MEMORIES_AI_PAGE},\"total_count\":\"{}\"}},\"success\":true,\"failed\":false}}",
                    self.memories_ai.len()
                ),
            },
            Asked::LlamaCloudSession { id } => self.transcripts.llama_cloud(id),
            Asked::MemoriesAiSession { id } => self.transcripts.memories_ai(id),
        }
    }

    /// Every page of a walk with a page size of 100; these can be compressed in advance.
    #[cfg(feature = "gzip")]
    pub(crate) fn usual(&self) -> impl Iterator<Item = Asked> {
        let size = 100;
        let llama_cloud = (0..self.llama_cloud.len()).step_by(size);
        let memories_ai = 1..=self.memories_ai.len() / MEMORIES_AI_PAGE + 1;
        llama_cloud
            .map(move |from| Asked::LlamaCloud { from, size })
            .chain(memories_ai.map(|page| Asked::MemoriesAi { page }))
    }
}

/// An item with every field in LlamaCloud's reference page.
fn llama_cloud_item(text: &mut String, index: u64, random: &mut fastrand::Rng) {
    let micros = NEWEST * 1000 - index * 61_345_677 % 100_000_000_000_000 + random.u64(0..1_000_000);
    let time = jiff::Timestamp::from_microsecond(i64::try_from(micros).unwrap_or_default()).unwrap_or_default();
    let time = time.to_zoned(jiff::tz::TimeZone::UTC).datetime();
    let title = match index % 20 {
        0 => "null".to_owned(),
        _ => format!("\"{}\"", TITLES[(index % 8) as usize]),
    };
    // Writing to a string does not fail.
    let _ = write!(
        text,
        "{{\"last_updated_at\":\"{time:.6}\",\"session_id\":\"ses-{:012x}\",\"generated_title\":{title},\"index_ids\":[\"idx-{:08x}\",\"idx-{:08x}\"],\"job_metadata\":{{\"duration_ms\":{}.{},\"error\":{},\"export_config_ids\":[\"cfg-{:06x}\"],\"is_error\":{},\"total_input_tokens\":{},\"total_output_tokens\":{},\"turns\":{}}}}}",
        random.u64(0..1 << 20) << 28 | index,
        random.u32(..),
        random.u32(..),
        random.u32(800..60_000),
        random.u32(1..9),
        if index % 50 == 49 {
            "\"The model did not answer in time.\""
        } else {
            "null"
        },
        random.u32(0..1 << 24),
        index % 50 == 49,
        random.u32(200..90_000),
        random.u32(20..4_000),
        random.u32(1..12),
    );
}

/// An item like those in Memories.ai's example and captured responses; every session is 9 seconds
/// older than the previous one.
fn memories_ai_item(text: &mut String, index: u64) {
    let id = (NEWEST - ID_EPOCH - index * 9_000) << 22 | (index % 4096);
    let title = TITLES[(index % 8) as usize];
    // Writing to a string does not fail.
    let _ = write!(text, "{{\"sessionId\":\"{id}\",\"title\":\"{title}\"}}");
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::{Asked, Pages};

    fn body(pages: &Pages, target: &str) -> Value {
        let page = pages.page(Asked::read(target).unwrap());
        let joined = page.joined();
        assert_eq!(joined.len(), page.len());
        serde_json::from_slice(&joined).unwrap()
    }

    #[test]
    fn targets_of_our_clients_are_read_and_others_are_not() {
        let llama_cloud = |from, size| Some(Asked::LlamaCloud { from, size });
        let memories_ai = |page| Some(Asked::MemoriesAi { page });
        for (target, asked) in [
            ("/api/v1/chat", llama_cloud(0, 50)),
            ("/api/v1/chat?page_size=100", llama_cloud(0, 100)),
            (
                "/api/v1/chat?page_size=100&page_token=from-1700",
                llama_cloud(1700, 100),
            ),
            ("/api/v1/chat?page_size=5000", llama_cloud(0, 1000)),
            ("/api/v1/chat?page_size=0", None),
            ("/api/v1/chat?page_token=17", None),
            ("/api/v1/chat?order=asc", None),
            ("/serve/api/v1/list_sessions?page=3&unique_id=default", memories_ai(3)),
            ("/serve/api/v1/list_sessions?unique_id=default", memories_ai(1)),
            ("/serve/api/v1/list_sessions?page=0", None),
            (
                "/api/v1/chat/ses-0000000000ff",
                Some(Asked::LlamaCloudSession { id: 255 }),
            ),
            ("/api/v1/chat/ses-", None),
            (
                "/serve/api/v1/get_session_detail?sessionId=7&session_id=7&unique_id=default",
                Some(Asked::MemoriesAiSession { id: 7 }),
            ),
            ("/serve/api/v1/get_session_detail?session_id=x", None),
            ("/", None),
        ] {
            assert_eq!(Asked::read(target), asked, "{target}");
        }
    }

    #[test]
    fn pages_of_llama_cloud_follow_each_other_to_the_end() {
        let pages = Pages::new(250, 0);
        let first = body(&pages, "/api/v1/chat?page_size=100");
        assert_eq!(first["items"].as_array().unwrap().len(), 100);
        assert_eq!(first["next_page_token"], "from-100");
        let item = &first["items"][1];
        assert_eq!(
            item["last_updated_at"].as_str().unwrap().len(),
            "2026-04-22T12:34:41.342245".len()
        );
        assert!(item["job_metadata"]["duration_ms"].is_f64());
        let last = body(&pages, "/api/v1/chat?page_size=100&page_token=from-200");
        assert_eq!(last["items"].as_array().unwrap().len(), 50);
        assert_eq!(last.get("next_page_token"), None);
    }

    #[test]
    fn pages_of_memories_ai_count_and_descend() {
        let pages = Pages::new(0, 45);
        let ids: Vec<u64> = (1..=4)
            .flat_map(|page| {
                let body = body(
                    &pages,
                    &format!("/serve/api/v1/list_sessions?page={page}&unique_id=default"),
                );
                assert_eq!(body["data"]["total_count"], "45");
                assert_eq!(body["data"]["current_page"], page);
                let sessions = body["data"]["sessions"].as_array().unwrap().clone();
                sessions
                    .into_iter()
                    .map(|session| session["sessionId"].as_str().unwrap().parse().unwrap())
            })
            .collect();
        assert_eq!(ids.len(), 45);
        assert!(ids.is_sorted_by(|one, next| one > next));
    }
}
