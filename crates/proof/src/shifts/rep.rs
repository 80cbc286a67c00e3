//! The rep: answers, talks, takes breaks by every way there is, changes their mind, goes home.

use presence::effect::{Answer, Notice};
use presence::event::{Event, Origin, Target, Ticket, WorkStage};

use super::due::Due;
use super::omni::By;
use super::plan::{AVAILABLE, BREAK, LUNCH, MESSAGING, Status};
use super::world::{SHIFT_MS, World, tell_story};

/// Something the rep is about to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Act {
    Accept(usize),
    AcceptWork(usize),
    Cancel,
    CloseTab(usize),
    CloseWorkThroughHoldline(usize),
    Decline(usize),
    Extend(usize),
    /// Away, by whichever way.
    Leave,
    SecondContact,
}

#[derive(Debug, Default)]
pub(crate) struct Rep {
    pub(crate) tickets: u64,
    /// When the rep wants to be Available again.
    pub(crate) back_at: Option<u64>,
    gone_home: bool,
    /// When the rep last took something back.
    pub(crate) cancelled_at: u64,
}

/// Where the rep asks at Holdline.
const ORIGINS: [Origin; 5] = [
    Origin::Window,
    Origin::Window,
    Origin::Tray,
    Origin::Shortcut,
    Origin::StatusApi,
];

/// What asks for Offline in the rep's stead.
const AUTOMATIC: [Origin; 3] = [Origin::Idle, Origin::ScreenLock, Origin::Shutdown];

impl World {
    // At the call

    pub(crate) fn rep_hears_ringing(&mut self, call: usize) {
        let wait = self.dice.between(1_000, 9_000);
        if self.plan.auto_accept {
            return self.later(300, Due::RepActs(Act::Accept(call)));
        }
        match self.dice.below(100) {
            0..=4 => self.later(wait, Due::RepActs(Act::Decline(call))),
            // Missed.
            5..=10 => {}
            _ => self.later(wait, Due::RepActs(Act::Accept(call))),
        }
        if self.dice.chance(50) {
            let at = self.dice.between(0, wait);
            self.later(at, Due::RepActs(Act::Leave));
        }
    }

    pub(crate) fn rep_talks(&mut self, talk_ms: u64) {
        if self.dice.chance(250) {
            let at = self.dice.between(0, talk_ms);
            self.later(at, Due::RepActs(Act::Leave));
            if self.dice.chance(250) {
                let later = at + self.dice.between(500, 60_000);
                self.later(later, Due::RepActs(Act::Cancel));
            }
        }
        if self.dice.chance(120) {
            let at = self.dice.between(1_000, talk_ms.max(1_001));
            self.later(at, Due::RepActs(Act::SecondContact));
        }
    }

    pub(crate) fn rep_wraps_up(&mut self, work: usize, wrap_up_ms: u64) {
        match self.dice.below(10) {
            0..=4 => {
                let done = self.dice.between(500, wrap_up_ms);
                self.later(done, Due::RepActs(Act::CloseTab(work)));
            }
            5 => {
                let at = self.dice.between(500, wrap_up_ms);
                self.later(at, Due::RepActs(Act::Leave));
            }
            6 => {
                let at = self.dice.between(500, wrap_up_ms);
                self.later(at, Due::RepActs(Act::Extend(work)));
            }
            7 => {
                let at = self.dice.between(500, wrap_up_ms);
                self.later(at, Due::RepActs(Act::CloseWorkThroughHoldline(work)));
            }
            _ => {}
        }
    }

    // Through the day

    pub(crate) fn rep_thinks(&mut self) {
        let next = self.dice.between(20_000, 120_000);
        if self.t < SHIFT_MS + 60_000 {
            self.later(next, Due::RepThinks);
        }
        if self.is_asleep() {
            return;
        }
        if self.t > SHIFT_MS - 120_000 {
            if !self.rep.gone_home {
                self.rep.gone_home = true;
                self.rep.back_at = None;
                self.leave_for(None);
            }
            return;
        }
        if self.telephony.state.name == "Missed" && self.dice.chance(600) {
            self.set_phone("Available", true, By::Rep);
        }
        let online = self
            .omni
            .presence
            .is_some_and(|status| self.plan.is_online(status));
        if let Some(at) = self.rep.back_at {
            if self.t >= at {
                self.come_back_to_work();
            }
        } else if !online {
            // Somebody or something else has made the rep unavailable.
            let pause = self.dice.between(5_000, 240_000);
            self.rep.back_at = Some(self.t + pause);
        } else if self.dice.chance(60) {
            self.rep_leaves();
        } else if self.dice.chance(50)
            && self.telephony.contacts.is_empty()
            && self.telephony.state.name != "Offline"
        {
            self.dial();
        }
    }

