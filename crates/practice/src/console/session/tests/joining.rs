//! Opening the console, finding and joining Holdline, reporting.

use super::*;

#[tokio::test]
async fn a_rep_who_opens_the_console_is_logged_in_as_available() {
    let world = World::joined().await;
    until("the login", || {
        world
            .fake
            .has_event(|e| matches!(e, ConsoleEvent::LoginSuccess { .. }))
    })
    .await;
    assert_eq!(world.presence().await, "Available");
    assert!(world.told(&Notice::LoggedIn {
        outcome: Ok("Available".to_owned())
    }));
}

#[tokio::test]
async fn the_login_can_be_left_to_the_rep() {
    let world = World::with(|options| options.log_in = false).await;
    world.pair().await;
    assert_eq!(world.presence().await, "Offline");
    let Outcome::Done {
        snapshot: Some(snapshot),
    } = world.ask("s", Action::Snapshot).await
    else {
        panic!("no snapshot");
    };
    assert_eq!(snapshot.status_id, None);
}

#[tokio::test]
async fn it_shows_the_code_keeps_the_key_and_reconnects_with_it() {
    let world = World::joined().await;
    assert!(world.told(&Notice::Pairing {
        code: "123456".to_owned()
    }));
    assert_eq!(world.fake.state().hellos[0].key, None);
    let id = |at: usize| world.fake.state().hellos[at].key.clone().map(|key| key.id);
    assert_eq!(id(1).as_deref(), Some("id-1"));
    world.fake.forget_sessions();
    until("the next session", || {
        world.fake.state().hellos.len() == 3 && world.fake.state().polling
    })
    .await;
    let hellos = world.fake.state().hellos.clone();
    assert_eq!(id(2).as_deref(), Some("id-1"));
    assert_ne!(hellos[1].key, hellos[2].key, "a nonce came twice");
    assert_eq!(hellos[2].instance, hellos[1].instance);
    assert!(
        world
            .fake
            .state()
            .origins
            .iter()
            .all(|origin| origin == world.server.url())
    );
}

#[tokio::test]
async fn who_cannot_prove_to_be_holdline_is_not_joined() {
    let world = World::new().await;
    world.fake.state().impostor = true;
    until("a pairing", || world.fake.state().pairing.is_some()).await;
    world.fake.confirm("id-1.secret-1");
    until("it is said", || {
        let notices = world.notices.lock().unwrap();
        notices
            .iter()
            .any(|notice| matches!(notice, Notice::Refused { code, .. } if code == "impostor"))
    })
    .await;
    assert!(!world.fake.state().polling);
}

#[tokio::test]
async fn it_finds_a_holdline_that_is_started_later_and_says_what_is_there_meanwhile() {
    let world = World::new().await;
    world.fake.state().identity.user_id = None;
    let looking = |found| Notice::Looking { found };
    until("not signed in", || world.told(&looking(Absent::NotSignedIn))).await;
    world.fake.state().identity.user_id = Some("005000000000001".parse().unwrap());
    until("other user", || world.told(&looking(Absent::OtherUser))).await;
}

#[tokio::test]
async fn events_are_sent_again_until_they_are_acknowledged() {
    let world = World::joined().await;
    until("the login", || {
        world
            .fake
            .has_event(|e| matches!(e, ConsoleEvent::LoginSuccess { .. }))
    })
    .await;
    world.fake.state().acknowledge = false;
    let reports = world.fake.state().reports;
    world.post("calls", json!({ "rep": "pat" })).await;
    until("it is sent again", || world.fake.state().reports >= reports + 2).await;
    world.fake.state().acknowledge = true;
    until("the call", || {
        world
            .fake
            .has_event(|e| matches!(e, ConsoleEvent::WorkAssigned { .. }))
    })
    .await;
    let state = world.fake.state();
    let numbers: Vec<u64> = state.events.iter().map(|numbered| numbered.seq).collect();
    assert_eq!(numbers, (1..=numbers.len() as u64).collect::<Vec<_>>());
}

#[tokio::test]
async fn a_replaced_console_steps_back_until_the_other_is_closed() {
    let world = World::joined().await;
    let other = world
        .http
        .get(format!("{}/practice/v1/console/pat/events", world.server.url()))
        .send()
        .await
        .unwrap();
    world.fake.supersede();
    until("it is told", || {
        let notices = world.notices.lock().unwrap();
        notices
            .iter()
            .any(|notice| matches!(notice, Notice::Refused { code, .. } if code == "superseded"))
    })
    .await;
    let hellos = world.fake.state().hellos.len();
    drop(other);
    until("it is back", || {
        world.fake.state().hellos.len() == hellos + 1 && world.fake.state().polling
    })
    .await;
}

#[tokio::test]
async fn an_unknown_rep_is_named() {
    let server = org().await;
    let mut options = Options::new(server.url().parse().unwrap(), "nobody");
    options.timings = timings();
    let Err(error) = run(options).await;
    assert!(error.to_string().contains("nobody"), "{error}");
}

#[test]
fn it_tries_every_second_at_first_then_ever_more_slowly() {
    let timings = Timings::default();
    let seconds: Vec<u64> = [0, 29, 30, 31, 32, 34, 35, 1000]
        .map(|n| timings.delay(n).as_secs())
        .into();
    assert_eq!(seconds, [1, 1, 1, 2, 4, 16, 30, 30]);
}
