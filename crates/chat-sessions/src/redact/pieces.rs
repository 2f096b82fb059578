//! Finds pieces of secrets in a text, in one pass.
//!
//! The pieces are looked up by their first three characters, so that most places of a text need no
//! closer look, and the time hardly depends on the number of pieces. This file does not know what
//! the pieces are.

use std::ops::Range;

use crate::redact::escapes::is_sign;
use crate::redact::reader::{Meaning, Next, Reader, folded};

/// One way to write a whole secret, divided into units: its characters or its bytes.
pub(super) struct Form {
    characters: Vec<char>,
    /// Where each unit starts in `characters`, and where the last one ends.
    bounds: Vec<usize>,
    /// How many units a piece has; the whole secret if it has fewer.
    dozen: usize,
    /// How many units at the end of a text count as the secret cut off.
    least: usize,
}

impl Form {
    pub(super) fn new<Unit: IntoIterator<Item = char>>(
        units: impl Iterator<Item = Unit>,
        dozen: usize,
        least: usize,
    ) -> Self {
        let (mut characters, mut bounds) = (Vec::new(), vec![0]);
        for unit in units {
            characters.extend(unit.into_iter().map(folded));
            bounds.push(characters.len());
        }
        Self {
            characters,
            bounds,
            dozen,
            least,
        }
    }

    /// Each character of the text is a unit.
    pub(super) fn of_characters(text: &str, dozen: usize, least: usize) -> Self {
        Self::new(text.chars().map(Some), dozen, least)
    }
}

/// A dozen units of a secret.
struct Piece {
    form: usize,
    characters: Range<usize>,
    /// The number of characters that count as the secret cut off, if it begins with this piece.
    least: Option<usize>,
    /// The next piece with the same hash.
    next: Option<u32>,
}

/// The pieces of several forms.
pub(super) struct Pieces {
    forms: Vec<Form>,
    pieces: Vec<Piece>,
    /// The first piece with each hash of three characters. Its size is a power of two.
    by_hash: Vec<Option<u32>>,
    /// The first piece that has fewer characters.
    shorter: Option<u32>,
    /// Whether a piece begins with each ASCII character, and with any other.
    begins: [bool; 129],
    reader: Reader,
}

impl Pieces {
    pub(super) fn new(forms: Vec<Form>, reader: Reader) -> Self {
        let mut pieces = Vec::new();
        for (index, form) in forms.iter().enumerate() {
            pieces.extend(pieces_of(index, form));
        }
        let mut all = Self {
            forms,
            by_hash: vec![None; (pieces.len() * 2).next_power_of_two()],
            pieces: Vec::with_capacity(pieces.len()),
            shorter: None,
            begins: [false; 129],
            reader,
        };
        for piece in pieces {
            all.add(piece);
        }
        all
    }

    fn add(&mut self, piece: Piece) {
        let characters = self.characters(&piece);
        let mut three = characters.iter().filter(|character| **character != ' ');
        let hash = three.next().zip(three.next()).zip(three.next());
        let hash = hash.map(|((first, second), third)| self.place([*first, *second, *third]));
        let first = characters.first().map_or(0, |first| (*first as usize).min(128));
        let mut same = hash.map_or(self.shorter, |hash| self.by_hash[hash]);
        while let Some(index) = same {
            let other = &self.pieces[index as usize];
            // The piece at the beginning of a form comes first.
            if other.least.is_some() >= piece.least.is_some() && self.characters(other) == characters {
                return;
            }
            same = other.next;
        }
        // There are always fewer pieces than fit into the index.
        let Ok(index) = u32::try_from(self.pieces.len()) else {
            return;
        };
        self.begins[first] = true;
        let head = match hash {
            Some(hash) => &mut self.by_hash[hash],
            None => &mut self.shorter,
        };
        let next = head.replace(index);
        self.pieces.push(Piece { next, ..piece });
    }

    fn characters(&self, piece: &Piece) -> &[char] {
        &self.forms[piece.form].characters[piece.characters.clone()]
    }

    /// Returns the index in `by_hash` for the first three characters of a piece.
    fn place(&self, three: [char; 3]) -> usize {
        let hash = three.into_iter().fold(0_u32, |hash, character| {
            hash.wrapping_mul(0x0101) ^ u32::from(character)
        });
        (hash.wrapping_mul(0x9e37_79b1) >> 12) as usize & (self.by_hash.len() - 1)
    }

    /// Returns the parts of a text that consist of pieces, in order. A part that is cut off by the
    /// end of the text counts if the secret begins with it.
    pub(super) fn find(&self, text: &str) -> Vec<Range<usize>> {
        let mut found: Vec<Range<usize>> = Vec::new();
        let mut search = Search::default();
        let mut before = None;
        for (start, character) in text.char_indices() {
            // A match inside a run of backslashes begins at the first of them. Trying every one
            // would be slow in a text of nothing but backslashes.
            let again = before.replace(character) == Some('\\') && character == '\\';
            if again || !(self.begins(folded(character)) || is_sign(character)) {
                continue;
            }
            let Some(end) = self.longest(text, start, &mut search) else {
                continue;
            };
            match found.last_mut() {
                Some(last) if start < last.end => last.end = last.end.max(end),
                _ => found.push(start..end),
            }
        }
        found
    }

    fn begins(&self, first: char) -> bool {
        self.begins[(first as usize).min(128)]
    }

