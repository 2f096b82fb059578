//! Requests pages before they are needed, where that is safe and useful.

use crate::pagination::page_fetch::PageFetch;
use crate::pagination::source_walk::{SourceWalk, State};
use crate::source::{PageRequest, Position};

impl SourceWalk {
    /// Requests the pages after the next one, as many as are allowed and can be of use.
    pub(super) fn start_prefetching(&mut self, wanted: Option<u64>) {
        if !matches!(self.state, State::Open) {
            return;
        }
        let wanted = wanted.map(|wanted| wanted.saturating_sub(self.waiting.as_slice().len() as u64));
        let none_in_flight = self.fetches.is_empty();
        match self.walk.position().clone() {
            Position::Start => {}
            token @ Position::Token(_) => {
                if self.options.read_ahead.unwrap_or(1) > 0 && self.fetches.is_empty() && wanted != Some(0) {
                    let request = self.request(token);
                    self.prefetch(request);
                }
            }
            Position::Page(next) => {
                let size = self.walk.page_step();
                let useful = wanted.map_or(u64::MAX, |wanted| wanted.div_ceil(size));
                let most = u64::from(self.options.read_ahead.unwrap_or(0)).min(useful);
                let last = self.walk.last_page().unwrap_or(u64::MAX);
                while (self.fetches.len() as u64) < most {
                    let number = next + self.fetches.len() as u64;
                    if number > last {
                        break;
                    }
                    let request = self.request(Position::Page(number));
                    if !self.prefetch(request) {
                        break;
                    }
                }
            }
        }
        self.prefetch_unsent = none_in_flight && !self.fetches.is_empty();
    }

    /// Requests a page early. Returns false if the page limit or the lack of a runtime prevents it.
    fn prefetch(&mut self, request: PageRequest) -> bool {
        let fetch = if self.may_request() {
            PageFetch::spawn(&self.fetcher, request)
        } else {
            None
        };
        let spawned = fetch.is_some();
        self.pages_requested += u64::from(spawned);
        self.fetches.extend(fetch);
        spawned
    }
}
