//! Collects the chunks of a response body, without needless copies.

use bytes::{Bytes, BytesMut};

/// The maximum number of bytes reserved in advance: a server may announce a wrong length.
const MOST_AHEAD: usize = 1024 * 1024;

/// The chunks so far. A body of a single chunk, as in short responses, is not copied.
#[derive(Debug, Default)]
pub(crate) struct BodyBuffer {
    only: Bytes,
    joined: BytesMut,
}

impl BodyBuffer {
    pub(crate) fn len(&self) -> usize {
        self.only.len() + self.joined.len()
    }

    /// Adds a chunk of a body whose announced length is `announced`.
    pub(crate) fn add(&mut self, piece: Bytes, announced: Option<u64>) {
        if self.len() == 0 {
            self.only = piece;
            return;
        }
        if self.joined.is_empty() {
            let announced = announced
                .and_then(|length| usize::try_from(length).ok())
                .unwrap_or_default();
            self.joined
                .reserve(announced.min(MOST_AHEAD).max(self.len() + piece.len()));
            self.joined.extend_from_slice(&std::mem::take(&mut self.only));
        }
        self.joined.extend_from_slice(&piece);
    }

    pub(crate) fn whole(self) -> Bytes {
        if self.joined.is_empty() {
            self.only
        } else {
            self.joined.freeze()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_make_one_body_whatever_was_announced() {
        for announced in [None, Some(0), Some(6), Some(u64::MAX)] {
            for pieces in [
                vec![],
                vec!["abcdef"],
                vec!["ab", "cd", "ef"],
                vec!["", "abc", "", "def"],
            ] {
                let mut body = BodyBuffer::default();
                for piece in &pieces {
                    body.add(Bytes::from_static(piece.as_bytes()), announced);
                }
                assert_eq!(body.len(), pieces.concat().len());
                assert!(body.joined.capacity() <= MOST_AHEAD);
                assert_eq!(body.whole(), pieces.concat());
            }
        }
    }

    #[test]
    fn one_piece_is_not_copied() {
        let piece = Bytes::from(b"abc".to_vec());
        let mut body = BodyBuffer::default();
        body.add(piece.clone(), Some(3));
        assert_eq!(body.whole().as_ptr(), piece.as_ptr());
    }
}
