//! The text form of a cursor: versioned, printable and protected by a checksum.

use std::fmt;
use std::str::FromStr;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::error::{Error, ErrorKind, Remedy, Result};
use crate::pagination::cursor::{Cursor, ResumePoint, SourceCursor};
use crate::pagination::fingerprint::IdMark;
use crate::pagination::token_loop::TokenLoop;
use crate::source::Position;

/// The version of the text form, so that later versions can recognise it.
const PREFIX: &str = "cs1_";

/// The JSON inside the text of a cursor. The names are short because people copy the text by hand.
#[derive(Serialize, Deserialize)]
struct SourceCursorText {
    /// The fingerprint of the source, in hexadecimal: not every JSON reader keeps 64 bits.
    s: String,
    /// The page number; 0 means the start.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    p: Option<u64>,
    /// The page token.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    t: Option<String>,
    /// The fingerprint of the last delivered session, in hexadecimal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    a: Option<String>,
    /// The id of that session, if it is a number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    k: Option<String>,
    /// Whether that session is on this page.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    w: bool,
    /// The number of sessions seen so far.
    #[serde(default)]
    n: u64,
    /// The total that the provider sent last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    c: Option<u64>,
    /// The page size according to the provider.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    z: Option<u64>,
    /// The requested page size.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    q: Option<u64>,
    /// The number of positions that one page certainly advances.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    g: Option<u64>,
    /// Whether every page was full.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    f: bool,
    /// The loop detector for page tokens: a token's fingerprint in hexadecimal, and two counts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    y: Option<(String, u64, u64)>,
    /// Whether the list was read to its end.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    e: bool,
}

impl From<&SourceCursor> for SourceCursorText {
    fn from(source: &SourceCursor) -> Self {
        let resume_point = source.resume_point.as_ref();
        let after = resume_point.and_then(|resume_point| resume_point.after);
        let position = resume_point.map(|resume_point| &resume_point.position);
        Self {
            s: format!("{:x}", source.source),
            p: match position {
                Some(Position::Start) => Some(0),
                Some(Position::Page(number)) => Some(*number),
                _ => None,
            },
            t: match position {
                Some(Position::Token(token)) => Some(token.clone()),
                _ => None,
            },
            a: after.map(|mark| format!("{:x}", mark.fingerprint)),
            k: after.and_then(|mark| mark.number).map(|number| number.to_string()),
            w: resume_point.is_some_and(|resume_point| resume_point.within_page),
            n: resume_point.map_or(0, |resume_point| resume_point.seen),
            c: resume_point.and_then(|resume_point| resume_point.total),
            z: resume_point.and_then(|resume_point| resume_point.page_size),
            q: resume_point.and_then(|resume_point| resume_point.requested_size),
            g: resume_point
                .map(|resume_point| resume_point.step)
                .filter(|step| *step > 0),
            f: resume_point.is_some_and(|resume_point| resume_point.all_pages_full),
            y: resume_point.and_then(|resume_point| {
                let TokenLoop { kept, steps, until } = resume_point.tokens;
                kept.map(|kept| (format!("{kept:x}"), steps, until))
            }),
            e: resume_point.is_none(),
        }
    }
}

impl SourceCursorText {
    /// Converts the parts back; `None` if they do not form a cursor.
    fn read(self) -> Option<SourceCursor> {
        let hex = |text: String| u64::from_str_radix(&text, 16).ok();
        let source = hex(self.s)?;
        let position = match (self.p, self.t, self.e) {
            (None, None, true) => {
                return Some(SourceCursor {
                    source,
                    resume_point: None,
                });
            }
            (Some(0), None, false) => Position::Start,
            (Some(number), None, false) => Position::Page(number),
            (None, Some(token), false) if !token.is_empty() => Position::Token(token),
            _ => return None,
        };
        let after = match (self.a, self.k) {
            (None, None) => None,
            (Some(mark), number) => Some(IdMark {
                fingerprint: hex(mark)?,
                number: match number {
                    Some(number) => Some(number.parse().ok()?),
                    None => None,
                },
            }),
            (None, Some(_)) => return None,
        };
        Some(SourceCursor {
            source,
            resume_point: Some(ResumePoint {
                position,
                after,
                within_page: self.w,
                seen: self.n,
                total: self.c,
                page_size: self.z.filter(|size| *size > 0),
                requested_size: self.q.filter(|size| *size > 0),
                step: self.g.unwrap_or_default(),
                all_pages_full: self.f,
                tokens: match self.y {
                    Some((kept, steps, until)) => TokenLoop {
                        kept: Some(hex(kept)?),
                        steps,
                        until,
                    },
                    None => TokenLoop::default(),
                },
            }),
        })
    }
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sources: Vec<SourceCursorText> = self.sources.iter().map(SourceCursorText::from).collect();
        f.write_str(&around(&serde_json::to_vec(&sources).map_err(|_| fmt::Error)?))
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
        let (json, check) = bytes.split_last_chunk().ok_or_else(damaged)?;
        if checksum(json) != *check {
            return Err(damaged());
        }
        let json = std::str::from_utf8(json).map_err(|_| damaged())?;
        let sources: Vec<SourceCursorText> = serde_json::from_str(json).map_err(|_| damaged())?;
        let sources: Option<Vec<SourceCursor>> = sources.into_iter().map(SourceCursorText::read).collect();
        sources.map(Self::new).ok_or_else(damaged)
    }
}

