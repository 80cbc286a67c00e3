//! What waits to be reported: events until they are acknowledged, answers until they are taken.

use wire::bridge::{CommandResult, ConsoleEvent, NumberedEvent};

/// The most events that are kept for a Holdline that is away.
pub(super) const MOST_EVENTS: usize = 1000;

/// The most events in one report.
const MOST_IN_A_REPORT: usize = 200;

/// See the module.
#[derive(Debug, Default)]
pub(super) struct Outbox {
    events: Vec<NumberedEvent>,
    results: Vec<CommandResult>,
    seq: u64,
}

/// The contents of one report.
#[derive(Clone, Debug, Default)]
pub(super) struct Batch {
    pub(super) events: Vec<NumberedEvent>,
    pub(super) results: Vec<CommandResult>,
}

/// There are too many events waiting; this one was not kept.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Full;

impl Outbox {
    pub(super) fn add_event(&mut self, event: ConsoleEvent) -> Result<(), Full> {
        if self.events.len() >= MOST_EVENTS {
            return Err(Full);
        }
        self.seq += 1;
        self.events.push(NumberedEvent { seq: self.seq, event });
        Ok(())
    }

    pub(super) fn add_result(&mut self, result: CommandResult) {
        self.results.push(result);
    }

    /// The next report, if there is anything to say. Answers go with the last of the events before them.
    pub(super) fn batch(&self) -> Option<Batch> {
        let whole = self.events.len() <= MOST_IN_A_REPORT;
        let empty = self.events.is_empty() && self.results.is_empty();
        (!empty).then(|| Batch {
            events: self.events.iter().take(MOST_IN_A_REPORT).cloned().collect(),
            results: if whole { self.results.clone() } else { Vec::new() },
        })
    }

    /// Holdline has taken the report: its answers, and events up to a number. Whether that was anything.
    pub(super) fn taken(&mut self, batch: &Batch, events_taken: u64) -> bool {
        let before = self.events.len() + self.results.len();
        self.events.retain(|numbered| numbered.seq > events_taken);
        self.results.retain(|result| !batch.results.contains(result));
        self.events.len() + self.results.len() < before
    }
}

#[cfg(test)]
mod tests {
    use wire::bridge::Outcome;

    use super::*;

    fn event() -> ConsoleEvent {
        ConsoleEvent::Logout { reason: None }
    }

    #[test]
    fn events_are_numbered_from_one_and_kept_until_acknowledged() {
        let mut outbox = Outbox::default();
        for _ in 0..3 {
            outbox.add_event(event()).unwrap();
        }
        let batch = outbox.batch().unwrap();
        assert_eq!(batch.events.iter().map(|e| e.seq).collect::<Vec<_>>(), [1, 2, 3]);
        assert!(outbox.taken(&batch, 2));
        assert_eq!(outbox.batch().unwrap().events[0].seq, 3);
    }

    #[test]
    fn it_is_bounded() {
        let mut outbox = Outbox::default();
        for _ in 0..MOST_EVENTS {
            outbox.add_event(event()).unwrap();
        }
        assert_eq!(outbox.add_event(event()), Err(Full));
        assert_eq!(outbox.batch().unwrap().events.len(), MOST_IN_A_REPORT);
    }

    #[test]
    fn an_answer_waits_for_the_events_before_it() {
        let mut outbox = Outbox::default();
        for _ in 0..MOST_IN_A_REPORT + 1 {
            outbox.add_event(event()).unwrap();
        }
        let outcome = Outcome::Done { snapshot: None };
        outbox.add_result(CommandResult {
            id: "a".to_owned(),
            outcome,
        });
        let first = outbox.batch().unwrap();
        assert!(first.results.is_empty());
        assert!(!outbox.taken(&first, 0));
        assert!(outbox.taken(&first, 200));
        let second = outbox.batch().unwrap();
        assert_eq!(second.results.len(), 1);
        assert!(outbox.taken(&second, 201));
        assert!(outbox.batch().is_none());
    }
}