    /// Returns the end of the longest piece that starts here.
    fn longest(&self, text: &str, start: usize, search: &mut Search) -> Option<usize> {
        self.find_beginnings(text, start, search);
        let mut longest = self.longest_of(self.shorter, text, start, search);
        while let Some((three, _)) = search.beginnings.pop() {
            let first = self.by_hash[self.place(three)];
            longest = longest.max(self.longest_of(first, text, start, search));
        }
        longest
    }

    fn longest_of(&self, mut next: Option<u32>, text: &str, start: usize, search: &mut Search) -> Option<usize> {
        let mut longest = None;
        while let Some(index) = next {
            let piece = &self.pieces[index as usize];
            longest = longest.max(self.end_of(piece, text, start, search));
            next = piece.next;
        }
        longest
    }

    /// Finds every way to read three characters from an index of a text.
    fn find_beginnings(&self, text: &str, start: usize, search: &mut Search) {
        search.beginnings.clear();
        let mut three = ['\0'; 3];
        let mut count = 0;
        // Nearly always, there is only one.
        for (index, byte) in text.bytes().enumerate().skip(start) {
            match self.reader.meaning(byte) {
                Meaning::Itself(character) => {
                    three[count] = character.into();
                    count += 1;
                }
                Meaning::Blank if !self.reader.is_prefix_at(text, index + 1) => {}
                Meaning::Blank | Meaning::Anything => break,
            }
            if count == three.len() {
                search.beginnings.push((three, index + 1));
                return;
            }
        }
        search.beginnings.push((three, start));
        for index in 0..three.len() {
            let mut longer = std::mem::take(&mut search.longer);
            for (three, end) in search.beginnings.drain(..) {
                let mut add = |character, end| {
                    // Several backslashes count as one.
                    let is_possible = match index {
                        0 => self.begins(character),
                        _ => character != '\\' || three[index - 1] != '\\',
                    };
                    if is_possible {
                        let mut three: [char; 3] = three;
                        three[index] = character;
                        insert(&mut longer, (three, end));
                    }
                };
                self.reader.next(text, end, index > 0, &mut search.next);
                for (character, end) in &search.next.ways {
                    if *character != ' ' {
                        add(*character, *end);
                    } else if index > 0 {
                        // A space of the secret.
                        self.reader.next(text, *end, false, &mut search.behind_space);
                        let behind = search
                            .behind_space
                            .ways
                            .iter()
                            .filter(|(character, _)| *character != ' ');
                        behind.for_each(|(character, end)| add(*character, *end));
                    }
                }
            }
            search.longer = std::mem::replace(&mut search.beginnings, longer);
        }
    }

    /// Returns the end of a piece that starts here; `None` if it does not.
    fn end_of(&self, piece: &Piece, text: &str, start: usize, search: &mut Search) -> Option<usize> {
        let Search {
            ends, further, next, ..
        } = search;
        ends.clear();
        ends.push(start);
        for (matched, character) in self.characters(piece).iter().enumerate() {
            let may_be_cut_off = piece.least.is_some_and(|least| matched >= least);
            for end in ends.drain(..) {
                if may_be_cut_off && is_cut_off(&text[end..]) {
                    return Some(text.len());
                }
                self.reader.next(text, end, matched > 0, next);
                let read = next.ways.iter().filter(|(read, _)| read == character);
                read.for_each(|(_, end)| insert(further, *end));
            }
            if further.is_empty() {
                return None;
            }
            std::mem::swap(ends, further);
        }
        ends.pop()
    }
}

/// Returns all pieces of a form.
fn pieces_of(index: usize, form: &Form) -> Vec<Piece> {
    let units = form.bounds.len() - 1;
    let dozen = form.dozen.min(units);
    let least = form.bounds[form.least.min(units)];
    let pieces = (0..=units - dozen).map(|first| {
        let mut characters = form.bounds[first]..form.bounds[first + dozen];
        // Blanks at an end of a piece are not searched for.
        while form.characters[characters.clone()].first() == Some(&' ') {
            characters.start += 1;
        }
        while form.characters[characters.clone()].last() == Some(&' ') {
            characters.end -= 1;
        }
        Piece {
            form: index,
            least: (first == 0).then(|| least.saturating_sub(characters.start)),
            characters,
            next: None,
        }
    });
    pieces.filter(|piece| !piece.characters.is_empty()).collect()
}

/// What a search keeps from place to place, to allocate it only once.
#[derive(Default)]
struct Search {
    /// The ways to read three characters, and where each ends.
    beginnings: Vec<([char; 3], usize)>,
    longer: Vec<([char; 3], usize)>,
    /// The possible ends of the characters matched so far. A character can be read in several ways,
    /// and only later characters show which one is right.
    ends: Vec<usize>,
    /// The possible ends with one more character.
    further: Vec<usize>,
    next: Next,
    behind_space: Next,
}

/// Adds an item to a sorted list without duplicates. The lists are short.
fn insert<T: Ord>(list: &mut Vec<T>, item: T) {
    if let Err(place) = list.binary_search(&item) {
        list.insert(place, item);
    }
}

/// Returns whether a text is empty, or ends in the middle of an escape.
fn is_cut_off(rest: &str) -> bool {
    rest.is_empty() || (rest.len() < 6 && rest.starts_with(['%', '\\', '&']) && !rest.contains([';', ' ']))
}
