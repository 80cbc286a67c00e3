//! One subscription: where it stands in the stream, and what it has had.

use std::collections::VecDeque;

use crate::outgoing::without_filter;

/// From where on messages are wanted (Streaming API, "Message Durability").
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Replay {
    /// After this position (-1 and -2 mean what they mean to the server).
    After(i64),
    /// All that the server still has, and then the new ones.
    All,
    /// The new ones.
    New,
    /// The new ones, without the replay extension.
    Off,
}

impl Replay {
    pub(crate) fn position(self) -> Option<i64> {
        match self {
            Self::After(position) => Some(position),
            Self::All => Some(-2),
            Self::New => Some(-1),
            Self::Off => None,
        }
    }
}

/// How many positions are remembered, so that what comes again is known. A server repeats what one answer or one
/// replay held.
const REMEMBERED: usize = 4096;

#[derive(Clone, Debug)]
pub(crate) struct Subscription {
    /// As it was asked for, with its filter.
    pub(crate) channel: String,
    pub(crate) progress: Progress,
    wanted: Replay,
    /// From where it was asked for last.
    asked: Replay,
    /// Everything up to here has been delivered, and no request is under way that could bring something older.
    settled: Option<i64>,
    /// The newest position that this session has brought, be it again.
    newest: Option<i64>,
    /// Positions that were delivered, in order.
    had: VecDeque<i64>,
    /// What is not above this counts as delivered.
    floor: Option<i64>,
    /// It was subscribed before, in a session that has ended.
    was_subscribed: bool,
    /// Something may be missing once it is subscribed again.
    has_gap: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Progress {
    Asked,
    Done,
    Wanted,
}

impl Subscription {
    pub(crate) fn new(channel: String, wanted: Replay) -> Self {
        Self {
            channel,
            progress: Progress::Wanted,
            wanted,
            asked: wanted,
            settled: None,
            newest: None,
            had: VecDeque::new(),
            floor: match wanted {
                Replay::After(position) if position >= 0 => Some(position),
                _ => None,
            },
            was_subscribed: false,
            has_gap: false,
        }
    }

    /// It is asked for now: from where.
    pub(crate) fn ask(&mut self) -> Replay {
        self.progress = Progress::Asked;
        self.asked = match (self.wanted, self.settled) {
            (Replay::Off, _) => Replay::Off,
            (_, Some(settled)) => Replay::After(settled),
            (wanted, None) => wanted,
        };
        self.asked
    }

    /// The session has ended.
    pub(crate) fn left(&mut self) {
        self.progress = Progress::Wanted;
        // What it brought last may have overtaken what got lost.
        self.newest = None;
    }

    /// The server, which replays or does not, has taken it. Says whether something may have been missed.
    pub(crate) fn taken(&mut self, replays: bool) -> bool {
        let continued = match self.asked {
            Replay::After(_) => replays,
            // Without a position nobody knows what the time in between has brought, or made the server forget.
            Replay::All | Replay::New | Replay::Off => !self.was_subscribed,
        };
        self.progress = Progress::Done;
        self.was_subscribed = true;
        !continued || std::mem::take(&mut self.has_gap)
    }

    /// The server does not have the position any more. False where none was asked for.
    pub(crate) fn position_gone(&mut self) -> bool {
        if !matches!(self.asked, Replay::After(_)) {
            return false;
        }
        self.progress = Progress::Wanted;
        self.wanted = Replay::New;
        (self.settled, self.newest) = (None, None);
        // Positions of a stream that began anew may be anything.
        self.had.clear();
        self.floor = None;
        self.has_gap = true;
        true
    }

    /// Whether a message is of this subscription. Servers name its channel with or without the filter; `*` stands
    /// for one segment, `**` for several (Bayeux 1.0, "Channel Globbing").
    pub(crate) fn matches(&self, channel: &str) -> bool {
        let own = self.channel.as_str();
        if own == channel || without_filter(own) == without_filter(channel) {
            return true;
        }
        if let Some(prefix) = own.strip_suffix("**") {
            return channel.starts_with(prefix);
        }
        own.strip_suffix('*').is_some_and(|prefix| {
            channel
                .strip_prefix(prefix)
                .is_some_and(|rest| !rest.contains('/'))
        })
    }

    /// A message at this position is to be delivered, unless it was before.
    pub(crate) fn is_new(&mut self, position: i64) -> bool {
        self.newest = self.newest.max(Some(position));
        if self.floor.is_some_and(|floor| position <= floor) {
            return false;
        }
        match self.had.back() {
            Some(newest) if position <= *newest => match self.had.binary_search(&position) {
                Ok(_) => return false,
                Err(place) => self.had.insert(place, position),
            },
            _ => self.had.push_back(position),
        }
        if self.had.len() > REMEMBERED {
            self.floor = self.had.pop_front();
        }
        true
    }

    /// Nothing is under way that could bring something older than what was delivered.
    pub(crate) fn settle(&mut self) {
        self.settled = self.settled.max(self.newest);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn late_ones_count_and_repeated_ones_do_not() {
        let mut usp = Subscription::new("/topic/Usp?UserId=005".to_owned(), Replay::After(10));
        let new: Vec<bool> = [10, 12, 15, 13, 12, 15, 9].map(|at| usp.is_new(at)).into();
        assert_eq!(new, [false, true, true, true, false, false, false]);
        assert_eq!(usp.ask(), Replay::After(10), "nothing is settled yet");
        usp.settle();
        assert_eq!(usp.ask(), Replay::After(15));
    }

    #[test]
    fn memory_is_bounded_and_forgets_the_oldest() {
        let mut usp = Subscription::new("/topic/Usp".to_owned(), Replay::New);
        let most = i64::try_from(REMEMBERED).unwrap();
        assert!((0..2 * most).all(|at| usp.is_new(at)));
        assert!((0..2 * most).all(|at| !usp.is_new(at)));
        assert_eq!(usp.had.len(), REMEMBERED);
    }

    #[test]
    fn channels_match_with_and_without_filter_and_by_pattern() {
        let matches =
            |own: &str, channel: &str| Subscription::new(own.to_owned(), Replay::Off).matches(channel);
        assert!(matches("/topic/Usp?UserId=005", "/topic/Usp"));
        assert!(matches("/topic/Usp?UserId=005", "/topic/Usp?UserId=005"));
        assert!(!matches("/topic/Usp", "/topic/UspX"));
        assert!(matches("/a/*", "/a/b") && !matches("/a/*", "/a/b/c") && matches("/a/**", "/a/b/c"));
    }

    #[test]
    fn what_could_be_missing_is_said() {
        let mut new = Subscription::new("/a".to_owned(), Replay::New);
        new.ask();
        assert!(!new.taken(true), "the first time there is nothing to miss");
        new.left();
        new.ask();
        assert!(
            new.taken(true),
            "nothing was delivered, so there is no position to go on from"
        );
        assert!(new.is_new(4));
        new.settle();
        new.left();
        new.ask();
        assert!(!new.taken(true));
        new.left();
        new.ask();
        assert!(new.taken(false), "the server does not know the position");
        new.left();
        new.ask();
        assert!(new.position_gone());
        assert_eq!(new.ask(), Replay::New);
        assert!(new.taken(true));
        assert!(!new.position_gone(), "there is none");
    }
}
