//! Checks the formats of OpenAPI and JSON Schema that need no library: times, ids, addresses and
//! integer widths.

use std::net::{Ipv4Addr, Ipv6Addr};

use serde_json::Value;

use super::address;
use super::mismatch::MismatchKind;

/// How a value violates a format. `None` for unknown formats, and for values of other types.
pub(super) fn mismatch(format: &str, value: &Value) -> Option<MismatchKind> {
    let is_good = match (format, value) {
        ("date-time", Value::String(text)) => match date_time(text) {
            DateTime::Whole => true,
            DateTime::NoZone => return Some(MismatchKind::NoZone),
            DateTime::Not => false,
        },
        ("date", Value::String(text)) => is_date(text.as_bytes()),
        ("uuid", Value::String(text)) => is_uuid(text),
        ("byte", Value::String(text)) => is_base64(text),
        ("uri", Value::String(text)) => address::is_uri(text),
        ("email", Value::String(text)) => address::is_email(text),
        ("ipv4", Value::String(text)) => text.parse::<Ipv4Addr>().is_ok(),
        ("ipv6", Value::String(text)) => text.parse::<Ipv6Addr>().is_ok(),
        ("int32", Value::Number(number)) => within(number, i128::from(i32::MIN), i128::from(i32::MAX)),
        ("int64", Value::Number(number)) => within(number, i128::from(i64::MIN), i128::from(i64::MAX)),
        ("uint32", Value::Number(number)) => within(number, 0, i128::from(u32::MAX)),
        ("uint64", Value::Number(number)) => within(number, 0, i128::from(u64::MAX)),
        _ => true,
    };
    (!is_good).then(|| MismatchKind::Format {
        format: format.to_owned(),
    })
}

enum DateTime {
    Whole,
    NoZone,
    Not,
}

/// RFC 3339, section 5.6. A space instead of the `T` is common, and readers accept it.
fn date_time(text: &str) -> DateTime {
    let bytes = text.as_bytes();
    let Some((date, rest)) = bytes.split_at_checked(10) else {
        return DateTime::Not;
    };
    let Some((separator, rest)) = rest.split_first() else {
        return DateTime::Not;
    };
    let Some((clock, rest)) = rest.split_at_checked(8) else {
        return DateTime::Not;
    };
    if !is_date(date) || !matches!(separator, b'T' | b't' | b' ') || !is_clock(clock) {
        return DateTime::Not;
    }
    let zone = match rest.split_first() {
        Some((b'.', rest)) => {
            let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
            if digits == 0 {
                return DateTime::Not;
            }
            &rest[digits..]
        }
        _ => rest,
    };
    match zone {
        [] => DateTime::NoZone,
        [b'Z' | b'z'] => DateTime::Whole,
        [b'+' | b'-', hours @ ..] if is_offset(hours) => DateTime::Whole,
        _ => DateTime::Not,
    }
}

fn is_date(text: &[u8]) -> bool {
    let [y1, y2, y3, y4, b'-', month @ .., b'-', d1, d2] = text else {
        return false;
    };
    let (Some(century), Some(year)) = (two(&[*y1, *y2]), two(&[*y3, *y4])) else {
        return false;
    };
    let year = century * 100 + year;
    let is_leap = (year.is_multiple_of(4) && !year.is_multiple_of(100)) || year.is_multiple_of(400);
    let days = match two(month) {
        Some(4 | 6 | 9 | 11) => 30,
        Some(2) if is_leap => 29,
        Some(2) => 28,
        Some(1..=12) => 31,
        _ => return false,
    };
    two(&[*d1, *d2]).is_some_and(|day| (1..=days).contains(&day))
}

/// A second of 60 is a leap second.
fn is_clock(text: &[u8]) -> bool {
    let [h1, h2, b':', m1, m2, b':', s1, s2] = text else {
        return false;
    };
    let below = |digits: [u8; 2], end: u32| two(&digits).is_some_and(|number| number < end);
    below([*h1, *h2], 24) && below([*m1, *m2], 60) && below([*s1, *s2], 61)
}

fn is_offset(text: &[u8]) -> bool {
    let [h1, h2, b':', m1, m2] = text else { return false };
    two(&[*h1, *h2]).is_some_and(|hours| hours < 24) && two(&[*m1, *m2]).is_some_and(|minutes| minutes < 60)
}

fn two(digits: &[u8]) -> Option<u32> {
    match digits {
        [tens, ones] if tens.is_ascii_digit() && ones.is_ascii_digit() => {
            Some(u32::from(tens - b'0') * 10 + u32::from(ones - b'0'))
        }
        _ => None,
    }
}

fn is_uuid(text: &str) -> bool {
    let lengths = text.split('-').map(str::len);
    lengths.eq([8, 4, 4, 4, 12]) && text.bytes().all(|byte| byte == b'-' || byte.is_ascii_hexdigit())
}

fn is_base64(text: &str) -> bool {
    let digits = text.trim_end_matches('=');
    let padding = text.len() - digits.len();
    let is_digit = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/');
    text.len().is_multiple_of(4) && padding <= 2 && digits.bytes().all(is_digit)
}

fn within(number: &serde_json::Number, least: i128, most: i128) -> bool {
    let number = number
        .as_i64()
        .map(i128::from)
        .or_else(|| number.as_u64().map(i128::from));
    number.is_some_and(|number| (least..=most).contains(&number))
}
