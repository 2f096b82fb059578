//! How long ago a time was, in a few characters.

use jiff::Timestamp;

const MINUTE: i64 = 60;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// Returns an age such as `3 h ago`, rounded down; `None` for a time in the future. Two clocks may
/// differ by a minute.
pub(crate) fn age(at: Timestamp, now: Timestamp) -> Option<String> {
    let seconds = now.as_second() - at.as_second();
    let days = seconds / DAY;
    let plural = |number: i64, unit: &str| {
        let s = if number == 1 { "" } else { "s" };
        format!("{number} {unit}{s} ago")
    };
    if seconds < -MINUTE {
        return None;
    }
    Some(match days {
        _ if seconds < MINUTE => "just now".to_owned(),
        _ if seconds < HOUR => format!("{} min ago", seconds / MINUTE),
        _ if seconds < DAY => format!("{} h ago", seconds / HOUR),
        _ if days < 14 => plural(days, "day"),
        _ if days < 60 => plural(days / 7, "week"),
        // 30.44 days are the average month.
        _ if days < 730 => plural(days * 100 / 3044, "month"),
        _ => plural(days * 100 / 36_525, "year"),
    })
}

#[cfg(test)]
mod tests {
    use super::{DAY, HOUR, MINUTE, age};
    use jiff::Timestamp;

    #[test]
    fn an_age_is_rounded_down_to_its_largest_unit() {
        let now: Timestamp = "2026-04-23T00:00:00Z".parse().unwrap();
        for (seconds, expected) in [
            (-61, None),
            (-60, Some("just now")),
            (59, Some("just now")),
            (MINUTE, Some("1 min ago")),
            (HOUR - 1, Some("59 min ago")),
            (HOUR, Some("1 h ago")),
            (DAY - 1, Some("23 h ago")),
            (DAY, Some("1 day ago")),
            (14 * DAY - 1, Some("13 days ago")),
            (14 * DAY, Some("2 weeks ago")),
            (60 * DAY - 1, Some("8 weeks ago")),
            (61 * DAY, Some("2 months ago")),
            (729 * DAY, Some("23 months ago")),
            (731 * DAY, Some("2 years ago")),
        ] {
            let at = Timestamp::from_second(now.as_second() - seconds).unwrap();
            assert_eq!(age(at, now).as_deref(), expected, "{seconds}");
        }
    }
}
