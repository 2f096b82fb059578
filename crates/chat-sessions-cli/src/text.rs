//! Text that others wrote, made fit for one line of a terminal.

use unicode_width::UnicodeWidthStr;

/// Joins characters to one that is seen, such as a family of emoji.
const JOINER: char = '\u{200d}';

/// Puts a text on one line. Control characters could move the cursor or recolour the terminal, and the marks that turn
/// the direction of text could reorder the columns behind it, so none of them is let through.
pub(crate) fn one_line(text: &str) -> String {
    let turns_text = |character| matches!(character, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let breaks = |character: char| character.is_control() || matches!(character, '\u{2028}' | '\u{2029}');
    let mut line = String::with_capacity(text.len());
    for character in text.chars().filter(|character| !turns_text(*character)) {
        let shown = if breaks(character) { ' ' } else { character };
        if shown != ' ' || !line.ends_with(' ') {
            line.push(shown);
        }
    }
    line.trim().to_owned()
}

/// Cuts a text to so many columns of the terminal, with a mark where it was cut.
pub(crate) fn cut(text: &str, width: usize) -> String {
    if text.width() <= width {
        return text.to_owned();
    }
    let room = width.saturating_sub(1);
    let mut kept = String::new();
    for character in text.chars() {
        kept.push(character);
        // Characters that are joined to one take less room together than one by one, so that the whole is measured.
        if kept.width() > room {
            kept.pop();
            break;
        }
    }
    // What nothing is joined to any more would be joined to the mark.
    kept.truncate(kept.trim_end_matches(JOINER).len());
    kept.push('…');
    kept
}

#[cfg(test)]
mod tests {
    use super::{cut, one_line};

    #[test]
    fn a_text_is_cut_by_the_columns_that_it_takes() {
        assert_eq!(cut("short", 5), "short");
        assert_eq!(cut("longer", 5), "long…");
        assert_eq!(cut("日本語の題", 5), "日本…", "a wide character takes two columns");
        assert_eq!(cut("👩‍👩‍👧‍👦👩‍👩‍👧‍👦👩‍👩‍👧‍👦", 5), "👩‍👩‍👧‍👦👩‍👩‍👧‍👦…", "a family too");
        assert_eq!(cut("a👩‍👩‍👧‍👦b", 2), "a…");
        assert_eq!(cut("", 0), "");
    }

    #[test]
    fn a_text_cannot_leave_its_line_or_touch_the_terminal() {
        assert_eq!(one_line("a\nb\r\n\tc"), "a b c");
        assert_eq!(one_line("\u{1b}[31mred\u{7}\u{9b}1m"), "[31mred 1m");
        assert_eq!(one_line("a \u{202e}b\u{2066}c\u{2028}d"), "a bc d");
    }
}
