//! The console bridge: Holdline and its partner inside the Salesforce console page.
//!
//! The page can only call out, so commands come down as answers to its long polls and everything else goes
//! up as requests. All bodies are JSON with camelCase names. See `docs/console-bridge.md`.
//!
//! 1. `GET /holdline` on every port ([`crate::identity`]).
//! 2. `POST /bridge/v1/hello` with [`Hello`] -> [`Welcome`]: a challenge, or a pairing code to confirm.
//! 3. While pairing: `POST /bridge/v1/pair` with [`PairPoll`] -> [`PairAnswer`] (long poll).
//! 4. Challenged: `POST /bridge/v1/prove` with [`Prove`] -> [`Proved`]: a session. The key itself is told to
//!    nobody ([`crate::proof`]).
//! 5. Replaced by a newer page: `POST /bridge/v1/wait` with [`Wait`] -> [`Waited`] (long poll).
//! 6. With a session: `POST /bridge/v1/poll` with [`Poll`] -> [`Commands`] (long poll), and
//!    `POST /bridge/v1/report` with [`Report`] -> [`Reported`] at once for each event or result.

use presence::ids::{OrgId, StatusId, UserId, WorkId, WorkItemId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::identity::Range;
use crate::key::{Code, Key};
use crate::rep_setup::{RepSetup, lenient};
use crate::thousandths::Thousandths;

/// The versions of this protocol that this program speaks.
pub const PROTOCOL: Range = Range::only(1);

/// Path of [`Hello`].
pub const HELLO_PATH: &str = "/bridge/v1/hello";
/// Path of [`PairPoll`].
pub const PAIR_PATH: &str = "/bridge/v1/pair";
/// Path of [`Prove`].
pub const PROVE_PATH: &str = "/bridge/v1/prove";
/// Path of [`Wait`].
pub const WAIT_PATH: &str = "/bridge/v1/wait";
/// Path of [`Poll`].
pub const POLL_PATH: &str = "/bridge/v1/poll";
/// Path of [`Report`].
pub const REPORT_PATH: &str = "/bridge/v1/report";

/// The longest a poll is held open, milliseconds. A console without an answer for this long and a little
/// more has lost its Holdline.
pub const POLL_HOLD_MS: u64 = 20_000;

/// The partner introduces itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Hello {
    /// The versions the partner speaks.
    pub protocol: Range,
    /// The console's org.
    pub org_id: OrgId,
    /// The console's user.
    pub user_id: UserId,
    /// One console page's life: random, new at every page load.
    pub instance: String,
    /// From an earlier pairing of this browser, if there was one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<KnownKey>,
}

/// Names a pairing key without telling it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct KnownKey {
    /// The key's part before the dot.
    pub id: String,
    /// Random, new for every hello: 16 to 64 letters, digits, `-` and `_`.
    pub nonce: String,
}

/// Holdline's answer to [`Hello`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum Welcome {
    /// The key is known: prove that you have it ([`Prove`]).
    Challenge {
        /// Random, good for one proof within half a minute.
        challenge: String,
    },
    /// Not paired yet, or the key is no longer known: show the code; the rep compares it and confirms in
    /// Holdline.
    Pairing {
        /// Names this attempt in [`PairPoll`].
        pairing: String,
        /// Six digits, shown on both sides.
        code: Code,
    },
}

/// The answer to a [`Welcome::Challenge`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Prove {
    /// The challenge.
    pub challenge: String,
    /// [`crate::proof::Credential::proof`].
    pub proof: String,
}

/// Holdline's answer to a good [`Prove`]: the session is open. The partner joins it only if Holdline's own proof
/// is good.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Proved {
    /// Names the session in every later request.
    pub session: Key,
    /// The version both speak.
    pub protocol: u32,
    /// [`crate::proof::Verifier::proof`].
    pub proof: String,
}

/// Waits for the rep to confirm a pairing (held up to [`POLL_HOLD_MS`]).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PairPoll {
    /// From [`Welcome::Pairing`].
    pub pairing: String,
}

/// What became of a pairing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum PairAnswer {
    /// Confirmed: keep the key in the browser and say [`Hello`] again with its id.
    Confirmed {
        /// `ID.SECRET`, of this browser, org and user.
        pairing_key: Key,
    },
    /// Refused by the rep, or the code has expired: start again from [`Hello`] if the rep asks for it.
    Refused,
    /// Nothing yet: poll again.
    Waiting,
}

/// A page that was replaced waits for its turn (held up to [`POLL_HOLD_MS`]).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Wait {
    /// The session that was replaced.
    pub session: Key,
}

/// The answer to a [`Wait`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Waited {
    /// No console leads any more: say [`Hello`]. Otherwise wait on.
    pub free: bool,
}

/// Asks for commands (held up to [`POLL_HOLD_MS`]).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Poll {
    /// From [`Proved::session`].
    pub session: Key,
}

