//! A parser for the only form of time in LlamaCloud's example, `2026-04-22T12:34:41.342245` in UTC,
//! as a hand-written client would have it.

/// Parses it into microseconds since 1970; `None` if the text has any other form.
pub(super) fn micros(text: &str) -> Option<i64> {
    let bytes: &[u8; 26] = text.as_bytes().try_into().ok()?;
    let form = [(4, b'-'), (7, b'-'), (10, b'T'), (13, b':'), (16, b':'), (19, b'.')];
    if form.iter().any(|(at, sign)| bytes[*at] != *sign) {
        return None;
    }
    let number = |from: usize, to: usize| {
        bytes[from..to].iter().try_fold(0_i64, |number, digit| {
            digit.is_ascii_digit().then(|| number * 10 + i64::from(digit - b'0'))
        })
    };
    let (year, month, day) = (number(0, 4)?, number(5, 7)?, number(8, 10)?);
    let (hour, minute, second, micro) = (number(11, 13)?, number(14, 16)?, number(17, 19)?, number(20, 26)?);
    if !(1..=12).contains(&month) || !(1..=31).contains(&day) || hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    let seconds = ((days(year, month, day) * 24 + hour) * 60 + minute) * 60 + second;
    Some(seconds * 1_000_000 + micro)
}

/// Days since 1970 in the Gregorian calendar. Years are counted from March, so that the leap day is
/// the last day of a year.
fn days(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    year * 365 + year / 4 - year / 100 + year / 400 + of_year - 719_468
}

#[cfg(test)]
mod tests {
    use super::micros;

    #[test]
    fn every_day_reads_as_jiff_reads_it() {
        let mut at = jiff::civil::datetime(1970, 1, 1, 23, 59, 58, 987_654_000);
        for _ in 0..50_000 {
            let expected = at
                .to_zoned(jiff::tz::TimeZone::UTC)
                .unwrap()
                .timestamp()
                .as_microsecond();
            assert_eq!(micros(&format!("{at:.6}")), Some(expected), "{at}");
            at = at.tomorrow().unwrap();
        }
    }

    #[test]
    fn other_forms_are_not_read() {
        for text in [
            "2026-04-22T12:34:41",
            "2026-04-22T12:34:41.342245Z",
            "2026-04-22 12:34:41.342245",
            "2026-13-22T12:34:41.342245",
            "2026-04-22T24:34:41.342245",
            "2026-04-22T12:34:41.34224x",
            "",
        ] {
            assert_eq!(micros(text), None, "{text}");
        }
    }
}
