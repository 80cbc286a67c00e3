//! The session against the practice org and a small Holdline, over real sockets.

mod fake;

use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::{Value, json};
use wire::bridge::{Action, ConsoleEvent, Outcome, Refusal};

use super::{Absent, Notice, Options, Timings, run};
use crate::{Server, Timings as OrgTimings};
use fake::{Fake, until};

const LOGOUT: Action = Action::Logout {
    voice_prefix: String::new(),
    wrapping_up: Vec::new(),
};

fn logout() -> Action {
    Action::Logout {
        voice_prefix: "0LQ".to_owned(),
        wrapping_up: Vec::new(),
    }
}

fn arm() -> Action {
    Action::Arm {
        voice_prefix: "0LQ".to_owned(),
    }
}

/// A practice org, a Holdline and a console session of pat's.
struct World {
    server: Server,
    fake: Fake,
    notices: Arc<Mutex<Vec<Notice>>>,
    console: tokio::task::JoinHandle<()>,
    http: reqwest::Client,
}

impl Drop for World {
    fn drop(&mut self) {
        self.console.abort();
    }
}

fn timings() -> Timings {
    Timings {
        retry: Duration::from_millis(20),
        longest_retry: Duration::from_millis(80),
        gather: Duration::from_millis(20),
        ..Timings::default()
    }
}

async fn org() -> Server {
    Server::start(crate::Options {
        holdline_ports: Vec::new(),
        timings: OrgTimings::default(),
        ..crate::Options::default()
    })
    .await
    .unwrap()
}

impl World {
    async fn new() -> Self {
        Self::with(|_| {}).await
    }

    async fn with(change: impl FnOnce(&mut Options)) -> Self {
        let server = org().await;
        let fake = Fake::start();
        let http = reqwest::Client::builder().no_proxy().build().unwrap();
        let view: Value = http
            .get(format!("{}/practice/v1/console/pat", server.url()))
            .send()
            .await
            .unwrap()
            .json()
            .await
            .unwrap();
        fake.serve(view["orgId"].as_str().unwrap(), view["userId"].as_str().unwrap());
        let notices = Arc::new(Mutex::new(Vec::new()));
        let mut options = Options::new(server.url().parse().unwrap(), "pat");
        options.holdline_ports = Some(vec![fake.port]);
        options.timings = timings();
        let heard = Arc::clone(&notices);
        options.notify = Arc::new(move |notice| heard.lock().unwrap().push(notice.clone()));
        change(&mut options);
        let console = tokio::spawn(async move {
            let Err(error) = run(options).await;
            panic!("the session ended: {error}");
        });
        Self {
            server,
            fake,
            notices,
            console,
            http,
        }
    }

    /// Paired, joined, and polling.
    async fn joined() -> Self {
        let world = Self::new().await;
        world.pair().await;
        world
    }

    async fn pair(&self) {
        until("the pairing", || self.fake.state().pairing.is_some()).await;
        self.fake.confirm("key-1");
        until("the first poll", || self.fake.state().polling).await;
    }

    fn told(&self, wanted: &Notice) -> bool {
        self.notices.lock().unwrap().contains(wanted)
    }

    async fn post(&self, path: &str, body: Value) -> Value {
        let url = format!("{}/practice/v1/{path}", self.server.url());
        let response = self.http.post(url).json(&body).send().await.unwrap();
        assert!(response.status().is_success(), "{path}: {}", response.status());
        response.json().await.unwrap()
    }

    async fn view(&self) -> Value {
        let url = format!("{}/practice/v1/console/pat", self.server.url());
        self.http.get(url).send().await.unwrap().json().await.unwrap()
    }

    async fn presence(&self) -> String {
        self.view().await["presence"]["status"]
            .as_str()
            .unwrap()
            .to_owned()
    }

    /// A call that pat has accepted; its name.
    async fn on_call(&self) -> String {
        let call = self.post("calls", json!({ "rep": "pat" })).await;
        let call = call["callId"].as_str().unwrap().to_owned();
        self.post(&format!("calls/{call}/accept"), json!({})).await;
        until("the acceptance", || {
            self.fake
                .has_event(|e| matches!(e, ConsoleEvent::WorkAccepted { .. }))
        })
        .await;
        call
    }

