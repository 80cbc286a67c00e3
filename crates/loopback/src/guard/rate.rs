//! How often something may be tried.

use std::collections::VecDeque;
use std::time::Duration;

use tokio::time::Instant;

/// At most so many times within any such span.
#[derive(Debug)]
pub(crate) struct Rate {
    most: usize,
    span: Duration,
    times: VecDeque<Instant>,
}

impl Rate {
    pub(crate) fn new(most: usize, span: Duration) -> Self {
        Self {
            most,
            span,
            times: VecDeque::new(),
        }
    }

    /// Counts one attempt, if it may be made. Those that may not are not counted.
    pub(crate) fn admit(&mut self, now: Instant) -> bool {
        while self
            .times
            .front()
            .is_some_and(|first| now.duration_since(*first) >= self.span)
        {
            self.times.pop_front();
        }
        let admitted = self.times.len() < self.most;
        if admitted {
            self.times.push_back(now);
        }
        admitted
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_span_slides() {
        let start = Instant::now();
        let second = Duration::from_secs(1);
        let mut rate = Rate::new(2, 10 * second);
        assert!(rate.admit(start) && rate.admit(start + 4 * second));
        assert!(!rate.admit(start + 9 * second));
        assert!(rate.admit(start + 10 * second));
        assert!(!rate.admit(start + 13 * second));
        assert!(rate.admit(start + 14 * second));
    }
}
