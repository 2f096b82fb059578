//! How a list is walked: a pure state machine.
//!
//! It decides which page comes next, where the list ends, which sessions of a page were delivered before, when a list does
//! not move on, and how far the result can be trusted. It knows no HTTP, no time and no provider: a page is a list of
//! marks, a claim of a total and a hint where to go on. The engine feeds it pages and does what it says.
//!
//! The end rules come from what the two kinds of lists are known to do. A list of tokens ends when there is no token,
//! and only then: an empty page with a token goes on, where the provider's own clients stop. A list of numbered pages
//! has no end mark, its total may be wrong (the documented example claims 18 and shows 12), so that it ends where two
//! signs agree.
//!
//! # Why nothing is lost
//!
//! Let a numbered list keep its items' relative order, grow only at its front, and tell its total truthfully. Between
//! two pages, N items came and D went, of which some stood before the place that the walk has reached. Items slide towards
//! the front, past that place, by at most D − N, and by just that the total falls. So a page whose total has fallen by d is
//! thrown away and the walk goes back d places; where the total did not fall, nothing slid past. What slid the other way
//! comes twice and is dropped.
//!
//! Pages that were asked for ahead can be answered in any order. As long as the total stays the same, items only slide away
//! from the front, and a page that was answered too early can miss some that were still before it. That shows on an earlier
//! page, answered later: it holds an item that was seen before, or, where ids tell, one that is newer than what was
//! delivered. Such a page is accepted and says that answers to later pages must be thrown away ([`StepOutcome::prefetched_pages_valid`]).

mod duplicates;
mod numbered;

use crate::pagination::cursor::ResumePoint;
use crate::pagination::fingerprint::{IdMark, fingerprint};
use crate::pagination::guarantee::{Doubt, Guarantee, ListEnd};
use crate::pagination::recent_ids::{REMEMBERED_IDS, REMEMBERED_TOKENS, RecentIds};
use crate::pagination::step::{MAX_PAGES, MAX_PAGES_WITHOUT_NEW, NextStep, PageSummary, StepOutcome, WalkFailure};
use crate::pagination::token_loop::TokenLoop;
use crate::source::{Capabilities, NextPage, Position};

/// Times that the walk goes back, without a new session in between, before the list counts as too restless to be read.
const MAX_TURN_BACKS: u32 = 100;

/// Where a walk stands.
#[derive(Debug)]
pub(crate) struct Walk {
    capabilities: Capabilities,
    ahead: bool,
    position: Position,
    pages: u64,
    /// Different sessions that were seen, those that could not be understood included.
    seen: u64,
    total: Option<u64>,
    /// The page size that the provider last claimed.
    claimed_size: Option<u64>,
    /// The shorter of the page size that is claimed and the longest page that was seen: the step that is surely made by
    /// one page.
    step: u64,
    longest_page: u64,
    previous_page: Option<u64>,
    furthest_page: u64,
    /// Whether every page before the current one was full, so that places in the list can be counted.
    all_pages_full: bool,
    /// The same, before the page that was taken in last.
    all_pages_full_before: bool,
    empty_pages: u32,
    pages_without_new: u32,
    turn_backs: u32,
    tokens: RecentIds,
    token_loop: TokenLoop,
    /// What it was before the page that was taken in last.
    token_loop_before: TokenLoop,
    ids: RecentIds,
    /// The smallest id that was delivered, while ids are seen to descend. Nothing at or above it is new.
    watermark: Option<u64>,
    descending: bool,
    /// The greatest id of the first page: what is above it came later.
    newest: Option<u64>,
    resumed: bool,
    /// The last session that was delivered before the walk was resumed, as long as it is being looked for.
    resumed_after: Option<Resumed>,
    /// Whether the next page is the one that the walk was resumed at, of which a part was delivered before.
    resumed_within_page: bool,
    doubt: Option<Doubt>,
}

#[derive(Clone, Copy, Debug)]
struct Resumed {
    after: u64,
    within_page: bool,
}

