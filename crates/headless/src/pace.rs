//! How often the org may be read while its daily API calls run out.

use std::time::Duration;

use presence::time::Now;
use salesforce::ApiUsage;

/// From this share of the org's calls on there is little left for all of its programs.
const NEAR_PERCENT: u64 = 90;
/// Between two reads from then on: a third of the usual number without a console; with one, reads are rarer anyway.
const SPACING_MS: u64 = 60_000;

/// What is known of the org's quota and of the last read.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Pace {
    usage: Option<ApiUsage>,
    asked: Option<Now>,
}

impl Pace {
    /// How long a read that is wanted now has to wait; one that need not counts as asked.
    pub(crate) fn pause(&mut self, now: Now) -> Option<Duration> {
        let age_ms = self.asked.map_or(u64::MAX, |asked| now.since(asked));
        if self.used_percent().is_some() && age_ms < SPACING_MS {
            return Some(Duration::from_millis(SPACING_MS - age_ms));
        }
        self.asked = Some(now);
        None
    }

    /// An answer told the usage. `Some` where that is news: what share is used, in percent, or that all is well again.
    pub(crate) fn learn(&mut self, usage: Option<ApiUsage>) -> Option<News> {
        let before = self.used_percent();
        self.usage = usage.or(self.usage);
        match (before, self.used_percent()) {
            (None, None) => None,
            (Some(_), None) => Some(News::Enough),
            (before, Some(now)) => (before != Some(now)).then_some(News::Near(now)),
        }
    }

    /// The share that is used, in percent, while it is near the limit.
    pub(crate) fn used_percent(&self) -> Option<u64> {
        let ApiUsage { used, limit } = self.usage?;
        let percent = used.saturating_mul(100).checked_div(limit)?;
        (percent >= NEAR_PERCENT).then_some(percent)
    }
}

/// What a rep is to be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum News {
    /// There is enough again.
    Enough,
    /// This share is used, in percent.
    Near(u64),
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now(ms: u64) -> Now {
        Now {
            mono_ms: ms,
            wall_ms: 0,
        }
    }

    fn usage(used: u64, limit: u64) -> Option<ApiUsage> {
        Some(ApiUsage { used, limit })
    }

    #[test]
    fn reads_are_spaced_only_near_the_limit() {
        let mut pace = Pace::default();
        assert_eq!(pace.pause(now(0)), None);
        pace.learn(usage(89_999, 100_000));
        assert_eq!(pace.pause(now(1)), None);
        pace.learn(usage(90_000, 100_000));
        assert_eq!(pace.pause(now(20_001)), Some(Duration::from_secs(40)));
        // One that had to wait was not asked.
        assert_eq!(pace.pause(now(60_000)), Some(Duration::from_millis(1)));
        assert_eq!(pace.pause(now(60_001)), None);
        assert_eq!(pace.pause(now(60_002)), Some(Duration::from_millis(59_999)));
        pace.learn(usage(10, 100_000));
        assert_eq!(pace.pause(now(60_003)), None);
    }

    #[test]
    fn what_is_news_is_told_once() {
        let mut pace = Pace::default();
        assert_eq!(pace.learn(None), None);
        assert_eq!(pace.learn(usage(1, 100)), None);
        assert_eq!(pace.learn(usage(90, 100)), Some(News::Near(90)));
        assert_eq!(pace.learn(usage(90, 100)), None);
        assert_eq!(pace.learn(None), None, "an answer that doesn't tell");
        assert_eq!(pace.learn(usage(130, 100)), Some(News::Near(130)));
        assert_eq!(pace.learn(usage(5, 100)), Some(News::Enough));
        assert_eq!(pace.learn(usage(5, 0)), None, "no limit is no share");
    }
}
