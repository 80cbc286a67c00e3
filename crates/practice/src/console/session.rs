//! A console session without a window: what the practice console's page does for Holdline, in this process.
//!
//! It opens the rep's event stream (an open stream is an open console), logs the rep into Omni-Channel at the
//! start of a shift, and speaks the console bridge (`docs/console-bridge.md`) with the same clauses as
//! `console-package/partner/holdline_partner.js`.

mod arm;
mod bridge;
mod commands;
mod desk;
mod org;
mod outbox;
mod page;
mod probe;
mod reports;
mod serve;
mod works;

use std::convert::Infallible;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use presence::ids::{OrgId, UserId};
use secrecy::SecretString;
use url::Url;

use page::{Ended, Page};

/// What a console session needs to know.
#[derive(Clone)]
pub struct Options {
    /// The practice org, for example `http://localhost:47800/`.
    pub org_url: Url,
    /// The console's origin, where Holdline knows the org by another address; `None` = that of the practice org.
    pub origin: Option<Url>,
    /// The rep's short name, username or user id.
    pub rep: String,
    /// Holdline's loopback ports; `None` = those the practice org names.
    pub holdline_ports: Option<Vec<u16>>,
    /// Whether a rep who is logged out at the start is logged in as Available.
    pub log_in: bool,
    /// How long it waits for what.
    pub timings: Timings,
    /// Is told what a rep would see in the page.
    pub notify: Arc<dyn Fn(&Notice) + Send + Sync>,
}

impl Options {
    /// The options of an ordinary session.
    pub fn new(org_url: Url, rep: impl Into<String>) -> Self {
        Self {
            org_url,
            origin: None,
            rep: rep.into(),
            holdline_ports: None,
            log_in: true,
            timings: Timings::default(),
            notify: Arc::new(|_| {}),
        }
    }
}

impl fmt::Debug for Options {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Options")
            .field("org_url", &self.org_url.as_str())
            .field("rep", &self.rep)
            .field("holdline_ports", &self.holdline_ports)
            .field("log_in", &self.log_in)
            .finish_non_exhaustive()
    }
}

/// How long a session waits. None of it decides anything about a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timings {
    /// Between attempts to find Holdline at first.
    pub retry: Duration,
    /// So many attempts at first; after them the time between two doubles.
    pub quick_retries: u32,
    /// The longest time between attempts.
    pub longest_retry: Duration,
    /// For a port's answer to `GET /holdline`.
    pub probe: Duration,
    /// After one port has answered as ours, for others that may.
    pub gather: Duration,
    /// For an answer that comes at once.
    pub answer: Duration,
    /// For a poll's answer.
    pub poll: Duration,
}

impl Default for Timings {
    fn default() -> Self {
        Self {
            retry: Duration::from_secs(1),
            quick_retries: 30,
            longest_retry: Duration::from_secs(30),
            probe: Duration::from_secs(3),
            gather: Duration::from_millis(200),
            answer: Duration::from_secs(10),
            poll: Duration::from_millis(wire::bridge::POLL_HOLD_MS + 10_000),
        }
    }
}

impl Timings {
    /// How long to wait after so many failed attempts.
    fn delay(&self, failures: u32) -> Duration {
        let doublings = failures.saturating_sub(self.quick_retries).min(16);
        (self.retry * 2u32.pow(doublings)).min(self.longest_retry)
    }
}

/// What a rep would see in the page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Notice {
    /// Joined to Holdline.
    Connected {
        /// On this port.
        port: u16,
    },
    /// The practice org cannot be reached; it is tried again.
    ConsoleLost {
        /// Why.
        detail: String,
    },
    /// The console is open in the practice org.
    ConsoleOpen {
        /// The org.
        org_id: OrgId,
        /// The rep.
        user_id: UserId,
    },
    /// The rep was logged into Omni-Channel, or could not be.
    LoggedIn {
        /// The status's label, or why not.
        outcome: Result<String, String>,
    },
    /// No Holdline of this rep was found; it is tried again.
    Looking {
        /// What there is instead.
        found: Absent,
    },
    /// Compare this code with the one in Holdline and confirm it there.
    Pairing {
        /// Six digits.
        code: String,
    },
    /// Holdline did not let it in; it is tried again.
    Refused {
        /// The bridge's code, or `pairing_refused`.
        code: String,
        /// What happened and what to do.
        detail: String,
    },
}

/// Why there is no Holdline to join.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Absent {
    // In the order of how near the remedy is.
    /// One runs, but nobody is signed in there.
    NotSignedIn,
    /// One runs, signed in to another org.
    OtherOrg,
    /// One runs, signed in as another user.
    OtherUser,
    /// None runs.
    Nobody,
}

impl fmt::Display for Absent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotSignedIn => "Holdline is running, but nobody is signed in. Sign in there.",
            Self::OtherOrg => "Holdline is signed in to another org. Sign in to this practice org there.",
            Self::OtherUser => "Holdline is signed in as another user. Sign in there as this rep.",
            Self::Nobody => "Looking for Holdline. Start it on this computer.",
        })
    }
}

/// Why a console session cannot be kept open.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The HTTP client could not be made.
    #[error("this computer cannot make HTTP requests: {0}")]
    Http(reqwest::Error),
    /// The org's address cannot be extended.
    #[error("{0} is no address of a practice org. Use one like http://localhost:47800.")]
    OrgUrl(Url),
    /// The practice org has no such rep.
    #[error("{0}")]
    UnknownRep(String),
}

/// Keeps a console session of this rep open, until it is dropped.
///
/// When the practice org or the stream goes away, it opens the console anew, like a page that is loaded again.
pub async fn run(options: Options) -> Result<Infallible, Error> {
    let org = org::Org::new(&options.org_url, &options.rep, options.timings.answer)?;
    let bridge = bridge::Bridge::new(options.origin.as_ref().unwrap_or(&options.org_url))?;
    let mut key: Option<(OrgId, SecretString)> = None;
    let mut log_in = options.log_in;
    loop {
        let detail = match Page::open(&options, &org, &bridge).await {
            Ok((page, inbox)) => {
                let known = key.take().filter(|(org_id, _)| *org_id == page.me.org_id);
                page.keep_key(known.map(|(_, key)| key));
                let ended = page.live(inbox, std::mem::take(&mut log_in)).await;
                key = page.pairing_key().map(|key| (page.me.org_id, key));
                match ended {
                    Ended::StartOver => continue,
                    Ended::Lost(detail) => detail,
                }
            }
            Err(org::Lost::UnknownRep(detail)) => return Err(Error::UnknownRep(detail)),
            Err(org::Lost::Gone(detail)) => detail,
        };
        tracing::warn!(%detail, "the practice console lost its org");
        (options.notify)(&Notice::ConsoleLost { detail });
        tokio::time::sleep(options.timings.retry).await;
    }
}

#[cfg(test)]
mod tests;
