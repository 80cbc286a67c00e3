//! The watcher: it sees only what goes in and out of the engine and what really happens, and says which
//! promise is broken.

mod apart;
mod held_as;
mod storm;

use presence::effect::{Answer, ConsoleAction, Effect, NoticeCode, RefusalReason};
use presence::engine::Engine;
use presence::event::{CommandId, CommandOutcome, Event, Target, Ticket};
use presence::phone::AgentStateKind;
use presence::saved::Saved;
use presence::settings::{GuardPolicy, GuardedStatuses, Mode};
use presence::time::Now;

use super::names::{PhoneChoice, Presence, Status};
use super::org::{Call, Org};
use super::page::{By, Page, Up};
use super::promise::{Broken, Promise};
use super::scope::{Ask, Scope};
use super::told::Told;
use super::world::World;

/// The presence last wished for, in the order in which the wishes reached Holdline.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(super) enum Wish {
    /// Nobody can say, or there was none.
    #[default]
    Unclear,
    Presence(Presence),
}

/// What the watcher remembers.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Watch {
    pub(super) told: Told,
    /// The logout or arm that stands: sent, not answered, not withdrawn.
    out: Option<Out>,
    /// Requesters without an answer.
    open: Vec<Asked>,
    /// The acknowledged hold that nothing has become of yet.
    pub(super) standing: Option<Target>,
    /// A wish of the rep's own to be Offline is under way; a rule's would not be on disk.
    own: bool,
    /// A request was refused after it may have been written, or had not been written before a crash.
    overtaken: bool,
    pub(super) wish: Wish,
    /// A choice made in Salesforce was on its way when a request was answered.
    crossing: bool,
    /// The standing wish to be Offline has been carried out once: the presence row that made.
    applied: Option<u8>,
    /// Since then Holdline has been told of a newer login.
    back: bool,
    /// Holdline was down for long after the hold's calls had ended.
    must_lapse: bool,
    to_phone: Writes<PhoneChoice>,
    to_presence: Writes<Presence>,
    held_as: held_as::HeldAs,
    storm: storm::Storm,
    /// Both sides when Holdline crashed, if nobody has chosen anything since.
    apart: Option<apart::Apart>,
    pub(super) broken: Option<Broken>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Asked {
    ticket: Ticket,
    /// `None`: to cancel.
    target: Option<Target>,
    /// What Holdline had been told then forbade it.
    forbidden: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Out {
    command: CommandId,
    arm: bool,
}

/// Writes to one side: each needs an outside change; saying the same again until it is seen needs none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Writes<T> {
    allowed: bool,
    unseen: Option<T>,
}

impl<T> Default for Writes<T> {
    fn default() -> Self {
        Self {
            allowed: true,
            unseen: None,
        }
    }
}

impl<T: PartialEq + Copy> Writes<T> {
    fn outside_change(&mut self) {
        self.allowed = true;
    }

    fn seen(&mut self, value: T) {
        self.unseen.take_if(|unseen| *unseen == value);
    }

    /// Whether this write is one too many.
    fn is_too_many(&mut self, value: T) -> bool {
        let again = self.unseen == Some(value);
        self.unseen = Some(value);
        !again && !std::mem::replace(&mut self.allowed, false)
    }
}

impl Watch {
    pub(super) fn break_promise(&mut self, promise: Promise, how: &'static str) {
        self.broken.get_or_insert(Broken { promise, how });
    }

    // What goes in

    pub(super) fn asked(&mut self, now: Now, ticket: Ticket, target: Option<Target>, scope: &Scope) {
        let timings = &scope.settings.timings;
        self.told.let_time_pass(now, timings);
        self.open.push(Asked {
            ticket,
            target,
            forbidden: self.told.forbids_offline(now, timings, scope.settings.policy),
        });
        self.to_presence.outside_change();
        self.held_as.outside_change();
    }

