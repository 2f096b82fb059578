//! Puts a provider's text on one line of limited length.

/// The maximum length of a provider's text, in characters.
pub(super) const LONGEST: usize = 300;

/// The maximum length of a request id, in characters.
pub(super) const LONGEST_ID: usize = 128;

/// Returns a request id in the form in which it is shown.
pub(crate) fn display_id(id: &str) -> String {
    one_line(id, LONGEST_ID)
}

/// Puts a provider's text on one line of at most this many characters. Control characters are
/// removed, because they could forge a line or move the cursor of a terminal, and so are Unicode's
/// own line ends.
pub(super) fn one_line(text: &str, longest: usize) -> String {
    let is_longer = text.chars().nth(longest).is_some();
    let visible = if is_longer { longest - 1 } else { longest };
    let breaks = |character: char| character.is_control() || matches!(character, '\u{2028}' | '\u{2029}');
    let mut line: String = text
        .chars()
        .take(visible)
        .map(|character| if breaks(character) { ' ' } else { character })
        .collect();
    if is_longer {
        line.push('…');
    }
    line
}
