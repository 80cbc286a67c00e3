//! The console's partner carries commands out, by the clauses of docs/console-bridge.md.

use presence::effect::ConsoleAction;
use presence::event::{CommandOutcome, WorkSeen, WorkStage};

use super::bridge::Handout;
use super::due::Due;
use super::omni::{By, Channel};
use super::page::{Answer, Order};
use super::world::{Damage, World, tell_story};

impl World {
    pub(crate) fn poll_answered(&mut self, session: u64, handout: Handout) {
        if self.page.session != Some(session) {
            return;
        }
        let arrived = self.now();
        for command in handout.withdrawn {
            self.page.arms.retain(|armed| armed.command != command);
            self.page.withdrawn.push(command);
        }
        for (command, expires_in_ms, action) in handout.commands {
            let order = Order {
                command,
                expires_in_ms,
                action,
                arrived,
                session,
            };
            self.page.todo.push_back(order);
        }
        self.page_begins_soon();
        self.page_polls(session);
    }

    /// The last poll's answer takes everything back.
    pub(crate) fn page_is_told_of_the_end(&mut self) {
        if self.page.session.is_some() && self.t >= self.page.frozen_until && !self.is_asleep() {
            self.page.arms.clear();
            self.page.todo.clear();
        }
    }

    pub(crate) fn page_begins_soon(&mut self) {
        if let Some(instance) = self
            .page
            .instance
            .filter(|_| !self.page.busy && !self.page.todo.is_empty())
        {
            self.page.busy = true;
            let ms = self.dice.between(0, 5);
            self.soon(ms, Due::PageBegins { instance });
        }
    }

    pub(crate) fn is_late(&self, order: &Order) -> bool {
        self.now().since(order.arrived) > order.expires_in_ms
    }

    /// In order, one at a time.
    pub(crate) fn page_begins(&mut self) {
        let Some((instance, order)) = self.page.instance.zip(self.page.todo.pop_front()) else {
            // Taken back meanwhile by a Holdline that was leaving.
            self.page.busy = false;
            return;
        };
        if self.page.withdrawn.contains(&order.command) {
            return self.page_is_free();
        }
        if self.page.session != Some(order.session) || self.is_late(&order) {
            return self.page_is_answered(&order, CommandOutcome::Expired);
        }
        tell_story!(self, "page: begins {:?} {:?}", order.command, order.action);
        let ms = self.dice.between(2, 40);
        match order.action {
            ConsoleAction::Arm { .. } => {
                self.page.arms.push(order);
                self.page_is_free();
            }
            ConsoleAction::Snapshot => {
                let works = self.works_shown();
                self.soon(
                    ms,
                    Due::PageShowsState {
                        instance,
                        order,
                        works,
                    },
                );
            }
            ConsoleAction::CloseWork { .. } | ConsoleAction::Logout { .. } => {
                self.soon(
                    ms,
                    Due::PageLooked {
                        instance,
                        order,
                        armed: false,
                    },
                );
            }
            ConsoleAction::Login { .. } | ConsoleAction::SetStatus { .. } | ConsoleAction::Work { .. } => {
                self.tell_org(instance, order, false)
            }
        }
    }

    pub(crate) fn works_shown(&self) -> Vec<WorkSeen> {
        let seen = |(place, stage): &(usize, WorkStage)| {
            let work = &self.omni.works[*place];
            WorkSeen {
                work: work.id,
                item: work.item,
                stage: *stage,
            }
        };
        self.page.shown.iter().map(seen).collect()
    }

    /// `getAgentWorks` has answered: with a call left the logout does not follow.
    pub(crate) fn page_looked(&mut self, order: Order, armed: bool) {
        let Some(instance) = self.page.instance else {
            return;
        };
        if self.page.withdrawn.contains(&order.command) {
            return self.page_is_done(armed);
        }
        let stale = !armed && self.page.session != Some(order.session);
        let outcome = if stale || self.is_late(&order) {
            Some(CommandOutcome::Expired)
        } else {
            let except = match &order.action {
                ConsoleAction::Logout { wrapping_up, .. } => wrapping_up.as_slice(),
                _ => &[],
            };
            let stops =
                match &order.action {
                    ConsoleAction::CloseWork { work, .. } => self.page.shown.iter().any(|(place, _)| {
                        self.omni.works[*place].id == *work && !self.omni.in_wrap_up(*place)
                    }),
                    _ => self.page_shows_call(except) && self.tampering.damage != Some(Damage::NoLastLook),
                };
            stops.then_some(CommandOutcome::CallActive)
        };
        if outcome.is_none() && self.page_shows_conversation() {
            self.verdict.page_saw_call(order.command);
        }
        match outcome {
            Some(outcome) => self.page_answers(
                Answer {
                    command: order.command,
                    outcome,
                    state: None,
                },
                armed,
            ),
            None => self.tell_org(instance, order, armed),
        }
    }

