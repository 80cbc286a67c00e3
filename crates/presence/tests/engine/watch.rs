//! What must hold at every step, told by a watcher that sees only what goes in and out.

use std::collections::{BTreeMap, BTreeSet};

use presence::effect::{Answer, ConsoleAction, Effect, NoticeCode, RefusalReason};
use presence::event::{CommandId, CommandOutcome, Event, Target, Ticket, WorkStage};
use presence::ids::StatusId;
use presence::phone::{ContactPhase, PhoneState};
use presence::picture::CallPhase;
use presence::saved::Saved;
use presence::settings::{GuardedStatuses, Mode, Timings, WrapUpPolicy};
use presence::time::Now;

use crate::reference::Reference;
use crate::world::{BREAK, FINISHING, TrueWork, World, status};

/// What the watcher remembers.
#[derive(Clone, Debug, Default)]
pub(crate) struct Watch {
    pub(crate) reference: Reference,
    /// Requesters without an answer, and what they asked.
    pub(crate) open: BTreeMap<Ticket, Event>,
    /// The next report tells of the rep's own choice in Salesforce.
    pub(crate) by_rep: bool,
    /// The acknowledged hold that nothing has become of yet.
    pub(crate) standing: Option<Target>,
    /// The wish under way that came as a request; a sync rule's would not be on disk.
    requested: Option<Target>,
    /// The presence last wished for, by the order in which the wishes reached Holdline; the outer `None`: no
    /// wish that says where presence must end.
    pub(crate) last_wish: Option<Option<StatusId>>,
    /// The rep's choice in Salesforce was still on its way when another wish was answered: which of the two
    /// is the last, nobody can say.
    pub(crate) crossing: bool,
    /// The rep logged out while these waited for the disk, asked by nobody in person: they log nobody in, unless
    /// the logout was the doing of a write taken back, which at that moment nobody can say.
    contested: BTreeSet<Ticket>,
    /// The rep has left by Holdline: what was under way then is nobody's any more.
    pub(crate) left: bool,
    /// A request was refused after it may have been written.
    pub(crate) overtaken: bool,
    /// Counts the wishes to be Offline, and says which one a command was made for.
    wish: u64,
    wish_of: BTreeMap<CommandId, u64>,
    applied: Vec<u64>,
    asking: Option<(CommandId, Now)>,
    logout_out: Option<CommandId>,
    contact: Option<ContactPhase>,
}

impl Watch {
    pub(crate) fn hear(&mut self, now: Now, event: &Event, timings: &Timings) {
        let mut asked = None;
        match event {
            Event::ConsoleSnapshot { command, .. } => {
                if self.reference.gap(now, timings) {
                    self.asking = None;
                }
                asked = self
                    .asking
                    .take_if(|(asking, _)| asking == command)
                    .map(|(_, asked)| asked);
            }
            Event::CommandAnswered { command, outcome } => {
                if *outcome != CommandOutcome::Done {
                    self.asking.take_if(|(asking, _)| asking == command);
                }
                let ours = self.logout_out.take_if(|out| out == command).is_some();
                if ours && *outcome == CommandOutcome::CallActive {
                    self.reference.contradicted(now);
                }
            }
            Event::ConnectionError if self.reference.told_by_console() => self.asking = None,
            Event::ConsoleGone { .. } | Event::ConsoleConnected { .. } => {}
            Event::PhoneState(PhoneState { contacts, .. }) => {
                self.contact = contacts.iter().map(|contact| contact.phase).max();
                // A choice at the phone is a wish, too.
                self.wish += 1;
            }
            Event::PhoneGone | Event::PhoneJoined(_) => self.contact = None,
            Event::StatusChanged { status } if self.by_rep => self.wish_for(Some(*status)),
            Event::OmniLogout { .. } if self.by_rep => {
                self.wish += 1;
                self.wish_for(None);
                let automatic =
                    |asked: &Event| matches!(asked, Event::Request { origin, .. } if !origin.is_reps_own());
                let contested = self.open.iter().filter(|(_, asked)| automatic(asked));
                self.contested.extend(contested.map(|(ticket, _)| *ticket));
            }
            _ => {}
        }
        self.by_rep = false;
        let console = self.reference.console();
        self.reference.hear(now, event, asked, timings);
        if self.reference.console() != console || self.reference.gap(now, timings) {
            self.asking = None;
        }
    }

    pub(crate) fn after_event(&mut self, now: Now, timings: &Timings) {
        let patience_ms = timings.command_expiry_ms + timings.confirm_ms;
        self.asking.take_if(|(_, asked)| now.since(*asked) >= patience_ms);
    }

