//! Listening to the practice org's pushed presence, with what networks and orgs do to it.

use std::time::Duration;

use presence::ids::StatusId;
use salesforce::Client;
use salesforce::streaming::{Heard, Listening, Pushed, Stopped, listen};
use serde_json::json;
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinHandle;

use crate::org::{Practice, memory};

/// Long enough for a busy machine.
const PATIENCE: Duration = Duration::from_secs(60);

/// pat, signed in, with two statuses to change between.
struct Rep {
    practice: Practice,
    client: Client,
    statuses: [StatusId; 2],
}

/// Somebody who listens for pat.
struct Listener {
    heard: mpsc::UnboundedReceiver<Heard>,
    end: oneshot::Sender<()>,
    task: JoinHandle<()>,
}

impl Rep {
    async fn signs_in() -> Self {
        let practice = Practice::start().await;
        let client = practice.sign_in(&memory()).await;
        let setup = client.setup(client.account().user).await.unwrap();
        let statuses = [setup.statuses[0].id, setup.statuses[1].id].map(|id| id.to_string().parse().unwrap());
        Self {
            practice,
            client,
            statuses,
        }
    }

    fn listens(&self, from: Option<i64>) -> Listener {
        self.listens_to("HoldlinePresence", from, Listening::RETRY)
    }

    fn listens_to(&self, topic: &str, from: Option<i64>, retry: Duration) -> Listener {
        let (tell, heard) = mpsc::unbounded_channel();
        let (end, ended) = oneshot::channel::<()>();
        let listening = Listening {
            topic: topic.to_owned(),
            from,
            seed: 7,
            retry,
        };
        let client = self.client.clone();
        let task = tokio::spawn(async move {
            let hear = |heard| {
                let _ = tell.send(heard);
            };
            let ended = async {
                let _ = ended.await;
            };
            listen(&client, listening, hear, ended).await.unwrap();
        });
        Listener { heard, end, task }
    }

    async fn has(&self, status: usize) {
        self.practice.set_status(self.statuses[status]).await;
    }

    async fn fault(&self, what: serde_json::Value, times: u32) {
        let fault = json!({ "where": "cometd", "what": what, "times": times });
        self.practice.post("faults", fault).await;
    }

