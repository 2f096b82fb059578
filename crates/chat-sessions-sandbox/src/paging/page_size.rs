//! What a provider does with the page size that a request asks for.
//!
//! It is responsible for the three things that servers are known to do, and for nothing of how each dialect words them.

/// What one side of the sandbox does with a `page_size` in the query.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum PageSizeRule {
    /// Serves the size asked for, and this many sessions where more are asked for; at least one.
    ///
    /// The documents of LlamaCloud say it of sibling lists: "values above this will be coerced to the maximum".
    CoerceAbove(usize),
    /// Serves the size asked for, and refuses a request for more than this, in the provider's own way.
    RefuseAbove(usize),
    /// Serves its own size whatever is asked for, even when it is no number.
    Ignore,
}

/// What becomes of a page size that was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PageSizeDecision {
    /// The page is to have this size.
    Serve(usize),
    /// The request names no number.
    NotANumber,
    /// The request names a number below 1.
    TooSmall,
    /// The request names a number above this one, and that is refused.
    TooLarge(usize),
}

impl PageSizeRule {
    /// The size of the page for what stands in the query, if anything does.
    pub(crate) fn decide(self, requested: Option<&str>, default: usize) -> PageSizeDecision {
        let Some(requested) = requested.filter(|_| self != Self::Ignore) else {
            return PageSizeDecision::Serve(default);
        };
        let Ok(size) = requested.parse::<i128>() else {
            return PageSizeDecision::NotANumber;
        };
        if size < 1 {
            return PageSizeDecision::TooSmall;
        }
        let size = usize::try_from(size).unwrap_or(usize::MAX);
        match self {
            Self::CoerceAbove(max) => PageSizeDecision::Serve(size.min(max.max(1))),
            Self::RefuseAbove(max) if size > max => PageSizeDecision::TooLarge(max),
            Self::RefuseAbove(_) | Self::Ignore => PageSizeDecision::Serve(size),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_rule_gives_its_size() {
        let rules = [
            PageSizeRule::CoerceAbove(100),
            PageSizeRule::RefuseAbove(100),
            PageSizeRule::Ignore,
        ];
        for (requested, expected) in [
            (None, [PageSizeDecision::Serve(20); 3]),
            (
                Some("1"),
                [
                    PageSizeDecision::Serve(1),
                    PageSizeDecision::Serve(1),
                    PageSizeDecision::Serve(20),
                ],
            ),
            (
                Some("100"),
                [
                    PageSizeDecision::Serve(100),
                    PageSizeDecision::Serve(100),
                    PageSizeDecision::Serve(20),
                ],
            ),
            (
                Some("101"),
                [
                    PageSizeDecision::Serve(100),
                    PageSizeDecision::TooLarge(100),
                    PageSizeDecision::Serve(20),
                ],
            ),
            (
                Some("99999999999999999999"),
                [
                    PageSizeDecision::Serve(100),
                    PageSizeDecision::TooLarge(100),
                    PageSizeDecision::Serve(20),
                ],
            ),
            (
                Some("0"),
                [
                    PageSizeDecision::TooSmall,
                    PageSizeDecision::TooSmall,
                    PageSizeDecision::Serve(20),
                ],
            ),
            (
                Some("-1"),
                [
                    PageSizeDecision::TooSmall,
                    PageSizeDecision::TooSmall,
                    PageSizeDecision::Serve(20),
                ],
            ),
            (
                Some("many"),
                [
                    PageSizeDecision::NotANumber,
                    PageSizeDecision::NotANumber,
                    PageSizeDecision::Serve(20),
                ],
            ),
            (
                Some(""),
                [
                    PageSizeDecision::NotANumber,
                    PageSizeDecision::NotANumber,
                    PageSizeDecision::Serve(20),
                ],
            ),
        ] {
            assert_eq!(rules.map(|rule| rule.decide(requested, 20)), expected, "{requested:?}");
        }
    }
}
