//! What servers and networks do to a session.

use bayeux::{Options, Poll, Replay, Stop};
use serde_json::{Value, json};

use crate::desk::{CHANNEL, Desk, Sent, Told, event, refusal};

/// One that is listening and has had the event at position 5.
fn at_five() -> (Desk, Sent) {
    let (mut desk, connect) = Desk::listening(Options::default(), Replay::New);
    let mut body = connect.replies(json!({}));
    body.as_array_mut().unwrap().push(event(5));
    assert_eq!(desk.answered(&connect, &body), [Told::Event(5)]);
    desk.now_ms += 30_000;
    let connect = desk.sends("/meta/connect");
    (desk, connect)
}

#[track_caller]
fn goes_on_after(desk: &mut Desk, position: i64) {
    desk.shakes_hands("c2", json!({}));
    let subscribe = desk.sends("/meta/subscribe");
    assert_eq!(subscribe.messages[0]["ext"]["replay"][CHANNEL], position);
    let body = subscribe.replies(json!({}));
    assert_eq!(
        desk.answered(&subscribe, &body),
        [Told::Subscribed],
        "without a gap"
    );
}

#[test]
fn a_session_that_ended_is_followed_by_another_from_the_same_position() {
    for (error, reconnect) in [
        ("402::Unknown client", "handshake"),
        ("403::Unknown client", "handshake"),
        ("402::session_unknown", "handshake"),
    ] {
        let (mut desk, connect) = at_five();
        let body = refusal(&connect, error, reconnect);
        assert_eq!(desk.answered(&connect, &body), []);
        goes_on_after(&mut desk, 5);
    }
}

#[test]
fn a_refusal_without_a_channel_is_one_too() {
    let (mut desk, connect) = at_five();
    let body = json!([{
        "error": "403::Unknown client", "successful": false, "advice": { "interval": 0, "reconnect": "handshake" },
    }]);
    assert_eq!(desk.answered(&connect, &body), []);
    goes_on_after(&mut desk, 5);
}

#[test]
fn a_session_removed_under_a_held_connect_does_not_stop_it() {
    let (mut desk, connect) = at_five();
    let mut body = connect.replies(json!({ "advice": { "reconnect": "none", "interval": 0 } }));
    body.as_array_mut().unwrap().push(event(6));
    assert_eq!(
        desk.answered(&connect, &body),
        [Told::Event(6)],
        "what it brings counts"
    );
    goes_on_after(&mut desk, 6);
}

#[test]
fn what_a_lost_answer_carried_comes_by_replay_after_the_old_session_was_ended() {
    let (mut desk, connect) = at_five();
    assert_eq!(desk.failed(&connect), []);
    let waited = desk.waits();
    assert!((500..=1_000).contains(&waited), "{waited}");
    let leave = desk.sends("/meta/disconnect");
    assert_eq!(leave.messages[0]["clientId"], "c1");
    assert_eq!(desk.failed(&leave), []);
    goes_on_after(&mut desk, 5);
    let connect = desk.sends("/meta/connect");
    let mut body = connect.replies(json!({}));
    body.as_array_mut()
        .unwrap()
        .extend([event(5), event(7), event(6), event(7)]);
    let expected = [Told::Event(7), Told::Event(6)];
    assert_eq!(
        desk.answered(&connect, &body),
        expected,
        "none twice, and a late one all the same"
    );
}

#[test]
fn a_position_counts_only_when_nothing_older_can_be_under_way() {
    let (mut desk, connect) = at_five();
    desk.client.subscribe("/b", Replay::Off);
    let subscribe = desk.sends("/meta/subscribe");
    let mut body = subscribe.replies(json!({}));
    body.as_array_mut().unwrap().push(event(8));
    let told = desk.answered(&subscribe, &body);
    assert_eq!(told, [Told::Event(8), Told::Subscribed]);
    // The connect was sent before, and what it brought, 7 say, is lost.
    desk.failed(&connect);
    desk.waits();
    let leave = desk.sends("/meta/disconnect");
    desk.answered(&leave, &json!([]));
    desk.shakes_hands("c2", json!({}));
    let subscribe = desk.next();
    assert_eq!(subscribe.messages[0]["ext"]["replay"][CHANNEL], 5);
    let mut body = subscribe.replies(json!({}));
    body.as_array_mut().unwrap().extend([event(7), event(8)]);
    assert_eq!(desk.answered(&subscribe, &body)[0], Told::Event(7));
    let connect = desk.sends("/meta/connect");
    let mut body = connect.replies(json!({}));
    body.as_array_mut().unwrap().push(event(8));
    assert_eq!(desk.answered(&connect, &body), [], "8 was had");
}