    pub(crate) fn page_shows_call(&self, except: &[presence::ids::WorkId]) -> bool {
        self.page.shown.iter().any(|(place, _)| {
            let work = &self.omni.works[*place];
            work.channel == Channel::Voice && !except.contains(&work.id)
        })
    }

    /// A call that is more than its wrap-up.
    pub(crate) fn page_shows_conversation(&self) -> bool {
        let calls = self
            .page
            .shown
            .iter()
            .filter_map(|(place, _)| self.omni.works[*place].call);
        calls.into_iter().any(|call| self.omni.calls[call].over.is_none())
    }

    pub(crate) fn tell_org(&mut self, instance: u64, order: Order, armed: bool) {
        let ms = self.dice.between(10, 120);
        self.later(
            ms,
            Due::OrgIsTold {
                instance,
                order,
                armed,
            },
        );
    }

    /// The toolkit's call reaches Omni-Channel.
    pub(crate) fn org_is_told(&mut self, instance: u64, order: Order, armed: bool) {
        let by = By::Holdline(order.command);
        let says_no = !self.page.omni || self.faults.toolkit_says_no(self.t) || !self.page.is(instance);
        let outcome = if says_no && is_write(&order.action) {
            CommandOutcome::Failed
        } else if self.omni.presence.is_none() && must_not_log_in(&order.action) {
            CommandOutcome::LoggedOut
        } else {
            match &order.action {
                ConsoleAction::Arm { .. } | ConsoleAction::Logout { .. } => self.log_out(by),
                ConsoleAction::CloseWork { work, .. } => {
                    let found = self
                        .omni
                        .open
                        .iter()
                        .find(|place| self.omni.works[**place].id == *work);
                    if let Some(place) = found.copied() {
                        self.close_work(place);
                    }
                }
                ConsoleAction::Login { status } | ConsoleAction::SetStatus { status, .. } => {
                    if let Some(status) = self.plan.status_of(*status) {
                        self.set_presence(status, by);
                    }
                }
                // The shift's rep uses the console itself for these.
                ConsoleAction::Snapshot | ConsoleAction::Work { .. } => {}
            }
            CommandOutcome::Done
        };
        let ms = self.dice.between(10, 300);
        if armed {
            self.page_answers(
                Answer {
                    command: order.command,
                    outcome,
                    state: None,
                },
                true,
            );
        } else {
            self.soon(
                ms,
                Due::PageIsAnswered {
                    instance,
                    order,
                    outcome,
                },
            );
        }
    }

    pub(crate) fn page_is_answered(&mut self, order: &Order, outcome: CommandOutcome) {
        self.page_answers(
            Answer {
                command: order.command,
                outcome,
                state: None,
            },
            false,
        );
    }

    pub(crate) fn page_shows_state(&mut self, order: &Order, works: Vec<WorkSeen>) {
        let status = self.page.presence.map(|status| self.plan.status_id(status));
        let state = if self.faults.toolkit_says_no(self.t) || !self.page.omni {
            None
        } else {
            Some((works, status, self.page.ended.clone()))
        };
        let outcome = if state.is_some() {
            CommandOutcome::Done
        } else {
            CommandOutcome::Failed
        };
        self.page_answers(
            Answer {
                command: order.command,
                outcome,
                state,
            },
            false,
        );
    }

    pub(crate) fn page_answers(&mut self, answer: Answer, armed: bool) {
        self.page.answers.push_back(answer);
        self.page_reports();
        self.page_is_done(armed);
    }

    pub(crate) fn page_is_done(&mut self, armed: bool) {
        if !armed {
            self.page_is_free();
        }
    }

    pub(crate) fn page_is_free(&mut self) {
        self.page.busy = false;
        self.page_begins_soon();
    }
}

/// What a command does that the page takes to the org.
fn must_not_log_in(action: &ConsoleAction) -> bool {
    matches!(action, ConsoleAction::SetStatus { log_in: false, .. })
}

pub(crate) fn is_write(action: &ConsoleAction) -> bool {
    !matches!(action, ConsoleAction::Snapshot)
}