impl Walk {
    /// Stands before the first page. `ahead` says that pages will be asked for before their turn.
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
        }
    }

    /// Stands where another walk over the same list stopped.
    pub(crate) fn resume(capabilities: Capabilities, ahead: bool, place: ResumePoint) -> Self {
        let mut walk = Self::start(capabilities, ahead);
        if let Position::Token(token) = &place.position {
            walk.tokens.insert(fingerprint(token));
        }
        walk.position = place.position;
        walk.token_loop = place.tokens;
        walk.seen = place.seen;
        walk.total = place.total;
        walk.claimed_size = place.page_size;
        walk.step = place.step;
        walk.longest_page = place.step;
        walk.all_pages_full = place.all_pages_full;
        walk.furthest_page = match &walk.position {
            Position::Page(number) => number.saturating_sub(1),
            _ => 0,
        };
        walk.resumed = true;
        walk.resumed_within_page = place.within_page;
        if let Some(after) = place.after {
            walk.ids.insert(after.fingerprint);
            walk.watermark = after.number.filter(|_| walk.descending);
            walk.resumed_after = Some(Resumed {
                after: after.fingerprint,
                within_page: place.within_page,
            });
        }
        walk
    }

    /// Says how many different sessions were seen, before and after the walk was resumed.
    pub(crate) fn seen(&self) -> u64 {
        self.seen
    }

    /// Gives the page to fetch next.
    pub(crate) fn position(&self) -> &Position {
        &self.position
    }

    /// Gives how many places one page surely moves on, at least 1.
    pub(crate) fn page_step(&self) -> u64 {
        self.step.max(1)
    }

    /// Gives the last page that the total lets expect, in a numbered list.
    pub(crate) fn last_page(&self) -> Option<u64> {
        self.total.map(|total| total.div_ceil(self.page_step()))
    }

    /// Says how far the walk can vouch for what it gave so far.
    pub(crate) fn guarantee(&self) -> Guarantee {
        match self.doubt {
            None => Guarantee::Exact,
            Some(doubt) => Guarantee::BestEffort(doubt),
        }
    }

    /// Says whether a part of the next page was delivered before the walk was resumed.
    pub(crate) fn is_within_page(&self) -> bool {
        self.resumed_within_page
    }

    /// Notes the place behind everything that was taken in, where `after` is the session that was delivered last.
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

    /// Notes a place on the page that was taken in last, which stood at `page`. `begun` says whether a part of it was delivered;
    /// `again` counts what will be seen again: its sessions that were not delivered yet, and what could not be understood.
    pub(crate) fn resume_point_within(
        &self,
        page: &Position,
        after: Option<IdMark>,
        begun: bool,
        again: u64,
    ) -> ResumePoint {
        ResumePoint {
            position: page.clone(),
            within_page: begun,
            seen: self.seen.saturating_sub(again),
            all_pages_full: self.all_pages_full_before,
            tokens: self.token_loop_before,
            ..self.resume_point(after)
        }
    }

    /// Takes in the page at the position, and says what follows.
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

    /// Deals with a fallen total: goes back as far as sessions can have slid past the walk.
    fn turn_back(&mut self, page: &PageSummary<'_>) -> Option<NextStep> {
        let number = self.page_number(page.next)?;
        let fall = self.total?.checked_sub(page.total?).filter(|fall| *fall > 0)?;
        self.total = page.total;
        if number == 1 {
            return None;
        }
        // The walk goes back even when it fails, so that whoever goes on from there skips nothing.
        let back = fall.div_ceil(self.page_step());
        self.previous_page = None;
        self.position = Position::Page(number.saturating_sub(back).max(1));
        self.turn_backs += 1;
        if self.turn_backs > MAX_TURN_BACKS || fall > REMEMBERED_IDS as u64 {
            return Some(NextStep::Fail(WalkFailure::ListChanged));
        }
        Some(NextStep::Fetch)
    }

    /// Gives the number of the page that was just fetched; `None` in a list of tokens.
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
        // A page that the walk has gone back to shows its bad items again.
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
        // The provider's own client takes the empty string for the end, as well as a token that is missing or null.
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
