//! A provider's text on one line of bounded length.

/// How many characters of a provider's text are shown.
pub(super) const LONGEST: usize = 300;

/// How many characters of a request's id.
pub(super) const LONGEST_ID: usize = 128;

/// Puts the id of a request into the form in which it is shown.
pub(crate) fn display_id(id: &str) -> String {
    one_line(id, LONGEST_ID)
}

/// Puts a provider's text on one line of at most so many characters. Control characters could forge a line or move the cursor of
/// a terminal, so none is let through, and Unicode's own line ends neither.
pub(super) fn one_line(text: &str, longest: usize) -> String {
    let is_longer = text.chars().nth(longest).is_some();
    let shown = if is_longer { longest - 1 } else { longest };
    let breaks = |character: char| character.is_control() || matches!(character, '\u{2028}' | '\u{2029}');
    let mut line: String = text
        .chars()
        .take(shown)
        .map(|character| if breaks(character) { ' ' } else { character })
        .collect();
    if is_longer {
        line.push('…');
    }
    line
}