/// The answer to a [`Poll`]; both lists may be empty (the poll simply ended: poll again).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Commands {
    /// To be carried out, in order, each once.
    pub commands: Vec<Command>,
    /// Command ids that must not be carried out any more. Also ends an [`Action::Arm`] of that id.
    pub withdrawn: Vec<String>,
}

/// One thing to do in the console.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Command {
    /// Unique for ever; a partner that has seen it does not act on it again.
    pub id: String,
    /// Not to be begun later than this many milliseconds after the poll's answer arrived.
    pub expires_in_ms: u64,
    /// What to do.
    pub action: Action,
}

/// The console toolkit's methods that Holdline uses, named as Salesforce names them, and the two that are
/// the partner's own ([`Action::Arm`], [`Action::Snapshot`]).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum Action {
    /// `acceptAgentWork`
    AcceptAgentWork {
        /// The work to accept.
        work_id: WorkId,
    },
    /// At the last voice `WorkClosed`, ask `getAgentWorks` once more and, if no voice work is left, log out.
    /// Stays armed until it fires, is withdrawn, or expires. Answered when it fires: `ok`, or `call_active`
    /// when other voice work has come in between (then it is no longer armed).
    Arm {
        /// Key prefixes of work items that are calls (describe's `keyPrefix` of each voice channel's
        /// RelatedEntity); with none of them nobody can be logged out safely.
        voice_prefixes: Vec<String>,
    },
    /// `closeAgentWork`, after a last look: a call whose conversation goes on is refused with `call_active`.
    CloseAgentWork {
        /// The work to close.
        work_id: WorkId,
        /// Key prefixes of work items that are calls.
        voice_prefixes: Vec<String>,
    },
    /// `declineAgentWork`
    DeclineAgentWork {
        /// The work to decline.
        work_id: WorkId,
        /// A reason from the presence configuration, where it asks for one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        decline_reason: Option<String>,
    },
    /// `login`: into Omni-Channel with a status.
    Login {
        /// The status to log in with.
        status_id: StatusId,
    },
    /// `lowerAgentWorkFlag`
    LowerAgentWorkFlag {
        /// The work whose flag is lowered.
        work_id: WorkId,
        /// Told to the supervisor.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        message: Option<String>,
    },
    /// `logout` of Omni-Channel, after a last `getAgentWorks`: with voice work left other than
    /// `wrapping_up`, refuse with `call_active`.
    Logout {
        /// Key prefixes of work items that are calls.
        voice_prefixes: Vec<String>,
        /// Voice works whose conversation has ended: they do not stop the logout.
        wrapping_up: Vec<WorkId>,
    },
    /// `raiseAgentWorkFlag`
    RaiseAgentWorkFlag {
        /// The work to raise a flag on.
        work_id: WorkId,
        /// Told to the supervisor.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        message: Option<String>,
    },
    /// `setServicePresenceStatus`, which logs in first if needed: unless `log_in`, refuse a logged-out rep's
    /// with `logged_out`, after a last `getServicePresenceStatusId`.
    SetServicePresenceStatus {
        /// The status to set.
        status_id: StatusId,
        /// It is the rep's own word and may log them in.
        #[serde(default)]
        log_in: bool,
    },
    /// `getAgentWorks`, `getServicePresenceStatusId` and `getAgentWorkload`, answered with
    /// [`Outcome::snapshot`].
    Snapshot,
}

/// What happened in the console since the last report, and what became of commands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Report {
    /// From [`Proved::session`].
    pub session: Key,
    /// Console events in order, those not yet acknowledged included.
    #[serde(default)]
    pub events: Vec<NumberedEvent>,
    /// Answers to commands.
    #[serde(default)]
    pub results: Vec<CommandResult>,
    /// Once for each session: what the rep has set up, where the console can tell. What cannot be read counts as
    /// not told: it is no reason to refuse the events beside it.
    #[serde(
        default,
        deserialize_with = "lenient",
        skip_serializing_if = "Option::is_none"
    )]
    pub setup: Option<RepSetup>,
    /// The page is being closed: another one that waits may take over at once.
    #[serde(default)]
    pub leaving: bool,
}

/// The answer to [`Report`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Reported {
    /// Events up to this number have been taken in; the partner may forget them.
    pub events_taken: u64,
}

/// An event with its place in the page's life.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct NumberedEvent {
    /// From 1, without gaps, for one [`Hello::instance`].
    pub seq: u64,
    /// What happened.
    pub event: ConsoleEvent,
}

