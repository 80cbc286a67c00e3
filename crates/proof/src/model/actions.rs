//! What can happen in a state, and what comes of it.

use presence::phone::ContactPhase;

use super::action::Action;
use super::names::{CALLS, PhoneChoice, Status};
use super::org::Call;
use super::page::{By, Up};
use super::phone::Phone;
use super::world::World;

impl World {
    /// Everything that can happen now.
    pub(super) fn possible(&self, actions: &mut Vec<Action>) {
        if self.watch.broken.is_some() {
            return;
        }
        if self.left {
            return actions.extend(self.returns.then_some(Action::StartAgain));
        }
        self.deliveries(actions);
        self.faults(actions);
        self.call_steps(actions);
        self.choices(actions);
        self.times(actions);
    }

    fn deliveries(&self, actions: &mut Vec<Action>) {
        let mut may = |action, possible| {
            if possible {
                actions.push(action);
            }
        };
        let page = &self.page;
        may(Action::DiskWrites, !self.disk.writing.is_empty());
        may(Action::SignIn, !self.signed_in && !self.signs_out);
        may(Action::SignedOut, self.signs_out);
        may(Action::Connect, page.session.is_none() && !page.frozen);
        may(Action::Thaw, page.frozen);
        may(Action::Fire, page.firing && !page.frozen);
        may(Action::PageActs, page.is_live() && !page.down.is_empty());
        may(Action::PageSpeaks, page.is_live() && !page.up.is_empty());
        may(Action::PageRepeats, page.is_live() && page.again.is_some());
        if let Some(phone) = &self.phone {
            may(Action::JoinPhone, !phone.joined);
            may(Action::PhoneActs, !phone.requests.is_empty());
            may(Action::PhoneSpeaks, !phone.up.is_empty());
        }
        for (at, read) in (0..).zip(&self.reads) {
            may(Action::Answer(at), !read.is_answered());
            may(Action::Rows(at), read.is_answered());
        }
    }

    fn faults(&self, actions: &mut Vec<Action>) {
        let (page, budget) = (&self.page, &self.budget);
        if budget.repeats > 0 && page.is_live() && page.again.is_none() {
            // The bridge numbers what the page tells of presence, so that it is taken in once.
            let repeatable = |up: &&Up| !matches!(up, Up::Presence { .. });
            if page.up.first().filter(repeatable).is_some() {
                actions.push(Action::PageSpeaksTwice);
            }
        }
        if budget.losses > 0 {
            let mut may = |action, possible| {
                if possible {
                    actions.push(action);
                }
            };
            may(Action::LoseCommand, page.is_live() && !page.down.is_empty());
            may(Action::LoseConsole, page.session.is_some());
            may(Action::Reload, page.session.is_some());
            may(Action::Freeze, !page.frozen);
            may(
                Action::LosePhone,
                self.phone.as_ref().is_some_and(|phone| phone.joined),
            );
            may(Action::DiskFails, !self.disk.writing.is_empty());
            for (at, _) in (0..).zip(&self.reads) {
                may(Action::ReadFails(at), true);
            }
        }
        if budget.crashes > 0 {
            actions.push(Action::Crash);
        }
        if budget.long_crashes > 0 {
            actions.push(Action::CrashLong);
        }
    }

    fn call_steps(&self, actions: &mut Vec<Action>) {
        let scope = &self.scope.0;
        let phone = self.phone.as_ref();
        let contact = phone.and_then(|phone| phone.display.contact);
        let free = |phone: &Phone| phone.display.contact.is_none();
        let routable = |phone: &Phone| free(phone) && phone.display.choice == PhoneChoice::Available;
        if let Some(call) = self.org.next_call(scope.calls, scope.at_once) {
            let here = self.contact_of(call).is_some_and(ContactPhase::is_live);
            if here || phone.is_none_or(routable) {
                actions.push(Action::Assign(call));
            }
            if self.budget.contacts > 0 && phone.is_some_and(routable) {
                actions.push(Action::Ring(call));
            }
        }
        if self.budget.contacts > 0
            && phone.is_some_and(|phone| free(phone) && phone.display.choice != PhoneChoice::Offline)
            && let Some(call) = (0..scope.calls).find(|call| self.org.call(*call) == Call::Ahead)
        {
            actions.push(Action::Dial(call));
        }
        for call in 0..CALLS as u8 {
            match self.org.call(call) {
                Call::Assigned => {
                    actions.extend([Action::Accept(call), Action::GiveUp(call)]);
                    if self.budget.declines > 0 {
                        actions.push(Action::Decline(call));
                    }
                }
                Call::Talking => actions.push(Action::HangUp(call)),
                Call::WrapUp => actions.push(Action::Close(call)),
                Call::Ahead | Call::Over => {
                    if contact.is_some_and(|(of, _)| of == call) {
                        actions.push(Action::ContactEnds(call));
                    }
                }
            }
        }
    }

