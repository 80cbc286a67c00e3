//! The org: works, presence, and what it answers by REST.

use presence::event::{Event, LogoutReason, PresenceRow, WorkRow, WorkSeen, WorkStage};
use presence::ids::{RecordId, StatusId, WorkId, WorkItemId};
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

    /// The org answers a question of this moment.
    pub(crate) fn tell_rows(&mut self) {
        let rows = self.rows(self.now, &[]);
        self.tell(rows);
    }

    pub(crate) fn rows(&self, asked: Now, watch: &[WorkId]) -> Event {
        let open_or_watched =
            |(id, work): &(&WorkId, &TrueWork)| work.stage != WorkStage::Ended || watch.contains(id);
        let current = PresenceRow {
            row: Some(self.presence_row()),
            status: self.presence,
            since_ms: Some(self.presence_since_ms),
            modstamp_ms: Some(self.presence_modstamp_ms),
        };
        let none = PresenceRow {
            row: None,
            status: None,
            since_ms: None,
            modstamp_ms: None,
        };
        Event::Rows {
            asked,
            works: self.works.iter().filter(open_or_watched).map(row_of).collect(),
            // The org is asked for the current row, and at a logout there is none.
            presence: if self.presence.is_some() { current } else { none },
        }
    }

    /// Each status chosen made a new row; a logout only changes the row that was there.
    fn presence_row(&self) -> RecordId {
        let made = self.changes.iter().filter(|(_, to)| to.is_some()).count();
        id::<StatusId>("0NX", u32::try_from(made).unwrap()).0
    }

    fn modstamp(&mut self) -> i64 {
        self.org_ms += 1;
        self.org_ms
    }

    // The stream

    /// A row of the work, as it is now, is on its way.
    fn stream_work(&mut self, work: WorkId) {
        let modstamp_ms = self.modstamp();
        let known = self.works.get_mut(&work).expect("a work");
        known.modstamp_ms = modstamp_ms;
        let row = row_of((&work, known));
        self.stream_message(vec![row], None);
    }

    fn stream_presence(&mut self) {
        self.presence_modstamp_ms = self.modstamp();
        let row = PresenceRow {
            row: Some(self.presence_row()),
            status: self.presence,
            since_ms: Some(self.presence_since_ms),
            modstamp_ms: Some(self.presence_modstamp_ms),
        };
        self.stream_message(Vec::new(), Some(row));
    }

    fn stream_message(&mut self, works: Vec<WorkRow>, presence: Option<PresenceRow>) {
        if self.streaming {
            self.streamed += 1;
            self.stream.push_back(Event::Streamed {
                works,
                presence,
                replay: Some(self.streamed),
            });
        }
    }

    /// The next message reaches Holdline.
    pub(crate) fn run_stream(&mut self) -> bool {
        let Some(message) = self.stream.pop_front() else {
            return false;
        };
        self.tell(message);
        true
    }

    /// A data-centre switch: everybody is logged out, nobody's console tells of it, and what rang is over.
    pub(crate) fn move_org(&mut self) {
        let moves = self.catalogue.instance.take().map_or(0, |name| name.len());
        self.catalogue.instance = Some("X".repeat(moves + 1));
        self.stream.clear();
        self.streamed = 0;
        let now = self.now;
        for work in self
            .works
            .values_mut()
            .filter(|work| work.stage == WorkStage::Assigned)
        {
            work.stage = WorkStage::Ended;
            work.closed_ms = Some(now.wall_ms);
        }
        if self.presence.take().is_some() {
            self.presence_since_ms = now.wall_ms;
            self.changes.push((By::Omni, None));
        }
        self.tell(Event::Catalogue(self.catalogue.clone()));
        self.deliver_if_prompt();
    }

    /// The rep extends the wrap-up in Salesforce.
    pub(crate) fn extend(&mut self, work: WorkId) {
        self.works.get_mut(&work).expect("a work").extensions += 1;
        self.stream_work(work);
        self.deliver_if_prompt();
    }

    pub(crate) fn new_work(&mut self, item_prefix: &str, voice: bool) -> WorkId {
        let item = id(item_prefix, self.numbers + 1);
        self.route(item, voice)
    }

    /// A work item is assigned to the rep, perhaps not for the first time.
    pub(crate) fn route(&mut self, item: WorkItemId, voice: bool) -> WorkId {
        self.numbers += 1;
        let work = id("0Bz", self.numbers);
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
                conversation_ended_ms: None,
                extensions: 0,
                modstamp_ms: 0,
            },
        );
        self.stream_work(work);
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
        // Of another record (VoiceCall): this row's version stays what it is.
        known.conversation_ended_ms.get_or_insert(self.now.wall_ms);
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
        self.stream_work(work);
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

    pub(crate) fn extend_nth(&mut self, n: u8) {
        self.nth(n, WorkStage::Opened)
            .into_iter()
            .for_each(|work| self.extend(work));
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
        self.stream_presence();
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

/// AgentWork's row as it is now.
pub(crate) fn row_of((id, work): (&WorkId, &TrueWork)) -> WorkRow {
    WorkRow {
        work: *id,
        item: work.item,
        stage: work.stage,
        voice: work.voice,
        conversation_ended: work.conversation_ended,
        vendor_call_key: work.key.clone(),
        since_ms: Some(work.since_ms),
        closed_ms: work.closed_ms,
        conversation_ended_ms: work.conversation_ended_ms,
        acw_extensions: work.extensions,
        modstamp_ms: Some(work.modstamp_ms),
    }
}
