//! Requests come in, wait for the disk, and become the one intent (DESIGN P2, P3).

use crate::effect::{Answer, HoldReason, NoticeCode, RefusalReason};
use crate::engine::Engine;
use crate::event::{Origin, Target, Ticket};
use crate::guard::is_guarded;
use crate::picture::CallPhase;
use crate::problem::ProblemCode;
use crate::saved::{SCHEMA, Saved, SavedIntent, SavedSession};
use crate::settings::GuardPolicy;
use crate::state::{Candidate, Intent, Session, Stage};
use crate::time::Now;

impl Engine {
    pub(crate) fn request(&mut self, now: Now, ticket: Ticket, origin: Origin, target: Target) {
        if let Some(refusal) = self.refusal(target) {
            return self.answer(ticket, Answer::Refused(refusal));
        }
        if self.may_leave_at_once(target) {
            self.leave(target);
            return self.answer(ticket, Answer::Applying);
        }
        let standing = self.state.intent.is_some() || self.state.candidate.is_some();
        if !standing && self.presence_target() == Some(target) {
            return self.answer(ticket, Answer::Nothing);
        }
        let intent = self.new_intent(now, origin, target);
        self.propose(Some(intent), Some(ticket));
    }

    /// The way back after a logout: the last online status, or the org's first.
    pub(crate) fn request_return(&mut self, now: Now, ticket: Ticket, origin: Origin) {
        let known = self.state.last_online.filter(|id| self.status(*id).is_some());
        let first = || {
            self.statuses
                .iter()
                .find(|status| status.online)
                .map(|status| status.id)
        };
        match known.or_else(first) {
            Some(id) => self.request(now, ticket, origin, Target::Status(id)),
            None => self.answer(ticket, Answer::Refused(RefusalReason::UnknownStatus)),
        }
    }

    pub(crate) fn cancel(&mut self, ticket: Ticket) {
        if self.state.intent.is_none() && self.state.candidate.is_none() {
            return self.answer(ticket, Answer::Nothing);
        }
        self.propose(None, Some(ticket));
    }

    /// Makes a new intent the candidate. What stood before is out of force at once, and comes back only if
    /// the disk refuses.
    fn propose(&mut self, intent: Option<Intent>, ticket: Option<Ticket>) {
        let mut previous = self.state.intent.take();
        if let Some(intent) = &previous {
            self.withdraw_commands_of(&intent.stage.clone());
        }
        if let Some(overtaken) = self.state.candidate.take() {
            previous = previous.or(overtaken.previous);
            if let Some(ticket) = overtaken.ticket {
                self.answer(ticket, Answer::Refused(RefusalReason::Replaced));
            }
        }
        self.state.candidate = Some(Candidate {
            intent,
            previous,
            ticket,
            revision: 0,
        });
    }

    /// The disk has the candidate.
    pub(crate) fn accept_candidate(&mut self, now: Now) {
        let Some(Candidate {
            intent,
            previous,
            ticket,
            ..
        }) = self.state.candidate.take()
        else {
            return;
        };
        let had_hold = previous.as_ref().is_some_and(|previous| previous.was_held);
        let Some(mut intent) = intent else {
            if let Some(ticket) = ticket {
                self.answer(ticket, Answer::Cancelled);
            }
            if let Some(previous) = previous.filter(|previous| previous.was_held) {
                self.notify(NoticeCode::Cancelled, self.label(previous.target));
            }
            return;
        };
        // Decided again, because a call may have begun while the disk was busy. What was accepted is never
        // dropped for that: it is held, under policy `block` too.
        intent.stage = self.first_stage(intent.target);
        let answer = match intent.stage {
            Stage::Applying { .. } => Answer::Applying,
            Stage::Held { reason, .. } => Answer::Held(reason),
        };
        if let Some(ticket) = ticket {
            self.answer(ticket, answer);
        }
        match intent.stage {
            Stage::Held { .. } => self.notify(NoticeCode::Held, self.label(intent.target)),
            Stage::Applying { .. } if had_hold => {
                let held = previous
                    .map(|previous| self.label(previous.target))
                    .unwrap_or_default();
                self.notify(NoticeCode::Cancelled, held);
            }
            Stage::Applying { .. } => {}
        }
        intent.was_held = matches!(intent.stage, Stage::Held { .. });
        intent.works = self.open_works();
        self.state.intent = Some(intent);
        self.settle_intent(now);
    }

