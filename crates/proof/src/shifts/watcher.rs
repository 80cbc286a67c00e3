//! The watcher: sees what goes into the engine and what comes out, and nothing else.

use presence::effect::{Answer, ConsoleAction, Effect, NoticeCode};
use presence::event::{CommandId, Event, Target};
use presence::guard::ask_of;
use presence::picture::CallPhase;
use presence::settings::{GuardedStatuses, Mode, WrapUpPolicy};
use presence::time::Now;

use super::omni::By;
use super::verdict::Broken;
use super::world::{World, tell_story};

impl World {
    pub(crate) fn breaks(&mut self, promise: &'static str, what: String) {
        tell_story!(self, "BROKEN {promise}: {what}");
        if self.verdict.broken.len() < 20 {
            self.verdict.broken.push(Broken {
                promise,
                at_ms: self.t,
                what,
            });
        }
    }

    pub(crate) fn verdict_hears(&mut self, now: Now, event: &Event) {
        self.verdict.oracle.hear(now, event);
        let by = self.verdict.next_by.take();
        match event {
            Event::Request { ticket, .. } | Event::Cancel { ticket } | Event::Return { ticket, .. } => {
                self.verdict.open.insert(*ticket, event.clone());
                self.verdict.asked = self.t;
                self.verdict.something_else_happened();
            }
            Event::OmniLogout { .. } | Event::StatusChanged { .. }
                if !matches!(by, Some(By::Holdline(_))) =>
            {
                self.verdict.wish += 1;
                self.verdict.something_else_happened();
            }
            Event::PhoneJoined(_) => {
                self.verdict.phone_causes += 1;
                // Reconciled by authority: nobody's old wish.
                self.verdict.wish += 1;
                self.verdict.something_else_happened();
            }
            Event::ConsoleConnected { .. } => self.verdict.something_else_happened(),
            _ => {}
        }
    }

    pub(crate) fn verdict_sees_effect(&mut self, now: Now, effect: &Effect) {
        match effect {
            Effect::Answer { ticket, answer } => {
                let Some(asked) = self.verdict.open.remove(ticket) else {
                    return self.breaks("P2", format!("{ticket:?} is answered twice, or was never asked"));
                };
                self.offline_is_let_go(now, &asked, *answer);
                self.verdict.answered(&asked, *answer);
                if let Answer::Held(_) = answer {
                    let stored = self.stored.intent.as_ref().map(|intent| intent.target);
                    if stored != self.verdict.standing {
                        let held = self.verdict.standing;
                        self.breaks("P2", format!("{held:?} is acknowledged, {stored:?} is on disk"));
                    }
                }
            }
            Effect::Console { command, action, .. } => self.console_effect(now, *command, action),
            Effect::Notify(notice) => {
                let ends = matches!(
                    notice.code,
                    NoticeCode::Applied | NoticeCode::Cancelled | NoticeCode::Lapsed
                );
                if ends
                    && self
                        .verdict
                        .standing
                        .is_some_and(|target| self.label_of(target) == notice.status)
                {
                    self.verdict.standing = None;
                }
            }
            Effect::Phone { state, enqueue, .. } => self.phone_effect(state, *enqueue),
            Effect::Quit | Effect::Restart | Effect::SignOut => {
                self.verdict.standing = None;
                let live = self
                    .verdict
                    .oracle
                    .contact
                    .is_some_and(|contact| contact.is_live());
                let phase = self
                    .holdline
                    .as_ref()
                    .map(|holdline| holdline.engine.picture().call.phase);
                // Observing, Holdline guards nothing that leaving could end.
                let acts = self.plan.settings.mode == Mode::Act;
                if acts && (live || matches!(phase, Some(CallPhase::OnCall | CallPhase::Ringing))) {
                    self.breaks("P1", format!("{effect:?} in {phase:?}, contact {live}"));
                }
            }
            Effect::Withdraw { command } => {
                self.verdict.withdrawn.insert(*command);
            }
            Effect::Read { .. } | Effect::Save { .. } => {}
        }
    }

