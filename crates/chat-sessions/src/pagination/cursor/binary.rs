//! The bytes inside the text of a cursor. They are few, because people copy the text by hand.
//!
//! A source takes four bytes for its fingerprint, a byte of flags and then only the parts that it
//! has. The text that the cursor is bound to takes five bytes after the sources. Integers have a variable length (LEB128); fingerprints, which are random, have eight bytes.

use base64::Engine;
use base64::engine::general_purpose::{GeneralPurpose, STANDARD, STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD};

use crate::pagination::cursor::{Cursor, ResumePoint, SourceCursor};
use crate::pagination::fingerprint::{IdMark, fingerprint};
use crate::pagination::token_loop::TokenLoop;
use crate::source::Position;

/// The flags of a source. The two lowest bits are the kind of its position.
mod flags {
    pub(super) const POSITION: u8 = 0b11;
    pub(super) const END: u8 = 0;
    pub(super) const START: u8 = 1;
    pub(super) const PAGE: u8 = 2;
    pub(super) const TOKEN: u8 = 3;
    /// The last delivered session has a fingerprint that its number does not tell.
    pub(super) const FINGERPRINT: u8 = 1 << 2;
    /// The id of the last delivered session is a number.
    pub(super) const NUMBER: u8 = 1 << 3;
    pub(super) const WITHIN_PAGE: u8 = 1 << 4;
    pub(super) const ALL_PAGES_FULL: u8 = 1 << 5;
    pub(super) const TOKEN_LOOP: u8 = 1 << 6;
    /// There is a byte of the flags below.
    pub(super) const COUNTS: u8 = 1 << 7;

    pub(super) const TOTAL: u8 = 1;
    pub(super) const PAGE_SIZE: u8 = 1 << 1;
    pub(super) const REQUESTED_SIZE: u8 = 1 << 2;
    pub(super) const STEP: u8 = 1 << 3;

    /// Stands alone, after the fingerprint of the text that the cursor is bound to. No source has
    /// these flags, because a list that was read to its end has no last session.
    pub(super) const BOUND: u8 = END | FINGERPRINT;
}

/// Returns the bytes of a cursor.
pub(super) fn encode(cursor: &Cursor) -> Vec<u8> {
    let mut bytes = Vec::new();
    for source in &cursor.sources {
        bytes.extend_from_slice(&source.source.to_be_bytes());
        match &source.resume_point {
            Some(resume_point) => encode_resume_point(resume_point, &mut bytes),
            None => bytes.push(flags::END),
        }
    }
    if let Some(text) = cursor.bound_to {
        bytes.extend_from_slice(&text.to_be_bytes());
        bytes.push(flags::BOUND);
    }
    bytes
}

fn encode_resume_point(resume_point: &ResumePoint, bytes: &mut Vec<u8>) {
    let ResumePoint {
        position,
        after,
        within_page,
        seen,
        total,
        page_size,
        requested_size,
        step,
        all_pages_full,
        tokens,
    } = resume_point;
    let number = after.and_then(|mark| mark.number);
    let mark = after
        .map(|mark| mark.fingerprint)
        .filter(|mark| number.is_none_or(|number| *mark != fingerprint_of(number)));
    let counts = [
        (flags::TOTAL, *total),
        (flags::PAGE_SIZE, *page_size),
        (flags::REQUESTED_SIZE, *requested_size),
        (flags::STEP, Some(*step).filter(|step| *step > 0)),
    ];
    let present = counts.iter().filter(|(_, count)| count.is_some());
    let present = present.fold(0, |present, (flag, _)| present | flag);

    let position_kind = match position {
        Position::Start => flags::START,
        Position::Page(_) => flags::PAGE,
        Position::Token(_) => flags::TOKEN,
    };
    let flag = |flag: u8, is_set: bool| if is_set { flag } else { 0 };
    bytes.push(
        position_kind
            | flag(flags::FINGERPRINT, mark.is_some())
            | flag(flags::NUMBER, number.is_some())
            | flag(flags::WITHIN_PAGE, *within_page)
            | flag(flags::ALL_PAGES_FULL, *all_pages_full)
            | flag(flags::TOKEN_LOOP, tokens.kept.is_some())
            | flag(flags::COUNTS, present != 0),
    );
    match position {
        Position::Start => {}
        Position::Page(number) => encode_integer(*number, bytes),
        Position::Token(token) => encode_token(token, bytes),
    }
    if let Some(mark) = mark {
        bytes.extend_from_slice(&mark.to_be_bytes());
    }
    if let Some(number) = number {
        encode_integer(number, bytes);
    }
    encode_integer(*seen, bytes);
    if present != 0 {
        bytes.push(present);
    }
    for count in counts.into_iter().filter_map(|(_, count)| count) {
        encode_integer(count, bytes);
    }
    if let Some(kept) = tokens.kept {
        bytes.extend_from_slice(&kept.to_be_bytes());
        encode_integer(tokens.steps, bytes);
        encode_integer(tokens.until, bytes);
    }
}

