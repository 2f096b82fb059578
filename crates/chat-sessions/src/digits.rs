//! Ids that are decimal numbers. It is looked at for every session, and the standard library takes twice as long, since it also
//! takes a sign, which would make another id of the same number.

/// Reads a number of nothing but decimal digits; `None` when there is anything else, or none, or when it is greater than a `u64`.
pub(crate) fn decimal(text: &str) -> Option<u64> {
    // So many digits fit in, whatever they are.
    const SURE: usize = 19;
    let bytes = text.as_bytes();
    let (sure, rest) = bytes.split_at(bytes.len().min(SURE));
    let mut number = 0_u64;
    for byte in sure {
        let digit = byte.wrapping_sub(b'0');
        if digit > 9 {
            return None;
        }
        number = number * 10 + u64::from(digit);
    }
    for byte in rest {
        let digit = char::from(*byte).to_digit(10)?;
        number = number.checked_mul(10)?.checked_add(digit.into())?;
    }
    (!text.is_empty()).then_some(number)
}

#[cfg(test)]
mod tests {
    use super::decimal;

    proptest::proptest! {
        #[test]
        fn it_reads_what_the_standard_library_reads_but_for_signs(text in r"[0-9]{0,23}|1844674407370955161[0-9]|[+-]?[0-9]{1,3}|\PC{0,20}") {
            let digits = text.bytes().all(|byte| byte.is_ascii_digit());
            proptest::prop_assert_eq!(decimal(&text), text.parse().ok().filter(|_| digits));
        }
    }
}
