//! The engine: one event in, effects out.

use std::collections::VecDeque;

use crate::effect::HoldReason;
use crate::effect::{Answer, ConsoleAction, Effect, Notice, NoticeCode};
use crate::event::{CommandId, Event, PresenceStatus, Target, Ticket};
use crate::guard::{Situation, reason_to_hold};
use crate::ids::StatusId;
use crate::problem::ProblemCode;
use crate::saved::Saved;
use crate::settings::Settings;
use crate::state::{Echo, Intent, Phone, PresenceValue, Session, Stage, State};
use crate::time::Now;

/// VoiceCall's documented key prefix, used until the org has told its own (salesforce.md, H).
pub const VOICE_PREFIX: &str = "0LQ";

/// Decides. Feed it with [`Self::handle`], then take effects until [`Self::poll_effect`] gives none, then
/// wait for the next event or [`Self::poll_deadline`].
///
/// Same events at the same times give the same effects, to the byte.
#[derive(Clone, Debug)]
pub struct Engine {
    pub(crate) settings: Settings,
    pub(crate) statuses: Vec<PresenceStatus>,
    pub(crate) voice_prefix: String,
    pub(crate) state: State,
    pub(crate) effects: VecDeque<Effect>,
    run: u64,
    saved: Saved,
    revision: u64,
    saved_revision: u64,
    last: Now,
}

impl Engine {
    /// A fresh engine. `run` tells its commands from those of every other run: random, from outside.
    pub fn new(settings: Settings, run: u64, now: Now) -> Self {
        Self {
            settings,
            statuses: Vec::new(),
            voice_prefix: VOICE_PREFIX.to_owned(),
            state: State::new(now),
            effects: VecDeque::new(),
            run,
            saved: Saved::default(),
            revision: 0,
            saved_revision: 0,
            last: now,
        }
    }

    /// An engine that goes on from what an earlier run saved. Its hold stays held until fresh evidence says
    /// what became of the call.
    pub fn restore(settings: Settings, run: u64, saved: Saved, now: Now) -> Self {
        let mut engine = Self::new(settings, run, now);
        // Quitting ended with the process that was asked to quit.
        let intent = saved
            .intent
            .as_ref()
            .filter(|intent| intent.target != Target::Quit);
        engine.state.intent = intent.map(|intent| Intent {
            target: intent.target,
            origin: intent.origin,
            since_ms: intent.since_ms,
            stage: Stage::held(HoldReason::NoEvidence),
            was_held: intent.held,
            works: intent.works.clone(),
            restored: true,
        });
        engine.saved = saved;
        engine
    }

    /// One thing happened.
    pub fn handle(&mut self, now: Now, event: Event) {
        self.last = now;
        self.take_in(now, event);
        self.settle(now);
        self.save_what_changed();
        self.promote_candidate(now);
    }

    /// The next thing to do, in order; `None` when all has been said.
    pub fn poll_effect(&mut self) -> Option<Effect> {
        self.effects.pop_front()
    }

    /// What is to be on disk now.
    pub fn saved(&self) -> &Saved {
        &self.saved
    }

    /// The decision state, for model checking.
    pub fn state(&self) -> &State {
        &self.state
    }