    pub(crate) fn rep_acts(&mut self, act: Act) {
        if self.is_asleep() && !matches!(act, Act::SecondContact) {
            return;
        }
        match act {
            Act::Accept(call) => {
                if self.page.hears_omni().is_some() || self.omni.calls[call].work.is_none() {
                    self.accept(call);
                }
            }
            Act::AcceptWork(work) => {
                if self.omni.works[work].stage == WorkStage::Assigned {
                    self.omni.works[work].stage = WorkStage::Opened;
                    self.work_changed(work, false);
                }
            }
            Act::Cancel => {
                self.rep.cancelled_at = self.t;
                let ticket = self.next_ticket();
                self.ask(Event::Cancel { ticket });
            }
            Act::CloseTab(work) => self.close_work(work),
            Act::CloseWorkThroughHoldline(work) => {
                let work = self.omni.works[work].id;
                self.request(Target::CloseWork(work));
            }
            Act::Decline(call) => {
                if let Some(work) = self.omni.calls[call]
                    .work
                    .filter(|_| self.page.hears_omni().is_some())
                {
                    self.turn_down(work, true);
                }
            }
            Act::Extend(work) => self.extend_wrap_up(work),
            Act::Leave => self.rep_leaves(),
            Act::SecondContact => self.second_contact(),
        }
    }

    fn rep_leaves(&mut self) {
        let to = match self.dice.below(10) {
            0..=4 => None,
            5..=6 => Some(BREAK),
            7..=8 => Some(LUNCH),
            _ => Some(MESSAGING),
        };
        let away = self.dice.between(20_000, 1_500_000);
        self.rep.back_at = Some(self.t + away);
        self.leave_for(to);
    }

    /// `None`: Offline.
    fn leave_for(&mut self, to: Option<Status>) {
        match self.dice.below(20) {
            0..=11 => self.request(to.map_or(Target::Offline, |status| {
                Target::Status(self.plan.status_id(status))
            })),
            12..=16 => self.pick_in_widget(to),
            17..=18 => self.pick_at_phone(to),
            _ => {
                let leave = self.dice.pick(&[Target::Quit, Target::SignOut, Target::Restart]);
                self.request(leave);
            }
        }
    }

    fn come_back_to_work(&mut self) {
        self.rep.back_at = None;
        match self.dice.below(10) {
            0..=4 => self.request(Target::Status(self.plan.status_id(AVAILABLE))),
            5 => {
                let ticket = self.next_ticket();
                self.ask(Event::Return {
                    ticket,
                    origin: Origin::Window,
                });
            }
            _ => self.pick_in_widget(Some(AVAILABLE)),
        }
        if self.telephony.state.name != "Available" && (self.plan.phone.is_none() || self.dice.chance(400)) {
            self.set_phone("Available", true, By::Rep);
        }
    }

    /// In the Omni-Channel widget, which needs the console.
    fn pick_in_widget(&mut self, to: Option<Status>) {
        if self.page.hears_omni().is_none() || self.t < self.page.frozen_until {
            return;
        }
        match to {
            Some(status) => self.set_presence(status, By::Rep),
            None => self.log_out(By::Rep),
        }
    }

    /// At the phone, whose own buttons enqueue; seldom one that does not.
    fn pick_at_phone(&mut self, to: Option<Status>) {
        let name = match to {
            Some(BREAK) => "Break",
            Some(LUNCH) => "Lunch",
            _ => "Offline",
        };
        let enqueue = !self.dice.chance(30);
        self.verdict.rep_chose_at_phone();
        self.set_phone(name, enqueue, By::Rep);
    }

    fn request(&mut self, target: Target) {
        let ticket = self.next_ticket();
        let automatic = target == Target::Offline && self.dice.chance(100);
        let origin = if automatic {
            self.dice.pick(&AUTOMATIC)
        } else {
            self.dice.pick(&ORIGINS)
        };
        self.ask(Event::Request {
            ticket,
            origin,
            target,
        });
    }

    fn ask(&mut self, event: Event) {
        if self.holdline.is_some() {
            self.tell(event);
        }
    }

    pub(crate) fn rep_is_answered(&mut self, ticket: Ticket, answer: Answer) {
        tell_story!(self, "rep: {ticket:?} is answered {answer:?}");
    }

    pub(crate) fn rep_is_notified(&mut self, notice: &Notice) {
        tell_story!(self, "rep: is told {notice:?}");
    }
}
