//! Sets of small numbers as bits: union, intersection and membership without a search.

/// A set of numbers below `64 * BLOCKS`; larger ones are never in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct BitSet<const BLOCKS: usize>([u64; BLOCKS]);

impl<const BLOCKS: usize> Default for BitSet<BLOCKS> {
    fn default() -> Self {
        Self([0; BLOCKS])
    }
}

impl<const BLOCKS: usize> BitSet<BLOCKS> {
    /// None at all.
    pub(crate) const EMPTY: Self = Self([0; BLOCKS]);

    #[inline]
    pub(crate) fn insert(&mut self, number: u16) {
        if let Some(bits) = self.0.get_mut(usize::from(number) / 64) {
            *bits |= 1 << (number % 64);
        }
    }

    #[inline]
    pub(crate) fn extend(&mut self, other: &Self) {
        for (bits, more) in self.0.iter_mut().zip(&other.0) {
            *bits |= more;
        }
    }

    #[inline]
    pub(crate) fn contains(&self, number: u16) -> bool {
        self.0
            .get(usize::from(number) / 64)
            .is_some_and(|bits| bits & (1 << (number % 64)) != 0)
    }

    #[inline]
    pub(crate) fn intersects(&self, other: &Self) -> bool {
        // All blocks at once take less time than to stop at the first that says so.
        let both = self.0.iter().zip(&other.0).map(|(left, right)| left & right);
        both.fold(0, |all, both| all | both) != 0
    }

    #[inline]
    pub(crate) fn is_empty(&self) -> bool {
        self.0.iter().all(|bits| *bits == 0)
    }

    /// The numbers, smallest first.
    #[inline]
    pub(crate) fn iter(self) -> Bits<BLOCKS> {
        Bits { rest: self.0, block: 0 }
    }
}

/// The numbers of a set, in order.
pub(crate) struct Bits<const BLOCKS: usize> {
    /// The bits of those to come.
    rest: [u64; BLOCKS],
    block: u16,
}

impl<const BLOCKS: usize> Iterator for Bits<BLOCKS> {
    type Item = u16;

    #[inline]
    fn next(&mut self) -> Option<u16> {
        loop {
            let bits = self.rest.get_mut(usize::from(self.block))?;
            if *bits != 0 {
                let bit = u16::try_from(bits.trailing_zeros()).ok()?;
                *bits &= *bits - 1;
                return Some(self.block * 64 + bit);
            }
            self.block += 1;
        }
    }
}