/// The forms of base64 that a page token may have. Its number is in the three lowest bits of the
/// token's length; [`PLAIN`] is a token that has none of them.
const BASE64: [GeneralPurpose; 4] = [URL_SAFE_NO_PAD, URL_SAFE, STANDARD_NO_PAD, STANDARD];
const PLAIN: u64 = BASE64.len() as u64;

/// Most page tokens are base64, which takes a quarter less when it is decoded.
fn encode_token(token: &str, bytes: &mut Vec<u8>) {
    let decoded = (0..).zip(BASE64).find_map(|(form, base64)| {
        let content = base64.decode(token).ok()?;
        (base64.encode(&content) == token).then_some((form, content))
    });
    let (form, content) = decoded.unwrap_or_else(|| (PLAIN, token.as_bytes().to_vec()));
    encode_integer((content.len() as u64) << 3 | form, bytes);
    bytes.extend_from_slice(&content);
}

fn encode_integer(mut number: u64, bytes: &mut Vec<u8>) {
    while number >= 0x80 {
        bytes.push(0x80 | (number & 0x7f) as u8);
        number >>= 7;
    }
    bytes.push(number as u8);
}

/// Reads the bytes of a cursor; `None` if they do not form one.
pub(super) fn decode(bytes: &[u8]) -> Option<Cursor> {
    let mut bytes = Bytes(bytes);
    let mut sources = Vec::new();
    let mut bound_to = None;
    while !bytes.0.is_empty() {
        let fingerprint = u32::from_be_bytes(bytes.take()?);
        let resume_point = match bytes.byte()? {
            flags::END => None,
            flags::BOUND if bytes.0.is_empty() => {
                bound_to = Some(fingerprint);
                break;
            }
            flags => Some(bytes.resume_point(flags)?),
        };
        sources.push(SourceCursor {
            source: fingerprint,
            resume_point,
        });
    }
    Some(Cursor::new(sources).bound_to(bound_to))
}

/// The bytes that are not read yet.
struct Bytes<'a>(&'a [u8]);

impl Bytes<'_> {
    fn resume_point(&mut self, flags: u8) -> Option<ResumePoint> {
        let has = |flag| flags & flag != 0;
        let position = match flags & flags::POSITION {
            flags::START => Position::Start,
            flags::PAGE => Position::Page(self.integer()?),
            flags::TOKEN => Position::Token(self.token()?),
            _ => return None,
        };
        let mark = if has(flags::FINGERPRINT) {
            Some(self.fixed()?)
        } else {
            None
        };
        let number = if has(flags::NUMBER) {
            Some(self.integer()?)
        } else {
            None
        };
        let after = mark.or_else(|| number.map(fingerprint_of));
        let seen = self.integer()?;
        let present = if has(flags::COUNTS) { self.byte()? } else { 0 };
        let mut count = |flag| {
            if present & flag != 0 {
                self.integer().map(Some)
            } else {
                Some(None)
            }
        };
        Some(ResumePoint {
            position,
            after: after.map(|fingerprint| IdMark { fingerprint, number }),
            within_page: has(flags::WITHIN_PAGE),
            seen,
            total: count(flags::TOTAL)?,
            page_size: count(flags::PAGE_SIZE)?.filter(|size| *size > 0),
            requested_size: count(flags::REQUESTED_SIZE)?.filter(|size| *size > 0),
            step: count(flags::STEP)?.unwrap_or_default(),
            all_pages_full: has(flags::ALL_PAGES_FULL),
            tokens: if has(flags::TOKEN_LOOP) {
                TokenLoop {
                    kept: Some(self.fixed()?),
                    steps: self.integer()?,
                    until: self.integer()?,
                }
            } else {
                TokenLoop::default()
            },
        })
    }

    fn token(&mut self) -> Option<String> {
        let length = self.integer()?;
        let (content, rest) = self.0.split_at_checked(usize::try_from(length >> 3).ok()?)?;
        self.0 = rest;
        let token = match length & 7 {
            PLAIN => std::str::from_utf8(content).ok()?.to_owned(),
            form => BASE64.get(form as usize)?.encode(content),
        };
        Some(token).filter(|token| !token.is_empty())
    }

    fn fixed(&mut self) -> Option<u64> {
        self.take().map(u64::from_be_bytes)
    }

    fn integer(&mut self) -> Option<u64> {
        let mut number = 0;
        for shift in (0..u64::BITS).step_by(7) {
            let byte = self.byte()?;
            let part = u64::from(byte & 0x7f);
            if part << shift >> shift != part {
                return None;
            }
            number |= part << shift;
            if byte < 0x80 {
                return Some(number);
            }
        }
        None
    }

    fn byte(&mut self) -> Option<u8> {
        self.take::<1>().map(|[byte]| byte)
    }

    fn take<const LENGTH: usize>(&mut self) -> Option<[u8; LENGTH]> {
        let (taken, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        Some(*taken)
    }
}

/// The fingerprint of an id that is this number.
fn fingerprint_of(number: u64) -> u64 {
    fingerprint(&number.to_string())
}
