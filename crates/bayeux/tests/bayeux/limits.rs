//! What an org does not allow.

use bayeux::{Options, Poll, Replay, Stop};
use serde_json::json;

use crate::desk::{Desk, Told, refusal};

#[test]
fn an_orgs_limits_end_it_by_their_names() {
    let mut desk = Desk::wanting(Replay::New);
    let handshake = desk.sends("/meta/handshake");
    let body = handshake.replies(json!({
        "successful": false, "error": "403::Handshake denied", "advice": { "reconnect": "none" },
        "ext": { "sfdc": { "failureReason": "403::Organization concurrent user limit exceeded" } },
    }));
    assert_eq!(
        desk.answered(&handshake, &body),
        [Told::Stopped(Stop::ClientLimit)]
    );
    assert_eq!(desk.client.poll(desk.now_ms), Poll::Stopped);
    desk.client.start_again();
    desk.shakes_hands("c1", json!({}));
    desk.subscribes();
    let connect = desk.sends("/meta/connect");
    let body = refusal(
        &connect,
        "403::Organization total events daily limit exceeded",
        "none",
    );
    assert_eq!(desk.answered(&connect, &body), [Told::Stopped(Stop::EventLimit)]);
}

#[test]
fn a_denied_handshake_ends_it() {
    let mut desk = Desk::wanting(Replay::New);
    let handshake = desk.sends("/meta/handshake");
    let body = refusal(&handshake, "403::Handshake denied", "none");
    assert_eq!(desk.answered(&handshake, &body), [Told::Stopped(Stop::Refused)]);
}

#[test]
fn a_denied_handshake_that_may_be_tried_again_is() {
    let mut desk = Desk::wanting(Replay::New);
    let handshake = desk.sends("/meta/handshake");
    let body = refusal(&handshake, "403::Not now", "retry");
    assert_eq!(desk.answered(&handshake, &body), []);
    desk.waits();
    desk.shakes_hands("c1", json!({}));
}

#[test]
fn a_denied_channel_is_not_asked_for_again_and_the_last_one_ends_it() {
    let mut desk = Desk::wanting(Replay::New);
    desk.client.subscribe("/topic/Other", Replay::New);
    desk.shakes_hands("c1", json!({}));
    let subscribe = desk.sends("/meta/subscribe");
    let mut body = subscribe.replies(json!({}));
    body[0]["successful"] = json!(false);
    body[0]["error"] = json!("403::The channel you requested to subscribe to does not exist {/topic/Usp}");
    assert_eq!(
        desk.answered(&subscribe, &body),
        [Told::Refused(403), Told::Subscribed]
    );
    let _held = desk.sends("/meta/connect");
    assert_eq!(desk.client.poll(desk.now_ms), Poll::Wait);

    let mut desk = Desk::with(Options::default(), Replay::New);
    desk.shakes_hands("c1", json!({}));
    let subscribe = desk.sends("/meta/subscribe");
    let body = refusal(
        &subscribe,
        "400::The channel you requested to subscribe to does not exist",
        "retry",
    );
    assert_eq!(desk.answered(&subscribe, &body), [Told::Refused(400)]);
    let disconnect = desk.sends("/meta/disconnect");
    let body = disconnect.replies(json!({}));
    assert_eq!(desk.answered(&disconnect, &body), [Told::Stopped(Stop::Refused)]);
}

#[test]
fn a_subscription_that_is_not_answered_is_asked_for_again_but_not_for_ever() {
    let mut desk = Desk::wanting(Replay::New);
    desk.shakes_hands("c1", json!({}));
    let mut subscribe = desk.sends("/meta/subscribe");
    let _held = desk.sends("/meta/connect");
    for _ in 1..5 {
        let unrelated =
            json!([{ "channel": "/meta/subscribe", "id": "99", "subscription": "/x", "successful": true }]);
        assert_eq!(desk.answered(&subscribe, &unrelated), []);
        desk.waits();
        subscribe = desk.sends("/meta/subscribe");
    }
    assert_eq!(
        desk.answered(&subscribe, &json!([])),
        [Told::Stopped(Stop::Unavailable)]
    );
}
