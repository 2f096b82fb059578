//! The page token of the LlamaCloud dialect: a place in a list, made opaque.
//!
//! It is responsible for writing a place so that a client can neither read nor change it, and for refusing a token that
//! was cut, edited or made for another list. It does not know sessions, HTTP or what comes after the position.

use base64::{Engine, engine::general_purpose::STANDARD};

use crate::data::rng::mix;

/// The place after one session in the list of one scope.
///
/// The place is the last session itself and not a number of sessions, so that a session which is created or deleted
/// between two requests shifts nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ListPosition {
    pub(crate) updated_micros: i64,
    pub(crate) session_id: String,
    /// Which page of the walk comes after the place, counted from 1. The list does not depend on it; it is there so that
    /// a fault can be meant for one page, and so that two tokens for one place differ.
    pub(crate) page: u64,
}

impl ListPosition {
    /// The place before the first session of every list.
    pub(crate) fn beginning() -> Self {
        Self {
            updated_micros: i64::MAX,
            session_id: String::new(),
            page: 1,
        }
    }
}

/// Changes whenever the layout does, so that a token of an older sandbox is refused and not misread.
const LAYOUT: u8 = 2;

/// Writes `position` as a token that is good for `scope` only.
pub(crate) fn encode(position: &ListPosition, scope: &str) -> String {
    let mut bytes = vec![LAYOUT];
    bytes.extend(position.updated_micros.to_be_bytes());
    bytes.extend(position.page.to_be_bytes());
    bytes.extend(position.session_id.as_bytes());
    let checksum = checksum(&bytes, scope);
    scramble(&mut bytes, checksum);
    let mut token = checksum.to_be_bytes().to_vec();
    token.extend(bytes);
    // The standard alphabet, with `+`, `/` and padding: a client that puts a token into a URL without encoding it fails
    // here rather than at the provider.
    STANDARD.encode(&token)
}

/// Reads a token back, or gives nothing when it is not one of `scope`.
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

/// A checksum over the bytes and the scope: FNV-1a, then mixed. It guards against mistakes, not against an attacker.
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

/// Adds a stream of bytes grown from `key`; doing it twice undoes it.
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
    fn a_token_comes_back_as_it_went_for_every_length() {
        for length in 0..40 {
            let position = ListPosition {
                session_id: "s".repeat(length),
                ..position()
            };
            assert_eq!(decode(&encode(&position, "scope"), "scope"), Some(position));
        }
    }

    #[test]
    fn a_token_shows_nothing_of_its_position() {
        assert!(
            !STANDARD
                .decode(encode(&position(), "scope"))
                .unwrap_or_default()
                .windows(3)
                .any(|three| three == b"ses")
        );
    }

    #[test]
    fn another_scope_is_refused() {
        assert_eq!(decode(&encode(&position(), "one"), "other"), None);
    }

    #[test]
    fn no_edited_or_cut_token_is_accepted() {
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

    /// Tests elsewhere, and people's notes, may contain tokens: the same position must always give the same token.
    #[test]
    fn a_position_always_gives_the_same_token() {
        assert_eq!(
            encode(&position(), "scope"),
            "tvMhiuay7ohUfnCrc2nsscSkWqRNZIv7smdPtPCn1GytwSU="
        );
    }
}
