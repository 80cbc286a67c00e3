//! The console page, with the partner's rules of docs/console-bridge.md.

use presence::effect::ConsoleAction;
use presence::event::{CommandId, CommandOutcome, ConsoleId, Event, WorkSeen, WorkStage};
use presence::time::Now;

use super::names::{self, CALLS, Presence, Status};
use super::org::{Call, Org};
use super::world::World;

/// Whose doing a change of presence really was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum By {
    Command(CommandId),
    Omni,
    Rep,
}

/// What the page tells, in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Up {
    Answer {
        command: CommandId,
        outcome: CommandOutcome,
    },
    ConversationEnded(u8),
    Presence {
        to: Presence,
        by: By,
        /// The presence row it made, which Holdline is not told.
        row: u8,
    },
    Snapshot {
        console: u64,
        command: CommandId,
        calls: [Call; CALLS],
        presence: Presence,
        /// The presence row then, which Holdline is not told.
        row: u8,
    },
    Work {
        call: u8,
        stage: WorkStage,
        declined: bool,
    },
}

/// What the page is asked to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Do {
    Arm,
    CloseWork(u8),
    /// Log in, or change the status.
    Set {
        status: Status,
        log_in: bool,
    },
    Logout {
        wrapping_up: [bool; CALLS],
    },
    Snapshot,
}

/// What is on its way to the page, in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Down {
    Do {
        command: CommandId,
        until: Now,
        what: Do,
    },
    Withdraw(CommandId),
}

/// The page. Its words wait until Holdline has taken them; commands are of one session.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Page {
    pub(super) session: Option<u64>,
    pub(super) sessions: u64,
    pub(super) down: Vec<Down>,
    pub(super) arms: Vec<(CommandId, Now)>,
    /// The last call was closed, and the armed page has not looked yet.
    pub(super) firing: bool,
    pub(super) up: Vec<Up>,
    /// A word that was said, and will be said again.
    pub(super) again: Option<Up>,
    /// The tab is frozen: it neither acts nor speaks.
    pub(super) frozen: bool,
}

impl Page {
    pub(super) fn tell(&mut self, up: Up) {
        self.up.push(up);
    }

    pub(super) fn answer(&mut self, command: CommandId, outcome: CommandOutcome) {
        self.tell(Up::Answer { command, outcome });
    }

    /// What an arm waits for: the close of the last call.
    pub(super) fn work_closed(&mut self, org: &Org) {
        self.firing |= !self.arms.is_empty() && !org.has_open_call();
    }

    pub(super) fn is_live(&self) -> bool {
        self.session.is_some() && !self.frozen
    }

    /// A withdrawal of the command is on its way.
    pub(super) fn is_being_withdrawn(&self, command: CommandId) -> bool {
        self.down.contains(&Down::Withdraw(command))
    }

    fn withdraw(&mut self, command: CommandId) {
        self.arms.retain(|(armed, _)| *armed != command);
        self.firing &= !self.arms.is_empty();
    }

    /// The connection is over, and with it every command that was not begun; what is armed stays.
    pub(super) fn disconnect(&mut self) {
        self.session = None;
        self.down.clear();
    }

    /// A new session: Holdline decides anew about what was armed.
    pub(super) fn connect(&mut self) -> ConsoleId {
        self.sessions += 1;
        self.session = Some(self.sessions);
        self.down.clear();
        self.arms.clear();
        self.firing = false;
        ConsoleId(self.sessions)
    }

    /// Loaded anew: what was not told is lost.
    pub(super) fn reload(&mut self) {
        self.disconnect();
        self.arms.clear();
        self.firing = false;
        self.up.clear();
        self.again = None;
        self.frozen = false;
    }
}

impl Do {
    pub(super) fn of(action: &ConsoleAction) -> Option<Self> {
        Some(match action {
            ConsoleAction::Arm { .. } => Self::Arm,
            ConsoleAction::CloseWork { work, .. } => Self::CloseWork(names::call_of(*work)?),
            ConsoleAction::Login { status } => Self::Set {
                status: Status::of(*status)?,
                log_in: true,
            },
            ConsoleAction::SetStatus { status, log_in } => Self::Set {
                status: Status::of(*status)?,
                log_in: *log_in,
            },
            ConsoleAction::Logout { wrapping_up, .. } => {
                let named = |call: usize| wrapping_up.contains(&names::work(call as u8));
                Self::Logout {
                    wrapping_up: std::array::from_fn(named),
                }
            }
            ConsoleAction::Snapshot => Self::Snapshot,
            // The model's rep asks for none of them.
            ConsoleAction::Work { .. } => return None,
        })
    }
}

