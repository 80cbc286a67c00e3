//! What happens: everything that enters the engine.

use serde::{Deserialize, Serialize};

use crate::ids::{OrgId, RecordId, StatusId, UserId, WorkId, WorkItemId};
use crate::phone::{PhoneJoined, PhoneState};
use crate::problem::Problem;
use crate::time::Now;

/// Names a requester that waits for an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Ticket(pub u64);

/// Names one connection of a console partner; a new connection has a larger number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ConsoleId(pub u64);

/// Names one command to a console partner or one request to a phone, unique across restarts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct CommandId {
    /// The run of Holdline that made it.
    pub run: u64,
    /// Its number within the run.
    pub number: u64,
}

impl std::fmt::Display for CommandId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:x}-{}", self.run, self.number)
    }
}

impl std::str::FromStr for CommandId {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let (run, number) = text.split_once('-').ok_or(())?;
        Ok(Self {
            run: u64::from_str_radix(run, 16).map_err(drop)?,
            number: number.parse().map_err(drop)?,
        })
    }
}

/// Where a request comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// The rep has been idle for as long as the settings say.
    Idle,
    /// A sync rule.
    Rule,
    /// The screen was locked.
    ScreenLock,
    /// The global shortcut.
    Shortcut,
    /// The desktop session ends: shutdown, restart or logging out of the system.
    Shutdown,
    /// `holdlinectl` or another local program.
    StatusApi,
    /// The tray's menu.
    Tray,
    /// The updater.
    Updater,
    /// The window.
    Window,
}

impl Origin {
    /// The rep's own explicit word, not what a rule or a policy makes of something else.
    pub fn is_reps_own(self) -> bool {
        match self {
            Self::Shortcut | Self::StatusApi | Self::Tray | Self::Window => true,
            Self::Idle | Self::Rule | Self::ScreenLock | Self::Shutdown | Self::Updater => false,
        }
    }
}

/// What a request asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(tag = "type", content = "id", rename_all = "snake_case")]
pub enum Target {
    /// Close a voice work through the console toolkit: in wrap-up it is done, in a call it would end it.
    CloseWork(WorkId),
    /// Log out of Omni-Channel.
    Offline,
    /// Quit Holdline (which would leave the call unguarded).
    Quit,
    /// Restart Holdline, for an update or new settings (likewise).
    Restart,
    /// Sign out of Holdline (likewise).
    SignOut,
    /// Set a presence status.
    Status(StatusId),
}

/// One entry of a snapshot of the rep's works.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct WorkSeen {
    /// The AgentWork.
    pub work: WorkId,
    /// What was routed.
    pub item: WorkItemId,
    /// How far it has come.
    pub stage: WorkStage,
}

/// What a rep may want done with a work.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ts_rs::TS)]
#[serde(tag = "type", rename_all = "snake_case", rename_all_fields = "snake_case")]
pub enum WorkAction {
    /// `acceptAgentWork`
    Accept,
    /// `closeAgentWork`; a call only in wrap-up.
    Close,
    /// `declineAgentWork`
    Decline {
        /// One of the presence configuration's reasons, where it asks for one.
        reason: Option<String>,
    },
    /// `lowerAgentWorkFlag`
    LowerFlag,
    /// `raiseAgentWorkFlag`: asks a supervisor for help.
    RaiseFlag {
        /// What about.
        message: String,
    },
}

/// What the rep's presence configuration allows with works (PresenceUserConfig's options).
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct WorkOptions {
    /// OptionsIsDeclineEnabled
    pub may_decline: bool,
    /// The decline reasons assigned, where OptionsIsDeclineReasonEnabled; else none.
    pub decline_reasons: Vec<String>,
}

/// How far an AgentWork has come. The order is the only order in which it can move; `Ended` stands for every
/// terminal status (Closed, Declined, DeclinedOnPushTimeout, Unavailable, Canceled, Transferred).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WorkStage {
    /// Offered to the rep.
    Assigned,
    /// Accepted.
    Opened,
    /// Over.
    Ended,
}

/// One AgentWork row of a REST answer.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct WorkRow {
    /// The AgentWork.
    pub work: WorkId,
    /// What was routed.
    pub item: WorkItemId,
    /// How far it has come.
    pub stage: WorkStage,
    /// Whether `ServiceChannel.RelatedEntity` is VoiceCall.
    pub voice: bool,
    /// VoiceCall.CallEndDateTime is set.
    pub conversation_ended: bool,
    /// VoiceCall.VendorCallKey.
    pub vendor_call_key: Option<String>,
    /// AcceptDateTime, else AssignedDateTime; milliseconds since 1970 UTC.
    pub since_ms: Option<i64>,
    /// CloseDateTime; milliseconds since 1970 UTC.
    pub closed_ms: Option<i64>,
    /// VoiceCall.CallEndDateTime; milliseconds since 1970 UTC.
    pub conversation_ended_ms: Option<i64>,
    /// AcwExtensionCount: how often the rep has extended the wrap-up.
    pub acw_extensions: u32,
    /// SystemModstamp, by the org's own clock, milliseconds since 1970 UTC: orders versions of the row.
    pub modstamp_ms: Option<i64>,
}

