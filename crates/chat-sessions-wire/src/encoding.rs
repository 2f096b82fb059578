//! Decodes the encoding of a body: gzip if it was requested, and otherwise plain UTF-8.
//!
//! A byte order mark of UTF-8 is removed, as RFC 8259 (section 8.1) allows. What a body that is
//! compressed or UTF-16 starts with is recognised even if no header announces it, because a JSON
//! parser would only call it an invalid character.

use bytes::Bytes;

use crate::body_end::BodyEnd;

/// The encodings to request.
pub(crate) const ACCEPTED: &str = if cfg!(feature = "gzip") { "gzip" } else { "identity" };

const UTF_8_MARK: &[u8] = b"\xef\xbb\xbf";

/// What a body starts with if it is not UTF-8 text. No JSON and no web page does.
const SIGNATURES: [(&[u8], Signature); 9] = [
    // RFC 1952, section 2.3.1.
    (b"\x1f\x8b", Signature::Compression("gzip")),
    // RFC 8878, section 3.1.1.
    (b"\x28\xb5\x2f\xfd", Signature::Compression("zstd")),
    // RFC 1950, section 2.2: a window of 32 KiB, at the four levels of compression.
    (b"\x78\x01", Signature::Compression("deflate")),
    (b"\x78\x5e", Signature::Compression("deflate")),
    (b"\x78\x9c", Signature::Compression("deflate")),
    (b"\x78\xda", Signature::Compression("deflate")),
    (b"\x1f\x9d", Signature::Compression("compress")),
    (b"\xfe\xff", Signature::Utf16),
    (b"\xff\xfe", Signature::Utf16),
];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Signature {
    /// Compressed. Brotli has no signature.
    Compression(&'static str),
    /// A byte order mark of UTF-16, or of UTF-32.
    Utf16,
}

/// Decompresses a complete body and removes a byte order mark, or returns why it cannot be decoded.
pub(crate) fn decoded(body: &Bytes, encoding: Option<&[u8]>, most: usize) -> Result<Bytes, BodyEnd> {
    let text = match encoding.map(<[u8]>::trim_ascii) {
        encoding if is_plain(encoding) => body.clone(),
        Some(encoding) if is_gzip(encoding) => gunzip(body, most)?,
        _ => return Err(BodyEnd::BadEncoding),
    };
    if signature(&text).is_some() {
        return Err(BodyEnd::BadEncoding);
    }
    if text.starts_with(UTF_8_MARK) {
        return Ok(text.slice(UTF_8_MARK.len()..));
    }
    Ok(text)
}

/// Returns what is wrong with the encoding of a body.
pub(crate) fn problem(encoding: Option<&[u8]>, body: &[u8]) -> String {
    let announced = encoding.map(<[u8]>::trim_ascii).unwrap_or_default();
    match signature(body) {
        Some(Signature::Compression(name)) => {
            format!("the response is compressed ({name}), but no header announces it")
        }
        Some(Signature::Utf16) => {
            "the response starts with a byte order mark of UTF-16, and JSON must be UTF-8".to_owned()
        }
        None if cfg!(feature = "gzip") && is_gzip(announced) => {
            "the response is announced as compressed (gzip) and cannot be decompressed".to_owned()
        }
        None => match known_name(announced) {
            Some(name) => format!("the response is compressed ({name}) although that was not requested"),
            None => "the response has an encoding that was not requested".to_owned(),
        },
    }
}

/// Returns whether a header announces no compression.
pub(crate) fn is_plain(encoding: Option<&[u8]>) -> bool {
    encoding.is_none_or(|encoding| matches!(encoding.trim_ascii(), b"" | b"identity"))
}

fn signature(body: &[u8]) -> Option<Signature> {
    let found = SIGNATURES.iter().find(|(start, _)| body.starts_with(start));
    found.map(|(_, signature)| *signature)
}

fn is_gzip(encoding: &[u8]) -> bool {
    encoding.eq_ignore_ascii_case(b"gzip") || encoding.eq_ignore_ascii_case(b"x-gzip")
}

/// Returns the registered name of an encoding. A header can hold anything, so it is not repeated.
fn known_name(encoding: &[u8]) -> Option<&'static str> {
    let known = ["br", "compress", "deflate", "gzip", "zstd"];
    let encoding = encoding.strip_prefix(b"x-").unwrap_or(encoding);
    known
        .into_iter()
        .find(|name| encoding.eq_ignore_ascii_case(name.as_bytes()))
}

