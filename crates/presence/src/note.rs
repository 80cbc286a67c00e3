//! Why the engine did what it did: read by the trace, never by a decision (DESIGN P8).

use serde::{Deserialize, Serialize};

use crate::effect::HoldReason;
use crate::event::{CommandId, Origin, Target};
use crate::ids::WorkId;
use crate::picture::CallPhase;
use crate::problem::ProblemCode;
use crate::rules::{Destination, RuleEvent};

/// Where evidence comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// An event of the console.
    Console,
    /// A snapshot of the console.
    ConsoleSnapshot,
    /// The disk, from an earlier run.
    Disk,
    /// The phone.
    Phone,
    /// The rep at Holdline.
    Rep,
    /// A REST answer.
    Rest,
    /// A streaming message.
    Stream,
    /// Nothing but time: something has grown too old.
    Time,
}

/// Whose doing a change of presence was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Doer {
    /// A write of ours.
    Holdline,
    /// Omni-Channel itself, after a declined or missed call (seed 004).
    OmniChannel,
    /// Not known: the first sight of it.
    FirstSeen,
    /// The rep or somebody else in Salesforce; for a logout perhaps with a reason (`Event::OmniLogout`).
    Salesforce,
}

/// What became of a rule that matched.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RuleOutcome {
    /// The destination is in that state already.
    AlreadySo,
    /// The guard refuses it (policy `block`).
    Blocked,
    /// The breaker is open.
    BreakerOpen,
    /// It writes.
    Fired,
    /// Rules never log a rep in.
    LoggedOut,
    /// The destination has no such state.
    NoSuchState,
    /// The profile or the settings keep rules from writing to this side.
    NotOurs,
    /// The rep's own request stands.
    RepHasSpoken,
    /// It would write, but Holdline only observes.
    WouldFire,
}

/// One step of an explanation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "note", rename_all = "snake_case")]
pub enum Note {
    /// The breaker opened (too many automatic writes) or closed.
    Breaker {
        /// Sync is paused.
        open: bool,
    },
    /// A write was seen to be so.
    Confirmed {
        /// Which side.
        side: Destination,
        /// What.
        state: String,
        /// Since it was sent (an armed logout: since the last voice work was closed), milliseconds.
        after_ms: u64,
    },
    /// The guard decided about a request.
    Guarded {
        /// Whose request.
        origin: Origin,
        /// For what.
        target: Target,
        /// The phase then.
        phase: CallPhase,
        /// Why it is held or refused; `None`: it was let through.
        reason: Option<HoldReason>,
        /// Refused instead of held, or only would have been (`mode = observe`).
        how: Guarding,
    },
    /// A hold is over.
    HoldEnded {
        /// What was held.
        target: Target,
        /// How.
        how: HoldEnd,
    },
    /// Evidence was left out of account.
    Ignored {
        /// Whose.
        source: Source,
        /// Why.
        why: Staleness,
    },
    /// The call phase changed.
    Phase {
        /// Before.
        from: CallPhase,
        /// Now.
        to: CallPhase,
        /// By what.
        source: Source,
        /// The work that makes it.
        work: Option<WorkId>,
    },
    /// Presence changed.
    Presence {
        /// Before; `None`: not known.
        from: Option<Target>,
        /// Now.
        to: Target,
        /// Whose doing.
        by: Doer,
        /// By what it was seen.
        source: Source,
    },
    /// A problem is there, or is no more.
    Problem {
        /// Which.
        code: ProblemCode,
        /// It is there.
        raised: bool,
    },
    /// A rule matched.
    Rule {
        /// Its name; "by name" for the built-in one.
        rule: String,
        /// At what.
        event: RuleEvent,
        /// Which side it writes.
        destination: Destination,
        /// The state it asks for.
        state: String,
        /// What became of it.
        outcome: RuleOutcome,
    },
    /// A write went out.
    Sent {
        /// Which side.
        side: Destination,
        /// What.
        state: String,
        /// The command.
        command: CommandId,
        /// 1 for the first try.
        attempt: u32,
        /// For the phone: with enqueueNextState.
        enqueue: bool,
    },
}

/// What the guard did with a reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Guarding {
    /// Nothing: let through.
    LetThrough,
    /// Held.
    Held,
    /// Refused (policy `block`, or it cannot wait).
    Refused,
    /// Would have been held or refused (`mode = observe`).
    WouldHold,
}

/// How a hold ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HoldEnd {
    /// Presence is as wished.
    Applied,
    /// By the rep.
    Cancelled,
    /// New login, or its calls ended long ago.
    Lapsed,
    /// By a newer wish.
    Replaced,
}

/// Why evidence was left out of account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Staleness {
    /// A newer version of the row is known (SystemModstamp).
    OlderVersion,
    /// A newer answer has been taken in.
    OlderAnswer,
    /// Too old to be true: the contact of a phone that has left.
    TooOld,
    /// The work is over; terminal states are absorbing.
    WorkIsOver,
}
