//! The page of the phone that Holdline reaches by itself: where it is shown, and whether it is there.

use std::sync::{Arc, Weak};
use std::time::Duration;

use companion::inbox::Inbox;
use companion::settings::{PhonePlace, PhoneSettings};
use loopback::{AmazonConnect, Doors};
use presence::event::Event;
use presence::phone::ContactPhase;
use presence::picture::{CallPhase, Picture, SessionView};
use presence::problem::{Problem, ProblemCode};
use secrecy::{ExposeSecret as _, SecretString};
use telephony::page::{Facts, Keeper, Step};
use tokio::sync::watch;
use tokio::time::{Instant, sleep_until};
use url::Url;

use crate::browser::Browser;

/// A page that is not there for this long is closed, or dead.
const LINK_PATIENCE: Duration = Duration::from_millis(telephony::page::LINK_PATIENCE_MS);

/// What the doors are to serve, by the settings.
pub(crate) fn of_settings(settings: &PhoneSettings) -> Option<AmazonConnect> {
    Some(AmazonConnect {
        instance: settings.amazon_connect.clone()?,
        login_url: settings.login.clone(),
        softphone: settings.softphone,
    })
}

/// A handle on it. Cheap to clone.
#[derive(Clone)]
pub struct PhonePage {
    doors: Weak<Doors>,
    linked: watch::Receiver<bool>,
    browser: Arc<dyn Browser>,
    inbox: Inbox,
    place: PhonePlace,
    softphone: bool,
}

impl PhonePage {
    pub(crate) fn new(
        doors: Weak<Doors>,
        linked: watch::Receiver<bool>,
        browser: Arc<dyn Browser>,
        inbox: Inbox,
        place: PhonePlace,
        softphone: bool,
    ) -> Self {
        Self {
            doors,
            linked,
            browser,
            inbox,
            place,
            softphone,
        }
    }

    /// Where the settings want it shown.
    pub fn place(&self) -> PhonePlace {
        self.place
    }

    /// Its address, with a token that lets one page in; `None` while nobody is signed in.
    pub fn address(&self) -> Option<SecretString> {
        self.doors.upgrade()?.phone_page()
    }

    /// Opens it in the rep's browser.
    pub fn open(&self) {
        let Some(address) = self.address() else { return };
        let opened = match Url::parse(address.expose_secret()) {
            Ok(url) => self.browser.open(&url).map_err(|error| error.to_string()),
            Err(error) => Err(error.to_string()),
        };
        if let Err(error) = opened {
            tracing::error!(error, "the phone's page could not be opened in the browser");
            self.closed();
        }
    }

    /// Opens it once for the rep who is signed in, and tells when it is closed; the rep opens it again.
    pub(crate) async fn keep_open(mut self) {
        let mut pictures = self.inbox.pictures();
        let (mut opened, mut told) = (false, false);
        let mut missing: Option<Instant> = None;
        loop {
            let wanted = is_signed_in(&pictures.borrow_and_update());
            let linked = *self.linked.borrow_and_update();
            if linked || !wanted {
                (missing, told) = (None, false);
            } else {
                missing.get_or_insert_with(Instant::now);
            }
            if wanted && !opened {
                self.open();
            }
            opened = wanted;
            let due = missing.filter(|_| !told).map(|missing| missing + LINK_PATIENCE);
            let is_due = async {
                match due {
                    Some(due) => sleep_until(due).await,
                    None => std::future::pending().await,
                }
            };
            let went = tokio::select! {
                changed = self.linked.changed() => changed.is_ok(),
                changed = pictures.changed() => changed.is_ok(),
                () = is_due => {
                    told = true;
                    self.closed();
                    true
                }
            };
            if !went {
                return;
            }
        }
    }

    fn closed(&self) {
        self.inbox.post(Event::ProblemRaised(Problem {
            code: ProblemCode::ConnectPageClosed,
            about: String::new(),
        }));
    }

    /// Looks after a window with the page.
    pub fn watch(&self) -> PhoneWatch {
        PhoneWatch {
            keeper: Keeper::new(self.softphone),
            linked: self.linked.clone(),
            pictures: self.inbox.pictures(),
            began: Instant::now(),
        }
    }
}

/// Says what is to be done with a window that shows the page.
pub struct PhoneWatch {
    keeper: Keeper,
    linked: watch::Receiver<bool>,
    pictures: watch::Receiver<Arc<Picture>>,
    began: Instant,
}

impl PhoneWatch {
    /// Waits until there is something to do. `running`: the window's
    /// process is there. May be dropped and called again.
    pub async fn step(&mut self, running: bool) -> Step {
        loop {
            let facts = self.facts(running);
            let now_ms = u64::try_from(self.began.elapsed().as_millis()).unwrap_or(u64::MAX);
            let wait_ms = match self.keeper.look(now_ms, facts) {
                Step::Wait(wait_ms) => wait_ms,
                step => return step,
            };
            let is_due = async {
                match wait_ms {
                    Some(ms) => tokio::time::sleep(Duration::from_millis(ms)).await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                Ok(()) = self.linked.changed() => {}
                Ok(()) = self.pictures.changed() => {}
                () = is_due => {}
                // Holdline ends, and the window with it.
                else => std::future::pending().await,
            }
        }
    }

    fn facts(&mut self, running: bool) -> Facts {
        let picture = self.pictures.borrow_and_update();
        let contacts = picture.telephony.iter().flat_map(|phone| &phone.contacts);
        let routed = picture.call.voice_routed == Some(true);
        Facts {
            wanted: is_signed_in(&picture),
            running,
            linked: *self.linked.borrow_and_update(),
            on_contact: contacts.map(|contact| contact.phase).any(ContactPhase::is_live),
            no_call: routed && matches!(picture.call.phase, CallPhase::Idle | CallPhase::WrapUp),
        }
    }
}

fn is_signed_in(picture: &Picture) -> bool {
    matches!(picture.session, SessionView::SignedIn { .. })
}
