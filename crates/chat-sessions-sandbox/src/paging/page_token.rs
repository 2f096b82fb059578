//! The page token of LlamaCloud: an opaque position in a list.
//!
//! A client can neither read nor change the position, and a token that was cut, edited or made for
//! another list is rejected.

use base64::{Engine, engine::general_purpose::STANDARD};

use crate::data::rng::mix;

/// The position after one session in the list of one scope.
///
/// It names the session instead of counting sessions, so that a session that is created or deleted
/// between two requests does not shift the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ListPosition {
    pub(crate) updated_micros: i64,
    pub(crate) session_id: String,
    /// The number of the next page, counted from 1. It does not affect the list; faults for certain
    /// pages need it, and it makes each token for the same position different.
    pub(crate) page: u64,
}

impl ListPosition {
    /// The position before the first session of any list.
    pub(crate) fn beginning() -> Self {
        Self {
            updated_micros: i64::MAX,
            session_id: String::new(),
            page: 1,
        }
    }
}

/// Incremented with every change of the layout, so that a token from an older sandbox is rejected.
const LAYOUT: u8 = 2;

/// Encodes `position` as a token for `scope`.
pub(crate) fn encode(position: &ListPosition, scope: &str) -> String {
    let mut bytes = vec![LAYOUT];
    bytes.extend(position.updated_micros.to_be_bytes());
    bytes.extend(position.page.to_be_bytes());
    bytes.extend(position.session_id.as_bytes());
    let checksum = checksum(&bytes, scope);
    scramble(&mut bytes, checksum);
    let mut token = checksum.to_be_bytes().to_vec();
    token.extend(bytes);
    // The standard alphabet has `+`, `/` and padding, so that a client that does not encode a token
    // in a URL fails here and not only at the provider.
    STANDARD.encode(&token)
}

/// Decodes a token. Returns `None` unless it was made for `scope`.
pub(crate) fn decode(token: &str, scope: &str) -> Option<ListPosition> {
    let token = STANDARD.decode(token).ok()?;
    let (head, rest) = token.split_first_chunk::<8>()?;
    let expected = u64::from_be_bytes(*head);
    let mut bytes = rest.to_vec();
    scramble(&mut bytes, expected);
    if checksum(&bytes, scope) != expected {
        return None;
    }
    let (layout, rest) = bytes.split_first()?;
    let (micros, rest) = rest.split_first_chunk::<8>()?;
    let (page, id) = rest.split_first_chunk::<8>()?;
    if *layout != LAYOUT {
        return None;
    }
    Some(ListPosition {
        updated_micros: i64::from_be_bytes(*micros),
        session_id: String::from_utf8(id.to_vec()).ok()?,
        page: u64::from_be_bytes(*page),
    })
}

/// A checksum of the bytes and the scope: FNV-1a, then mixed. It detects mistakes, not attacks.
fn checksum(bytes: &[u8], scope: &str) -> u64 {
    let hash = scope
        .bytes()
        .chain([0])
        .chain(bytes.iter().copied())
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
        });
    mix(hash)
}

/// XORs the bytes with a stream derived from `key`. A second call restores them.
fn scramble(bytes: &mut [u8], key: u64) {
    for (index, chunk) in bytes.chunks_mut(8).enumerate() {
        let stream = mix(key.wrapping_add(index as u64 + 1)).to_be_bytes();
        for (byte, noise) in chunk.iter_mut().zip(stream) {
            *byte ^= noise;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn position() -> ListPosition {
        ListPosition {
            updated_micros: 1_776_861_281_342_245,
            session_id: "ses-abc123".to_owned(),
            page: 2,
        }
    }

    #[test]
    fn encoding_round_trips_for_every_length() {
        for length in 0..40 {
            let position = ListPosition {
                session_id: "s".repeat(length),
                ..position()
            };
            assert_eq!(decode(&encode(&position, "scope"), "scope"), Some(position));
        }
    }

    #[test]
    fn a_token_does_not_reveal_its_position() {
        assert!(
            !STANDARD
                .decode(encode(&position(), "scope"))
                .unwrap_or_default()
                .windows(3)
                .any(|three| three == b"ses")
        );
    }

    #[test]
    fn a_token_is_invalid_in_another_scope() {
        assert_eq!(decode(&encode(&position(), "one"), "other"), None);
    }

    #[test]
    fn edited_and_cut_tokens_are_invalid() {
        let token = encode(&position(), "scope");
        for index in 0..token.len() {
            assert_eq!(decode(&token[..index], "scope"), None, "cut at {index}");
            let mut edited = token.clone().into_bytes();
            edited[index] = if edited[index] == b'A' { b'B' } else { b'A' };
            assert_eq!(
                decode(&String::from_utf8_lossy(&edited), "scope"),
                None,
                "edited at {index}"
            );
        }
        for nonsense in ["", "=", "====", "A===", "next_page_token", "ÄÖÜ="] {
            assert_eq!(decode(nonsense, "scope"), None, "{nonsense:?}");
        }
    }

    /// The token must not change between versions: notes and recordings may contain it.
    #[test]
    fn a_position_always_gives_the_same_token() {
        assert_eq!(
            encode(&position(), "scope"),
            "tvMhiuay7ohUfnCrc2nsscSkWqRNZIv7smdPtPCn1GytwSU="
        );
    }
}
