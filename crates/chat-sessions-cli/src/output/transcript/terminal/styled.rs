//! Text with styles, and its division into lines of a terminal.
//!
//! Lines break where Unicode allows it, also between the characters of Chinese and Japanese. An address
//! or another word is cut only if it is wider than a line.

use anstyle::Style;
use unicode_linebreak::{BreakOpportunity, linebreaks};
use unicode_width::UnicodeWidthStr;

pub(super) const DIM: Style = Style::new().dimmed();
/// The fewest columns for text beside an indent. On a narrower terminal, lines are longer than it.
const NARROWEST: usize = 8;
/// Joins characters into one, such as a family emoji.
const ZERO_WIDTH_JOINER: char = '\u{200d}';

/// A text whose parts have styles. `\n` ends a line.
#[derive(Clone, Debug, Default)]
pub(super) struct Styled {
    pub(super) text: String,
    /// Where each part ends, and its style.
    parts: Vec<(usize, Style)>,
}

impl Styled {
    pub(super) fn new(text: String, style: Style) -> Self {
        let end = text.len();
        Self {
            text,
            parts: vec![(end, style)],
        }
    }

    pub(super) fn push(&mut self, text: &str, style: Style) {
        self.text.push_str(text);
        match self.parts.last_mut() {
            Some((end, last)) if *last == style => *end = self.text.len(),
            _ => self.parts.push((self.text.len(), style)),
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// Returns this stretch of the text with the codes of its styles.
    fn stretch(&self, from: usize, to: usize) -> String {
        let mut out = String::with_capacity(to - from + 16);
        let mut start = 0;
        for (end, style) in &self.parts {
            let (first, last) = (start.max(from), (*end).min(to));
            if first < last {
                let text = &self.text[first..last];
                out.push_str(&format!("{style}{text}{style:#}"));
            }
            start = *end;
        }
        out
    }

    /// Divides the text into lines of at most this many columns.
    pub(super) fn lines(&self, width: usize) -> Vec<String> {
        self.line_ranges(width)
            .into_iter()
            .map(|(from, to)| self.stretch(from, to))
            .collect()
    }

    fn line_ranges(&self, width: usize) -> Vec<(usize, usize)> {
        let text = self.text.as_str();
        let width = width.max(1);
        let mut lines = Vec::new();
        let mut start = 0;
        // The last places where the line may break: between words, and inside one.
        let (mut between, mut inside) = (0, 0);
        let trimmed = |from: usize, to: usize| (from, from + text[from..to].trim_end().len());
        for (at, kind) in linebreaks(text) {
            while !is_at_most(text[start..at].trim_end(), width) {
                let end = match (between > start, inside > start) {
                    (true, _) => between,
                    (false, true) => inside,
                    (false, false) => start + length_of(&text[start..at], width),
                };
                lines.push(trimmed(start, end));
                start = end;
            }
            inside = at;
            if !is_inside_word(text, at) {
                between = at;
            }
            let is_break = kind == BreakOpportunity::Mandatory && (at < text.len() || text.ends_with('\n'));
            if is_break {
                lines.push(trimmed(start, at));
                start = at;
            }
        }
        if start < text.len() || lines.is_empty() {
            lines.push(trimmed(start, text.len()));
        }
        lines
    }
}

/// Returns whether a break here would cut an address, an id or another word of ASCII, which Unicode
/// allows after `/` and `-`.
fn is_inside_word(text: &str, at: usize) -> bool {
    let is_part = |character: char| character.is_ascii() && !character.is_ascii_whitespace();
    let (before, after) = text.split_at(at);
    before.chars().next_back().is_some_and(is_part) && after.chars().next().is_some_and(is_part)
}

/// Adds the lines of a text. The first one begins with `first`, all others with `rest`.
pub(super) fn wrap_into(lines: &mut Vec<String>, text: &Styled, width: usize, first: &str, rest: &str) {
    let room = width.saturating_sub(columns(rest)).max(NARROWEST);
    for (index, line) in text.lines(room).into_iter().enumerate() {
        let lead = if index == 0 { first } else { rest };
        let line = format!("{lead}{line}");
        lines.push(if line.trim().is_empty() { String::new() } else { line });
    }
}

/// Returns the number of columns of a text with styles.
pub(super) fn columns(text: &str) -> usize {
    anstream::adapter::strip_str(text).to_string().width()
}

/// Returns whether a text takes at most this many columns, without looking at all of a long one.
fn is_at_most(text: &str, width: usize) -> bool {
    if text.is_ascii() {
        return text.len() <= width;
    }
    // A character takes at most a few bytes, but joined ones take one place together.
    if text.len() <= width {
        return true;
    }
    length_of(text, width) == text.len()
}

/// Returns the length of the longest beginning that takes at most this many columns; at least one
/// character.
fn length_of(text: &str, width: usize) -> usize {
    let mut end = 0;
    let mut columns = 0;
    let mut previous = None;
    for (start, character) in text.char_indices() {
        let next = start + character.len_utf8();
        let is_joined = previous == Some(ZERO_WIDTH_JOINER) || character == ZERO_WIDTH_JOINER;
        let own = text[start..next].width();
        // What is joined has no width of its own.
        if !is_joined {
            columns += own;
        }
        if columns > width && start > 0 {
            break;
        }
        end = next;
        previous = Some(character);
    }
    end
}

#[cfg(test)]
mod tests {
    use anstyle::Style;
    use unicode_width::UnicodeWidthStr;

    use super::Styled;

    fn lines(text: &str, width: usize) -> Vec<String> {
        Styled::new(text.to_owned(), Style::new()).lines(width)
    }

    #[test]
    fn lines_break_where_unicode_allows_it() {
        for (text, width, expected) in [
            ("", 10, &[""][..]),
            ("one two three", 7, &["one two", "three"]),
            ("one two three", 100, &["one two three"]),
            ("a\n\nb\n", 10, &["a", "", "b"]),
            ("abcdefghij k", 4, &["abcd", "efgh", "ij k"]),
            ("日本語の文章です", 6, &["日本語", "の文章", "です"]),
            ("日本", 1, &["日", "本"]),
            ("👩‍👩‍👧‍👦👩‍👩‍👧‍👦👩‍👩‍👧‍👦", 4, &["👩‍👩‍👧‍👦👩‍👩‍👧‍👦", "👩‍👩‍👧‍👦"]),
            ("e\u{301}e\u{301}e\u{301}", 2, &["e\u{301}e\u{301}", "e\u{301}"]),
            ("https://example.com/a", 12, &["https://", "example.com/", "a"]),
            ("see https://example.com/a", 21, &["see", "https://example.com/a"]),
        ] {
            assert_eq!(lines(text, width), expected, "{text:?} {width}");
        }
    }

    #[test]
    fn no_line_is_too_wide_and_no_character_is_lost() {
        let text =
            "Ein längeres Beispiel, 日本語と mixed مرحبا بالعالم שלום and_a_very_long_identifier 👩‍💻 done.\n\nEnd";
        let visible = |text: &str| text.chars().filter(|c| !c.is_whitespace()).collect::<String>();
        for width in 2..120 {
            let lines = lines(text, width);
            for line in &lines {
                assert!(line.width() <= width, "{width}: {line}");
            }
            assert_eq!(visible(&lines.concat()), visible(text), "{width}");
        }
    }

    #[test]
    fn a_style_ends_with_each_line() {
        let mut text = Styled::new("a ".to_owned(), Style::new());
        text.push("bold text", Style::new().bold());
        assert_eq!(text.lines(6), ["a \u{1b}[1mbold\u{1b}[0m", "\u{1b}[1mtext\u{1b}[0m"]);
    }
}
