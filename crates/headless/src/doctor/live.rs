//! What only the running Holdline knows.

use std::collections::BTreeSet;
use std::sync::Arc;

use companion::desk::Desk;
use loopback::Doors;
use presence::settings::Profile;
use salesforce::Client;
use url::Url;
use wire::picture::{PresenceKind, SessionState};

use crate::cloud::Cloud;

/// The running Holdline.
pub(crate) struct Live {
    pub(crate) cloud: Cloud,
    pub(crate) desk: Desk,
    pub(crate) doors: Option<Arc<Doors>>,
}

/// The console, as far as Holdline knows of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct ConsoleView {
    /// Signed in to Holdline.
    pub(super) signed_in: bool,
    /// A partner is connected.
    pub(super) connected: bool,
    /// Logged in to Omni-Channel, as the org says.
    pub(super) online: bool,
}

impl Live {
    pub(super) fn port(&self) -> Option<u16> {
        self.doors.as_ref().map(|doors| doors.port())
    }

    pub(super) fn client(&self) -> Option<Client> {
        self.cloud.client()
    }

    /// The host that serves the rep's org.
    pub(super) fn org(&self) -> Option<Url> {
        self.client()?.instance_url()
    }

    pub(super) fn skew_ms(&self) -> Option<i64> {
        self.client()?.facts().skew_ms
    }

    /// What the org has refused; `None` before it was asked.
    pub(super) fn missing(&self) -> Option<BTreeSet<String>> {
        self.cloud.missing()
    }

    pub(super) fn profile(&self) -> Profile {
        self.desk.inbox().pictures().borrow().profile
    }

    pub(super) fn console(&self) -> ConsoleView {
        let picture = self.desk.picture();
        ConsoleView {
            signed_in: picture.session.state == SessionState::SignedIn,
            connected: picture.console.connected,
            online: matches!(picture.presence.kind, PresenceKind::Busy | PresenceKind::Online),
        }
    }
}
