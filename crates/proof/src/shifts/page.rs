//! The console's page: what it hears from Omni-Channel, and the partner's clauses of docs/console-bridge.md.

use std::collections::VecDeque;

use presence::effect::ConsoleAction;
use presence::event::{CommandId, CommandOutcome, Event, WorkSeen, WorkStage};
use presence::ids::{StatusId, WorkItemId};
use presence::time::Now;

use super::due::Due;
use super::omni::{By, Word};
use super::world::{Damage, World, tell_story};

/// How long Omni-Channel waits for a console that it has lost.
const CONNECTION_LOST_MS: u64 = 45_000;

/// A command as it came.
#[derive(Clone, Debug)]
pub(crate) struct Order {
    pub(crate) command: CommandId,
    pub(crate) expires_in_ms: u64,
    pub(crate) action: ConsoleAction,
    pub(crate) arrived: Now,
    pub(crate) session: u64,
}

/// An answer to a command.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    pub(crate) command: CommandId,
    pub(crate) outcome: CommandOutcome,
    pub(crate) state: Option<(Vec<WorkSeen>, Option<StatusId>, Vec<WorkItemId>)>,
}

/// One life of the page, from its loading to its end; and what the next one counts on from.
#[derive(Debug, Default)]
pub(crate) struct Page {
    pub(crate) instance: Option<u64>,
    pub(crate) instances: u64,
    /// The browser does not let it run until then.
    pub(crate) frozen_until: u64,
    /// It has Omni-Channel's events; and the number of that connection.
    pub(crate) omni: bool,
    pub(crate) connection: u64,
    /// Open works in the toolkit, by place, and how far they have come.
    pub(crate) shown: Vec<(usize, WorkStage)>,
    pub(crate) presence: Option<super::plan::Status>,
    pub(crate) ended: Vec<WorkItemId>,
    /// The bridge.
    pub(crate) session: Option<u64>,
    pub(crate) opened_at: u64,
    pub(crate) hello_failures: u32,
    pub(crate) todo: VecDeque<Order>,
    pub(crate) busy: bool,
    pub(crate) arms: Vec<Order>,
    pub(crate) withdrawn: Vec<CommandId>,
    /// Not yet acknowledged, with their numbers.
    pub(crate) outbox: VecDeque<(u64, Event, Option<By>)>,
    pub(crate) numbered: u64,
    pub(crate) answers: VecDeque<Answer>,
    pub(crate) reporting: bool,
}

impl Page {
    pub(crate) fn is(&self, instance: u64) -> bool {
        self.instance == Some(instance)
    }

    /// The life that gets Omni-Channel's events, and over which connection.
    pub(crate) fn hears_omni(&self) -> Option<(u64, u64)> {
        self.instance
            .filter(|_| self.omni)
            .map(|instance| (instance, self.connection))
    }
}

impl World {
    // The page's life

    pub(crate) fn page_opens(&mut self) {
        if self.page.instance.is_some() {
            return;
        }
        self.page.instances += 1;
        let instance = self.page.instances;
        self.page = Page {
            instance: Some(instance),
            instances: instance,
            ..Page::default()
        };
        tell_story!(self, "page {instance} opens");
        let load = self.dice.between(500, 4_000);
        self.soon(load, Due::PageLoadsOmni { instance });
        self.soon(load + 100, Due::PageSaysHello { instance });
    }

    pub(crate) fn page_closes(&mut self) {
        let Some(instance) = self.page.instance.take() else {
            return;
        };
        tell_story!(self, "page {instance} closes");
        self.page.omni = false;
        let session = self.page.session.take();
        if let (Some(session), Some(run)) = (session, self.signed_in_run()) {
            self.soon(3_000, Due::PollDropped { run, session });
        }
        self.later(CONNECTION_LOST_MS, Due::ConnectionLost);
    }

    /// The machine sleeps or the page is frozen: Omni-Channel loses it, too.
    pub(crate) fn page_is_out_of_reach(&mut self) {
        if self.page.instance.is_some() {
            self.later(CONNECTION_LOST_MS, Due::ConnectionLost);
        }
    }

    /// The toolkit is there, and shows what is so.
    pub(crate) fn page_loads_omni(&mut self) {
        let open = &self.omni.open;
        self.page.shown = open
            .iter()
            .map(|place| (*place, self.omni.works[*place].stage))
            .collect();
        self.page.presence = self.omni.presence;
        self.page.omni = true;
        self.page.connection += 1;
        self.route();
    }

    /// Omni-Channel's connection drops for a while.
    pub(crate) fn page_loses_omni(&mut self) {
        if self.page.hears_omni().is_some() {
            self.withdraw_offers();
            self.push(Word::ConnectionError);
            self.page.omni = false;
        }
    }

    pub(crate) fn page_regains_omni(&mut self) {
        if self.page.instance.is_some() && !self.page.omni {
            self.page_loads_omni();
        }
    }

    pub(crate) fn page_hears(&mut self, connection: u64, word: Word) {
        if self.page.connection != connection && !matches!(word, Word::ConnectionError) {
            // Lost with its connection.
            return;
        }
        match &word {
            Word::Work {
                work,
                stage: WorkStage::Ended,
                ..
            } => {
                self.page.shown.retain(|(shown, _)| shown != work);
            }
            Word::Work { work, stage, .. } => {
                match self.page.shown.iter_mut().find(|(shown, _)| shown == work) {
                    Some((_, shown)) => *shown = (*stage).max(*shown),
                    None => self.page.shown.push((*work, *stage)),
                }
            }
            Word::CallEnded { item } => self.page.ended.push(*item),
            Word::LoggedOut { .. } => self.page.presence = None,
            Word::Status { status, .. } => {
                self.page.presence = Some(*status);
                if self.page.session.is_none() {
                    // Chosen in the console while Holdline is away: the newer intent.
                    self.page.arms.clear();
                }
            }
            Word::ConnectionError | Word::Workload(_) => {}
        }
        let by = match &word {
            Word::LoggedOut { by, .. } | Word::Status { by, .. } => Some(*by),
            _ => None,
        };
        if let Some(mut event) = word.event(self) {
            if self.tampering.damage == Some(Damage::WrongStage)
                && let Event::Work { seen, declined: true } = &mut event
            {
                seen.stage = WorkStage::Opened;
            }
            self.page.numbered += 1;
            self.page.outbox.push_back((self.page.numbered, event, by));
        }
        self.fire_arms(&word);
        self.page_reports();
    }
}
