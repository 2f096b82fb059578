//! Medians, extremes and ratios of a few samples.

/// The median of the samples: the middle one, or the mean of the two in the middle; 0 if there are
/// none.
pub(crate) fn median(samples: &[f64]) -> f64 {
    let mut sorted = samples.to_vec();
    sorted.sort_by(f64::total_cmp);
    let middle = sorted.len() / 2;
    match (
        sorted.get(middle),
        middle.checked_sub(1).and_then(|below| sorted.get(below)),
    ) {
        (Some(upper), Some(lower)) if sorted.len().is_multiple_of(2) => f64::midpoint(*lower, *upper),
        (Some(middle), _) => *middle,
        (None, _) => 0.0,
    }
}

/// `Spread` is the median of samples, their minimum and their maximum.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Spread {
    pub(crate) median: f64,
    pub(crate) least: f64,
    pub(crate) most: f64,
}

impl Spread {
    pub(crate) fn of(samples: &[f64]) -> Self {
        Self {
            median: median(samples),
            least: samples.iter().copied().fold(f64::INFINITY, f64::min),
            most: samples.iter().copied().fold(f64::NEG_INFINITY, f64::max),
        }
    }
}

/// The median of the ratios of two samples from the same round, so that the slowdown of a whole
/// round cancels out.
pub(crate) fn median_ratio(samples: &[f64], base: &[f64]) -> f64 {
    let ratios: Vec<f64> = samples.iter().zip(base).map(|(sample, base)| sample / base).collect();
    median(&ratios)
}

#[cfg(test)]
mod tests {
    use super::{Spread, median, median_ratio};

    fn close(one: f64, two: f64) -> bool {
        (one - two).abs() < 1e-12
    }

    #[test]
    fn the_median_is_the_middle() {
        assert!(close(median(&[3.0, 1.0, 2.0]), 2.0));
        assert!(close(median(&[4.0, 1.0, 2.0, 3.0]), 2.5));
        assert!(close(median(&[7.0]), 7.0));
        assert!(close(median(&[]), 0.0));
    }

    #[test]
    fn the_spread_has_both_ends() {
        let spread = Spread::of(&[2.0, 9.0, 1.0]);
        assert!(close(spread.median, 2.0) && close(spread.least, 1.0) && close(spread.most, 9.0));
    }

    #[test]
    fn ratios_are_those_of_a_round() {
        // The second round was slow for both; the ratio of the medians would be 2.2 / 2.0.
        assert!(close(median_ratio(&[2.2, 20.0, 1.1], &[2.0, 20.0, 1.0]), 1.1));
    }
}
