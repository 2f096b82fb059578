//! The style of the pages, in light and in dark, and its hash.

/// The style, which is inside every page.
pub(super) const STYLE: &str = include_str!("style.css");

/// The hash by which the Content-Security-Policy of a page allows this style and no other.
pub(super) const STYLE_HASH: &str = "sha256-C5BL3sXJ0PpIVnCu77wcL/+vwERQyUjQC5k6HafwaRU=";

#[cfg(test)]
mod tests {
    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;
    use sha2::{Digest, Sha256};

    use super::{STYLE, STYLE_HASH};

    #[test]
    fn the_hash_is_that_of_the_style() {
        let expected = format!("sha256-{}", STANDARD.encode(Sha256::digest(STYLE)));
        assert_eq!(STYLE_HASH, expected);
    }

    #[test]
    fn the_style_loads_nothing() {
        assert!(!STYLE.contains("url(") && !STYLE.contains("@import") && !STYLE.contains('<'));
    }
}
