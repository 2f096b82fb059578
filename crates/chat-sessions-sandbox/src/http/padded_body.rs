//! Bodies of any length: a real response padded with white space, generated while it is sent.
//!
//! However long a body is, plain or compressed, it takes little memory.

use std::{
    io::{self, Write},
    pin::Pin,
    task::{Context, Poll},
};

use axum::body::Bytes;
use flate2::{Compression, write::GzEncoder};
use futures_core::Stream;

/// White space, sent repeatedly.
static PADDING: [u8; 64 * 1024] = [b' '; 64 * 1024];

/// The size from which a piece of compressed bytes is sent.
const MIN_CHUNK: usize = 16 * 1024;

/// A JSON document with white space after its first byte, where JSON allows any amount after a
/// bracket.
///
/// The white space does not come first, so that a client that looks at the first byte sees JSON.
#[derive(Clone, Debug)]
pub(crate) struct PaddedBody {
    first: Bytes,
    /// How much white space is left. `None` means that it never ends.
    padding: Option<u64>,
    rest: Bytes,
}

impl PaddedBody {
    /// Pads `document` to this many bytes, or forever. A longer document stays as it is.
    pub(crate) fn new(document: Vec<u8>, bytes: Option<u64>) -> Self {
        let own = document.len() as u64;
        let mut first = Bytes::from(document);
        let rest = first.split_off(first.len().min(1));
        Self {
            first,
            padding: bytes.map(|bytes| bytes.saturating_sub(own)),
            rest,
        }
    }

    /// The total number of bytes, unless the body is endless.
    pub(crate) fn length(&self) -> Option<u64> {
        let own = self.first.len() as u64 + self.rest.len() as u64;
        self.padding.map(|padding| padding.saturating_add(own))
    }

    /// Returns the next bytes, or `None` at the end.
    fn next_piece(&mut self) -> Option<Bytes> {
        if !self.first.is_empty() {
            return Some(std::mem::take(&mut self.first));
        }
        let piece = match &mut self.padding {
            None => PADDING.len(),
            Some(left) => {
                let piece = usize::try_from(*left).unwrap_or(usize::MAX).min(PADDING.len());
                *left -= piece as u64;
                piece
            }
        };
        if piece > 0 {
            return Some(Bytes::from_static(&PADDING[..piece]));
        }
        Some(std::mem::take(&mut self.rest)).filter(|rest| !rest.is_empty())
    }
}

impl Stream for PaddedBody {
    type Item = io::Result<Bytes>;

    fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        Poll::Ready(self.next_piece().map(Ok))
    }
}

/// A padded body, compressed.
pub(crate) struct GzippedPaddedBody {
    body: PaddedBody,
    /// `None` after the end of the body.
    encoder: Option<GzEncoder<Vec<u8>>>,
}

impl GzippedPaddedBody {
    pub(crate) fn new(body: PaddedBody) -> Self {
        Self {
            body,
            encoder: Some(GzEncoder::new(Vec::new(), Compression::default())),
        }
    }

    /// Compresses one piece and returns the bytes to send, if any. Returns empty bytes if there are
    /// too few to send yet.
    ///
    /// It compresses only one piece at a time, because the runtime would otherwise keep other
    /// connections waiting.
    fn compress_next(&mut self) -> io::Result<Option<Bytes>> {
        let Some(encoder) = &mut self.encoder else {
            return Ok(None);
        };
        let Some(piece) = self.body.next_piece() else {
            let end = self.encoder.take().map(GzEncoder::finish).transpose()?;
            return Ok(end.map(Bytes::from));
        };
        encoder.write_all(&piece)?;
        let compressed = encoder.get_mut();
        let compressed = if compressed.len() < MIN_CHUNK {
            Vec::new()
        } else {
            std::mem::take(compressed)
        };
        Ok(Some(Bytes::from(compressed)))
    }
}

impl Stream for GzippedPaddedBody {
    type Item = io::Result<Bytes>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        match self.compress_next() {
            Ok(Some(compressed)) if compressed.is_empty() => {
                context.waker().wake_by_ref();
                Poll::Pending
            }
            chunk => Poll::Ready(chunk.transpose()),
        }
    }
}

/// Compresses a short body at once.
pub(crate) fn gzip(body: &[u8]) -> io::Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(body)?;
    encoder.finish()
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use flate2::read::GzDecoder;

    use super::*;

    fn whole(mut body: PaddedBody) -> Vec<u8> {
        std::iter::from_fn(|| body.next_piece()).flatten().collect()
    }

    #[test]
    fn the_document_is_padded_after_its_first_byte() {
        for (document, bytes, expected) in [
            ("{\"a\":1}", 10, "{   \"a\":1}"),
            ("{\"a\":1}", 7, "{\"a\":1}"),
            ("{\"a\":1}", 0, "{\"a\":1}"),
            ("[", 3, "[  "),
            ("", 3, "   "),
            ("", 0, ""),
        ] {
            let body = PaddedBody::new(document.into(), Some(bytes));
            assert_eq!(body.length(), Some(expected.len() as u64), "{document:?} {bytes}");
            assert_eq!(whole(body), expected.as_bytes(), "{document:?} {bytes}");
        }
    }

    #[test]
    fn a_body_has_the_requested_length_and_compresses_well() -> io::Result<()> {
        let bytes = 50 * PADDING.len() as u64 + 5;
        let body = PaddedBody::new(b"{}".to_vec(), Some(bytes));
        let plain = whole(body.clone());
        assert_eq!(plain.len() as u64, bytes);
        let mut gzipped = GzippedPaddedBody::new(body);
        let mut sent = Vec::new();
        while let Some(compressed) = gzipped.compress_next()? {
            sent.extend(compressed);
        }
        assert!(sent.len() < 8 * 1024, "{}", sent.len());
        let mut back = Vec::new();
        GzDecoder::new(sent.as_slice()).read_to_end(&mut back)?;
        assert!(back == plain, "it expands to something else");
        Ok(())
    }

    #[test]
    fn an_endless_body_continues() {
        let mut body = PaddedBody::new(b"{}".to_vec(), None);
        assert_eq!(body.length(), None);
        for _ in 0..1000 {
            assert!(body.next_piece().is_some_and(|piece| !piece.contains(&b'}')));
        }
    }
}
