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
//! delivered. Such a page is accepted and says that answers to later pages must be thrown away ([`Verdict::settled`]).

use std::fmt;

use crate::digits::decimal;
use crate::source::{Capabilities, NextPage, Position};
use crate::window::{Cycle, ID_WINDOW, TOKEN_WINDOW, Window};

/// Forward pages without a new session after which a list counts as not moving on.
const BARREN_PAGES: u32 = 100;
/// Times that the walk goes back, without a new session in between, before the list counts as too restless to be read.
const RESTLESS_TURNS: u32 = 100;
/// Further pages that are asked for after an empty one while the total claims that there is more.
const PAGES_BEYOND_EMPTY: u32 = 3;
/// Pages of one source in one walk, at most.
const PAGE_BUDGET: u64 = 1_000_000;

/// A session, as far as the walk looks at it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Mark {
    /// Stands for the id; see [`fingerprint`].
    pub(crate) fingerprint: u64,
    /// The id as a number, where it is one.
    pub(crate) number: Option<u64>,
}

impl Mark {
    /// Takes what the walk has to know of an id.
    pub(crate) fn of(id: &str) -> Self {
        // Where ids do not descend, the walk makes nothing of their numbers.
        Self {
            fingerprint: fingerprint(id),
            number: decimal(id),
        }
    }
}

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
    even: bool,
    /// The same, before the page that was taken in last.
    even_before: bool,
    empty_pages: u32,
    barren_pages: u32,
    restless_turns: u32,
    tokens: Window,
    token_cycle: Cycle,
    /// What it was before the page that was taken in last.
    token_cycle_before: Cycle,
    ids: Window,
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

/// Where a walk is taken up again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    /// The page that holds the next session, or did when the place was noted.
    pub(crate) position: Position,
    /// The last session that was delivered.
    pub(crate) after: Option<Mark>,
    /// Whether that session stands on the page at `position`.
    pub(crate) within_page: bool,
    /// Different sessions that were seen up to there.
    pub(crate) seen: u64,
    pub(crate) total: Option<u64>,
    /// The page size that the provider claims.
    pub(crate) page_size: Option<u64>,
    /// The page size that was asked for.
    pub(crate) asked_size: Option<u64>,
    /// How many places one page surely moves on; 0 when no page was seen.
    pub(crate) step: u64,
    /// Whether every page up to there was full.
    pub(crate) even: bool,
    /// What is known of the tokens that led there.
    pub(crate) tokens: Cycle,
}

#[derive(Clone, Copy, Debug)]
struct Resumed {
    after: u64,
    within_page: bool,
}

/// One page, as far as the walk looks at it.
#[derive(Debug)]
pub(crate) struct PageSeen<'a> {
    pub(crate) marks: &'a [Mark],
    /// Items that could not be understood, which still count towards the total.
    pub(crate) rejected: u64,
    pub(crate) next: &'a NextPage,
    pub(crate) total: Option<u64>,
    pub(crate) page_size: Option<u64>,
    pub(crate) absent: bool,
}

/// What follows from one page.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Verdict {
    /// The places on the page of the sessions that are not new and not to be delivered, in their order. Most pages have none.
    pub(crate) known: Vec<usize>,
    /// Whether the page was thrown away, because the walk has to go back first. Then none of it is delivered.
    pub(crate) discarded: bool,
    /// Whether answers to later pages that were asked for before this one arrived can be used.
    pub(crate) settled: bool,
    /// How many sessions came again although the provider had not sent them in this walk before: they were delivered before
    /// it was resumed.
    pub(crate) delivered_before: u64,
    pub(crate) action: Action,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Action {
    /// Fetch the page at the walk's position.
    Fetch,
    /// The list is at its end.
    End(ListEnd),
    /// The list cannot be walked on.
    Fail(Fault),
}

/// `ListEnd` says by which sign a list ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ListEnd {
    /// The provider gave no token for a next page.
    NoToken,
    /// A page was shorter than a full one, and as many sessions were seen as the total claims.
    ShortPage,
    /// A page was empty. The report says claimed and seen, which differ when the total is not truthful.
    EmptyPage,
    /// A page was the one before it once more, and as many sessions were seen as the total claims.
    RepeatedPage,
    /// There was no list in the answer, and as many sessions were seen as the total claims.
    NoList,
    /// What stands behind is older than what was asked for ([`ListSessions::back_to`](crate::ListSessions::back_to)), and was left
    /// there.
    OldEnough,
}

