//! The decision state: everything a decision depends on, and nothing else.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::effect::HoldReason;
use crate::event::{CommandId, ConsoleId, Origin, Pairing, Target, Ticket, WorkStage, Workload};
use crate::ids::{OrgId, RecordId, StatusId, UserId, WorkId, WorkItemId};
use crate::phone::{AgentState, Contact, ContactPhase, PhoneState};
use crate::picture::CallPhase;
use crate::problem::ProblemCode;
use crate::rules::RuleEvent;
use crate::saved::SavedSession;
use crate::settings::Profile;
use crate::time::Now;

/// Terminal works remembered, so that late messages cannot resurrect them.
pub(crate) const ENDED_KEPT: usize = 32;

/// See the module's documentation. Small, comparable and hashable, so that it can be model-checked.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct State {
    pub(crate) session: Session,
    /// Whom an earlier run had signed in; forgotten at a sign-out, not at a sign-in that fails.
    pub(crate) resumable: Option<Box<SavedSession>>,
    pub(crate) console: Option<Console>,
    /// When the last console left.
    pub(crate) console_lost: Option<Now>,
    pub(crate) reading: Reading,
    pub(crate) works: Vec<Work>,
    pub(crate) org: Box<Org>,
    pub(crate) call: Call,
    pub(crate) presence: Presence,
    pub(crate) last_online: Option<StatusId>,
    /// The last decline or push time-out, until the presence change that follows it.
    pub(crate) missed: Option<Now>,
    pub(crate) phone: Option<Box<Phone>>,
    /// The contact a phone had when it left, until it reports again or too long ago to be true.
    pub(crate) kept_contact: Option<(ContactPhase, Now)>,
    pub(crate) phone_want: Option<Box<PhoneWant>>,
    /// States asked of the phone and not yet seen: when one shows, it is nobody's choice.
    pub(crate) phone_echoes: Vec<(String, Now)>,
    pub(crate) sync: Box<Sync>,
    pub(crate) intent: Option<Box<Intent>>,
    pub(crate) candidate: Option<Box<Candidate>>,
    /// The Busy status in the place of a held Offline.
    pub(crate) held_as: Option<Box<HeldAs>>,
    /// A work that is being closed.
    pub(crate) closing: Option<Box<Closing>>,
    pub(crate) strays: Vec<Stray>,
    pub(crate) echoes: Vec<Echo>,
    pub(crate) problems: BTreeMap<ProblemCode, String>,
    pub(crate) pairings: Vec<Pairing>,
    pub(crate) last_command: u64,
}

/// Who is signed in.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
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
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub(crate) struct Console {
    pub(crate) id: ConsoleId,
    /// Its last sign of life.
    pub(crate) heard: Now,
    /// When the last complete snapshot was asked for; `None` until the first of this connection.
    pub(crate) snapshot: Option<Now>,
    /// The snapshot under way.
    pub(crate) asking: Option<(CommandId, Now)>,
    /// Snapshots refused in a row, and when the next may be asked for.
    pub(crate) refusals: u32,
    pub(crate) not_before: Option<Now>,
}

/// What REST has said.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub(crate) struct Reading {
    /// When the last complete answer was asked for.
    pub(crate) answered: Option<Now>,
    /// The read under way.
    pub(crate) asked: Option<Now>,
    /// The time of the next read, where it is not the usual one.
    pub(crate) next: Option<Now>,
    /// The last read had no answer.
    pub(crate) failed: bool,
    /// No reads before a new sign-in.
    pub(crate) stopped: bool,
    /// The phone has told the end of a conversation: if the console's page does not tell it too by then, the
    /// org is asked.
    #[serde(default)]
    pub(crate) end_told_by: Option<Now>,
}

/// A voice AgentWork that is not over.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub(crate) struct Work {
    pub(crate) id: WorkId,
    pub(crate) item: WorkItemId,
    pub(crate) stage: WorkStage,
    pub(crate) stage_ms: i64,
    /// When its conversation ended: by the org's word (VoiceCall.CallEndDateTime), else when we were told.
    pub(crate) conversation_ended_ms: Option<i64>,
    /// Since when only the phone says that its conversation has ended.
    pub(crate) contact_ended_ms: Option<i64>,
    /// AcwExtensionCount.
    pub(crate) extensions: u32,
    pub(crate) vendor_call_key: Option<String>,
    /// Only the stream has told of it, whose messages may be of long ago.
    pub(crate) streamed: bool,
    /// SystemModstamp of its newest version known.
    pub(crate) modstamp_ms: Option<i64>,
    /// The newest evidence of it.
    pub(crate) seen: Now,
}