#[cfg(feature = "gzip")]
fn gunzip(body: &Bytes, most: usize) -> Result<Bytes, BodyEnd> {
    use std::io::Read;

    let mut plain = Vec::new();
    let enough = most as u64 + 1;
    let mut decoder = flate2::bufread::MultiGzDecoder::new(&body[..]).take(enough);
    match decoder.read_to_end(&mut plain) {
        Ok(_) if plain.len() > most => Err(BodyEnd::TooLarge),
        Ok(_) => Ok(plain.into()),
        Err(_) => Err(BodyEnd::BadEncoding),
    }
}

#[cfg(not(feature = "gzip"))]
fn gunzip(_: &Bytes, _: usize) -> Result<Bytes, BodyEnd> {
    Err(BodyEnd::BadEncoding)
}

#[cfg(test)]
mod tests {
    use super::*;

    const JSON: &[u8] = br#"{"items":[]}"#;

    fn read(body: &[u8], encoding: Option<&[u8]>) -> Result<Vec<u8>, String> {
        let body = Bytes::copy_from_slice(body);
        match decoded(&body, encoding, 1024) {
            Ok(text) => Ok(text.to_vec()),
            Err(BodyEnd::BadEncoding) if is_plain(encoding) => Err(problem(encoding, &body)),
            Err(BodyEnd::BadEncoding) => Err(problem(encoding, b"")),
            Err(end) => Err(format!("{end:?}")),
        }
    }

    #[test]
    fn plain_text_is_read_with_or_without_a_byte_order_mark() {
        let marked = [UTF_8_MARK, JSON].concat();
        for encoding in [None, Some(&b""[..]), Some(b"identity"), Some(b" identity ")] {
            for body in [JSON, marked.as_slice()] {
                assert_eq!(read(body, encoding), Ok(JSON.to_vec()));
            }
        }
        // Only one mark is removed, and only at the beginning.
        assert_eq!(read(&[UTF_8_MARK, UTF_8_MARK].concat(), None), Ok(UTF_8_MARK.to_vec()));
        assert_eq!(read(&UTF_8_MARK[..2], None), Ok(UTF_8_MARK[..2].to_vec()));
        assert_eq!(read(b"", None), Ok(Vec::new()));
    }

    #[test]
    fn what_is_not_utf_8_text_is_named() {
        for (start, name) in [
            (&b"\x1f\x8b\x08\0"[..], "compressed (gzip)"),
            (b"\x28\xb5\x2f\xfd\x04", "compressed (zstd)"),
            (b"\x78\x9c\xab", "compressed (deflate)"),
            (b"\x78\x01\xab", "compressed (deflate)"),
            (b"\x78\xda\xab", "compressed (deflate)"),
            (b"\x1f\x9d\x90", "compressed (compress)"),
            (b"\xff\xfe{\0", "byte order mark of UTF-16"),
            (b"\xfe\xff\0{", "byte order mark of UTF-16"),
            (b"\xff\xfe\0\0{\0\0\0", "byte order mark of UTF-16"),
        ] {
            for encoding in [None, Some(&b"identity"[..])] {
                let problem = read(start, encoding).expect_err(name);
                assert!(problem.contains(name), "{start:?}: {problem}");
            }
        }
        // A page of text may start with any letter.
        for text in ["x", "xml", "x\u{9c}", "(", "\u{feff}x"] {
            assert!(read(text.as_bytes(), None).is_ok(), "{text:?}");
        }
    }

    #[test]
    fn an_announced_encoding_that_was_not_requested_is_named_if_it_is_known() {
        for (header, expected) in [
            (
                &b"br"[..],
                "the response is compressed (br) although that was not requested",
            ),
            (
                b" ZSTD",
                "the response is compressed (zstd) although that was not requested",
            ),
            (
                b"deflate",
                "the response is compressed (deflate) although that was not requested",
            ),
            (b"gzip, br", "the response has an encoding that was not requested"),
            (b"\x1b[31m", "the response has an encoding that was not requested"),
        ] {
            assert_eq!(read(JSON, Some(header)), Err(expected.to_owned()));
        }
        let gzip = read(JSON, Some(b"gzip")).expect_err("it is plain");
        assert_eq!(
            gzip,
            if cfg!(feature = "gzip") {
                "the response is announced as compressed (gzip) and cannot be decompressed"
            } else {
                "the response is compressed (gzip) although that was not requested"
            }
        );
    }
}