    /// Waits until the org counts so many clients.
    async fn clients(&self, count: u64) {
        let url = format!("{}/practice/v1/cometd", self.practice.server.url());
        let counted = async {
            loop {
                let told: serde_json::Value = self
                    .practice
                    .browser
                    .get(&url)
                    .send()
                    .await
                    .unwrap()
                    .json()
                    .await
                    .unwrap();
                if told["clients"] == count {
                    return;
                }
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        tokio::time::timeout(PATIENCE, counted)
            .await
            .expect("so many clients");
    }
}

impl Listener {
    #[track_caller]
    fn next(&mut self) -> impl Future<Output = Heard> {
        let place = std::panic::Location::caller();
        async move {
            match tokio::time::timeout(PATIENCE, self.heard.recv()).await {
                Ok(Some(heard)) => heard,
                Ok(None) => panic!("it has ended, at {place}"),
                Err(_) => panic!("nothing was heard, at {place}"),
            }
        }
    }

    async fn begins(&mut self) {
        assert_eq!(self.next().await, Heard::Listening { gap: true });
    }

    /// The next current status and its position; what ends before it is passed over.
    async fn status(&mut self) -> (StatusId, i64) {
        loop {
            match self.next().await {
                Heard::Message {
                    pushed: Pushed::Current(presence),
                    replay,
                } => return (presence.status, replay.unwrap()),
                Heard::Message {
                    pushed: Pushed::Ended,
                    ..
                } => {}
                other => panic!("{other:?}"),
            }
        }
    }

    async fn ends(self) {
        let _ = self.end.send(());
        self.task.await.unwrap();
    }
}

#[tokio::test]
async fn a_change_is_heard_and_goes_on_from_its_position_after_a_restart() {
    let rep = Rep::signs_in().await;
    let mut listener = rep.listens(None);
    listener.begins().await;
    rep.has(0).await;
    let (status, first) = listener.status().await;
    assert_eq!(status, rep.statuses[0]);
    rep.practice
        .post("reps/pat/logout", json!({ "reason": "OmniSupervisorLogout" }))
        .await;
    let logout = listener.next().await;
    let Heard::Message {
        pushed: Pushed::Ended,
        replay: Some(last),
    } = logout
    else {
        panic!("{logout:?}")
    };
    rep.clients(1).await;
    listener.ends().await;
    rep.clients(0).await;

    // What happened meanwhile comes, once, and what was heard before does not.
    rep.has(1).await;
    let mut listener = rep.listens(Some(last));
    assert_eq!(listener.next().await, Heard::Listening { gap: false });
    assert_eq!(listener.status().await.0, rep.statuses[1]);
    listener.ends().await;

    // Another rep's changes are not asked for: nothing of sam's stands before pat's next.
    let mut listener = rep.listens(Some(first));
    assert_eq!(listener.next().await, Heard::Listening { gap: false });
    let sam = json!({ "statusId": rep.statuses[0] });
    rep.practice.post("console/sam/toolkit/login", sam).await;
    rep.has(0).await;
    assert_eq!(listener.status().await.0, rep.statuses[1]);
    assert_eq!(listener.status().await.0, rep.statuses[0]);
    listener.ends().await;
}

#[tokio::test]
async fn nothing_is_lost_or_doubled_whatever_happens_on_the_way() {
    let rep = Rep::signs_in().await;
    let mut listener = rep.listens(None);
    listener.begins().await;
    let mut status = 0;
    for (what, times) in [
        (json!({ "kind": "unknown_client" }), 1),
        (json!({ "kind": "cut_before" }), 2),
        // The answer is lost after the org has forgotten what was in it.
        (json!({ "kind": "cut_after" }), 1),
        (json!({ "kind": "status", "status": 503, "retryAfterS": 1 }), 1),
        (json!({ "kind": "html", "status": 200 }), 2),
        (json!({ "kind": "expire_sessions" }), 1),
        (json!({ "kind": "duplicate_message" }), 3),
        (json!({ "kind": "reorder_messages" }), 1),
    ] {
        rep.has(status).await;
        assert_eq!(listener.status().await.0, rep.statuses[status], "before {what}");
        rep.fault(what.clone(), times).await;
        for _ in 0..2 {
            status = 1 - status;
            rep.has(status).await;
        }
        status = 1 - status;
        rep.has(status).await;
        let wanted = [status, 1 - status, status].map(|status| rep.statuses[status]);
        let mut heard = Vec::new();
        while heard.len() < wanted.len() {
            match listener.next().await {
                Heard::Message {
                    pushed: Pushed::Current(presence),
                    ..
                } => heard.push(presence.status),
                Heard::Message { .. } | Heard::Listening { gap: false } => {}
                other => panic!("{other:?} after {what}"),
            }
        }
        if what["kind"] != "reorder_messages" {
            assert_eq!(heard, wanted, "after {what}");
        }
        status = 1 - status;
    }
    listener.ends().await;
}

#[tokio::test]
async fn a_renewed_session_takes_the_place_of_the_one_whose_token_has_expired() {
    let rep = Rep::signs_in().await;
    // A second client would not be let in.
    rep.practice.settings(json!({ "cometdClients": 1 })).await;
    let mut listener = rep.listens(None);
    listener.begins().await;
    rep.has(0).await;
    assert_eq!(listener.status().await.0, rep.statuses[0]);
    rep.fault(json!({ "kind": "expire_sessions" }), 1).await;
    // It comes before or after the renewal, as the next connect is sent before or after it is there.
    rep.has(1).await;
    let (mut again, mut changed) = (false, false);
    while !(again && changed) {
        match listener.next().await {
            Heard::Listening { gap: false } => again = true,
            Heard::Message {
                pushed: Pushed::Current(presence),
                ..
            } => changed = presence.status == rep.statuses[1],
            Heard::Message { .. } => {}
            other => panic!("{other:?}"),
        }
    }
    rep.clients(1).await;
    listener.ends().await;
}

#[tokio::test]
async fn a_position_that_is_not_retained_any_more_is_a_gap() {
    let rep = Rep::signs_in().await;
    rep.practice.settings(json!({ "cometdRetentionMs": 1 })).await;
    rep.has(0).await;
    rep.has(1).await;
    let mut listener = rep.listens(Some(1));
    assert_eq!(listener.next().await, Heard::Listening { gap: false });
    assert_eq!(listener.next().await, Heard::Listening { gap: true });
    rep.has(0).await;
    assert_eq!(listener.status().await.0, rep.statuses[0]);
    listener.ends().await;
}

#[tokio::test]
async fn an_orgs_limit_is_told_once_and_it_comes_back() {
    let rep = Rep::signs_in().await;
    rep.practice.settings(json!({ "cometdClients": 0 })).await;
    let mut listener = rep.listens_to("HoldlinePresence", None, Duration::from_millis(200));
    assert_eq!(listener.next().await, Heard::Stopped(Stopped::Limit));
    // It was refused again before there was room: that is not told again.
    rep.practice
        .post(
            "faults",
            json!({ "where": "cometd", "what": { "kind": "delay", "ms": 0 } }),
        )
        .await;
    let fired = async {
        let url = format!("{}/practice/v1/faults", rep.practice.server.url());
        loop {
            let told: serde_json::Value = rep
                .practice
                .browser
                .get(&url)
                .send()
                .await
                .unwrap()
                .json()
                .await
                .unwrap();
            let faults = told["faults"]
                .as_array()
                .cloned()
                .unwrap_or_else(|| told.as_array().cloned().unwrap());
            if faults.iter().any(|fault| fault["fired"].as_u64() >= Some(3)) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(PATIENCE, fired)
        .await
        .expect("it tries again");
    rep.practice.settings(json!({ "cometdClients": 10 })).await;
    listener.begins().await;
    rep.has(1).await;
    assert_eq!(listener.status().await.0, rep.statuses[1]);

    // The events of the day are used up; other clients may still shake hands.
    rep.practice.settings(json!({ "cometdEvents": 1 })).await;
    rep.has(0).await;
    loop {
        match listener.next().await {
            Heard::Stopped(why) => break assert_eq!(why, Stopped::Limit),
            Heard::Message { .. } => {}
            other => panic!("{other:?}"),
        }
    }
    listener.ends().await;
}

#[tokio::test]
async fn a_topic_that_is_not_there_is_a_refusal() {
    let rep = Rep::signs_in().await;
    let mut listener = rep.listens_to("Nowhere", None, Listening::RETRY);
    assert_eq!(listener.next().await, Heard::Stopped(Stopped::Refused));
    rep.clients(0).await;
    listener.ends().await;
}

#[tokio::test]
async fn a_sign_in_that_has_ended_ends_it() {
    let rep = Rep::signs_in().await;
    let mut listener = rep.listens(None);
    listener.begins().await;
    rep.fault(json!({ "kind": "revoke_grants" }), 1).await;
    rep.practice
        .browser
        .delete(format!("{}/practice/v1/cometd", rep.practice.server.url()))
        .send()
        .await
        .unwrap();
    assert_eq!(listener.next().await, Heard::SignInEnded);
    listener.task.await.unwrap();
}
