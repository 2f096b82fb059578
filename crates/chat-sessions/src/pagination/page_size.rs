//! Decides how many sessions to request per page.
//!
//! Round trips are the cost of a list, so a walk requests as many sessions per page as it can use
//! and the provider is known to return. The account remembers page sizes that the provider refused.

use crate::source::{Account, Capabilities, Position};

/// The data from which a walk chooses the size of its pages.
#[derive(Clone, Debug)]
pub(crate) struct PageSize {
    /// The size that the user set, which is used as it is.
    requested: Option<u32>,
    /// Whether a requested size has an effect.
    has_effect: bool,
    /// The largest page that the provider is known to return.
    largest: Option<u32>,
    /// The number of sessions that the walk can use.
    useful: Option<u64>,
    required: RequiredSize,
}

/// The size that a page must have, in sessions, or `None` for the provider's own.
#[derive(Clone, Copy, Debug)]
enum RequiredSize {
    /// Pages may have any size.
    Any,
    /// The walk was resumed within a page, and its position there is only valid for a page of the
    /// same size.
    OfNextPage(Option<u32>),
    /// Pages are numbered, so pages of another size would be different pages.
    OfEveryPage(Option<u32>),
}

impl PageSize {
    pub(crate) fn new(requested: Option<u32>, capabilities: Capabilities, useful: Option<u64>) -> Self {
        Self {
            requested,
            has_effect: capabilities.page_size,
            largest: capabilities.largest_page.filter(|_| capabilities.page_size),
            useful,
            required: RequiredSize::Any,
        }
    }

    /// Resumes at a position that was reached with pages of this size. `within` says that a part of
    /// the page at this position was delivered.
    pub(crate) fn resume(&mut self, position: &Position, within: bool, size: Option<u32>) {
        match position {
            _ if !self.has_effect => {}
            Position::Page(_) => self.required = RequiredSize::OfEveryPage(size),
            _ if within => self.required = RequiredSize::OfNextPage(size),
            _ => {}
        }
    }

    /// Returns the size to request; `None` leaves it to the provider.
    pub(crate) fn choose(&self, account: &Account) -> Option<u32> {
        if let RequiredSize::OfNextPage(size) | RequiredSize::OfEveryPage(size) = self.required {
            return size;
        }
        if self.requested.is_some() {
            return self.requested;
        }
        let most = self.largest?.min(account.page_sizes().largest()?);
        // Spread a limit that takes several pages evenly over them, so that no page has sessions
        // beyond the limit.
        let all_pages_full = |useful: u64| useful.div_ceil(useful.div_ceil(u64::from(most)).max(1));
        let size = self
            .useful
            .map(all_pages_full)
            .and_then(|size| u32::try_from(size).ok());
        Some(size.unwrap_or(most).clamp(1, most))
    }

    /// Returns the size that the next page must have for the walk to continue.
    pub(crate) fn required(&self) -> Option<u32> {
        match self.required {
            RequiredSize::Any => None,
            RequiredSize::OfNextPage(size) | RequiredSize::OfEveryPage(size) => size,
        }
    }

    /// Records that a page of this size was accepted, and that `next` follows it.
    pub(crate) fn record_page(&mut self, size: Option<u32>, next: &Position) {
        if self.has_effect && matches!(next, Position::Page(_)) {
            self.required = RequiredSize::OfEveryPage(size);
        } else if matches!(self.required, RequiredSize::OfNextPage(_)) {
            self.required = RequiredSize::Any;
        }
    }

    /// Records that the provider refused a page of this size at this position. Returns whether
    /// another size can be requested.
    pub(crate) fn record_refusal(&mut self, size: Option<u32>, position: &Position, account: &Account) -> bool {
        let Some(size) = size.filter(|_| self.requested.is_none() && !matches!(position, Position::Page(_))) else {
            return false;
        };
        account.page_sizes().record_refusal(size);
        self.required = RequiredSize::Any;
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
            // It takes two pages either way; even pages leave nothing over.
            (1000, Some(1001), 501),
            (1000, Some(2500), 834),
            (1000, Some(u64::MAX), 1000),
            (1, Some(50), 1),
            // Nothing is requested in this case; the walk ends before.
            (1000, Some(0), 1),
        ] {
            assert_eq!(
                of_at_most(most, useful).choose(&account),
                Some(size),
                "{most}, {useful:?}"
            );
        }
    }

    #[test]
    fn a_size_is_left_to_the_provider_where_nothing_is_known_of_it() {
        let account = Account::default();
        for capabilities in [Capabilities::none(), Capabilities::none().page_size()] {
            assert_eq!(PageSize::new(None, capabilities, Some(50)).choose(&account), None);
            assert_eq!(PageSize::new(Some(7), capabilities, Some(50)).choose(&account), Some(7));
        }
    }

    #[test]
    fn what_was_asked_for_by_name_is_asked_for() {
        let account = Account::default();
        let mut size = PageSize::new(Some(5000), Capabilities::none().largest_page(1000), Some(3));
        assert_eq!(size.choose(&account), Some(5000));
        assert!(!size.record_refusal(Some(5000), &Position::Start, &account));
        assert_eq!(size.choose(&account), Some(5000));
    }

    #[test]
    fn a_refused_size_is_halved_for_the_whole_account_and_at_last_left_out() {
        let (account, other) = (Account::default(), Account::default());
        let mut size = of_at_most(1000, None);
        let mut asked = Vec::new();
        while let Some(next) = size.choose(&account) {
            asked.push(next);
            assert!(size.record_refusal(Some(next), &Position::Token("t".to_owned()), &account));
        }
        assert_eq!(asked, [1000, 500, 250, 125, 62, 31]);
        assert!(!size.record_refusal(None, &Position::Start, &account));
        assert_eq!(of_at_most(1000, Some(3)).choose(&account.clone()), None);
        assert_eq!(of_at_most(1000, None).choose(&other), Some(1000));
    }

    #[test]
    fn numbered_pages_keep_their_size() {
        let account = Account::default();
        let mut size = of_at_most(1000, None);
        // The first page may have any size, because no page was accepted yet.
        assert!(size.record_refusal(Some(1000), &Position::Start, &account));
        size.record_page(Some(500), &Position::Page(2));
        assert!(!size.record_refusal(Some(500), &Position::Page(2), &account));
        account.page_sizes().record_refusal(500);
        assert_eq!(size.choose(&account), Some(500));

        let mut resumed = PageSize::new(Some(7), Capabilities::none().largest_page(1000), None);
        resumed.resume(&Position::Page(3), false, None);
        assert_eq!(resumed.choose(&account), None);
    }

    #[test]
    fn a_page_that_was_begun_is_asked_for_as_it_was() {
        let account = Account::default();
        let token = Position::Token("t".to_owned());
        let mut size = of_at_most(1000, Some(5));
        size.resume(&token, true, Some(20));
        assert_eq!(size.choose(&account), Some(20));
        size.record_page(Some(20), &token);
        assert_eq!(size.choose(&account), Some(5));
        size.resume(&token, false, Some(20));
        assert_eq!(size.choose(&account), Some(5));
    }

    proptest! {
        #[test]
        fn a_limit_takes_as_few_pages_as_can_be(most in 1_u32..2000, useful in 1_u64..10_000) {
            let size = of_at_most(most, Some(useful)).choose(&Account::default()).unwrap_or_default();
            let pages = useful.div_ceil(u64::from(size));
            prop_assert!(size <= most);
            prop_assert_eq!(pages, useful.div_ceil(u64::from(most)));
            // Less than one session per page is requested in vain.
            prop_assert!(pages * u64::from(size) < useful + pages);
        }
    }
}