/// What tells the org's old words from its new ones.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub(crate) struct Org {
    /// Organization.InstanceName, once told: another one means a data-centre switch.
    pub(crate) instance: Option<String>,
    /// The stream's position, to go on from.
    pub(crate) replay: Option<i64>,
    /// Answers to questions sent before this are no evidence any more.
    pub(crate) answers_from: Option<Now>,
    /// Works seen over, so that late messages cannot resurrect them.
    pub(crate) ended: Vec<WorkId>,
    /// Works that a complete answer did not show any more, so that no earlier word brings them back.
    pub(crate) gone: Vec<Gone>,
    /// The newest row version known, of whichever UserServicePresence.
    pub(crate) presence: Option<Version>,
}

/// A voice work that an answer to a question sent at `asked` did not show any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub(crate) struct Gone {
    pub(crate) id: WorkId,
    pub(crate) asked: Now,
    /// SystemModstamp of its newest version known.
    pub(crate) modstamp_ms: Option<i64>,
}

/// The call phase and its times.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub(crate) struct Call {
    pub(crate) phase: CallPhase,
    pub(crate) since_ms: i64,
    pub(crate) evidence_ms: Option<i64>,
    /// When the last voice work ended, for the armed partner's grace.
    pub(crate) ended: Option<Now>,
}

/// Omni-Channel presence as last observed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub(crate) struct Presence {
    pub(crate) value: PresenceValue,
    pub(crate) since_ms: i64,
    /// Its UserServicePresence row; `None` unless the org has been read since it last changed.
    pub(crate) row: Option<RecordId>,
    /// `since_ms` is when it began, and not only when it was found so.
    pub(crate) since_told: bool,
    /// The newest evidence of it.
    pub(crate) seen: Option<Now>,
    /// Nothing is known since a data-centre switch, at which everybody was logged out: shown so, and neither
    /// a logout that anybody has seen nor anybody's wish.
    pub(crate) moved: bool,
}

/// A version of a row: SystemModstamp, by the org's own clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub(crate) struct Version {
    pub(crate) row: Option<RecordId>,
    pub(crate) modstamp_ms: i64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub(crate) enum PresenceValue {
    LoggedOut,
    Status(StatusId),
    Unknown,
}

/// The joined phone.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub(crate) struct Phone {
    pub(crate) name: String,
    pub(crate) profile: Profile,
    pub(crate) enqueues: bool,
    #[serde(default = "crate::phone::yes")]
    pub(crate) writable: bool,
    pub(crate) states: Vec<AgentState>,
    /// `None` until its first report.
    pub(crate) report: Option<PhoneState>,
    /// It has had a contact since it was last in a state of somebody's choice.
    pub(crate) after_contact: bool,
    /// The state it was in before that contact, where it has told: left alone, it comes back to it.
    pub(crate) home: Option<String>,
    /// The state that was enqueued for us: when it is applied, it is nobody's choice.
    pub(crate) queued: Option<String>,
    /// The last request of ours, until the phone shows or refuses it, or is late with it.
    pub(crate) asked: Option<PhoneAsked>,
    /// Whether a held Offline is enqueued there.
    pub(crate) held: HeldThere,
}

/// A request on its way to the phone.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub(crate) struct PhoneAsked {
    pub(crate) command: CommandId,
    pub(crate) state: String,
    pub(crate) sent: Now,
}

/// Whether the phone has the hold in its own queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub(crate) enum HeldThere {
    /// It has been asked for.
    Asked,
    No,
    /// It was seen there.
    Seen,
}

/// The state wanted of the phone and not yet confirmed.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub(crate) struct PhoneWant {
    pub(crate) state: AgentState,
    /// At what a rule asked for it.
    pub(crate) event: RuleEvent,
    /// The next state that was queued already: when the phone comes into it, that is no newer choice.
    pub(crate) over: Option<String>,
    pub(crate) attempts: u32,
    /// When it was first sent.
    pub(crate) began: Option<Now>,
    /// Sent and not confirmed.
    pub(crate) sent: Option<(CommandId, Now)>,
    /// Not to be sent before.
    pub(crate) retry: Option<Now>,
}

