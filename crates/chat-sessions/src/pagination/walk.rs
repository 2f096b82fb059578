//! How a list is walked: a pure state machine.
//!
//! It decides which page comes next, where the list ends, which sessions of a page were delivered
//! before, when a list makes no progress, and how far the result can be trusted. It knows no HTTP,
//! no time and no provider: a page consists of ids, a claimed total and a hint where the list
//! continues. `SourceWalk` passes pages to it and does what it decides.
//!
//! The rules for the end follow from the known behaviour of the two kinds of lists. A list with
//! page tokens ends when there is no token, and only then: the walk continues after an empty page
//! with a token, where the provider's own clients stop. A list of numbered pages has no end mark,
//! and its total may be wrong (the documented example claims 18 and shows 12), so it ends only when
//! two signs agree.
//!
//! # Why nothing is lost
//!
//! Assume that a numbered list keeps the relative order of its items, grows only at its front, and
//! sends a truthful total. Between two pages, N items are created and D are deleted, some of the
//! deleted ones before the position of the walk. Items can then slide towards the front, past that
//! position, by at most D − N, which is exactly the fall of the total. So if the total of a page
//! has fallen by d, the page is discarded and the walk goes back d positions; if the total has not
//! fallen, nothing slid past. Items that slid the other way are sent twice, and the second copy is
//! dropped.
//!
//! Responses to prefetched pages can be generated in any order. As long as the total stays the
//! same, items only slide away from the front, and a page that was generated too early can miss
//! some that were still before it. An earlier page that is generated later shows this: it holds an
//! item that was seen before or, where ids tell, one that is newer than those delivered. Such a
//! page is accepted, and the responses to later pages are discarded
//! ([`StepOutcome::prefetched_pages_valid`]).

mod duplicates;
mod numbered;

use crate::pagination::cursor::ResumePoint;
use crate::pagination::fingerprint::{IdMark, fingerprint};
use crate::pagination::guarantee::{Doubt, Guarantee, ListEnd};
use crate::pagination::recent_ids::{REMEMBERED_IDS, REMEMBERED_TOKENS, RecentIds};
use crate::pagination::step::{MAX_PAGES, MAX_PAGES_WITHOUT_NEW, NextStep, PageSummary, StepOutcome, WalkFailure};
use crate::pagination::token_loop::TokenLoop;
use crate::source::{Capabilities, NextPage, Position};

/// How often the walk goes back, without a new session in between, before it fails because the list
/// changes too fast.
const MAX_TURN_BACKS: u32 = 100;

/// The state of a walk.
#[derive(Debug)]
pub(crate) struct Walk {
    capabilities: Capabilities,
    ahead: bool,
    position: Position,
    pages: u64,
    /// The number of different sessions seen, including items that could not be read.
    seen: u64,
    total: Option<u64>,
    /// The page size that the provider sent last.
    claimed_size: Option<u64>,
    /// The smaller of the claimed page size and the longest page seen: the number of positions that
    /// one page certainly advances.
    step: u64,
    longest_page: u64,
    previous_page: Option<u64>,
    furthest_page: u64,
    /// Whether every page before the current one was full, so that positions in the list can be
    /// counted.
    all_pages_full: bool,
    /// The value of `all_pages_full` before the last page was accepted.
    all_pages_full_before: bool,
    empty_pages: u32,
    pages_without_new: u32,
    turn_backs: u32,
    tokens: RecentIds,
    token_loop: TokenLoop,
    /// The value of `token_loop` before the last page was accepted.
    token_loop_before: TokenLoop,
    ids: RecentIds,
    /// The smallest delivered id, as long as ids descend. No id at or above it is new.
    watermark: Option<u64>,
    descending: bool,
    /// The greatest id of the first page. Greater ids were created later.
    newest: Option<u64>,
    resumed: bool,
    /// The last session that was delivered before the walk was resumed, until it is found.
    resumed_after: Option<Resumed>,
    /// Whether the next page is the one where the walk was resumed, and a part of it was delivered
    /// before.
    resumed_within_page: bool,
    doubt: Option<Doubt>,
    /// The number of sessions that the total claims beyond those that were sent, at the end.
    never_sent: u64,
}

#[derive(Clone, Copy, Debug)]
struct Resumed {
    after: u64,
    within_page: bool,
}

