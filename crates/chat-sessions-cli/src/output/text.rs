//! Makes text from a provider fit on one line of a terminal.

use unicode_width::UnicodeWidthStr;

use super::visible::{Part, parts};

/// Joins characters into one visible character, such as a family emoji.
const ZERO_WIDTH_JOINER: char = '\u{200d}';

/// Puts text on one line. Control characters and line breaks become a space; unsafe characters that
/// nobody sees are removed.
pub(crate) fn one_line(text: &str) -> String {
    let is_break = |character: char| character.is_control() || matches!(character, '\u{2028}' | '\u{2029}');
    let mut line = String::with_capacity(text.len());
    for part in parts(text) {
        let stretch = match part {
            Part::Safe(stretch) => stretch,
            Part::Unsafe(character) if is_break(character) => " ",
            Part::Unsafe(_) => continue,
        };
        for character in stretch.chars() {
            if character != ' ' || !line.ends_with(' ') {
                line.push(character);
            }
        }
    }
    line.trim().to_owned()
}

/// Returns a number and what it counts, in the singular for 1.
pub(crate) fn count(number: u64, noun: &str) -> String {
    format!("{number} {}", plural(number, noun))
}

/// Returns the noun for this many things.
pub(crate) fn plural(number: u64, noun: &str) -> String {
    if number == 1 {
        noun.to_owned()
    } else {
        format!("{noun}s")
    }
}

/// Joins names as a sentence does.
pub(crate) fn and(names: &[String]) -> String {
    match names {
        [] => String::new(),
        [only] => only.clone(),
        [before @ .., last] => format!("{} and {last}", before.join(", ")),
    }
}

/// Truncates text to a number of terminal columns and marks the end with an ellipsis.
pub(crate) fn truncate(text: &str, width: usize) -> String {
    if text.width() <= width {
        return text.to_owned();
    }
    let room = width.saturating_sub(1);
    let mut kept = String::new();
    for character in text.chars() {
        kept.push(character);
        // Joined characters take less room than the sum of their widths, so this measures the whole.
        if kept.width() > room {
            kept.pop();
            break;
        }
    }
    // A joiner at the end would join the ellipsis.
    kept.truncate(kept.trim_end_matches(ZERO_WIDTH_JOINER).len());
    kept.push('…');
    kept
}

#[cfg(test)]
mod tests {
    use super::{one_line, truncate};

    #[test]
    fn text_is_truncated_by_its_display_width() {
        assert_eq!(truncate("short", 5), "short");
        assert_eq!(truncate("longer", 5), "long…");
        assert_eq!(truncate("日本語の題", 5), "日本…", "a wide character takes two columns");
        assert_eq!(truncate("👩‍👩‍👧‍👦👩‍👩‍👧‍👦👩‍👩‍👧‍👦", 5), "👩‍👩‍👧‍👦👩‍👩‍👧‍👦…", "a joined emoji too");
        assert_eq!(truncate("a👩‍👩‍👧‍👦b", 2), "a…");
        assert_eq!(truncate("", 0), "");
    }

    #[test]
    fn text_stays_on_its_line_and_cannot_control_the_terminal() {
        assert_eq!(one_line("a\nb\r\n\tc"), "a b c");
        assert_eq!(one_line("\u{1b}[31mred\u{7}\u{9b}1m"), "[31mred 1m");
        assert_eq!(one_line("a \u{202e}b\u{2066}c\u{2028}d"), "a bc d");
        assert_eq!(one_line("a\u{200f} \u{e0041}b\u{feff}"), "a b");
        assert_eq!(one_line("👩\u{200d}💻 می\u{200c}خواهم"), "👩\u{200d}💻 می\u{200c}خواهم");
    }
}
