//! Characters that nobody sees, which hide text or reorder it.

/// Returns whether a character takes no room or reorders its neighbours. The joiners U+200C and
/// U+200D are not among them, because some scripts and emoji need them.
///
/// They are the characters of the category Cf in Unicode that are not part of a script, and the
/// separators of lines and paragraphs. The tags U+E0000 to U+E007F can spell a whole hidden text.
pub(crate) fn is_invisible(character: char) -> bool {
    matches!(
        character,
        '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}'
    )
}

/// Returns whether a text shows nothing when it is printed.
pub(crate) fn is_blank(text: &str) -> bool {
    let shows_nothing =
        |character: char| character.is_whitespace() || character.is_control() || is_invisible(character);
    text.chars().all(shows_nothing)
}