    fn choices(&self, actions: &mut Vec<Action>) {
        if self.budget.asks > 0 {
            actions.extend(self.scope.0.asks.iter().map(|ask| Action::Ask(*ask)));
        }
        if self.budget.picks > 0 && !self.page.frozen {
            let others = [None, Some(Status::Available), Some(Status::Break)];
            let others = others.into_iter().filter(|to| *to != self.org.presence);
            actions.extend(others.map(Action::Pick));
        }
        if self.budget.phone_picks > 0
            && let Some(phone) = &self.phone
        {
            let others = PhoneChoice::ALL.into_iter();
            let others = others.filter(|to| *to != phone.display.next.unwrap_or(phone.display.choice));
            actions.extend(others.map(Action::PhonePick));
        }
    }

    fn times(&self, actions: &mut Vec<Action>) {
        if self.budget.moments > 0 {
            actions.push(Action::Moment);
        }
        if self.budget.deadlines > 0 && self.engine.poll_deadline().is_some() {
            actions.push(Action::Deadline);
        }
        if self.budget.sleeps > 0 {
            actions.push(Action::Sleep);
        }
    }

    /// The world after it has happened.
    pub(super) fn after(&self, action: Action) -> Self {
        let mut world = self.clone();
        world.spend(action);
        world.happen(action);
        world
    }

    fn spend(&mut self, action: Action) {
        let budget = &mut self.budget;
        let purse = match action {
            Action::Ask(_) => &mut budget.asks,
            Action::Pick(_) => &mut budget.picks,
            Action::PhonePick(_) => &mut budget.phone_picks,
            Action::Ring(_) | Action::Dial(_) => &mut budget.contacts,
            Action::Decline(_) => &mut budget.declines,
            Action::Crash => &mut budget.crashes,
            Action::CrashLong => &mut budget.long_crashes,
            Action::PageSpeaksTwice => &mut budget.repeats,
            Action::Moment => &mut budget.moments,
            Action::Deadline => &mut budget.deadlines,
            Action::Sleep => &mut budget.sleeps,
            Action::DiskFails
            | Action::Freeze
            | Action::LoseCommand
            | Action::LoseConsole
            | Action::LosePhone
            | Action::ReadFails(_)
            | Action::Reload => &mut budget.losses,
            _ => return,
        };
        *purse = purse.saturating_sub(1);
    }

    fn happen(&mut self, action: Action) {
        use ContactPhase::{AfterCallWork, Connected, Ringing};
        match action {
            Action::Answer(at) => self.answer_read(usize::from(at)),
            Action::Connect => self.connect(),
            Action::DiskWrites => self.disk_writes(),
            Action::DiskFails => self.disk_fails(),
            Action::Fire => self.fire(),
            Action::Freeze => self.page.frozen = true,
            Action::JoinPhone => self.phone_joins(),
            Action::LoseCommand => drop(self.page.down.remove(0)),
            Action::LoseConsole => self.lose_console(),
            Action::LosePhone => self.phone_leaves(),
            Action::PageActs => self.page_acts(),
            Action::PageSpeaks => self.page_speaks(false),
            Action::PageSpeaksTwice => self.page_speaks(true),
            Action::PageRepeats => self.page_repeats(),
            Action::PhoneActs => self.phone_acts(),
            Action::PhoneSpeaks => self.phone_speaks(),
            Action::ReadFails(at) => self.fail_read(usize::from(at)),
            Action::Reload => {
                self.watch.lost(&self.page.up);
                self.page.reload();
            }
            Action::Rows(at) => self.deliver_read(usize::from(at)),
            Action::SignIn => self.sign_in(),
            Action::SignedOut => self.sign_out(),
            Action::StartAgain => self.start_again(),
            Action::Thaw => self.page.frozen = false,

            Action::Accept(call) => self.accept(call),
            Action::Assign(call) => self.assign(call),
            Action::Close(call) | Action::GiveUp(call) => {
                self.move_call(call, Call::Over, false);
                self.contact_gone(call);
            }
            Action::ContactEnds(call) => match self.contact_of(call) {
                Some(Connected) => self.contact(call, AfterCallWork),
                _ => self.contact_gone(call),
            },
            Action::Decline(call) => {
                self.move_call(call, Call::Over, true);
                self.contact_gone(call);
                self.set_presence(By::Omni, None);
            }
            Action::Dial(call) => self.contact(call, Connected),
            Action::HangUp(call) => {
                self.move_call(call, Call::WrapUp, false);
                if self.contact_of(call).is_some() {
                    self.contact(call, AfterCallWork);
                }
            }
            Action::Ring(call) => self.contact(call, Ringing),

            Action::Ask(ask) => self.ask(ask),
            Action::PhonePick(choice) => {
                self.watch.somebody_chose();
                if let Some(phone) = &mut self.phone {
                    phone.pick(self.now, choice);
                }
            }
            Action::Pick(to) => {
                // With Holdline away nobody could tell the armed page of the newer wish.
                if self.page.session.is_none() {
                    self.page.arms.clear();
                    self.page.firing = false;
                }
                self.set_presence(By::Rep, to);
            }

            Action::Crash => self.crash(0),
            Action::CrashLong => self.crash(600_000),
            Action::Deadline => drop(self.next_deadline()),
            Action::Moment => self.pass(100),
            Action::Sleep => self.sleep(),
        }
    }
}
