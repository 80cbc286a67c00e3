//! The console bridge from the page's end: hello, polls, reports.

use super::due::Due;
use super::world::World;

impl World {
    pub(crate) fn page_says_hello(&mut self) {
        let Some(instance) = self.page.instance.filter(|_| self.page.session.is_none()) else {
            return;
        };
        let late = self.faults.delay(self.t, &mut self.dice);
        match self
            .signed_in_run()
            .filter(|_| !self.faults.loses(self.t, &mut self.dice))
        {
            Some(run) => self.soon(late, Due::HelloArrives { run, instance }),
            None => self.hello_fails(instance),
        }
    }

    /// Tries again after 1 s, doubling to 30 s.
    pub(crate) fn hello_fails(&mut self, instance: u64) {
        let pause = 1_000 << self.page.hello_failures.min(5);
        self.page.hello_failures += 1;
        self.soon(pause.min(30_000), Due::PageSaysHello { instance });
    }

    pub(crate) fn session_opens(&mut self, instance: u64, session: u64) {
        self.page.session = Some(session);
        self.page.hello_failures = 0;
        self.page.opened_at = self.t;
        self.page.arms.clear();
        self.page.reporting = false;
        self.soon(1, Due::PagePolls { instance, session });
        self.page_reports();
    }

    pub(crate) fn page_polls(&mut self, session: u64) {
        let Some(instance) = self.page.instance.filter(|_| self.page.session == Some(session)) else {
            return;
        };
        let late = self.faults.delay(self.t, &mut self.dice);
        let lost = self.faults.loses(self.t, &mut self.dice);
        let due = if lost {
            Due::PollFails {
                instance,
                session,
                by_holdline: false,
            }
        } else {
            Due::PollArrives { instance, session }
        };
        self.soon(late, due);
    }

    /// The session is over; what is armed stays so unless Holdline has ended it.
    pub(crate) fn poll_fails(&mut self, session: u64, by_holdline: bool) {
        let Some(instance) = self.page.instance.filter(|_| self.page.session == Some(session)) else {
            return;
        };
        self.page.session = None;
        self.page.reporting = false;
        if by_holdline {
            self.page.arms.clear();
        }
        self.soon(50, Due::PageSaysHello { instance });
    }

    /// One report at a time, with all that is not acknowledged.
    pub(crate) fn page_reports(&mut self) {
        let something = !self.page.outbox.is_empty() || !self.page.answers.is_empty();
        let Some((instance, session)) = self.page.instance.zip(self.page.session) else {
            return;
        };
        if !something || self.page.reporting {
            return;
        }
        self.page.reporting = true;
        let events_to = self.page.outbox.back().map_or(0, |(number, ..)| *number);
        let results = self.page.answers.len();
        let late = self.faults.delay(self.t, &mut self.dice);
        if self.faults.loses(self.t, &mut self.dice) {
            self.soon(late + 500, Due::ReportFails { instance, session });
        } else {
            self.soon(
                late,
                Due::ReportArrives {
                    instance,
                    session,
                    events_to,
                    results,
                },
            );
        }
    }

    pub(crate) fn report_fails(&mut self, session: u64) {
        if self.page.session == Some(session) {
            self.page.reporting = false;
            self.page_reports();
        }
    }

    pub(crate) fn report_taken(&mut self, session: u64, events_to: u64, results: usize) {
        while self
            .page
            .outbox
            .front()
            .is_some_and(|(number, ..)| *number <= events_to)
        {
            self.page.outbox.pop_front();
        }
        self.page.answers.drain(..results.min(self.page.answers.len()));
        self.report_fails(session);
    }
}
