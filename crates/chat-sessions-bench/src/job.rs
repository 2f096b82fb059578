//! The job of one process of the bench and its outcome. Both are JSON: the job is an argument, the
//! outcome one line on standard output.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::failure::Failure;

/// The client that lists.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Client {
    /// Written by hand for one list with reqwest and serde, to be as fast as possible.
    Hand,
    /// The same for LlamaCloud, with unknown fields kept, like the facade.
    HandKeeping,
    /// The generated client in a loop.
    Raw,
    /// The same HTTP client, which reads the same bytes and decodes nothing.
    Floor,
    /// The crate `chat-sessions`.
    Facade,
}

/// The list to read.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum List {
    LlamaCloud,
    MemoriesAi,
    /// Both merged, which only the facade does.
    Both,
}

/// The facade's order.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Order {
    #[default]
    Arrival,
    Source,
    Newest,
}

/// What to do with the list.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Task {
    /// Reads it to its end, once.
    #[default]
    Walk,
    /// Requests its first page this many times over a warm connection; the outcome has the median.
    RoundTrip { times: u32 },
    /// Requests the facade's first session and the floor's first page in turns, this many times
    /// over warm connections. The outcome has the median of the differences.
    First { times: u32 },
    /// Reads one session with its messages this many times over a warm connection, in turns with the
    /// floor and the decoder of the raw types. The outcome has the median of the facade's time from the
    /// arrival of the body on, and beside it the median of the decoder.
    Decode { session: u64, times: u32 },
    /// Reads this many sessions with their messages, with as many requests in flight; the facade.
    Transcripts { sessions: u64, in_flight: usize },
    /// The same for the sessions of the list.
    TranscriptsOfList { in_flight: usize },
}

/// The runtime that drives the client.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Runtime {
    /// One thread. Every client here is faster with it, because the thread that needs a response
    /// also reads it.
    #[default]
    CurrentThread,
    /// Two worker threads.
    MultiThread,
}

/// `Job` describes the work of one process.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Job {
    pub(crate) client: Client,
    pub(crate) list: List,
    /// The server's base URL, filled in when the job runs.
    #[serde(default)]
    pub(crate) url: String,
    #[serde(default)]
    pub(crate) task: Task,
    #[serde(default)]
    pub(crate) order: Order,
    /// LlamaCloud only; the client's default if it is missing.
    #[serde(default)]
    pub(crate) page_size: Option<u32>,
    /// The number of prefetched pages or, for the hand-written client and the floor, of parallel
    /// requests; the client's default if it is missing.
    #[serde(default)]
    pub(crate) read_ahead: Option<u32>,
    #[serde(default)]
    pub(crate) limit: Option<u64>,
    /// How long the consumer waits after every page, in milliseconds, as if it stored the sessions.
    #[serde(default)]
    pub(crate) work_ms: u64,
    #[serde(default)]
    pub(crate) http2: bool,
    #[serde(default)]
    pub(crate) runtime: Runtime,
}

impl Job {
    pub(crate) fn new(client: Client, list: List) -> Self {
        Self {
            client,
            list,
            url: String::new(),
            task: Task::default(),
            order: Order::default(),
            page_size: None,
            read_ahead: None,
            limit: None,
            work_ms: 0,
            http2: false,
            runtime: Runtime::default(),
        }
    }

    pub(crate) fn page_size(mut self, sessions: u32) -> Self {
        self.page_size = Some(sessions);
        self
    }

    pub(crate) fn read_ahead(mut self, pages: u32) -> Self {
        self.read_ahead = Some(pages);
        self
    }

    pub(crate) fn order(mut self, order: Order) -> Self {
        self.order = order;
        self
    }

    pub(crate) fn task(mut self, task: Task) -> Self {
        self.task = task;
        self
    }
}

impl FromStr for Job {
    type Err = Failure;

    fn from_str(text: &str) -> Result<Self, Failure> {
        serde_json::from_str(text).map_err(|error| format!("invalid job: {error}. A job is JSON such as {{\"client\":\"facade\",\"list\":\"llama-cloud\",\"url\":\"http://127.0.0.1:PORT\"}}.").into())
    }
}

