//! Why a console does not find Holdline: each reason has its own words and remedy in the page.

use reqwest::Method;
use serde_json::json;

use crate::stage::{ConsolePage, Plan, Stage, Surface};

#[test]
fn headless() {
    let mut stage = Stage::empty(
        Surface::Headless,
        Plan {
            no_console: true,
            ..Plan::default()
        },
    );
    let Some(console) = ConsolePage::browser(&stage, "the console's refusals in Chromium") else {
        return;
    };
    console.opens("pat");
    let absent = console.item("that Holdline does not run", |item| item.state == "looking");
    assert_eq!(
        absent.text,
        "Looking for Holdline. Start it on this computer and sign in there."
    );

    // From here on a Holdline runs and would let this console in.
    stage.rep.starts();
    stage.sign_in();
    console.item("the console joined", |item| item.state == "connected");

    console.browser.permit("loopback-network", "denied");
    console.browser.go(&console.address("pat"));
    let denied = console.item("that the browser forbids it", |item| {
        item.text.contains("does not allow this site")
    });
    assert!(denied.text.contains("site settings"), "{denied:?}");
    console.says("Allow local network access");
    console.is_pictured("console-denied");

    let trust = |trusted: bool| {
        let settings = json!({ "trustedSites": trusted });
        stage.org.ask(Method::PUT, "settings", Some(settings));
    };
    trust(false);
    console.browser.permit("loopback-network", "granted");
    console.browser.go(&console.address("pat"));
    let untrusted = console.item("that the org's policy forbids it", |item| {
        item.text.contains("CSP Trusted Sites")
    });
    assert_eq!(untrusted.state, "looking");
    console.says("CSP Trusted Sites");
    console.is_pictured("console-csp");

    trust(true);
    console.browser.go(&console.address("pat"));
    console.item("the console joined again", |item| item.state == "connected");
}