/// Builds the text of a cursor from its JSON.
pub(crate) fn around(json: &[u8]) -> String {
    let mut bytes = json.to_vec();
    bytes.extend_from_slice(&checksum(json));
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

    use base64::Engine;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;

    use super::checksum;
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
        ]
    }

    fn marks() -> impl Strategy<Value = IdMark> {
        (any::<u64>(), any::<Option<u64>>()).prop_map(|(fingerprint, number)| IdMark { fingerprint, number })
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
        let source = (any::<u64>(), proptest::option::of(places()))
            .prop_map(|(source, resume_point)| SourceCursor { source, resume_point });
        proptest::collection::vec(source, 0..4).prop_map(Cursor::new)
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
    fn text_of(json: &str) -> String {
        let mut bytes = json.as_bytes().to_vec();
        bytes.extend_from_slice(&checksum(json.as_bytes()));
        format!("cs1_{}", URL_SAFE_NO_PAD.encode(bytes))
    }

    fn complaint(text: &str) -> String {
        let error = text.parse::<Cursor>().expect_err("it is no cursor");
        assert_eq!(error.kind(), ErrorKind::Cursor);
        error.message().to_owned()
    }

    /// A cursor may be kept for months, so these texts must keep their meaning as long as they
    /// begin with `cs1_`.
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
        let rows = [
            (
                cursor(None),
                r#"[{"s":"ab","n":0,"e":true}]"#,
                "cs1_W3sicyI6ImFiIiwibiI6MCwiZSI6dHJ1ZX1dNTKKPA",
            ),
            (
                cursor(Some(resume_point(Position::Start))),
                r#"[{"s":"ab","p":0,"n":0}]"#,
                "cs1_W3sicyI6ImFiIiwicCI6MCwibiI6MH1dI-lamQ",
            ),
            (
                cursor(Some(resume_point(Position::Token("next".to_owned())))),
                r#"[{"s":"ab","t":"next","n":0}]"#,
                "cs1_W3sicyI6ImFiIiwidCI6Im5leHQiLCJuIjowfV3wZDmI",
            ),
            (
                cursor(Some(far)),
                r#"[{"s":"ab","p":3,"a":"feed","k":"7","w":true,"n":12,"c":30,"z":5,"q":6,"g":4,"f":true,"y":["bee",1,2]}]"#,
                "cs1_W3sicyI6ImFiIiwicCI6MywiYSI6ImZlZWQiLCJrIjoiNyIsInciOnRydWUsIm4iOjEyLCJjIjozMCwieiI6NSwicSI6NiwiZyI6NCwiZiI6dHJ1ZSwieSI6WyJiZWUiLDEsMl19XQsVfo4",
            ),
        ];
        for (cursor, json, text) in rows {
            assert_eq!(cursor.to_string(), text, "{json}");
            assert_eq!(text_of(json), text);
            assert_eq!(text.parse::<Cursor>().expect("it is whole"), cursor, "{json}");
        }
    }

    #[test]
    fn a_size_of_nothing_is_no_size() {
        let text = text_of(r#"[{"s":"ab","p":0,"n":0,"z":0,"q":0,"g":0}]"#);
        let read: Cursor = text.parse().expect("it is whole");
        assert_eq!(read, cursor(Some(resume_point(Position::Start))));
    }

    #[test]
    fn parts_that_make_no_place_are_refused() {
        for json in [
            r#"[{"s":"ab"}]"#,
            r#"[{"s":"ab","t":""}]"#,
            r#"[{"s":"ab","p":1,"t":"next"}]"#,
            r#"[{"s":"ab","p":1,"e":true}]"#,
            r#"[{"s":"ab","t":"next","e":true}]"#,
            r#"[{"s":"ab","p":1,"k":"7"}]"#,
            r#"[{"s":"ab","p":1,"a":"feed","k":"seven"}]"#,
            r#"[{"s":"ab","p":1,"a":"no"}]"#,
            r#"[{"s":"ab","p":1,"y":["no",1,2]}]"#,
            r#"[{"s":"no","p":1}]"#,
            r#"{"s":"ab","p":1}"#,
        ] {
            assert_eq!(complaint(&text_of(json)), "the cursor is damaged", "{json}");
        }
    }

    #[test]
    fn what_is_no_cursor_is_told_from_what_another_version_made() {
        let (whole, cut) = (cursor(None).to_string(), "cs1_W3s");
        let rows = [
            ("", "this is not a cursor"),
            ("a_b", "this is not a cursor"),
            ("css", "this is not a cursor"),
            ("cs2_W3s", "the cursor was made by another version of this program"),
            ("CS1_W3s", "this is not a cursor"),
            (cut, "the cursor is damaged"),
            ("cs1_", "the cursor is damaged"),
            ("cs1_!", "the cursor is damaged"),
        ];
        for (text, message) in rows {
            assert_eq!(complaint(text), message, "{text:?}");
        }
        let swapped = whole.replacen("ImFi", "ImJh", 1);
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
            let _ = format!("cs1_{text}").parse::<Cursor>();
        }
    }
}
