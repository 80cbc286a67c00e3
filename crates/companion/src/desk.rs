//! Where people's and programs' requests are taken in: words become targets, answers become words.

use std::sync::Arc;
use std::time::Duration;

use presence::event::{Event, Origin, Target, Ticket};
use presence::picture::{Picture, SessionView};
use tokio::sync::watch;
use wire::status_api;

use crate::clock::Clock;
use crate::inbox::Inbox;
use crate::texts::Texts;
use crate::view::{self, OFFLINE};

/// How long a request may wait for the org's statuses right after a start.
const CATALOGUE_PATIENCE: Duration = Duration::from_secs(5);

/// Takes requests in. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Desk {
    inbox: Inbox,
    texts: Texts,
    clock: Clock,
    org: Option<String>,
    shows: Arc<watch::Sender<u64>>,
}

impl Desk {
    /// A desk in front of a loop. `org` is the address a sign-in would go to.
    pub fn new(inbox: Inbox, texts: Texts, clock: Clock, org: Option<String>) -> Self {
        Self {
            inbox,
            texts,
            clock,
            org,
            shows: Arc::new(watch::Sender::new(0)),
        }
    }

    /// Asks for a status by its label, or for `Offline`. Answers once the request is durably accepted or
    /// refused; never waits for Salesforce to confirm it.
    pub async fn request(&self, origin: Origin, label: &str) -> status_api::Answer {
        let Some(target) = self.target(label).await else {
            let signed_in = matches!(self.now_shown().session, SessionView::SignedIn { .. });
            let code = if signed_in {
                "unknown_status"
            } else {
                "not_signed_in"
            };
            return view::refused(code, label, &self.texts);
        };
        self.ask(label, |ticket| Event::Request {
            ticket,
            origin,
            target,
        })
        .await
    }

    /// Asks for a target that is known already.
    pub async fn request_target(&self, origin: Origin, target: Target) -> status_api::Answer {
        let label = match target {
            Target::Offline => OFFLINE.to_owned(),
            Target::Quit => self.texts.text("target-quit", &[]),
            Target::CloseWork(_) => self.texts.text("target-close_work", &[]),
            Target::Restart => self.texts.text("target-restart", &[]),
            Target::SignOut => self.texts.text("target-sign_out", &[]),
            Target::Status(id) => {
                let shown = self.now_shown();
                let found = shown.statuses.iter().find(|status| status.id == id);
                found.map(|status| status.label.clone()).unwrap_or_default()
            }
        };
        self.ask(&label, |ticket| Event::Request {
            ticket,
            origin,
            target,
        })
        .await
    }

    /// Cancels the held request.
    pub async fn cancel(&self) -> status_api::Answer {
        self.ask("", |ticket| Event::Cancel { ticket }).await
    }

    /// Takes the way back after a logout.
    pub async fn take_way_back(&self, origin: Origin) -> status_api::Answer {
        self.ask("", |ticket| Event::Return { ticket, origin }).await
    }

    /// The picture now, with the evidence's age.
    pub fn picture(&self) -> wire::picture::Picture {
        let shown = self.now_shown();
        let mut picture = view::render(&shown, &self.texts, self.org.as_deref());
        let age = shown
            .call
            .evidence_ms
            .map(|then| self.clock.now().wall_ms.saturating_sub(then).max(0));
        picture.call.evidence_age_ms = age.and_then(|age| u64::try_from(age).ok());
        picture
    }

    /// Somebody wants to see the window.
    pub fn show(&self) {
        self.shows.send_modify(|count| *count += 1);
    }

    /// Counts up each time somebody wants to see the window.
    pub fn shows(&self) -> watch::Receiver<u64> {
        self.shows.subscribe()
    }

    /// The words.
    pub fn texts(&self) -> &Texts {
        &self.texts
    }

    /// The way into the loop.
    pub fn inbox(&self) -> &Inbox {
        &self.inbox
    }

    fn now_shown(&self) -> Arc<Picture> {
        self.inbox.pictures().borrow().clone()
    }

    async fn target(&self, label: &str) -> Option<Target> {
        let wanted = label.trim();
        if wanted.eq_ignore_ascii_case(OFFLINE) {
            return Some(Target::Offline);
        }
        // Right after a start or a sign-in the org's statuses are still on their way.
        let mut pictures = self.inbox.pictures();
        let known = pictures.wait_for(|picture| {
            !picture.statuses.is_empty() || matches!(picture.session, SessionView::SignedOut)
        });
        let picture = tokio::time::timeout(CATALOGUE_PATIENCE, known)
            .await
            .ok()?
            .ok()?
            .clone();
        let exact = picture.statuses.iter().find(|status| status.label == wanted);
        let found = exact.or_else(|| {
            picture
                .statuses
                .iter()
                .find(|status| status.label.eq_ignore_ascii_case(wanted))
        });
        found.map(|status| Target::Status(status.id))
    }

    async fn ask(&self, label: &str, event: impl FnOnce(Ticket) -> Event) -> status_api::Answer {
        match self.inbox.ask(event).await {
            Ok(answer) => view::answer(answer, label, &self.texts),
            Err(_) => view::refused("stopping", label, &self.texts),
        }
    }
}
