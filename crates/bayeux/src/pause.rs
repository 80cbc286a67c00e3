//! How long to wait after failures: longer each time, and not all clients alike.

/// Pauses that grow, with jitter from a seed.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Pauses {
    state: u64,
}

impl Pauses {
    pub(crate) fn new(seed: u64) -> Self {
        Self { state: seed }
    }

    /// The pause after this many failures in a row: between half of and the whole doubled one.
    pub(crate) fn after(&mut self, failures: u32, first_ms: u64, longest_ms: u64) -> u64 {
        let doubled = first_ms.saturating_mul(1 << failures.saturating_sub(1).min(20));
        self.about(doubled.min(longest_ms))
    }

    /// Between half of this and the whole.
    pub(crate) fn about(&mut self, ms: u64) -> u64 {
        let half = ms / 2;
        (ms - half) + self.next() % (half + 1)
    }

    /// SplitMix64.
    fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.state ^ (self.state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_up_to_the_longest_and_differ_by_seed() {
        let mut pauses = Pauses::new(7);
        for (failures, most) in [
            (0, 1_000),
            (1, 1_000),
            (2, 2_000),
            (4, 8_000),
            (9, 60_000),
            (u32::MAX, 60_000),
        ] {
            let pause = pauses.after(failures, 1_000, 60_000);
            assert!((most / 2..=most).contains(&pause), "{failures}: {pause}");
        }
        let of = |seed| Pauses::new(seed).after(5, 1_000, 60_000);
        assert_ne!(of(1), of(2));
        assert_eq!(of(1), of(1));
        assert_eq!(pauses.about(0), 0);
    }
}