    pub(crate) fn see_effect(&mut self, now: Now, effect: &Effect) {
        match effect {
            Effect::Console {
                command,
                action: ConsoleAction::Snapshot,
                ..
            } => {
                self.asking = Some((*command, now));
            }
            Effect::Console {
                command,
                action: ConsoleAction::Arm { .. } | ConsoleAction::Logout { .. },
                ..
            } => {
                self.logout_out = Some(*command);
                self.wish_of.insert(*command, self.wish);
            }
            // A logout after that is another decision.
            Effect::Console {
                action: ConsoleAction::SetStatus { .. } | ConsoleAction::Login { .. },
                ..
            } => self.wish += 1,
            Effect::Withdraw { command } => {
                self.asking.take_if(|(asking, _)| asking == command);
                self.logout_out.take_if(|out| out == command);
            }
            Effect::Answer { ticket, answer } => {
                let asked = self.open.remove(ticket).expect("nobody is answered twice");
                self.answered(&asked, *answer);
                if self.contested.remove(ticket) {
                    self.last_wish = None;
                }
            }
            Effect::Notify(notice) => {
                let ends = matches!(
                    notice.code,
                    NoticeCode::Applied | NoticeCode::Cancelled | NoticeCode::Lapsed
                );
                if ends && self.standing.map(label) == Some(notice.status.as_str()) {
                    self.standing = None;
                }
                if notice.code == NoticeCode::Held {
                    let guarded = [Target::Offline, Target::Status(status(BREAK))];
                    let held = guarded.into_iter().find(|target| label(*target) == notice.status);
                    self.standing = held.or(self.standing);
                }
            }
            Effect::Quit | Effect::Restart | Effect::SignOut => {
                self.standing = None;
                self.left = true;
            }
            _ => {}
        }
    }

    fn wish_for(&mut self, presence: Option<StatusId>) {
        self.last_wish = Some(presence).filter(|_| !self.crossing && !self.left);
    }

    fn answered(&mut self, asked: &Event, answer: Answer) {
        let (target, reps_own) = match asked {
            Event::Request { target, origin, .. } => (Some(*target), origin.is_reps_own()),
            _ => (None, true),
        };
        match answer {
            // Closing a work is no wish for a presence; and nobody's wish is what went without saying.
            Answer::Nothing if !reps_own => {}
            Answer::Applying if matches!(target, Some(Target::CloseWork(_))) => {}
            Answer::Refused(why) => {
                self.overtaken |= matches!(why, RefusalReason::Replaced | RefusalReason::NotSaved);
            }
            Answer::Nothing | Answer::Applying | Answer::Held(_) => {
                match target {
                    Some(Target::Offline) => self.wish_for(None),
                    Some(Target::Status(id)) => self.wish_for(Some(id)),
                    Some(Target::CloseWork(_) | Target::Quit | Target::Restart | Target::SignOut) | None => {
                        self.last_wish = None;
                    }
                }
                if answer != Answer::Nothing {
                    self.standing = target.filter(|_| matches!(answer, Answer::Held(_)));
                    self.requested = target;
                    self.wish += u64::from(target == Some(Target::Offline));
                }
            }
            Answer::Cancelled => {
                self.standing = None;
                self.last_wish = None;
                self.wish += 1;
            }
        }
    }

    pub(crate) fn crashed(&mut self, stored: &Saved) {
        let presence = matches!(self.standing, Some(Target::Offline | Target::Status(_)));
        if presence && self.standing != self.requested {
            self.standing = None;
        }
        if !self.open.is_empty() || self.overtaken {
            // Nobody was told which of the two it is; or the disk has a request that was refused after it
            // had been written, and not yet the hold before it: README, "What it does not promise".
            let intent = stored.intent.as_ref().map(|intent| intent.target);
            self.standing = intent.filter(|target| !matches!(target, Target::Status(_)));
            self.wish += 1;
        }
        // Quitting and starting again have happened.
        self.standing = self
            .standing
            .filter(|target| !matches!(target, Target::Quit | Target::Restart));
        self.open.clear();
        self.overtaken = false;
        self.left = false;
        self.asking = None;
        self.logout_out = None;
        self.contact = None;
        self.reference = Reference::restored(stored);
    }
}

fn label(target: Target) -> &'static str {
    match target {
        Target::Offline => "Offline",
        Target::CloseWork(_) => "Close work",
        Target::Quit => "Quit",
        Target::Restart => "Restart",
        Target::SignOut => "Sign out",
        Target::Status(id) if id == status(BREAK) => "Break",
        Target::Status(_) => "a status",
    }
}

