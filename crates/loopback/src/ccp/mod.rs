//! Amazon Connect's panel in a page of ours: the page itself at [`PAGE_PATH`], and its WebSocket.
//!
//! The page comes from this door on every platform, so that its origin, `http://localhost:PORT`, can stand on
//! the instance's list of approved origins. It is let in by a token that is good for once; each welcome brings
//! the next one, so that a page that loses its line, or is loaded again, comes back by itself.

mod connection;
mod page;
mod tokens;

use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::extract::ws::WebSocketUpgrade;
use axum::extract::ws::rejection::WebSocketUpgradeRejection;
use axum::middleware;
use axum::response::Response;
use axum::routing::get;
use companion::inbox::Inbox;
use secrecy::{ExposeSecret as _, SecretString};
use telephony::amazon_connect::Instance;
use tokio::sync::watch;

use crate::connector::Phones;
use crate::guard::{self, BODY_LIMIT};
use crate::options::Timings;
use crate::problem::Refusal;
use crate::signed_in::Current;
use crate::stop::Stop;
use tokens::Tokens;

/// Where the page is; its files lie below.
pub(crate) const PAGE_PATH: &str = "/ccp/";

/// Path of the WebSocket.
const LINE_PATH: &str = "/ccp/v1";

/// The rep's Amazon Connect.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AmazonConnect {
    /// The instance.
    pub instance: Instance,
    /// Where its sign-in begins, if not at the instance itself (single sign-on).
    pub login_url: Option<String>,
    /// The page carries the audio, too.
    pub softphone: bool,
}

/// The page's side of the doors. Cheap to clone.
#[derive(Clone, Debug)]
pub(crate) struct Ccp(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    amazon: AmazonConnect,
    current: Current,
    inbox: Inbox,
    phones: Phones,
    port: u16,
    stop: Stop,
    timings: Timings,
    tokens: Tokens,
    pages: watch::Sender<Pages>,
}

/// The pages there have been, and whether the newest is connected.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Pages {
    newest: u64,
    linked: bool,
}

impl Ccp {
    pub(crate) fn new(
        amazon: AmazonConnect,
        port: u16,
        current: Current,
        phones: Phones,
        inbox: Inbox,
        timings: Timings,
        stop: Stop,
    ) -> Self {
        Self(Arc::new(Shared {
            amazon,
            current,
            inbox,
            phones,
            port,
            stop,
            timings,
            tokens: Tokens::default(),
            pages: watch::Sender::default(),
        }))
    }

    pub(crate) fn routes(&self) -> Router {
        let line = Router::new()
            .route(LINE_PATH, get(connect))
            .with_state(self.clone());
        let line = guard::open_to_own_page(line, self.0.port);
        let page = Router::new()
            .route("/ccp", get(page::index))
            .route(PAGE_PATH, get(page::index))
            .route("/ccp/{file}", get(page::file))
            .with_state(self.clone())
            .layer(middleware::from_fn_with_state(self.clone(), page::with_policy));
        guard::of_own_page(page, self.0.port).merge(line)
    }

    /// The page's address with a token that lets one page in, for the rep that is signed in.
    pub(crate) fn page(&self) -> Option<SecretString> {
        let owner = self.0.current.rep()?.owner();
        let token = self.0.tokens.mint(owner);
        let (origin, token) = (self.origin(), token.expose_secret());
        Some(format!("{origin}{PAGE_PATH}#{token}").into())
    }

    /// Whether a page is connected, and word of each change.
    pub(crate) fn linked(&self) -> watch::Receiver<bool> {
        let (sender, linked) = watch::channel(self.0.pages.borrow().linked);
        let mut pages = self.0.pages.subscribe();
        tokio::spawn(async move {
            while pages.changed().await.is_ok() {
                let now = pages.borrow_and_update().linked;
                sender.send_if_modified(|linked| std::mem::replace(linked, now) != now);
                if sender.is_closed() {
                    return;
                }
            }
        });
        linked
    }

    fn origin(&self) -> String {
        format!("http://localhost:{}", self.0.port)
    }
}

async fn connect(
    State(ccp): State<Ccp>,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
) -> Result<Response, Refusal> {
    let upgrade = upgrade
        .map_err(|rejection| Refusal::bad_request(rejection.status(), rejection.body_text()))?
        .max_frame_size(BODY_LIMIT)
        .max_message_size(BODY_LIMIT);
    Ok(upgrade.on_upgrade(|socket| connection::serve(ccp, socket)))
}
