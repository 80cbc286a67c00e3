//! Keeps the page's window alive: starts it, starts it again when it has died, and lets it be while it may
//! carry the audio of a call.

/// A window that is up and has not come to Holdline within this long has a dead page, milliseconds.
pub const LINK_PATIENCE_MS: u64 = 20_000;

/// First pause between two starts, milliseconds; doubles each time.
const FIRST_PAUSE_MS: u64 = 1_000;

/// Longest pause between two starts, milliseconds.
const LONGEST_PAUSE_MS: u64 = 60_000;

/// A page that was linked for this long was a good one: the pauses begin anew, milliseconds.
const GOOD_MS: u64 = 60_000;

/// What can be seen of the window and its page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Facts {
    /// A rep is signed in who has such a phone.
    pub wanted: bool,
    /// The window's process is there.
    pub running: bool,
    /// Its page is connected to Holdline.
    pub linked: bool,
    /// A contact rings or is connected, as far as the page has told.
    pub on_contact: bool,
    /// The org itself says that no call goes on.
    pub no_call: bool,
}

/// What to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Nothing, and no need to look before this much time has passed, milliseconds; `None`: before something
    /// changes.
    Wait(Option<u64>),
    /// Start the window.
    Start,
    /// End the window, whose page is dead; a later look starts it anew.
    End,
}

/// Remembers what has been tried. Times are milliseconds of one clock that only goes forward.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Keeper {
    carries_audio: bool,
    starts: u32,
    started_ms: Option<u64>,
    linked_since_ms: Option<u64>,
    unlinked_since_ms: Option<u64>,
    on_contact: bool,
}

impl Keeper {
    /// `carries_audio`: the page is the softphone, too.
    pub fn new(carries_audio: bool) -> Self {
        Self {
            carries_audio,
            starts: 0,
            started_ms: None,
            linked_since_ms: None,
            unlinked_since_ms: None,
            on_contact: false,
        }
    }

    /// Looks, and says what is to be done now. [`Step::Start`] and [`Step::End`] count as done.
    pub fn look(&mut self, now_ms: u64, facts: Facts) -> Step {
        if facts.linked {
            let since = *self.linked_since_ms.get_or_insert(now_ms);
            self.unlinked_since_ms = None;
            self.on_contact = facts.on_contact;
            if now_ms.saturating_sub(since) >= GOOD_MS {
                self.starts = 0;
            }
        } else {
            self.linked_since_ms = None;
        }
        match (facts.wanted, facts.running) {
            (false, true) => Step::End,
            (false, false) => Step::Wait(None),
            (true, false) => self.start(now_ms),
            (true, true) if facts.linked => Step::Wait(None),
            (true, true) => self.unlinked(now_ms, facts),
        }
    }

    fn start(&mut self, now_ms: u64) -> Step {
        // A process that is gone carries nothing any more.
        self.on_contact = false;
        self.unlinked_since_ms = None;
        if let Some(started) = self.started_ms {
            let doubled = FIRST_PAUSE_MS.saturating_mul(1 << self.starts.saturating_sub(1).min(16));
            let due = started.saturating_add(doubled.min(LONGEST_PAUSE_MS));
            if now_ms < due {
                return Step::Wait(Some(due - now_ms));
            }
        }
        self.starts = self.starts.saturating_add(1);
        self.started_ms = Some(now_ms);
        Step::Start
    }

    fn unlinked(&mut self, now_ms: u64, facts: Facts) -> Step {
        let since = *self.unlinked_since_ms.get_or_insert(now_ms);
        if self.carries_audio && self.on_contact && !facts.no_call {
            return Step::Wait(None);
        }
        let due = since.saturating_add(LINK_PATIENCE_MS);
        if now_ms < due {
            return Step::Wait(Some(due - now_ms));
        }
        self.unlinked_since_ms = None;
        Step::End
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINKED: Facts = Facts {
        wanted: true,
        running: true,
        linked: true,
        on_contact: false,
        no_call: false,
    };
    const UNLINKED: Facts = Facts {
        linked: false,
        ..LINKED
    };
    const GONE: Facts = Facts {
        running: false,
        ..UNLINKED
    };

    #[test]
    fn a_dead_window_is_started_again_with_longer_and_longer_pauses() {
        let mut keeper = Keeper::new(false);
        assert_eq!(keeper.look(0, GONE), Step::Start);
        assert_eq!(keeper.look(10, GONE), Step::Wait(Some(990)));
        assert_eq!(keeper.look(1_000, GONE), Step::Start);
        assert_eq!(keeper.look(1_000, GONE), Step::Wait(Some(2_000)));
        assert_eq!(keeper.look(3_000, GONE), Step::Start);
        assert_eq!(keeper.look(4_000, LINKED), Step::Wait(None));
        assert_eq!(keeper.look(64_000, LINKED), Step::Wait(None), "a good one");
        assert_eq!(keeper.look(64_001, GONE), Step::Start);
        assert_eq!(keeper.look(64_002, GONE), Step::Wait(Some(999)));
    }

    #[test]
    fn a_page_that_never_comes_back_takes_its_window_with_it() {
        let mut keeper = Keeper::new(false);
        assert_eq!(keeper.look(0, GONE), Step::Start);
        assert_eq!(keeper.look(5, LINKED), Step::Wait(None));
        assert_eq!(keeper.look(10, UNLINKED), Step::Wait(Some(LINK_PATIENCE_MS)));
        assert_eq!(keeper.look(10 + LINK_PATIENCE_MS, UNLINKED), Step::End);
        assert_eq!(keeper.look(11 + LINK_PATIENCE_MS, GONE), Step::Start);
    }

    #[test]
    fn a_page_that_may_carry_a_call_is_let_be() {
        let on_contact = Facts {
            on_contact: true,
            ..LINKED
        };
        let mut softphone = Keeper::new(true);
        softphone.look(0, on_contact);
        assert_eq!(softphone.look(10, UNLINKED), Step::Wait(None));
        assert_eq!(
            softphone.look(10 + 10 * LINK_PATIENCE_MS, UNLINKED),
            Step::Wait(None)
        );
        let over = Facts {
            no_call: true,
            ..UNLINKED
        };
        assert_eq!(softphone.look(10 + 10 * LINK_PATIENCE_MS, over), Step::End);

        let mut state_only = Keeper::new(false);
        state_only.look(0, on_contact);
        state_only.look(10, UNLINKED);
        assert_eq!(state_only.look(10 + LINK_PATIENCE_MS, UNLINKED), Step::End);
    }

    #[test]
    fn a_window_whose_process_is_gone_is_started_even_during_a_call() {
        let mut keeper = Keeper::new(true);
        let on_contact = Facts {
            on_contact: true,
            ..LINKED
        };
        keeper.look(0, on_contact);
        assert_eq!(keeper.look(10, GONE), Step::Start);
    }

    #[test]
    fn nobody_signed_in_needs_no_window() {
        let mut keeper = Keeper::new(false);
        let unwanted = Facts {
            wanted: false,
            ..LINKED
        };
        assert_eq!(keeper.look(0, unwanted), Step::End);
        let none = Facts {
            running: false,
            ..unwanted
        };
        assert_eq!(keeper.look(1, none), Step::Wait(None));
    }
}
