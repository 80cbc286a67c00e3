//! Ports that can be broken: what a test cannot have a network or a disk do everywhere.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use companion::inbox::Inbox;
use companion::ports::{SalesforcePort, StorePort};
use companion::run::Ports;
use presence::event::Event;
use presence::ids::WorkId;
use presence::problem::{Problem, ProblemCode};
use presence::saved::Saved;
use salesforce::NetworkFailure;

/// What is broken now.
#[derive(Default)]
pub(crate) struct Broken {
    network: Mutex<Option<NetworkFailure>>,
    disk_full: AtomicBool,
}

impl Broken {
    pub(crate) fn set_network(&self, failure: Option<NetworkFailure>) {
        *self.network.lock().unwrap_or_else(PoisonError::into_inner) = failure;
    }

    pub(crate) fn set_disk_full(&self, full: bool) {
        self.disk_full.store(full, Ordering::Relaxed);
    }

    fn network(&self) -> Option<NetworkFailure> {
        *self.network.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// These ports, as long as nothing is broken.
    pub(crate) fn between(self: Arc<Self>, ports: Ports, inbox: Inbox) -> Ports {
        Ports {
            salesforce: Box::new(Cloud {
                inner: ports.salesforce,
                broken: Arc::clone(&self),
                inbox: inbox.clone(),
            }),
            store: Box::new(Disk {
                inner: ports.store,
                broken: self,
                inbox,
            }),
            ..ports
        }
    }
}

struct Cloud {
    inner: Box<dyn SalesforcePort>,
    broken: Arc<Broken>,
    inbox: Inbox,
}

impl SalesforcePort for Cloud {
    fn read(&self, watch: Vec<WorkId>) {
        match self.broken.network() {
            None => self.inner.read(watch),
            Some(failure) => self.inbox.post(Event::ReadFailed {
                problem: Problem {
                    code: ProblemCode::OrgUnreachable,
                    about: failure.to_string(),
                },
                retry_after_ms: None,
            }),
        }
    }

    fn sign_out(&self) {
        self.inner.sign_out();
    }
}

struct Disk {
    inner: Box<dyn StorePort>,
    broken: Arc<Broken>,
    inbox: Inbox,
}

impl StorePort for Disk {
    fn save(&self, revision: u64, saved: Saved) {
        if self.broken.disk_full.load(Ordering::Relaxed) {
            let reason = std::io::Error::from(std::io::ErrorKind::StorageFull).to_string();
            self.inbox.post(Event::SaveFailed { revision, reason });
        } else {
            self.inner.save(revision, saved);
        }
    }
}