/// `Outcome` is the result of a job.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub(crate) struct Outcome {
    /// From the first request to the end of the list, in seconds; for the other tasks, the median.
    pub(crate) seconds: f64,
    /// The CPU time of the client's process in that time, in seconds.
    pub(crate) cpu: f64,
    /// What `seconds` and `cpu` are compared with, if it was measured in the same process.
    pub(crate) base: Option<Base>,
    /// The peak memory of the process, in KiB.
    pub(crate) peak_kib: u64,
    pub(crate) tally: Tally,
}

/// What the time of a task is compared with: both values are medians in seconds.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Serialize)]
pub(crate) struct Base {
    pub(crate) seconds: f64,
    pub(crate) cpu: f64,
}

/// `Tally` summarises the sessions of a list, to compare clients: two that did the same work have
/// the same tally.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
pub(crate) struct Tally {
    pub(crate) sessions: u64,
    /// The exclusive or of the hashes of the ids, independent of their order.
    pub(crate) ids: u64,
    /// The sum of the times in milliseconds, if the client parses them.
    pub(crate) times: Option<i64>,
    /// Bytes of the titles.
    pub(crate) titles: u64,
    /// Bytes of the ids of the indexes.
    pub(crate) sources: u64,
    /// The sum of the input tokens of the last runs.
    pub(crate) tokens: u64,
    /// Bytes of the texts of messages.
    pub(crate) texts: u64,
    /// The bytes of the bodies, if the client sees them.
    pub(crate) bytes: Option<u64>,
}

impl Tally {
    /// Counts one session.
    pub(crate) fn session<'a>(
        &mut self,
        id: &str,
        title: Option<&str>,
        sources: impl IntoIterator<Item = &'a str>,
        tokens: Option<u64>,
    ) {
        self.sessions += 1;
        self.ids ^= hash(id);
        self.titles += title.map_or(0, |title| title.len() as u64);
        self.sources += sources.into_iter().map(|id| id.len() as u64).sum::<u64>();
        self.tokens += tokens.unwrap_or_default();
    }

    /// Counts the time of a session, so that the compiler cannot skip the parsing.
    pub(crate) fn time(&mut self, milliseconds: i64) {
        let sum = self.times.get_or_insert(0);
        *sum = sum.wrapping_add(milliseconds);
    }

    pub(crate) fn body(&mut self, bytes: usize) {
        *self.bytes.get_or_insert(0) += bytes as u64;
    }

    /// Whether two clients did the same work, in everything that both of them report.
    pub(crate) fn agrees_with(&self, other: &Self) -> bool {
        let work = |one: &Self| (one.sessions, one.ids, one.titles, one.sources, one.tokens);
        let times = self.times.zip(other.times).is_none_or(|(one, two)| one == two);
        times && work(self) == work(other)
    }
}

/// 64-bit FNV-1a: cheap, and the same in every client.
fn hash(id: &str) -> u64 {
    id.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    })
}

#[cfg(test)]
mod tests {
    use super::{Client, Job, List, Tally, hash};

    #[test]
    fn a_job_reads_back_from_its_json_and_a_short_one_has_defaults() {
        let job = Job::new(Client::Facade, List::Both).page_size(100).read_ahead(16);
        assert_eq!(serde_json::to_string(&job).unwrap().parse::<Job>().unwrap(), job);
        let short: Job = r#"{"client":"hand","list":"llama-cloud"}"#.parse().unwrap();
        assert_eq!(short, Job::new(Client::Hand, List::LlamaCloud));
        assert!("{}".parse::<Job>().is_err());
    }

    #[test]
    fn the_hash_is_the_published_one() {
        // The test vectors of FNV's authors.
        assert_eq!(hash(""), 0xcbf2_9ce4_8422_2325);
        assert_eq!(hash("a"), 0xaf63_dc4c_8601_ec8c);
        assert_eq!(hash("foobar"), 0x8594_4171_f739_67e8);
    }

    #[test]
    fn tallies_agree_in_any_order_and_not_without_a_session() {
        let mut forth = Tally::default();
        let mut back = Tally::default();
        for id in ["1", "2", "3"] {
            forth.session(id, Some("title"), ["idx"], Some(7));
        }
        for id in ["3", "2", "1"] {
            back.session(id, Some("title"), ["idx"], Some(7));
        }
        assert!(forth.agrees_with(&back));
        forth.time(5);
        assert!(forth.agrees_with(&back), "a client that parses no times agrees");
        back.time(6);
        assert!(!forth.agrees_with(&back));
        assert!(!back.agrees_with(&Tally::default()));
    }
}