/// `Guarantee` says how far a walk can vouch for the list it gave.
///
/// A walk that goes on from a cursor vouches for what it gives itself; what the walk before it had to say is in that walk's
/// report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Guarantee {
    /// Every session that existed from the first page to the last comes exactly once, whatever was created, retitled or
    /// deleted meanwhile.
    Exact,
    /// The walk ends and delivers nothing twice within its last 65 536 sessions; whether it saw all, and whether it repeats what
    /// was delivered before a cursor, depends on what changed meanwhile.
    BestEffort(Doubt),
}

/// `Doubt` says why a walk cannot vouch for more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Doubt {
    /// The provider's list lets a session change its place.
    PlacesChange,
    /// The provider's list lets new sessions appear anywhere.
    NewAnywhere,
    /// The provider's list has numbered pages, and no total that can be relied on.
    NoTruthfulTotal,
    /// A page came without a total that can be read, although the list is known to have one.
    TotalMissing,
    /// The total claimed fewer sessions than the pages showed, or at the end more than there were.
    TotalDiffers,
    /// A page that was not the last held fewer sessions than the others, so that places cannot be counted.
    ShortPages,
    /// Ids were known to descend, and did not.
    OrderBroken,
    /// Pages were asked for ahead of a list whose ids do not tell which session is newer.
    ReadAhead,
    /// Items that could not be understood were skipped.
    ItemsSkipped,
    /// The walk was resumed in a list of numbered pages whose ids do not tell what was delivered before; should the list change,
    /// some of that can come again.
    Resumed,
    /// The session that the walk was to go on after was gone, so that its page was delivered again.
    ResumedElsewhere,
}

impl fmt::Display for Doubt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::PlacesChange => "sessions can change their place in this list",
            Self::NewAnywhere => "new sessions can appear anywhere in this list",
            Self::NoTruthfulTotal => "this list has no total that can be relied on",
            Self::TotalMissing => "a page came without a readable total",
            Self::TotalDiffers => "the total does not agree with the pages",
            Self::ShortPages => "a page in the middle was shorter than the others",
            Self::OrderBroken => "the ids were not in descending order",
            Self::ReadAhead => "pages were asked for ahead",
            Self::ItemsSkipped => "items that could not be understood were skipped",
            Self::Resumed => "the walk was resumed, and ids do not tell what was delivered before",
            Self::ResumedElsewhere => "the session to go on after was gone",
        })
    }
}

/// Why a list cannot be walked on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    RepeatedToken,
    NothingNew,
    PageBudget,
    ListChanged,
    NoList,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::RepeatedToken => f.write_str("the list gave a page token that it had given before"),
            Self::NothingNew => write!(f, "{BARREN_PAGES} pages in a row held no new session"),
            Self::PageBudget => write!(f, "the list has more than {PAGE_BUDGET} pages"),
            Self::ListChanged => f.write_str("the list changes faster than it can be read"),
            Self::NoList => f.write_str("the answer says success and holds no list of sessions"),
        }
    }
}

