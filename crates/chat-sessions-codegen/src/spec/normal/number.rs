//! Numbers of a document, compared without rounding.

use std::cmp::Ordering;
use std::fmt;

use serde_json::Number;

/// A decimal number: `mantissa` times ten to the power of `exponent`, without trailing zeros.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Decimal {
    mantissa: i128,
    exponent: i32,
}

impl Decimal {
    pub(crate) const ONE: Self = Self {
        mantissa: 1,
        exponent: 0,
    };

    /// Reads a number as it is written; `None` if it has too many digits.
    pub(crate) fn of(number: &Number) -> Option<Self> {
        let text = number.to_string();
        let (digits, exponent) = text.split_once(['e', 'E']).unwrap_or((&text, "0"));
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        let exponent = exponent.parse::<i32>().ok()?;
        let places = i32::try_from(fraction.len()).ok()?;
        let mantissa = format!("{whole}{fraction}").parse().ok()?;
        Some(Self::new(mantissa, exponent.checked_sub(places)?))
    }

    fn new(mut mantissa: i128, mut exponent: i32) -> Self {
        if mantissa == 0 {
            exponent = 0;
        }
        while mantissa != 0 && mantissa % 10 == 0 && exponent < i32::MAX {
            mantissa /= 10;
            exponent += 1;
        }
        Self { mantissa, exponent }
    }

    pub(crate) fn is_integer(self) -> bool {
        self.exponent >= 0
    }

    pub(crate) fn is_positive(self) -> bool {
        self.mantissa > 0
    }

    /// The mantissas of two numbers with a common exponent.
    fn aligned(self, other: Self) -> Option<(i128, i128, i32)> {
        let exponent = self.exponent.min(other.exponent);
        let scaled = |number: Self| {
            let places = u32::try_from(number.exponent.checked_sub(exponent)?).ok()?;
            number.mantissa.checked_mul(10_i128.checked_pow(places)?)
        };
        Some((scaled(self)?, scaled(other)?, exponent))
    }

    /// How two numbers compare; `None` if they are too far apart to be written with one exponent.
    pub(crate) fn compare(self, other: Self) -> Option<Ordering> {
        if self.mantissa.signum() != other.mantissa.signum() {
            return Some(self.mantissa.signum().cmp(&other.mantissa.signum()));
        }
        self.aligned(other).map(|(one, other, _)| one.cmp(&other))
    }

    /// Whether the number is a multiple of another; `None` if the numbers are too far apart.
    pub(crate) fn is_multiple_of(self, other: Self) -> Option<bool> {
        let (one, other, _) = self.aligned(other)?;
        Some(one.checked_rem(other)? == 0)
    }

    /// The least number that is a multiple of both.
    pub(crate) fn least_common_multiple(self, other: Self) -> Option<Self> {
        let (one, other, exponent) = self.aligned(other)?;
        let (mut divisor, mut rest) = (one, other);
        while rest != 0 {
            (divisor, rest) = (rest, divisor % rest);
        }
        let mantissa = one.checked_div(divisor)?.checked_mul(other)?.checked_abs()?;
        Some(Self::new(mantissa, exponent))
    }

    /// The least integer that is at least the number or, if `exclusive`, greater than it.
    pub(crate) fn ceiling(self, exclusive: bool) -> Option<Self> {
        if self.exponent >= 0 {
            if !exclusive {
                return Some(self);
            }
            let whole = 10_i128
                .checked_pow(u32::try_from(self.exponent).ok()?)?
                .checked_mul(self.mantissa)?;
            return Some(Self::new(whole.checked_add(1)?, 0));
        }
        let divisor = u32::try_from(-self.exponent)
            .ok()
            .and_then(|places| 10_i128.checked_pow(places));
        let whole = match divisor {
            Some(divisor) => self.mantissa.div_euclid(divisor) + 1,
            None => i128::from(self.mantissa > 0),
        };
        Some(Self::new(whole, 0))
    }

    pub(crate) fn negated(self) -> Self {
        Self {
            mantissa: -self.mantissa,
            ..self
        }
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = self.mantissa.unsigned_abs().to_string();
        let sign = if self.mantissa < 0 { "-" } else { "" };
        match self.exponent {
            0 => write!(f, "{sign}{digits}"),
            zeros @ 1..=30 => write!(f, "{sign}{digits}{}", "0".repeat(usize::try_from(zeros).unwrap_or(0))),
            places @ -30..=-1 => {
                let places = usize::try_from(-places).unwrap_or(0);
                let digits = format!("{digits:0>width$}", width = places + 1);
                let (whole, fraction) = digits.split_at(digits.len() - places);
                write!(f, "{sign}{whole}.{fraction}")
            }
            exponent => write!(f, "{sign}{digits}e{exponent}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::cmp::Ordering;

    use serde_json::{Value, json};

    use super::Decimal;

    fn decimal(value: &Value) -> Decimal {
        Decimal::of(value.as_number().unwrap()).unwrap()
    }

    #[test]
    fn numbers_are_compared_as_they_are_written() {
        for (one, other, order) in [
            (json!(1), json!(1.0), Ordering::Equal),
            (json!(0.01), json!(1e-2), Ordering::Equal),
            (
                json!(9_007_199_254_740_993_u64),
                json!(9_007_199_254_740_992_u64),
                Ordering::Greater,
            ),
            (json!(-1), json!(1e300), Ordering::Less),
            (json!(0.1), json!(0.25), Ordering::Less),
        ] {
            assert_eq!(decimal(&one).compare(decimal(&other)), Some(order), "{one} {other}");
        }
    }

    #[test]
    fn multiples_are_exact() {
        for (one, other, is_multiple) in [
            (json!(10), json!(5), true),
            (json!(99_999.99), json!(0.01), true),
            (json!(99_999.995), json!(0.01), false),
            (json!(5), json!(10), false),
        ] {
            let found = decimal(&one).is_multiple_of(decimal(&other));
            assert_eq!(found, Some(is_multiple), "{one} {other}");
        }
        let least = |one, other| decimal(&one).least_common_multiple(decimal(&other)).unwrap();
        assert_eq!(least(json!(4), json!(6)).to_string(), "12");
        assert_eq!(least(json!(2.5), json!(1)).to_string(), "5");
    }

    #[test]
    fn bounds_of_integers_are_integers() {
        for (bound, exclusive, least) in [
            (json!(0), true, "1"),
            (json!(0.5), false, "1"),
            (json!(-0.5), true, "0"),
            (json!(-1.5), false, "-1"),
            (json!(2), false, "2"),
            (json!(100), true, "101"),
        ] {
            let found = decimal(&bound).ceiling(exclusive).unwrap();
            assert_eq!(found.to_string(), least, "{bound} {exclusive}");
        }
    }
}