    /// A request to go Offline that is acknowledged as being applied.
    fn offline_is_let_go(&mut self, now: Now, asked: &Event, answer: Answer) {
        let offline = matches!(
            asked,
            Event::Request {
                target: Target::Offline,
                ..
            }
        );
        if !offline || answer != Answer::Applying || self.plan.settings.mode == Mode::Observe {
            return;
        }
        let settings = &self.plan.settings;
        let allow = settings.policy.wrap_up == WrapUpPolicy::Allow;
        if let Some(why) = self.verdict.oracle.forbids(now, allow, &settings.timings) {
            self.breaks("P1", format!("a request to go Offline is applied although {why}"));
        }
    }

    fn console_effect(&mut self, now: Now, command: CommandId, action: &ConsoleAction) {
        if *action == ConsoleAction::Snapshot {
            return self.verdict.oracle.asks(now, command);
        }
        if self.plan.settings.mode == Mode::Observe {
            self.breaks("P1", format!("{action:?} in mode observe"));
        }
        let settings = &self.plan.settings;
        let allow = settings.policy.wrap_up == WrapUpPolicy::Allow;
        let forbidden = |allow| self.verdict.oracle.forbids(now, allow, &settings.timings);
        let broken = match action {
            ConsoleAction::Logout { .. } => forbidden(allow),
            ConsoleAction::SetStatus { status, .. }
                if settings.policy.guarded == GuardedStatuses::NonRoutable =>
            {
                let status = self.plan.statuses.iter().find(|known| known.id == *status);
                let name = status.map(|status| status.label.as_str());
                let guarded = status.is_some_and(|status| {
                    ask_of(Target::Status(status.id), status.online, settings.policy.guarded).is_some()
                });
                forbidden(allow).filter(|_| guarded && settings.hold_as.as_deref() != name)
            }
            _ => None,
        };
        if let Some(why) = broken {
            self.breaks("P1", format!("{action:?} is sent although {why}"));
        }
        self.verdict.wish_of.insert(command, self.verdict.wish);
    }

    fn phone_effect(&mut self, state: &str, enqueue: bool) {
        if self.plan.settings.mode == Mode::Observe {
            self.breaks("P1", format!("the phone is asked for {state} in mode observe"));
        }
        if state == "Offline" && !enqueue {
            self.breaks(
                "P1",
                "the phone is asked for Offline without enqueueNextState".to_owned(),
            );
        }
        if self.verdict.oracle.contact == Some(presence::phone::ContactPhase::Ringing) {
            self.breaks("P1", format!("the phone is asked for {state} while it rings"));
        }
    }

    fn label_of(&self, target: Target) -> String {
        match target {
            Target::CloseWork(_) => "Close work".to_owned(),
            Target::Offline => "Offline".to_owned(),
            Target::Quit => "Quit".to_owned(),
            Target::Restart => "Restart".to_owned(),
            Target::SignOut => "Sign out".to_owned(),
            Target::Status(id) => {
                let status = self.plan.statuses.iter().find(|status| status.id == id);
                status.map(|status| status.label.clone()).unwrap_or_default()
            }
        }
    }

    pub(crate) fn verdict_sees_picture(&mut self, now: Now) {
        let Some(holdline) = &self.holdline else { return };
        let picture = holdline.engine.picture();
        let phase = picture.call.phase;
        if let Some(why) = self
            .verdict
            .oracle
            .contradicts(now, phase, &self.plan.settings.timings)
        {
            self.breaks("P5", format!("{phase:?} is shown, and {why}"));
        }
        let wished = [
            picture.held.as_ref().map(|held| held.target),
            picture.pending.as_ref().map(|pending| pending.target),
        ];
        if let Some(standing) = self.verdict.standing.filter(|_| self.verdict.open.is_empty())
            && !wished.contains(&Some(standing))
        {
            self.verdict.standing = None;
            self.breaks(
                "P2",
                format!("{standing:?} was acknowledged, and nothing was said of its end"),
            );
        }
        // One for the change, and one for a wish that crossed it and is made good.
        if self.verdict.writes.0 > 2 || self.verdict.writes.1 > 2 {
            let (presence, phone) = std::mem::take(&mut self.verdict.writes);
            let what = format!(
                "presence was written {presence} and the phone {phone} times more than anything happened"
            );
            self.breaks("P6", what);
        }
        self.verdict.picture = Some(picture);
    }

    pub(crate) fn judge_writes(&mut self) {
        let (writes, causes) = (self.verdict.phone_writes, self.verdict.phone_causes);
        if writes > causes {
            self.breaks(
                "P6",
                format!("the phone was written {writes} times for {causes} changes"),
            );
        }
    }
}