impl Walk {
    /// Creates a walk at the first page. `ahead` says that pages will be prefetched.
    pub(crate) fn start(capabilities: Capabilities, ahead: bool) -> Self {
        let doubt = if !capabilities.keeps_places {
            Some(Doubt::PlacesChange)
        } else if !capabilities.new_at_front {
            Some(Doubt::NewAnywhere)
        } else {
            None
        };
        Self {
            capabilities,
            ahead,
            position: Position::Start,
            pages: 0,
            seen: 0,
            total: None,
            claimed_size: None,
            step: 0,
            longest_page: 0,
            previous_page: None,
            furthest_page: 0,
            all_pages_full: true,
            all_pages_full_before: true,
            empty_pages: 0,
            pages_without_new: 0,
            turn_backs: 0,
            tokens: RecentIds::of(REMEMBERED_TOKENS),
            token_loop: TokenLoop::default(),
            token_loop_before: TokenLoop::default(),
            ids: RecentIds::of(REMEMBERED_IDS),
            watermark: None,
            descending: capabilities.descending_ids,
            newest: None,
            resumed: false,
            resumed_after: None,
            resumed_within_page: false,
            doubt,
            never_sent: 0,
        }
    }

    /// Creates a walk that continues an earlier walk over the same list.
    pub(crate) fn resume(capabilities: Capabilities, ahead: bool, point: ResumePoint) -> Self {
        let mut walk = Self::start(capabilities, ahead);
        if let Position::Token(token) = &point.position {
            walk.tokens.insert(fingerprint(token));
        }
        walk.position = point.position;
        walk.token_loop = point.tokens;
        walk.seen = point.seen;
        walk.total = point.total;
        walk.claimed_size = point.page_size;
        walk.step = point.step;
        walk.longest_page = point.step;
        walk.all_pages_full = point.all_pages_full;
        walk.furthest_page = match &walk.position {
            Position::Page(number) => number.saturating_sub(1),
            _ => 0,
        };
        walk.resumed = true;
        walk.resumed_within_page = point.within_page;
        if let Some(after) = point.after {
            walk.ids.insert(after.fingerprint);
            walk.watermark = after.number.filter(|_| walk.descending);
            walk.resumed_after = Some(Resumed {
                after: after.fingerprint,
                within_page: point.within_page,
            });
        }
        walk
    }

    /// Returns the number of different sessions seen, both before and after the walk was resumed.
    pub(crate) fn seen(&self) -> u64 {
        self.seen
    }

    /// Returns the page to fetch next.
    pub(crate) fn position(&self) -> &Position {
        &self.position
    }

    /// Returns the number of positions that one page certainly advances, at least 1.
    pub(crate) fn page_step(&self) -> u64 {
        self.step.max(1)
    }

    /// Returns the number of the last page according to the total, in a numbered list.
    pub(crate) fn last_page(&self) -> Option<u64> {
        self.total.map(|total| total.div_ceil(self.page_step()))
    }

    /// Returns how far the result so far can be trusted.
    pub(crate) fn guarantee(&self) -> Guarantee {
        match self.doubt {
            None => Guarantee::Exact,
            Some(doubt) => Guarantee::BestEffort(doubt),
        }
    }

    /// Returns the number of sessions that the total claims and that the provider did not send, once
    /// the list has ended.
    pub(crate) fn never_sent(&self) -> u64 {
        self.never_sent
    }

    /// Returns whether a part of the next page was delivered before the walk was resumed.
    pub(crate) fn is_within_page(&self) -> bool {
        self.resumed_within_page
    }

    /// Returns where to resume after all accepted pages; `after` is the last delivered session.
    pub(crate) fn resume_point(&self, after: Option<IdMark>) -> ResumePoint {
        ResumePoint {
            position: self.position.clone(),
            after,
            within_page: self.resumed_within_page,
            seen: self.seen,
            total: self.total,
            page_size: self.claimed_size,
            requested_size: None,
            step: self.step,
            all_pages_full: self.all_pages_full,
            tokens: self.token_loop,
        }
    }

    /// Returns where to resume on the last accepted page, whose position is `page`.
    /// `partly_delivered` says whether a part of it was delivered; `again` counts what will be seen
    /// again: its sessions that were not delivered yet, and its items that could not be read.
    pub(crate) fn resume_point_within(
        &self,
        page: &Position,
        after: Option<IdMark>,
        partly_delivered: bool,
        again: u64,
    ) -> ResumePoint {
        ResumePoint {
            position: page.clone(),
            within_page: partly_delivered,
            seen: self.seen.saturating_sub(again),
            all_pages_full: self.all_pages_full_before,
            tokens: self.token_loop_before,
            ..self.resume_point(after)
        }
    }

