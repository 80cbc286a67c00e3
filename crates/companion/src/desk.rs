//! Where people's and programs' requests are taken in: words become targets, answers become words.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use presence::event::{Event, Origin, Target, Ticket, WorkAction};
use presence::ids::WorkId;
use presence::picture::{Picture, SessionView};
use presence::problem::ProblemCode;
use tokio::sync::watch;
use wire::status_api::{self, Action};
use wire::support::{Ask, Told};

use crate::clock::Clock;
use crate::inbox::Inbox;
use crate::orgs::{KeptOrg, NoSuchOrg, Orgs};
use crate::ports::SupportPort;
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
    orgs: Orgs,
    shows: Arc<watch::Sender<u64>>,
    support: Support,
}

/// Known once everything else has started.
#[derive(Clone, Default)]
struct Support(Arc<OnceLock<Box<dyn SupportPort>>>);

impl std::fmt::Debug for Support {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Support")
    }
}

impl Desk {
    /// A desk in front of a loop. `org` is the address a sign-in would go to.
    pub fn new(inbox: Inbox, texts: Texts, clock: Clock, org: Option<String>, orgs: Orgs) -> Self {
        Self {
            inbox,
            texts,
            clock,
            org,
            orgs,
            shows: Arc::new(watch::Sender::new(0)),
            support: Support::default(),
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

    /// Leaves the active org for another one that is signed in to, guarded as a sign-out is; nothing is revoked.
    pub async fn use_org(&self, origin: Origin, word: &str) -> status_api::Answer {
        let kept = match self.orgs.find(word) {
            Ok(kept) => kept,
            Err(NoSuchOrg::Ambiguous) => return view::refused("ambiguous_org", word, &self.texts),
            Err(NoSuchOrg::Unknown) => return view::refused("unknown_org", word, &self.texts),
        };
        if let Some(ours) = self.orgs.not_allowed(&kept) {
            return view::refused_with("org_of_policy", &[("org", ours)], &self.texts);
        }
        match &self.now_shown().session {
            SessionView::SignedIn { org, user, .. } if (*org, *user) == (kept.org, kept.user) => {
                status_api::Answer::Nothing
            }
            SessionView::SignedIn { .. } => {
                let label = self.texts.text("target-use_org", &[]);
                self.leave_org(origin, Some(kept), &label).await
            }
            SessionView::SignedOut | SessionView::SigningIn => {
                self.orgs.take_up(kept);
                status_api::Answer::Applying
            }
        }
    }

    /// Leaves the active org: for another one, or by signing out of it. What is asked for last counts.
    async fn leave_org(&self, origin: Origin, next: Option<KeptOrg>, label: &str) -> status_api::Answer {
        let Ok(before) = self.orgs.plan(next) else {
            return view::refused("not_saved", label, &self.texts);
        };
        let asked = self.ask(label, |ticket| Event::Request {
            ticket,
            origin,
            target: Target::SignOut,
        });
        let answer = asked.await;
        if let status_api::Answer::Refused { .. } = answer
            && let Err(error) = self.orgs.plan(before)
        {
            tracing::warn!(kind = ?error.kind(), "a refused change of the org is still on the disk");
        }
        answer
    }

    /// Asks for a target that is known already.
    pub async fn request_target(&self, origin: Origin, target: Target) -> status_api::Answer {
        let label = match target {
            Target::Offline => OFFLINE.to_owned(),
            Target::Quit => self.texts.text("target-quit", &[]),
            Target::CloseWork(_) => self.texts.text("target-close_work", &[]),
            Target::Restart => self.texts.text("target-restart", &[]),
            Target::SignOut => {
                let label = self.texts.text("target-sign_out", &[]);
                return self.leave_org(origin, None, &label).await;
            }
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

    /// The rep's absence, Idle or ScreenLock, is over.
    pub fn rep_is_back(&self, from: Origin) {
        self.inbox.post(Event::RepIsBack { from });
    }

    /// Does something else than ask for a status; what would leave a call unguarded goes through the guard.
    pub async fn act(&self, origin: Origin, action: Action) -> status_api::Answer {
        match action {
            Action::EndWrapUp => self.end_wrap_up(origin).await,
            Action::KeepHolding => {
                let asked = self.now_shown().held.as_ref().is_some_and(|held| held.lasts_long);
                let code = ProblemCode::HoldLasts;
                self.inbox.post(Event::Dismiss { code });
                answer_if(asked)
            }
            Action::Quit => self.request_target(origin, Target::Quit).await,
            Action::Restart => self.request_target(origin, Target::Restart).await,
            Action::ResumeSync => {
                let paused = self.now_shown().sync_paused;
                self.inbox.post(Event::ResumeSync);
                answer_if(paused)
            }
            Action::SignOut => self.request_target(origin, Target::SignOut).await,
        }
    }

    /// Closes every work in wrap-up; the last one's answer stands for all.
    async fn end_wrap_up(&self, origin: Origin) -> status_api::Answer {
        let mut answer = status_api::Answer::Nothing;
        for work in self.now_shown().call.wrapping_up.clone() {
            answer = self.request_target(origin, Target::CloseWork(work)).await;
        }
        answer
    }

    /// Does something with a work of the rep's; answered when the console has, or at once by a refusal.
    pub async fn work(&self, origin: Origin, work: WorkId, action: WorkAction) -> status_api::Answer {
        let label = self.texts.text(work_label(&action), &[]);
        self.ask(&label, |ticket| Event::WorkRequest {
            ticket,
            origin,
            work,
            action,
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
        self.orgs.show_in(&mut picture);
        picture.call.evidence_age_ms = age.and_then(|age| u64::try_from(age).ok());
        picture
    }

    /// Who answers questions about Holdline itself. A second one is not taken.
    pub fn supported_by(&self, support: Box<dyn SupportPort>) {
        let _ = self.support.0.set(support);
    }

    /// Asks about Holdline itself.
    pub async fn support(&self, ask: Ask) -> Told {
        match self.support.0.get() {
            Some(support) => support.ask(ask).await,
            None => Told::Refused {
                text: self.texts.text("support-starting", &[]),
            },
        }
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

/// Names the words for it.
pub fn work_label(action: &WorkAction) -> &'static str {
    match action {
        WorkAction::Accept => "target-accept_work",
        WorkAction::Close => "target-close_any_work",
        WorkAction::Decline { .. } => "target-decline_work",
        WorkAction::LowerFlag => "target-lower_flag",
        WorkAction::RaiseFlag { .. } => "target-raise_flag",
    }
}

/// There was something to do, or not.
fn answer_if(something: bool) -> status_api::Answer {
    if something {
        status_api::Answer::Applying
    } else {
        status_api::Answer::Nothing
    }
}
