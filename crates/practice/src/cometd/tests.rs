//! The broker alone: who gets what, from when, and who is refused.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use serde_json::json;

use super::broker::{Broker, Connect, Draft, Limits};
use super::event::Event;
use super::message::{Incoming, batch};
use super::reason::Reason;
use super::session::ClientId;
use super::subscription::Wanted;
use crate::org::{Org, RepKey, Settings};

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_second(1_700_000_000 + seconds).unwrap()
}

fn limits() -> Limits {
    Limits::of(&Settings::default())
}

fn pat() -> RepKey {
    Org::new(at(0), 1, Settings::default()).find_rep("pat").unwrap()
}

fn client(name: &str) -> ClientId {
    Arc::from(name)
}

struct Scene {
    broker: Broker,
    limits: Limits,
}

impl Scene {
    fn new() -> Self {
        Self {
            broker: Broker::default(),
            limits: limits(),
        }
    }

    /// A client that has made its first connect.
    fn joined(&mut self, name: &str) -> ClientId {
        let client = client(name);
        let hello = Incoming::default();
        self.broker
            .handshake(at(0), self.limits, pat(), &client, name, &hello)
            .unwrap();
        let first = self.broker.connect(at(0), self.limits, &client, false);
        assert_eq!(first, Ok(Connect::Now(true)));
        client
    }

    fn subscribe(&mut self, client: &ClientId, to: &str, position: Option<i64>) -> Result<bool, Reason> {
        let wanted = Wanted::parse(to).unwrap();
        self.broker
            .subscribe(at(1), self.limits, client, wanted, position)
    }

    fn publish(&mut self, seconds: i64, user: &str) -> Vec<ClientId> {
        let draft = Draft {
            topic: "Usp".to_owned(),
            kind: "created",
            sobject: json!({ "Id": "x", "UserId": user }),
            fields: vec![("Id", "x".to_owned()), ("UserId", user.to_owned())],
        };
        self.broker.publish(at(seconds), self.limits, draft)
    }

    fn taken(&mut self, client: &ClientId) -> Vec<Arc<Event>> {
        self.broker.take(at(2), self.limits, client, None).unwrap()
    }
}

#[test]
fn a_filter_chooses_and_two_conditions_act_as_or() {
    let mut scene = Scene::new();
    let (all, one, either) = (scene.joined("all"), scene.joined("one"), scene.joined("either"));
    scene.subscribe(&all, "/topic/Usp", None).unwrap();
    scene.subscribe(&one, "/topic/Usp?UserId=a", None).unwrap();
    scene
        .subscribe(&either, "/topic/Usp?UserId=a&Id=x", None)
        .unwrap();
    scene.publish(1, "a");
    scene.publish(1, "b");
    assert_eq!(scene.taken(&all).len(), 2);
    assert_eq!(scene.taken(&one).len(), 1);
    assert_eq!(
        scene.taken(&either).len(),
        2,
        "each event once, also when both hold"
    );
}

#[test]
fn a_held_connect_is_woken_and_a_second_one_ends_the_first() {
    let mut scene = Scene::new();
    let one = scene.joined("one");
    scene.subscribe(&one, "/topic/Usp", None).unwrap();
    let Ok(Connect::Held(first)) = scene.broker.connect(at(1), scene.limits, &one, false) else {
        panic!("the second connect is held");
    };
    let Ok(Connect::Held(second)) = scene.broker.connect(at(1), scene.limits, &one, false) else {
        panic!("so is the third");
    };
    assert_eq!(scene.publish(1, "a"), [Arc::clone(&one)]);
    let take = |scene: &mut Scene, hold| scene.broker.take(at(2), scene.limits, &one, Some(hold)).unwrap();
    assert!(take(&mut scene, first).is_empty(), "it was replaced");
    assert_eq!(take(&mut scene, second).len(), 1);
}

#[test]
fn replay_gives_what_came_after_a_position_and_refuses_one_that_is_gone() {
    let mut scene = Scene::new();
    let one = scene.joined("one");
    scene.subscribe(&one, "/topic/Usp", None).unwrap();
    (0..3).for_each(|_| drop(scene.publish(1, "a")));
    let ids: Vec<i64> = scene.taken(&one).iter().map(|event| event.replay_id).collect();
    assert!(ids.windows(2).all(|pair| pair[0] < pair[1]), "{ids:?}");
    let mut replayed = |name: &str, position| {
        let client = scene.joined(name);
        scene
            .subscribe(&client, "/topic/Usp", Some(position))
            .map(|_| scene.taken(&client).len())
    };
    assert_eq!(replayed("new", -1), Ok(0));
    assert_eq!(replayed("everything", -2), Ok(3));
    assert_eq!(replayed("after", ids[0]), Ok(2));
    assert_eq!(replayed("last", ids[2]), Ok(0));
    assert_eq!(replayed("later", ids[2] + 1), Err(Reason::ReplayId(ids[2] + 1)));
    // A day later nothing is retained, and the last position is too old.
    scene.limits.retention = SignedDuration::from_millis(0);
    let late = scene.joined("late");
    let refused = scene.subscribe(&late, "/topic/Usp", Some(ids[2])).unwrap_err();
    assert_eq!(
        refused.error(),
        format!(
            "400::The replayId {{{}}} you provided was invalid. Please provide a valid ID, -2 to replay all \
             events, or -1 to replay only new events.",
            ids[2]
        )
    );
}

