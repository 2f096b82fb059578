//! Requests pages before their turn, where that is safe and useful.

use crate::pagination::page_fetch::Flight;
use crate::pagination::source_walk::{Lane, State};
use crate::source::{PageRequest, Position};

impl Lane {
    /// Asks for the pages behind the one whose turn is next, as many as are legal and can be of use.
    pub(super) fn look_ahead(&mut self, wanted: Option<u64>) {
        if !matches!(self.state, State::Open) {
            return;
        }
        let wanted = wanted.map(|wanted| wanted.saturating_sub(self.waiting.as_slice().len() as u64));
        let none_under_way = self.flights.is_empty();
        match self.walk.position().clone() {
            Position::Start => {}
            token @ Position::Token(_) => {
                if self.policy.read_ahead.unwrap_or(1) > 0 && self.flights.is_empty() && wanted != Some(0) {
                    let request = self.request(token);
                    self.fly_ahead(request);
                }
            }
            Position::Page(next) => {
                let size = self.walk.page_step();
                let useful = wanted.map_or(u64::MAX, |wanted| wanted.div_ceil(size));
                let most = u64::from(self.policy.read_ahead.unwrap_or(0)).min(useful);
                let last = self.walk.last_page().unwrap_or(u64::MAX);
                while (self.flights.len() as u64) < most {
                    let number = next + self.flights.len() as u64;
                    if number > last {
                        break;
                    }
                    let request = self.request(Position::Page(number));
                    if !self.fly_ahead(request) {
                        break;
                    }
                }
            }
        }
        self.held_up = none_under_way && !self.flights.is_empty();
    }

    /// Asks for a page ahead of its turn, and says whether that could be done.
    fn fly_ahead(&mut self, request: PageRequest) -> bool {
        let flight = if self.may_ask() {
            Flight::ahead(&self.fetcher, request)
        } else {
            None
        };
        let flies = flight.is_some();
        self.asked += u64::from(flies);
        self.flights.extend(flight);
        flies
    }
}
