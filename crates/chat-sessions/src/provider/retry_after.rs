//! Reads how long a response asks to wait.

use std::time::{Duration, SystemTime};

use http::HeaderMap;
use http::header::{DATE, RETRY_AFTER};

/// As good as forever, and small enough for every sum.
const LONGEST: Duration = Duration::from_secs(u32::MAX as u64);

/// Reads the wait in its three forms: `retry-after-ms`, which LlamaCloud's own clients know and
/// which is the most exact, then `Retry-After` in seconds, with or without a fraction, or as a date
/// (RFC 9110, section 10.2.3).
///
/// A date in the past means no wait. Anything else, such as a negative number, is ignored.
pub(crate) fn retry_after(headers: &HeaderMap, now: SystemTime) -> Option<Duration> {
    let text = |name| Some(headers.get(name)?.to_str().ok()?.trim());
    if let Some(wait) = text("retry-after-ms").and_then(|value| number(value, 1e-3)) {
        return Some(wait);
    }
    let value = text(RETRY_AFTER.as_str())?;
    if let Some(wait) = number(value, 1.0) {
        return Some(wait);
    }
    let until = httpdate::parse_http_date(value).ok()?;
    // If the response has the sender's own time, the wait is correct even if the clocks differ.
    let now = text(DATE.as_str())
        .and_then(|date| httpdate::parse_http_date(date).ok())
        .unwrap_or(now);
    Some(until.duration_since(now).unwrap_or(Duration::ZERO).min(LONGEST))
}

/// Parses a number of units of this many seconds.
fn number(value: &str, unit: f64) -> Option<Duration> {
    // `f64` also parses names such as `inf`, which no header means.
    if !value.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.') {
        return None;
    }
    let seconds = value.parse::<f64>().ok()? * unit;
    Some(Duration::try_from_secs_f64(seconds).map_or(LONGEST, |wait| wait.min(LONGEST)))
}

#[cfg(test)]
mod tests {
    use http::{HeaderName, HeaderValue};

    use super::*;

    #[test]
    fn every_form_is_read_and_nothing_else() {
        const SUNDAY: &str = "Sun, 06 Nov 1994 08:49:37 GMT";
        let now = httpdate::parse_http_date(SUNDAY).unwrap();
        let millis = |millis| Some(Duration::from_millis(millis));
        for (headers, expected) in [
            (&[][..], None),
            (&[("retry-after", "0")], millis(0)),
            (&[("retry-after", "7")], millis(7000)),
            (&[("retry-after", " 1.5 ")], millis(1500)),
            (&[("retry-after", "Sun, 06 Nov 1994 08:49:57 GMT")], millis(20_000)),
            (&[("retry-after", "Sunday, 06-Nov-94 08:49:57 GMT")], millis(20_000)),
            (&[("retry-after", "Sun Nov  6 08:49:57 1994")], millis(20_000)),
            (&[("retry-after", "Sun, 06 Nov 1994 08:49:00 GMT")], millis(0)),
            (
                &[
                    ("retry-after", "Sun, 06 Nov 1994 09:00:20 GMT"),
                    ("date", "Sun, 06 Nov 1994 09:00:00 GMT"),
                ],
                millis(20_000),
            ),
            (&[("retry-after", SUNDAY), ("date", "yesterday")], millis(0)),
            (&[("retry-after-ms", "250"), ("retry-after", "7")], millis(250)),
            (&[("retry-after-ms", "0.5")], Some(Duration::from_micros(500))),
            (&[("retry-after-ms", "soon"), ("retry-after", "7")], millis(7000)),
            (&[("retry-after", "414000")], Some(Duration::from_secs(414_000))),
            (&[("retry-after", "99999999999999999999999999")], Some(LONGEST)),
            (&[("retry-after", "Fri, 31 Dec 9999 23:59:59 GMT")], Some(LONGEST)),
            (&[("retry-after", "-1")], None),
            (&[("retry-after", "1e3")], None),
            (&[("retry-after", "inf")], None),
            (&[("retry-after", "NaN")], None),
            (&[("retry-after", "soon")], None),
            (&[("retry-after", ".")], None),
            (&[("retry-after", "")], None),
            (&[("retry-after", "7, 8")], None),
        ] {
            let map = headers
                .iter()
                .map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value)))
                .collect();
            assert_eq!(retry_after(&map, now), expected, "{headers:?}");
        }
    }
}