/// Gives the number that stands for an id. It stays the same from one version of the program to the next and on every machine, as
/// a place to resume from needs it.
///
/// Eight bytes at a time are multiplied into it, and both halves of the product kept, since it is done for every session: byte by
/// byte, it took longer than to remember the number. The last eight may overlap the eight before; of a shorter id, zeros fill
/// them up. The length tells such ids from others.
pub(crate) fn fingerprint(id: &str) -> u64 {
    const BASIS: u64 = 0xcbf2_9ce4_8422_2325;
    const FACTOR: u64 = 0x9e37_79b9_7f4a_7c15;
    let folded = |hash: u64, word: u64| {
        let product = u128::from(hash ^ word) * u128::from(FACTOR);
        (product >> 64) as u64 ^ product as u64
    };
    let bytes = id.as_bytes();
    let (words, _) = bytes.as_chunks::<8>();
    let last = match bytes.last_chunk::<8>() {
        Some(last) => u64::from_le_bytes(*last),
        None => bytes.iter().rfold(0, |word, byte| word << 8 | u64::from(*byte)),
    };
    let length = folded(BASIS, bytes.len() as u64);
    let hash = words
        .iter()
        .fold(length, |hash, word| folded(hash, u64::from_le_bytes(*word)));
    folded(folded(hash, last), BASIS)
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
            even: true,
            even_before: true,
            empty_pages: 0,
            barren_pages: 0,
            restless_turns: 0,
            tokens: Window::of(TOKEN_WINDOW),
            token_cycle: Cycle::default(),
            token_cycle_before: Cycle::default(),
            ids: Window::of(ID_WINDOW),
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
    pub(crate) fn resume(capabilities: Capabilities, ahead: bool, place: Place) -> Self {
        let mut walk = Self::start(capabilities, ahead);
        if let Position::Token(token) = &place.position {
            walk.tokens.insert(fingerprint(token));
        }
        walk.position = place.position;
        walk.token_cycle = place.tokens;
        walk.seen = place.seen;
        walk.total = place.total;
        walk.claimed_size = place.page_size;
        walk.step = place.step;
        walk.longest_page = place.step;
        walk.even = place.even;
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
    pub(crate) fn place(&self, after: Option<Mark>) -> Place {
        Place {
            position: self.position.clone(),
            after,
            within_page: self.resumed_within_page,
            seen: self.seen,
            total: self.total,
            page_size: self.claimed_size,
            asked_size: None,
            step: self.step,
            even: self.even,
            tokens: self.token_cycle,
        }
    }

    /// Notes a place on the page that was taken in last, which stood at `page`. `begun` says whether a part of it was delivered;
    /// `again` counts what will be seen again: its sessions that were not delivered yet, and what could not be understood.
    pub(crate) fn place_within(&self, page: &Position, after: Option<Mark>, begun: bool, again: u64) -> Place {
        Place {
            position: page.clone(),
            within_page: begun,
            seen: self.seen.saturating_sub(again),
            even: self.even_before,
            tokens: self.token_cycle_before,
            ..self.place(after)
        }
    }

    /// Takes in the page at the position, and says what follows.
    pub(crate) fn step(mut self, page: &PageSeen<'_>) -> (Self, Verdict) {
        self.pages += 1;
        let before = self.total;
        let verdict = match self.turn_back(page) {
            Some(action) => Verdict {
                known: (0..page.marks.len()).collect(),
                discarded: true,
                settled: false,
                delivered_before: 0,
                action,
            },
            None => self.accept(page, before),
        };
        let verdict = match verdict.action {
            Action::Fetch if self.pages >= PAGE_BUDGET => Verdict {
                action: Action::Fail(Fault::PageBudget),
                ..verdict
            },
            _ => verdict,
        };
        (self, verdict)
    }

    /// Deals with a fallen total: goes back as far as sessions can have slid past the walk.
    fn turn_back(&mut self, page: &PageSeen<'_>) -> Option<Action> {
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
        self.restless_turns += 1;
        if self.restless_turns > RESTLESS_TURNS || fall > ID_WINDOW as u64 {
            return Some(Action::Fail(Fault::ListChanged));
        }
        Some(Action::Fetch)
    }

    /// Gives the number of the page that was just fetched; `None` in a list of tokens.
    fn page_number(&self, next: &NextPage) -> Option<u64> {
        match (&self.position, next) {
            (Position::Page(number), _) => Some(*number),
            (Position::Start, NextPage::ByNumber) => Some(1),
            _ => None,
        }
    }

    fn accept(&mut self, page: &PageSeen<'_>, total_before: Option<u64>) -> Verdict {
        self.token_cycle_before = self.token_cycle;
        self.even_before = self.even;
        if page.rejected > 0 {
            self.doubt = self.doubt.or(Some(Doubt::ItemsSkipped));
        }
        let known = self.sift(page.marks);
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
            self.restless_turns = 0;
        }
        self.empty_pages = if length == 0 { self.empty_pages + 1 } else { 0 };
        let settled = total_before == self.total && known.is_empty();
        let resumed_here = std::mem::take(&mut self.resumed_within_page);
        let delivered_before = if resumed_here { known.len() as u64 } else { 0 };

        self.barren_pages = match (fresh, forward) {
            (0, true) => self.barren_pages + 1,
            (0, false) => self.barren_pages,
            _ => 0,
        };

        let action = match (page.next, number) {
            (NextPage::End, _) => Action::End(ListEnd::NoToken),
            (NextPage::Token(token), _) => self.after_token(token),
            (NextPage::ByNumber, number) => self.after_numbered(page, fresh, number.unwrap_or(1)),
        };
        let action = match action {
            Action::Fetch if self.barren_pages >= BARREN_PAGES => Action::Fail(Fault::NothingNew),
            action => action,
        };
        Verdict {
            known,
            discarded: false,
            settled,
            delivered_before,
            action,
        }
    }

    /// Gives the places of the sessions that are not new, and remembers the others.
    fn sift(&mut self, marks: &[Mark]) -> Vec<usize> {
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
        let found = self.look_for_resumed(marks);
        marks
            .iter()
            .enumerate()
            .filter_map(|(index, mark)| {
                let delivered_before = found.is_some_and(|found| index <= found);
                let was_whole = self.ids.is_whole();
                // As long as ids descend, what was seen before is not below what was delivered last.
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
                // Neither delivered nor newer than the first page, and yet above what was delivered last: the order does not
                // hold. A walk that was resumed, or that has forgotten ids, cannot tell.
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

    /// Looks for the last session that was delivered before the walk was resumed, and gives its place on the page.
    ///
    /// Where ids descend it is not needed, and helps when they turn out not to. Elsewhere, not to find it on its page means that
    /// what was delivered before comes again.
    fn look_for_resumed(&mut self, marks: &[Mark]) -> Option<usize> {
        let resumed = self.resumed_after?;
        let found = marks.iter().position(|mark| mark.fingerprint == resumed.after);
        if found.is_some() {
            self.resumed_after = None;
        } else if !self.descending && resumed.within_page {
            self.doubt = self.doubt.or(Some(Doubt::ResumedElsewhere));
        }
        found
    }

    fn after_token(&mut self, token: &str) -> Action {
        // The provider's own client takes the empty string for the end, as well as a token that is missing or null.
        if token.is_empty() {
            return Action::End(ListEnd::NoToken);
        }
        let token_mark = fingerprint(token);
        if !self.tokens.insert(token_mark) || self.token_cycle.closes_with(token_mark) {
            return Action::Fail(Fault::RepeatedToken);
        }
        self.position = Position::Token(token.to_owned());
        Action::Fetch
    }

    fn after_numbered(&mut self, page: &PageSeen<'_>, fresh: u64, number: u64) -> Action {
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

        // As long as all pages before this one were full, it is known how many sessions stand before it. That is more exact than
        // what was seen: new sessions at the front are counted by the total and not seen, deleted ones the other way round.
        let places_before = self.even.then(|| (number - 1).saturating_mul(full_page));
        let seen_all = self.total.is_some_and(|total| self.seen >= total);
        let reaches = |places: u64| self.total.is_some_and(|total| places >= total);
        let past_the_end = places_before.map_or(seen_all, reaches);
        let at_the_end = seen_all || places_before.is_some_and(|before| reaches(before.saturating_add(length)));

        if length > 0 && !self.even {
            self.doubt = self.doubt.or(Some(Doubt::ShortPages));
        }
        // What stands on a page is counted by its total, and so is what stands before it. Where an item was skipped, the walk is
        // in doubt already.
        let proven = places_before.map_or(fresh, |before| before.saturating_add(fresh));
        if page.total.is_some_and(|total| proven > total) {
            self.doubt = self.doubt.or(Some(Doubt::TotalDiffers));
        }
        if page.absent {
            return if number > 1 && past_the_end {
                Action::End(ListEnd::NoList)
            } else {
                Action::Fail(Fault::NoList)
            };
        }
        if length == 0 {
            let more_claimed = self.total.is_some() && !seen_all && !past_the_end;
            if more_claimed && self.empty_pages <= PAGES_BEYOND_EMPTY {
                self.even = false;
                self.position = Position::Page(number.saturating_add(1));
                return Action::Fetch;
            }
            if more_claimed {
                self.doubt = self.doubt.or(Some(Doubt::TotalDiffers));
            }
            return Action::End(ListEnd::EmptyPage);
        }
        if repeated && past_the_end {
            return Action::End(ListEnd::RepeatedPage);
        }
        if short && at_the_end {
            return Action::End(ListEnd::ShortPage);
        }
        self.even &= !short;
        self.position = Position::Page(number.saturating_add(1));
        Action::Fetch
    }
}

#[cfg(test)]
#[path = "walk_tests.rs"]
mod tests;
