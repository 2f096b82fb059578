//! Breaks the lines of a message so that they fit a terminal, without cutting a word or an id.

use unicode_width::UnicodeWidthStr;

/// The parts of a message that a line break keeps together where it can.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Piece<'a> {
    /// A name or an id, which is never broken, even if it holds spaces.
    Whole(&'a str),
    /// A phrase, which is broken between words only if it is wider than a line.
    Phrase(&'a str),
}

/// Joins pieces with spaces, in lines of at most `width` columns. The first line is indented by
/// `first` spaces and the others by `rest`. A word that is wider than a line has a line of its own.
pub(crate) fn wrap(pieces: &[Piece<'_>], width: usize, first: usize, rest: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = " ".repeat(first);
    let mut is_empty = true;
    let mut add = |text: &str| {
        if !is_empty && line.width() + 1 + text.width() > width {
            lines.push(std::mem::replace(&mut line, " ".repeat(rest)));
            is_empty = true;
        }
        if !is_empty {
            line.push(' ');
        }
        line.push_str(text);
        is_empty = false;
    };
    for piece in pieces {
        match *piece {
            Piece::Phrase(phrase) if rest + phrase.width() > width => phrase.split(' ').for_each(&mut add),
            Piece::Whole(text) | Piece::Phrase(text) => add(text),
        }
    }
    lines.push(line);
    lines
}

#[cfg(test)]
mod tests {
    use super::{Piece, wrap};

    fn wrapped(width: usize) -> Vec<String> {
        let pieces = [
            Piece::Whole("an id"),
            Piece::Phrase("one two"),
            Piece::Phrase("a longer phrase"),
            Piece::Phrase("日本"),
        ];
        wrap(&pieces, width, 0, 2)
    }

    #[test]
    fn lines_break_between_phrases_and_else_between_words() {
        assert_eq!(wrapped(34), ["an id one two a longer phrase 日本"]);
        assert_eq!(wrapped(33), ["an id one two a longer phrase", "  日本"]);
        assert_eq!(wrapped(28), ["an id one two", "  a longer phrase 日本"]);
        assert_eq!(wrapped(16), ["an id one two a", "  longer phrase", "  日本"]);
        assert_eq!(
            wrapped(1),
            ["an id", "  one", "  two", "  a", "  longer", "  phrase", "  日本"]
        );
    }
}