    fn take_in(&mut self, now: Now, event: Event) {
        match event {
            Event::Cancel { ticket } => self.cancel(ticket),
            Event::Dismiss { code } => self.clear(code),
            Event::Request {
                ticket,
                origin,
                target,
            } => self.request(now, ticket, origin, target),
            Event::Return { ticket, origin } => self.request_return(now, ticket, origin),

            Event::Catalogue {
                statuses,
                voice_prefix,
            } => {
                self.statuses = statuses;
                if voice_prefix != self.voice_prefix {
                    self.voice_prefix = voice_prefix;
                    self.ask_snapshot(now);
                }
            }
            Event::SignInStarted => {
                if !self.state.signed_in() {
                    self.state.session = Session::SigningIn;
                    self.clear(ProblemCode::SignInFailed);
                }
            }
            Event::SignedIn {
                org,
                user,
                name,
                org_url,
            } => {
                self.signed_in(
                    now,
                    Session::SignedIn {
                        org,
                        user,
                        name,
                        org_url,
                        since: now,
                    },
                );
            }
            Event::SignedOut => self.signed_out(now),

            Event::ConsoleConnected { console } => self.console_connected(now, console),
            Event::ConsoleGone { console } => self.console_gone(now, console),
            Event::ConsoleHeard { console } => self.console_heard(now, console),
            Event::ConsoleSnapshot {
                console,
                command,
                works,
                status,
                conversations_ended,
            } => {
                self.console_snapshot(now, console, command, &works, status, &conversations_ended);
            }
            Event::CommandAnswered { command, outcome } => self.command_answered(now, command, outcome),
            Event::ConnectionError => self.connection_error(now),
            Event::ConversationEnded { item } => self.state.end_conversation(item),
            Event::OmniLogout { reason } => self.omni_logout(now, reason),
            Event::StatusChanged { status } => self.status_changed(now, status),
            Event::Work { seen, declined } => self.work(now, seen, declined),

            Event::ReadFailed {
                problem,
                retry_after_ms,
            } => {
                self.read_failed(now, problem, retry_after_ms);
            }
            Event::Rows {
                asked,
                works,
                presence,
            } => self.rows(now, asked, works, presence),

            Event::PhoneAnswered { command, outcome } => self.phone_answered(now, command, outcome),
            Event::PhoneGone => {
                self.state.phone = None;
                self.state.phone_want = None;
            }
            Event::PhoneJoined(joined) => {
                self.state.phone = Some(Phone {
                    name: joined.name,
                    enqueues: joined.enqueues,
                    states: joined.states,
                    report: None,
                });
                self.state.phone_want = None;
            }
            Event::PhoneState(report) => self.phone_state(now, report),

            Event::PairingOffered(pairing) => {
                self.state.pairings.retain(|other| other.id != pairing.id);
                self.state.pairings.push(pairing);
            }
            Event::PairingEnded { id } => self.state.pairings.retain(|pairing| pairing.id != id),
            Event::ProblemCleared { code } => self.clear(code),
            Event::ProblemRaised(problem) => self.raise(problem.code, problem.about),
            Event::Saved { revision } => self.saved_revision = self.saved_revision.max(revision),
            Event::SaveFailed { revision, reason } => self.save_failed(revision, reason),
            Event::Tick => {}
        }
    }

    /// Brings every decision up to date with the state; each step only looks at the ones before it.
    fn settle(&mut self, now: Now) {
        self.state.echoes.retain(|echo| !now.reached(echo.until));
        self.state.refresh_call(now, &self.settings.timings);
        self.settle_intent(now);
        self.settle_phone(now);
        self.settle_reading(now);
        self.settle_console(now);
    }

    /// Asks for a save when what is to be on disk has changed, and tells the candidate which one carries it.
    fn save_what_changed(&mut self) {
        let wanted = self.to_save();
        if wanted != self.saved {
            self.saved = wanted;
            self.revision += 1;
            self.effects.push_back(Effect::Save {
                revision: self.revision,
            });
            if self.state.problems.contains_key(&ProblemCode::StateNotSaved) {
                // The next answer says whether it is still true.
                self.clear(ProblemCode::StateNotSaved);
            }
        }
        let revision = self.revision;
        if let Some(candidate) = self.state.candidate.as_mut().filter(|c| c.revision == 0) {
            candidate.revision = revision;
        }
    }

    /// A candidate becomes the intent once the disk has it (DESIGN P2).
    fn promote_candidate(&mut self, now: Now) {
        let on_disk = self.saved_revision;
        if self
            .state
            .candidate
            .as_ref()
            .is_some_and(|candidate| candidate.revision <= on_disk)
        {
            self.accept_candidate(now);
            self.settle(now);
            self.save_what_changed();
        }
    }

