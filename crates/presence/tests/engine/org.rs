//! The org: works, presence, and what it answers by REST.

use presence::event::{Event, LogoutReason, PresenceRow, WorkRow, WorkSeen, WorkStage};
use presence::ids::{RecordId, StatusId, WorkId};
use presence::problem::{Problem, ProblemCode};
use presence::time::Now;

use crate::world::{By, TrueWork, World, id};

impl World {
    pub(crate) fn run_read(&mut self) -> bool {
        let Some((asked, watch)) = self.reads.pop_front() else {
            return false;
        };
        if self.org_down {
            self.tell(Event::ReadFailed {
                problem: Problem {
                    code: ProblemCode::OrgUnreachable,
                    about: "connection refused".to_owned(),
                },
                retry_after_ms: None,
            });
        } else {
            let rows = self.rows(asked, &watch);
            self.tell(rows);
        }
        true
    }

    pub(crate) fn rows(&self, asked: Now, watch: &[WorkId]) -> Event {
        let open_or_watched =
            |(id, work): &(&WorkId, &TrueWork)| work.stage != WorkStage::Ended || watch.contains(id);
        let row = |(id, work): (&WorkId, &TrueWork)| WorkRow {
            work: *id,
            item: work.item,
            stage: work.stage,
            voice: work.voice,
            conversation_ended: work.conversation_ended,
            vendor_call_key: work.key.clone(),
            since_ms: Some(work.since_ms),
            closed_ms: work.closed_ms,
            conversation_ended_ms: None,
            acw_extensions: 0,
            modstamp_ms: None,
        };
        Event::Rows {
            asked,
            works: self.works.iter().filter(open_or_watched).map(row).collect(),
            presence: PresenceRow {
                row: Some(self.presence_row()),
                status: self.presence,
                since_ms: Some(self.presence_since_ms),
                modstamp_ms: None,
            },
        }
    }

    /// Each change of presence made a new row.
    fn presence_row(&self) -> RecordId {
        let made = u32::try_from(self.changes.len()).unwrap();
        id::<StatusId>("0NX", made).0
    }

    pub(crate) fn new_work(&mut self, item_prefix: &str, voice: bool) -> WorkId {
        self.numbers += 1;
        let work = id("0Bz", self.numbers);
        let item = id(item_prefix, self.numbers);
        self.works.insert(
            work,
            TrueWork {
                item,
                stage: WorkStage::Assigned,
                voice,
                conversation_ended: false,
                key: voice.then(|| format!("key-{}", self.numbers)),
                since_ms: self.now.wall_ms,
                closed_ms: None,
            },
        );
        self.console_event(Event::Work {
            seen: WorkSeen {
                work,
                item,
                stage: WorkStage::Assigned,
            },
            declined: false,
        });
        work
    }

    /// A call is assigned to the rep: it rings.
    pub(crate) fn call(&mut self) -> WorkId {
        self.new_work("0LQ", true)
    }

    /// Work of another channel.
    pub(crate) fn email(&mut self) -> WorkId {
        self.new_work("02s", false)
    }

    pub(crate) fn accept(&mut self, work: WorkId) {
        self.move_work(work, WorkStage::Opened, false);
    }

    pub(crate) fn decline(&mut self, work: WorkId) {
        self.move_work(work, WorkStage::Ended, true);
    }

    pub(crate) fn close(&mut self, work: WorkId) {
        self.move_work(work, WorkStage::Ended, false);
    }

    pub(crate) fn hang_up(&mut self, work: WorkId) {
        let Some(known) = self.works.get_mut(&work).filter(|w| w.stage == WorkStage::Opened) else {
            return;
        };
        known.conversation_ended = true;
        let item = known.item;
        self.console_event(Event::ConversationEnded { item });
    }

    pub(crate) fn move_work(&mut self, work: WorkId, stage: WorkStage, declined: bool) {
        let now = self.now;
        let Some(known) = self.works.get_mut(&work).filter(|known| known.stage < stage) else {
            return;
        };
        known.stage = stage;
        if stage == WorkStage::Ended {
            known.closed_ms = Some(now.wall_ms);
        } else {
            known.since_ms = now.wall_ms;
        }
        let (item, voice) = (known.item, known.voice);
        let seen = WorkSeen { work, item, stage };
        if stage == WorkStage::Ended && voice && !declined {
            // The page hears of it and its arms fire before anything else can happen there.
            self.queue_console_event(Event::Work { seen, declined });
            self.fire_arms();
            self.deliver_if_prompt();
        } else {
            self.console_event(Event::Work { seen, declined });
        }
    }

    pub(crate) fn nth(&self, n: u8, stage: WorkStage) -> Option<WorkId> {
        let at: Vec<WorkId> = self
            .works
            .iter()
            .filter(|(_, work)| work.stage == stage)
            .map(|(id, _)| *id)
            .collect();
        (!at.is_empty()).then(|| at[usize::from(n) % at.len()])
    }

    pub(crate) fn first_call_is_over(&self) -> bool {
        let first = self
            .works
            .values()
            .find(|work| work.key.as_deref() == Some("key-1"));
        first.is_some_and(|work| work.conversation_ended || work.stage == WorkStage::Ended)
    }

    pub(crate) fn accept_nth(&mut self, n: u8) {
        self.nth(n, WorkStage::Assigned)
            .into_iter()
            .for_each(|work| self.accept(work));
    }

    pub(crate) fn decline_nth(&mut self, n: u8) {
        self.nth(n, WorkStage::Assigned)
            .into_iter()
            .for_each(|work| self.decline(work));
    }

    pub(crate) fn hang_up_nth(&mut self, n: u8) {
        self.nth(n, WorkStage::Opened)
            .into_iter()
            .for_each(|work| self.hang_up(work));
    }

    /// Also an offered one: the caller gave up. `opened_only`: not so.
    pub(crate) fn close_nth(&mut self, n: u8, opened_only: bool) {
        let offered = self.nth(n, WorkStage::Assigned).filter(|_| !opened_only);
        let work = self.nth(n, WorkStage::Opened).or(offered);
        work.into_iter().for_each(|work| self.close(work));
    }

    /// A voice work is open in the org, in wrap-up or not.
    pub(crate) fn has_voice_work(&self) -> bool {
        self.works
            .values()
            .any(|work| work.voice && work.stage != WorkStage::Ended)
    }

    // Presence in the org

    pub(crate) fn set_presence(&mut self, by: By, to: Option<StatusId>, reason: Option<&str>) {
        if self.presence == to {
            return;
        }
        self.presence = to;
        self.presence_since_ms = self.now.wall_ms;
        self.changes.push((by, to));
        if self.watched
            && let (By::Command(command), None) = (by, to)
        {
            self.check_logout(command);
        }
        let event = match to {
            Some(status) => Event::StatusChanged { status },
            None => Event::OmniLogout {
                reason: reason.map(|reason| LogoutReason(reason.to_owned())),
            },
        };
        self.page.outbox.push_back((event, Some(by)));
        self.deliver_if_prompt();
    }

    /// The rep chooses in the Omni-Channel widget; `None`: Offline.
    pub(crate) fn pick(&mut self, to: Option<StatusId>) {
        self.set_presence(By::Rep, to, None);
    }

    pub(crate) fn is_logged_out(&self) -> bool {
        self.presence.is_none()
    }

    pub(crate) fn logouts(&self) -> usize {
        self.changes
            .iter()
            .filter(|(by, to)| matches!(by, By::Command(_)) && to.is_none())
            .count()
    }
}
