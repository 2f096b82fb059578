//! The text form of a cursor: versioned, printable and protected by a checksum.

use std::fmt;
use std::str::FromStr;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::error::{Error, ErrorKind, Remedy, Result};
use crate::pagination::cursor::Cursor;
use crate::pagination::cursor::binary::{decode, encode};

/// The version of the text form, so that later versions can recognise it. `cs1_` was JSON in base64,
/// and twice as long.
const PREFIX: &str = "cs2_";

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&around(&encode(self)))
    }
}

impl FromStr for Cursor {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let refuse = |what: &str| {
            Error::local(ErrorKind::Cursor)
                .with_message(what)
                .with_remedy(Remedy::CopyCursor)
        };
        let text = text.trim();
        let Some(encoded) = text.strip_prefix(PREFIX) else {
            return Err(refuse(if text.starts_with("cs") && text.contains('_') {
                "the cursor was made by another version of this program"
            } else {
                "this is not a cursor"
            }));
        };
        let damaged = || refuse("the cursor is damaged");
        let bytes = URL_SAFE_NO_PAD.decode(encoded).map_err(|_| damaged())?;
        let (content, check) = bytes.split_last_chunk().ok_or_else(damaged)?;
        if checksum(content) != *check {
            return Err(damaged());
        }
        decode(content).ok_or_else(damaged)
    }
}

/// Builds the text of a cursor around its content.
pub(crate) fn around(content: &[u8]) -> String {
    let mut bytes = content.to_vec();
    bytes.extend_from_slice(&checksum(content));
    format!("{PREFIX}{}", URL_SAFE_NO_PAD.encode(bytes))
}

/// Detects a cursor of which only a part was copied.
fn checksum(bytes: &[u8]) -> [u8; 4] {
    let hash = bytes.iter().fold(0x811c_9dc5_u32, |hash, byte| {
        (hash ^ u32::from(*byte)).wrapping_mul(0x0100_0193)
    });
    hash.to_be_bytes()
}

impl Serialize for Cursor {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Cursor {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::around;
    use crate::error::ErrorKind;
    use crate::pagination::cursor::{Cursor, ResumePoint, SourceCursor};
    use crate::pagination::fingerprint::IdMark;
    use crate::pagination::token_loop::TokenLoop;
    use crate::source::Position;

    fn positions() -> impl Strategy<Value = Position> {
        prop_oneof![
            Just(Position::Start),
            (1..u64::MAX).prop_map(Position::Page),
            ".{1,40}".prop_map(Position::Token),
            "[A-Za-z0-9_/+-]{1,40}={0,2}".prop_map(Position::Token),
        ]
    }

    fn marks() -> impl Strategy<Value = IdMark> {
        let any_mark = (any::<u64>(), any::<Option<u64>>());
        prop_oneof![
            any_mark.prop_map(|(fingerprint, number)| IdMark { fingerprint, number }),
            any::<u64>().prop_map(|number| IdMark::of(&number.to_string())),
        ]
    }

    fn cycles() -> impl Strategy<Value = TokenLoop> {
        let under_way = any::<(u64, u64, u64)>().prop_map(|(kept, steps, until)| TokenLoop {
            kept: Some(kept),
            steps,
            until,
        });
        prop_oneof![Just(TokenLoop::default()), under_way]
    }

    prop_compose! {
        fn places()(
            position in positions(),
            after in proptest::option::of(marks()),
            within_page: bool,
            seen: u64,
            total: Option<u64>,
            page_size in proptest::option::of(1..u64::MAX),
            requested_size in proptest::option::of(1..u64::MAX),
            step: u64,
            all_pages_full: bool,
            tokens in cycles(),
        ) -> ResumePoint {
            ResumePoint { position, after, within_page, seen, total, page_size, requested_size, step, all_pages_full, tokens }
        }
    }

    fn cursors() -> impl Strategy<Value = Cursor> {
        let source = (any::<u32>(), proptest::option::of(places()))
            .prop_map(|(source, resume_point)| SourceCursor { source, resume_point });
        let sources = proptest::collection::vec(source, 0..4);
        (sources, any::<Option<u32>>()).prop_map(|(sources, text)| Cursor::new(sources).bound_to(text))
    }

    fn resume_point(position: Position) -> ResumePoint {
        ResumePoint {
            position,
            after: None,
            within_page: false,
            seen: 0,
            total: None,
            page_size: None,
            requested_size: None,
            step: 0,
            all_pages_full: false,
            tokens: TokenLoop::default(),
        }
    }

    fn cursor(resume_point: Option<ResumePoint>) -> Cursor {
        Cursor::new(vec![SourceCursor {
            source: 0xab,
            resume_point,
        }])
    }

    /// Builds the text of a cursor with a valid checksum, whatever the JSON says.
    fn complaint(text: &str) -> String {
        let error = text.parse::<Cursor>().expect_err("it is no cursor");
        assert_eq!(error.kind(), ErrorKind::Cursor);
        error.message().to_owned()
    }

