//! What a plain scalar means: the core schema of YAML 1.2, and where YAML 1.1 means something else.
//!
//! OpenAPI recommends YAML 1.2, but many parsers still follow 1.1, or something in between. So a
//! scalar that they would read as another type has a finding.

use serde_json::{Number, Value};

/// What is wrong with a scalar.
pub(super) struct Problem {
    pub(super) rule: &'static str,
    pub(super) message: String,
    pub(super) remedy: &'static str,
}

/// The value of a plain scalar by YAML 1.2, and what is wrong with it. In JSON, numbers mean the
/// same to everybody.
pub(super) fn plain(text: &str, is_json: bool) -> (Value, Option<Problem>) {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => return (Value::Null, None),
        "true" | "True" | "TRUE" => return (Value::Bool(true), None),
        "false" | "False" | "FALSE" => return (Value::Bool(false), None),
        _ => {}
    }
    if let Some(older) = older(text).filter(|_| !(is_json && is_json_number(text))) {
        let value = match older {
            Older::TextForNumber => number(text).0,
            _ => Value::String(text.to_owned()),
        };
        return (value, Some(ambiguous(text, older)));
    }
    number(text)
}

/// What is wrong with a plain key.
pub(super) fn ambiguous_key(text: &str) -> Option<Problem> {
    let problem = ambiguous(text, older(text)?);
    Some(Problem {
        message: format!("the key {}", problem.message),
        remedy: "Quote the key.",
        ..problem
    })
}

fn number(text: &str) -> (Value, Option<Problem>) {
    let as_text = || Value::String(text.to_owned());
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    if matches!(unsigned.to_ascii_lowercase().as_str(), ".inf" | ".nan") {
        let problem = Problem {
            rule: "yaml-number",
            message: "JSON has no such number".to_owned(),
            remedy: "Remove it, or quote it.",
        };
        return (Value::Null, Some(problem));
    }
    if !is_decimal(unsigned) {
        return (as_text(), None);
    }
    let positive = text.strip_prefix('+').unwrap_or(text);
    if let Ok(integer) = positive.parse::<i64>() {
        return (Value::Number(integer.into()), None);
    }
    if let Ok(integer) = positive.parse::<u64>() {
        return (Value::Number(integer.into()), None);
    }
    let is_integer = unsigned.bytes().all(|byte| byte.is_ascii_digit());
    let float = positive.parse::<f64>().ok().and_then(Number::from_f64);
    let problem = (is_integer || float.is_none()).then(|| Problem {
        rule: "yaml-range",
        message: match is_integer {
            true => "the integer needs more than 64 bits".to_owned(),
            false => "the number is greater than any float of 64 bits".to_owned(),
        },
        remedy: "Quote it if it is a string.",
    });
    (float.map_or_else(as_text, Value::Number), problem)
}

/// What YAML 1.1 makes of a scalar that YAML 1.2 reads differently.
#[derive(Clone, Copy)]
enum Older {
    Boolean,
    /// A boolean by its specification, and to hardly any parser.
    Letter,
    Date,
    /// A number, and a string in 1.2.
    Number,
    /// A string, and a number in 1.2.
    TextForNumber,
    /// Octal or decimal, a number or a string, as the parser likes it.
    Anything,
    /// A key with a meaning of its own.
    Special,
}

fn ambiguous(text: &str, older: Older) -> Problem {
    let (message, remedy) = match older {
        Older::Boolean | Older::Letter => (
            format!("`{text}` is a boolean in YAML 1.1 and a string in YAML 1.2"),
            "Quote it, or write true or false.",
        ),
        Older::Date => (
            format!("`{text}` is a date in YAML 1.1 and a string in YAML 1.2"),
            "Quote it.",
        ),
        Older::Number => (
            format!("`{text}` is a number in YAML 1.1 and a string in YAML 1.2"),
            "Quote it if it is a string; write it in decimal if it is a number.",
        ),
        Older::TextForNumber => (
            format!("`{text}` is a string in YAML 1.1 and a number in YAML 1.2"),
            "Quote it if it is a string; write a point and a sign before the exponent if it is a number, such as `1.0e+3`.",
        ),
        Older::Anything => (
            format!("YAML parsers disagree about `{text}`: a string, or different numbers"),
            "Quote it if it is a string; write it in decimal if it is a number.",
        ),
        Older::Special => (
            format!("`{text}` has a special meaning in YAML 1.1 and is a string in YAML 1.2"),
            "Quote it.",
        ),
    };
    let rule = match older {
        Older::Date => "yaml-ambiguous-date",
        Older::Letter => "yaml-ambiguous-letter",
        _ => "yaml-ambiguous",
    };
    Problem { rule, message, remedy }
}

