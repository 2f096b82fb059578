//! How a list is walked: a pure state machine.
//!
//! It decides which page comes next, where the list ends, which sessions of a page were delivered before, and when a
//! list does not move on. It knows no HTTP, no time and no provider: a page is a list of fingerprints, a claim of a
//! total and a hint where to go on. The engine feeds it pages and does what it says.
//!
//! The end rules come from what the two kinds of lists are known to do. A list of tokens ends when there is no token,
//! and only then: an empty page with a token goes on, where the provider's own clients stop. A list of numbered pages
//! has no end mark, its total may be wrong (the documented example claims 18 and shows 12), so that it ends where two
//! signs agree.

use std::collections::{HashSet, VecDeque};
use std::fmt;
use std::hash::{DefaultHasher, Hash, Hasher};

use crate::source::{NextPage, Position};

/// Sessions of one source whose ids are remembered to recognise a duplicate.
const ID_WINDOW: usize = 65_536;
/// Tokens that are remembered to recognise a loop.
const TOKEN_WINDOW: usize = 4_096;
/// Forward pages without a new session after which a list counts as not moving on.
const BARREN_PAGES: u32 = 100;
/// Further pages that are asked for after an empty one while the total claims that there is more.
const PAGES_BEYOND_EMPTY: u32 = 3;
/// Pages of one source in one walk, at most.
const PAGE_BUDGET: u64 = 1_000_000;

/// Where a walk stands.
#[derive(Debug)]
pub(crate) struct Walk {
    position: Position,
    pages: u64,
    seen: u64,
    total: Option<u64>,
    longest_page: u64,
    previous_page: Option<u64>,
    empty_pages: u32,
    barren_pages: u32,
    tokens: Window,
    ids: Window,
}

/// One page, as far as the walk looks at it.
#[derive(Debug)]
pub(crate) struct PageSeen<'a> {
    /// A fingerprint of each session's id, in order; see [`fingerprint`].
    pub(crate) ids: &'a [u64],
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
    /// For each session of the page, whether it is new and to be delivered.
    pub(crate) new: Vec<bool>,
    pub(crate) action: Action,
}

#[derive(Debug, PartialEq, Eq)]
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
}

/// Why a list cannot be walked on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    RepeatedToken,
    NothingNew,
    PageBudget,
    NoList,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::RepeatedToken => f.write_str("the list gave a page token that it had given before"),
            Self::NothingNew => write!(f, "{BARREN_PAGES} pages in a row held no new session"),
            Self::PageBudget => write!(f, "the list has more than {PAGE_BUDGET} pages"),
            Self::NoList => f.write_str("the answer says success and holds no list of sessions"),
        }
    }
}

/// Gives the number that stands for an id in the walk. Two ids share one with a chance of 1 in 2⁶⁴.
pub(crate) fn fingerprint(id: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    id.hash(&mut hasher);
    hasher.finish()
}

impl Walk {
    /// Stands before the first page.
    pub(crate) fn start() -> Self {
        Self {
            position: Position::Start,
            pages: 0,
            seen: 0,
            total: None,
            longest_page: 0,
            previous_page: None,
            empty_pages: 0,
            barren_pages: 0,
            tokens: Window::of(TOKEN_WINDOW),
            ids: Window::of(ID_WINDOW),
        }
    }

    /// Gives the page to fetch next.
    pub(crate) fn position(&self) -> &Position {
        &self.position
    }

    /// Takes in the page at the position, and says what follows.
    pub(crate) fn step(mut self, page: &PageSeen<'_>) -> (Self, Verdict) {
        let new: Vec<bool> = page.ids.iter().map(|id| self.ids.insert(*id)).collect();
        let fresh = new.iter().filter(|new| **new).count() as u64;
        let length = page.ids.len() as u64 + page.rejected;

        self.pages += 1;
        self.seen += fresh + page.rejected;
        self.total = page.total.or(self.total);
        self.barren_pages = if fresh == 0 { self.barren_pages + 1 } else { 0 };
        self.empty_pages = if length == 0 { self.empty_pages + 1 } else { 0 };

        let action = match page.next {
            NextPage::End => Action::End(ListEnd::NoToken),
            NextPage::Token(token) => self.after_token(token),
            NextPage::ByNumber => self.after_numbered(page, length),
        };
        let action = match action {
            Action::Fetch if self.barren_pages >= BARREN_PAGES => Action::Fail(Fault::NothingNew),
            Action::Fetch if self.pages >= PAGE_BUDGET => Action::Fail(Fault::PageBudget),
            action => action,
        };
        (self, Verdict { new, action })
    }

    fn after_token(&mut self, token: &str) -> Action {
        // The provider's own client takes the empty string for the end, as well as a token that is missing or null.
        if token.is_empty() {
            return Action::End(ListEnd::NoToken);
        }
        if !self.tokens.insert(fingerprint(token)) {
            return Action::Fail(Fault::RepeatedToken);
        }
        self.position = Position::Token(token.to_owned());
        Action::Fetch
    }