    pub(super) fn hear(&mut self, now: Now, event: &Event, scope: &Scope) {
        let timings = &scope.settings.timings;
        self.told.let_time_pass(now, timings);
        self.held_as.hear(event);
        self.storm.hear(now, event, timings);
        if let Some(presence) = self.told.hear(now, event, timings) {
            self.to_phone.outside_change();
            self.to_presence.seen(presence);
        }
        match event {
            Event::CommandAnswered { command, outcome } => {
                let stood = self.out.take_if(|out| out.command == *command).is_some();
                if stood && *outcome == CommandOutcome::CallActive {
                    self.told.contradicted(now);
                }
                if *outcome == CommandOutcome::Done {
                    // Perhaps of a command that was taken back: then what it did is made good.
                    self.to_presence.outside_change();
                }
            }
            Event::PhoneJoined(_) => self.to_phone = Writes::default(),
            // What was still under way ends with the session.
            Event::SignedOut => self.wish = Wish::Unclear,
            Event::PhoneState(report) => {
                self.to_phone.outside_change_if(report.contacts.is_empty());
                let shown = report.next_state.as_deref().unwrap_or(&report.state.name);
                if let Some(choice) = PhoneChoice::of(shown) {
                    self.to_phone.seen(choice);
                }
                if report.state.kind != AgentStateKind::System {
                    // Perhaps a choice at the phone: a wish, but the rep's own at Holdline comes before it.
                    self.to_presence.outside_change();
                    if self.standing.is_none() {
                        self.wish = Wish::Unclear;
                    }
                    self.renew();
                }
            }
            _ => {}
        }
    }

    /// The page's word that comes next, with what Holdline is not told: whose doing it was.
    pub(super) fn about_to_hear(&mut self, up: Up, page: &Page) {
        match up {
            Up::Presence { to, by: By::Rep, row } => {
                self.note_login(to, row);
                self.to_presence.outside_change();
                self.wish = Wish::Presence(to);
                // Another choice, or the answer to a request, is still on its way.
                if self.crossing || !self.open.is_empty() {
                    self.wish = Wish::Unclear;
                }
                self.crossing &= on_its_way(page);
                if to.is_none() {
                    self.renew();
                } else if self.standing.is_some() {
                    // The hold gives way, and says so.
                    self.must_lapse = false;
                }
            }
            Up::Presence { by: By::Omni, .. } => self.wish_may_give_way(),
            Up::Snapshot { presence, row, .. } => self.note_login(presence, row),
            _ => {}
        }
    }

    pub(super) fn about_to_hear_rows(&mut self, org: &Org) {
        self.note_login(org.presence, org.row);
    }

    /// Holdline is told of a presence: perhaps of a login after the standing wish was carried out.
    fn note_login(&mut self, presence: Presence, row: u8) {
        self.back |= presence.is_some() && self.applied.is_some_and(|applied| row > applied);
    }

    // What goes out

