//! All routes of one port, and the handle on them.

use std::sync::{Mutex, MutexGuard};

use axum::Router;
use axum::serve::ListenerExt as _;
use companion::ports::{ConsolePort, PhonePort};
use companion::texts::Texts;
use secrecy::{ExposeSecret as _, SecretString};
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::timeout;
use wire::identity;
use wire::rep_setup::RepSetup;
use wire::status_api::Access;

use crate::bind::{self, Bound, PortsTaken};
use crate::bridge::{Bridge, Consoles};
use crate::ccp::Ccp;
use crate::connector::Phones;
use crate::options::{Options, Timings};
use crate::pairing::{PairingStore, PairingStoreError, Pairings};
use crate::secret::Digest;
use crate::signed_in::{Current, SignedInAs};
use crate::status_api::{self, Requests};
use crate::stop::Stop;
use crate::{guard, phone_tokens, secret};

/// Why the doors stay shut.
#[derive(Debug, thiserror::Error)]
pub enum DoorError {
    /// There is no port to be had.
    #[error(transparent)]
    PortsTaken(#[from] PortsTaken),
}

/// Holdline's listeners on one loopback port. Dropped, they close; [`Doors::shutdown`] also waits for it.
#[derive(Debug)]
pub struct Doors {
    port: u16,
    key: SecretString,
    current: Current,
    pairings: Pairings,
    store: PairingStore,
    bridge: Bridge,
    phones: Phones,
    ccp: Option<Ccp>,
    timings: Timings,
    stop: Stop,
    tasks: Mutex<Vec<JoinHandle<()>>>,
}

impl Doors {
    /// Takes the first free port of the list and serves everything on it, on the runtime that calls.
    pub async fn open<R: Requests>(options: Options<R>) -> Result<Self, DoorError> {
        let Options {
            ports,
            inbox,
            desk,
            pairings,
            connector,
            timings,
            amazon_connect,
        } = options;
        let Bound { port, listeners } = bind::first_free(&ports).await?;
        let (current, stop) = (Current::default(), Stop::new());
        let store = pairings.with_policy(connector.tokens);
        let pairings = Pairings::new(store.clone(), inbox.clone(), Texts::english(), timings);
        let bridge = Bridge::new(
            current.clone(),
            pairings.clone(),
            inbox.clone(),
            timings,
            stop.clone(),
            port,
        );
        let phones = Phones::new(
            current.clone(),
            pairings.clone(),
            connector.pairing,
            inbox.clone(),
            timings,
            stop.clone(),
        );
        let ccp = amazon_connect.map(|amazon| {
            let (current, phones, stop) = (current.clone(), phones.clone(), stop.clone());
            Ccp::new(amazon, port, current, phones, inbox, timings, stop)
        });
        let tasks = Mutex::default();
        let doors = Self {
            port,
            key: secret::random(),
            current,
            pairings,
            store: store.clone(),
            bridge,
            phones,
            ccp,
            timings,
            stop,
            tasks,
        };
        let routes = doors.routes(desk, store, connector.origins);
        doors.tasks().push(tokio::spawn(doors.bridge.clone().watch()));
        for listener in listeners {
            doors
                .tasks()
                .push(tokio::spawn(serve(listener, routes.clone(), doors.stop.clone())));
        }
        tracing::info!(port, "listening on loopback");
        Ok(doors)
    }

    fn routes<R: Requests>(&self, desk: R, store: PairingStore, origins: Vec<String>) -> Router {
        let of_org = Router::new()
            .route(identity::PATH, crate::identity::route(self.current.clone()))
            .merge(self.bridge.routes());
        let key = Digest::of(self.key.expose_secret());
        let of_nobody =
            status_api::routes(desk, key).merge(phone_tokens::routes(store, self.phones.clone(), key));
        let mut routes = guard::open_to_org(of_org, self.current.clone())
            .merge(guard::open_to_listed(self.phones.routes(), origins))
            .merge(guard::closed_to_pages(of_nobody));
        if let Some(ccp) = &self.ccp {
            routes = routes.merge(ccp.routes());
        }
        guard::around(routes, self.port, self.stop.clone())
    }

