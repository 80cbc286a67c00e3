//! Chance: PCG64 (XSL-RR 128/64, O'Neill 2014), whose stream is fixed by its definition, and integers only, so
//! that a seed means the same shift on every machine.

use rand_pcg::Pcg64;
use rand_pcg::rand_core::Rng as _;

/// The one source of chance of a shift.
#[derive(Clone, Debug)]
pub(crate) struct Dice(Pcg64);

impl Dice {
    /// Another `stream` of the same seed is independent of the first.
    pub(crate) fn new(seed: u64, stream: u64) -> Self {
        let mut pcg = Pcg64::new(u128::from(seed), u128::from(stream));
        // Neighbouring seeds begin alike; a few steps tell them apart.
        for _ in 0..8 {
            pcg.next_u64();
        }
        Self(pcg)
    }

    /// 0 to `n` - 1; 0 for 0.
    pub(crate) fn below(&mut self, n: u64) -> u64 {
        let wide = u128::from(self.0.next_u64()) * u128::from(n);
        u64::try_from(wide >> 64).unwrap_or(0)
    }

    /// `from` to `to`, both included.
    pub(crate) fn between(&mut self, from: u64, to: u64) -> u64 {
        from + self.below(to - from + 1)
    }

    /// True in `per_mille` of 1,000 cases.
    pub(crate) fn chance(&mut self, per_mille: u64) -> bool {
        self.below(1_000) < per_mille
    }

    /// A length of time around `mean`, now and then a long one.
    pub(crate) fn around(&mut self, mean: u64) -> u64 {
        let spread = self.between(mean / 4, mean + mean / 4);
        if self.chance(150) { spread * 3 } else { spread }
    }

    /// One of them.
    pub(crate) fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        let at = usize::try_from(self.below(from.len() as u64)).unwrap_or(0);
        from[at]
    }
}
