//! Held connects, between the pure [`crate::cometd::Broker`] and its endpoint.

use std::collections::HashMap;
use std::sync::Arc;

use jiff::Timestamp;
use tokio::sync::oneshot;

use super::shared::{Shared, lock, now};
use crate::cometd::{Broker, ClientId, Event, Limits, Reason, announce};
use crate::org::{Change, Org};

/// The broker and who waits for it.
#[derive(Default)]
pub(crate) struct Streaming {
    pub(super) broker: Broker,
    /// The held connect of each client, by its number.
    waiting: HashMap<ClientId, (u64, oneshot::Sender<()>)>,
}

impl Streaming {
    /// Hands on what changed in the org.
    pub(super) fn tell(&mut self, org: &Org, now: Timestamp, changes: &[Change]) {
        if org.push_topics().is_empty() {
            return;
        }
        let limits = Limits::of(org.settings());
        let mut woken = Vec::new();
        for draft in announce(org, now, changes) {
            woken.extend(self.broker.publish(now, limits, draft));
        }
        // After all of them: what one change brought comes in one answer.
        woken.iter().for_each(|client| self.wake(client));
    }

    /// The held connect of a client, if there is one, is to be answered.
    pub(super) fn wake(&mut self, client: &ClientId) {
        if let Some((_, waiting)) = self.waiting.remove(client) {
            // Its connection may have been cut.
            let _ = waiting.send(());
        }
    }

    /// Ends all sessions, as a restart of Salesforce's server does.
    pub(super) fn end_all(&mut self) {
        for client in self.broker.end_all() {
            self.wake(&client);
        }
    }
}

/// A connect that is held. Dropped before its time, its connection was cut.
pub(super) struct Hold {
    shared: Arc<Shared>,
    client: ClientId,
    number: u64,
    woken: oneshot::Receiver<()>,
}

impl Hold {
    /// Registers it; another one of the same client that waited is answered.
    pub(super) fn new(
        shared: &Arc<Shared>,
        streaming: &mut Streaming,
        client: &ClientId,
        number: u64,
    ) -> Self {
        let (wake, woken) = oneshot::channel();
        streaming.wake(client);
        streaming.waiting.insert(Arc::clone(client), (number, wake));
        Self {
            shared: Arc::clone(shared),
            client: Arc::clone(client),
            number,
            woken,
        }
    }

    /// Waits for an event, the time-out or the server's end; answers what to deliver and whether time was up.
    pub(super) async fn wait(mut self) -> (Result<Vec<Arc<Event>>, Reason>, bool) {
        let timeout = self.shared.read(|org| org.settings().cometd_timeout_ms);
        let mut stopped = self.shared.stopped.clone();
        let late = tokio::select! {
            // It was replaced or woken.
            _ = &mut self.woken => false,
            () = tokio::time::sleep(std::time::Duration::from_millis(timeout)) => true,
            _ = stopped.wait_for(|stopped| *stopped) => true,
        };
        let limits = self.shared.read(|org| Limits::of(org.settings()));
        let taken = lock(&self.shared.streaming)
            .broker
            .take(now(), limits, &self.client, Some(self.number));
        (taken, late)
    }
}

impl Drop for Hold {
    fn drop(&mut self) {
        let mut streaming = lock(&self.shared.streaming);
        if streaming
            .waiting
            .get(&self.client)
            .is_some_and(|(number, _)| *number == self.number)
        {
            streaming.waiting.remove(&self.client);
        }
        streaming.broker.let_go(now(), &self.client, self.number);
    }
}
