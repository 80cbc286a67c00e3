//! Holdline's doors, with what they hear recorded instead of decided upon.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use companion::desk::Desk;
use companion::inbox::{Inbox, Post};
use companion::ports::PhonePort as _;
use loopback::{AmazonConnect, ConnectorOptions, Doors, Options, PairingStore, SignedInAs, Timings};
use presence::engine::Engine;
use presence::event::{CommandId, Event};
use presence::phone::PhoneState;
use presence::settings::Settings;
use presence::time::Now;
use secrecy::ExposeSecret as _;
use telephony::amazon_connect::Instance;
use tokio::sync::watch;
use tokio::task::AbortHandle;
use tokio::time::timeout;
use wire::connector::Rights;

use crate::picture::Picture;

/// Nothing in the suite takes that long; a case that waits longer has failed.
pub const PATIENCE: Duration = Duration::from_secs(30);

/// The rep whose phone it is, unless the adapter knows better.
const ORG: &str = "00D000000000001EAA";
const REP: &str = "005000000000001AAA";

/// A Holdline as a phone sees it.
pub struct Holdline {
    doors: Arc<Doors>,
    heard: Arc<Mutex<Picture>>,
    changed: watch::Receiver<u64>,
    listening: AbortHandle,
    token: String,
    amazon_connect: Option<AmazonConnect>,
    store: PairingStore,
    commands: AtomicU64,
}

impl Holdline {
    /// Opens the doors on a port of their own. Pairings are confirmed as they come.
    ///
    /// # Panics
    /// If no port can be had.
    pub async fn open() -> Self {
        Self::open_for(None).await
    }

    /// [`Holdline::open`], with the page that embeds the panel of this Amazon Connect instance.
    ///
    /// # Panics
    /// If it is no address of an instance, or no port can be had.
    pub async fn with_amazon_connect(instance: &str) -> Self {
        let instance = Instance::parse(instance).expect("an instance's address");
        Self::open_for(Some(AmazonConnect {
            instance,
            login_url: None,
            softphone: false,
        }))
        .await
    }

    async fn open_for(amazon_connect: Option<AmazonConnect>) -> Self {
        let settings = Settings::default();
        let blank = Engine::new(settings, 1, Now::default()).picture();
        let (inbox, mut posts, _) = Inbox::new(blank);
        let (orgs, _) = companion::orgs::Orgs::open(None);
        let texts = companion::texts::Texts::english();
        let clock = companion::clock::Clock::start();
        let desk = Desk::new(inbox.clone(), texts, clock, None, orgs);
        let store = PairingStore::in_memory();
        let token = store
            .issue("Conformance", Rights::Control)
            .expect("a first token");
        let options = Options {
            ports: vec![0],
            inbox,
            desk,
            pairings: store.clone(),
            connector: ConnectorOptions::default(),
            amazon_connect: amazon_connect.clone(),
            timings: Timings::default(),
        };
        let doors = Arc::new(Doors::open(options).await.expect("a free port"));
        let heard = Arc::new(Mutex::new(Picture::default()));
        let (said, changed) = watch::channel(0_u64);
        let (picture, confirmer) = (Arc::clone(&heard), Arc::clone(&doors));
        let listening = tokio::spawn(async move {
            while let Some(post) = posts.recv().await {
                let Post::Event(event) = post else { continue };
                if let Event::PairingOffered(pairing) = &event {
                    confirmer.confirm_pairing(&pairing.id);
                }
                lock(&picture).take(event);
                said.send_modify(|count| *count += 1);
            }
        });
        let holdline = Self {
            doors,
            heard,
            changed,
            listening: listening.abort_handle(),
            token: token.expose_secret().to_owned(),
            amazon_connect,
            store,
            commands: AtomicU64::new(1),
        };
        holdline.sign_in(ORG, REP);
        holdline
    }

    /// The Amazon Connect instance it was opened for.
    pub fn instance(&self) -> Option<&str> {
        let amazon = self.amazon_connect.as_ref()?;
        Some(amazon.instance.origin())
    }

    /// The loopback port.
    pub fn port(&self) -> u16 {
        self.doors.port()
    }

    /// A token with the right `control`, for phones that join by one.
    pub fn token(&self) -> &str {
        &self.token
    }

    /// Whose Holdline it is.
    ///
    /// # Panics
    /// If these are no ids.
    pub fn sign_in(&self, org: &str, user: &str) {
        self.doors.set_identity(Some(SignedInAs {
            org_id: org.parse().expect("an org's id"),
            user_id: user.parse().expect("a user's id"),
            username: "rep@conformance.example".into(),
            origins: Vec::new(),
        }));
    }

    /// The doors, for adapters that come in by another one than the connector API's.
    pub fn doors(&self) -> &Doors {
        &self.doors
    }

    /// Everything a phone has told from joining to leaving; waits until it has left.
    pub async fn told(&self) -> Vec<PhoneState> {
        self.until("a phone that has joined and left", |told| {
            told.joined > 0 && told.phone.is_none()
        })
        .await;
        self.picture().told.clone()
    }

    /// Whether the phone that joined last may be asked for states.
    pub fn may_be_written(&self) -> bool {
        self.picture().writable
    }

    /// Takes back every token and pairing a phone may have joined with.
    pub(crate) fn revoke(&self) {
        for token in self.store.phone_tokens() {
            let revoked = self.doors.revoke_phone_token(&token.name);
            assert!(revoked.is_ok(), "{revoked:?}");
        }
    }

    /// Asks the phone for a state.
    pub(crate) fn ask(&self, state: &str, enqueue: bool) -> CommandId {
        let number = self.commands.fetch_add(1, Ordering::Relaxed);
        let command = CommandId { run: 0xc0de, number };
        self.doors.phone().set_state(command, state.to_owned(), enqueue);
        command
    }

    pub(crate) fn picture(&self) -> MutexGuard<'_, Picture> {
        lock(&self.heard)
    }

    /// Waits until what is known of the phone is so.
    pub(crate) async fn until(&self, what: &str, holds: impl Fn(&Picture) -> bool) {
        let mut changed = self.changed.clone();
        let waited = timeout(PATIENCE, async {
            loop {
                changed.borrow_and_update();
                if holds(&self.picture()) {
                    return;
                }
                if changed.changed().await.is_err() {
                    std::future::pending::<()>().await;
                }
            }
        });
        if waited.await.is_err() {
            panic!(
                "waited in vain for: {what}; known of the phone: {:#?}",
                self.picture()
            );
        }
    }

    /// Whether that stays so for a while: only for what must *not* happen.
    pub(crate) async fn never(&self, what: &str, within: Duration, happens: impl Fn(&Picture) -> bool) {
        let mut changed = self.changed.clone();
        let _ = timeout(within, async {
            loop {
                changed.borrow_and_update();
                assert!(!happens(&self.picture()), "{what}: {:#?}", self.picture());
                if changed.changed().await.is_err() {
                    std::future::pending::<()>().await;
                }
            }
        })
        .await;
    }
}

impl Drop for Holdline {
    fn drop(&mut self) {
        self.listening.abort();
    }
}

fn lock(picture: &Mutex<Picture>) -> MutexGuard<'_, Picture> {
    picture.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
}
