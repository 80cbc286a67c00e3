//! Who is signed in to the panel, browser by browser.

use std::collections::BTreeMap;

use tokio::sync::broadcast;

use crate::org::RepKey;

/// The sessions there are; pure but for whom it tells of their ends.
#[derive(Debug)]
pub(crate) struct Sessions {
    open: BTreeMap<String, RepKey>,
    ended: broadcast::Sender<RepKey>,
}

impl Default for Sessions {
    fn default() -> Self {
        Self {
            open: BTreeMap::new(),
            ended: broadcast::channel(16).0,
        }
    }
}

impl Sessions {
    /// A new one; its key goes into a cookie.
    pub(super) fn begin(&mut self, rep: RepKey) -> String {
        let key = format!("{:032x}", rand::random::<u128>());
        self.open.insert(key.clone(), rep);
        key
    }

    /// Whose it is.
    pub(super) fn rep(&self, key: &str) -> Option<RepKey> {
        self.open.get(key).copied()
    }

    /// All of a rep's end, as they do when the rep signs out or after twelve hours.
    pub(super) fn end(&mut self, rep: RepKey) {
        self.open.retain(|_, whose| *whose != rep);
        // Nobody listening is fine.
        let _ = self.ended.send(rep);
    }

    /// Word of each end.
    pub(super) fn ends(&self) -> broadcast::Receiver<RepKey> {
        self.ended.subscribe()
    }
}
