//! The decision state: everything a decision depends on, and nothing else.

use std::collections::BTreeMap;

use crate::effect::HoldReason;
use crate::event::{CommandId, ConsoleId, Origin, Pairing, Target, Ticket, WorkStage};
use crate::ids::{OrgId, StatusId, UserId, WorkId, WorkItemId};
use crate::phone::{AgentState, PhoneState};
use crate::picture::CallPhase;
use crate::problem::ProblemCode;
use crate::time::Now;

/// Terminal works remembered, so that late messages cannot resurrect them.
pub(crate) const ENDED_KEPT: usize = 32;

/// See the module's documentation. Small, comparable and hashable, so that it can be model-checked.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct State {
    pub(crate) session: Session,
    pub(crate) console: Option<Console>,
    pub(crate) reading: Reading,
    pub(crate) works: Vec<Work>,
    pub(crate) ended: Vec<WorkId>,
    pub(crate) call: Call,
    pub(crate) presence: Presence,
    pub(crate) last_online: Option<StatusId>,
    pub(crate) declined: Option<Now>,
    pub(crate) phone: Option<Phone>,
    pub(crate) phone_want: Option<PhoneWant>,
    pub(crate) intent: Option<Intent>,
    pub(crate) candidate: Option<Candidate>,
    pub(crate) echoes: Vec<Echo>,
    pub(crate) problems: BTreeMap<ProblemCode, String>,
    pub(crate) pairings: Vec<Pairing>,
    pub(crate) last_command: u64,
}

/// Who is signed in.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Session {
    SignedOut,
    SigningIn,
    SignedIn {
        org: OrgId,
        user: UserId,
        name: String,
        org_url: String,
        since: Now,
    },
}

/// The leading console partner.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Console {
    pub(crate) id: ConsoleId,
    /// Its last sign of life.
    pub(crate) heard: Now,
    /// When the last complete snapshot was asked for; `None` until the first of this connection.
    pub(crate) snapshot: Option<Now>,
    /// The snapshot under way.
    pub(crate) asking: Option<(CommandId, Now)>,
}

/// What REST has said.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct Reading {
    /// When the last complete answer was asked for.
    pub(crate) answered: Option<Now>,
    /// The read under way.
    pub(crate) asked: Option<Now>,
    /// Not before.
    pub(crate) next: Option<Now>,
}

/// A voice AgentWork that is not over.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Work {
    pub(crate) id: WorkId,
    pub(crate) item: WorkItemId,
    pub(crate) stage: WorkStage,
    pub(crate) stage_ms: i64,
    pub(crate) conversation_ended: bool,
    pub(crate) vendor_call_key: Option<String>,
    /// The newest evidence of it.
    pub(crate) seen: Now,
}

/// The call phase and its times.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Call {
    pub(crate) phase: CallPhase,
    pub(crate) since_ms: i64,
    pub(crate) evidence_ms: Option<i64>,
    /// When the last voice work ended, for the armed partner's grace.
    pub(crate) ended: Option<Now>,
}

/// Omni-Channel presence as last observed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Presence {
    pub(crate) value: PresenceValue,
    pub(crate) since_ms: i64,
    /// The newest evidence of it.
    pub(crate) seen: Option<Now>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum PresenceValue {
    LoggedOut,
    Status(StatusId),
    Unknown,
}

/// The joined phone.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Phone {
    pub(crate) name: String,
    pub(crate) enqueues: bool,
    pub(crate) states: Vec<AgentState>,
    /// `None` until its first report.
    pub(crate) report: Option<PhoneState>,
}

/// The state wanted of the phone and not yet confirmed.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct PhoneWant {
    pub(crate) state: AgentState,
    pub(crate) attempts: u32,
    /// Sent and not confirmed.
    pub(crate) sent: Option<(CommandId, Now)>,
    /// Not to be sent before.
    pub(crate) retry: Option<Now>,
}

/// The one request that stands (DESIGN P3: last intent wins).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Intent {
    pub(crate) target: Target,
    pub(crate) origin: Origin,
    pub(crate) since_ms: i64,
    pub(crate) stage: Stage,
    /// It has been held at some time: its end is worth a notification.
    pub(crate) was_held: bool,
    /// Voice works open while it was held.
    pub(crate) works: Vec<WorkId>,
    /// Restored from disk and not yet compared with what the org says.
    pub(crate) restored: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Stage {
    /// Being written and confirmed.
    Applying {
        attempts: u32,
        /// Sent and not confirmed.
        sent: Option<(CommandId, Now)>,
        /// Not to be sent before.
        retry: Option<Now>,
    },
    /// Waiting for the call to end.
    Held {
        reason: HoldReason,
        /// The partner that logs out by itself at the last WorkClosed.
        armed: Option<(CommandId, Now)>,
        /// After a failed arming, not again before.
        rearm: Option<Now>,
    },
}

/// A change of the intent that waits for the disk.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Candidate {
    /// The new intent; `None`: cancelled.
    pub(crate) intent: Option<Intent>,
    /// What it replaces, in case the disk refuses.
    pub(crate) previous: Option<Intent>,
    pub(crate) ticket: Option<Ticket>,
    /// The revision that carries it; 0 until it is asked for.
    pub(crate) revision: u64,
}

/// A write of ours whose effect has not been seen yet: when it comes, it is no wish of anybody's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Echo {
    pub(crate) target: Target,
    pub(crate) until: Now,
}

impl State {
    pub(crate) fn new(now: Now) -> Self {
        Self {
            session: Session::SignedOut,
            console: None,
            reading: Reading::default(),
            works: Vec::new(),
            ended: Vec::new(),
            call: Call {
                phase: CallPhase::Unknown,
                since_ms: now.wall_ms,
                evidence_ms: None,
                ended: None,
            },
            presence: Presence {
                value: PresenceValue::Unknown,
                since_ms: now.wall_ms,
                seen: None,
            },
            last_online: None,
            declined: None,
            phone: None,
            phone_want: None,
            intent: None,
            candidate: None,
            echoes: Vec::new(),
            problems: BTreeMap::new(),
            pairings: Vec::new(),
            last_command: 0,
        }
    }

    pub(crate) fn signed_in(&self) -> bool {
        matches!(self.session, Session::SignedIn { .. })
    }
}

impl Phone {
    pub(crate) fn has_live_contact(&self) -> bool {
        self.report
            .as_ref()
            .is_some_and(|report| report.contacts.iter().any(|c| c.phase.is_live()))
    }

    pub(crate) fn has_contact(&self) -> bool {
        self.report
            .as_ref()
            .is_some_and(|report| !report.contacts.is_empty())
    }
}