    /// A cursor may be kept for months, so these texts must keep their meaning as long as they
    /// begin with `cs2_`.
    #[test]
    fn the_text_of_a_cursor_stays_the_same() {
        let far = ResumePoint {
            after: Some(IdMark {
                fingerprint: 0xfeed,
                number: Some(7),
            }),
            within_page: true,
            seen: 12,
            total: Some(30),
            page_size: Some(5),
            requested_size: Some(6),
            step: 4,
            all_pages_full: true,
            tokens: TokenLoop {
                kept: Some(0xbee),
                steps: 1,
                until: 2,
            },
            ..resume_point(Position::Page(3))
        };
        let numbered = ResumePoint {
            after: Some(IdMark::of("601308802842759168")),
            seen: 50,
            total: Some(120),
            ..resume_point(Position::Page(3))
        };
        let token = |token: &str| cursor(Some(resume_point(Position::Token(token.to_owned()))));
        let rows = [
            (Cursor::new(Vec::new()), "cs2_gRydxQ"),
            (cursor(None), "cs2_AAAAqwAOkLJ8"),
            (cursor(Some(resume_point(Position::Start))), "cs2_AAAAqwEAj8tznQ"),
            (token("next"), "cs2_AAAAqwMYnextAA_IXrM"),
            (token("bmV4dA=="), "cs2_AAAAqwMhbmV4dADLmhav"),
            (token("next page"), "cs2_AAAAqwNMbmV4dCBwYWdlAHh-Goc"),
            (cursor(Some(numbered)), "cs2_AAAAq4oDgKCIzrnlkawIMgF4jiZ-CQ"),
            (cursor(Some(far)), "cs2_AAAAq_4DAAAAAAAA_u0HDA8eBQYEAAAAAAAAC-4BAqhp0GM"),
            (cursor(None).bound_to(Some(0xcd)), "cs2_AAAAqwAAAADNBNNHXQ0"),
            (Cursor::new(Vec::new()).bound_to(Some(0xcd)), "cs2_AAAAzQT_eZ6-"),
        ];
        for (cursor, text) in rows {
            assert_eq!(cursor.to_string(), text, "{cursor:?}");
            assert_eq!(text.parse::<Cursor>().expect("it is whole"), cursor);
        }
    }

    #[test]
    fn a_size_of_nothing_is_no_size() {
        let text = around(b"\0\0\0\xab\x81\0\x0e\0\0\0");
        let read: Cursor = text.parse().expect("it is whole");
        assert_eq!(read, cursor(Some(resume_point(Position::Start))));
    }

    #[test]
    fn bytes_that_make_no_cursor_are_refused() {
        let contents: [&[u8]; 12] = [
            b"\0\0\0",
            b"\0\0\0\xab",
            // Flags without a position.
            b"\0\0\0\xab\x10\0",
            // A text that the cursor is bound to, not at the end, and twice.
            b"\0\0\0\xcd\x04\0\0\0\xab\0",
            b"\0\0\0\xcd\x04\0\0\0\xcd\x04",
            // No number of sessions.
            b"\0\0\0\xab\x01",
            // An empty token, one that is longer than the rest, one that is not text, and one of an
            // unknown form.
            b"\0\0\0\xab\x03\x04\0",
            b"\0\0\0\xab\x03\x28ab",
            b"\0\0\0\xab\x03\x0c\xff\0",
            b"\0\0\0\xab\x03\x0da\0",
            // An integer beyond 64 bits, and one that does not end.
            b"\0\0\0\xab\x02\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02\0",
            b"\0\0\0\xab\x02\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x01\0",
        ];
        for content in contents {
            assert_eq!(complaint(&around(content)), "the cursor is damaged", "{content:?}");
        }
    }

    #[test]
    fn what_is_no_cursor_is_told_from_what_another_version_made() {
        let (whole, cut) = (cursor(None).to_string(), "cs2_W3s");
        let rows = [
            ("", "this is not a cursor"),
            ("a_b", "this is not a cursor"),
            ("css", "this is not a cursor"),
            ("cs1_W3s", "the cursor was made by another version of this program"),
            ("CS2_W3s", "this is not a cursor"),
            (cut, "the cursor is damaged"),
            ("cs2_", "the cursor is damaged"),
            ("cs2_!", "the cursor is damaged"),
        ];
        for (text, message) in rows {
            assert_eq!(complaint(text), message, "{text:?}");
        }
        let swapped = whole.replacen("AAAAqw", "AAAAqx", 1);
        assert_ne!(swapped, whole);
        assert_eq!(complaint(&swapped), "the cursor is damaged", "a sum tells it");
        let spaced = format!("  {whole}\n");
        assert_eq!(spaced.parse::<Cursor>().expect("it is whole"), cursor(None));
    }

    proptest! {
        #[test]
        fn a_cursor_survives_being_printed(cursor in cursors()) {
            let text = cursor.to_string();
            prop_assert!(text.is_ascii() && !text.contains(char::is_whitespace));
            prop_assert_eq!(text.parse::<Cursor>().expect("it is whole"), cursor);
        }

        #[test]
        fn a_cursor_that_is_not_whole_is_refused(cursor in cursors(), cut in 1_usize..20, from: bool) {
            let text = cursor.to_string();
            let cut = cut.min(text.len() - 1);
            let part = if from { &text[cut..] } else { &text[..text.len() - cut] };
            let error = part.parse::<Cursor>().expect_err("it is not whole");
            prop_assert_eq!(error.kind(), ErrorKind::Cursor);
        }

        #[test]
        fn no_text_panics(text in ".{0,80}") {
            let _ = text.parse::<Cursor>();
            let _ = format!("cs2_{text}").parse::<Cursor>();
        }
    }
}
