//! Parses ids that are decimal numbers. This runs for every session, and the standard library takes
//! several times as long because it parses digit by digit. It also accepts a sign, so that two
//! different ids would become the same number.

/// Parses a number that consists of decimal digits only. Returns `None` if the text is empty, holds
/// anything else, or exceeds `u64`.
pub(crate) fn decimal(text: &str) -> Option<u64> {
    // Any groups of eight digits, up to this many, fit into a `u64`.
    const SURE: usize = 2;
    let (eights, _) = text.as_bytes().as_chunks::<8>();
    let sure = &eights[..eights.len().min(SURE)];
    let mut number = 0_u64;
    for digits in sure {
        number = number * 100_000_000 + eight(*digits)?;
    }
    for byte in &text.as_bytes()[sure.as_flattened().len()..] {
        let digit = byte.wrapping_sub(b'0');
        if digit > 9 {
            return None;
        }
        number = number.checked_mul(10)?.checked_add(digit.into())?;
    }
    (!text.is_empty()).then_some(number)
}

/// Parses eight digits at once: joins neighbours into numbers of two digits, then of four, then of
/// eight, all within one word.
fn eight(digits: [u8; 8]) -> Option<u64> {
    let ones = u64::from_le_bytes(digits) ^ 0x3030_3030_3030_3030;
    // A byte above 9 has a bit in its upper half, or gets one when 6 is added. Only bytes that have
    // one can carry into the next.
    if (ones | ones.wrapping_add(0x0606_0606_0606_0606)) & 0xf0f0_f0f0_f0f0_f0f0 != 0 {
        return None;
    }
    let twos = (ones * 10 + (ones >> 8)) & 0x00ff_00ff_00ff_00ff;
    let fours = (twos * 100 + (twos >> 16)) & 0x0000_ffff_0000_ffff;
    Some((fours * 10_000 + (fours >> 32)) & 0xffff_ffff)
}

#[cfg(test)]
mod tests {
    use super::decimal;

    proptest::proptest! {
        #[test]
        fn it_reads_what_the_standard_library_reads_but_for_signs(text in r"[0-9]{0,23}|1844674407370955161[0-9]|[+-]?[0-9]{1,3}|[0-9]{0,20}[ -~][0-9]{0,20}|\PC{0,20}") {
            let digits = text.bytes().all(|byte| byte.is_ascii_digit());
            proptest::prop_assert_eq!(decimal(&text), text.parse().ok().filter(|_| digits));
        }
    }
}
