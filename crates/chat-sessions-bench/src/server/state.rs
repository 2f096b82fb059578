//! The state that all connections of the server share: the pages, the latency and the counters.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use super::pages::{Asked, Pages};

/// The state that all connections share.
#[derive(Debug)]
pub(super) struct State {
    pub(super) pages: Pages,
    pub(super) compressed: HashMap<Asked, Vec<u8>>,
    pub(super) latency: Duration,
    pub(super) requests: AtomicU64,
    pub(super) bytes: AtomicU64,
}

impl State {
    /// Creates the pages of this many sessions per provider. Each response is delayed by the
    /// latency.
    pub(super) fn new(llama_cloud: usize, memories_ai: usize, latency: Duration) -> Self {
        let pages = Pages::new(llama_cloud, memories_ai);
        Self {
            compressed: compressed(&pages),
            pages,
            latency,
            requests: AtomicU64::new(0),
            bytes: AtomicU64::new(0),
        }
    }

    pub(super) fn count_request(&self) {
        self.requests.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn count_bytes(&self, bytes: usize) {
        self.bytes.fetch_add(bytes as u64, Ordering::Relaxed);
    }
}

/// Compresses the bodies in advance, so that this costs no processor time during the run.
#[cfg(feature = "gzip")]
fn compressed(pages: &Pages) -> HashMap<Asked, Vec<u8>> {
    use std::io::Write as _;

    let compress = |body: &[u8]| {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
        // Writing to memory does not fail; a body that is not here is sent uncompressed.
        encoder.write_all(body).and_then(|()| encoder.finish()).ok()
    };
    let bodies = pages.usual();
    bodies
        .filter_map(|asked| Some((asked, compress(&pages.page(asked).joined())?)))
        .collect()
}

#[cfg(not(feature = "gzip"))]
fn compressed(_: &Pages) -> HashMap<Asked, Vec<u8>> {
    HashMap::new()
}
