//! What kind of shift a seed makes: the org's settings, the phone, the rep's settings of Holdline, the weather.

use presence::event::{Catalogue, PresenceStatus, ServiceChannel, WrapUpTime};
use presence::ids::{OrgId, StatusId, UserId};
use presence::phone::{AgentState, AgentStateKind, PhoneJoined};
use presence::settings::{
    Authority, GuardPolicy, GuardedStatuses, Mode, Policy, Profile, Settings, WrapUpPolicy,
};

use super::dice::Dice;
use super::rulebook::rules;

/// How much goes wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Weather {
    Calm,
    Rough,
    Stormy,
}

/// What the telephony backend does when Omni-Channel logs out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Coupling {
    /// It is told by Holdline alone.
    None,
    /// It is set Offline with `enqueueNextState`.
    Honours,
    /// It is set Offline at once, which drops a call (seed 000).
    Immediate,
}

/// Whether and when an outbound call has an AgentWork (salesforce.md: not documented).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum OutboundWork {
    Early,
    Late,
    Never,
}

/// A status of the org, by its place in [`Plan::statuses`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Status(pub(crate) usize);

pub(crate) const AVAILABLE: Status = Status(0);
/// Online for messages only.
pub(crate) const MESSAGING: Status = Status(1);
pub(crate) const BREAK: Status = Status(2);
pub(crate) const LUNCH: Status = Status(3);

/// Everything about a shift that does not change during it.
#[derive(Clone, Debug)]
pub(crate) struct Plan {
    pub(crate) settings: Settings,
    pub(crate) weather: Weather,
    pub(crate) statuses: Vec<PresenceStatus>,
    pub(crate) catalogue: Catalogue,
    /// Mean time between calls that come to the queue.
    pub(crate) call_every_ms: u64,
    pub(crate) case_every_ms: u64,
    pub(crate) wrap_up: Option<WrapUpTime>,
    pub(crate) auto_accept: bool,
    pub(crate) push_timeout_ms: u64,
    /// `None`: logged out (seed 004: the default for calls).
    pub(crate) on_decline: Option<Status>,
    pub(crate) on_push_timeout: Option<Status>,
    pub(crate) outbound_work: OutboundWork,
    /// The org routes calls through Omni-Channel.
    pub(crate) voice_routed: bool,
    /// The page hears the Voice Toolkit's end of a call.
    pub(crate) tells_call_end: bool,
    pub(crate) coupling: Coupling,
    pub(crate) streaming: bool,
    pub(crate) phone: Option<PhonePlan>,
}

/// The phone's make.
#[derive(Clone, Debug)]
pub(crate) struct PhonePlan {
    pub(crate) joins_as: PhoneJoined,
    /// It shows states of its own during a contact: Busy, AfterCallWork, Missed.
    pub(crate) system_states: bool,
    /// It tells what VoiceCall.VendorCallKey holds.
    pub(crate) tells_key: bool,
    /// A contact stays in after-call work until its work is closed.
    pub(crate) after_call_work: bool,
}

impl Plan {
    pub(crate) fn new(seed: u64) -> Self {
        let dice = &mut Dice::new(seed, 1);
        let weather = match dice.below(10) {
            0..=2 => Weather::Calm,
            3..=7 => Weather::Rough,
            _ => Weather::Stormy,
        };
        let profile = match dice.below(10) {
            0 => Profile::CtiAdapter,
            1 => Profile::SalesforceVoice,
            _ => Profile::Connector,
        };
        let voice_routed = profile != Profile::CtiAdapter || dice.chance(500);
        let named_offline = dice.chance(200);
        let statuses = statuses(named_offline, dice.chance(500));
        let wrap_up = dice.chance(750).then(|| WrapUpTime {
            ms: dice.between(10, 120) * 1_000,
            extension_ms: if dice.chance(500) { 30_000 } else { 0 },
        });
        let joins = !voice_routed || dice.chance(850);
        let decline = [None, None, Some(BREAK), Some(AVAILABLE)];
        Self {
            settings: settings(profile, dice),
            weather,
            catalogue: catalogue(&statuses, wrap_up, profile),
            statuses,
            call_every_ms: dice.between(60, 480) * 1_000,
            case_every_ms: dice.between(240, 3_600) * 1_000,
            wrap_up,
            auto_accept: dice.chance(200),
            push_timeout_ms: dice.between(15, 40) * 1_000,
            on_decline: dice.pick(&decline),
            on_push_timeout: dice.pick(&decline),
            outbound_work: dice.pick(&[OutboundWork::Early, OutboundWork::Late, OutboundWork::Never]),
            voice_routed,
            tells_call_end: dice.chance(700),
            coupling: coupling(profile, dice),
            streaming: dice.chance(500),
            phone: joins.then(|| phone(profile, dice)),
        }
    }