/// What the sync rules remember.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub(crate) struct Sync {
    /// What both sides were when they were last taken to be in step; `None`: they are to be reconciled.
    pub(crate) known: Option<Known>,
    /// A rule's wish was dropped for the rep's own or the guard's sake: the sides are reconciled afterwards.
    pub(crate) deferred: bool,
    /// Presence has changed to what a command of ours that was taken back may have made of it.
    pub(crate) doubtful: bool,
    /// Works that rules have been told of as accepted, or that are over; the latest seen last.
    pub(crate) accepted: Vec<WorkId>,
    /// The last workload told.
    pub(crate) workload: Option<Workload>,
    /// When rules last began writes, oldest first.
    pub(crate) begun: Vec<Now>,
    /// The breaker is open, and until when if no rule wants to write meanwhile.
    pub(crate) paused_until: Option<Now>,
    /// Since when a rule's wish has been waiting for a console.
    pub(crate) waiting_since: Option<Now>,
}

/// Both sides at one moment.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub(crate) struct Known {
    pub(crate) presence: PresenceValue,
    /// The name of the phone's state, or of the one enqueued.
    pub(crate) phone: String,
}

/// The one request that stands (DESIGN P3: last intent wins).
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub(crate) struct Intent {
    pub(crate) target: Target,
    pub(crate) origin: Origin,
    pub(crate) since_ms: i64,
    pub(crate) stage: Stage,
    /// Writes sent for it, and when the next may be.
    pub(crate) attempts: u32,
    pub(crate) retry: Option<Now>,
    /// A write was taken back then, and nobody has told yet what it did: no other is sent before the console has
    /// answered a snapshot asked for then or later. What the rep has chosen meanwhile comes with it.
    pub(crate) unheard: Option<Now>,
    /// To be written even if presence seems right already: a write that was taken back may still change it.
    pub(crate) insist: bool,
    /// It makes good what a write of ours that was taken back has done all the same. That may have been carried to
    /// the phone as a choice: the phone follows what is right again, whichever side counts.
    pub(crate) makes_good: bool,
    /// Its write may log the rep in: it is their own word, or makes good a logout of ours.
    pub(crate) may_log_in: bool,
    /// It has been held at some time: its end is worth a notification.
    pub(crate) was_held: bool,
    /// The presence row that stood when it was made, where known.
    pub(crate) row: Option<RecordId>,
    /// Voice works open while it was held.
    pub(crate) works: Vec<WorkId>,
    /// Restored from disk and not yet compared with what the org says.
    pub(crate) restored: bool,
    /// Restored from disk, and a phone was joined then: until it has told of its contacts, or until then, nobody
    /// knows of a call without AgentWork.
    pub(crate) awaits_phone: Option<Now>,
    /// When the rep is asked whether it is to go on being held; `None`: has been asked, or never.
    pub(crate) ask_at: Option<Now>,
}

/// A Busy status in the place of a held Offline (`hold_as`), by our doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub(crate) struct HeldAs {
    pub(crate) status: StatusId,
    /// The online status before it.
    pub(crate) back: StatusId,
    /// Its presence row, where known.
    pub(crate) row: Option<RecordId>,
    /// The connection it was sent over.
    pub(crate) console: Option<ConsoleId>,
    /// Whose hold it was set for.
    pub(crate) origin: Origin,
    pub(crate) stage: HeldAsStage,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub(crate) enum HeldAsStage {
    /// It is not there (any more), and is not set again for this hold.
    Over,
    /// Taken back before it was answered: it may have been carried out all the same, and shows by then.
    Recalled(CommandId, Now),
    /// An earlier run sent it; this one began then, and nobody has told yet what became of it.
    Restored(Now),
    /// Presence is that status.
    Seen,
    /// Sent, and neither answered nor seen yet.
    Sent(CommandId, Now),
    /// The console has said yes, and it is not seen yet.
    Written(Now),
}

/// A work that the rep has asked to be closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub(crate) struct Closing {
    pub(crate) work: WorkId,
    pub(crate) origin: Origin,
    /// Who waits; `None` once answered, until the work's end is seen.
    pub(crate) ticket: Option<Ticket>,
    pub(crate) command: CommandId,
    pub(crate) sent: Now,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub(crate) enum Stage {
    /// Being written and confirmed.
    Applying {
        /// Sent and not confirmed.
        sent: Option<(CommandId, Now)>,
    },
    /// Waiting for the call to end.
    Held {
        reason: HoldReason,
        /// The partner that logs out by itself at the last WorkClosed.
        armed: Option<(CommandId, Now)>,
        /// Armings that failed, and when the next may be tried.
        failures: u32,
        rearm: Option<Now>,
    },
}