    pub(super) fn see(&mut self, now: Now, effect: &Effect, scope: &Scope, stored: &Saved) {
        let (timings, policy) = (&scope.settings.timings, scope.settings.policy);
        let observing = scope.settings.mode == Mode::Observe;
        if observing && is_write(effect) {
            self.break_promise(Promise::P6, "something was written in mode = observe");
        }
        match effect {
            Effect::Answer { ticket, answer } => {
                let forbidden = self.told.forbids_offline(now, timings, policy);
                self.answered(*ticket, *answer, stored, forbidden, policy.guard);
            }
            Effect::Console { command, action, .. } => match action {
                ConsoleAction::Snapshot => self.told.asked(now, *command),
                ConsoleAction::Arm { .. } => {
                    if self.told.contact_without_work() {
                        self.break_promise(Promise::P1, "armed with a contact that no work accounts for");
                    }
                    self.offline_sent(*command, true, scope);
                }
                ConsoleAction::Logout { .. } => {
                    if self.told.forbids_offline(now, timings, policy) {
                        self.break_promise(Promise::P1, "a logout was sent in a call, or without evidence");
                    }
                    self.offline_sent(*command, false, scope);
                }
                ConsoleAction::Login { status } | ConsoleAction::SetStatus { status, .. } => {
                    self.status_sent(now, *command, Status::of(*status), scope);
                }
                // None of them changes presence, and the model's rep asks for none.
                ConsoleAction::Work { .. } => {}
                ConsoleAction::CloseWork { work, .. } => {
                    if !self.told.wraps_up(now, timings, *work) {
                        self.break_promise(Promise::P1, "a work was closed that is not in wrap-up");
                    }
                }
            },
            Effect::Phone { state, enqueue, .. } => {
                if self.told.contact().is_some() && !scope.phone_enqueues {
                    let how = "a phone that cannot queue was written to in a contact";
                    self.break_promise(Promise::P1, how);
                }
                if self.told.rings(now, timings) {
                    self.break_promise(Promise::P1, "the phone was written to while it rings");
                } else if state == PhoneChoice::Offline.name() && !enqueue {
                    self.break_promise(Promise::P1, "the phone's Offline went out without enqueue");
                } else if self.told.contact().is_some() && !enqueue {
                    self.break_promise(Promise::P1, "a phone state went out in a contact without enqueue");
                }
                if let Some(choice) = PhoneChoice::of(state) {
                    let is_new = self.to_phone.unseen != Some(choice);
                    if self.to_phone.is_too_many(choice) {
                        self.break_promise(Promise::P6, "the phone was written to without an outside change");
                    }
                    self.automatic_write(now, is_new, scope);
                }
            }
            Effect::Quit | Effect::Restart | Effect::SignOut => {
                // Only a wish for presence outlasts a restart that was asked for.
                if !matches!(effect, Effect::Restart) || self.standing == Some(Target::Restart) {
                    self.standing = None;
                }
                if !observing && self.told.forbids_leaving(now, timings, policy) {
                    self.break_promise(Promise::P1, "Holdline left in a call");
                }
            }
            Effect::Withdraw { command } => {
                self.told.withdrawn(*command);
                self.out.take_if(|out| out.command == *command);
            }
            Effect::Notify(notice) => {
                self.storm.notified(now, notice.code);
                self.notified(notice.code, &notice.status);
            }
            Effect::Read { .. } | Effect::Save { .. } => {}
        }
    }

    fn offline_sent(&mut self, command: CommandId, arm: bool, scope: &Scope) {
        self.out = Some(Out { command, arm });
        // What rules make of a phone that is Offline may be right again and again.
        let is_a_wish = scope.asks.contains(&Ask::Offline);
        if is_a_wish && self.applied.is_some() && self.back {
            self.break_promise(Promise::P2, "a wish to be Offline is applied twice");
        }
        if self.must_lapse {
            self.break_promise(Promise::P2, "a hold is applied long after its calls ended");
        }
        self.presence_sent(None);
    }

    fn presence_sent(&mut self, presence: Presence) {
        if self.to_presence.is_too_many(presence) {
            self.break_promise(Promise::P6, "presence was written to without an outside change");
        }
    }

    fn status_sent(&mut self, now: Now, command: CommandId, status: Option<Status>, scope: &Scope) {
        if self.is_in_the_place_of_the_hold(status, scope) {
            return self.held_as_sent(now, scope);
        }
        let (timings, policy) = (&scope.settings.timings, scope.settings.policy);
        if status == Some(Status::Break) && policy.guarded == GuardedStatuses::NonRoutable {
            if self.told.forbids_offline(now, timings, policy) {
                self.break_promise(
                    Promise::P1,
                    "a guarded status was sent in a call, or without evidence",
                );
            }
            self.out = Some(Out { command, arm: false });
        }
        let is_new = self.to_presence.unseen != Some(status);
        self.presence_sent(status);
        self.automatic_write(now, is_new, scope);
    }

