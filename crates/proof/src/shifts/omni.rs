//! Omni-Channel as it is: works, presence, and who is told of a change. Knows nothing of Holdline.

use presence::event::CommandId;
use presence::event::{Event, LogoutReason, PresenceRow, WorkRow, WorkSeen, WorkStage};
use presence::ids::{WorkId, WorkItemId};

use super::due::Due;
use super::plan::{Status, id};
use super::world::{World, tell_story};

/// Who did something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum By {
    /// The telephony backend, coupled to Omni-Channel.
    Backend,
    /// Omni-Channel, because it has lost the console.
    ConnectionLost,
    /// A command of Holdline's.
    Holdline(CommandId),
    /// Omni-Channel, after a declined or missed call.
    Omni,
    Rep,
    /// A supervisor, a maintenance, another login, a move to another data centre.
    Salesforce(&'static str),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Channel {
    Case,
    Messaging,
    Voice,
}

/// A call from the queue to its end.
#[derive(Clone, Debug)]
pub(crate) struct Call {
    pub(crate) contact: u64,
    pub(crate) work: Option<usize>,
    pub(crate) item: WorkItemId,
    /// The phone gets its contact only when the rep has accepted.
    pub(crate) callback: bool,
    /// When the conversation ended (or the caller gave up).
    pub(crate) over: Option<u64>,
    pub(crate) connected: bool,
}

#[derive(Clone, Debug)]
pub(crate) struct Work {
    pub(crate) id: WorkId,
    pub(crate) item: WorkItemId,
    pub(crate) channel: Channel,
    pub(crate) call: Option<usize>,
    pub(crate) stage: WorkStage,
    pub(crate) created: u64,
    pub(crate) since: u64,
    pub(crate) closed: Option<u64>,
    pub(crate) modified: u64,
    pub(crate) extensions: u32,
    pub(crate) wrap_up_ends: Option<u64>,
}

/// What Omni-Channel tells a console's page.
#[derive(Clone, Debug)]
pub(crate) enum Word {
    CallEnded {
        item: WorkItemId,
    },
    ConnectionError,
    LoggedOut {
        reason: Option<&'static str>,
        by: By,
    },
    Status {
        status: Status,
        by: By,
    },
    Work {
        work: usize,
        stage: WorkStage,
        declined: bool,
    },
    Workload(presence::event::Workload),
}

#[derive(Debug)]
pub(crate) struct Omni {
    pub(crate) calls: Vec<Call>,
    pub(crate) works: Vec<Work>,
    /// Not over, by place in `works`.
    pub(crate) open: Vec<usize>,
    /// Calls that wait for a rep.
    pub(crate) queue: Vec<usize>,
    pub(crate) presence: Option<Status>,
    pub(crate) presence_since: u64,
    /// Each change of presence makes a new row.
    pub(crate) rows: u64,
    /// The last change of works and of presence.
    pub(crate) changed: u64,
    pub(crate) instance: u64,
    last_push: u64,
    last_stream: u64,
    workload_milli: i64,
}

impl Omni {
    pub(crate) fn new() -> Self {
        Self {
            calls: Vec::new(),
            works: Vec::new(),
            open: Vec::new(),
            queue: Vec::new(),
            presence: None,
            presence_since: 0,
            rows: 1,
            changed: 0,
            instance: 1,
            last_push: 0,
            last_stream: 0,
            workload_milli: 0,
        }
    }

    pub(crate) fn open_voice(&self) -> impl Iterator<Item = usize> + '_ {
        let voice = |place: &usize| self.works[*place].channel == Channel::Voice;
        self.open.iter().copied().filter(voice)
    }

    /// Its conversation is over.
    pub(crate) fn in_wrap_up(&self, place: usize) -> bool {
        let work = &self.works[place];
        work.stage == WorkStage::Opened && work.call.is_some_and(|call| self.calls[call].over.is_some())
    }

    /// Thousandths of the capacity in use: a call takes all of it, other work a third.
    pub(crate) fn load_milli(&self) -> i64 {
        let weight = |place: &usize| match self.works[*place].channel {
            Channel::Voice => 6_000,
            Channel::Case | Channel::Messaging => 2_000,
        };
        self.open.iter().map(weight).sum()
    }
}

impl Word {
    /// As the bridge's adapter says it to the engine.
    pub(crate) fn event(&self, world: &World) -> Option<Event> {
        Some(match self {
            Self::CallEnded { item } => Event::ConversationEnded { item: *item },
            Self::ConnectionError => Event::ConnectionError,
            Self::LoggedOut { reason, .. } => Event::OmniLogout {
                reason: reason.map(|reason| LogoutReason(reason.to_owned())),
            },
            Self::Status { status, .. } => Event::StatusChanged {
                status: world.plan.status_id(*status),
            },
            Self::Work {
                work,
                stage,
                declined,
            } => {
                let work = &world.omni.works[*work];
                Event::Work {
                    seen: WorkSeen {
                        work: work.id,
                        item: work.item,
                        stage: *stage,
                    },
                    declined: *declined,
                }
            }
            Self::Workload(workload) => Event::Workload(*workload),
        })
    }
}

