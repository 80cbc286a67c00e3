//! Loading, signing in, and losing the panel.

use journeys::webdriver::Find;
use reqwest::Method;
use serde_json::json;

use super::{Floor, SAYS};

const SIGN_IN: Find<'_> = Find::Role("button", "Sign in to Amazon Connect");

#[test]
fn the_rep_signs_in_from_the_page_headless() {
    let Some(mut floor) = Floor::set("sign-in", |_| {}) else {
        return;
    };
    floor.opens_the_page();
    floor.page.click(&SIGN_IN);
    floor
        .page
        .in_the_other_window(|page| page.click(&Find::Role("button", "Sign in")));
    floor.is_joined();
}

#[test]
fn ccp_slow_to_load_headless() {
    let Some(mut floor) = Floor::set("a slow panel", |_| {}) else {
        return;
    };
    floor.signs_in_beforehand();
    // Longer than the library's own patience with a panel, which is five seconds.
    let slow =
        json!({ "where": "ccp", "path": "/ccp-v2/", "times": 1, "what": { "kind": "delay", "ms": 7_000 } });
    floor.stage.org.ask(Method::POST, "faults", Some(slow));
    floor.opens_the_page();
    floor.is_joined();
    floor.sees("no word of a sign-in", |seen| seen.problems.is_empty());
}

#[test]
fn session_expired_headless() {
    let Some(mut floor) = Floor::ready("session expired") else {
        return;
    };
    floor.stage.org.ask(Method::DELETE, "ccp/pat/session", None);
    floor
        .page
        .wait_for_text(&SAYS, "You are not signed in to Amazon Connect");
    let seen = floor.sees("the phone gone, and why", |seen| {
        seen.phone.is_none() && seen.problem("connect_sign_in").is_some()
    });
    let problem = seen.problem("connect_sign_in").expect("just seen");
    assert!(problem.text.contains(floor.stage.org.url()), "{problem:?}");

    floor.page.click(&SIGN_IN);
    floor
        .page
        .in_the_other_window(|page| page.click(&Find::Role("button", "Sign in")));
    floor.is_joined();
    floor.sees("all well again", |seen| seen.problem("connect_sign_in").is_none());
}

#[test]
fn not_on_the_approved_list_headless() {
    let nobody = json!({ "ccpApprovedOrigins": [] });
    let prepare = |stage: &crate::stage::Stage| {
        stage.org.ask(Method::PUT, "settings", Some(nobody));
    };
    let Some(mut floor) = Floor::set("not approved", prepare) else {
        return;
    };
    floor.opens_the_page();
    floor.page.click(&SIGN_IN);
    floor.page.in_the_other_window(|page| {
        page.click(&Find::Role("button", "Sign in"));
        page.wait_for_text(&Find::Css("h1"), "Practice phone");
        page.close_window();
    });
    floor.page.wait_for_text(&SAYS, "does not show its panel here");
    let origin = format!("http://localhost:{}", floor.stage.place.ports()[0]);
    floor.page.wait_for_text(&Find::Css("#remedy"), &origin);
    let seen = floor.sees("what is wrong, and the remedy", |seen| {
        seen.problem("connect_not_approved").is_some()
    });
    let problem = seen.problem("connect_not_approved").expect("just seen");
    assert!(problem.remedy.contains(&origin), "{problem:?}");
    assert!(problem.remedy.contains("approved origins"), "{problem:?}");

    // The admin adds it, and the rep loads the page again.
    floor.practice(json!({ "ccpApprovedOrigins": [origin] }));
    floor.page.reload();
    floor.is_joined();
    floor.sees("all well again", |seen| {
        seen.problem("connect_not_approved").is_none()
    });
}

#[test]
fn a_panel_that_acknowledges_nothing_is_loaded_again_headless() {
    let Some(mut floor) = Floor::ready("acknowledge time-out") else {
        return;
    };
    floor.practice(json!({ "ccpAcknowledges": false }));
    floor.sees("the phone gone", |seen| seen.phone.is_none());
    floor.practice(json!({ "ccpAcknowledges": true }));
    floor.is_joined();
}

#[test]
fn a_page_that_is_loaded_again_comes_back_by_itself_headless() {
    let Some(mut floor) = Floor::ready("reload") else {
        return;
    };
    let call = floor.stage.on_a_call();
    floor.sees("the call on the phone", |seen| {
        seen.phone.as_deref() == Some("Busy")
    });
    floor.page.reload();
    floor.page.wait_for_text(&SAYS, super::floor::LIVE);
    // The gap is reconciled: what happened meanwhile is known, and nothing was written for it.
    floor.sees("the call on the phone", |seen| {
        seen.phone.as_deref() == Some("Busy")
    });
    floor.stage.org.hangup(&call);
    floor.stage.org.finish(&call);
    floor.sees("no call", |seen| {
        seen.call == "idle" && seen.phone.as_deref() == Some("Available")
    });
    assert_eq!(floor.written(), []);
    floor.stage.ends_with_writes(&[]);
}

#[test]
fn a_token_lets_one_page_in_once_headless() {
    let Some(mut floor) = Floor::ready("one-time token") else {
        return;
    };
    let page = floor.stage.place.opened().pop().expect("it was opened");
    let other = journeys::webdriver::Page::in_headless_chromium(&floor.stage.place.profile, &[])
        .expect("Chromium was there");
    other.go(&page);
    other.wait_for_text(&SAYS, "Open this page from Holdline");
    assert!(!other.shows(&Find::Css("iframe")));
    floor.is_joined();
}

/// After a sleep the panel's own line is stale, and the first call would break: the page is loaded anew first.
#[test]
fn sleep_and_wake_headless() {
    let Some(mut floor) = Floor::ready("sleep and wake") else {
        return;
    };
    floor.page.script("window.wasHereBefore = true;", Vec::new());
    floor.sleeps_and_wakes();
    floor.is_loaded_anew();
    floor.is_joined();

    let call = floor.stage.on_a_call();
    floor.sees("the first call on the phone", |seen| {
        seen.phone.as_deref() == Some("Busy")
    });
    floor.stage.offline_is_held("waits until your call ends");
    floor.waits_for_phone("Offline enqueued", |phone| phone["nextState"] == "Offline");
    floor.stage.org.hangup(&call);
    floor.stage.org.finish(&call);
    floor.stage.sees_offline_set();
    floor.stage.ends_with_writes(&["Offline"]);
}
