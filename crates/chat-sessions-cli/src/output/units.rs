//! Sizes and times as people read them: `2.0 kB`, `4 ms`, `1.5 s`.

use std::time::Duration;

/// Returns a number of bytes in kilobytes of 1000 bytes, with one digit after the point.
pub(crate) fn size(bytes: u64) -> String {
    let tenths = bytes / 100 + u64::from(bytes % 100 >= 50);
    format!("{}.{} kB", tenths / 10, tenths % 10)
}

/// Returns a time in milliseconds, or in seconds with one digit after the point from 1 s on.
pub(crate) fn time(time: Duration) -> String {
    let millis = time.as_millis();
    if millis < 1000 {
        return format!("{millis} ms");
    }
    let tenths = millis / 100 + u128::from(millis % 100 >= 50);
    format!("{}.{} s", tenths / 10, tenths % 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_in_kilobytes() {
        for (bytes, expected) in [
            (0, "0.0 kB"),
            (49, "0.0 kB"),
            (50, "0.1 kB"),
            (1949, "1.9 kB"),
            (1950, "2.0 kB"),
            (1_234_567, "1234.6 kB"),
            (u64::MAX, "18446744073709551.6 kB"),
        ] {
            assert_eq!(size(bytes), expected);
        }
    }

    #[test]
    fn times_are_in_milliseconds_or_seconds() {
        for (millis, expected) in [
            (0, "0 ms"),
            (999, "999 ms"),
            (1000, "1.0 s"),
            (1049, "1.0 s"),
            (1050, "1.1 s"),
            (59_960, "60.0 s"),
            (120_000, "120.0 s"),
        ] {
            assert_eq!(time(Duration::from_millis(millis)), expected);
        }
        assert_eq!(time(Duration::from_micros(999_999)), "999 ms");
    }
}
