//! Pairings under way.

use std::sync::{Arc, Mutex, MutexGuard};

use companion::inbox::Inbox;
use companion::texts::Texts;
use presence::event::{Event, Pairing, PairingKind};
use secrecy::{ExposeSecret as _, SecretString};
use tokio::runtime::Handle;
use tokio::sync::Notify;
use tokio::time::{Instant, sleep, sleep_until};
use wire::connector::Rights;
use wire::key::Code;
use wire::proof::Verifier;

use super::{Grant, PairingStore};
use crate::options::Timings;
use crate::problem::Refusal;
use crate::secret;
use crate::signed_in::Owner;

/// More attempts of one kind than this at a time are a flood.
const MOST_OPEN: usize = 5;

/// Every attempt under way, and who was confirmed before. Cheap to clone.
#[derive(Clone, Debug)]
pub(crate) struct Pairings(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    store: PairingStore,
    inbox: Inbox,
    texts: Texts,
    timings: Timings,
    runtime: Handle,
    attempts: Mutex<Vec<Attempt>>,
    changed: Notify,
}

#[derive(Debug)]
struct Attempt {
    id: String,
    kind: PairingKind,
    code: Code,
    owner: Owner,
    /// Who asked: a console page's instance; the same one asking again gets the same code.
    caller: String,
    expires: Instant,
    /// What the partner is called and may do once it is known.
    name: String,
    rights: Rights,
    /// How many wait for the outcome, and since when nobody does.
    waiting: usize,
    alone_since: Instant,
    stage: Stage,
}

#[derive(Clone, Debug)]
enum Stage {
    Open,
    /// The rep said yes; the key is on its way to the disk.
    Confirming,
    Confirmed(SecretString),
}

/// What became of an attempt.
#[derive(Clone, Debug)]
pub(crate) enum Outcome {
    Confirmed(SecretString),
    /// By the rep, by time, or it never was.
    Refused,
}

/// An offer's name and code.
#[derive(Clone, Debug)]
pub(crate) struct Offer {
    pub(crate) id: String,
    /// Shown to the rep on purpose, and to nobody else.
    pub(crate) code: Code,
}

impl Pairings {
    pub(crate) fn new(store: PairingStore, inbox: Inbox, texts: Texts, timings: Timings) -> Self {
        let shared = Shared {
            store,
            inbox,
            texts,
            timings,
            runtime: Handle::current(),
            attempts: Mutex::default(),
            changed: Notify::new(),
        };
        Self(Arc::new(shared))
    }

    /// What knows the proof of the key with this id, if it was given to such a partner of this rep.
    pub(crate) fn verifier(&self, kind: PairingKind, owner: Owner, key_id: &str) -> Option<Verifier> {
        self.0.store.verifier(kind, owner, key_id)
    }

    /// The token's holder, if there is one.
    pub(crate) fn phone(&self, owner: Owner, token: &str) -> Option<Grant> {
        self.0.store.phone(owner, token)
    }

    /// Begins an attempt, or finds the caller's own that is still open, and shows it to the rep.
    pub(crate) fn offer(
        &self,
        kind: PairingKind,
        owner: Owner,
        caller: &str,
        name: &str,
        rights: Rights,
    ) -> Result<Offer, Refusal> {
        let now = Instant::now();
        let mut attempts = self.attempts();
        let open = |attempt: &&Attempt| matches!(attempt.stage, Stage::Open) && attempt.kind == kind;
        let own = |attempt: &&Attempt| {
            kind == PairingKind::Console && attempt.owner == owner && attempt.caller == caller
        };
        if let Some(attempt) = attempts.iter().filter(open).find(own) {
            return Ok(Offer {
                id: attempt.id.clone(),
                code: attempt.code.clone(),
            });
        }
        if attempts.iter().filter(open).count() >= MOST_OPEN {
            return Err(Refusal::too_many());
        }
        let code = std::iter::repeat_with(secret::code)
            .find(|code| attempts.iter().all(|attempt| attempt.code != *code))
            .unwrap_or_else(secret::code);
        let offer = Offer {
            id: secret::random().expose_secret().to_owned(),
            code,
        };
        attempts.push(Attempt {
            id: offer.id.clone(),
            kind,
            code: offer.code.clone(),
            owner,
            caller: caller.to_owned(),
            name: name.to_owned(),
            rights,
            expires: now + self.0.timings.pairing_expiry,
            waiting: 0,
            alone_since: now,
            stage: Stage::Open,
        });
        self.0.inbox.post(Event::PairingOffered(Pairing {
            id: offer.id.clone(),
            kind,
            code: offer.code.expose().to_owned(),
            name: self.shown(kind, name, rights),
        }));
        self.0.runtime.spawn(self.clone().watch(offer.id.clone()));
        Ok(offer)
    }

    /// What the partner is called where the rep decides: a phone that asks for no more than to report is said to.
    fn shown(&self, kind: PairingKind, name: &str, rights: Rights) -> String {
        match (kind, rights) {
            (PairingKind::Phone, Rights::Report) => {
                self.0.texts.text("pairing-name-report", &[("name", name)])
            }
            _ => name.to_owned(),
        }
    }

