//! Decides when a list of numbered pages ends.

use crate::pagination::guarantee::{Doubt, ListEnd};
use crate::pagination::step::{NextStep, PageSummary, WalkFailure};
use crate::pagination::walk::Walk;
use crate::source::Position;

/// The number of further pages to request after an empty one, while the total claims that there are
/// more.
const MAX_EMPTY_PAGES: u32 = 3;

impl Walk {
    pub(super) fn after_numbered(&mut self, page: &PageSummary<'_>, fresh: u64, number: u64) -> NextStep {
        let length = page.marks.len() as u64 + page.rejected;
        if !self.capabilities.truthful_totals {
            self.doubt = self.doubt.or(Some(Doubt::NoTruthfulTotal));
        } else if page.total.is_none() && !page.absent {
            self.doubt = self.doubt.or(Some(Doubt::TotalMissing));
        }
        if !self.capabilities.descending_ids && self.resumed {
            self.doubt = self.doubt.or(Some(Doubt::Resumed));
        }
        if !self.capabilities.descending_ids && self.ahead {
            self.doubt = self.doubt.or(Some(Doubt::ReadAhead));
        }
        let content = page
            .marks
            .iter()
            .fold(page.rejected, |digest, mark| digest.rotate_left(5) ^ mark.fingerprint);
        let repeated = self.previous_page == Some(content);
        self.previous_page = Some(content);

        self.claimed_size = page.page_size.or(self.claimed_size);
        let full_page = page.page_size.unwrap_or(self.longest_page);
        self.longest_page = self.longest_page.max(length);
        self.step = page.page_size.unwrap_or(u64::MAX).min(self.longest_page);
        let short = length < full_page;

        // As long as all pages before this one were full, the number of sessions before it is
        // known. It is more exact than the number of sessions seen: the total includes new sessions
        // at the front that the walk has not seen, and excludes deleted ones that it has.
        let places_before = self
            .all_pages_full
            .then(|| number.saturating_sub(1).saturating_mul(full_page));
        let seen_all = self.total.is_some_and(|total| self.seen >= total);
        let reaches = |places: u64| self.total.is_some_and(|total| places >= total);
        let past_the_end = places_before.map_or(seen_all, reaches);
        let at_the_end = seen_all || places_before.is_some_and(|before| reaches(before.saturating_add(length)));

        if length > 0 && !self.all_pages_full {
            self.doubt = self.doubt.or(Some(Doubt::ShortPages));
        }
        // The total of a page includes its own sessions and those before it. If an item was
        // skipped, the walk is in doubt already.
        let proven = places_before.map_or(fresh, |before| before.saturating_add(fresh));
        if page.total.is_some_and(|total| proven > total) {
            self.doubt = self.doubt.or(Some(Doubt::TotalDiffers));
        }
        if page.absent {
            return if number > 1 && past_the_end {
                NextStep::End(ListEnd::NoList)
            } else {
                NextStep::Fail(WalkFailure::NoList)
            };
        }
        if length == 0 {
            let more_claimed = self.total.is_some() && !seen_all && !past_the_end;
            if more_claimed && self.empty_pages <= MAX_EMPTY_PAGES {
                self.all_pages_full = false;
                self.position = Position::Page(number.saturating_add(1));
                return NextStep::Fetch;
            }
            if more_claimed {
                self.doubt = self.doubt.or(Some(Doubt::TotalDiffers));
            }
            if more_claimed && self.capabilities.truthful_totals {
                self.never_sent = self.total.unwrap_or_default().saturating_sub(self.seen);
            }
            return NextStep::End(ListEnd::EmptyPage);
        }
        if repeated && past_the_end {
            return NextStep::End(ListEnd::RepeatedPage);
        }
        if short && at_the_end {
            return NextStep::End(ListEnd::ShortPage);
        }
        self.all_pages_full &= !short;
        self.position = Position::Page(number.saturating_add(1));
        NextStep::Fetch
    }
}
