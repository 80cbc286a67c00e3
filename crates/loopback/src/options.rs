//! What a caller decides.

use std::time::Duration;

use companion::inbox::Inbox;
use wire::bridge::POLL_HOLD_MS;

use crate::ccp::AmazonConnect;
use crate::pairing::{PairingStore, PolicyToken};

/// How to open [`crate::Doors`].
#[derive(Debug)]
pub struct Options<R> {
    /// Ports to try, in order; 0 lets the system choose.
    pub ports: Vec<u16>,
    /// Where everything heard is posted.
    pub inbox: Inbox,
    /// Who takes the status API's requests.
    pub desk: R,
    /// Partners that were confirmed before.
    pub pairings: PairingStore,
    /// What IT and the rep let phones do.
    pub connector: ConnectorOptions,
    /// Every duration.
    pub timings: Timings,
    /// The rep's Amazon Connect, where the phone is one.
    pub amazon_connect: Option<AmazonConnect>,
}

/// Who may speak to the connector API besides phones that the rep has paired.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConnectorOptions {
    /// Origins whose pages may call it, letter for letter as browsers write them; none: no page.
    pub origins: Vec<String>,
    /// Phones without a token are offered a pairing by code.
    pub pairing: bool,
    /// Tokens of the machine's policy.
    pub tokens: Vec<PolicyToken>,
}

impl Default for ConnectorOptions {
    fn default() -> Self {
        Self {
            origins: Vec::new(),
            pairing: true,
            tokens: Vec::new(),
        }
    }
}

/// Every duration and limit of the listeners. Tests shorten them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timings {
    /// The longest a poll is held.
    pub poll_hold: Duration,
    /// A console whose poll's connection dropped has left if no new poll comes within this.
    pub poll_grace: Duration,
    /// A console whose poll was answered polls again at once; it has left if no new poll comes within this.
    pub poll_pause: Duration,
    /// A console that neither polled nor reported for this long has left.
    pub console_silence: Duration,
    /// A pairing not confirmed by then is over.
    pub pairing_expiry: Duration,
    /// A pairing nobody waits for any more is over after this.
    pub pairing_grace: Duration,
    /// A phone that said nothing for this long, not even a pong, is gone. It is pinged three times as often.
    pub phone_silence: Duration,
    /// A connection must have registered its phone by then.
    pub phone_register: Duration,
    /// How long a shutdown waits for answers under way.
    pub shutdown: Duration,
}

impl Default for Timings {
    fn default() -> Self {
        Self {
            poll_hold: Duration::from_millis(POLL_HOLD_MS),
            poll_grace: Duration::from_secs(3),
            poll_pause: Duration::from_secs(10),
            console_silence: Duration::from_millis(POLL_HOLD_MS * 5 / 2),
            pairing_expiry: Duration::from_secs(120),
            pairing_grace: Duration::from_secs(15),
            phone_silence: Duration::from_secs(30),
            phone_register: Duration::from_secs(10),
            shutdown: Duration::from_secs(2),
        }
    }
}
