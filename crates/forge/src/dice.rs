//! Chance, value-stable: a seed and a stream number give the same draws on every machine and with every thread count.
//! Nothing here touches floating-point functions whose last bit a platform may choose.

use rand_core::Rng;
use rand_pcg::Pcg64;

/// One stream of draws.
#[derive(Debug, Clone)]
pub struct Dice(Pcg64);

impl Dice {
    /// The dice of `stream` under `seed`: streams are independent of each other.
    pub fn new(seed: u64, stream: u64) -> Self {
        let state = u128::from(mix(seed ^ mix(stream))) << 64 | u128::from(mix(seed.wrapping_add(stream)));
        Self(Pcg64::new(state, u128::from(stream)))
    }

    /// A number from 0 to `n` - 1; 0 when `n` is 0.
    pub fn below(&mut self, n: u64) -> u64 {
        ((u128::from(self.0.next_u64()) * u128::from(n)) >> 64) as u64
    }

    /// A number from `low` to `high`, both possible.
    pub fn between(&mut self, low: i64, high: i64) -> i64 {
        low + self.below((high - low + 1).max(1) as u64) as i64
    }

    /// True in `percent` of 100 cases.
    pub fn chance(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }

    /// One of `items`.
    ///
    /// # Panics
    /// When there are none: data files are checked for that when they are read.
    pub fn pick<T: Copy>(&mut self, items: &[T]) -> T {
        items[self.below(items.len() as u64) as usize]
    }

    /// The place of one weight, each taken as often as its weight says.
    pub fn weighted(&mut self, weights: &[u64]) -> usize {
        let mut left = self.below(weights.iter().sum());
        for (at, &weight) in weights.iter().enumerate() {
            if left < weight {
                return at;
            }
            left -= weight;
        }
        0
    }

    /// A number between `low` and `high` whose *magnitude* is even: small numbers are as common as large ones.
    pub fn magnitude(&mut self, low: i64, high: i64) -> i64 {
        let (low, high) = (low.max(1), high.max(1));
        let octaves = (64 - (high / low).leading_zeros()).max(1);
        let floor = low << self.below(u64::from(octaves));
        self.between(floor, floor * 2 - 1).min(high)
    }

    /// Shares out `total` over `weights`, with a jitter on every part; the parts add up.
    pub fn share_out(&mut self, total: i64, weights: &[u64]) -> Vec<i64> {
        let mut parts = vec![0; weights.len()];
        if total <= 0 || weights.is_empty() {
            return parts;
        }
        if total <= 40 {
            for _ in 0..total {
                parts[self.weighted(weights)] += 1;
            }
            return parts;
        }
        let jittered: Vec<u64> = weights.iter().map(|&w| w * (50 + self.below(101))).collect();
        let sum = jittered.iter().sum::<u64>().max(1);
        for (part, weight) in parts.iter_mut().zip(&jittered) {
            *part = (i128::from(total) * i128::from(*weight) / i128::from(sum)) as i64;
        }
        let rest = total - parts.iter().sum::<i64>();
        for _ in 0..rest {
            parts[self.weighted(weights)] += 1;
        }
        parts
    }
}

/// Spreads the bits of a number (the finalizer of SplitMix64).
fn mix(value: u64) -> u64 {
    let mut z = value.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_add_up() {
        let mut dice = Dice::new(1, 2);
        for total in [0, 1, 17, 40, 41, 1000, 123_456] {
            assert_eq!(dice.share_out(total, &[5, 0, 90, 1]).iter().sum::<i64>(), total);
        }
    }

    #[test]
    fn the_stream_is_fixed() {
        let mut dice = Dice::new(42, 7);
        let drawn: Vec<u64> = (0..4).map(|_| dice.below(1_000_000)).collect();
        let mut again = Dice::new(42, 7);
        assert_eq!(drawn, (0..4).map(|_| again.below(1_000_000)).collect::<Vec<_>>());
    }

    #[test]
    fn magnitudes_stay_inside() {
        let mut dice = Dice::new(3, 3);
        for _ in 0..1000 {
            assert!((20..=600).contains(&dice.magnitude(20, 600)));
        }
    }
}
