//! How the world comes to rest: from here on everybody cooperates. Every state leads, by deliveries that
//! have no bound, to one where nothing is under way; from each of those this is tried out.

use presence::event::Event;
use presence::phone::ContactPhase;
use presence::picture::CallPhase;

use super::names::CALLS;
use super::org::Call;
use super::promise::{Broken, Promise};
use super::scope::Start;
use super::watch::Wish;
use super::world::World;

/// Deadlines after which a world that has not come to rest never will: at least half an hour.
const DEADLINES: usize = 60;

impl World {
    /// The promise that would be broken if from here on everybody cooperated.
    pub fn broken_in_the_end(&self) -> Option<Broken> {
        if self.watch.broken.is_some() || self.left || !self.is_calm() {
            return None;
        }
        *self.ending.0.get_or_init(|| self.clone().come_to_rest())
    }

    /// The same, told.
    pub(super) fn how_it_ends(&self) -> Vec<String> {
        let mut world = self.clone();
        world.come_to_rest();
        world.story.0.unwrap_or_default()
    }

    fn come_to_rest(&mut self) -> Option<Broken> {
        self.everybody_is_there();
        // Until the console has been asked once more: what it was asked at the very moment of a call's end
        // does not tell of that.
        let asked_again = self.now.plus(self.scope.0.settings.timings.snapshot_every_ms + 1);
        for _ in 0..DEADLINES {
            if self.now.reached(asked_again) || !self.next_deadline() {
                break;
            }
            self.deliver_all();
        }
        self.check_truth();
        self.calls_end();
        if self.scope.0.start == Start::Storm && self.engine.picture().sync_paused {
            self.tell(Event::ResumeSync);
            self.deliver_all();
        }
        for _ in 0..DEADLINES {
            if self.is_at_rest() || self.watch.broken.is_some() {
                break;
            }
            self.next_deadline();
            self.deliver_all();
            if !self.signed_in || self.page.session.is_none() {
                // The rep has signed out, or had Holdline restarted, and comes back.
                self.everybody_is_there();
            }
        }
        self.check_rest();
        self.watch.broken
    }

    fn everybody_is_there(&mut self) {
        self.page.frozen = false;
        if !self.signed_in {
            self.sign_in();
        }
        if self.page.session.is_none() {
            self.connect();
        }
        if self.phone.as_ref().is_some_and(|phone| !phone.joined) {
            self.phone_joins();
        }
        self.heartbeat();
        self.deliver_all();
    }

    fn calls_end(&mut self) {
        for call in 0..CALLS as u8 {
            if self.org.call(call) == Call::Talking {
                self.move_call(call, Call::WrapUp, false);
                if self.contact_of(call).is_some() {
                    self.contact(call, ContactPhase::AfterCallWork);
                }
                self.deliver_all();
            }
            if self.org.call(call).is_open() {
                self.move_call(call, Call::Over, false);
            }
            self.contact_gone(call);
            self.deliver_all();
        }
    }

    /// What calls there really are: with everything delivered, the indicator says it.
    fn check_truth(&mut self) {
        if !self.signed_in {
            // A sign-out that was held has come true: nothing is told to anybody.
            return;
        }
        let truth = self.org.calls.iter().map(|call| match call {
            Call::Talking => CallPhase::OnCall,
            Call::Assigned => CallPhase::Ringing,
            Call::WrapUp => CallPhase::WrapUp,
            Call::Ahead | Call::Over => CallPhase::Idle,
        });
        let truths: Vec<CallPhase> = truth.collect();
        let phase = self.engine.call_phase();
        let found = [CallPhase::OnCall, CallPhase::Ringing, CallPhase::WrapUp]
            .into_iter()
            .find(|phase| truths.contains(phase))
            .unwrap_or(CallPhase::Idle);
        if phase != found && !self.left {
            self.watch.break_promise(
                Promise::P5,
                "with everything told, the phase is not what is really so",
            );
        }
    }

    fn is_at_rest(&self) -> bool {
        let is_back = self.signed_in && self.page.session.is_some();
        self.left
            || (is_back
                && self.engine.wish().is_none()
                && self.watch.standing.is_none()
                && self.sides_agree()
                && self.is_calm())
    }

    fn check_rest(&mut self) {
        if self.left {
            return;
        }
        if self.engine.wish().is_some() || self.watch.standing.is_some() {
            let how = "the calls are over and everybody cooperates, and a wish is still waiting";
            self.watch.break_promise(Promise::P4, how);
        }
        if self.watch.somebody_waits() {
            let how = "everybody cooperates, and somebody still waits for an answer";
            self.watch.break_promise(Promise::P4, how);
        }
        if self.is_left_as_held() {
            let how = "the hold is over, and the status that stood in its place stays";
            self.watch.break_promise(Promise::P3, how);
        }
        if let Wish::Presence(wished) = self.watch.wish
            && wished != self.org.presence
        {
            self.watch
                .break_promise(Promise::P3, "presence is not what was wished for last");
        }
        if self.engine.call_phase() != CallPhase::Idle {
            self.watch.break_promise(
                Promise::P5,
                "all calls are over, and the indicator does not say so",
            );
        }
        if !self.sides_agree() {
            self.watch.break_promise(
                Promise::P7,
                "presence and phone do not agree, and nothing is under way",
            );
        }
        if !self.is_reunited() {
            let how = "the sides were apart, and the one that counts has not led the other";
            self.watch.break_promise(Promise::P7, how);
        }
    }

    /// As rules and authority say. Rules never log a rep in: a phone that somebody sets online while the rep is
    /// logged out is left so.
    fn sides_agree(&self) -> bool {
        let Some(phone) = &self.phone else {
            return true;
        };
        let display = phone.display;
        let next = display.next.unwrap_or(display.choice);
        (self.scope.0.in_step)(self.org.presence, next)
            || (self.org.presence.is_none() && (self.phone_was_set() || self.phone_leads()))
    }

    fn phone_was_set(&self) -> bool {
        self.budget.phone_picks < self.scope.0.budget.phone_picks
    }
}