impl Up {
    /// The event it becomes.
    pub(super) fn event(self) -> Event {
        match self {
            Self::Answer { command, outcome } => Event::CommandAnswered { command, outcome },
            Self::ConversationEnded(call) => Event::ConversationEnded {
                item: names::item(call),
            },
            Self::Presence { to: Some(status), .. } => Event::StatusChanged { status: status.id() },
            Self::Presence { to: None, .. } => Event::OmniLogout { reason: None },
            Self::Snapshot {
                console,
                command,
                calls,
                presence,
                ..
            } => snapshot(console, command, calls, presence),
            Self::Work {
                call,
                stage,
                declined,
            } => Event::Work {
                seen: seen(call, stage),
                declined,
            },
        }
    }
}

fn seen(call: u8, stage: WorkStage) -> WorkSeen {
    WorkSeen {
        work: names::work(call),
        item: names::item(call),
        stage,
    }
}

/// Logged out, the toolkit shows no works.
fn snapshot(console: u64, command: CommandId, calls: [Call; CALLS], presence: Presence) -> Event {
    let open = |(call, truth): (u8, Call)| {
        let stage = truth.stage().filter(|_| truth.is_open() && presence.is_some())?;
        Some(seen(call, stage))
    };
    let ended =
        |(call, truth): (u8, Call)| (truth == Call::WrapUp && presence.is_some()).then(|| names::item(call));
    Event::ConsoleSnapshot {
        console: ConsoleId(console),
        command,
        works: (0..).zip(calls).filter_map(open).collect(),
        status: presence.map(Status::id),
        conversations_ended: (0..).zip(calls).filter_map(ended).collect(),
    }
}

impl World {
    /// The page takes what is next on its way down. One command at a time: what stands behind it has not
    /// arrived when it is begun.
    pub(super) fn page_acts(&mut self) {
        if self.page.down.is_empty() {
            return;
        }
        match self.page.down.remove(0) {
            Down::Withdraw(command) => self.page.withdraw(command),
            Down::Do { command, until, .. } if self.now.reached(until) => {
                self.page.answer(command, CommandOutcome::Expired);
            }
            Down::Do { command, until, what } => self.carry_out(command, until, what),
        }
    }

    fn carry_out(&mut self, command: CommandId, until: Now, what: Do) {
        let outcome = match what {
            Do::Arm => return self.page.arms.push((command, until)),
            Do::CloseWork(call) if self.org.call(call) == Call::WrapUp => {
                self.move_call(call, Call::Over, false);
                self.contact_gone(call);
                CommandOutcome::Done
            }
            Do::CloseWork(call) if self.org.call(call).is_live() => CommandOutcome::CallActive,
            Do::CloseWork(_) => CommandOutcome::Failed,
            // The last look at the status: only the rep's own word logs in.
            Do::Set { log_in: false, .. } if self.org.presence.is_none() => CommandOutcome::LoggedOut,
            Do::Set { status, .. } => {
                self.set_presence(By::Command(command), Some(status));
                CommandOutcome::Done
            }
            // The last look: works that wrap up, as Holdline believes, do not stop it.
            Do::Logout { wrapping_up } => {
                let stops = |(call, named): (Call, bool)| call.is_open() && !named;
                if self.org.calls.into_iter().zip(wrapping_up).any(stops) {
                    CommandOutcome::CallActive
                } else {
                    self.log_out_for(command);
                    CommandOutcome::Done
                }
            }
            Do::Snapshot => {
                let snapshot = self.page.session.map(|console| Up::Snapshot {
                    console,
                    command,
                    calls: self.org.calls,
                    presence: self.org.presence,
                    row: self.org.row,
                });
                return self.page.up.extend(snapshot);
            }
        };
        self.page.answer(command, outcome);
    }

    /// The armed page looks once more, and logs out.
    pub(super) fn fire(&mut self) {
        self.page.firing = false;
        for (command, until) in std::mem::take(&mut self.page.arms) {
            if self.now.reached(until) {
                self.page.answer(command, CommandOutcome::Expired);
            } else if self.org.has_open_call() {
                self.page.answer(command, CommandOutcome::CallActive);
            } else {
                self.log_out_for(command);
                self.page.answer(command, CommandOutcome::Done);
            }
        }
    }

    fn log_out_for(&mut self, command: CommandId) {
        self.check_logout(command);
        self.set_presence(By::Command(command), None);
    }
}
