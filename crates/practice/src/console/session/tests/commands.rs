//! Commands, and the armed logout.

use super::*;

const LOGOUT: Action = Action::Logout {
    voice_prefixes: Vec::new(),
    wrapping_up: Vec::new(),
};

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
    let outcome = world.ask("b", set_status(status_id, false)).await;
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
async fn a_status_logs_nobody_in_unless_it_is_the_reps_own_word() {
    let world = World::joined().await;
    let view = world.view().await;
    let available = view["statuses"][0]["statusId"].as_str().unwrap().parse().unwrap();
    world.ask("out", logout()).await;
    assert_eq!(
        refusal(&world.ask("rule", set_status(available, false)).await),
        Some(Refusal::LoggedOut)
    );
    assert_eq!(world.presence().await, "Offline");
    let own = world.ask("own", set_status(available, true)).await;
    assert_eq!(own, Outcome::Done { snapshot: None });
    assert_eq!(world.presence().await, "Available");
}

fn set_status(status_id: StatusId, log_in: bool) -> Action {
    Action::SetServicePresenceStatus { status_id, log_in }
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
        voice_prefixes: vec!["0LQ".to_owned()],
        wrapping_up: vec![work_id],
    };
    assert_eq!(refusal(&world.ask("c", spared).await), None);
    assert_eq!(world.presence().await, "Offline");
}

#[tokio::test]
async fn a_command_is_carried_out_once_and_not_after_its_withdrawal() {
    let world = World::joined().await;
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
async fn a_call_is_closed_only_when_its_conversation_has_ended_other_work_at_once() {
    let world = World::joined().await;
    let case = world
        .post("works", json!({ "rep": "pat", "channel": "case" }))
        .await;
    let case = case["agentWorkId"].as_str().unwrap().to_owned();
    world
        .post("console/pat/toolkit/acceptAgentWork", json!({ "workId": case }))
        .await;
    let close = |work: &str| Action::CloseAgentWork {
        work_id: work.parse().unwrap(),
        voice_prefixes: vec!["0LQ".to_owned()],
    };
    let without = Action::CloseAgentWork {
        work_id: case.parse().unwrap(),
        voice_prefixes: Vec::new(),
    };
    assert_eq!(
        refusal(&world.ask("without", without).await),
        Some(Refusal::Unsupported)
    );
    assert_eq!(refusal(&world.ask("case", close(&case)).await), None);

    let call = world.on_call().await;
    let work = world.view().await["works"][0]["workId"]
        .as_str()
        .unwrap()
        .to_owned();
    assert_eq!(
        refusal(&world.ask("talking", close(&work)).await),
        Some(Refusal::CallActive)
    );
    world.post(&format!("calls/{call}/hangup"), json!({})).await;
    // The end of the conversation reaches the page on a way of its own.
    let mut tries = 0;
    while refusal(&world.ask(&format!("wrap-up-{tries}"), close(&work)).await) == Some(Refusal::CallActive) {
        tries += 1;
    }
    assert_eq!(world.view().await["works"], json!([]));
}
