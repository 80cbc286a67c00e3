//! Who is signed in: begins, ends and changes of the session.

use crate::effect::{NoticeCode, RefusalReason};
use crate::engine::Engine;
use crate::event::Target;
use crate::note::{Doer, HoldEnd, Note, Source};
use crate::problem::ProblemCode;
use crate::state::{Org, Presence, PresenceValue, Reading, Session, State};
use crate::time::Now;

impl Engine {
    pub(crate) fn signed_in(&mut self, now: Now, session: Session) {
        let Some(who) = session.who() else {
            return;
        };
        let before = self.state.session.who();
        if before.is_some_and(|before| before != who) {
            // Another rep, without a sign-out in between: nothing of the first may be seen.
            self.signed_out(now);
        }
        if self
            .state
            .resumable
            .as_ref()
            .is_some_and(|saved| (saved.org, saved.user) != who)
        {
            self.lapse_restored();
            self.state.held_as = None;
        }
        let resumed = self.state.resumable.take();
        if let Some(saved) = resumed.filter(|saved| (saved.org, saved.user) == who) {
            self.state.org.instance = saved.instance;
            self.state.org.replay = saved.replay;
        }
        let back_ms = self.settings.timings.phone_back_ms;
        let awaits_phone = self.state.intent.as_mut().map(|intent| &mut intent.awaits_phone);
        if let Some(Some(until)) = awaits_phone {
            // Not before the rep is at work again.
            *until = now.plus(back_ms);
        }
        if before == Some(who) {
            // The same rep has signed in again: what the org has told stays true.
            self.state.reading.next = Some(now);
            self.state.reading.stopped = false;
        } else {
            self.state.session = session;
            self.state.reading = Reading {
                next: Some(now),
                ..Reading::default()
            };
        }
        for code in [
            ProblemCode::SignInAgain,
            ProblemCode::SignInFailed,
            ProblemCode::OrgUnreachable,
        ] {
            self.clear(code);
        }
    }

    /// Nothing of one rep's session may be seen in the next one's.
    pub(crate) fn signed_out(&mut self, now: Now) {
        let was_signed_in = self.state.signed_in();
        self.refuse_closing(RefusalReason::NotSignedIn);
        // A wish that was restored waits for its session; any other one ends with it.
        if was_signed_in || !self.has_restored() {
            self.drop_intent(now);
        }
        let before = std::mem::replace(&mut self.state, State::new(now));
        let state = &mut self.state;
        state.intent = before.intent;
        state.held_as = before.held_as.filter(|_| !was_signed_in);
        state.candidate = before.candidate;
        state.kept_contact = before.kept_contact;
        state.phone = before.phone;
        state.pairings = before.pairings;
        state.last_command = before.last_command;
        state.problems = before.problems;
        // A sign-in that could not be resumed (a locked keyring, say) may be tried again at the next start.
        state.resumable = before.resumable.filter(|_| !was_signed_in);
        for code in [
            ProblemCode::AnotherCall,
            ProblemCode::ConsoleConnectionError,
            ProblemCode::ConsoleMissing,
            ProblemCode::HoldAsUnknown,
            ProblemCode::LoggedOutAfterMiss,
            ProblemCode::LoggedOutBy,
            ProblemCode::LoggedOutDuringCall,
            ProblemCode::OrgMoved,
            ProblemCode::OrgUnreachable,
            ProblemCode::PhoneRefused,
            ProblemCode::PresenceRefused,
            ProblemCode::StreamStopped,
            ProblemCode::SyncPaused,
            ProblemCode::WriteNotConfirmed,
        ] {
            self.clear(code);
        }
        self.catalogue = std::sync::Arc::default();
    }

    /// The catalogue names the org's instance.
    pub(crate) fn instance_told(&mut self, now: Now) {
        let told = self.catalogue.instance.as_ref();
        let Some(told) = told
            .filter(|told| self.state.org.instance.as_ref() != Some(told))
            .cloned()
        else {
            return;
        };
        if self.state.signed_in() && self.state.org.instance.replace(told).is_some() {
            self.org_moved(now);
        }
    }

    /// A data-centre switch: everybody was logged out, and no state or stream position of before applies (seed
    /// 002, "Recover from a Salesforce Data Recovery Instance"). Nobody has seen that logout, so that it is no
    /// wish and the phone is not told: presence is not known until somebody tells it.
    fn org_moved(&mut self, now: Now) {
        let from = self.presence_target();
        self.raise(ProblemCode::OrgMoved, String::new());
        self.forget_console_commands(now);
        self.doubt_evidence(now);
        let state = &mut self.state;
        state.works.clear();
        *state.org = Org {
            instance: state.org.instance.take(),
            answers_from: state.org.answers_from,
            ..Org::default()
        };
        state.missed = None;
        // What the sides were taken to agree on is of before, too.
        state.sync.known = None;
        state.presence = Presence {
            value: PresenceValue::Unknown,
            since_ms: now.wall_ms,
            row: None,
            since_told: false,
            seen: None,
            moved: true,
        };
        self.note(Note::Presence {
            from,
            to: Target::Offline,
            by: Doer::Salesforce,
            source: Source::Rest,
        });
    }

    fn has_restored(&self) -> bool {
        self.state.intent.as_ref().is_some_and(|intent| intent.restored)
    }

    /// A restored wish belongs to somebody else, or is nobody's wish any more: it ends, and the rep is told.
    pub(crate) fn lapse_restored(&mut self) {
        let Some(intent) = self.state.intent.take_if(|intent| intent.restored) else {
            return;
        };
        let label = self.label(intent.target);
        self.hold_ended(intent.target, HoldEnd::Lapsed);
        self.raise(ProblemCode::HoldLapsed, label.clone());
        self.notify(NoticeCode::Lapsed, label);
    }

    pub(crate) fn session_since(&self) -> Option<Now> {
        match self.state.session {
            Session::SignedIn { since, .. } => Some(since),
            Session::SignedOut | Session::SigningIn => None,
        }
    }
}
