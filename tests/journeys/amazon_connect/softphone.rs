//! The page as the softphone, too; and a caller who waits on hold.

use std::io::Write as _;

use journeys::webdriver::Find;
use serde_json::json;

use super::{Floor, SAYS};

#[test]
fn a_page_that_carries_the_audio_is_not_loaded_anew_during_a_call_headless() {
    let carries_audio = |stage: &crate::stage::Stage| {
        let path = stage.place.profile.join("holdline.toml");
        let file = std::fs::OpenOptions::new().append(true).open(path);
        let written = file.and_then(|mut file| writeln!(file, "softphone = true"));
        written.expect("our own file");
    };
    let Some(mut floor) = Floor::set("softphone", carries_audio) else {
        return;
    };
    floor.signs_in_beforehand();
    floor.opens_the_page();
    floor.is_joined();
    let allowed = floor
        .page
        .script("return document.querySelector('iframe').allow", Vec::new());
    assert!(
        allowed
            .as_str()
            .is_some_and(|allowed| allowed.contains("microphone")),
        "the panel may not use the microphone: {allowed}"
    );
    let policy = floor.page.script_async(
        "fetch(location.pathname).then((page) => arguments[0](page.headers.get('permissions-policy')))",
        Vec::new(),
    );
    let org = json!(floor.stage.org.url()).to_string();
    assert!(
        policy
            .as_str()
            .is_some_and(|policy| policy.contains(&format!("microphone=(self {org})"))),
        "{policy}"
    );

    let call = floor.stage.on_a_call();
    floor.sees("the call on the phone", |seen| {
        seen.phone.as_deref() == Some("Busy")
    });
    floor.page.script("window.wasHereBefore = true;", Vec::new());
    floor.sleeps_and_wakes();
    floor.looks_at_the_clock();
    assert_eq!(
        floor.page.script("return window.wasHereBefore", Vec::new()),
        true,
        "the page was loaded anew in the middle of its call"
    );
    floor.page.wait_for_text(&SAYS, super::floor::LIVE);
    floor.stage.org.hangup(&call);
    floor.stage.org.finish(&call);
    floor.sees("the end of the call", |seen| {
        seen.call == "idle" && seen.phone.as_deref() == Some("Available")
    });
    floor.sleeps_and_wakes();
    floor.is_loaded_anew();
    floor.is_joined();
    floor.stage.ends_with_writes(&[]);
}

#[test]
fn a_caller_on_hold_is_still_a_call_headless() {
    let Some(mut floor) = Floor::ready("a caller on hold") else {
        return;
    };
    let call = floor.stage.on_a_call();
    let page = floor.page.tab();
    let panel = floor.page.open_tab(&format!("{}/ccp-v2/", floor.stage.org.url()));
    floor.page.click(&Find::Role("button", "Hold"));
    floor.page.wait_for_text(&Find::Css("#contacts"), "On hold");

    floor.stage.offline_is_held("waits until your call ends");
    floor.waits_for_phone("Offline enqueued", |phone| phone["nextState"] == "Offline");
    let seen = floor.sees("the call", |seen| seen.call == "on_call");
    assert_eq!(seen.phone.as_deref(), Some("Busy"));

    floor.page.click(&Find::Role("button", "Resume"));
    floor.page.wait_for_text(&Find::Css("#contacts"), "Connected");
    assert_ne!(page, panel);
    floor.stage.org.hangup(&call);
    floor.stage.org.finish(&call);
    floor.stage.sees_offline_set();
    floor.stage.ends_with_writes(&["Offline"]);
    assert_eq!(floor.written(), [("Offline".to_owned(), true)]);
}
