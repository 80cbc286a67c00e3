//! The practice phone, over its real WebSocket.

#[path = "support/practice_org.rs"]
mod practice_org;
#[path = "support/relay.rs"]
mod relay;

use conformance::{AVAILABLE, Abilities, Adapter, Holdline};
use practice::{Options, Server, Timings};
use practice_org::PracticeOrg;

struct PracticePhone {
    org: PracticeOrg,
    relay: relay::Relay,
    _server: Server,
}

impl Adapter for PracticePhone {
    async fn start(holdline: &Holdline) -> Self {
        let relay = relay::Relay::to(holdline.port()).await;
        let options = Options {
            holdline_ports: vec![relay.port()],
            timings: Timings {
                phone_retry: std::time::Duration::from_millis(50),
                ..Timings::default()
            },
            ..Options::default()
        };
        let server = Server::start(options).await.expect("a free port");
        let org = PracticeOrg::at(server.url());
        org.is_ready_for(holdline).await;
        Self {
            org,
            relay,
            _server: server,
        }
    }

    fn abilities(&self) -> Abilities {
        Abilities {
            queue: true,
            holdlines_queue: false,
            token: true,
            after_call_work: true,
        }
    }

    async fn ring(&mut self) -> String {
        self.org.ring().await
    }

    async fn connect(&mut self, contact: &str) {
        self.org.act(contact, "accept").await;
    }

    async fn hang_up(&mut self, contact: &str) {
        self.org.act(contact, "hangup").await;
    }

    async fn finish(&mut self, contact: &str) {
        self.org.act(contact, "finish").await;
    }

    async fn miss(&mut self, contact: &str) {
        self.org.act(contact, "decline").await;
    }

    async fn choose(&mut self, state: &str) {
        self.org.choose(state).await;
    }

    async fn cut(&mut self) {
        self.relay.cut();
    }

    async fn dial_again(&mut self) {
        self.org.choose(AVAILABLE).await;
    }

    async fn dropped(&mut self) -> usize {
        self.org.dropped().await
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_practice_phone_conforms() {
    conformance::run::<PracticePhone>().await;
}