#[test]
fn a_client_that_does_not_come_back_is_gone_and_makes_room() {
    let mut scene = Scene::new();
    scene.limits.clients = 1;
    let one = scene.joined("one");
    let hello = Incoming::default();
    let mut second = |seconds| {
        scene
            .broker
            .handshake(at(seconds), scene.limits, pat(), &client("two"), "b", &hello)
    };
    assert_eq!(second(40), Err(Reason::ConcurrentClients));
    assert_eq!(second(41), Ok(()));
    let admitted = scene
        .broker
        .admit(at(41), scene.limits, pat(), Some(&one), Some("one"));
    assert_eq!(admitted, Err(Reason::UnknownClient));
}

#[test]
fn the_cookie_and_the_user_must_be_the_sessions() {
    let mut scene = Scene::new();
    let one = scene.joined("one");
    let sam = Org::new(at(0), 1, Settings::default()).find_rep("sam").unwrap();
    let mut admit = |user, browser| {
        scene
            .broker
            .admit(at(1), scene.limits, user, Some(&one), browser)
            .map(|_| ())
    };
    assert_eq!(admit(pat(), None), Err(Reason::NoBrowser));
    assert_eq!(admit(pat(), Some("two")), Err(Reason::NoBrowser));
    assert_eq!(admit(sam, Some("one")), Err(Reason::UnknownClient));
    assert_eq!(admit(pat(), Some("one")), Ok(()));
}

#[test]
fn after_the_days_events_clients_are_refused_until_the_next_day() {
    let mut scene = Scene::new();
    scene.limits.events = 2;
    let one = scene.joined("one");
    scene.subscribe(&one, "/topic/Usp", None).unwrap();
    (0..3).for_each(|_| drop(scene.publish(1, "a")));
    assert_eq!(scene.taken(&one).len(), 2, "the third is not delivered");
    let refused = scene.broker.connect(at(2), scene.limits, &one, false);
    assert_eq!(refused, Err(Reason::DailyEvents));
    let two = client("two");
    let day = 24 * 60 * 60;
    let hello = Incoming::default();
    scene
        .broker
        .handshake(at(day), scene.limits, pat(), &two, "b", &hello)
        .unwrap();
    let connected = scene.broker.connect(at(day), scene.limits, &two, false);
    assert_eq!(connected, Ok(Connect::Now(true)));
}

#[test]
fn a_held_connect_is_told_of_the_limit() {
    let mut scene = Scene::new();
    scene.limits.events = 0;
    let one = client("one");
    let hello = Incoming::default();
    let generous = limits();
    scene
        .broker
        .handshake(at(0), generous, pat(), &one, "one", &hello)
        .unwrap();
    scene.broker.connect(at(0), generous, &one, false).unwrap();
    scene.subscribe(&one, "/topic/Usp", None).unwrap();
    let Ok(Connect::Held(hold)) = scene.broker.connect(at(1), generous, &one, false) else {
        panic!("it is held");
    };
    assert_eq!(scene.publish(1, "a"), [Arc::clone(&one)]);
    let taken = scene.broker.take(at(2), scene.limits, &one, Some(hold));
    assert_eq!(taken.unwrap_err(), Reason::DailyEvents);
}

#[test]
fn an_ended_subscription_gets_nothing_and_leaves_the_others() {
    let mut scene = Scene::new();
    let one = scene.joined("one");
    scene.subscribe(&one, "/topic/Usp?UserId=a", None).unwrap();
    scene.subscribe(&one, "/topic/Usp?UserId=b", None).unwrap();
    let a = Wanted::parse("/topic/Usp?UserId=a").unwrap();
    assert!(scene.broker.unsubscribe(&one, &a));
    assert!(!scene.broker.unsubscribe(&one, &a));
    scene.publish(1, "a");
    scene.publish(1, "b");
    assert_eq!(scene.taken(&one).len(), 1);
}

#[test]
fn what_is_no_topic_is_no_subscription() {
    for bad in ["", "/topic/", "/topic/a/b", "/event/E__e", "topic"] {
        assert!(Wanted::parse(bad).is_err(), "{bad}");
    }
    let quoted = Wanted::parse("/topic/Usp?Name='a%20b'").unwrap();
    assert_eq!(quoted.conditions, [("Name".to_owned(), "a b".to_owned())]);
    assert_eq!(quoted.channel, "/topic/Usp");
}

#[test]
fn a_body_is_an_array_or_one_message() {
    assert_eq!(batch(br#" {"channel":"/meta/connect"}"#).unwrap().len(), 1);
    assert_eq!(batch(b"[{},{}]").unwrap().len(), 2);
    for bad in ["", "[", "{\"channel\":1}", "null", "[1]"] {
        assert!(batch(bad.as_bytes()).is_err(), "{bad}");
    }
}