    fn notified(&mut self, code: NoticeCode, status: &str) {
        let ends = matches!(
            code,
            NoticeCode::Applied | NoticeCode::Cancelled | NoticeCode::Lapsed
        );
        if ends && self.standing.map(label) == Some(status) {
            self.standing = None;
            self.must_lapse = false;
            if code == NoticeCode::Lapsed {
                self.wish = Wish::Unclear;
            }
        }
        if code == NoticeCode::Held && status == "Offline" {
            self.standing = Some(Target::Offline);
        }
    }

    fn answered(
        &mut self,
        ticket: Ticket,
        answer: Answer,
        stored: &Saved,
        forbidden: bool,
        policy: GuardPolicy,
    ) {
        let Some(at) = self.open.iter().position(|open| open.ticket == ticket) else {
            return self.break_promise(Promise::P2, "somebody was answered twice");
        };
        let asked = self.open.remove(at);
        let target = asked.target;
        if let Some(Target::CloseWork(_)) = target {
            // No wish that waits: whatever stands goes on beside it.
            return;
        }
        let refuse = policy == GuardPolicy::Block && asked.forbidden && target == Some(Target::Offline);
        if refuse && matches!(answer, Answer::Applying | Answer::Held(_)) {
            self.break_promise(
                Promise::P1,
                "guard = block, and Offline in a call was not refused",
            );
        }
        match answer {
            Answer::Refused(why) => {
                self.overtaken |= matches!(why, RefusalReason::Replaced | RefusalReason::NotSaved);
                return;
            }
            Answer::Held(_) if stored.intent.as_ref().map(|intent| intent.target) != target => {
                self.break_promise(Promise::P2, "a hold was acknowledged before it was on disk");
            }
            Answer::Applying | Answer::Cancelled | Answer::Held(_) | Answer::Nothing => {}
        }
        if forbidden && target == Some(Target::Offline) && answer == Answer::Applying {
            self.break_promise(
                Promise::P1,
                "Offline was let through in a call, or without evidence",
            );
        }
        let wished = match target {
            Some(Target::Offline) => Some(None),
            Some(Target::Status(id)) => Status::of(id).map(Some),
            _ => None,
        };
        self.wish = match wished {
            Some(presence) if !self.crossing => Wish::Presence(presence),
            _ => Wish::Unclear,
        };
        if answer != Answer::Nothing {
            self.standing = target.filter(|_| matches!(answer, Answer::Held(_)));
            self.own = target == Some(Target::Offline);
        }
        self.renew();
    }

    /// Somebody waits for an answer.
    pub(super) fn somebody_waits(&self) -> bool {
        !self.open.is_empty()
    }

    /// Another wish than the one that was carried out.
    fn renew(&mut self) {
        self.applied = None;
        self.back = false;
        self.must_lapse = false;
    }

    fn wish_may_give_way(&mut self) {
        if let Wish::Presence(Some(_)) = self.wish {
            self.wish = Wish::Unclear;
        }
    }

    /// After each event, when all its effects are out.
    pub(super) fn after(&mut self, now: Now, engine: &Engine, scope: &Scope) {
        let timings = &scope.settings.timings;
        self.told.forget_old_question(now, timings);
        if engine.call_phase() != self.told.phase(now, timings) {
            self.break_promise(Promise::P5, "the phase is not what the evidence says");
        }
        if let Some(out) = self.out {
            if out.arm && self.told.contact_without_work() {
                self.break_promise(Promise::P1, "an arm stands beside a contact without a work");
            }
            if !out.arm && self.told.forbids_offline(now, timings, scope.settings.policy) {
                self.break_promise(Promise::P1, "a logout is not withdrawn when a call begins");
            }
        }
        let wished = engine.wish();
        if let Some(standing) = self.standing.filter(|_| self.open.is_empty())
            && wished != Some(standing)
        {
            self.break_promise(Promise::P2, "an acknowledged hold has vanished silently");
        }
        self.own &= !self.open.is_empty() || wished == Some(Target::Offline);
    }

    // What really happens