/// The rep's presence as a REST answer gives it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct PresenceRow {
    /// The current UserServicePresence row, where one is read: each change of status makes a new one.
    pub row: Option<RecordId>,
    /// The current row's status; `None`: logged out of Omni-Channel.
    pub status: Option<StatusId>,
    /// When that status began; milliseconds since 1970 UTC on this machine's clock (server skew taken off).
    pub since_ms: Option<i64>,
    /// SystemModstamp, by the org's own clock, milliseconds since 1970 UTC: orders versions of the row.
    pub modstamp_ms: Option<i64>,
}

/// A presence status of the org.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct PresenceStatus {
    /// Its record.
    pub id: StatusId,
    /// MasterLabel.
    pub label: String,
    /// DeveloperName; `None` where this rep may not read it (seed 001: needs View DeveloperName).
    pub developer_name: Option<String>,
    /// Whether it has service channels (Online) or none (Busy): kinds are known by that, never by name.
    pub online: bool,
}

/// A ServiceChannel: a kind of work.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct ServiceChannel {
    /// DeveloperName, what rules compare `Salesforce Service Channel` with; MasterLabel where it is not readable.
    pub name: String,
    /// Key prefix of the records it routes (describe's `keyPrefix` of RelatedEntity).
    pub item_prefix: String,
    /// Its work is calls: RelatedEntity is VoiceCall, or the settings say so.
    pub voice: bool,
}

/// After-conversation work as the rep's presence configuration has it (seed 004).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct WrapUpTime {
    /// AfterConvoWorkMaxTime in milliseconds.
    pub ms: u64,
    /// AcwExtensionDuration in milliseconds; 0: reps can't extend it.
    pub extension_ms: u64,
}

/// What the org has set up, as far as this rep may read it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Catalogue {
    /// Those this rep may use.
    pub statuses: Vec<PresenceStatus>,
    /// The service channels.
    pub channels: Vec<ServiceChannel>,
    /// `None`: wrap-up has no timer.
    pub wrap_up: Option<WrapUpTime>,
    /// Organization.InstanceName: another one means a data-centre switch (seed 002).
    pub instance: Option<String>,
    /// The rep belongs to a call centre (User.CallCenterId): an adapter or connector runs in their console.
    pub call_center: bool,
}

/// Why Omni-Channel logged the rep out, as the console event says (salesforce.md).
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct LogoutReason(pub String);

/// What became of a command to a console partner.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CommandOutcome {
    /// The partner saw voice work immediately before and did nothing.
    CallActive,
    /// The toolkit said yes.
    Done,
    /// It came too late to be begun.
    Expired,
    /// The toolkit said no.
    Failed,
    /// The rep is logged out of Omni-Channel, and this write must not log them in: nothing was done.
    LoggedOut,
}

/// What became of a state request to a phone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PhoneOutcome {
    /// It is in that state.
    Done,
    /// A contact rings at the phone, which may not be known here yet: nothing was done.
    NotNow,
    /// It will be, after the contact.
    Queued,
    /// It will not be.
    Refused,
}

/// Who wants to be paired.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Pairing {
    /// Names the attempt.
    pub id: String,
    /// A console in a browser, or a phone.
    pub kind: PairingKind,
    /// Six digits, shown on both sides.
    pub code: String,
    /// The phone's name; empty for a console.
    pub name: String,
}

/// What kind of partner wants to be paired.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum PairingKind {
    /// A console page in a browser.
    Console,
    /// A phone through the connector API.
    Phone,
}

/// A change of the rep's workload, in thousandths of the org's unit (CapacityWeight may be a fraction).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Workload {
    /// The configured capacity.
    pub configured_milli: i64,
    /// Before.
    pub previous_milli: i64,
    /// Now.
    pub new_milli: i64,
}

/// Why Salesforce pushes nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StreamStop {
    /// The org's number of concurrent clients, or of events in 24 hours, is used up.
    Limit,
    /// The org does not grant it to this rep, or has no such topic.
    Refused,
    /// It answers something else than CometD, or is too busy.
    Unavailable,
}

