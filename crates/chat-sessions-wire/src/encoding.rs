//! Decodes the content encoding of a body: gzip if it was requested, and nothing else.

use bytes::Bytes;

use crate::received::BodyEnd;

/// Decompresses a complete body, or returns why it cannot be.
pub(crate) fn decoded(body: Bytes, encoding: Option<&[u8]>, most: usize) -> Result<Bytes, BodyEnd> {
    match encoding.map(<[u8]>::trim_ascii) {
        None | Some(b"" | b"identity") => Ok(body),
        Some(encoding) if encoding.eq_ignore_ascii_case(b"gzip") || encoding.eq_ignore_ascii_case(b"x-gzip") => {
            gunzip(&body, most)
        }
        Some(_) => Err(BodyEnd::BadEncoding),
    }
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
