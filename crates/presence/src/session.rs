//! Who is signed in: begins, ends and changes of the session.

use crate::effect::{NoticeCode, RefusalReason};
use crate::engine::Engine;
use crate::note::HoldEnd;
use crate::problem::ProblemCode;
use crate::state::{Reading, Session, State};
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
        self.state.resumable = None;
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
            ProblemCode::OrgUnreachable,
            ProblemCode::PhoneRefused,
            ProblemCode::PresenceRefused,
            ProblemCode::SyncPaused,
            ProblemCode::WriteNotConfirmed,
        ] {
            self.clear(code);
        }
        self.catalogue = std::sync::Arc::default();
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
