//! Requests come in, wait for the disk, and become the one intent (DESIGN P2, P3).

use crate::effect::{Answer, HoldReason, NoticeCode, RefusalReason};
use crate::engine::Engine;
use crate::event::{Origin, Target, Ticket};
use crate::ids::WorkId;
use crate::leave::is_leaving;
use crate::note::{Guarding, HoldEnd};
use crate::problem::ProblemCode;
use crate::settings::GuardPolicy;
use crate::state::{Candidate, Intent, PresenceValue, Stage};
use crate::time::Now;

impl Engine {
    pub(crate) fn request(&mut self, now: Now, ticket: Ticket, origin: Origin, target: Target) {
        let reason = self.reason_to_hold(target);
        if let Some(refusal) = self.refusal(origin, target) {
            match refusal {
                RefusalReason::Observing => self.note_observed(origin, target, reason),
                RefusalReason::Blocked(why) => {
                    self.note_guarded(origin, target, Some(why), Guarding::Refused);
                }
                _ => {}
            }
            return self.answer(ticket, Answer::Refused(refusal));
        }
        if is_leaving(target) && (self.observing() || self.may_leave_at_once(origin, target)) {
            // Observing, Holdline guards nothing that leaving could end.
            self.note_observed(origin, target, reason.filter(|_| self.observing()));
            self.leave(now, origin, target);
            return self.answer(ticket, Answer::Applying);
        }
        if self.goes_without_saying(origin, target) {
            return self.answer(ticket, Answer::Nothing);
        }
        let standing = self.state.intent.is_some() || self.state.candidate.is_some();
        if !standing && self.presence_target() == Some(target) {
            self.strays_must_not_undo(target);
            return self.answer(ticket, Answer::Nothing);
        }
        let intent = self.new_intent(now, origin, target);
        self.propose(now, Some(intent), Some(ticket));
    }

    /// The way back after a logout: the last online status, or the org's first.
    pub(crate) fn request_return(&mut self, now: Now, ticket: Ticket, origin: Origin) {
        let known = self.state.last_online.filter(|id| self.status(*id).is_some());
        let first = || {
            self.catalogue
                .statuses
                .iter()
                .find(|status| status.online)
                .map(|status| status.id)
        };
        match known.or_else(first) {
            Some(id) => self.request(now, ticket, origin, Target::Status(id)),
            None => self.answer(ticket, Answer::Refused(RefusalReason::UnknownStatus)),
        }
    }

    pub(crate) fn cancel(&mut self, now: Now, ticket: Ticket) {
        // What makes good a write that was taken back is nobody's wish to be cancelled.
        let wish = self.state.intent.as_ref().filter(|intent| !intent.makes_good);
        if wish.is_none() && self.state.candidate.is_none() {
            return self.answer(ticket, Answer::Nothing);
        }
        self.propose(now, None, Some(ticket));
    }

    /// Told like a cancellation. What leads back to an online status is not what the absence has asked for.
    pub(crate) fn rep_is_back(&mut self, now: Now, from: Origin) {
        let ended = |origin| match from {
            Origin::ScreenLock => matches!(origin, Origin::Idle | Origin::ScreenLock),
            Origin::Idle => origin == Origin::Idle,
            _ => false,
        };
        let online = |target| match target {
            Target::Status(id) => self.status(id).is_some_and(|status| status.online),
            _ => false,
        };
        let standing = match &self.state.candidate {
            Some(candidate) => candidate.intent.as_deref(),
            None => self.state.intent.as_deref(),
        };
        if standing.is_some_and(|intent| ended(intent.origin) && !online(intent.target)) {
            self.propose(now, None, None);
        }
    }

