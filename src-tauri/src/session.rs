//! The desktop session: while a request is held for a call, the machine is kept from sleeping and shutting
//! down unasked; a locked screen or an idle rep may ask for a status, if the settings say so.
//!
//! Nothing is decided here: the requests go through the guard like any other, under their own origins.

use companion::settings::AwaySettings;
use presence::effect::HoldReason;
use presence::event::Origin;
use tokio::sync::{mpsc, watch};
use wire::picture::Picture;

#[cfg(target_os = "linux")]
mod logind;
#[cfg(target_os = "macos")]
mod macos;
#[cfg(windows)]
mod windows;

/// The session as the app's loop sees it.
pub(crate) struct Session {
    keep_awake: watch::Sender<bool>,
    words: mpsc::UnboundedReceiver<Word>,
}

/// What the session says of the rep's absence.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(
    not(target_os = "linux"),
    expect(dead_code, reason = "only logind tells of a locked screen or an idle rep")
)]
pub(crate) enum Word {
    /// A status is asked for.
    Away {
        /// ScreenLock or Idle.
        origin: Origin,
        /// A status' label, or Offline.
        status: String,
    },
    /// It has ended.
    Back {
        /// ScreenLock or Idle.
        from: Origin,
    },
}

impl Word {
    #[cfg(target_os = "linux")]
    fn of(away: bool, origin: Origin, status: &str) -> Self {
        let status = status.to_owned();
        match away {
            true => Self::Away { origin, status },
            false => Self::Back { from: origin },
        }
    }
}

/// The other end: what the platform's part is told, and where its words go.
struct Watching {
    away: AwaySettings,
    keep_awake: watch::Receiver<bool>,
    #[cfg_attr(
        not(target_os = "linux"),
        expect(dead_code, reason = "only logind tells of a locked screen or an idle rep")
    )]
    asking: mpsc::UnboundedSender<Word>,
}

impl Session {
    /// Begins to watch the session, where this platform lets it.
    pub(crate) fn start(away: AwaySettings) -> Self {
        let (keep_awake, wanted) = watch::channel(false);
        let (asking, words) = mpsc::unbounded_channel();
        let watching = Watching {
            away,
            keep_awake: wanted,
            asking,
        };
        #[cfg(target_os = "linux")]
        logind::start(watching);
        #[cfg(target_os = "macos")]
        macos::start(watching);
        #[cfg(windows)]
        windows::start(watching);
        Self { keep_awake, words }
    }

    /// Follows the picture.
    pub(crate) fn draw(&self, picture: &Picture) {
        let wanted = is_held_for_a_call(picture);
        self.keep_awake
            .send_if_modified(|kept| std::mem::replace(kept, wanted) != wanted);
    }

    /// What the session says next; never, where nobody watches it.
    pub(crate) async fn word(&mut self) -> Word {
        match self.words.recv().await {
            Some(word) => word,
            None => std::future::pending().await,
        }
    }
}

/// A hold that only waits for evidence may wait all night: the machine may sleep meanwhile.
fn is_held_for_a_call(picture: &Picture) -> bool {
    let held = picture.held.as_ref();
    held.is_some_and(|held| held.reason != HoldReason::NoEvidence)
}