/// How YAML 1.1 differs about a scalar. Its types are at <https://yaml.org/type/>; where parsers
/// differ from these pages, such as Ruby's, which takes `09:30` for a number, they count too.
fn older(text: &str) -> Option<Older> {
    if is_boolean(text) {
        return Some(if text.len() == 1 { Older::Letter } else { Older::Boolean });
    }
    if matches!(text, "=" | "<<") {
        return Some(Older::Special);
    }
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    if !unsigned.starts_with(|first: char| first.is_ascii_digit() || first == '.') {
        return None;
    }
    if is_date(text) {
        return Some(Older::Date);
    }
    if is_sexagesimal(unsigned) {
        return Some(Older::Number);
    }
    let digits_of = |prefix: &str, is_digit: fn(u8) -> bool| {
        let digits = unsigned.strip_prefix(prefix).filter(|digits| !digits.is_empty());
        digits.is_some_and(|digits| digits.bytes().all(|byte| byte == b'_' || is_digit(byte)))
    };
    if digits_of("0b", |byte| matches!(byte, b'0' | b'1')) {
        return Some(Older::Number);
    }
    let is_hexadecimal = |byte: u8| byte.is_ascii_hexdigit();
    let has_leading_zero = unsigned.len() > 1 && digits_of("0", |byte| byte.is_ascii_digit());
    if digits_of("0x", is_hexadecimal) || digits_of("0o", is_hexadecimal) || has_leading_zero {
        return Some(Older::Anything);
    }
    if unsigned.contains('_') && is_decimal(&unsigned.replace('_', "")) {
        return Some(Older::Number);
    }
    let (mantissa, exponent) = unsigned.split_once(['e', 'E'])?;
    let is_older_float = mantissa.contains('.') && exponent.starts_with(['-', '+']);
    (is_decimal(unsigned) && !is_older_float).then_some(Older::TextForNumber)
}

/// Whether a word is a boolean in YAML 1.1 and a string in YAML 1.2.
fn is_boolean(text: &str) -> bool {
    const WORDS: [&str; 6] = ["n", "no", "off", "on", "y", "yes"];
    let is_word = |word: &&str| text.eq_ignore_ascii_case(word);
    let is_capital = |byte: u8| byte.is_ascii_uppercase();
    let rest = text.as_bytes().get(1..).unwrap_or_default();
    let is_whole = rest.iter().all(|byte| !is_capital(*byte)) || text.bytes().all(is_capital);
    WORDS.iter().any(is_word) && is_whole
}

/// A date such as `2026-04-22`, alone or with a time of day.
fn is_date(text: &str) -> bool {
    let bytes = text.as_bytes();
    let mut parts = text.splitn(3, '-');
    let (Some(year), Some(month), Some(rest)) = (parts.next(), parts.next(), parts.next()) else {
        return false;
    };
    let day = rest.bytes().take_while(u8::is_ascii_digit).count();
    let (day, rest) = rest.split_at(day);
    let is_number =
        |text: &str, most: usize| (1..=most).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    if year.len() != 4 || !is_number(year, 4) || !is_number(month, 2) || !is_number(day, 2) {
        return false;
    }
    if rest.is_empty() {
        return bytes.len() == "2026-04-22".len();
    }
    let Some(time) = rest.strip_prefix(['T', 't']).or_else(|| rest.strip_prefix([' ', '\t'])) else {
        return false;
    };
    let time = time.trim_start_matches([' ', '\t']);
    let clock = time
        .bytes()
        .take_while(|byte| byte.is_ascii_digit() || *byte == b':')
        .count();
    let (clock, zone) = time.split_at(clock);
    let parts: Vec<&str> = clock.split(':').collect();
    let is_zone = |byte: u8| byte.is_ascii_digit() || b".:+-Zz \t".contains(&byte);
    parts.len() == 3 && parts.iter().all(|part| is_number(part, 2)) && zone.bytes().all(is_zone)
}

/// A number in base 60, such as `12:30` or `1:30:05.5`.
fn is_sexagesimal(unsigned: &str) -> bool {
    let whole = match unsigned.split_once('.') {
        Some((whole, fraction)) if fraction.bytes().all(|byte| byte.is_ascii_digit() || byte == b'_') => whole,
        Some(_) => return false,
        None => unsigned,
    };
    let Some((first, others)) = whole.split_once(':') else {
        return false;
    };
    let is_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'_');
    let is_sixtieth = |text: &str| text.parse::<u8>().is_ok_and(|number| number < 60) && !text.starts_with('+');
    first.starts_with(|first: char| first.is_ascii_digit())
        && is_digits(first)
        && others.split(':').all(|part| part.len() <= 2 && is_sixtieth(part))
}

/// Whether a text without a sign is a decimal number by YAML 1.2.
fn is_decimal(unsigned: &str) -> bool {
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent.strip_prefix(['-', '+']).unwrap_or(exponent))),
        None => (unsigned, None),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let are_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    !(whole.is_empty() && fraction.is_empty())
        && are_digits(whole)
        && are_digits(fraction)
        && exponent.is_none_or(|exponent| !exponent.is_empty() && are_digits(exponent))
}

