//! Puts a provider's text on one line of limited length.

use crate::invisible::is_invisible;

/// The maximum length of a provider's text, in characters.
pub(super) const LONGEST: usize = 300;

/// The maximum length of a request id, in characters.
pub(super) const LONGEST_ID: usize = 128;

/// Returns a request id in the form in which it is shown.
pub(crate) fn display_id(id: &str) -> String {
    one_line(id, LONGEST_ID)
}

/// Puts a provider's text on one line of at most this many characters.
pub(super) fn one_line(text: &str, longest: usize) -> String {
    let mut line: String = printable(text).take(longest + 1).collect();
    if let Some((last, _)) = line.char_indices().nth(longest) {
        // Room for the ellipsis.
        let last = line[..last].char_indices().next_back().map_or(0, |(index, _)| index);
        line.truncate(last);
        line.push('…');
    }
    line
}

/// Returns the characters of a text that are safe to print. Control characters could forge a line or
/// move the cursor of a terminal, so each becomes a space, and so do Unicode's own line ends.
/// Characters that hide text or reorder it are removed.
pub(super) fn printable(text: &str) -> impl Iterator<Item = char> {
    let is_break = |character: char| character.is_control() || matches!(character, '\u{2028}' | '\u{2029}');
    text.chars()
        .map(move |character| if is_break(character) { ' ' } else { character })
        .filter(|character| !is_invisible(*character))
}

#[cfg(test)]
mod tests {
    use super::one_line;

    #[test]
    fn a_text_is_one_line_and_hides_and_reorders_nothing() {
        for (text, expected) in [
            ("a\nb\r\tc\u{2028}d\u{85}e", "a b  c d e"),
            ("a\u{1b}[31mb\u{7}\u{9b}1m\u{7f}", "a [31mb  1m "),
            ("a\u{202e}b\u{2066}\u{200f}\u{61c}\u{e0041}\u{feff}c", "abc"),
            ("👩\u{200d}💻 می\u{200c}خواهم", "👩\u{200d}💻 می\u{200c}خواهم"),
        ] {
            assert_eq!(one_line(text, 40), expected, "{text:?}");
        }
    }

    #[test]
    fn a_long_text_ends_in_an_ellipsis() {
        for (text, expected) in [
            ("", ""),
            ("abc", "abc"),
            ("abcd", "ab…"),
            ("a\u{202e}bc", "abc"),
            ("日本語の", "日本…"),
        ] {
            assert_eq!(one_line(text, 3), expected, "{text:?}");
        }
    }
}