    /// The disk refused: a hold that could be lost is no hold, so what stood before stands again.
    pub(crate) fn save_failed(&mut self, revision: u64, reason: String) {
        self.raise(ProblemCode::StateNotSaved, reason);
        if self
            .state
            .candidate
            .as_ref()
            .is_none_or(|candidate| candidate.revision > revision)
        {
            return;
        }
        let Some(Candidate {
            intent,
            previous,
            ticket,
            ..
        }) = self.state.candidate.take()
        else {
            return;
        };
        let must_last = intent.as_ref().is_some_and(|intent| is_guarded(intent.target));
        let answer = match &intent {
            Some(_) if must_last => Answer::Refused(RefusalReason::NotSaved),
            Some(_) => Answer::Applying,
            None => Answer::Cancelled,
        };
        self.state.intent = if must_last { previous } else { intent };
        if let Some(ticket) = ticket {
            self.answer(ticket, answer);
        }
    }

    /// A rule's wish: beaten by any intent of the rep's, and never worth waiting for the disk, because sides
    /// that were apart are reconciled and old wishes are not replayed.
    pub(crate) fn rule_request(&mut self, now: Now, target: Target) {
        let rep_has_spoken = self.state.candidate.is_some()
            || self
                .state
                .intent
                .as_ref()
                .is_some_and(|intent| intent.origin != Origin::Rule);
        if rep_has_spoken || self.refusal(target).is_some() || self.presence_target() == Some(target) {
            return;
        }
        if let Some(replaced) = self.state.intent.take() {
            self.withdraw_commands_of(&replaced.stage);
        }
        self.state.intent = Some(self.new_intent(now, Origin::Rule, target));
    }

    fn new_intent(&self, now: Now, origin: Origin, target: Target) -> Intent {
        let stage = self.first_stage(target);
        Intent {
            target,
            origin,
            since_ms: now.wall_ms,
            was_held: matches!(stage, Stage::Held { .. }),
            stage,
            works: self.open_works(),
            restored: false,
        }
    }

    fn first_stage(&self, target: Target) -> Stage {
        match self.reason_to_hold().filter(|_| is_guarded(target)) {
            Some(reason) => Stage::held(reason),
            None => Stage::applying(),
        }
    }

    fn refusal(&self, target: Target) -> Option<RefusalReason> {
        match target {
            Target::Quit => {}
            _ if !self.state.signed_in() => return Some(RefusalReason::NotSignedIn),
            Target::Status(id) if self.status(id).is_none() => return Some(RefusalReason::UnknownStatus),
            Target::Offline | Target::SignOut | Target::Status(_) => {}
        }
        let leaving_is_free = self.may_leave_at_once(target);
        let blocked = self.settings.guard == GuardPolicy::Block && is_guarded(target) && !leaving_is_free;
        self.reason_to_hold()
            .filter(|_| blocked)
            .map(RefusalReason::Blocked)
    }

    /// Leaving needs no guard while nobody is signed in and no phone is on the line. And with no evidence at
    /// all, asking a second time is the rep's own word that there is no call: leaving writes no presence.
    fn may_leave_at_once(&self, target: Target) -> bool {
        let standing = self.state.intent.as_ref();
        let asked_before = standing.is_some_and(|intent| {
            intent.target == target
                && matches!(
                    intent.stage,
                    Stage::Held {
                        reason: HoldReason::NoEvidence,
                        ..
                    }
                )
        });
        let on_the_line = self
            .state
            .phone
            .as_ref()
            .is_some_and(|phone| phone.has_live_contact());
        matches!(target, Target::Quit | Target::SignOut)
            && !on_the_line
            && (!self.state.signed_in() || asked_before)
    }

    /// What is to be on disk: the candidate already counts.
    pub(crate) fn to_save(&self) -> Saved {
        let intent = match &self.state.candidate {
            Some(candidate) => candidate.intent.as_ref(),
            None => self.state.intent.as_ref(),
        };
        let session = match &self.state.session {
            Session::SignedIn {
                org,
                user,
                name,
                org_url,
                ..
            } => Some(SavedSession {
                org: *org,
                user: *user,
                name: name.clone(),
                org_url: org_url.clone(),
            }),
            // A sign-in that is being restored is not forgotten before it has been tried.
            Session::SigningIn => self.saved().session.clone(),
            Session::SignedOut if self.state.intent.as_ref().is_some_and(|intent| intent.restored) => {
                self.saved().session.clone()
            }
            Session::SignedOut => None,
        };
        // Before the first evidence the file keeps what it said.
        let phase = match self.state.call.phase {
            CallPhase::Unknown => self.saved().phase,
            phase => phase,
        };
        Saved {
            schema: SCHEMA,
            session,
            intent: intent
                .filter(|intent| intent.origin != Origin::Rule)
                .map(|intent| SavedIntent {
                    target: intent.target,
                    origin: intent.origin,
                    since_ms: intent.since_ms,
                    held: intent.was_held,
                    works: intent.works.clone(),
                }),
            phase,
        }
    }

    fn open_works(&self) -> Vec<crate::ids::WorkId> {
        self.state.works.iter().map(|work| work.id).collect()
    }
}
