//! The engine: one event in, effects out.

use std::collections::VecDeque;
use std::sync::Arc;

use crate::console::Snapshot;
use crate::disk::Disk;
use crate::effect::HoldReason;
use crate::effect::{Answer, ConsoleAction, Effect, Notice, NoticeCode};
use crate::event::{Catalogue, CommandId, Event, PresenceStatus, Target, Ticket, WorkStage};
use crate::evidence::source_of;
use crate::guard::{Ask, Guard, Situation, Verdict, ask_of, decide};
use crate::ids::{StatusId, WorkItemId};
use crate::note::{Note, Source, Staleness};
use crate::problem::ProblemCode;
use crate::saved::Saved;
use crate::settings::{Mode, Profile, Settings};
use crate::state::{Echo, HeldAs, Intent, PresenceValue, Session, Stage, State};
use crate::time::Now;
use crate::worklist::Worklist;

/// VoiceCall's documented key prefix, used until the org has told its own (salesforce.md, H).
pub const VOICE_PREFIX: &str = "0LQ";

/// Decides. Feed it with [`Self::handle`], then take effects until [`Self::poll_effect`] gives none, then
/// wait for the next event or [`Self::poll_deadline`].
///
/// Same events at the same times give the same effects, to the byte.
#[derive(Clone, Debug)]
pub struct Engine {
    pub(crate) settings: Arc<Settings>,
    pub(crate) guard: Guard,
    pub(crate) catalogue: Arc<Catalogue>,
    pub(crate) state: State,
    pub(crate) effects: VecDeque<Effect>,
    pub(crate) notes: VecDeque<Note>,
    pub(crate) saved: Saved,
    pub(crate) disk: Disk,
    pub(crate) run: u64,
    pub(crate) last: Now,
    /// Where the event being handled comes from, for the notes.
    pub(crate) source: Source,
    /// The console's works: shown, and no part of what decides.
    pub(crate) worklist: Worklist,
}

impl Engine {
    /// A fresh engine. `run` tells its commands from those of every other run: random, from outside.
    pub fn new(settings: Settings, run: u64, now: Now) -> Self {
        Self {
            settings: Arc::new(settings),
            guard: decide,
            catalogue: Arc::default(),
            state: State::new(now),
            effects: VecDeque::new(),
            notes: VecDeque::new(),
            saved: Saved::default(),
            disk: Disk::default(),
            run,
            last: now,
            source: Source::Time,
            worklist: Worklist::default(),
        }
    }

    /// An engine that goes on from what an earlier run saved. Its hold stays held until fresh evidence says
    /// what became of the call.
    pub fn restore(settings: Settings, run: u64, saved: Saved, now: Now) -> Self {
        let mut engine = Self::new(settings, run, now);
        // Leaving ended with the process that was asked to leave.
        let intent = saved
            .intent
            .as_ref()
            .filter(|intent| !matches!(intent.target, Target::Quit | Target::Restart));
        engine.state.intent = intent.map(|intent| {
            Box::new(Intent {
                target: intent.target,
                origin: intent.origin,
                since_ms: intent.since_ms,
                stage: Stage::held(HoldReason::NoEvidence),
                // Shown as held until more is known, so that its end is told.
                was_held: true,
                works: intent.works.clone(),
                row: intent.row,
                attempts: 0,
                retry: None,
                insist: false,
                makes_good: false,
                may_log_in: intent.may_log_in,
                restored: true,
                unheard: None,
                awaits_phone: saved
                    .phone
                    .then(|| now.plus(engine.settings.timings.phone_back_ms)),
                ask_at: engine.ask_at(now, intent.since_ms),
            })
        });
        if let Some(intent) = &saved.intent {
            engine.remember_earlier_run(now, intent);
        }
        engine.state.held_as = saved
            .held_as
            .map(|held_as| Box::new(HeldAs::restored(now, held_as)));
        engine.state.resumable = saved.session.clone().map(Box::new);
        engine.saved = saved;
        engine
    }

    /// The same engine under another guard, so that proofs can show what a wrong one would do.
    #[must_use]
    pub fn guarded_by(mut self, guard: Guard) -> Self {
        self.guard = guard;
        self
    }