/// Whether a text is a number in JSON.
fn is_json_number(text: &str) -> bool {
    let unsigned = text.strip_prefix('-').unwrap_or(text);
    let whole: &str = unsigned.split(['.', 'e', 'E']).next().unwrap_or_default();
    let has_fraction = |rest: &str| rest.starts_with(|first: char| first.is_ascii_digit());
    is_decimal(unsigned)
        && !whole.is_empty()
        && (whole == "0" || !whole.starts_with('0'))
        && unsigned.split_once('.').is_none_or(|(_, rest)| has_fraction(rest))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{ambiguous_key, plain};

    /// Every type of <https://yaml.org/type/> with a notation that the core schema of YAML 1.2
    /// reads differently.
    #[test]
    fn what_yaml_1_1_reads_differently_is_ambiguous() {
        let rows = [
            // Booleans.
            "y",
            "Y",
            "n",
            "N",
            "yes",
            "Yes",
            "YES",
            "no",
            "No",
            "NO",
            "on",
            "On",
            "ON",
            "off",
            "Off",
            "OFF",
            // Dates and times.
            "2026-04-22",
            "2026-04-22T12:34:41Z",
            "2026-4-2 1:02:03",
            "2026-04-22t12:34:41.5+02:00",
            "2026-04-22 12:34:41.10 -5",
            // Base 60.
            "12:30",
            "09:30",
            "190:20:30",
            "-1:30",
            "20:30.15",
            "1:2:3.4",
            // Other bases and underscores.
            "0b101",
            "-0b1_0",
            "0o14",
            "0x1F",
            "0x_1",
            "0123",
            "0000",
            "08",
            "-012",
            "1_000",
            "1_000.5",
            "0_7",
            // Exponents without a point or a sign.
            "1e3",
            "1E3",
            "1e+3",
            "1.5e3",
            "-2e-3",
            ".5e3",
            // Keys with a meaning.
            "=",
            "<<",
        ];
        for text in rows {
            let (_, problem) = plain(text, false);
            let expected = match text.len() {
                1 if text != "=" => "yaml-ambiguous-letter",
                _ if text.starts_with("2026") => "yaml-ambiguous-date",
                _ => "yaml-ambiguous",
            };
            assert_eq!(problem.map(|problem| problem.rule), Some(expected), "{text}");
            assert!(ambiguous_key(text).is_some(), "{text}");
        }
    }

    #[test]
    fn what_all_parsers_read_alike_is_not_ambiguous() {
        let rows: [(&str, Value); 34] = [
            ("nope", json!("nope")),
            ("yEs", json!("yEs")),
            ("oN", json!("oN")),
            ("yn", json!("yn")),
            ("2026-04", json!("2026-04")),
            ("2026-4-2", json!("2026-4-2")),
            ("2026-04-22-1", json!("2026-04-22-1")),
            ("2026-04-22T12:34", json!("2026-04-22T12:34")),
            ("12:60", json!("12:60")),
            ("12:305", json!("12:305")),
            ("8080:80", json!("8080:80")),
            ("a:30", json!("a:30")),
            ("1:30:x", json!("1:30:x")),
            ("127.0.0.1", json!("127.0.0.1")),
            ("1.0.0", json!("1.0.0")),
            ("v1_0", json!("v1_0")),
            ("1_a", json!("1_a")),
            ("_1", json!("_1")),
            ("0b", json!("0b")),
            ("0b12", json!("0b12")),
            ("0xg", json!("0xg")),
            ("e3", json!("e3")),
            ("1e", json!("1e")),
            ("1.5e+3", json!(1500.0)),
            ("1.5E-3", json!(0.0015)),
            ("0", json!(0)),
            ("-0.5", json!(-0.5)),
            (".5", json!(0.5)),
            ("+7", json!(7)),
            ("18446744073709551615", json!(u64::MAX)),
            ("true", json!(true)),
            ("~", json!(null)),
            ("/v1", json!("/v1")),
            ("--1", json!("--1")),
        ];
        for (text, value) in rows {
            let (read, problem) = plain(text, false);
            assert!(
                problem.is_none(),
                "{text}: {}",
                problem.map(|found| found.message).unwrap_or_default()
            );
            assert_eq!(read, value, "{text}");
        }
    }

    #[test]
    fn a_number_of_json_means_the_same_to_everybody() {
        for text in ["1e3", "-1.5E3", "0e1"] {
            assert!(plain(text, true).1.is_none(), "{text}");
        }
        for text in ["1_000", "01", ".5e3", "1.e3", "+1e3", "no"] {
            assert!(plain(text, true).1.is_some(), "{text}");
        }
    }

    #[test]
    fn a_number_that_64_bits_cannot_hold_stays_a_number_where_possible() {
        let (value, problem) = plain("340282366920938463463374607431768211456", false);
        assert!(value.is_f64() && problem.is_some_and(|problem| problem.rule == "yaml-range"));
        let (value, problem) = plain("1.0e+400", false);
        assert!(value.is_string() && problem.is_some_and(|problem| problem.rule == "yaml-range"));
        let (value, problem) = plain("-.INF", false);
        assert!(value.is_null() && problem.is_some_and(|problem| problem.rule == "yaml-number"));
    }
}
