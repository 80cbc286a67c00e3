//! The console page: commands, what is armed, and reports.

use presence::effect::ConsoleAction;
use presence::event::{CommandId, CommandOutcome, ConsoleId, Event, WorkAction, WorkSeen, WorkStage};
use presence::ids::WorkId;
use presence::time::Now;

use crate::world::{By, TrueWork, World};

impl World {
    pub(crate) fn connect_console(&mut self) {
        self.page.last_session += 1;
        let console = ConsoleId(self.page.last_session);
        self.page.session = Some(console);
        self.page.arms.clear();
        self.page.queue.clear();
        self.tell(Event::ConsoleConnected { console });
        self.deliver_if_prompt();
    }

    pub(crate) fn lose_console(&mut self) {
        if let Some(console) = self.page.session.take() {
            self.page.queue.clear();
            self.tell(Event::ConsoleGone { console });
        }
    }

    pub(crate) fn console_event(&mut self, event: Event) {
        self.queue_console_event(event);
        self.deliver_if_prompt();
    }

    pub(crate) fn queue_console_event(&mut self, event: Event) {
        self.page.outbox.push_back((event, None));
    }

    pub(crate) fn deliver_if_prompt(&mut self) {
        if self.prompt {
            self.run_all();
        }
    }

    /// The next report reaches Holdline.
    pub(crate) fn deliver_page(&mut self) -> bool {
        if self.page.session.is_none() || self.page.frozen {
            return false;
        }
        let Some((event, by)) = self.page.outbox.pop_front() else {
            return false;
        };
        self.watch.by_rep = by == Some(By::Rep);
        self.tell(event);
        true
    }

    pub(crate) fn reply(&mut self, command: CommandId, outcome: CommandOutcome) {
        self.page
            .outbox
            .push_back((Event::CommandAnswered { command, outcome }, None));
    }

    /// Begins the next command of the queue.
    pub(crate) fn run_page(&mut self) -> bool {
        if self.page.frozen {
            return false;
        }
        let Some((command, until, action)) = self.page.queue.pop_front() else {
            return false;
        };
        if self.page.withdrawn.contains(&command) {
            return true;
        }
        if self.now.reached(until) {
            self.reply(command, CommandOutcome::Expired);
        } else if self.page.refuses {
            self.reply(command, CommandOutcome::Failed);
        } else {
            self.carry_out(command, until, action);
        }
        true
    }

    pub(crate) fn carry_out(&mut self, command: CommandId, until: Now, action: ConsoleAction) {
        match action {
            ConsoleAction::Arm { .. } => self.page.arms.push((command, until)),
            ConsoleAction::SetStatus { log_in: false, .. } if self.presence.is_none() => {
                self.reply(command, CommandOutcome::LoggedOut);
            }
            ConsoleAction::Login { status } | ConsoleAction::SetStatus { status, .. } => {
                self.set_presence(By::Command(command), Some(status), None);
                self.reply(command, CommandOutcome::Done);
            }
            ConsoleAction::Logout {
                voice_prefixes,
                wrapping_up,
            } => {
                let is_call = |work: &TrueWork| {
                    let mut prefixes = voice_prefixes.iter();
                    prefixes.any(|prefix| work.item.0.has_prefix(prefix))
                };
                let open = |(id, work): (&WorkId, &TrueWork)| {
                    is_call(work) && work.stage != WorkStage::Ended && !wrapping_up.contains(id)
                };
                if self.works.iter().any(open) {
                    self.reply(command, CommandOutcome::CallActive);
                } else {
                    self.set_presence(By::Command(command), None, None);
                    self.reply(command, CommandOutcome::Done);
                }
            }
            ConsoleAction::CloseWork { work, .. } => {
                self.close(work);
                self.reply(command, CommandOutcome::Done);
            }
            ConsoleAction::Work { work, action } => {
                match action {
                    WorkAction::Accept => self.accept(work),
                    WorkAction::Decline { .. } => self.decline(work),
                    WorkAction::Close | WorkAction::LowerFlag | WorkAction::RaiseFlag { .. } => {}
                }
                self.reply(command, CommandOutcome::Done);
            }
            ConsoleAction::Snapshot => self.snapshot(command),
        }
    }

    pub(crate) fn snapshot(&mut self, command: CommandId) {
        let Some(console) = self.page.session else {
            return;
        };
        let open = self
            .works
            .iter()
            .filter(|(_, work)| work.stage != WorkStage::Ended);
        let works = open.clone().map(|(id, work)| WorkSeen {
            work: *id,
            item: work.item,
            stage: work.stage,
        });
        let ended = open.clone().filter(|(_, work)| work.conversation_ended);
        let snapshot = Event::ConsoleSnapshot {
            console,
            command,
            works: works.collect(),
            status: self.presence,
            conversations_ended: ended.map(|(_, work)| work.item).collect(),
        };
        self.page.outbox.push_back((snapshot, None));
    }

    /// A voice work was closed: what is armed looks once more and logs out.
    pub(crate) fn fire_arms(&mut self) {
        if self.has_voice_work() || self.page.frozen {
            return;
        }
        for (command, until) in std::mem::take(&mut self.page.arms) {
            if self.now.reached(until) {
                self.reply(command, CommandOutcome::Expired);
            } else {
                self.set_presence(By::Command(command), None, None);
                self.reply(command, CommandOutcome::Done);
            }
        }
    }
}
