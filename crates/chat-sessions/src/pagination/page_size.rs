//! How many sessions to request per page.
//!
//! Round trips are the cost of a list, so a walk requests as many sessions per page as it can use and the provider is known to
//! return. Page sizes that a provider refused are remembered by its account.

use crate::source::{Account, Capabilities, Position};

/// What a walk knows about the size of its pages.
#[derive(Clone, Debug)]
pub(crate) struct PageSize {
    /// What was asked for by name, which is not reasoned with.
    given: Option<u32>,
    /// Whether a size has an effect.
    counts: bool,
    /// The most that the provider is known to give.
    most: Option<u32>,
    /// How many sessions the walk can use.
    useful: Option<u64>,
    /// The size that all further pages have, once they are numbered: pages of another size would be other pages.
    numbered: Option<Option<u32>>,
    /// The size of the page that the walk is resumed within. The place on it is only good for the same page.
    resumed: Option<Option<u32>>,
}

impl PageSize {
    pub(crate) fn new(given: Option<u32>, capabilities: Capabilities, useful: Option<u64>) -> Self {
        Self {
            given,
            counts: capabilities.page_size,
            most: capabilities.largest_page.filter(|_| capabilities.page_size),
            useful,
            numbered: None,
            resumed: None,
        }
    }

    /// Goes on at a position that was reached with pages of this size; `within` says that it is a page of which a part was
    /// delivered.
    pub(crate) fn resume(&mut self, position: &Position, within: bool, size: Option<u32>) {
        match position {
            _ if !self.counts => {}
            Position::Page(_) => self.numbered = Some(size),
            _ if within => self.resumed = Some(size),
            _ => {}
        }
    }

    /// Gives the size to ask for; `None` leaves it to the provider.
    pub(crate) fn ask(&self, account: &Account) -> Option<u32> {
        if let Some(size) = self.numbered.or(self.resumed) {
            return size;
        }
        if self.given.is_some() {
            return self.given;
        }
        let most = self.most?.min(account.page_sizes().most()?);
        // A limit that takes several pages is spread evenly over them, so that none has a rest that nobody wants.
        let even = |useful: u64| useful.div_ceil(useful.div_ceil(u64::from(most)).max(1));
        let size = self.useful.map(even).and_then(|size| u32::try_from(size).ok());
        Some(size.unwrap_or(most).clamp(1, most))
    }

    /// Gives the size without which the walk cannot go on from where it is.
    pub(crate) fn bound(&self) -> Option<u32> {
        self.numbered.or(self.resumed).flatten()
    }

    /// Takes note that a page of this size was taken in, and that `next` is behind it.
    pub(crate) fn arrived(&mut self, size: Option<u32>, next: &Position) {
        self.resumed = None;
        if self.counts && matches!(next, Position::Page(_)) {
            self.numbered = Some(size);
        }
    }

    /// Takes note that the provider refused a page of this size at this position, and says whether another one can be asked
    /// for.
    pub(crate) fn refused(&mut self, size: Option<u32>, position: &Position, account: &Account) -> bool {
        let Some(size) = size.filter(|_| self.given.is_none() && !matches!(position, Position::Page(_))) else {
            return false;
        };
        account.page_sizes().refused(size);
        self.resumed = None;
        true
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn of_at_most(most: u32, useful: Option<u64>) -> PageSize {
        PageSize::new(None, Capabilities::none().largest_page(most), useful)
    }

    #[test]
    fn the_largest_page_that_is_of_use_is_asked_for() {
        let account = Account::default();
        for (most, useful, size) in [
            (1000, None, 1000),
            (1000, Some(1), 1),
            (1000, Some(50), 50),
            (1000, Some(1000), 1000),
            // Two pages either way: even ones have no rest.
            (1000, Some(1001), 501),
            (1000, Some(2500), 834),
            (1000, Some(u64::MAX), 1000),
            (1, Some(50), 1),
            // Nothing is asked for then; the walk ends before.
            (1000, Some(0), 1),
        ] {
            assert_eq!(of_at_most(most, useful).ask(&account), Some(size), "{most}, {useful:?}");
        }
    }

    #[test]
    fn a_size_is_left_to_the_provider_where_nothing_is_known_of_it() {
        let account = Account::default();
        for capabilities in [Capabilities::none(), Capabilities::none().page_size()] {
            assert_eq!(PageSize::new(None, capabilities, Some(50)).ask(&account), None);
            assert_eq!(PageSize::new(Some(7), capabilities, Some(50)).ask(&account), Some(7));
        }
    }

    #[test]
    fn what_was_asked_for_by_name_is_asked_for() {
        let account = Account::default();
        let mut size = PageSize::new(Some(5000), Capabilities::none().largest_page(1000), Some(3));
        assert_eq!(size.ask(&account), Some(5000));
        assert!(!size.refused(Some(5000), &Position::Start, &account));
        assert_eq!(size.ask(&account), Some(5000));
    }

    #[test]
    fn a_refused_size_is_halved_for_the_whole_account_and_at_last_left_out() {
        let (account, other) = (Account::default(), Account::default());
        let mut size = of_at_most(1000, None);
        let mut asked = Vec::new();
        while let Some(next) = size.ask(&account) {
            asked.push(next);
            assert!(size.refused(Some(next), &Position::Token("t".to_owned()), &account));
        }
        assert_eq!(asked, [1000, 500, 250, 125, 62, 31]);
        assert!(!size.refused(None, &Position::Start, &account));
        assert_eq!(of_at_most(1000, Some(3)).ask(&account.clone()), None);
        assert_eq!(of_at_most(1000, None).ask(&other), Some(1000));
    }

    #[test]
    fn numbered_pages_keep_their_size() {
        let account = Account::default();
        let mut size = of_at_most(1000, None);
        // The first page of a list can be any; nothing was taken in yet.
        assert!(size.refused(Some(1000), &Position::Start, &account));
        size.arrived(Some(500), &Position::Page(2));
        assert!(!size.refused(Some(500), &Position::Page(2), &account));
        account.page_sizes().refused(500);
        assert_eq!(size.ask(&account), Some(500));

        let mut resumed = PageSize::new(Some(7), Capabilities::none().largest_page(1000), None);
        resumed.resume(&Position::Page(3), false, None);
        assert_eq!(resumed.ask(&account), None);
    }

    #[test]
    fn a_page_that_was_begun_is_asked_for_as_it_was() {
        let account = Account::default();
        let token = Position::Token("t".to_owned());
        let mut size = of_at_most(1000, Some(5));
        size.resume(&token, true, Some(20));
        assert_eq!(size.ask(&account), Some(20));
        size.arrived(Some(20), &token);
        assert_eq!(size.ask(&account), Some(5));
        size.resume(&token, false, Some(20));
        assert_eq!(size.ask(&account), Some(5));
    }

    proptest! {
        #[test]
        fn a_limit_takes_as_few_pages_as_can_be(most in 1_u32..2000, useful in 1_u64..10_000) {
            let size = of_at_most(most, Some(useful)).ask(&Account::default()).unwrap_or_default();
            let pages = useful.div_ceil(u64::from(size));
            prop_assert!(size <= most);
            prop_assert_eq!(pages, useful.div_ceil(u64::from(most)));
            // Less than one session for each page is asked for in vain.
            prop_assert!(pages * u64::from(size) < useful + pages);
        }
    }
}