impl World {
    /// Works have changed: page and streaming hear of it.
    pub(crate) fn work_changed(&mut self, place: usize, declined: bool) {
        let t = self.t;
        self.omni.changed = t;
        self.verdict.something_else_happened();
        let work = &mut self.omni.works[place];
        work.modified = t;
        let stage = work.stage;
        tell_story!(
            self,
            "org: {} {:?} {stage:?}",
            self.omni.works[place].id,
            self.omni.works[place].channel
        );
        self.push(Word::Work {
            work: place,
            stage,
            declined,
        });
        let now_milli = self.omni.load_milli();
        if now_milli != self.omni.workload_milli {
            let workload = presence::event::Workload {
                configured_milli: 6_000,
                previous_milli: self.omni.workload_milli,
                new_milli: now_milli,
            };
            self.omni.workload_milli = now_milli;
            self.push(Word::Workload(workload));
        }
        self.stream_work(place);
    }

    /// Omni-Channel tells the page, in order.
    pub(crate) fn push(&mut self, word: Word) {
        let Some((instance, connection)) = self.page.hears_omni() else {
            return;
        };
        let at = (self.t + self.dice.between(20, 250)).max(self.omni.last_push);
        self.omni.last_push = at;
        let at = at.max(self.asleep_until);
        self.agenda.put(
            at,
            Due::PageHears {
                instance,
                connection,
                word,
            },
        );
    }

    fn stream_work(&mut self, place: usize) {
        if self.plan.streaming && self.omni.works[place].channel == Channel::Voice {
            let row = self.row(place);
            self.stream(vec![row], None);
        }
    }

    pub(crate) fn stream_presence(&mut self) {
        if self.plan.streaming {
            let row = self.presence_row();
            self.stream(Vec::new(), Some(row));
        }
    }

    /// Streaming messages come late, sometimes out of order, sometimes twice, and not at all while the cloud
    /// is out of reach.
    fn stream(&mut self, works: Vec<WorkRow>, presence: Option<PresenceRow>) {
        let Some(run) = self
            .signed_in_run()
            .filter(|_| !self.faults.cloud_is_down(self.t))
        else {
            return;
        };
        let event = Event::Streamed {
            works,
            presence,
            replay: Some(i64::try_from(self.t).unwrap_or(0)),
        };
        let mut at = self.t + self.dice.between(50, 2_000);
        if !self.dice.chance(100) {
            at = at.max(self.omni.last_stream);
        }
        self.omni.last_stream = self.omni.last_stream.max(at);
        let at = at.max(self.asleep_until);
        if self.dice.chance(50) {
            let again = at + self.dice.between(10, 60_000);
            self.agenda.put(
                again,
                Due::Streamed {
                    run,
                    event: event.clone(),
                },
            );
        }
        self.agenda.put(at, Due::Streamed { run, event });
    }

    /// A row as REST and streaming give it.
    pub(crate) fn row(&mut self, place: usize) -> WorkRow {
        let work = self.omni.works[place].clone();
        let call = work.call.map(|call| self.omni.calls[call].clone());
        let over = call.as_ref().and_then(|call| call.over);
        let modified = i64::try_from(work.modified).unwrap_or(0);
        WorkRow {
            work: work.id,
            item: work.item,
            stage: work.stage,
            voice: work.channel == Channel::Voice,
            conversation_ended: over.is_some(),
            vendor_call_key: call.map(|call| format!("key-{}", call.contact)),
            since_ms: Some(self.by_machine_clock(work.since)),
            closed_ms: work.closed.map(|t| self.by_machine_clock(t)),
            conversation_ended_ms: over.map(|t| self.by_machine_clock(t)),
            acw_extensions: work.extensions,
            modstamp_ms: Some(1_700_000_000_000 + modified),
        }
    }

    pub(crate) fn presence_row(&mut self) -> PresenceRow {
        let since = i64::try_from(self.omni.presence_since).unwrap_or(0);
        PresenceRow {
            row: self
                .omni
                .presence
                .is_some()
                .then(|| id::<WorkId>("0NX", self.omni.rows).0),
            status: self.omni.presence.map(|status| self.plan.status_id(status)),
            since_ms: self
                .omni
                .presence
                .is_some()
                .then(|| self.by_machine_clock(self.omni.presence_since)),
            modstamp_ms: Some(1_700_000_000_000 + since),
        }
    }

    /// Whether somebody talks to the rep or wants to.
    pub(crate) fn is_live(&self) -> bool {
        self.telephony.has_live_contact() || self.omni.open_voice().any(|place| !self.omni.in_wrap_up(place))
    }
}