#[test]
fn a_late_answer_of_an_old_session_changes_nothing() {
    let (mut desk, connect) = at_five();
    desk.failed(&connect);
    let mut late = connect.replies(json!({}));
    late.as_array_mut().unwrap().push(event(6));
    assert_eq!(desk.answered(&connect, &late), []);
    assert_eq!(desk.failed(&connect), []);
    desk.waits();
    let leave = desk.sends("/meta/disconnect");
    desk.answered(&leave, &json!([]));
    goes_on_after(&mut desk, 5);
}

#[test]
fn without_a_position_a_new_session_has_a_gap() {
    let (mut desk, connect) = Desk::listening(Options::default(), Replay::New);
    let body = refusal(&connect, "402::Unknown client", "handshake");
    desk.answered(&connect, &body);
    desk.shakes_hands("c2", json!({}));
    assert_eq!(desk.subscribes(), [Told::Subscribed, Told::Gap]);

    // A server that does not know the extension does not honour a position.
    let mut desk = Desk::wanting(Replay::After(5));
    desk.shakes_hands("c1", json!({ "ext": {} }));
    assert_eq!(desk.subscribes(), [Told::Subscribed, Told::Gap]);
}

#[test]
fn a_position_that_is_gone_is_a_gap_and_the_new_ones_come() {
    let mut desk = Desk::wanting(Replay::After(5));
    desk.shakes_hands("c1", json!({}));
    let subscribe = desk.sends("/meta/subscribe");
    let error = "400::The replayId {5} you provided was invalid. Please provide a valid ID, -2 to replay all events, \
                 or -1 to replay only new events.";
    let body = subscribe.replies(json!({ "successful": false, "error": error }));
    assert_eq!(desk.answered(&subscribe, &body), []);
    let again = desk.sends("/meta/subscribe");
    assert_eq!(again.messages[0]["ext"]["replay"][CHANNEL], -1);
    let body = again.replies(json!({}));
    assert_eq!(desk.answered(&again, &body), [Told::Subscribed, Told::Gap]);
    let connect = desk.sends("/meta/connect");
    let mut body = connect.replies(json!({}));
    body.as_array_mut().unwrap().push(event(2));
    assert_eq!(
        desk.answered(&connect, &body),
        [Told::Event(2)],
        "a stream that began anew"
    );
}

#[test]
fn a_refused_token_is_renewed_once() {
    type Refuses = fn(&Sent) -> (u16, String);
    let in_body: Refuses = |sent| {
        (
            200,
            refusal(sent, "401::Authentication invalid", "none").to_string(),
        )
    };
    let by_status: Refuses = |_| (401, "no".to_owned());
    for refuses in [in_body, by_status] {
        let (mut desk, connect) = at_five();
        let (status, body) = refuses(&connect);
        assert_eq!(desk.answered_with(&connect, status, None, &body), []);
        assert_eq!(desk.client.poll(desk.now_ms), Poll::RenewToken);
        desk.client.token_not_renewed(desk.now_ms);
        desk.waits();
        assert_eq!(desk.client.poll(desk.now_ms), Poll::RenewToken);
        desk.client.token_renewed();
        // The org counts the old session until it is ended; that nobody may end it is no news.
        let leave = desk.sends("/meta/disconnect");
        assert_eq!(leave.messages[0]["clientId"], connect.messages[0]["clientId"]);
        let (status, body) = refuses(&leave);
        assert_eq!(desk.answered_with(&leave, status, None, &body), []);
        let handshake = desk.sends("/meta/handshake");
        let (status, body) = refuses(&handshake);
        let told = desk.answered_with(&handshake, status, None, &body);
        assert_eq!(
            told,
            [Told::Stopped(Stop::Refused)],
            "a renewed one is not renewed again"
        );
        desk.client.start_again();
        goes_on_after(&mut desk, 5);
    }
}

#[test]
fn a_session_that_went_well_may_need_a_new_token_again() {
    let (mut desk, mut connect) = at_five();
    for _ in 0..3 {
        desk.answered_with(&connect, 401, None, "");
        assert_eq!(desk.client.poll(desk.now_ms), Poll::RenewToken);
        desk.client.token_renewed();
        let leave = desk.sends("/meta/disconnect");
        desk.failed(&leave);
        goes_on_after(&mut desk, 5);
        connect = desk.sends("/meta/connect");
        desk.now_ms += 7_200_000;
        let body = connect.replies(json!({}));
        desk.answered(&connect, &body);
        connect = desk.sends("/meta/connect");
    }
}