    /// Processes the page at the current position, and decides what to do next.
    pub(crate) fn step(mut self, page: &PageSummary<'_>) -> (Self, StepOutcome) {
        self.pages += 1;
        let before = self.total;
        let outcome = match self.turn_back(page) {
            Some(action) => StepOutcome {
                duplicates: (0..page.marks.len()).collect(),
                discarded: true,
                prefetched_pages_valid: false,
                delivered_before: 0,
                next_step: action,
            },
            None => self.accept(page, before),
        };
        let outcome = match outcome.next_step {
            NextStep::Fetch if self.pages >= MAX_PAGES => StepOutcome {
                next_step: NextStep::Fail(WalkFailure::PageBudget),
                ..outcome
            },
            _ => outcome,
        };
        (self, outcome)
    }

    /// Handles a fallen total: goes back as far as sessions can have slid past the walk.
    fn turn_back(&mut self, page: &PageSummary<'_>) -> Option<NextStep> {
        let number = self.page_number(page.next)?;
        let fall = self.total?.checked_sub(page.total?).filter(|fall| *fall > 0)?;
        self.total = page.total;
        if number == 1 {
            return None;
        }
        // The walk goes back even when it fails, so that resuming from there skips nothing.
        let back = fall.div_ceil(self.page_step());
        self.previous_page = None;
        self.position = Position::Page(number.saturating_sub(back).max(1));
        self.turn_backs += 1;
        if self.turn_backs > MAX_TURN_BACKS || fall > REMEMBERED_IDS as u64 {
            return Some(NextStep::Fail(WalkFailure::ListChanged));
        }
        Some(NextStep::Fetch)
    }

    /// Returns the number of the page that was just fetched; `None` in a list with page tokens.
    fn page_number(&self, next: &NextPage) -> Option<u64> {
        match (&self.position, next) {
            (Position::Page(number), _) => Some(*number),
            (Position::Start, NextPage::ByNumber) => Some(1),
            _ => None,
        }
    }

    fn accept(&mut self, page: &PageSummary<'_>, total_before: Option<u64>) -> StepOutcome {
        self.token_loop_before = self.token_loop;
        self.all_pages_full_before = self.all_pages_full;
        if page.rejected > 0 {
            self.doubt = self.doubt.or(Some(Doubt::ItemsSkipped));
        }
        let known = self.find_duplicates(page.marks);
        let fresh = (page.marks.len() - known.len()) as u64;
        let length = page.marks.len() as u64 + page.rejected;

        let number = self.page_number(page.next);
        let forward = number.is_none_or(|number| number > self.furthest_page);
        self.furthest_page = self.furthest_page.max(number.unwrap_or(0));
        // A page that the walk goes back to repeats its bad items.
        let rejected = if forward { page.rejected } else { 0 };
        self.seen = self.seen.saturating_add(fresh).saturating_add(rejected);
        self.total = page.total.or(self.total);
        if fresh > 0 {
            self.turn_backs = 0;
        }
        self.empty_pages = if length == 0 { self.empty_pages + 1 } else { 0 };
        let prefetched_pages_valid = total_before == self.total && known.is_empty();
        let resumed_here = std::mem::take(&mut self.resumed_within_page);
        let delivered_before = if resumed_here { known.len() as u64 } else { 0 };

        self.pages_without_new = match (fresh, forward) {
            (0, true) => self.pages_without_new + 1,
            (0, false) => self.pages_without_new,
            _ => 0,
        };

        let action = match (page.next, number) {
            (NextPage::End, _) => NextStep::End(ListEnd::NoToken),
            (NextPage::Token(token), _) => self.after_token(token),
            (NextPage::ByNumber, number) => self.after_numbered(page, fresh, number.unwrap_or(1)),
        };
        let action = match action {
            NextStep::Fetch if self.pages_without_new >= MAX_PAGES_WITHOUT_NEW => {
                NextStep::Fail(WalkFailure::NothingNew)
            }
            action => action,
        };
        StepOutcome {
            duplicates: known,
            discarded: false,
            prefetched_pages_valid,
            delivered_before,
            next_step: action,
        }
    }

    fn after_token(&mut self, token: &str) -> NextStep {
        // The provider's own client treats an empty token as the end, like a missing or null one.
        if token.is_empty() {
            return NextStep::End(ListEnd::NoToken);
        }
        let token_mark = fingerprint(token);
        if !self.tokens.insert(token_mark) || self.token_loop.closes_with(token_mark) {
            return NextStep::Fail(WalkFailure::RepeatedToken);
        }
        self.position = Position::Token(token.to_owned());
        NextStep::Fetch
    }
}

#[cfg(test)]
mod tests;
