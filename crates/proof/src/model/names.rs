//! The few names of the small world: ids made once, because a state is made millions of times.

use std::sync::LazyLock;

use presence::event::{Catalogue, PresenceStatus, ServiceChannel};
use presence::ids::{OrgId, RecordId, StatusId, UserId, WorkId, WorkItemId};
use presence::phone::{AgentState, AgentStateKind};

/// Calls there can be.
pub(super) const CALLS: usize = 2;

/// Presence rows there can be; a life in these bounds makes far fewer.
const ROWS: usize = 64;

pub(super) const VOICE_PREFIX: &str = "0LQ";

/// A presence status of the org.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Status {
    /// Online.
    Available,
    /// Busy.
    Break,
}

/// Presence: a status, or logged out of Omni-Channel.
pub(super) type Presence = Option<Status>;

/// A state the phone can be set to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PhoneChoice {
    /// Routable.
    Available,
    /// Not routable.
    Break,
    /// The backend sees no agent.
    Offline,
}

fn record(prefix: &str, number: usize) -> RecordId {
    let text = format!("{prefix}{number:012}");
    text.parse()
        .unwrap_or_else(|_| unreachable!("{text} is a record id"))
}

static WORKS: LazyLock<[WorkId; CALLS]> =
    LazyLock::new(|| std::array::from_fn(|call| WorkId(record("0Bz", call + 1))));
static ITEMS: LazyLock<[WorkItemId; CALLS]> =
    LazyLock::new(|| std::array::from_fn(|call| WorkItemId(record(VOICE_PREFIX, call + 1))));
static STATUSES: LazyLock<[StatusId; 2]> =
    LazyLock::new(|| std::array::from_fn(|number| StatusId(record("0N5", number + 1))));
static PRESENCE_ROWS: LazyLock<[RecordId; ROWS]> =
    LazyLock::new(|| std::array::from_fn(|number| record("0NX", number + 1)));

pub(super) fn work(call: u8) -> WorkId {
    WORKS[usize::from(call)]
}

pub(super) fn item(call: u8) -> WorkItemId {
    ITEMS[usize::from(call)]
}

pub(super) fn call_of(work: WorkId) -> Option<u8> {
    (0..)
        .zip(WORKS.iter())
        .find(|(_, id)| **id == work)
        .map(|(call, _)| call)
}

pub(super) fn call_of_item(item: WorkItemId) -> Option<u8> {
    (0..)
        .zip(ITEMS.iter())
        .find(|(_, id)| **id == item)
        .map(|(call, _)| call)
}

/// VoiceCall.VendorCallKey, which is the phone's contact's, too.
pub(super) fn key(call: u8) -> String {
    format!("k{call}")
}

pub(super) fn presence_row(number: u8) -> RecordId {
    PRESENCE_ROWS[usize::from(number) % ROWS]
}

pub(super) fn org() -> OrgId {
    static ORG: LazyLock<OrgId> = LazyLock::new(|| OrgId(record("00D", 1)));
    *ORG
}

pub(super) fn user() -> UserId {
    static USER: LazyLock<UserId> = LazyLock::new(|| UserId(record("005", 1)));
    *USER
}

impl Status {
    pub(super) const ALL: [Self; 2] = [Self::Available, Self::Break];

    pub(super) fn id(self) -> StatusId {
        match self {
            Self::Available => STATUSES[0],
            Self::Break => STATUSES[1],
        }
    }

    pub(super) fn of(id: StatusId) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.id() == id)
    }

    /// MasterLabel.
    pub(super) fn label(self) -> &'static str {
        match self {
            Self::Available => "Available",
            Self::Break => "Break",
        }
    }
}

impl PhoneChoice {
    pub(super) const ALL: [Self; 3] = [Self::Available, Self::Break, Self::Offline];

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Available => "Available",
            Self::Break => "Break",
            Self::Offline => "Offline",
        }
    }

    pub(super) fn of(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|choice| choice.name() == name)
    }

    pub(super) fn state(self) -> AgentState {
        AgentState {
            name: self.name().to_owned(),
            kind: match self {
                Self::Available => AgentStateKind::Routable,
                Self::Break => AgentStateKind::NotRoutable,
                Self::Offline => AgentStateKind::Offline,
            },
        }
    }

    /// The state of the same name as a presence.
    pub(super) fn by_name(presence: Presence) -> Self {
        match presence {
            Some(Status::Available) => Self::Available,
            Some(Status::Break) => Self::Break,
            None => Self::Offline,
        }
    }
}

/// What the org has set up.
pub(super) fn catalogue() -> Catalogue {
    let status = |status: Status| PresenceStatus {
        id: status.id(),
        label: status.label().to_owned(),
        developer_name: None,
        online: status == Status::Available,
    };
    Catalogue {
        statuses: Status::ALL.map(status).into(),
        channels: vec![ServiceChannel {
            name: "sfdc_phone".to_owned(),
            item_prefix: VOICE_PREFIX.to_owned(),
            voice: true,
        }],
        ..Catalogue::default()
    }
}