    // What the other rooms share

    /// Whether a deadline is still to come; one that has come was seen by the decisions of that time.
    pub(crate) fn is_ahead(&self, deadline: Now) -> bool {
        !self.last.reached(deadline)
    }

    /// A name for the next command.
    pub(crate) fn next_command(&mut self) -> CommandId {
        self.state.last_command += 1;
        CommandId {
            run: self.run,
            number: self.state.last_command,
        }
    }

    /// Sends a command to the leading console partner; `None` without one.
    pub(crate) fn command(&mut self, expires_in_ms: u64, action: ConsoleAction) -> Option<CommandId> {
        let console = self.state.console.as_ref()?.id;
        let command = self.next_command();
        self.effects.push_back(Effect::Console {
            console,
            command,
            expires_in_ms,
            action,
        });
        Some(command)
    }

    pub(crate) fn answer(&mut self, ticket: Ticket, answer: Answer) {
        self.effects.push_back(Effect::Answer { ticket, answer });
    }

    pub(crate) fn notify(&mut self, code: NoticeCode, status: String) {
        self.effects.push_back(Effect::Notify(Notice { code, status }));
    }

    pub(crate) fn raise(&mut self, code: ProblemCode, about: String) {
        self.state.problems.insert(code, about);
    }

    pub(crate) fn clear(&mut self, code: ProblemCode) {
        self.state.problems.remove(&code);
    }

    /// A write of ours is on its way: its effect, when it shows, is no wish of anybody's.
    pub(crate) fn expect_echo(&mut self, now: Now, target: Target) {
        let until = now.plus(self.settings.timings.command_expiry_ms + self.settings.timings.confirm_ms);
        self.state.echoes.push(Echo { target, until });
    }

    /// Whether a change to `target` is the echo of a write of ours; it is used up.
    pub(crate) fn is_echo(&mut self, target: Target) -> bool {
        let found = self.state.echoes.iter().position(|echo| echo.target == target);
        found.map(|at| self.state.echoes.remove(at)).is_some()
    }

    /// The reason to hold a guarded request now.
    pub(crate) fn reason_to_hold(&self) -> Option<HoldReason> {
        reason_to_hold(self.situation(), self.settings.wrap_up)
    }

    pub(crate) fn situation(&self) -> Situation {
        let report = self.state.phone.as_ref().and_then(|phone| phone.report.as_ref());
        // Ordered: AfterCallWork < Connected < Ringing.
        let contact = report.and_then(|report| report.contacts.iter().map(|c| c.phase).max());
        Situation {
            phase: self.state.call.phase,
            contact,
        }
    }

    /// The presence as a target, if it is known.
    pub(crate) fn presence_target(&self) -> Option<Target> {
        match self.state.presence.value {
            PresenceValue::LoggedOut => Some(Target::Offline),
            PresenceValue::Status(id) => Some(Target::Status(id)),
            PresenceValue::Unknown => None,
        }
    }

    pub(crate) fn status(&self, id: StatusId) -> Option<&PresenceStatus> {
        self.statuses.iter().find(|status| status.id == id)
    }

    /// The label people see; a target that is no status has none of its own in the org.
    pub(crate) fn label(&self, target: Target) -> String {
        match target {
            Target::Offline => "Offline".to_owned(),
            Target::Quit => "Quit".to_owned(),
            Target::SignOut => "Sign out".to_owned(),
            Target::Status(id) => self
                .status(id)
                .map(|status| status.label.clone())
                .unwrap_or_default(),
        }
    }
}

impl Stage {
    pub(crate) fn held(reason: HoldReason) -> Self {
        Self::Held {
            reason,
            armed: None,
            rearm: None,
        }
    }

    pub(crate) fn applying() -> Self {
        Self::Applying {
            attempts: 0,
            sent: None,
            retry: None,
        }
    }
}
