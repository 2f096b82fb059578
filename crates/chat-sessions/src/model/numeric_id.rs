//! Ids that are decimal numbers. They are looked at for every session, and the standard library takes several times as long, digit
//! by digit; it also takes a sign, which would make another id of the same number.

/// Reads a number of nothing but decimal digits; `None` when there is anything else, or none, or when it is greater than a `u64`.
pub(crate) fn decimal(text: &str) -> Option<u64> {
    // So many times eight digits fit in, whatever they are.
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

/// Reads eight digits at once: neighbours are joined to numbers of two digits, of four, of eight, each beside the others in one word.
fn eight(digits: [u8; 8]) -> Option<u64> {
    let ones = u64::from_le_bytes(digits) ^ 0x3030_3030_3030_3030;
    // A byte above 9 has a bit in its upper half, or gets one by adding 6. That carries over only from bytes that have one.
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