    /// Waits for the outcome; `None` after `hold`, and when the word to stop comes.
    pub(crate) fn wait(&self, id: &str) -> Wait {
        if let Some(attempt) = self.attempts().iter_mut().find(|attempt| attempt.id == id) {
            attempt.waiting += 1;
        }
        Wait {
            pairings: self.clone(),
            id: id.to_owned(),
        }
    }

    /// The rep's yes.
    pub(crate) fn confirm(&self, id: &str) {
        let (kind, owner, name, rights) = {
            let mut attempts = self.attempts();
            let Some(attempt) = attempts.iter_mut().find(|attempt| attempt.id == id) else {
                return;
            };
            if !matches!(attempt.stage, Stage::Open) {
                return;
            }
            attempt.stage = Stage::Confirming;
            self.0.inbox.post(Event::PairingEnded { id: id.to_owned() });
            (attempt.kind, attempt.owner, attempt.name.clone(), attempt.rights)
        };
        let (pairings, id) = (self.clone(), id.to_owned());
        self.0.runtime.spawn_blocking(move || {
            let key = match kind {
                PairingKind::Console => secret::with_id(),
                PairingKind::Phone => secret::random(),
            };
            if let Err(error) = pairings
                .0
                .store
                .add(kind, owner, &name, rights, key.expose_secret())
            {
                tracing::warn!(%error, "a pairing holds only until the next start");
            }
            if let Some(attempt) = pairings.attempts().iter_mut().find(|attempt| attempt.id == id) {
                attempt.stage = Stage::Confirmed(key);
            }
            pairings.0.changed.notify_waiters();
        });
    }

    /// The rep's no.
    pub(crate) fn refuse(&self, id: &str) {
        self.end(|attempt| attempt.id == id && matches!(attempt.stage, Stage::Open));
    }

    /// Another rep, or nobody, is signed in.
    pub(crate) fn end_all(&self) {
        self.end(|_| true);
    }

    fn end(&self, which: impl Fn(&Attempt) -> bool) {
        self.attempts().retain(|attempt| {
            let over = which(attempt);
            if over && matches!(attempt.stage, Stage::Open) {
                self.0.inbox.post(Event::PairingEnded {
                    id: attempt.id.clone(),
                });
            }
            !over
        });
        self.0.changed.notify_waiters();
    }

    /// Ends an attempt when its time is over or nobody has waited for it for a while. A confirmed one keeps
    /// its key until then, for a partner that lost the answer.
    async fn watch(self, id: String) {
        let grace = self.0.timings.pairing_grace;
        loop {
            let now = Instant::now();
            let due = {
                let attempts = self.attempts();
                let Some(attempt) = attempts.iter().find(|attempt| attempt.id == id) else {
                    return;
                };
                let open = matches!(attempt.stage, Stage::Open);
                let alone = (open && attempt.waiting == 0).then_some(attempt.alone_since + grace);
                alone.map_or(attempt.expires, |alone| alone.min(attempt.expires))
            };
            if now >= due {
                self.end(|attempt| attempt.id == id);
                return;
            }
            // A wait that ends meanwhile brings the due time forward, though never below one more grace.
            sleep_until(due.min(now + grace)).await;
        }
    }

    fn attempts(&self) -> MutexGuard<'_, Vec<Attempt>> {
        self.0
            .attempts
            .lock()
            .unwrap_or_else(|poisoned| poisoned.into_inner())
    }
}

/// Somebody waits for an outcome; dropped, they wait no longer.
#[derive(Debug)]
pub(crate) struct Wait {
    pairings: Pairings,
    id: String,
}

impl Wait {
    /// The outcome.
    pub(crate) async fn outcome(&self) -> Outcome {
        loop {
            let mut changed = std::pin::pin!(self.pairings.0.changed.notified());
            // Listening begins before looking, so that no change falls between.
            changed.as_mut().enable();
            if let Some(outcome) = self.now() {
                return outcome;
            }
            changed.await;
        }
    }

    /// The outcome, if it comes within `hold`.
    pub(crate) async fn outcome_within(&self, hold: std::time::Duration) -> Option<Outcome> {
        tokio::select! {
            biased;
            outcome = self.outcome() => Some(outcome),
            () = sleep(hold) => None,
        }
    }

    fn now(&self) -> Option<Outcome> {
        match self
            .pairings
            .attempts()
            .iter()
            .find(|attempt| attempt.id == self.id)
        {
            None => Some(Outcome::Refused),
            Some(attempt) => match &attempt.stage {
                Stage::Open | Stage::Confirming => None,
                Stage::Confirmed(key) => Some(Outcome::Confirmed(key.clone())),
            },
        }
    }
}

impl Drop for Wait {
    fn drop(&mut self) {
        if let Some(attempt) = self
            .pairings
            .attempts()
            .iter_mut()
            .find(|attempt| attempt.id == self.id)
        {
            attempt.waiting -= 1;
            attempt.alone_since = Instant::now();
        }
    }
}
