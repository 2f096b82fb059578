//! What a provider does with the page size that a request asks for.
//!
//! It is responsible for the three things that servers are known to do, and for nothing of how each dialect words them.

/// What one side of the sandbox does with a `page_size` in the query.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum PageSizes {
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
pub(crate) enum Size {
    /// The page is to have this size.
    Serve(usize),
    /// The request names no number.
    NotANumber,
    /// The request names a number below 1.
    TooSmall,
    /// The request names a number above this one, and that is refused.
    TooLarge(usize),
}

impl PageSizes {
    /// The size of the page for what stands in the query, if anything does.
    pub(crate) fn size(self, given: Option<&str>, default: usize) -> Size {
        let Some(given) = given.filter(|_| self != Self::Ignore) else {
            return Size::Serve(default);
        };
        let Ok(size) = given.parse::<i128>() else {
            return Size::NotANumber;
        };
        if size < 1 {
            return Size::TooSmall;
        }
        let size = usize::try_from(size).unwrap_or(usize::MAX);
        match self {
            Self::CoerceAbove(most) => Size::Serve(size.min(most.max(1))),
            Self::RefuseAbove(most) if size > most => Size::TooLarge(most),
            Self::RefuseAbove(_) | Self::Ignore => Size::Serve(size),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_rule_gives_its_size() {
        let rules = [
            PageSizes::CoerceAbove(100),
            PageSizes::RefuseAbove(100),
            PageSizes::Ignore,
        ];
        for (given, expected) in [
            (None, [Size::Serve(20); 3]),
            (Some("1"), [Size::Serve(1), Size::Serve(1), Size::Serve(20)]),
            (Some("100"), [Size::Serve(100), Size::Serve(100), Size::Serve(20)]),
            (Some("101"), [Size::Serve(100), Size::TooLarge(100), Size::Serve(20)]),
            (
                Some("99999999999999999999"),
                [Size::Serve(100), Size::TooLarge(100), Size::Serve(20)],
            ),
            (Some("0"), [Size::TooSmall, Size::TooSmall, Size::Serve(20)]),
            (Some("-1"), [Size::TooSmall, Size::TooSmall, Size::Serve(20)]),
            (Some("many"), [Size::NotANumber, Size::NotANumber, Size::Serve(20)]),
            (Some(""), [Size::NotANumber, Size::NotANumber, Size::Serve(20)]),
        ] {
            assert_eq!(rules.map(|rule| rule.size(given, 20)), expected, "{given:?}");
        }
    }
}
