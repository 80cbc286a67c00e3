//! The example softphone of docs/connector/examples, in Node: over a WebSocket, over REST, and without a queue.

#[path = "support/node.rs"]
mod node;
#[path = "support/relay.rs"]
mod relay;

use conformance::{Abilities, Adapter, Holdline};
use node::Softphone;

macro_rules! softphone {
    ($name:ident, $test:ident, $queue:literal, $arguments:expr) => {
        struct $name(Softphone);

        impl Adapter for $name {
            async fn start(holdline: &Holdline) -> Self {
                Self(Softphone::start(holdline, $arguments).await)
            }

            fn abilities(&self) -> Abilities {
                Abilities {
                    queue: $queue,
                    holdlines_queue: !$queue,
                    token: true,
                    after_call_work: true,
                }
            }

            async fn ring(&mut self) -> String {
                let answer = self.0.ask("ring").await;
                answer.as_str().expect("a contact").to_owned()
            }

            async fn connect(&mut self, contact: &str) {
                self.0.ask(&format!("connect {contact}")).await;
            }

            async fn hang_up(&mut self, contact: &str) {
                self.0.ask(&format!("hangup {contact}")).await;
            }

            async fn finish(&mut self, contact: &str) {
                self.0.ask(&format!("finish {contact}")).await;
            }

            async fn miss(&mut self, contact: &str) {
                self.0.ask(&format!("miss {contact}")).await;
            }

            async fn choose(&mut self, state: &str) {
                self.0.ask(&format!("choose {state}")).await;
            }

            async fn ask_holdline_to_queue(&mut self, state: Option<&str>) {
                self.0
                    .ask(&format!("queue {}", state.unwrap_or_default()))
                    .await;
            }

            async fn cut(&mut self) {
                self.0.cut().await;
            }

            async fn dial_again(&mut self) {
                self.0.ask("dial").await;
            }

            async fn dropped(&mut self) -> usize {
                let dropped = self.0.ask("dropped").await;
                usize::try_from(dropped.as_u64().expect("a number")).expect("few")
            }
        }

        #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
        async fn $test() {
            if let Some(reason) = node::missing() {
                return node::skipped(stringify!($test), &reason);
            }
            conformance::run::<$name>().await;
        }
    };
}

softphone!(OverWebSocket, the_example_conforms_over_a_websocket, true, &[]);
softphone!(OverRest, the_example_conforms_over_rest, true, &["--rest"]);
softphone!(
    WithoutQueue,
    the_example_conforms_without_a_queue,
    false,
    &["--rest", "--no-queue"]
);
