//! Numbers of a response are read exactly. Alone, this crate fails here without the feature of
//! `serde_json` that it enables; in a build of the whole workspace, other crates enable it too.

#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

#[test]
fn a_number_with_many_digits_is_the_nearest_one_and_not_its_neighbour() {
    for text in [
        "12222222222222222222222222222222222222222222222222222222222222222222222222222222222222222222",
        "1776861281.3422451",
        "0.30000000000000004",
        "123456789012345680000000",
        "2.2250738585072014e-308",
        "5e-324",
        "1.7976931348623157e308",
    ] {
        let read: f64 = serde_json::from_str(text).unwrap();
        assert_eq!(read.to_bits(), text.parse::<f64>().unwrap().to_bits(), "{text}");
    }
}
