//! Options with a whole number, and the message for any other value.

use std::ops::RangeInclusive;

/// Returns a parser for the whole numbers in a range. The message for other values ends with `more`.
pub(crate) fn whole<T: TryFrom<u64>>(
    range: RangeInclusive<u64>,
    more: &'static str,
) -> impl Fn(&str) -> Result<T, String> + Clone {
    move |text: &str| {
        let number = text.trim().parse::<u64>().ok();
        let number = number.filter(|number| range.contains(number));
        number.and_then(|number| T::try_from(number).ok()).ok_or_else(|| {
            let (least, most) = (range.start(), range.end());
            if *most >= u64::from(u32::MAX) {
                format!("expected a whole number of at least {least}{more}")
            } else {
                format!("expected a whole number from {least} to {most}{more}")
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::whole;

    #[test]
    fn any_other_value_is_explained() {
        let some = whole::<u32>(1..=u64::MAX, "; --all shows all");
        for (text, parsed) in [("1", 1), (" 7 ", 7), ("4294967295", u32::MAX)] {
            assert_eq!(some(text), Ok(parsed), "{text}");
        }
        for text in ["0", "-1", "1.5", "ten", "", "4294967296", "99999999999999999999"] {
            let expected = "expected a whole number of at least 1; --all shows all";
            assert_eq!(some(text), Err(expected.to_owned()), "{text}");
        }
        let few = whole::<u32>(0..=32, "");
        assert_eq!(few("33"), Err("expected a whole number from 0 to 32".to_owned()));
    }
}