    /// Sends a command and waits for its outcome.
    async fn ask(&self, id: &str, action: Action) -> Outcome {
        self.fake.send(id, 60_000, action);
        self.outcome(id).await
    }

    async fn outcome(&self, id: &str) -> Outcome {
        until(id, || self.fake.outcome(id).is_some()).await;
        self.fake.outcome(id).unwrap()
    }
}

fn refusal(outcome: &Outcome) -> Option<Refusal> {
    match outcome {
        Outcome::Refused { code, .. } => Some(*code),
        Outcome::Done { .. } => None,
    }
}

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
    assert_eq!(world.fake.state().hellos[0].pairing_key, None);
    assert_eq!(world.fake.state().hellos[1].pairing_key.as_deref(), Some("key-1"));
    world.fake.forget_sessions();
    until("the next session", || {
        world.fake.state().hellos.len() == 3 && world.fake.state().polling
    })
    .await;
    let hellos = world.fake.state().hellos.clone();
    assert_eq!(hellos[2].pairing_key.as_deref(), Some("key-1"));
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
async fn it_finds_a_holdline_that_is_started_later_and_says_what_is_there_meanwhile() {
    let world = World::new().await;
    world.fake.state().identity.user_id = None;
    let looking = |found| Notice::Looking { found };
    until("not signed in", || world.told(&looking(Absent::NotSignedIn))).await;
    world.fake.state().identity.user_id = Some("005000000000001".parse().unwrap());
    until("other user", || world.told(&looking(Absent::OtherUser))).await;
}

#[tokio::test]
async fn a_snapshot_shows_the_call() {
    let world = World::joined().await;
    world.on_call().await;
    let Outcome::Done {
        snapshot: Some(snapshot),
    } = world.ask("s", Action::Snapshot).await
    else {
        panic!("no snapshot");
    };
    assert_eq!(snapshot.works.len(), 1);
    assert!(snapshot.works[0].is_engaged);
    assert!(snapshot.status_id.is_some());
    assert!(snapshot.workload.is_some());
}

#[tokio::test]
async fn statuses_are_set_by_their_ids() {
    let world = World::joined().await;
    let view = world.view().await;
    let busy = view["statuses"]
        .as_array()
        .unwrap()
        .iter()
        .find(|status| status["label"] == "Break")
        .unwrap();
    let status_id = busy["statusId"].as_str().unwrap().parse().unwrap();
    let outcome = world
        .ask("b", Action::SetServicePresenceStatus { status_id })
        .await;
    assert_eq!(outcome, Outcome::Done { snapshot: None });
    assert_eq!(world.presence().await, "Break");
    until("the event", || {
        world
            .fake
            .has_event(|e| matches!(e, ConsoleEvent::StatusChanged { .. }))
    })
    .await;
}

#[tokio::test]
async fn work_is_accepted_and_declined() {
    let world = World::joined().await;
    let call = world.post("calls", json!({ "rep": "pat" })).await;
    let work_id = call["agentWorkId"].as_str().unwrap().parse().unwrap();
    world.ask("a", Action::AcceptAgentWork { work_id }).await;
    assert_eq!(world.view().await["works"][0]["phase"], "on_call");
    let outcome = world
        .ask(
            "d",
            Action::DeclineAgentWork {
                work_id,
                decline_reason: None,
            },
        )
        .await;
    assert_eq!(
        refusal(&outcome),
        Some(Refusal::Toolkit),
        "an open work cannot be declined"
    );
}

#[tokio::test]
async fn logout_is_refused_during_a_call_and_done_without_one() {
    let world = World::joined().await;
    assert_eq!(refusal(&world.ask("x", LOGOUT).await), Some(Refusal::Unsupported));
    let call = world.on_call().await;
    assert_eq!(
        refusal(&world.ask("a", logout()).await),
        Some(Refusal::CallActive)
    );
    world.post(&format!("calls/{call}/hangup"), json!({})).await;
    assert_eq!(
        refusal(&world.ask("b", logout()).await),
        Some(Refusal::CallActive),
        "it is wrapping up"
    );
    let work_id = world.view().await["works"][0]["workId"]
        .as_str()
        .unwrap()
        .parse()
        .unwrap();
    let spared = Action::Logout {
        voice_prefix: "0LQ".to_owned(),
        wrapping_up: vec![work_id],
    };
    assert_eq!(refusal(&world.ask("c", spared).await), None);
    assert_eq!(world.presence().await, "Offline");
}