/// A change of the intent that waits for the disk.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub(crate) struct Candidate {
    /// The new intent; `None`: cancelled.
    pub(crate) intent: Option<Box<Intent>>,
    /// What it replaces, in case the disk refuses.
    pub(crate) previous: Option<Box<Intent>>,
    pub(crate) ticket: Option<Ticket>,
    /// The revision that carries it; `None` until it is asked for.
    pub(crate) revision: Option<u64>,
}

/// A command that was taken back, or whose console left: it may have been carried out all the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub(crate) struct Stray {
    /// `None`: any of an earlier run, whose partner may be armed still.
    pub(crate) command: Option<CommandId>,
    pub(crate) origin: Origin,
    pub(crate) target: Target,
    /// What presence is to be instead, unless another wish stands.
    pub(crate) back: Option<Target>,
    /// It waited in the page for the last work to be closed: before that it has done nothing.
    pub(crate) armed: bool,
    /// Presence has come to be its target, which its doing may have been: then it has none to come, and until its
    /// answer says so, only a second change to that target may be its doing.
    pub(crate) seen: bool,
    pub(crate) until: Now,
}

/// A write of ours whose effect has not been seen yet: when it comes, it is no wish of anybody's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub(crate) struct Echo {
    pub(crate) target: Target,
    pub(crate) until: Now,
}

impl State {
    pub(crate) fn new(now: Now) -> Self {
        Self {
            session: Session::SignedOut,
            resumable: None,
            console: None,
            console_lost: None,
            reading: Reading::default(),
            works: Vec::new(),
            org: Box::default(),
            call: Call {
                phase: CallPhase::Unknown,
                since_ms: now.wall_ms,
                evidence_ms: None,
                ended: None,
            },
            presence: Presence {
                value: PresenceValue::Unknown,
                since_ms: now.wall_ms,
                row: None,
                since_told: false,
                seen: None,
                moved: false,
            },
            last_online: None,
            missed: None,
            phone: None,
            kept_contact: None,
            phone_want: None,
            phone_echoes: Vec::new(),
            sync: Box::default(),
            intent: None,
            candidate: None,
            held_as: None,
            closing: None,
            strays: Vec::new(),
            echoes: Vec::new(),
            problems: BTreeMap::new(),
            pairings: Vec::new(),
            last_command: 0,
        }
    }

    pub(crate) fn signed_in(&self) -> bool {
        matches!(self.session, Session::SignedIn { .. })
    }

    /// The most active contact the phone reports, or had when it left.
    pub(crate) fn contact(&self) -> Option<ContactPhase> {
        // Ordered: AfterCallWork < Connected < Ringing.
        let reported = self.contacts().iter().map(|contact| contact.phase).max();
        reported.max(self.kept_contact.map(|(phase, _)| phase))
    }

    /// Somebody is on the line or wants to be, as far as the phone tells.
    pub(crate) fn has_live_contact(&self) -> bool {
        self.contact().is_some_and(ContactPhase::is_live)
    }

    pub(crate) fn contacts(&self) -> &[Contact] {
        self.phone.as_deref().map(Phone::contacts).unwrap_or_default()
    }
}

impl PresenceValue {
    /// As a target, if it is known.
    pub(crate) fn target(self) -> Option<Target> {
        match self {
            Self::LoggedOut => Some(Target::Offline),
            Self::Status(id) => Some(Target::Status(id)),
            Self::Unknown => None,
        }
    }
}

impl Session {
    /// The org and the rep, while somebody is signed in.
    pub(crate) fn who(&self) -> Option<(OrgId, UserId)> {
        match self {
            Self::SignedIn { org, user, .. } => Some((*org, *user)),
            Self::SignedOut | Self::SigningIn => None,
        }
    }
}

impl Phone {
    /// The contacts of its last report.
    pub(crate) fn contacts(&self) -> &[Contact] {
        self.report
            .as_ref()
            .map(|report| report.contacts.as_slice())
            .unwrap_or_default()
    }
}