    /// One thing happened.
    pub fn handle(&mut self, now: Now, event: Event) {
        self.last = now;
        self.notes.clear();
        self.source = Source::Time;
        self.let_time_pass(now);
        self.source = source_of(&event);
        self.take_in(now, event);
        self.settle(now);
        self.save_what_changed(now);
        self.promote_candidate(now);
    }

    /// The next thing to do, in order; `None` when all has been said.
    pub fn poll_effect(&mut self) -> Option<Effect> {
        self.effects.pop_front()
    }

    /// The next step of the explanation of the last event; what is not taken is forgotten at the next one.
    pub fn poll_note(&mut self) -> Option<Note> {
        self.notes.pop_front()
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
            Event::Cancel { ticket } => self.cancel(now, ticket),
            Event::Dismiss { code } => self.dismiss(now, code),
            Event::RepIsBack { from } => self.rep_is_back(now, from),
            Event::Request {
                ticket,
                origin,
                target: Target::CloseWork(work),
            } if self.state.signed_in() => self.request_close(now, ticket, origin, work),
            Event::Request {
                ticket,
                origin,
                target,
            } => self.request(now, ticket, origin, target),
            Event::Return { ticket, origin } => self.request_return(now, ticket, origin),

            Event::Catalogue(catalogue) => self.catalogue(now, catalogue),
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
            Event::SignedOut => {
                self.forget_worklist();
                self.worklist.options = None;
                self.signed_out(now);
            }

            Event::ConsoleConnected { console } => self.console_connected(now, console),
            Event::ConsoleGone { console } => {
                if self
                    .state
                    .console
                    .as_ref()
                    .is_some_and(|leads| leads.id == console)
                {
                    self.forget_worklist();
                }
                self.console_gone(now, console);
            }
            Event::ConsoleHeard { console } => self.console_heard(now, console),
            Event::ConsoleSnapshot {
                console,
                command,
                works,
                status,
                conversations_ended,
            } => {
                if self
                    .state
                    .console
                    .as_ref()
                    .is_some_and(|leads| leads.id == console)
                {
                    self.list_works(&works);
                }
                self.console_snapshot(
                    now,
                    console,
                    command,
                    Snapshot {
                        works,
                        status,
                        conversations_ended,
                    },
                )
            }
            Event::CommandAnswered { command, outcome } => self.command_answered(now, command, outcome),
            Event::ConnectionError => self.connection_error(now),
            Event::ConversationEnded { item } => self.state.end_conversation(now, item),
            Event::OmniLogout { reason } => {
                self.observe_presence(now, None, PresenceValue::LoggedOut, None, reason);
            }
            Event::StatusChanged { status } => {
                self.observe_presence(now, None, PresenceValue::Status(status), None, None);
            }
            Event::Work { seen, declined } => {
                self.list_work(seen);
                self.sync_work_seen(now, seen, true);
                self.work(now, seen, declined);
            }
            Event::WorkRequest {
                ticket,
                origin,
                work,
                action,
            } => self.request_work(now, ticket, origin, work, action),
            Event::WorkFlag { work, flagged } => self.list_flag(work, flagged),
            Event::WorkOptions(options) => self.worklist.options = Some(options),
            Event::Workload(workload) => self.sync_workload(now, workload),

            Event::ReadFailed {
                problem,
                retry_after_ms,
            } => {
                self.read_failed(now, problem, retry_after_ms);
            }
            Event::StreamGap => self.stream_gap(now),
            Event::StreamStopped { why } => self.stream_stopped(why),
            Event::Streamed {
                works,
                presence,
                replay,
            } => self.streamed(now, works, presence, replay),
            Event::Rows {
                asked,
                works,
                presence,
            } => self.rows(now, asked, works, presence),

            Event::PhoneAsks { state } => self.phone_asks(state.as_deref()),
            Event::PhoneAnswered { command, outcome } => self.phone_answered(now, command, outcome),
            Event::PhoneGone => self.phone_gone(now),
            Event::PhoneJoined(joined) => self.phone_joined(now, joined),
            Event::PhoneState(report) => self.phone_state(now, report),

            Event::PairingOffered(pairing) => {
                self.state.pairings.retain(|other| other.id != pairing.id);
                self.state.pairings.push(pairing);
            }
            Event::PairingEnded { id } => self.state.pairings.retain(|pairing| pairing.id != id),
            Event::ResumeSync => self.resume_sync(),
            Event::ProblemCleared { code } => self.clear(code),
            Event::ProblemRaised(problem) => self.raise(problem.code, problem.about),
            Event::Saved { revision } => self.disk_confirmed(revision),
            Event::SaveFailed { revision, reason } => self.disk_failed(now, revision, reason),
            Event::Tick => {}
        }
    }

    /// What has grown too old since the last event is given up before the new one is looked at.
    fn let_time_pass(&mut self, now: Now) {
        self.state.phone_echoes.retain(|(_, until)| !now.reached(*until));
        self.expire_console(now);
        self.give_up_works(now);
        self.expire_kept_contact(now);
        self.refresh_call(now);
    }

    /// Brings every decision up to date with the state; each step only looks at the ones before it.
    fn settle(&mut self, now: Now) {
        self.refresh_call(now);
        self.settle_intent(now);
        self.settle_longest_hold(now);
        self.settle_closing(now);
        self.settle_held_phone();
        self.settle_phone(now);
        if self.settle_sync(now) {
            self.settle_intent(now);
            self.settle_held_phone();
            self.settle_phone(now);
        }
        self.settle_reading(now);
        self.settle_console(now);
    }

    /// A candidate becomes the intent once the disk has it (DESIGN P2).
    fn promote_candidate(&mut self, now: Now) {
        let carried = self
            .state
            .candidate
            .as_ref()
            .and_then(|candidate| candidate.revision);
        if carried.is_some_and(|revision| revision <= self.disk.confirmed) {
            self.accept_candidate(now);
            self.settle(now);
            self.save_what_changed(now);
        }
    }

    fn catalogue(&mut self, now: Now, catalogue: Catalogue) {
        let before = std::mem::replace(&mut self.catalogue, Arc::new(catalogue));
        if before.statuses != self.catalogue.statuses {
            self.note_online();
            self.check_hold_as();
        }
        if !voice_prefixes(&before).eq(voice_prefixes(&self.catalogue)) {
            self.voice_prefixes_changed(now);
        }
        self.instance_told(now);
    }

    /// Key prefixes of the work items that are calls, those included that only a row has told to be one; never
    /// empty, because without one no partner logs out.
    pub(crate) fn voice_prefixes(&self) -> Vec<String> {
        let mut prefixes: Vec<String> = voice_prefixes(&self.catalogue).map(str::to_owned).collect();
        for work in self.state.works.iter().filter(|work| !self.is_voice(work.item)) {
            prefixes.push(work.item.0.prefix().to_owned());
        }
        prefixes.sort();
        prefixes.dedup();
        prefixes
    }

    /// Whether the org routes calls through Omni-Channel at all; `None` until it has told.
    pub(crate) fn voice_routed(&self) -> Option<bool> {
        let channels = &self.catalogue.channels;
        (!channels.is_empty()).then(|| channels.iter().any(|channel| channel.voice))
    }

    /// Whether a work item is a call, by its key prefix: messaging and case work never is.
    pub(crate) fn is_voice(&self, item: WorkItemId) -> bool {
        voice_prefixes(&self.catalogue).any(|prefix| item.0.has_prefix(prefix))
    }

    /// Takes down what was left out of account.
    pub(crate) fn note_ignored(&mut self, why: Staleness) {
        let source = self.source;
        self.note(Note::Ignored { source, why });
    }

    /// Takes down why.
    pub(crate) fn note(&mut self, note: Note) {
        self.notes.push_back(note);
    }

    // What the other rooms share

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
        // The writer itself, so that nothing gets past it.
        if self.observing() && action != ConsoleAction::Snapshot {
            return None;
        }
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
        if self.state.problems.insert(code, about).is_none() {
            self.note(Note::Problem { code, raised: true });
        }
    }

    fn dismiss(&mut self, now: Now, code: ProblemCode) {
        if code == ProblemCode::HoldLasts {
            self.let_hold_last(now);
        }
        if code.can_be_dismissed() {
            self.clear(code);
        }
    }

    pub(crate) fn clear(&mut self, code: ProblemCode) {
        if self.state.problems.remove(&code).is_some() {
            self.note(Note::Problem { code, raised: false });
        }
    }

    /// A write of ours is on its way: its effect, when it shows, is no wish of anybody's.
    pub(crate) fn expect_echo(&mut self, now: Now, target: Target) {
        let until = now.plus(self.patience_ms());
        self.state.echoes.retain(|echo| echo.target != target);
        self.state.echoes.push(Echo { target, until });
    }

    /// The write was not carried out.
    pub(crate) fn expect_no_echo(&mut self, target: Target) {
        self.state.echoes.retain(|echo| echo.target != target);
    }

    /// Whether a change to `target` is the echo of a write of ours; it is used up.
    pub(crate) fn is_echo(&mut self, target: Target) -> bool {
        let found = self.state.echoes.iter().position(|echo| echo.target == target);
        found.map(|at| self.state.echoes.remove(at)).is_some()
    }

    /// The reason to hold a request for this target now; `None`: it may go out.
    pub(crate) fn reason_to_hold(&self, target: Target) -> Option<HoldReason> {
        match self.guard_says(self.ask_of(target)?) {
            Verdict::Hold(reason) => Some(reason),
            Verdict::Go | Verdict::Enqueue => None,
        }
    }

    /// What a request for this target asks of the guard; `None`: nothing.
    pub(crate) fn ask_of(&self, target: Target) -> Option<Ask> {
        let online = match target {
            Target::Status(id) => self.status(id).is_some_and(|status| status.online),
            _ => false,
        };
        ask_of(target, online, self.settings.policy.guarded)
    }

    pub(crate) fn guard_says(&self, ask: Ask) -> Verdict {
        (self.guard)(self.situation(), self.settings.policy, ask)
    }

    /// What the guard looks at.
    pub(crate) fn situation(&self) -> Situation {
        let works = &self.state.works;
        Situation {
            phase: self.state.call.phase,
            contact: self.state.contact(),
            contact_without_work: self.state.has_contact_without_work(),
            ringing: works.iter().any(|work| work.stage == WorkStage::Assigned),
            wrapping_up: works.iter().any(|work| self.state.in_wrap_up(work)),
            phone_enqueues: self.state.phone.as_ref().is_some_and(|phone| phone.enqueues),
        }
    }

    /// Holdline only watches.
    pub(crate) fn observing(&self) -> bool {
        self.settings.mode == Mode::Observe
    }

    /// Who writes what: as the settings say, else as the joined phone says, else as the org is set up.
    pub(crate) fn profile(&self) -> Profile {
        let by_phone = self.state.phone.as_ref().map(|phone| phone.profile);
        let by_org = || match self.catalogue.call_center {
            true if self.catalogue.channels.iter().any(|channel| channel.voice) => Profile::SalesforceVoice,
            true => Profile::CtiAdapter,
            false => Profile::Connector,
        };
        self.settings.profile.or(by_phone).unwrap_or_else(by_org)
    }

    /// The presence as a target, if it is known.
    pub(crate) fn presence_target(&self) -> Option<Target> {
        self.state.presence.value.target()
    }

    pub(crate) fn status(&self, id: StatusId) -> Option<&PresenceStatus> {
        self.catalogue.statuses.iter().find(|status| status.id == id)
    }

    /// The label people see; a target that is no status has none of its own in the org.
    pub(crate) fn label(&self, target: Target) -> String {
        match target {
            Target::CloseWork(_) => "Close work".to_owned(),
            Target::Offline => "Offline".to_owned(),
            Target::Quit => "Quit".to_owned(),
            Target::SignOut => "Sign out".to_owned(),
            Target::Restart => "Restart".to_owned(),
            Target::Status(id) => self
                .status(id)
                .map(|status| status.label.clone())
                .unwrap_or_default(),
        }
    }
}

/// The key prefixes that tell calls from other work: those of the voice channels, and VoiceCall's documented
/// one while the org has told of none. An empty one would make everything a call, so it is none.
fn voice_prefixes(catalogue: &Catalogue) -> impl Iterator<Item = &str> {
    let told = || {
        let voice = catalogue.channels.iter().filter(|channel| channel.voice);
        voice
            .map(|channel| channel.item_prefix.as_str())
            .filter(|prefix| !prefix.is_empty())
    };
    let documented = told().next().is_none().then_some(VOICE_PREFIX);
    told().chain(documented)
}