    fn after_numbered(&mut self, page: &PageSeen<'_>, length: u64) -> Action {
        let all_seen = self.total.is_some_and(|total| self.seen >= total);
        let more_claimed = self.total.is_some_and(|total| self.seen < total);
        let content = (length > 0).then(|| {
            let mut hasher = DefaultHasher::new();
            page.ids.hash(&mut hasher);
            hasher.finish()
        });
        let repeated = content.is_some() && content == self.previous_page;
        let full_page = page.page_size.unwrap_or(self.longest_page);
        self.previous_page = content;
        self.longest_page = self.longest_page.max(length);

        if page.absent {
            return if self.pages > 1 && all_seen {
                Action::End(ListEnd::NoList)
            } else {
                Action::Fail(Fault::NoList)
            };
        }
        if length == 0 && !(more_claimed && self.empty_pages <= PAGES_BEYOND_EMPTY) {
            return Action::End(ListEnd::EmptyPage);
        }
        if all_seen && repeated {
            return Action::End(ListEnd::RepeatedPage);
        }
        if all_seen && length < full_page {
            return Action::End(ListEnd::ShortPage);
        }
        let number = match self.position {
            Position::Page(number) => number,
            Position::Start | Position::Token(_) => 1,
        };
        self.position = Position::Page(number + 1);
        Action::Fetch
    }
}

/// Remembers the newest so many numbers.
#[derive(Debug)]
struct Window {
    capacity: usize,
    order: VecDeque<u64>,
    members: HashSet<u64>,
}

impl Window {
    fn of(capacity: usize) -> Self {
        Self {
            capacity,
            order: VecDeque::new(),
            members: HashSet::new(),
        }
    }

    /// Takes a number in, and says whether it was not there.
    fn insert(&mut self, number: u64) -> bool {
        if !self.members.insert(number) {
            return false;
        }
        if self.order.len() == self.capacity
            && let Some(oldest) = self.order.pop_front()
        {
            self.members.remove(&oldest);
        }
        self.order.push_back(number);
        true
    }
}

#[cfg(test)]
mod tests {
    use super::{Action, BARREN_PAGES, Fault, ListEnd, PageSeen, Verdict, Walk};
    use crate::source::{NextPage, Position};

