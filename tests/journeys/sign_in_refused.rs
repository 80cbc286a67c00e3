//! The sign-in goes wrong: consent is denied, or somebody else answers in the browser's place.

use std::sync::Mutex;
use std::sync::mpsc::{Receiver, Sender, channel};

use journeys::webdriver::Find;

use crate::stage::{Browser, Gateway, Headless, Plan, Rep as _, Seen, Stage, Surface};

#[track_caller]
fn says_why(seen: &Seen, words: &str) {
    let problem = seen.problem("sign_in_failed").expect("just seen");
    assert!(problem.text.contains(words), "{problem:?}");
    assert!(problem.remedy.contains("try again"), "{problem:?}");
}

fn failed(seen: &Seen) -> bool {
    seen.session == "signed_out" && seen.problem("sign_in_failed").is_some()
}

/// The practice org's consent page says yes by itself there, so the journey turns it into a no on its way.
#[test]
fn headless() {
    let mut stage = Stage::empty(Surface::Headless, Plan::default());
    let deny = Gateway::to(stage.org.url(), |piece| {
        replaced(piece, "decision=allow", "decision=deny&")
    });
    let mut rep = Headless::new(&deny.url(), stage.place.clone());
    rep.starts();
    let seen = rep.sees("the refused sign-in", &failed);
    says_why(&seen, "denied");
    rep.kill_9();

    let (gate, arrived, open) = gate();
    let slow = Gateway::to(stage.org.url(), gate);
    let mut rep = Headless::new(&slow.url(), stage.place.clone());
    rep.starts();
    arrived.recv().expect("the rep decides");
    answers_a_forgery_with_an_error(&stage);
    open.send(()).expect("the gateway waits");
    let seen = rep.sees("the rep signed in all the same", &|seen| {
        seen.session == "signed_in"
    });
    assert_eq!(seen.problem("sign_in_failed"), None);
    rep.kill_9();
    stage.rep.starts();
    stage.sign_in();
    stage.ends_with_writes(&[]);
}

#[test]
fn windowed() {
    let mut stage = Stage::set(Surface::Windowed, Plan::default());
    let org = stage.org.url().to_owned();
    stage.sees("nobody signed in", |seen| seen.session == "signed_out");
    let browser = stage.window().expect("a window").asks_to_sign_in(&org);
    let page = browser.denies();
    assert!(
        page.status.is_client_error() && page.text.contains("denied"),
        "{page:?}"
    );
    let seen = stage.sees("the refused sign-in", failed);
    says_why(&seen, "denied");

    // The remedy's own button, which knows the address.
    let window = stage.window().expect("a window");
    let again = Find::Role("button", "Sign in");
    let browser = window.is_sent_to_the_browser(|| window.page().click(&again));
    answers_a_forgery_with_an_error(&stage);
    browser.allows();
    let seen = stage.sees("the rep signed in all the same", |seen| {
        seen.session == "signed_in"
    });
    assert_eq!(seen.problem("sign_in_failed"), None);
    stage.rep.pairs(&mut stage.org);
    stage.ends_with_writes(&[]);
}

/// The org answers the exchange of the code with a web page, as gateways and log-in walls do.
#[test]
fn token_answer_that_is_a_web_page() {
    let stage = Stage::empty(Surface::Headless, Plan::default());
    let wall = Gateway::to(stage.org.url(), |piece| {
        if !piece.starts_with(b"POST /services/oauth2/token") {
            return piece;
        }
        let text = String::from_utf8(piece).expect("a form");
        text.replacen("/services/oauth2/token", "/services/oauth2/authorize", 1)
            .into_bytes()
    });
    let mut rep = Headless::new(&wall.url(), stage.place.clone());
    rep.starts();
    let seen = rep.sees("the failed sign-in", &failed);
    says_why(&seen, "answer");
    stage.ends_with_writes(&[]);
}

#[track_caller]
fn answers_a_forgery_with_an_error(stage: &Stage) {
    let page = Browser::forged(stage.place.oauth_port);
    assert!(
        page.status.is_client_error() && page.text.contains("Not signed in"),
        "{page:?}"
    );
}

type Gate = Box<dyn Fn(Vec<u8>) -> Vec<u8> + Send + Sync>;

/// Keeps the consent waiting, and says that it is there.
fn gate() -> (Gate, Receiver<()>, Sender<()>) {
    let (arrive, arrived) = channel();
    let (open, opened) = channel();
    let opened = Mutex::new(opened);
    let gate = move |piece: Vec<u8>| {
        if piece.starts_with(b"POST /services/oauth2/authorize") {
            let _ = arrive.send(());
            let _ = opened.lock().map(|opened| opened.recv());
        }
        piece
    };
    (Box::new(gate), arrived, open)
}

/// Both must be equally long: the length has been announced.
fn replaced(piece: Vec<u8>, from: &str, to: &str) -> Vec<u8> {
    assert_eq!(from.len(), to.len());
    match String::from_utf8(piece) {
        Ok(text) => text.replace(from, to).into_bytes(),
        Err(binary) => binary.into_bytes(),
    }
}
