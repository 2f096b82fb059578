//! Reads a text character by character, as it was before it was escaped and broken into lines.

use crate::redact::escapes::{is_sign, read};

/// Reads the characters of a text in lower case, and ignores blanks between them.
pub(super) struct Reader {
    meanings: [Meaning; 256],
    is_blank: fn(char) -> bool,
    /// What is ignored behind blanks.
    prefix: Option<&'static str>,
}

/// What a byte of a text can be.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Meaning {
    /// This character in lower case, and nothing else.
    Itself(u8),
    Blank,
    /// The sign of an escape, or a part of a longer character.
    Anything,
}

/// The ways to read the next character of a text: each character, and where it ends.
#[derive(Default)]
pub(super) struct Next {
    pub(super) ways: Vec<(char, usize)>,
    /// Kept to allocate it only once.
    readings: Vec<(char, usize)>,
}

impl Reader {
    pub(super) fn new(is_blank: fn(char) -> bool, prefix: Option<&'static str>) -> Self {
        let meanings = std::array::from_fn(|code| match u8::try_from(code).unwrap_or(u8::MAX) {
            // In the query of a URL, a plus sign stands for a space.
            byte if !byte.is_ascii() || is_sign(byte.into()) || byte == b'+' => Meaning::Anything,
            byte if is_blank(byte.into()) => Meaning::Blank,
            byte => Meaning::Itself(byte.to_ascii_lowercase()),
        });
        Self {
            meanings,
            is_blank,
            prefix,
        }
    }

    pub(super) fn meaning(&self, byte: u8) -> Meaning {
        self.meanings[usize::from(byte)]
    }

    /// Returns whether what is ignored behind blanks starts at an index of a text.
    pub(super) fn is_prefix_at(&self, text: &str, index: usize) -> bool {
        let prefix = self.prefix.map(str::as_bytes);
        prefix.is_some_and(|prefix| text.as_bytes()[index..].starts_with(prefix))
    }

    /// Finds every way to read the next character from an index of a text. With `skips_blanks`, it
    /// can follow blanks, which can also be read as one space.
    pub(super) fn next(&self, text: &str, index: usize, skips_blanks: bool, next: &mut Next) {
        next.ways.clear();
        // Nearly always, there is only one.
        if let Some(byte) = text.as_bytes().get(index)
            && let Meaning::Itself(character) = self.meaning(*byte)
        {
            next.ways.push((character.into(), index + 1));
            return;
        }
        let mut backslash = add_readings(text, index, next);
        if !skips_blanks {
            return;
        }
        let end = self.end_of_blanks(text, index, &mut next.readings);
        if end > index {
            next.ways.push((' ', end));
            backslash = add_readings(text, end, next);
            if self.is_prefix_at(text, end) {
                let prefix = self.prefix.map_or(0, str::len);
                add_readings(text, end + prefix, next);
            }
        }
        // In a string that was escaped for something else, what follows a backslash is escaped too.
        // Four are enough for a string in a string in a string.
        for _ in 0..4 {
            let Some(behind) = backslash else { break };
            backslash = add_readings(text, behind, next);
        }
    }

    /// Returns the end of the blanks, plain or escaped, that start at an index of a text.
    fn end_of_blanks(&self, text: &str, index: usize, readings: &mut Vec<(char, usize)>) -> usize {
        let mut end = index;
        loop {
            read(&text[end..], readings);
            let blanks = readings.iter().filter(|(character, _)| (self.is_blank)(*character));
            match blanks.map(|(_, length)| *length).max() {
                Some(length) => end += length,
                None => return end,
            }
        }
    }
}

/// Adds every way to read the character at an index of a text. Returns where the backslashes end, if
/// there are any.
fn add_readings(text: &str, index: usize, Next { ways, readings }: &mut Next) -> Option<usize> {
    read(&text[index..], readings);
    ways.extend(
        readings
            .iter()
            .map(|(character, length)| (folded(*character), index + length)),
    );
    ways.extend(text[index..].starts_with('+').then_some((' ', index + 1)));
    let backslashes = readings.iter().filter(|(character, _)| *character == '\\');
    backslashes.map(|(_, length)| index + length).max()
}

/// Upper and lower case are not distinguished.
pub(super) fn folded(character: char) -> char {
    character.to_ascii_lowercase()
}
