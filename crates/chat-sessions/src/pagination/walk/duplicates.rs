//! Separates the sessions of a page that were delivered before from those that are new.

use crate::pagination::fingerprint::IdMark;
use crate::pagination::guarantee::Doubt;
use crate::pagination::walk::Walk;

impl Walk {
    /// Returns the indexes of the sessions that are not new, and remembers the others.
    pub(super) fn find_duplicates(&mut self, marks: &[IdMark]) -> Vec<usize> {
        if self.descending {
            let all_numbers = marks.iter().all(|mark| mark.number.is_some());
            if !all_numbers || !marks.is_sorted_by(|newer, older| newer.number > older.number) {
                self.break_order();
            }
        }
        if self.newest.is_none() && !self.resumed {
            self.newest = marks.first().and_then(|mark| mark.number);
        }
        if !self.descending {
            self.ids.reserve(marks.len());
        }
        let found = self.find_resumed_session(marks);
        marks
            .iter()
            .enumerate()
            .filter_map(|(index, mark)| {
                let delivered_before = found.is_some_and(|found| index <= found);
                let was_whole = self.ids.is_complete();
                // As long as ids descend, every session seen before is at or above the watermark.
                let descends = self.descending
                    && mark
                        .number
                        .is_some_and(|number| self.watermark.is_none_or(|last| number < last));
                let remembered = if descends {
                    self.ids.push(mark.fingerprint);
                    false
                } else {
                    !self.ids.insert(mark.fingerprint)
                };
                let mut above_watermark = self.descending
                    && match (mark.number, self.watermark) {
                        (Some(number), Some(watermark)) => number >= watermark,
                        _ => false,
                    };
                // If a session was not delivered and is not newer than the first page, but is above
                // the watermark, then the order is broken. A walk that was resumed, or that has
                // dropped ids, cannot decide this.
                let was_there = mark
                    .number
                    .zip(self.newest)
                    .is_some_and(|(number, newest)| number <= newest);
                if above_watermark && !remembered && was_there && !self.resumed && was_whole {
                    self.break_order();
                    above_watermark = false;
                }
                let new = !(delivered_before || above_watermark || remembered);
                if new && self.descending {
                    self.watermark = mark.number;
                }
                (!new).then_some(index)
            })
            .collect()
    }

    fn break_order(&mut self) {
        self.descending = false;
        self.doubt = self.doubt.or(Some(Doubt::OrderBroken));
    }

    /// Looks for the last session that was delivered before the walk was resumed, and returns its
    /// index on the page.
    ///
    /// If ids descend, this is only needed in case they turn out not to. Otherwise, if the session
    /// is missing from its page, sessions are delivered again.
    fn find_resumed_session(&mut self, marks: &[IdMark]) -> Option<usize> {
        let resumed = self.resumed_after?;
        let found = marks.iter().position(|mark| mark.fingerprint == resumed.after);
        if found.is_some() {
            self.resumed_after = None;
        } else if !self.descending && resumed.within_page {
            self.doubt = self.doubt.or(Some(Doubt::ResumedElsewhere));
        }
        found
    }
}