    pub(crate) fn status_id(&self, status: Status) -> StatusId {
        self.statuses[status.0].id
    }

    pub(crate) fn status_of(&self, id: StatusId) -> Option<Status> {
        self.statuses
            .iter()
            .position(|status| status.id == id)
            .map(Status)
    }

    pub(crate) fn is_online(&self, status: Status) -> bool {
        self.statuses[status.0].online
    }
}

pub(crate) fn id<T: std::str::FromStr<Err: std::fmt::Debug>>(prefix: &str, number: u64) -> T {
    format!("{prefix}{number:012}")
        .parse()
        .expect("twelve digits after a key prefix are a record id")
}

pub(crate) fn org() -> OrgId {
    id("00D", 1)
}

pub(crate) fn user() -> UserId {
    id("005", 1)
}

fn statuses(named_offline: bool, developer_names: bool) -> Vec<PresenceStatus> {
    let named = |number, label: &str, online| PresenceStatus {
        id: id("0N5", number),
        label: label.to_owned(),
        developer_name: developer_names.then(|| label.replace(' ', "_")),
        online,
    };
    let mut statuses = vec![
        named(1, "Available", true),
        named(2, "Messages only", true),
        named(3, "Break", false),
        named(4, "Lunch", false),
    ];
    if named_offline {
        // A Busy status that is *named* Offline.
        statuses.push(named(5, "Offline", false));
    }
    statuses
}

fn catalogue(statuses: &[PresenceStatus], wrap_up: Option<WrapUpTime>, profile: Profile) -> Catalogue {
    let channel = |name: &str, prefix: &str, voice| ServiceChannel {
        name: name.to_owned(),
        item_prefix: prefix.to_owned(),
        voice,
    };
    Catalogue {
        statuses: statuses.to_vec(),
        channels: vec![
            channel("sfdc_phone", "0LQ", true),
            channel("Cases", "500", false),
            channel("Messaging", "0Mw", false),
        ],
        wrap_up,
        instance: Some("NA1".to_owned()),
        call_center: profile != Profile::Connector,
    }
}

fn settings(profile: Profile, dice: &mut Dice) -> Settings {
    let policy = Policy {
        guard: if dice.chance(150) {
            GuardPolicy::Block
        } else {
            GuardPolicy::Queue
        },
        guarded: if dice.chance(250) {
            GuardedStatuses::NonRoutable
        } else {
            GuardedStatuses::Offline
        },
        wrap_up: if dice.chance(300) {
            WrapUpPolicy::Allow
        } else {
            WrapUpPolicy::Hold
        },
    };
    Settings {
        policy,
        hold_as: dice
            .chance(200)
            .then(|| dice.pick(&["Break", "Lunch"]).to_owned()),
        longest_hold_ms: dice.chance(250).then(|| dice.between(1, 30) * 60_000),
        mode: if dice.chance(50) { Mode::Observe } else { Mode::Act },
        profile: dice.chance(300).then_some(profile),
        write_phone: [None, None, None, None, None, Some(true), Some(false)][place(dice, 7)],
        authority: dice.pick(&[
            Authority::Omni,
            Authority::Omni,
            Authority::Last,
            Authority::Telephony,
        ]),
        rules: rules(dice),
        ..Settings::default()
    }
}

fn place(dice: &mut Dice, n: u64) -> usize {
    usize::try_from(dice.below(n)).unwrap_or(0)
}

fn coupling(profile: Profile, dice: &mut Dice) -> Coupling {
    match profile {
        Profile::Connector if dice.chance(750) => Coupling::None,
        Profile::Connector => Coupling::Immediate,
        Profile::CtiAdapter | Profile::SalesforceVoice => {
            dice.pick(&[Coupling::Honours, Coupling::Immediate])
        }
    }
}

/// A state of the phone by its name.
pub(crate) fn phone_state(name: &str) -> AgentState {
    let kind = match name {
        "Available" => AgentStateKind::Routable,
        "Offline" => AgentStateKind::Offline,
        "Break" | "Lunch" => AgentStateKind::NotRoutable,
        _ => AgentStateKind::System,
    };
    AgentState {
        name: name.to_owned(),
        kind,
    }
}

fn phone(profile: Profile, dice: &mut Dice) -> PhonePlan {
    PhonePlan {
        joins_as: PhoneJoined {
            name: "Simulated phone".to_owned(),
            enqueues: dice.chance(850),
            states: ["Available", "Break", "Lunch", "Offline"].map(phone_state).into(),
            profile,
            writable: true,
        },
        system_states: dice.chance(600),
        tells_key: dice.chance(800),
        after_call_work: dice.chance(700),
    }
}
