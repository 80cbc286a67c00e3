//! The org: calls as they really are, presence, and what is routed when.

use presence::event::{Event, PresenceRow, WorkRow, WorkStage};
use presence::time::Now;

use super::names::{self, CALLS, Presence, Status};
use super::page::{By, Up};
use super::world::World;

/// How far a call has come in Omni-Channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Call {
    /// Not yet.
    Ahead,
    /// Offered.
    Assigned,
    /// Opened; somebody is on the line.
    Talking,
    /// Opened; the conversation is over.
    WrapUp,
    /// Over, whichever way.
    Over,
}

impl Call {
    /// AgentWork's status; `None`: no record yet.
    pub(super) fn stage(self) -> Option<WorkStage> {
        match self {
            Self::Ahead => None,
            Self::Assigned => Some(WorkStage::Assigned),
            Self::Talking | Self::WrapUp => Some(WorkStage::Opened),
            Self::Over => Some(WorkStage::Ended),
        }
    }

    pub(super) fn is_open(self) -> bool {
        matches!(self, Self::Assigned | Self::Talking | Self::WrapUp)
    }

    /// Somebody is on the line or wants to be.
    pub(super) fn is_live(self) -> bool {
        matches!(self, Self::Assigned | Self::Talking)
    }
}

/// The org's truth.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Org {
    pub(super) calls: [Call; CALLS],
    /// When each got so far, and when it was closed.
    since_ms: [i64; CALLS],
    pub(super) presence: Presence,
    pub(super) presence_ms: i64,
    /// Each change of presence makes a row.
    pub(super) row: u8,
}

impl Org {
    pub(super) fn new(now: Now) -> Self {
        Self {
            calls: [Call::Ahead; CALLS],
            since_ms: [0; CALLS],
            presence: Some(Status::Available),
            presence_ms: now.wall_ms - 60_000,
            row: 0,
        }
    }

    pub(super) fn call(&self, call: u8) -> Call {
        self.calls[usize::from(call)]
    }

    pub(super) fn has_open_call(&self) -> bool {
        self.calls.iter().any(|call| call.is_open())
    }

    pub(super) fn move_call(&mut self, now: Now, call: u8, to: Call) {
        self.calls[usize::from(call)] = to;
        if to != Call::WrapUp {
            self.since_ms[usize::from(call)] = now.wall_ms;
        }
    }

    /// The call that could be routed next: one at a time, to a rep who is online.
    pub(super) fn next_call(&self, calls: u8, at_once: u8) -> Option<u8> {
        let open = self.calls.iter().filter(|call| call.is_open()).count();
        let online = self.presence == Some(Status::Available);
        (0..calls)
            .find(|call| self.call(*call) == Call::Ahead)
            .filter(|_| online && open < usize::from(at_once))
    }

    /// What a complete answer shows: every open work, and the ones asked for by id.
    pub(super) fn rows(&self, asked: Now, watch: &[u8]) -> Event {
        let row = |call: u8| {
            let truth = self.call(call);
            let stage = truth.stage()?;
            let since_ms = self.since_ms[usize::from(call)];
            (truth.is_open() || watch.contains(&call)).then(|| WorkRow {
                work: names::work(call),
                item: names::item(call),
                stage,
                voice: true,
                conversation_ended: matches!(truth, Call::WrapUp | Call::Over),
                vendor_call_key: Some(names::key(call)),
                since_ms: Some(since_ms),
                closed_ms: (truth == Call::Over).then_some(since_ms),
                conversation_ended_ms: None,
                acw_extensions: 0,
                modstamp_ms: None,
            })
        };
        Event::Rows {
            asked,
            works: (0..CALLS as u8).filter_map(row).collect(),
            presence: PresenceRow {
                row: Some(names::presence_row(self.row)),
                status: self.presence.map(Status::id),
                since_ms: Some(self.presence_ms),
                modstamp_ms: None,
            },
        }
    }
}

impl World {
    /// A call moves on, and the console tells of it.
    pub(super) fn move_call(&mut self, call: u8, to: Call, declined: bool) {
        self.org.move_call(self.now, call, to);
        let up = match to {
            Call::WrapUp => Up::ConversationEnded(call),
            Call::Assigned | Call::Talking | Call::Over | Call::Ahead => Up::Work {
                call,
                stage: to.stage().unwrap_or(WorkStage::Ended),
                declined,
            },
        };
        self.page.tell(up);
        if to == Call::Over && !declined {
            self.page.work_closed(&self.org);
        }
    }

    /// Presence changes in the org, and the console tells of it. Logging out takes offered work away.
    pub(super) fn set_presence(&mut self, by: By, to: Presence) {
        if self.org.presence == to {
            return;
        }
        self.org.presence = to;
        self.org.presence_ms = self.now.wall_ms;
        self.org.row += 1;
        let row = self.org.row;
        self.page.tell(Up::Presence { to, by, row });
        self.watch.presence_changed(by, to, row);
        if to.is_none() {
            for call in 0..CALLS as u8 {
                if self.org.call(call) == Call::Assigned {
                    self.move_call(call, Call::Over, false);
                    self.contact_gone(call);
                }
            }
        }
    }
}
