//! Which works are open in the console.

use std::collections::{BTreeMap, BTreeSet};

use presence::ids::{WorkId, WorkItemId};
use wire::bridge::{AgentWork, ConsoleEvent};

/// A moment between two events.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Turn(u64);

/// The console's open works, from `getAgentWorks` and events.
///
/// A work that an event has closed or declined stays so, whatever an answer that is on its way still says;
/// one assigned since `getAgentWorks` was asked is open although the answer does not have it yet.
#[derive(Debug, Default)]
pub(super) struct Works {
    open: BTreeMap<WorkId, Open>,
    over: BTreeSet<WorkId>,
    ended: BTreeSet<WorkItemId>,
    turn: u64,
}

#[derive(Debug)]
struct Open {
    item: WorkItemId,
    since: Turn,
}

impl Works {
    /// Now, for [`Works::settle`].
    pub(super) fn turn(&self) -> Turn {
        Turn(self.turn)
    }

    /// Something happened.
    pub(super) fn note(&mut self, event: &ConsoleEvent) {
        self.turn += 1;
        match *event {
            ConsoleEvent::WorkAccepted {
                work_id,
                work_item_id,
            }
            | ConsoleEvent::WorkAssigned {
                work_id,
                work_item_id,
            } if !self.over.contains(&work_id) => {
                let open = Open {
                    item: work_item_id,
                    since: self.turn(),
                };
                self.open.insert(work_id, open);
            }
            ConsoleEvent::WorkClosed {
                work_id,
                work_item_id,
            }
            | ConsoleEvent::WorkDeclined {
                work_id,
                work_item_id,
            } => {
                self.over.insert(work_id);
                self.open.remove(&work_id);
                self.ended.remove(&work_item_id);
            }
            ConsoleEvent::ConversationEnded { work_item_id } => {
                self.ended.insert(work_item_id);
            }
            _ => {}
        }
    }

    /// `getAgentWorks`, asked at `asked`, has answered.
    pub(super) fn settle(&mut self, asked: Turn, list: &[AgentWork]) {
        for work in list {
            if !self.over.contains(&work.work_id) {
                let open = Open {
                    item: work.work_item_id,
                    since: asked,
                };
                self.open.entry(work.work_id).or_insert(open);
            }
        }
        self.open
            .retain(|id, open| open.since > asked || list.iter().any(|work| work.work_id == *id));
    }

    /// Whether a call is open, those in `except` not counted.
    pub(super) fn has_voice(&self, prefixes: &[String], except: &[WorkId]) -> bool {
        self.open
            .iter()
            .any(|(id, open)| is_voice(open.item, prefixes) && !except.contains(id))
    }

    /// Whether this is an open call whose conversation is not known to have ended.
    pub(super) fn is_talking(&self, work: WorkId, prefixes: &[String]) -> bool {
        self.open
            .get(&work)
            .is_some_and(|open| is_voice(open.item, prefixes) && !self.ended.contains(&open.item))
    }

    /// Work items whose conversation has ended and whose work has not been closed.
    pub(super) fn conversations_ended(&self) -> Vec<WorkItemId> {
        self.ended.iter().copied().collect()
    }
}

/// Whether a work item is a call, by its key prefix.
pub(super) fn is_voice(item: WorkItemId, prefixes: &[String]) -> bool {
    prefixes.iter().any(|prefix| item.0.has_prefix(prefix))
}