impl World {
    /// After every event.
    pub(crate) fn check(&mut self) {
        let picture = self.picture();
        let watch = &self.watch;
        let timings = &self.settings.timings;
        assert_eq!(
            picture.call.phase,
            watch.reference.phase(self.now, timings),
            "P5: the phase is the evidence's"
        );
        assert_eq!(
            picture.call.wrap_up_ends_ms,
            watch.reference.wrap_up_ends_ms(self.now, timings),
            "P5: and so is the wrap-up's end"
        );
        let wished = [
            picture.held.map(|held| held.target),
            picture.pending.map(|pending| pending.target),
        ];
        if let Some(standing) = watch.standing.filter(|_| watch.open.is_empty()) {
            assert!(
                wished.contains(&Some(standing)),
                "P2: {standing:?} was acknowledged, and nothing was said of its end"
            );
        }
        let under_way = !self.watch.open.is_empty();
        self.watch
            .requested
            .take_if(|requested| !under_way && !wished.contains(&Some(*requested)));
        if let Some(phone) = &self.phone {
            assert_eq!(phone.dropped, 0, "P1: a phone was set Offline in mid-contact");
        }
    }

    /// At the moment a command leaves the engine, its own evidence must allow it.
    pub(crate) fn check_effect(&self, effect: &Effect) {
        let watch = &self.watch;
        let timings = &self.settings.timings;
        let allow_wrap_up = self.settings.policy.wrap_up == WrapUpPolicy::Allow;
        let phase = watch.reference.phase(self.now, timings);
        let contact_allows = match watch.contact {
            None => true,
            Some(ContactPhase::AfterCallWork) => allow_wrap_up,
            Some(ContactPhase::Connected | ContactPhase::Ringing) => false,
        };
        if self.settings.mode == Mode::Observe {
            let writes = match effect {
                Effect::Console { action, .. } => *action != ConsoleAction::Snapshot,
                Effect::Phone { .. } => true,
                _ => false,
            };
            assert!(!writes, "observing, it writes: {effect:?}");
            return;
        }
        let busy_is_guarded = self.settings.policy.guarded == GuardedStatuses::NonRoutable;
        match effect {
            Effect::Console {
                action: ConsoleAction::SetStatus { status: set, .. },
                ..
            } if *set == status(FINISHING) => {
                assert_eq!(phase, CallPhase::OnCall, "hold_as: set in {phase:?}");
                assert!(
                    !matches!(
                        watch.contact,
                        Some(ContactPhase::AfterCallWork | ContactPhase::Ringing)
                    ),
                    "hold_as: set in {:?}",
                    watch.contact
                );
            }
            Effect::Console {
                action: ConsoleAction::SetStatus { status: set, .. } | ConsoleAction::Login { status: set },
                ..
            } if *set == status(BREAK) && busy_is_guarded => {
                assert!(
                    phase == CallPhase::Idle || (phase == CallPhase::WrapUp && allow_wrap_up),
                    "P1: a guarded Busy status was sent in {phase:?}"
                );
                assert!(contact_allows, "P1: Busy in a contact: {:?}", watch.contact);
            }
            Effect::Console {
                action: ConsoleAction::CloseWork { work, .. },
                ..
            } => {
                let over = |work: &TrueWork| work.conversation_ended || work.stage == WorkStage::Ended;
                assert!(self.works.get(work).is_none_or(over), "P1: a call was closed");
            }
            Effect::Console {
                action: ConsoleAction::Logout { .. },
                ..
            } => {
                assert!(
                    phase == CallPhase::Idle || (phase == CallPhase::WrapUp && allow_wrap_up),
                    "P1: a logout was sent in {phase:?}"
                );
                assert!(
                    contact_allows,
                    "P1: a logout was sent in a contact: {:?}",
                    watch.contact
                );
            }
            Effect::Phone { state, enqueue, .. } if state == "Offline" => {
                assert!(enqueue, "P1: Offline without enqueue");
                assert_ne!(
                    watch.contact,
                    Some(ContactPhase::Ringing),
                    "P1: nothing is sent while it rings"
                );
            }
            Effect::Quit | Effect::Restart | Effect::SignOut => {
                assert!(
                    !matches!(phase, CallPhase::OnCall | CallPhase::Ringing),
                    "P1: left in {phase:?}"
                );
                assert!(
                    !watch.contact.is_some_and(ContactPhase::is_live),
                    "P1: left in a contact"
                );
            }
            Effect::Answer {
                ticket: _,
                answer: Answer::Held(_),
            } => {
                let stored = self.stored.intent.as_ref().map(|intent| intent.target);
                assert_eq!(stored, watch.standing, "P2: acknowledged and not on disk");
            }
            _ => {}
        }
    }

    /// At the moment the org really logs the rep out for a command.
    pub(crate) fn check_logout(&mut self, command: CommandId) {
        let talking = self.works.values().any(|work| {
            work.voice
                && match work.stage {
                    WorkStage::Assigned => true,
                    WorkStage::Opened => !work.conversation_ended,
                    WorkStage::Ended => false,
                }
        });
        assert!(!talking, "P1: logged out in a call");
        let wish = self.watch.wish_of.get(&command).copied();
        let wish = wish.expect("only what Holdline has sent is carried out");
        assert!(
            self.hostile || !self.watch.applied.contains(&wish),
            "P2: applied twice"
        );
        self.watch.applied.push(wish);
    }
}
