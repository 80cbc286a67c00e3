//! The page's reports reach Holdline: each event is taken in once, and each command answered once.

use presence::event::Event;

use super::due::Due;
use super::world::World;

impl World {
    pub(crate) fn report_arrives(&mut self, instance: u64, session: u64, events_to: u64, results: usize) {
        if !self.page.is(instance) || self.page.session != Some(session) {
            return;
        }
        let now = self.now();
        let up = self.holdline.is_some();
        let Some(leader) = self.leads(session) else {
            return self.poll_fails(session, up);
        };
        leader.heard = now;
        let console = leader.console;
        self.tell(Event::ConsoleHeard { console });
        let last = self.last_taken(instance);
        let outbox: Vec<_> = self
            .page
            .outbox
            .iter()
            .filter(|(number, ..)| *number <= events_to)
            .cloned()
            .collect();
        for (number, event, by) in outbox {
            if number > last {
                self.set_last_taken(instance, number);
                self.verdict.next_is_by(by);
                self.tell(event);
            }
        }
        let answers: Vec<_> = self.page.answers.iter().take(results).cloned().collect();
        for answer in answers {
            let Some(bridge) = self.bridge() else { return };
            let Some(place) = bridge
                .fetched
                .iter()
                .position(|fetched| *fetched == answer.command)
            else {
                continue;
            };
            bridge.fetched.remove(place);
            let command = answer.command;
            if let Some((works, status, conversations_ended)) = answer.state {
                self.tell(Event::ConsoleSnapshot {
                    console,
                    command,
                    works,
                    status,
                    conversations_ended,
                });
            }
            self.answered(command, answer.outcome);
        }
        let late = self.faults.delay(self.t, &mut self.dice);
        if self.faults.loses(self.t, &mut self.dice) {
            self.soon(late + 500, Due::ReportFails { instance, session });
        } else {
            self.soon(
                late,
                Due::ReportTaken {
                    instance,
                    session,
                    events_to,
                    results,
                },
            );
        }
    }

    fn last_taken(&mut self, instance: u64) -> u64 {
        let Some(bridge) = self.bridge() else { return 0 };
        bridge
            .taken
            .iter()
            .find(|(page, _)| *page == instance)
            .map_or(0, |(_, last)| *last)
    }

    fn set_last_taken(&mut self, instance: u64, number: u64) {
        let Some(bridge) = self.bridge() else { return };
        match bridge.taken.iter_mut().find(|(page, _)| *page == instance) {
            Some((_, last)) => *last = number,
            None => bridge.taken.push((instance, number)),
        }
    }
}
