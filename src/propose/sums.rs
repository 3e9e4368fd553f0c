//! Sums by number of which few are above zero, cleared by each use.

use std::ops::{AddAssign, Mul};

/// Sums of `f32` or `f64` by number.
pub(super) struct Sums<F> {
    of: Vec<F>,
    /// Which of them are above zero, as they were met; then what is left of earlier use.
    seen: Vec<u32>,
    n_seen: usize,
}

/// A number of which it can be told whether it is zero without a branch for what is no number.
pub(super) trait Number: Copy + Default + AddAssign + Mul<Output = Self> {
    /// Whether it is zero; it is not below.
    fn is_zero(self) -> bool;
}

impl Number for f32 {
    fn is_zero(self) -> bool {
        self.to_bits() == 0
    }
}

impl Number for f64 {
    fn is_zero(self) -> bool {
        self.to_bits() == 0
    }
}

impl<F: Number> Sums<F> {
    /// Sums for `n` numbers, all zero.
    pub(super) fn new(n: usize) -> Self {
        Self { of: vec![F::default(); n], seen: Vec::new(), n_seen: 0 }
    }
    /// Adds `factor` times each part.
    pub(super) fn add(&mut self, parts: &[(u32, F)], factor: F) {
        let room = self.n_seen + parts.len();
        if self.seen.len() < room {
            self.seen.resize(room * 2, 0);
        }
        // Whether a number is new cannot be foretold, so that a branch would cost more than a write.
        let seen = &mut self.seen[self.n_seen..][..parts.len()];
        let mut n_new = 0;
        for &(at, part) in parts {
            let slot = &mut self.of[at as usize];
            seen[n_new] = at;
            n_new += usize::from(slot.is_zero());
            *slot += part * factor;
        }
        self.n_seen += n_new;
    }
    /// Takes the sums out, as they were met. One that was lost in rounding and met again is there twice, and
    /// zero the second time.
    pub(super) fn drain(&mut self) -> impl ExactSizeIterator<Item = (u32, F)> {
        let Self { of, seen, n_seen } = self;
        seen[..std::mem::take(n_seen)].iter().map(|&at| (at, std::mem::take(&mut of[at as usize])))
    }
}
