//! Amazon Connect: Holdline's own page in a real Chromium, with the real `amazon-connect-streams`, around the
//! practice org's simulated panel.
#![cfg(target_os = "linux")]

#[path = "support/practice_org.rs"]
mod practice_org;

use conformance::{Abilities, Adapter, Holdline};
use journeys::webdriver::{Find, Page};
use practice::{Options, PhoneBy, Server};
use practice_org::PracticeOrg;
use secrecy::ExposeSecret as _;
use serde_json::json;
use tempfile::TempDir;
use tokio::task::block_in_place;

struct AmazonConnect {
    org: PracticeOrg,
    /// There until this is dropped.
    page: Option<Page>,
    _logs: TempDir,
}

impl AmazonConnect {
    /// Does something with the page; a WebDriver's calls block.
    fn page<T>(&self, act: impl FnOnce(&Page) -> T) -> T {
        let page = self.page.as_ref().expect("there until the end");
        block_in_place(|| act(page))
    }
}

impl Drop for AmazonConnect {
    fn drop(&mut self) {
        let page = self.page.take();
        // On a thread of its own: a case that fails ends outside of everything that may block.
        let _ = std::thread::spawn(move || drop(page)).join();
    }
}

impl Adapter for AmazonConnect {
    async fn start(holdline: &Holdline) -> Self {
        let org = PracticeOrg::at(holdline.instance().expect("it was opened for one"));
        org.is_ready_for(holdline).await;
        // The rep's single sign-on is alive.
        org.settings(json!({ "ccpSignsIn": "pat" })).await;
        let logs = tempfile::tempdir().expect("a temporary folder");
        let page = block_in_place(|| Page::in_headless_chromium(logs.path(), &[]).expect("it was there"));
        let address = holdline.doors().phone_page().expect("somebody is signed in");
        block_in_place(|| page.go(address.expose_secret()));
        Self {
            org,
            page: Some(page),
            _logs: logs,
        }
    }

    fn abilities(&self) -> Abilities {
        Abilities {
            queue: true,
            holdlines_queue: false,
            // The page is let in by tokens that are good for once: there is none to take back.
            token: false,
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

    /// The page dies in the middle of everything, and is loaded again.
    async fn cut(&mut self) {
        self.page(Page::reload);
    }

    async fn dial_again(&mut self) {
        self.page(|page| page.click(&Find::Css("#take-over")));
    }

    async fn dropped(&mut self) -> usize {
        self.org.dropped().await
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn amazon_connect_conforms() {
    if let Err(reason) = journeys::programs::chromium() {
        return journeys::skip("Amazon Connect through the conformance suite", &reason);
    }
    let options = Options {
        phone_by: PhoneBy::AmazonConnect,
        ..Options::default()
    };
    let org = Server::start(options).await.expect("a free port");
    let holdline = Holdline::with_amazon_connect(org.url()).await;
    conformance::run_on::<AmazonConnect>(holdline).await;
}