    /// Makes a new intent the candidate. What stood before is out of force at once, and comes back only if
    /// the disk refuses.
    fn propose(&mut self, now: Now, intent: Option<Box<Intent>>, ticket: Option<Ticket>) {
        let mut previous = self.state.intent.take();
        if let Some(intent) = &mut previous {
            self.state.sync.deferred |= intent.origin == Origin::Rule;
            self.recall(now, intent);
            // If it comes back, it is decided afresh: nothing of it is out any more.
            intent.stage = Stage::held(HoldReason::NoEvidence);
            intent.ask_at = intent.ask_at.or(self.ask_at(now, now.wall_ms));
        }
        if let Some(overtaken) = self.state.candidate.take() {
            if let (Some(_), Some(older)) = (&previous, &overtaken.previous) {
                // What made good a write taken back has come in its place.
                self.tell_cancelled(older);
            }
            previous = previous.or(overtaken.previous);
            if let Some(ticket) = overtaken.ticket {
                self.answer(ticket, Answer::Refused(RefusalReason::Replaced));
            }
        }
        self.state.candidate = Some(Box::new(Candidate {
            intent,
            previous,
            ticket,
            revision: None,
        }));
    }

    /// The disk has the candidate.
    pub(crate) fn accept_candidate(&mut self, now: Now) {
        let Some(candidate) = self.state.candidate.take() else {
            return;
        };
        let Candidate {
            intent,
            previous,
            ticket,
            ..
        } = *candidate;
        self.clear(ProblemCode::AnotherCall);
        self.clear(ProblemCode::HoldLapsed);
        self.clear(ProblemCode::WriteNotConfirmed);
        let was_held = previous
            .filter(|previous| previous.was_held)
            .map(|previous| previous.target);
        if let Some(target) = was_held {
            let how = match intent {
                Some(_) => HoldEnd::Replaced,
                None => HoldEnd::Cancelled,
            };
            self.hold_ended(target, how);
        }
        let Some(mut intent) = intent else {
            return self.cancelled(ticket, was_held);
        };
        if let Some(made_good) = self.state.intent.take() {
            self.take_back(now, &made_good);
        }
        // Decided again, because a call may have begun while the disk was busy. What was accepted is never
        // dropped for that: it is held, under policy `block` too.
        intent.stage = self.first_stage(intent.target);
        intent.was_held = matches!(intent.stage, Stage::Held { .. });
        intent.works = self.open_works();
        self.note_stage(intent.origin, intent.target, &intent.stage);
        let answer = match intent.stage {
            Stage::Applying { .. } => Answer::Applying,
            Stage::Held { reason, .. } => Answer::Held(reason),
        };
        if let Some(ticket) = ticket {
            self.answer(ticket, answer);
        }
        if intent.was_held {
            self.notify(NoticeCode::Held, self.label(intent.target));
        } else if let Some(replaced) = was_held.filter(|replaced| *replaced != intent.target) {
            self.notify(NoticeCode::Cancelled, self.label(replaced));
        }
        self.state.intent = Some(intent);
    }

    fn cancelled(&mut self, ticket: Option<Ticket>, was_held: Option<Target>) {
        if let Some(ticket) = ticket {
            self.answer(ticket, Answer::Cancelled);
        }
        if let Some(target) = was_held {
            self.notify(NoticeCode::Cancelled, self.label(target));
        }
    }

    /// The disk refused: a hold that could be lost is no hold, so what stood before stands again.
    pub(crate) fn candidate_not_saved(&mut self, revision: u64) {
        let carried =
            |candidate: &mut Box<Candidate>| candidate.revision.is_some_and(|carried| carried <= revision);
        let Some(candidate) = self.state.candidate.take_if(carried) else {
            return;
        };
        let Candidate {
            intent,
            previous,
            ticket,
            ..
        } = *candidate;
        let was_held = previous.as_ref().filter(|p| p.was_held).map(|p| p.target);
        match intent {
            // The disk is asked again until it no longer holds what was cancelled.
            None => self.cancelled(ticket, was_held),
            Some(intent) => {
                let must_last = self.ask_of(intent.target).is_some();
                self.state.intent = if must_last { previous } else { Some(intent) };
                let answer = if must_last {
                    Answer::Refused(RefusalReason::NotSaved)
                } else {
                    Answer::Applying
                };
                if let Some(ticket) = ticket {
                    self.answer(ticket, answer);
                }
            }
        }
    }