/// One thing that happened, parsed once by its adapter. The loop adds the time.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Event {
    // The rep and other programs of this desktop
    /// Cancels the hold.
    Cancel {
        /// Who waits.
        ticket: Ticket,
    },
    /// The rep dismissed a problem that stands for information only.
    Dismiss {
        /// Which.
        code: crate::problem::ProblemCode,
    },
    /// The rep is there again: what was asked for in their absence, and is not so yet, is withdrawn.
    RepIsBack {
        /// What has ended: `Idle`, or `ScreenLock`, which ends both.
        from: Origin,
    },
    /// Asks for a status or for leaving.
    Request {
        /// Who waits.
        ticket: Ticket,
        /// Where it comes from.
        origin: Origin,
        /// What is asked for.
        target: Target,
    },

    /// The rep takes the way back to the last online status.
    Return {
        /// Who waits.
        ticket: Ticket,
        /// Where it comes from.
        origin: Origin,
    },

    // The session
    /// What the org has set up.
    Catalogue(Catalogue),
    /// A sign-in has begun in the browser.
    SignInStarted,
    /// Nobody is signed in (any more, or the sign-in failed).
    SignedOut,
    /// Tokens are in place and the org has answered.
    SignedIn {
        /// The org.
        org: OrgId,
        /// The rep.
        user: UserId,
        /// The rep's name, shown in the window.
        name: String,
        /// The org's own address, shown in the window.
        org_url: String,
    },

    // The console
    /// A partner has a session (and leads).
    ConsoleConnected {
        /// Which.
        console: ConsoleId,
    },
    /// Its session is over.
    ConsoleGone {
        /// Which.
        console: ConsoleId,
    },
    /// It polled or reported: a sign of life.
    ConsoleHeard {
        /// Which.
        console: ConsoleId,
    },
    /// `getAgentWorks` and the status in one go.
    ConsoleSnapshot {
        /// Which.
        console: ConsoleId,
        /// The command that asked.
        command: CommandId,
        /// Every work of the rep.
        works: Vec<WorkSeen>,
        /// The status; `None`: logged out.
        status: Option<StatusId>,
        /// Work items whose conversation has ended.
        conversations_ended: Vec<WorkItemId>,
    },
    /// A command's answer.
    CommandAnswered {
        /// Which.
        command: CommandId,
        /// Its outcome.
        outcome: CommandOutcome,
    },
    /// The console lost Omni-Channel.
    ConnectionError,
    /// A call's conversation has ended; its work stays open for wrap-up.
    ConversationEnded {
        /// The VoiceCall.
        item: WorkItemId,
    },
    /// The rep was logged out of Omni-Channel.
    OmniLogout {
        /// Omni-Channel's reason, if it gave one.
        reason: Option<LogoutReason>,
    },
    /// The rep logged in or changed status.
    StatusChanged {
        /// The status now.
        status: StatusId,
    },
    /// The rep wants something done with a work: carried out at once, or refused.
    WorkRequest {
        /// Who waits for the answer.
        ticket: Ticket,
        /// Where it comes from.
        origin: Origin,
        /// Which.
        work: WorkId,
        /// What.
        action: WorkAction,
    },
    /// A work's flag was raised or lowered (`omniChannelWorkFlagUpdated`).
    WorkFlag {
        /// Which.
        work: WorkId,
        /// Raised.
        flagged: bool,
    },
    /// What the presence configuration allows, as the console's page has it.
    WorkOptions(WorkOptions),
    /// The rep's workload changed (`omniChannelWorkloadChanged`).
    Workload(Workload),
    /// A work was assigned, accepted or closed.
    Work {
        /// Which and how far.
        seen: WorkSeen,
        /// It ended by a decline (or a push time-out).
        declined: bool,
    },

    // REST
    /// The org could not be read.
    ReadFailed {
        /// Raised while it lasts.
        problem: Problem,
        /// Not before this long from now, milliseconds.
        retry_after_ms: Option<u64>,
    },
    /// The stream has begun anew and may have left something out, or has told that something ended and not what
    /// came of it: whoever knows is asked.
    StreamGap,
    /// Salesforce pushes nothing for now; it is tried again in many minutes. Nothing depends on it.
    StreamStopped {
        /// Why.
        why: StreamStop,
    },
    /// A streaming message: these rows, and nothing about others.
    Streamed {
        /// AgentWork rows.
        works: Vec<WorkRow>,
        /// The presence, where the message is about it.
        presence: Option<PresenceRow>,
        /// The message's replay position.
        replay: Option<i64>,
    },
    /// A complete answer about works and presence.
    Rows {
        /// When the query was sent.
        asked: Now,
        /// Every work that is not over, and the ones asked for by id.
        works: Vec<WorkRow>,
        /// The presence.
        presence: PresenceRow,
    },

    // The phone
    /// A phone that has no queue of its own asks Holdline to set a state once its contacts are over.
    PhoneAsks {
        /// One of its states; `None`: what it asked for before is taken back.
        state: Option<String>,
    },
    /// A request's answer.
    PhoneAnswered {
        /// Which.
        command: CommandId,
        /// Its outcome.
        outcome: PhoneOutcome,
    },
    /// The phone has left.
    PhoneGone,
    /// A phone has joined.
    PhoneJoined(PhoneJoined),
    /// The phone's whole state.
    PhoneState(PhoneState),

    // Housekeeping
    /// The rep has sync go on after the breaker has opened.
    ResumeSync,
    /// A partner asks to be paired.
    PairingOffered(Pairing),
    /// The attempt is over, whichever way.
    PairingEnded {
        /// Which.
        id: String,
    },
    /// Something is right again.
    ProblemCleared {
        /// What.
        code: crate::problem::ProblemCode,
    },
    /// Something is wrong at an edge.
    ProblemRaised(Problem),
    /// The state up to this revision is on disk.
    Saved {
        /// From `Effect::Save`.
        revision: u64,
    },
    /// The state could not be written.
    SaveFailed {
        /// From `Effect::Save`.
        revision: u64,
        /// The system's reason.
        reason: String,
    },
    /// A deadline has come.
    Tick,
}