/// The console's Omni-Channel events, with the payloads of the Omni-Channel Developer Guide (seed 003).
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum ConsoleEvent {
    /// `omniChannelConnectionError`: the console lost Omni-Channel.
    ConnectionError {
        /// The console's own words, for the log.
        #[serde(default)]
        error: String,
    },
    /// `omniChannelLoginSuccess`
    LoginSuccess {
        /// The status logged in with.
        status_id: StatusId,
    },
    /// `omniChannelLogout`
    Logout {
        /// DuplicateLogin, DuplicateLoginInSameBrowser, MaintenanceLogout, OmniSupervisorLogout, or none.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
    },
    /// `omniChannelStatusChanged`
    StatusChanged {
        /// The new status.
        status_id: StatusId,
        /// Its label.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        status_name: Option<String>,
        /// Its developer name.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        status_api_name: Option<String>,
    },
    /// `omniChannelWorkAccepted`
    WorkAccepted {
        /// The AgentWork.
        work_id: WorkId,
        /// What was routed.
        work_item_id: WorkItemId,
    },
    /// `omniChannelWorkAssigned`
    WorkAssigned {
        /// The AgentWork.
        work_id: WorkId,
        /// What was routed.
        work_item_id: WorkItemId,
    },
    /// `omniChannelWorkClosed`
    WorkClosed {
        /// The AgentWork.
        work_id: WorkId,
        /// What was routed.
        work_item_id: WorkItemId,
    },
    /// `omniChannelWorkDeclined`
    WorkDeclined {
        /// The AgentWork.
        work_id: WorkId,
        /// What was routed.
        work_item_id: WorkItemId,
    },
    /// `omniChannelWorkFlagUpdated`: without its message, which is the rep's and the supervisor's own.
    WorkFlagUpdated {
        /// The AgentWork.
        work_id: WorkId,
        /// Whether the flag is raised now.
        is_flagged: bool,
    },
    /// `omniChannelWorkloadChanged`: numbers, which may be fractions (CapacityWeight is a double).
    WorkloadChanged {
        /// The rep's configured capacity.
        configured_capacity: Thousandths,
        /// The workload before.
        previous_workload: Thousandths,
        /// The workload now.
        new_workload: Thousandths,
    },
    /// The conversation of a call has ended (Voice Toolkit's call events, or VoiceCall's end read in the
    /// page); its AgentWork stays open for wrap-up.
    ConversationEnded {
        /// The VoiceCall.
        work_item_id: WorkItemId,
    },
}

/// What became of a command.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CommandResult {
    /// The command's id.
    pub id: String,
    /// Its outcome.
    pub outcome: Outcome,
}

/// The outcome of a command, the toolkit's own answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum Outcome {
    /// The toolkit said yes.
    Done {
        /// For [`Action::Snapshot`].
        #[serde(default, skip_serializing_if = "Option::is_none")]
        snapshot: Option<Snapshot>,
    },
    /// Not done.
    Refused {
        /// Why.
        code: Refusal,
        /// The toolkit's own words, for the log.
        #[serde(default)]
        detail: String,
    },
}

/// Why a partner did not do what it was asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Refusal {
    /// `getAgentWorks`, asked immediately before, showed voice work.
    CallActive,
    /// It came after its time.
    Expired,
    /// `getServicePresenceStatusId`, asked immediately before, had no status, and the command may not log in.
    LoggedOut,
    /// The toolkit's promise failed or said `false`.
    Toolkit,
    /// The partner does not know this action.
    Unsupported,
}

/// The console's state, asked for in one go.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Snapshot {
    /// `getAgentWorks`
    pub works: Vec<AgentWork>,
    /// `getServicePresenceStatusId`; absent when logged out of Omni-Channel.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status_id: Option<StatusId>,
    /// `getAgentWorkload`; absent when the toolkit could not tell.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub workload: Option<Workload>,
    /// Work items whose conversation has ended, as far as the page knows.
    #[serde(default)]
    pub conversations_ended: Vec<WorkItemId>,
}

/// One entry of `getAgentWorks` (seed 003).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AgentWork {
    /// The AgentWork.
    pub work_id: WorkId,
    /// What was routed.
    pub work_item_id: WorkItemId,
    /// Accepted (`true`) or still only assigned (`false`).
    pub is_engaged: bool,
}

/// `getAgentWorkload` (seed 003).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Workload {
    /// The rep's configured capacity.
    pub configured_capacity: Thousandths,
    /// The workload now.
    pub current_workload: Thousandths,
}

/// The body of every answer that is not 200: 400 malformed, 401 unknown session or key, 403 refused
/// (origin, host, or the console is another rep's), 404 and 405 nothing there, 409 no common protocol version or
/// a newer console leads, 413 too long, 415 no JSON, 429 too many, 503 Holdline is leaving.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Problem {
    /// A stable code: `bad_request`, `unknown_session`, `superseded`, `unknown_key` (also: a proof that is not
    /// of the key), `wrong_origin`,
    /// `wrong_host`, `other_org`, `other_user`, `not_signed_in`, `not_found`, `protocol`, `too_many`,
    /// `shutting_down`; of the connector also `bad_frame`, `user_missing`, `unknown_token`, `rights`, `revoked`,
    /// `replaced`.
    pub code: String,
    /// For people: what happened and what to do.
    pub detail: String,
}
