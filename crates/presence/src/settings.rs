//! What a rep or an administrator decides, and every duration.

use serde::{Deserialize, Serialize};

use crate::rules::RuleSet;

/// What the guard does with a request to go Offline while a call is active.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum GuardPolicy {
    /// Refuse it and say why.
    Block,
    /// Hold it and apply it when the call is over.
    #[default]
    Queue,
}

/// What the guard does with such a request during wrap-up.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum WrapUpPolicy {
    /// Apply it: the conversation is over.
    Allow,
    /// Treat it like the call: a status change closes the work (salesforce.md, "Behaviour of Omni-Channel").
    #[default]
    Hold,
}

/// Which requests go through the guard.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum GuardedStatuses {
    /// Every status that gets no work too: Busy ones, known by having no service channel.
    NonRoutable,
    /// Logging out of Omni-Channel and leaving Holdline.
    #[default]
    Offline,
}

/// What the guard's decision depends on besides the situation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Policy {
    /// While a call is active.
    pub guard: GuardPolicy,
    /// Which requests.
    pub guarded: GuardedStatuses,
    /// During wrap-up.
    pub wrap_up: WrapUpPolicy,
}

/// Whether Holdline acts or only watches.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// It writes.
    #[default]
    Act,
    /// It notes what guard and rules would do, and writes nothing.
    Observe,
}

/// Who writes what (DESIGN, "three profiles").
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ts_rs::TS,
)]
#[serde(rename_all = "snake_case")]
pub enum Profile {
    /// The phone is joined through Holdline: both directions of sync are ours.
    #[default]
    Connector,
    /// An Open CTI adapter runs in the console; the org may have no voice AgentWork at all.
    CtiAdapter,
    /// A Salesforce Voice connector already syncs the phone.
    SalesforceVoice,
}

/// Which side counts when the two were apart and both may have changed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Authority {
    /// The one that changed last; where that is not known, Omni-Channel.
    Last,
    /// Omni-Channel presence.
    #[default]
    Omni,
    /// The phone.
    Telephony,
}

/// The engine's settings.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settings {
    /// The guard's policy.
    pub policy: Policy,
    /// Label or developer name of a Busy status set at once when Offline is held in a call, so that no new
    /// work is routed while the call goes on.
    pub hold_as: Option<String>,
    /// After a hold of this many milliseconds the rep is asked whether it is to go on; `None`: never.
    pub longest_hold_ms: Option<u64>,
    /// Act or observe.
    pub mode: Mode,
    /// `None`: detected.
    pub profile: Option<Profile>,
    /// Whether rules may write to the phone; `None`: as the profile says.
    pub write_phone: Option<bool>,
    /// Which side counts after they were apart.
    pub authority: Authority,
    /// The sync rules.
    pub rules: RuleSet,
    /// Every duration.
    pub timings: Timings,
}

/// Every duration the engine knows, in milliseconds. Tests scale them all at once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Timings {
    /// How long an armed logout stays armed before it is decided again.
    pub arm_ms: u64,
    /// After the last voice work closed: how long the armed partner may take before the logout is sent.
    pub armed_grace_ms: u64,
    /// A command not begun by then is not begun any more.
    pub command_expiry_ms: u64,
    /// A write not confirmed by then is read back and decided again.
    pub confirm_ms: u64,
    /// A console without a sign of life for this long is no evidence any more. More than two polls' hold.
    pub console_stale_ms: u64,
    /// Without a console this long after sign-in, the rep is told.
    pub console_missing_ms: u64,
    /// A hold whose calls ended longer ago than this while Holdline was down lapses (DESIGN P2).
    pub lapse_ms: u64,
    /// How long a wish of before a restart waits for the phone that was joined then.
    pub phone_back_ms: u64,
    /// Between reads while it matters: a call or a wish without console evidence. An answer is fresh for twice
    /// as long.
    pub read_fast_ms: u64,
    /// Between reads without console evidence, while nothing goes on. Below twice `read_fast_ms`, so that the
    /// last answer is still fresh when the next one comes.
    pub read_idle_ms: u64,
    /// Between reads while the console tells everything.
    pub read_slow_ms: u64,
    /// A read without an answer by then counts as failed.
    pub read_timeout_ms: u64,
    /// First pause before a write is tried again; doubles each time.
    pub retry_first_ms: u64,
    /// Longest pause before a write is tried again.
    pub retry_max_ms: u64,
    /// Between snapshots of a connected console.
    pub snapshot_every_ms: u64,
    /// How far a time told by the org may be off ours, its skew known from `Date` headers (whole seconds). A
    /// property of the protocol: tests do not scale it.
    pub skew_ms: u64,
    /// A logout this soon after a decline or a push time-out is Omni-Channel's own (seed 004).
    pub after_decline_ms: u64,
    /// The breaker counts the automatic writes of this long.
    pub breaker_window_ms: u64,
    /// Once open, the breaker closes by itself when no rule has wanted to write for this long.
    pub breaker_quiet_ms: u64,
    /// A rule's wish for presence waits this long for a console that could carry it out.
    pub rule_patience_ms: u64,
}

impl Default for Timings {
    fn default() -> Self {
        Self {
            arm_ms: 600_000,
            armed_grace_ms: 1_000,
            command_expiry_ms: 5_000,
            confirm_ms: 3_000,
            console_stale_ms: 45_000,
            console_missing_ms: 5_000,
            lapse_ms: 300_000,
            phone_back_ms: 60_000,
            read_fast_ms: 20_000,
            read_idle_ms: 30_000,
            read_slow_ms: 900_000,
            read_timeout_ms: 15_000,
            retry_first_ms: 1_000,
            retry_max_ms: 60_000,
            snapshot_every_ms: 60_000,
            skew_ms: 2_000,
            after_decline_ms: 5_000,
            breaker_window_ms: 60_000,
            breaker_quiet_ms: 600_000,
            rule_patience_ms: 120_000,
        }
    }
}

impl Timings {
    /// Every duration multiplied by `numerator / denominator`, none below 1 ms.
    pub fn scaled(&self, numerator: u64, denominator: u64) -> Self {
        let scale = |ms: u64| (ms.saturating_mul(numerator) / denominator.max(1)).max(1);
        Self {
            arm_ms: scale(self.arm_ms),
            armed_grace_ms: scale(self.armed_grace_ms),
            command_expiry_ms: scale(self.command_expiry_ms),
            confirm_ms: scale(self.confirm_ms),
            console_stale_ms: scale(self.console_stale_ms),
            console_missing_ms: scale(self.console_missing_ms),
            lapse_ms: scale(self.lapse_ms),
            phone_back_ms: scale(self.phone_back_ms),
            read_fast_ms: scale(self.read_fast_ms),
            read_idle_ms: scale(self.read_idle_ms),
            read_slow_ms: scale(self.read_slow_ms),
            read_timeout_ms: scale(self.read_timeout_ms),
            retry_first_ms: scale(self.retry_first_ms),
            retry_max_ms: scale(self.retry_max_ms),
            snapshot_every_ms: scale(self.snapshot_every_ms),
            skew_ms: self.skew_ms,
            after_decline_ms: scale(self.after_decline_ms),
            breaker_window_ms: scale(self.breaker_window_ms),
            breaker_quiet_ms: scale(self.breaker_quiet_ms),
            rule_patience_ms: scale(self.rule_patience_ms),
        }
    }
}
