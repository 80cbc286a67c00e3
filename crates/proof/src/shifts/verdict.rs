//! Which promises were kept, as far as it can be seen from outside.

use std::collections::{BTreeMap, BTreeSet};

use presence::effect::{Answer, RefusalReason};
use presence::event::{CommandId, Event, Target, Ticket};
use presence::picture::Picture;
use presence::saved::Saved;

use super::omni::By;
use super::oracle::Oracle;

/// A promise of docs/architecture.md that was not kept.
#[derive(Clone, Debug)]
pub struct Broken {
    /// P1 to P9.
    pub promise: &'static str,
    /// Milliseconds since the shift began.
    pub at_ms: u64,
    /// In words.
    pub what: String,
}

#[derive(Debug, Default)]
pub(crate) struct Verdict {
    pub(crate) broken: Vec<Broken>,
    /// Calls that Holdline has dropped, and those that somebody else has.
    pub(crate) dropped: u64,
    pub(crate) dropped_by_others: u64,
    /// Logouts that crossed a call of which nobody could have told Holdline in time: told apart, see the README.
    pub(crate) crossed: u64,
    /// Holds that were acknowledged, and logouts carried out.
    pub(crate) holds: u64,
    pub(crate) logouts: u64,
    pub(crate) oracle: Oracle,
    /// Requesters without an answer, and what they asked.
    pub(crate) open: BTreeMap<Ticket, Event>,
    /// The acknowledged hold that nothing has become of yet.
    pub(crate) standing: Option<Target>,
    /// A request was refused after it may have been written to disk.
    pub(crate) overtaken: bool,
    /// Counts the wishes to be Offline, and says for which one a command was made.
    pub(crate) wish: u64,
    pub(crate) wish_of: BTreeMap<CommandId, u64>,
    pub(crate) applied: BTreeSet<u64>,
    /// Commands of this run taken back by the engine; the page saw a call at its last look.
    pub(crate) withdrawn: BTreeSet<CommandId>,
    pub(crate) saw_call: BTreeSet<CommandId>,
    pub(crate) next_by: Option<By>,
    /// When somebody last asked Holdline for something.
    pub(crate) asked: u64,
    /// Writes that changed presence and phone, less what happened that was not Holdline's doing.
    pub(crate) writes: (i32, i32),
    /// The phone's changes that Holdline has made, and all that they may follow: changes of presence, of the
    /// phone by others, and of its connection.
    pub(crate) phone_writes: u64,
    pub(crate) phone_causes: u64,
    pub(crate) picture: Option<Picture>,
}

impl Verdict {
    pub(crate) fn next_is_by(&mut self, by: Option<By>) {
        self.next_by = by;
    }

    pub(crate) fn presence_changed(&mut self, by: By) {
        self.phone_causes += 1;
        match by {
            By::Holdline(_) => self.writes.0 += 1,
            _ => self.something_else_happened(),
        }
    }

    pub(crate) fn phone_set(&mut self, by: By, changed: bool) {
        match by {
            // A logout's command does it by the backend's coupling.
            By::Holdline(command) if !self.wish_of.contains_key(&command) => {
                self.writes.1 += i32::from(changed);
                self.phone_writes += u64::from(changed);
            }
            _ => {
                self.phone_causes += 1;
                self.something_else_happened();
            }
        }
    }

    pub(crate) fn something_else_happened(&mut self) {
        // News may come several at once, their writes later.
        let less = |writes: i32| (writes - 1).max(-3);
        self.writes = (less(self.writes.0), less(self.writes.1));
    }

    /// The phone comes back by itself, perhaps to another state than presence's.
    pub(crate) fn contact_ended(&mut self) {
        self.phone_causes += 1;
        self.something_else_happened();
    }

    pub(crate) fn rep_chose_at_phone(&mut self) {
        self.wish += 1;
    }

    pub(crate) fn written(&mut self, all: bool) {
        self.overtaken &= !all;
    }

    pub(crate) fn page_saw_call(&mut self, command: CommandId) {
        self.saw_call.insert(command);
    }

    pub(crate) fn died(&mut self) {
        self.picture = None;
        self.oracle = Oracle::default();
    }

    /// A new run goes on from the disk.
    pub(crate) fn started(&mut self, stored: &Saved) {
        let intent = stored.intent.as_ref().map(|intent| intent.target);
        if !self.open.is_empty() || self.overtaken {
            // Nobody was told which of the two it is.
            self.standing = intent.filter(|target| *target != Target::Quit);
            self.wish += 1;
        }
        // What is written from now on without a wish on disk has a cause of its own.
        self.wish += u64::from(intent.is_none());
        // Quitting ended with the process that was asked to quit.
        self.standing
            .take_if(|standing| matches!(standing, Target::Quit | Target::Restart));
        self.open.clear();
        self.overtaken = false;
        self.withdrawn.clear();
        self.something_else_happened();
    }

    pub(crate) fn answered(&mut self, asked: &Event, answer: Answer) {
        let target = match asked {
            Event::Request { target, .. } => Some(*target),
            _ => None,
        };
        match answer {
            Answer::Refused(why) => {
                self.overtaken |= matches!(why, RefusalReason::Replaced | RefusalReason::NotSaved);
            }
            Answer::Nothing => {}
            Answer::Applying => {
                self.standing = None;
                self.wish += 1;
            }
            Answer::Held(_) => {
                self.holds += 1;
                self.standing = target;
                self.wish += 1;
            }
            Answer::Cancelled => {
                self.standing = None;
                self.wish += 1;
            }
        }
    }
}
