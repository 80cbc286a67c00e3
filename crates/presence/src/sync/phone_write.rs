//! The phone's side of a write: wanted, sent, confirmed by the phone's own report, tried again, given up.

use crate::effect::Effect;
use crate::engine::Engine;
use crate::event::{CommandId, PhoneOutcome};
use crate::guard::{Ask, Verdict};
use crate::note::Note;
use crate::phone::AgentStateKind::Routable;
use crate::phone::{AgentState, AgentStateKind};
use crate::problem::ProblemCode;
use crate::rules::Destination;
use crate::state::{PhoneAsked, PhoneWant};
use crate::time::Now;

/// Attempts after which a phone that does not do what it is asked is left alone, and the rep is told.
const GIVE_UP_AFTER_ATTEMPTS: u32 = 6;

impl Engine {
    /// The phone has the state, or will have it after the contact; and nothing else is queued behind it.
    pub(super) fn phone_agrees(&self, state: &AgentState) -> bool {
        // What a phone without a queue calls its next state is a wish that it leaves to Holdline.
        let queues = self.state.phone.as_ref().is_some_and(|phone| phone.enqueues);
        self.phone_report()
            .is_some_and(|report| match &report.next_state {
                Some(next) if queues => *next == state.name,
                // Busy with a contact, it comes back routable by itself.
                _ => report.state.name == state.name || (report.is_busy() && state.kind == Routable),
            })
    }

    /// Another request of ours is on its way: what the phone has told is older than what that will make of it.
    pub(super) fn phone_is_asked_for_another(&self, state: &AgentState) -> bool {
        let phone = self.state.phone.as_ref();
        let asked = phone.and_then(|phone| phone.asked.as_ref());
        asked.is_some_and(|asked| asked.state != state.name)
    }

    /// When a request of which nothing is seen stops counting as on its way.
    pub(crate) fn phone_is_late_at(&self) -> Option<Now> {
        let asked = self.state.phone.as_ref()?.asked.as_ref()?;
        Some(asked.sent.plus(self.settings.timings.confirm_ms))
    }

    pub(super) fn confirm_phone(&mut self, now: Now) {
        let want = self.state.phone_want.as_ref();
        let is_so = |want: &PhoneWant| {
            self.phone_agrees(&want.state) && !self.phone_is_asked_for_another(&want.state)
        };
        if !want.is_some_and(|want| is_so(want)) {
            return;
        }
        let Some(want) = self.state.phone_want.take() else {
            return;
        };
        let name = want.state.name;
        if want.attempts < 2 {
            // Of several requests an earlier one may still be carried out.
            self.forget_phone_echo(&name);
        }
        if let Some(phone) = &mut self.state.phone {
            let next = phone.report.as_ref().and_then(|report| report.next_state.clone());
            phone.queued = next.filter(|next| *next == name && want.began.is_some());
        }
        self.phone_is_known(&name);
        self.clear(ProblemCode::PhoneRefused);
        if let Some(began) = want.began {
            self.note(Note::Confirmed {
                side: Destination::Connect,
                state: name,
                after_ms: now.since(began),
            });
        }
    }

    /// Whether the state was asked of the phone and not seen since.
    pub(super) fn forget_phone_echo(&mut self, name: &str) -> bool {
        let before = self.state.phone_echoes.len();
        self.state.phone_echoes.retain(|(asked, _)| asked != name);
        self.state.phone_echoes.len() < before
    }

    pub(crate) fn phone_answered(&mut self, now: Now, command: CommandId, outcome: PhoneOutcome) {
        // A yes is not yet the truth: that is the phone's next report.
        let is_no = matches!(outcome, PhoneOutcome::NotNow | PhoneOutcome::Refused);
        let refused = |asked: &mut PhoneAsked| is_no && asked.command == command;
        if let Some(phone) = &mut self.state.phone
            && let Some(asked) = phone.asked.take_if(refused)
        {
            self.forget_phone_echo(&asked.state);
        }
        let Some(want) = self.state.phone_want.as_mut() else {
            return;
        };
        if want.sent.is_none_or(|(sent, _)| sent != command) || !is_no {
            return;
        }
        let (name, attempts) = (want.state.name.clone(), want.attempts);
        let pause_ms = self.backoff_ms(attempts);
        self.forget_phone_echo(&name);
        if let Some(want) = self.state.phone_want.as_mut() {
            want.sent = None;
            want.retry = Some(now.plus(pause_ms));
            if outcome == PhoneOutcome::NotNow {
                // Nothing is wrong with it: it does not count, and is decided afresh.
                want.attempts = attempts.saturating_sub(1);
            }
        }
        if outcome == PhoneOutcome::Refused {
            self.raise(ProblemCode::PhoneRefused, name);
        }
    }

    /// Sends what is wanted of the phone, when it may be sent.
    pub(crate) fn settle_phone(&mut self, now: Now) {
        if self.phone_is_late_at().is_some_and(|at| now.reached(at))
            && let Some(phone) = &mut self.state.phone
        {
            phone.asked = None;
        }
        self.confirm_phone(now);
        let Some(mut want) = self.state.phone_want.take().filter(|_| !self.observing()) else {
            return;
        };
        if want
            .sent
            .is_some_and(|(_, since)| now.since(since) >= self.settings.timings.confirm_ms)
        {
            want.sent = None;
            want.retry = Some(now.plus(self.backoff_ms(want.attempts)));
        }
        if want.attempts >= GIVE_UP_AFTER_ATTEMPTS && want.sent.is_none() {
            self.raise(ProblemCode::PhoneRefused, want.state.name);
            return;
        }
        // One request at a time: two could overtake each other on the way.
        let waiting = want.sent.is_some()
            || want.retry.is_some_and(|at| !now.reached(at))
            || self.phone_is_asked_for_another(&want.state);
        if let Some(enqueue) = self.enqueue_for(&want.state).filter(|_| !waiting) {
            self.send_to_phone(now, &mut want, enqueue);
        }
        self.state.phone_want = Some(want);
    }

    fn send_to_phone(&mut self, now: Now, want: &mut PhoneWant, enqueue: bool) {
        let command = self.next_command();
        let state = want.state.name.clone();
        let until = now.plus(self.settings.timings.retry_max_ms);
        self.forget_phone_echo(&state);
        self.state.phone_echoes.push((state.clone(), until));
        if let Some(phone) = &mut self.state.phone {
            phone.asked = Some(PhoneAsked {
                command,
                state: state.clone(),
                sent: now,
            });
        }
        want.sent = Some((command, now));
        want.began = want.began.or(Some(now));
        want.attempts += 1;
        self.note(Note::Sent {
            side: Destination::Connect,
            state: state.clone(),
            command,
            attempt: want.attempts,
            enqueue,
        });
        self.effects.push_back(Effect::Phone {
            command,
            state,
            enqueue,
        });
    }

    /// `enqueueNextState` for a state request now; `None`: nothing may be sent yet.
    pub(super) fn enqueue_for(&self, state: &AgentState) -> Option<bool> {
        let ask = match state.kind {
            AgentStateKind::Offline => Ask::PhoneOffline,
            AgentStateKind::NotRoutable | AgentStateKind::Routable | AgentStateKind::System => {
                Ask::PhoneState
            }
        };
        match self.guard_says(ask) {
            Verdict::Enqueue => Some(true),
            Verdict::Go => Some(false),
            Verdict::Hold(_) => None,
        }
    }
}
