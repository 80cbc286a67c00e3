//! What is to be on disk, and what the disk has said (DESIGN P2).

use serde::{Deserialize, Serialize};

use crate::effect::Effect;
use crate::engine::Engine;
use crate::event::Origin;
use crate::picture::CallPhase;
use crate::problem::ProblemCode;
use crate::saved::{SCHEMA, Saved, SavedIntent, SavedSession};
use crate::state::{Intent, Session};
use crate::time::Now;

/// Revisions asked for and confirmed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub(crate) struct Disk {
    /// The newest revision asked for.
    pub(crate) asked: u64,
    /// The newest revision on disk.
    pub(crate) confirmed: u64,
    /// Failures in a row, and when to try again.
    failures: u32,
    pub(crate) retry: Option<Now>,
}

impl Engine {
    /// Asks for a save when what is to be on disk has changed or could not be written, and tells the
    /// candidate which revision carries it.
    pub(crate) fn save_what_changed(&mut self, now: Now) {
        let changed = !self.is_saved();
        if changed {
            self.saved = self.to_save();
        }
        if changed || self.disk.retry.is_some_and(|at| now.reached(at)) {
            self.disk.retry = None;
            self.disk.asked += 1;
            self.effects.push_back(Effect::Save {
                revision: self.disk.asked,
            });
        }
        let revision = self.disk.asked;
        if let Some(candidate) = self.state.candidate.as_mut().filter(|c| c.revision.is_none()) {
            candidate.revision = Some(revision);
        }
    }

    /// The disk has everything up to a revision.
    pub(crate) fn disk_confirmed(&mut self, revision: u64) {
        if revision > self.disk.asked {
            return;
        }
        self.disk.confirmed = self.disk.confirmed.max(revision);
        if revision == self.disk.asked {
            self.disk.failures = 0;
            self.disk.retry = None;
            self.clear(ProblemCode::StateNotSaved);
        }
    }

    /// The disk could not take a revision.
    pub(crate) fn disk_failed(&mut self, now: Now, revision: u64, reason: String) {
        if revision > self.disk.asked || revision <= self.disk.confirmed {
            return;
        }
        self.raise(ProblemCode::StateNotSaved, reason);
        self.candidate_not_saved(revision);
        if revision == self.disk.asked {
            self.disk.failures = self.disk.failures.saturating_add(1);
            self.disk.retry = Some(now.plus(self.backoff_ms(self.disk.failures)));
        }
    }

    /// The intent that is to be on disk: a candidate already counts; a rule's wish does not, because sides
    /// that were apart are reconciled and old wishes are not replayed.
    fn intent_to_save(&self) -> Option<&Intent> {
        let intent = match &self.state.candidate {
            Some(candidate) => candidate.intent.as_deref(),
            None => self.state.intent.as_deref(),
        };
        intent.filter(|intent| intent.origin != Origin::Rule)
    }

    /// A phone is joined, or what it had when it left still counts, or it is waited for.
    fn phone_to_save(&self) -> bool {
        let waits = |intent: &Intent| intent.awaits_phone.is_some();
        let state = &self.state;
        state.phone.is_some() || state.kept_contact.is_some() || state.intent.as_deref().is_some_and(waits)
    }

    /// Before the first evidence the file keeps the phase it had.
    fn phase_to_save(&self) -> CallPhase {
        match self.state.call.phase {
            CallPhase::Unknown => self.saved.phase,
            phase => phase,
        }
    }

    /// Whether [`Self::to_save`] would make what is saved already; asked at every event, so without making it.
    fn is_saved(&self) -> bool {
        let same_session = match &self.state.session {
            Session::SignedIn {
                org,
                user,
                name,
                org_url,
                ..
            } => self.saved.session.as_ref().is_some_and(|saved| {
                saved.org == *org
                    && saved.user == *user
                    && saved.name == *name
                    && saved.org_url == *org_url
                    && saved.instance == self.state.org.instance
                    && saved.replay == self.state.org.replay
            }),
            Session::SignedOut | Session::SigningIn => {
                self.saved.session.as_ref() == self.state.resumable.as_deref()
            }
        };
        let same_intent = match (self.intent_to_save(), &self.saved.intent) {
            (None, None) => true,
            (Some(intent), Some(saved)) => {
                intent.target == saved.target
                    && intent.origin == saved.origin
                    && intent.since_ms == saved.since_ms
                    && intent.was_held == saved.held
                    && intent.works == saved.works
                    && intent.may_log_in == saved.may_log_in
            }
            (None, Some(_)) | (Some(_), None) => false,
        };
        let same_held_as = self.held_as_to_save() == self.saved.held_as;
        let same_phone = self.phone_to_save() == self.saved.phone;
        same_session && same_intent && same_held_as && same_phone && self.phase_to_save() == self.saved.phase
    }

    fn to_save(&self) -> Saved {
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
                instance: self.state.org.instance.clone(),
                replay: self.state.org.replay,
            }),
            Session::SignedOut | Session::SigningIn => self.state.resumable.as_deref().cloned(),
        };
        let intent = self.intent_to_save().map(|intent| SavedIntent {
            target: intent.target,
            origin: intent.origin,
            since_ms: intent.since_ms,
            held: intent.was_held,
            works: intent.works.clone(),
            row: intent.row,
            may_log_in: intent.may_log_in,
        });
        Saved {
            schema: SCHEMA,
            session,
            intent,
            held_as: self.held_as_to_save(),
            phone: self.phone_to_save(),
            phase: self.phase_to_save(),
        }
    }
}
