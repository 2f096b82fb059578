//! The hash in the header of generated files. It lets a build script without dependencies detect a
//! stale file.

/// Hashes a text with 64-bit FNV-1a, ignoring carriage returns, so that a checkout with Windows
/// line endings has the same hash.
///
/// It guards against forgetting to regenerate, not against tampering, so a five-line hash is
/// enough. The build scripts of the raw crates repeat it.
#[must_use]
pub fn fnv1a64(text: &str) -> u64 {
    let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
    // A plain loop, since iterators are slow without optimisation and specs can be large.
    for byte in text.as_bytes() {
        if *byte != b'\r' {
            hash = (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
    }
    hash
}

#[cfg(test)]
mod tests {
    use super::fnv1a64;

    #[test]
    fn the_hash_is_the_published_one_and_ignores_carriage_returns() {
        // The test vectors are from the draft that defines FNV (draft-eastlake-fnv, section 8).
        assert_eq!(fnv1a64(""), 0xcbf2_9ce4_8422_2325);
        assert_eq!(fnv1a64("foobar"), 0x8594_4171_f739_67e8);
        assert_eq!(fnv1a64("a\r\nb"), fnv1a64("a\nb"));
    }
}
