//! Strings, numbers and booleans: which JSON values a field of each type accepts.

use serde_json::Value;

/// A type that is read from a single JSON value. A method returns `None` if no value of the type is
/// equal to the one that was sent.
pub trait Scalar: Sized + Into<Value> {
    /// Reads `true` or `false`.
    #[must_use]
    fn from_bool(_: bool) -> Option<Self> {
        None
    }

    /// Reads an integer.
    #[must_use]
    fn from_i64(_: i64) -> Option<Self> {
        None
    }

    /// Reads an integer that is not negative.
    #[must_use]
    fn from_u64(_: u64) -> Option<Self> {
        None
    }

    /// Reads a number with a fraction or an exponent.
    #[must_use]
    fn from_f64(_: f64) -> Option<Self> {
        None
    }

    /// Reads a string.
    #[must_use]
    fn from_text(_: &str) -> Option<Self> {
        None
    }

    /// Reads a string that need not be copied.
    ///
    /// # Errors
    ///
    /// Returns the string if no value of the type is equal to it.
    fn from_string(text: String) -> Result<Self, String> {
        Self::from_text(&text).ok_or(text)
    }
}

impl Scalar for String {
    #[inline]
    fn from_text(text: &str) -> Option<Self> {
        Some(text.to_owned())
    }

    #[inline]
    fn from_string(text: String) -> Result<Self, String> {
        Ok(text)
    }
}

impl Scalar for bool {
    #[inline]
    fn from_bool(value: bool) -> Option<Self> {
        Some(value)
    }
}

impl Scalar for i64 {
    #[inline]
    fn from_i64(number: i64) -> Option<Self> {
        Some(number)
    }

    #[inline]
    fn from_u64(number: u64) -> Option<Self> {
        Self::try_from(number).ok()
    }

    /// Accepts a whole number. Beyond 2⁵³ a float no longer tells which integer was meant.
    fn from_f64(number: f64) -> Option<Self> {
        const EXACT: f64 = 9_007_199_254_740_992.0;
        #[allow(clippy::cast_possible_truncation, reason = "a whole number in this range fits")]
        (number.fract() == 0.0 && number.abs() <= EXACT).then_some(number as Self)
    }
}

#[allow(clippy::cast_precision_loss, reason = "serde does the same for a field of this type")]
impl Scalar for f64 {
    #[inline]
    fn from_i64(number: i64) -> Option<Self> {
        Some(number as Self)
    }

    #[inline]
    fn from_u64(number: u64) -> Option<Self> {
        Some(number as Self)
    }

    #[inline]
    fn from_f64(number: f64) -> Option<Self> {
        Some(number)
    }
}
