//! A session in which nothing goes wrong.

use bayeux::{Options, Poll, Replay, Stop};
use serde_json::json;

use crate::desk::{CHANNEL, Desk, TOPIC, Told, event};

#[test]
fn it_shakes_hands_subscribes_beside_the_held_connect_and_delivers() {
    let mut desk = Desk::wanting(Replay::New);
    let handshake = desk.sends("/meta/handshake");
    assert_eq!(
        desk.client.poll(desk.now_ms),
        Poll::Wait,
        "nothing before its answer"
    );
    let body = handshake.replies(json!({ "clientId": "c1", "ext": { "replay": true } }));
    assert_eq!(desk.answered(&handshake, &body), []);

    let subscribe = desk.sends("/meta/subscribe");
    let message = &subscribe.messages[0];
    assert_eq!(
        (message["clientId"].as_str(), message["subscription"].as_str()),
        (Some("c1"), Some(TOPIC))
    );
    assert_eq!(
        message["ext"]["replay"][CHANNEL], -1,
        "the key is the channel without its filter"
    );
    let connect = desk.sends("/meta/connect");
    assert!(!desk.client.is_listening());
    let body = subscribe.replies(json!({}));
    assert_eq!(desk.answered(&subscribe, &body), [Told::Subscribed]);
    assert!(desk.client.is_listening());
    assert_eq!(desk.client.poll(desk.now_ms), Poll::Wait, "the connect is held");
    assert_eq!(connect.post.time_out_ms, 125_000);

    let mut body =
        connect.replies(json!({ "advice": { "timeout": 40_000, "interval": 0, "reconnect": "retry" } }));
    body.as_array_mut().unwrap().extend([event(5), event(8)]);
    assert_eq!(desk.answered(&connect, &body), [Told::Event(5), Told::Event(8)]);
    let connect = desk.sends("/meta/connect");
    assert_eq!(connect.post.time_out_ms, 55_000, "the server's own time");
    let numbers = [&handshake, &subscribe, &connect].map(|sent| sent.messages[0]["id"].clone());
    assert_eq!(numbers, ["1", "2", "4"]);
}

#[test]
fn the_interval_of_the_advice_is_kept() {
    let (mut desk, connect) = Desk::listening(Options::default(), Replay::New);
    let advice = json!({ "advice": { "multiple-clients": true, "reconnect": "retry", "interval": 2_000, "timeout": 0 } });
    let body = connect.replies(advice);
    desk.now_ms += 1;
    desk.answered(&connect, &body);
    assert_eq!(desk.waits(), 2_000);
    desk.sends("/meta/connect");
}

#[test]
fn channels_come_and_go_in_batches() {
    let (mut desk, _held) = Desk::listening(Options::default(), Replay::New);
    desk.client.subscribe("/a", Replay::Off);
    desk.client.subscribe("/b", Replay::All);
    desk.client.unsubscribe(TOPIC);
    let commands = desk.next();
    let channels: Vec<_> = commands
        .messages
        .iter()
        .map(|one| one["channel"].as_str().unwrap())
        .collect();
    assert_eq!(
        channels,
        ["/meta/unsubscribe", "/meta/subscribe", "/meta/subscribe"]
    );
    assert!(commands.messages[1].get("ext").is_none());
    let mut body = commands.replies(json!({}));
    // Messages may come with any answer; those of a channel that is not wanted any more are nobody's.
    body.as_array_mut()
        .unwrap()
        .extend([event(3), json!({ "channel": "/a", "data": "x" })]);
    assert_eq!(
        desk.answered(&commands, &body),
        [
            Told::Plain("\"x\"".to_owned()),
            Told::Subscribed,
            Told::Subscribed
        ]
    );
    assert_eq!(desk.client.poll(desk.now_ms), Poll::Wait);

    desk.client.unsubscribe("/a");
    let unsubscribe = desk.sends("/meta/unsubscribe");
    let body = unsubscribe.replies(json!({}));
    assert_eq!(desk.answered(&unsubscribe, &body), []);
    // Another filter of the same channel takes the place of the first.
    desk.client.subscribe("/b?X=1", Replay::New);
    let commands = desk.next();
    assert_eq!(commands.messages[0]["subscription"], "/b");
    assert_eq!(commands.messages[1]["subscription"], "/b?X=1");
}

#[test]
fn acknowledgements_go_with_each_connect_where_the_server_knows_them() {
    let options = Options {
        ack: true,
        ..Options::default()
    };
    let mut desk = Desk::with(options.clone(), Replay::New);
    let handshake = desk.sends("/meta/handshake");
    assert_eq!(
        handshake.messages[0]["ext"],
        json!({ "replay": true, "ack": true })
    );
    let body = handshake.replies(json!({ "clientId": "c1", "ext": { "ack": true, "replay": true } }));
    desk.answered(&handshake, &body);
    desk.subscribes();
    for (asked, answered) in [(-1, 4), (4, 5)] {
        let connect = desk.sends("/meta/connect");
        assert_eq!(connect.messages[0]["ext"]["ack"], asked);
        let body = connect.replies(json!({ "ext": { "ack": answered } }));
        desk.now_ms += 10_000;
        desk.answered(&connect, &body);
    }
    // What an answer that got lost carried is asked for with the same number.
    let lost = desk.sends("/meta/connect");
    assert_eq!(desk.failed(&lost), []);
    desk.waits();
    assert_eq!(desk.sends("/meta/connect").messages[0]["ext"]["ack"], 5);

    let (_, connect) = Desk::listening(options, Replay::New);
    assert!(connect.messages[0].get("ext").is_none(), "this server does not");
}

#[test]
fn it_leaves_politely() {
    let (mut desk, _held) = Desk::listening(Options::default(), Replay::New);
    desk.client.disconnect();
    let disconnect = desk.sends("/meta/disconnect");
    assert_eq!(disconnect.messages[0]["clientId"], "c1");
    assert_eq!(desk.client.poll(desk.now_ms), Poll::Wait);
    let body = disconnect.replies(json!({}));
    assert_eq!(
        desk.answered(&disconnect, &body),
        [Told::Stopped(Stop::Disconnected)]
    );
    assert_eq!(desk.client.poll(desk.now_ms), Poll::Stopped);

    desk.client.start_again();
    desk.shakes_hands("c2", json!({}));
    // Before a session, and with a server that is not there.
    desk.client.disconnect();
    let disconnect = desk.sends("/meta/disconnect");
    assert_eq!(desk.failed(&disconnect), [Told::Stopped(Stop::Disconnected)]);
    let mut fresh = Desk::wanting(Replay::New);
    fresh.client.disconnect();
    assert_eq!(fresh.client.poll(0), Poll::Stopped);
}
