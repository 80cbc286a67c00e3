//! P8: every visible change names its cause, in the event, a note or an effect of the same line.

use presence::changed::Part;
use presence::event::{CommandOutcome, Event, Target};
use presence::note::Note;
use presence::picture::{CallPhase, Picture, PresenceView};
use presence::problem::ProblemCode;
use presence::rules::Destination;
use proptest::prelude::*;
use proptest::sample::Index;
use trace::replay::{Outcome, Player};

use crate::ops::{Kind, ops};
use crate::traces::told;
use crate::world::{AVAILABLE, BREAK, World, status};

/// What one event changed, and why it says so.
struct Change<'a> {
    event: &'a Event,
    before: &'a Picture,
    after: &'a Picture,
    outcome: &'a Outcome,
}

impl Change<'_> {
    /// The parts that nothing explains.
    fn unexplained(&self) -> Vec<Part> {
        let parts = self.outcome.changed.iter().copied();
        parts.filter(|part| !self.explains(*part)).collect()
    }

    fn explains(&self, part: Part) -> bool {
        match part {
            // The phase is a decision. Its times and the wrap-up's end come from rows, or with time.
            Part::Call => self.phase_is_noted(),
            Part::Presence => self.presence_is_noted(),
            Part::Held | Part::Pending => self.wish_is_noted(),
            Part::Problems => self.problems_are_noted(),
            Part::SyncPaused => self.notes(|note| matches!(note, Note::Breaker { .. })),
            // A request would be held now, or would not any more: by the phase, or by a contact.
            Part::Guarding => {
                self.notes(|note| matches!(note, Note::Phase { .. } | Note::Ignored { .. }))
                    || self.is_of_phone()
                    || self.before.telephony != self.after.telephony
                    || self.works_were_told()
            }
            // These show what the event says, or begin and end with the session.
            Part::Console => {
                self.ends_session()
                    || matches!(
                        self.event,
                        Event::ConsoleConnected { .. } | Event::ConsoleGone { .. }
                    )
            }
            Part::Evidence => {
                *self.event
                    != Event::Dismiss {
                        code: ProblemCode::HoldLapsed,
                    }
            }
            Part::Pairings => matches!(self.event, Event::PairingOffered(_) | Event::PairingEnded { .. }),
            Part::Profile | Part::Statuses | Part::VoiceRouted => {
                self.is_of_phone() || self.ends_session() || matches!(self.event, Event::Catalogue(_))
            }
            Part::Session => self.ends_session(),
            Part::Telephony => self.is_of_phone(),
            // What may be done with a work follows from the calls, the phone and what the console tells.
            Part::Works | Part::WrappingUp => true,
            // A setting: it never changes while Holdline runs.
            Part::Observing => false,
        }
    }

    fn notes(&self, is_it: impl Fn(&Note) -> bool) -> bool {
        self.outcome.notes.iter().any(is_it)
    }

    fn phase_is_noted(&self) -> bool {
        let (before, now) = (self.before.call.phase, self.after.call.phase);
        before == now
            || self.notes(|note| matches!(note, Note::Phase { to, .. } if *to == now))
            || (now == CallPhase::Unknown && self.ends_session())
    }

    fn presence_is_noted(&self) -> bool {
        let value = |picture: &Picture| match &picture.presence {
            PresenceView::LoggedOut { .. } => Some(None),
            PresenceView::Status { id, .. } => Some(Some(*id)),
            PresenceView::Unknown => None,
        };
        let now = value(self.after);
        value(self.before) == now
            || (now.is_none() && self.ends_session())
            || self.notes(|note| matches!(note, Note::Presence { .. }))
    }

    /// The wish came, went, or waits for another reason.
    fn wish_is_noted(&self) -> bool {
        let decided = |note: &Note| {
            matches!(
                note,
                Note::Guarded { .. }
                    | Note::HoldEnded { .. }
                    | Note::Confirmed { .. }
                    | Note::Presence { .. }
                    | Note::Sent { .. }
                    // A rule's own wish came, or the one before it went.
                    | Note::Rule { destination: Destination::Salesforce, .. }
                    // A wish that is given up says what is wrong.
                    | Note::Problem { raised: true, .. }
            )
        };
        let standing = |picture: &Picture| picture.held.as_ref().map(|held| held.target);
        let other_reason = standing(self.before) == standing(self.after) && standing(self.after).is_some();
        // A new wish puts the one before out of force at once; it comes back if the disk refuses.
        let is_wish = matches!(
            self.event,
            Event::Cancel { .. }
                | Event::RepIsBack { .. }
                | Event::Request { .. }
                | Event::Return { .. }
                | Event::SaveFailed { .. }
        );
        self.notes(decided)
            || self.ends_session()
            || is_wish
            // The label of what is wished for.
            || matches!(self.event, Event::Catalogue(_))
            || (other_reason
                && (self.is_of_phone()
                    || self.works_were_told()
                    || *self.event == Event::Tick
                    || self.notes(|note| {
                        matches!(
                            note,
                            Note::Phase { .. } | Note::Ignored { .. } | Note::Problem { .. }
                        )
                    })))
    }

    fn problems_are_noted(&self) -> bool {
        let codes = |picture: &Picture| -> Vec<ProblemCode> {
            picture.problems.iter().map(|problem| problem.code).collect()
        };
        let (before, now) = (codes(self.before), codes(self.after));
        let noted = |code: &ProblemCode, there: bool| {
            self.notes(|note| {
                *note
                    == Note::Problem {
                        code: *code,
                        raised: there,
                    }
            })
        };
        let came = now.iter().filter(|code| !before.contains(code));
        let went = before.iter().filter(|code| !now.contains(code));
        came.map(|code| noted(code, true))
            .chain(went.map(|code| noted(code, false)))
            .all(|noted| noted)
    }

    fn works_were_told(&self) -> bool {
        matches!(
            self.event,
            Event::ConsoleSnapshot { .. }
                | Event::ConversationEnded { .. }
                | Event::Rows { .. }
                | Event::Streamed { .. }
                | Event::Work { .. }
        )
    }

    fn is_of_phone(&self) -> bool {
        matches!(
            self.event,
            Event::PhoneGone | Event::PhoneJoined(_) | Event::PhoneState(_)
        )
    }

    /// Everything of one rep's session begins and ends with it.
    fn ends_session(&self) -> bool {
        matches!(
            self.event,
            Event::SignInStarted | Event::SignedIn { .. } | Event::SignedOut
        )
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn p8_every_visible_change_is_explained(
        ops in ops(Kind::Hostile, 60),
        put_in in proptest::collection::vec(any::<(Index, Index)>(), 0..12),
    ) {
        let (began, history) = told(Kind::Hostile, &ops, &put_in);
        let mut player = Player::new(began);
        for (at, event) in history {
            let before = player.picture().clone();
            let outcome = player.play(at, event.clone());
            let change = Change { event: &event, before: &before, after: player.picture(), outcome: &outcome };
            let unexplained = change.unexplained();
            prop_assert!(
                unexplained.is_empty(),
                "{unexplained:?} by {event:?}\nnotes: {:#?}\nbefore: {before:#?}\nafter: {:#?}",
                outcome.notes,
                change.after,
            );
        }
    }
}

/// A write that was taken back is carried out all the same: the way back says why it is there.
#[test]
fn p8_what_makes_good_a_stray_write_is_explained() {
    let mut world = World::working();
    world.prompt = false;
    world.request_of(Target::Status(status(BREAK)));
    while world.run_disk() {}
    let command = world.page.queue.front().map(|(command, ..)| *command);
    let command = command.expect("it has been sent");
    world.ask(|ticket| Event::Cancel { ticket });
    while world.run_disk() {}
    assert_eq!(world.picture().pending, None);
    world.notes.clear();
    let outcome = CommandOutcome::Done;
    world.tell(Event::CommandAnswered { command, outcome });
    let back = world.picture().pending.map(|pending| pending.target);
    assert_eq!(back, Some(Target::Status(status(AVAILABLE))));
    let guarded = |note: &Note| matches!(note, Note::Guarded { target, .. } if Some(*target) == back);
    assert!(world.notes.iter().any(guarded), "{:?}", world.notes);
}