#[tokio::test]
async fn a_command_comes_once_in_time_and_not_after_its_withdrawal() {
    let world = World::joined().await;
    world.fake.send_all(vec![("late", 0, logout())], &[]);
    // Zero milliseconds are over at the latest when the clock has moved on; the session's next answer says so.
    world.fake.send_all(vec![("gone", 60_000, logout())], &["gone"]);
    world.ask("s", Action::Snapshot).await;
    assert_eq!(world.fake.outcome("gone"), None);
    world.ask("once", logout()).await;
    let view = world.view().await;
    let available = view["statuses"][0]["statusId"].as_str().unwrap().parse().unwrap();
    world.ask("in", Action::Login { status_id: available }).await;
    world.fake.send("once", 60_000, logout());
    world.ask("t", Action::Snapshot).await;
    assert_eq!(world.presence().await, "Available");
}

#[tokio::test]
async fn armed_it_logs_out_at_the_end_of_the_last_call() {
    let world = World::joined().await;
    let call = world.on_call().await;
    world.fake.send("arm", 3_600_000, arm());
    // Commands are carried out in order: once this is answered, it is armed.
    world.ask("s", Action::Snapshot).await;
    world.post(&format!("calls/{call}/hangup"), json!({})).await;
    until("the end", || {
        world
            .fake
            .has_event(|e| matches!(e, ConsoleEvent::ConversationEnded { .. }))
    })
    .await;
    assert_eq!(world.presence().await, "Available");
    world.post(&format!("calls/{call}/finish"), json!({})).await;
    assert_eq!(world.outcome("arm").await, Outcome::Done { snapshot: None });
    assert_eq!(world.presence().await, "Offline");
    let dropped: Value = {
        let url = format!("{}/practice/v1/dropped", world.server.url());
        world.http.get(url).send().await.unwrap().json().await.unwrap()
    };
    assert_eq!(dropped, json!([]));
}

#[tokio::test]
async fn armed_it_loses_to_a_call_that_comes_in_between() {
    let world = World::joined().await;
    let call = world.on_call().await;
    world.fake.send("arm", 3_600_000, arm());
    world.ask("s", Action::Snapshot).await;
    // It waits for capacity and is assigned in the very moment the first call's work is closed.
    world.post("calls", json!({ "rep": "pat" })).await;
    world.post(&format!("calls/{call}/finish"), json!({})).await;
    assert_eq!(refusal(&world.outcome("arm").await), Some(Refusal::CallActive));
    assert_eq!(world.presence().await, "Available");
}

#[tokio::test]
async fn a_withdrawn_arm_does_not_fire() {
    let world = World::joined().await;
    let call = world.on_call().await;
    world.fake.send("arm", 3_600_000, arm());
    world.ask("s", Action::Snapshot).await;
    world.fake.send_all(Vec::new(), &["arm"]);
    world.ask("t", Action::Snapshot).await;
    world.post(&format!("calls/{call}/finish"), json!({})).await;
    until("the end", || {
        world
            .fake
            .has_event(|e| matches!(e, ConsoleEvent::WorkClosed { .. }))
    })
    .await;
    world.ask("u", Action::Snapshot).await;
    assert_eq!(world.presence().await, "Available");
    assert_eq!(world.fake.outcome("arm"), None);
}

#[tokio::test]
async fn armed_it_fires_while_holdline_is_away() {
    let world = World::joined().await;
    let call = world.on_call().await;
    world.fake.send("arm", 3_600_000, arm());
    world.ask("s", Action::Snapshot).await;
    world.fake.stop();
    until("it is noticed", || {
        world.told(&Notice::Looking {
            found: Absent::Nobody,
        })
    })
    .await;
    world.post(&format!("calls/{call}/finish"), json!({})).await;
    let end = tokio::time::Instant::now() + Duration::from_secs(10);
    while world.presence().await != "Offline" {
        assert!(tokio::time::Instant::now() < end, "it did not fire");
        tokio::task::yield_now().await;
    }
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