    pub(crate) fn new_intent(&self, now: Now, origin: Origin, target: Target) -> Box<Intent> {
        let stage = self.first_stage(target);
        Box::new(Intent {
            target,
            origin,
            since_ms: now.wall_ms,
            was_held: matches!(stage, Stage::Held { .. }),
            stage,
            works: self.open_works(),
            row: self.state.presence.row,
            attempts: 0,
            retry: None,
            insist: false,
            makes_good: false,
            may_log_in: origin.is_reps_own(),
            restored: false,
            unheard: None,
            awaits_phone: None,
            ask_at: self.ask_at(now, now.wall_ms),
        })
    }

    fn first_stage(&self, target: Target) -> Stage {
        match self.reason_to_hold(target) {
            Some(reason) => Stage::held(reason),
            None => Stage::applying(),
        }
    }

    fn refusal(&self, origin: Origin, target: Target) -> Option<RefusalReason> {
        match target {
            Target::Quit | Target::Restart => {}
            _ if !self.state.signed_in() => return Some(RefusalReason::NotSignedIn),
            Target::Status(id) if self.status(id).is_none() => return Some(RefusalReason::UnknownStatus),
            Target::CloseWork(_) | Target::Offline | Target::SignOut | Target::Status(_) => {}
        }
        if self.observing() {
            return (!is_leaving(target)).then_some(RefusalReason::Observing);
        }
        if self.may_leave_at_once(origin, target) {
            return None;
        }
        if self.rep_comes_first(origin) {
            return Some(RefusalReason::RepHasSpoken);
        }
        let away = matches!(origin, Origin::Idle | Origin::ScreenLock);
        if away && self.state.presence.value == PresenceValue::Unknown {
            return Some(RefusalReason::Blocked(HoldReason::NoEvidence));
        }
        let blocked = self.settings.policy.guard == GuardPolicy::Block;
        let reason = self.reason_to_hold(target).filter(|_| blocked)?;
        // Else nobody could leave without evidence: held, so that the rep's second word finds the first.
        let may_be_said_again =
            is_leaving(target) && origin.is_reps_own() && reason == HoldReason::NoEvidence;
        (!may_be_said_again).then_some(RefusalReason::Blocked(reason))
    }

    /// The rep's own wish stands, and this is not one. A rule's wish never comes as a request.
    fn rep_comes_first(&self, origin: Origin) -> bool {
        let candidate = self.state.candidate.as_deref();
        let own = |intent: &Intent| intent.origin.is_reps_own();
        // A cancellation under way is the rep's word, too.
        let deciding = candidate.is_some_and(|candidate| candidate.intent.as_deref().is_none_or(own));
        let spoken = deciding || self.state.intent.as_deref().is_some_and(own);
        origin == Origin::Rule || (spoken && !origin.is_reps_own())
    }

    /// Somebody who is away already, or not there at all, need not be sent away; and only the rep logs in.
    fn goes_without_saying(&self, origin: Origin, target: Target) -> bool {
        let presence = self.state.presence.value;
        let logs_in = presence == PresenceValue::LoggedOut && matches!(target, Target::Status(_));
        let gets_work = match presence {
            PresenceValue::LoggedOut | PresenceValue::Unknown => false,
            PresenceValue::Status(id) => self.status(id).is_some_and(|status| status.online),
        };
        match origin {
            Origin::Idle | Origin::ScreenLock => !gets_work && !is_leaving(target),
            Origin::Rule | Origin::Shutdown | Origin::Updater => logs_in,
            Origin::Shortcut | Origin::StatusApi | Origin::Tray | Origin::Window => false,
        }
    }

    fn open_works(&self) -> Vec<WorkId> {
        self.state.works.iter().map(|work| work.id).collect()
    }
}