#[test]
fn a_busy_server_is_left_alone_and_keeps_its_token() {
    let mut desk = Desk::wanting(Replay::New);
    let handshake = desk.sends("/meta/handshake");
    let body = handshake.replies(json!({
        "successful": false, "error": "401::Request requires authentication", "advice": { "reconnect": "none" },
        "ext": { "sfdc": { "failureReason": "503::Server is too busy" } },
    }));
    assert_eq!(desk.answered(&handshake, &body), []);
    let waited = desk.waits();
    assert!((120_000..=240_000).contains(&waited), "{waited}");
    desk.shakes_hands("c1", json!({}));
}

#[test]
fn retry_after_is_obeyed() {
    let (mut desk, connect) = at_five();
    assert_eq!(
        desk.answered_with(&connect, 503, Some(90_000), "<html>busy</html>"),
        []
    );
    assert_eq!(desk.waits(), 90_000);
    let leave = desk.sends("/meta/disconnect");
    assert_eq!(desk.answered_with(&leave, 503, None, ""), []);
    goes_on_after(&mut desk, 5);
    let (mut desk, connect) = at_five();
    desk.answered_with(&connect, 429, Some(u64::MAX), "");
    assert_eq!(desk.waits(), 86_400_000, "within a day");
}

#[test]
fn a_network_that_is_away_is_tried_with_longer_and_longer_pauses_and_never_given_up() {
    let mut desk = Desk::wanting(Replay::New);
    let mut pauses = Vec::new();
    for _ in 0..50 {
        let handshake = desk.sends("/meta/handshake");
        assert_eq!(desk.failed(&handshake), []);
        pauses.push(desk.waits());
    }
    assert!(pauses[0] <= 1_000 && pauses[49] >= 30_000);
    assert!(pauses.iter().all(|pause| *pause <= 60_000), "{pauses:?}");
    desk.shakes_hands("c1", json!({}));
}

#[test]
fn answers_that_are_none_end_it() {
    let pages: [(u16, &str); 4] = [
        (200, "<html>sign in</html>"),
        (404, "no"),
        (200, "[]"),
        (500, "{\"a\":1}"),
    ];
    for (status, page) in pages {
        let mut desk = Desk::wanting(Replay::New);
        for turn in 1.. {
            let handshake = desk.sends("/meta/handshake");
            let told = desk.answered_with(&handshake, status, None, page);
            if turn == 5 {
                assert_eq!(told, [Told::Stopped(Stop::Unavailable)], "{page}");
                break;
            }
            assert_eq!(told, []);
            desk.waits();
        }
        assert_eq!(desk.client.poll(desk.now_ms), Poll::Stopped);
    }
}

#[test]
fn sessions_that_end_again_and_again_end_it() {
    let mut desk = Desk::wanting(Replay::New);
    for turn in 1.. {
        desk.shakes_hands("c", json!({}));
        // The cookie is lost on the way: what subscribes is known, what connects is not.
        desk.subscribes();
        let connect = desk.sends("/meta/connect");
        let body = refusal(&connect, "402::Unknown client", "handshake");
        let told = desk.answered(&connect, &body);
        if turn == 5 {
            assert_eq!(told, [Told::Stopped(Stop::Unavailable)]);
            return;
        }
        assert_eq!(told, []);
        if turn > 1 {
            desk.waits();
        }
    }
}

#[test]
fn connects_that_are_not_held_are_not_repeated_in_haste() {
    let (mut desk, mut connect) = Desk::listening(Options::default(), Replay::New);
    let begun_ms = desk.now_ms;
    for _ in 0..20 {
        let body = connect.replies(json!({}));
        desk.answered(&connect, &body);
        connect = desk.sends_after_a_while("/meta/connect");
    }
    let took_ms = desk.now_ms - begun_ms;
    assert!((20_000..100_000).contains(&took_ms), "{took_ms}");
}

#[test]
fn a_message_that_cannot_be_read_is_a_gap() {
    let (mut desk, connect) = at_five();
    let mut body: Value = connect.replies(json!({}));
    body.as_array_mut().unwrap().extend([json!(7), event(6)]);
    assert_eq!(desk.answered(&connect, &body), [Told::Event(6), Told::Gap]);
    desk.sends("/meta/connect");
}