    /// Presence has changed in the org.
    pub(super) fn presence_changed(&mut self, by: By, to: Presence, row: u8) {
        if !matches!(by, By::Command(_)) {
            self.somebody_chose();
        }
        match by {
            // Requests under way and this choice cross: which is the last, nobody can say.
            By::Rep => self.crossing = true,
            By::Omni => self.wish_may_give_way(),
            By::Command(_) if to.is_none() => self.applied = Some(row),
            By::Command(_) => {}
        }
    }

    /// Words of the page are lost: choices among them reach Holdline only by their effect.
    pub(super) fn lost(&mut self, up: &[Up]) {
        if up.iter().any(|up| matches!(up, Up::Presence { .. })) {
            self.wish = Wish::Unclear;
        }
        self.crossing = false;
    }

    pub(super) fn written(&mut self, all: bool) {
        self.overtaken &= !all;
    }

    /// Holdline has crashed, and will be back.
    pub(super) fn crashed(&mut self, stored: &Saved, org: &Org, later_ms: u64) {
        if self.standing == Some(Target::Offline) && !self.own {
            self.standing = None;
        }
        let on_disk = stored.intent.as_ref().map(|intent| intent.target);
        if !self.open.is_empty() || self.overtaken {
            // Nobody was told which of two it is; or the disk has a request that was refused after it had
            // been written (presence's README, "What it does not promise").
            self.standing = on_disk.filter(|target| *target == Target::Offline);
            self.renew();
        }
        if matches!(
            self.standing,
            Some(Target::Quit | Target::Restart | Target::SignOut)
        ) {
            self.standing = None;
        }
        if self.standing.is_none() {
            self.wish = Wish::Unclear;
        }
        if later_ms > 300_000 {
            self.wish = Wish::Unclear;
            self.must_lapse = self.standing.is_some() && !org.has_open_call();
        }
        *self = Self {
            standing: self.standing,
            own: self.standing.is_some(),
            wish: self.wish,
            crossing: self.crossing,
            applied: self.applied,
            back: self.back,
            must_lapse: self.must_lapse,
            apart: self.apart,
            broken: self.broken,
            ..Self::default()
        };
    }
}

impl<T: PartialEq + Copy> Writes<T> {
    fn outside_change_if(&mut self, changed: bool) {
        self.allowed |= changed;
    }
}

/// Whether it would change anything outside.
fn is_write(effect: &Effect) -> bool {
    match effect {
        Effect::Console { action, .. } => *action != ConsoleAction::Snapshot,
        Effect::Phone { .. } => true,
        _ => false,
    }
}

fn on_its_way(page: &Page) -> bool {
    page.up
        .iter()
        .any(|up| matches!(up, Up::Presence { by: By::Rep, .. }))
}

fn label(target: Target) -> &'static str {
    match target {
        Target::CloseWork(_) => "Close work",
        Target::Offline => "Offline",
        Target::Quit => "Quit",
        Target::Restart => "Restart",
        Target::SignOut => "Sign out",
        Target::Status(id) => Status::of(id).map_or("", Status::label),
    }
}

impl World {
    /// At the moment the org really logs the rep out for a command of ours.
    pub(super) fn check_logout(&mut self, command: CommandId) {
        if self.org.presence.is_none() {
            return;
        }
        if self.org.calls.iter().any(|call: &Call| call.is_live()) {
            self.watch
                .break_promise(Promise::P1, "the rep was logged out in a call");
        }
        // A contact without a work: the page cannot see it. What cannot be helped is that word of it, or the
        // withdrawal, is still on its way.
        let helpless = self.page.is_being_withdrawn(command);
        let known = |phone: &super::phone::Phone| phone.joined && phone.up.is_empty();
        if let Some(phone) = &self.phone
            && phone.has_live_contact()
            && known(phone)
            && !helpless
        {
            let how = "the rep was logged out in a contact that Holdline had been told of";
            self.watch.break_promise(Promise::P1, how);
        }
    }

    pub(super) fn check_phone(&mut self, dropped: bool) {
        if dropped {
            let how = "the phone was set Offline in mid-contact: the call is dropped";
            self.watch.break_promise(Promise::P1, how);
        }
    }
}