    /// One page of a script: the ids, the total that it claims.
    type Scripted<'a> = (&'a [u64], Option<u64>);

    /// Walks over numbered pages of five and tells what was asked for, what was delivered and how it ended.
    fn numbered(pages: &[Scripted<'_>]) -> (Vec<u64>, u64, Action) {
        let mut walk = Walk::start();
        let mut delivered = Vec::new();
        let mut asked = 0;
        loop {
            let number = match walk.position() {
                Position::Start => 1,
                Position::Page(number) => *number,
                Position::Token(_) => panic!("a numbered list has no tokens"),
            };
            asked += 1;
            assert_eq!(number, asked, "pages are asked for in turn");
            let (ids, total) = pages.get(number as usize - 1).copied().unwrap_or((&[], None));
            let verdict: Verdict;
            (walk, verdict) = walk.step(&PageSeen {
                ids,
                rejected: 0,
                next: &NextPage::ByNumber,
                total,
                page_size: Some(5),
                absent: false,
            });
            delivered.extend(ids.iter().zip(&verdict.new).filter(|(_, new)| **new).map(|(id, _)| *id));
            if verdict.action != Action::Fetch {
                return (delivered, asked, verdict.action);
            }
        }
    }

    #[test]
    fn a_numbered_list_ends_where_two_signs_agree() {
        let seven: &[Scripted<'_>] = &[(&[7, 6, 5, 4, 3], Some(7)), (&[2, 1], Some(7))];
        assert_eq!(
            numbered(seven),
            (vec![7, 6, 5, 4, 3, 2, 1], 2, Action::End(ListEnd::ShortPage)),
            "a short page and a reached total"
        );

        let live: &[Scripted<'_>] = &[(&[3, 2, 1], Some(3))];
        assert_eq!(
            numbered(live).1,
            1,
            "the live capture of 7 of \"7\" needs no further request"
        );

        let full: &[Scripted<'_>] = &[(&[5, 4, 3, 2, 1], Some(5))];
        assert_eq!(
            numbered(full),
            (vec![5, 4, 3, 2, 1], 2, Action::End(ListEnd::EmptyPage)),
            "a full last page looks like any other, so that one more is asked for"
        );
    }

    #[test]
    fn a_total_that_claims_more_is_given_three_more_chances() {
        let documented: &[Scripted<'_>] = &[(&[4, 3, 2], Some(18)), (&[], Some(18))];
        assert_eq!(
            numbered(documented),
            (vec![4, 3, 2], 5, Action::End(ListEnd::EmptyPage)),
            "pages 2 to 5 are asked for, all empty"
        );

        let late: &[Scripted<'_>] = &[(&[4, 3, 2], Some(4)), (&[], Some(4)), (&[], Some(4)), (&[1], Some(4))];
        assert_eq!(numbered(late), (vec![4, 3, 2, 1], 4, Action::End(ListEnd::ShortPage)));
    }

    #[test]
    fn a_short_page_alone_is_not_the_end() {
        let short: &[Scripted<'_>] = &[(&[9, 8], Some(4)), (&[7, 6], Some(4))];
        assert_eq!(numbered(short), (vec![9, 8, 7, 6], 2, Action::End(ListEnd::ShortPage)));

        let silent: &[Scripted<'_>] = &[(&[9, 8], None), (&[7], None)];
        assert_eq!(
            numbered(silent),
            (vec![9, 8, 7], 3, Action::End(ListEnd::EmptyPage)),
            "without a total only an empty page ends the list"
        );
    }

    #[test]
    fn a_last_page_that_sticks_ends_the_list_once_all_were_seen() {
        let sticky: &[Scripted<'_>] = &[
            (&[5, 4, 3, 2, 1], Some(5)),
            (&[5, 4, 3, 2, 1], Some(5)),
            (&[5, 4, 3, 2, 1], Some(5)),
        ];
        assert_eq!(
            numbered(sticky),
            (vec![5, 4, 3, 2, 1], 2, Action::End(ListEnd::RepeatedPage))
        );

        let lying = vec![(&[5_u64, 4, 3, 2, 1][..], Some(50)); 200];
        assert_eq!(
            numbered(&lying),
            (
                vec![5, 4, 3, 2, 1],
                u64::from(BARREN_PAGES) + 1,
                Action::Fail(Fault::NothingNew)
            )
        );
    }

    #[test]
    fn what_shifts_onto_the_next_page_is_delivered_once() {
        let shifted: &[Scripted<'_>] = &[
            (&[9, 8, 7, 6, 5], Some(9)),
            (&[5, 4, 3, 2, 1], Some(10)),
            (&[], Some(10)),
        ];
        assert_eq!(numbered(shifted).0, vec![9, 8, 7, 6, 5, 4, 3, 2, 1]);
    }

    #[test]
    fn a_missing_list_is_the_end_only_when_all_were_seen() {
        let absent = |walk: Walk, total| {
            walk.step(&PageSeen {
                ids: &[],
                rejected: 0,
                next: &NextPage::ByNumber,
                total,
                page_size: None,
                absent: true,
            })
            .1
            .action
        };
        let after_first_page = |total| {
            Walk::start()
                .step(&PageSeen {
                    ids: &[5, 4, 3, 2, 1],
                    rejected: 0,
                    next: &NextPage::ByNumber,
                    total,
                    page_size: Some(5),
                    absent: false,
                })
                .0
        };
        assert_eq!(absent(Walk::start(), None), Action::Fail(Fault::NoList));
        assert_eq!(absent(Walk::start(), Some(0)), Action::Fail(Fault::NoList));
        assert_eq!(absent(after_first_page(Some(5)), None), Action::End(ListEnd::NoList));
        assert_eq!(absent(after_first_page(Some(6)), None), Action::Fail(Fault::NoList));
        assert_eq!(absent(after_first_page(None), None), Action::Fail(Fault::NoList));
    }

    /// Walks over pages that each carry the token to the next one.
    fn by_token(pages: &[(&[u64], &str)]) -> (Vec<u64>, Action) {
        let mut walk = Walk::start();
        let mut delivered = Vec::new();
        for (ids, token) in pages {
            let verdict: Verdict;
            (walk, verdict) = walk.step(&PageSeen {
                ids,
                rejected: 0,
                next: &NextPage::Token((*token).to_owned()),
                total: None,
                page_size: None,
                absent: false,
            });
            delivered.extend(ids.iter().zip(&verdict.new).filter(|(_, new)| **new).map(|(id, _)| *id));
            if verdict.action != Action::Fetch {
                return (delivered, verdict.action);
            }
            assert_eq!(*walk.position(), Position::Token((*token).to_owned()));
        }
        (delivered, Action::Fetch)
    }

    #[test]
    fn a_list_of_tokens_ends_without_one_and_nowhere_else() {
        assert_eq!(
            by_token(&[(&[1], "a"), (&[], "b"), (&[], "c"), (&[2], "")]),
            (vec![1, 2], Action::End(ListEnd::NoToken)),
            "empty pages with a token go on"
        );
    }

    #[test]
    fn a_token_that_comes_again_is_a_fault_at_any_distance() {
        assert_eq!(
            by_token(&[(&[1], "a"), (&[2], "a")]).1,
            Action::Fail(Fault::RepeatedToken)
        );
        assert_eq!(
            by_token(&[(&[1], "a"), (&[2], "b"), (&[3], "c"), (&[4], "a")]),
            (vec![1, 2, 3, 4], Action::Fail(Fault::RepeatedToken)),
            "what came before it is delivered"
        );
    }

    #[test]
    fn a_list_that_never_moves_on_is_a_fault() {
        let tokens: Vec<String> = (0..300).map(|number| format!("t{number}")).collect();
        let pages: Vec<(&[u64], &str)> = tokens.iter().map(|token| (&[][..], token.as_str())).collect();
        assert_eq!(by_token(&pages).1, Action::Fail(Fault::NothingNew));
    }
}
