//! The disk, and the org's REST interface.

use presence::event::{Event, PresenceRow, Ticket, WorkRow, WorkStage};
use presence::ids::WorkId;
use presence::problem::{Problem, ProblemCode};
use presence::time::Now;

use super::due::Due;
use super::world::{Damage, World};

impl World {
    // The disk

    pub(crate) fn save(&mut self, revision: u64) {
        let (early, run) = (self.tampering.damage == Some(Damage::EarlySaved), self.runs);
        let Some(holdline) = &mut self.holdline else {
            return;
        };
        let saved = holdline.engine.saved().clone();
        holdline.saves.push_back((revision, saved));
        if holdline.saves.len() == 1 {
            let ms = self.dice.between(1, 25);
            self.soon(ms, Due::DiskWrites { run });
        }
        if early {
            self.tell(Event::Saved { revision });
        }
    }

    pub(crate) fn disk_writes(&mut self) {
        let run = self.runs;
        let Some((revision, saved)) = self
            .holdline
            .as_mut()
            .and_then(|holdline| holdline.saves.pop_front())
        else {
            return;
        };
        if self
            .holdline
            .as_ref()
            .is_some_and(|holdline| !holdline.saves.is_empty())
        {
            let ms = self.dice.between(1, 25);
            self.soon(ms, Due::DiskWrites { run });
        }
        if self.faults.disk_is_full(self.t) {
            return self.tell(Event::SaveFailed {
                revision,
                reason: "no space left on device".to_owned(),
            });
        }
        self.stored = saved;
        self.verdict.written(
            self.holdline
                .as_ref()
                .is_some_and(|holdline| holdline.saves.is_empty()),
        );
        self.tell(Event::Saved { revision });
    }

    // REST: works, then the presence; one complete answer

    pub(crate) fn read_works(&mut self, asked: Now, watch: &[WorkId]) {
        let run = self.runs;
        if self.faults.cloud_is_down(self.t) {
            let ms = self.dice.between(10, 10_000);
            return self.soon(ms, Due::ReadFails { run });
        }
        let watched = |place: &usize| {
            let work = &self.omni.works[*place];
            work.stage != WorkStage::Ended || watch.contains(&work.id)
        };
        // Only the newest can be open or watched.
        let from = self.omni.works.len().saturating_sub(64);
        let places: Vec<usize> = (from..self.omni.works.len()).filter(watched).collect();
        let works: Vec<WorkRow> = places.into_iter().map(|place| self.row(place)).collect();
        let ms = self.dice.between(20, 300);
        self.soon(ms, Due::ReadPresence { run, asked, works });
    }

    pub(crate) fn read_presence(&mut self, asked: Now, works: Vec<WorkRow>) {
        let run = self.runs;
        let presence = self.presence_row();
        let ms = self.dice.between(20, 300) + self.faults.cloud_delay(self.t, &mut self.dice);
        self.soon(
            ms,
            Due::ReadArrives {
                run,
                asked,
                works,
                presence,
            },
        );
    }

    pub(crate) fn read_arrives(&mut self, asked: Now, works: Vec<WorkRow>, presence: PresenceRow) {
        self.tell(Event::Rows {
            asked,
            works,
            presence,
        });
    }

    pub(crate) fn read_fails(&mut self) {
        let limit = self.faults.request_limit(self.t);
        let (problem, retry_after_ms) = if limit {
            let problem = Problem {
                code: ProblemCode::RequestLimit,
                about: String::new(),
            };
            (problem, Some(self.dice.between(30_000, 120_000)))
        } else {
            (unreachable_org(), None)
        };
        self.tell(Event::ReadFailed {
            problem,
            retry_after_ms,
        });
    }

    /// A number for the next requester.
    pub(crate) fn next_ticket(&mut self) -> Ticket {
        self.rep.tickets += 1;
        Ticket(self.rep.tickets)
    }
}

pub(crate) fn unreachable_org() -> Problem {
    Problem {
        code: ProblemCode::OrgUnreachable,
        about: "connection refused".to_owned(),
    }
}
