//! The ways in which a provider treats the page size of a request. The dialects word the errors.

/// How a provider treats the `page_size` of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum PageSizeRule {
    /// Serves the requested size, up to this maximum of at least 1. A size below 1 counts as none.
    ///
    /// LlamaCloud documents this for sibling lists: "values above this will be coerced
    /// to the maximum". No document names a minimum, and the tests of the official SDK send 0.
    CoerceAbove(usize),
    /// Serves the requested size, and refuses a request for more than this, or for less than 1, with
    /// the provider's own error.
    RefuseAbove(usize),
    /// Ignores the requested size, even if it is not a number, and serves the provider's own.
    Ignore,
}

/// The page size for a request, or why the request is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PageSizeDecision {
    /// The page has up to this many sessions.
    Serve(usize),
    /// The requested size is not an integer.
    NotAnInteger,
    /// The requested size is below 1.
    TooSmall,
    /// The requested size is above this maximum.
    TooLarge(usize),
}

impl PageSizeRule {
    /// Decides the page size from the query parameter, if there is one.
    pub(crate) fn decide(self, requested: Option<&str>, default: usize) -> PageSizeDecision {
        let Some(requested) = requested.filter(|_| self != Self::Ignore) else {
            return PageSizeDecision::Serve(default);
        };
        let Some(size) = integer(requested) else {
            return PageSizeDecision::NotAnInteger;
        };
        if size < 1 {
            return match self {
                Self::RefuseAbove(_) => PageSizeDecision::TooSmall,
                Self::CoerceAbove(_) | Self::Ignore => PageSizeDecision::Serve(default),
            };
        }
        let size = usize::try_from(size).unwrap_or(usize::MAX);
        match self {
            Self::CoerceAbove(max) => PageSizeDecision::Serve(size.min(max.max(1))),
            Self::RefuseAbove(max) if size > max => PageSizeDecision::TooLarge(max),
            Self::RefuseAbove(_) | Self::Ignore => PageSizeDecision::Serve(size),
        }
    }
}

/// Reads an integer of any size; one beyond 128 bits becomes the nearest that fits.
pub(crate) fn integer(text: &str) -> Option<i128> {
    let (is_negative, digits) = match text.strip_prefix('-') {
        Some(digits) => (true, digits),
        None => (false, text),
    };
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let limit = if is_negative { i128::MIN } else { i128::MAX };
    Some(text.parse().unwrap_or(limit))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_rule_decides_its_page_size() {
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
                    PageSizeDecision::Serve(20),
                    PageSizeDecision::TooSmall,
                    PageSizeDecision::Serve(20),
                ],
            ),
            (
                Some("-1"),
                [
                    PageSizeDecision::Serve(20),
                    PageSizeDecision::TooSmall,
                    PageSizeDecision::Serve(20),
                ],
            ),
            (
                Some(&"9".repeat(60)),
                [
                    PageSizeDecision::Serve(100),
                    PageSizeDecision::TooLarge(100),
                    PageSizeDecision::Serve(20),
                ],
            ),
            (
                Some(&format!("-{}", "9".repeat(60))),
                [
                    PageSizeDecision::Serve(20),
                    PageSizeDecision::TooSmall,
                    PageSizeDecision::Serve(20),
                ],
            ),
            (
                Some("many"),
                [
                    PageSizeDecision::NotAnInteger,
                    PageSizeDecision::NotAnInteger,
                    PageSizeDecision::Serve(20),
                ],
            ),
            (
                Some(""),
                [
                    PageSizeDecision::NotAnInteger,
                    PageSizeDecision::NotAnInteger,
                    PageSizeDecision::Serve(20),
                ],
            ),
        ] {
            assert_eq!(rules.map(|rule| rule.decide(requested, 20)), expected, "{requested:?}");
        }
    }
}