    /// The port taken.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// How programs of this rep reach the status API; the caller writes it into the profile, mode 0600.
    pub fn access(&self) -> Access {
        Access {
            port: self.port,
            key: self.key.clone().into(),
            pid: std::process::id(),
        }
    }

    /// Who is signed in from now on. With another rep, or none, every session and pairing ends.
    pub fn set_identity(&self, rep: Option<SignedInAs>) {
        let now = rep.clone();
        let before = self.current.replace(rep);
        let same = match (&before, &now) {
            (Some(before), Some(now)) => before.same_rep(now),
            (None, None) => true,
            _ => false,
        };
        if !same {
            self.bridge.end_session();
            self.phones.send_away();
            self.pairings.end_all();
        }
    }

    /// What a console has told of the rep's own set-up; none before one has, and after the rep has left.
    pub fn rep_setup(&self) -> watch::Receiver<Option<RepSetup>> {
        self.bridge.rep_setup()
    }

    /// The loop's handle on the console partners.
    pub fn console(&self) -> impl ConsolePort + Clone + Sync + 'static {
        Consoles(self.bridge.clone())
    }

    /// The loop's handle on the phone.
    pub fn phone(&self) -> impl PhonePort + Clone + Sync + 'static {
        self.phones.clone()
    }

    /// The address of the page with Amazon Connect's panel, with a token that lets one page in; `None` where
    /// there is no such phone, or nobody is signed in.
    pub fn phone_page(&self) -> Option<SecretString> {
        self.ccp.as_ref()?.page()
    }

    /// Whether such a page is connected, and word of each change; `None` where there is no such phone.
    pub fn phone_page_linked(&self) -> Option<watch::Receiver<bool>> {
        self.ccp.as_ref().map(Ccp::linked)
    }

    /// The rep has compared the codes: they match. Nothing happens if the attempt is over.
    pub fn confirm_pairing(&self, id: &str) {
        self.pairings.confirm(id);
    }

    /// The rep does not know that code. Nothing happens if the attempt is over.
    pub fn refuse_pairing(&self, id: &str) {
        self.pairings.refuse(id);
    }

    /// Takes every phone's token of this name back; a phone that is joined by one is sent away. How many there
    /// were. Blocks on the disk.
    ///
    /// # Errors
    /// [`PairingStoreError`]: they are not good any more until the next start.
    pub fn revoke_phone_token(&self, name: &str) -> Result<usize, PairingStoreError> {
        let revoked = self.store.revoke(name);
        self.phones.check_token();
        revoked
    }

    /// Takes nothing in any more, answers held polls, takes commands back that were handed out, and ends.
    pub async fn shutdown(&self) {
        self.stop.say();
        let mut tasks = std::mem::take(&mut *self.tasks());
        let all = async {
            for task in &mut tasks {
                let _ = task.await;
            }
        };
        if timeout(self.timings.shutdown, all).await.is_err() {
            tracing::warn!("some connections did not end in time and are cut");
            tasks.iter().for_each(JoinHandle::abort);
        }
    }

    fn tasks(&self) -> MutexGuard<'_, Vec<JoinHandle<()>>> {
        self.tasks.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
    }
}

impl Drop for Doors {
    fn drop(&mut self) {
        self.stop.say();
    }
}

async fn serve(listener: TcpListener, routes: Router, stop: Stop) {
    // Without it a small answer may wait 40 ms for the peer's delayed acknowledgement.
    let listener = listener.tap_io(|stream| {
        let _ = stream.set_nodelay(true);
    });
    let stopped = async move { stop.heard().await };
    if let Err(error) = axum::serve(listener, routes)
        .with_graceful_shutdown(stopped)
        .await
    {
        tracing::error!(%error, "a loopback listener ended");
    }
}
