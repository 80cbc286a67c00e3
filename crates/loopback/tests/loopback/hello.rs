//! From a stranger to a session.

use std::time::Duration;

use loopback::{PairingStore, Timings};
use presence::event::{Event, PairingKind};
use serde_json::{Value, json};
use wire::bridge::{HELLO_PATH, PAIR_PATH, PROVE_PATH};
use wire::proof::{Credential, Transcript};

use crate::harness::{House, PAT, SAM, hello};

async fn begin(house: &mut House, page: &str) -> (Value, String) {
    let welcome = house.post(HELLO_PATH, hello(page, None)).await.ok();
    assert_eq!(welcome["type"], "pairing");
    let pairing = house.offered().await;
    assert_eq!((pairing.kind, pairing.name.as_str()), (PairingKind::Console, ""));
    assert_eq!(welcome["code"], pairing.code.as_str());
    assert!(pairing.code.len() == 6 && pairing.code.bytes().all(|digit| digit.is_ascii_digit()));
    (json!({"pairing": welcome["pairing"]}), pairing.id)
}

#[tokio::test]
async fn consoles_of_others_are_sent_on() {
    let mut house = House::open(Timings::default()).await;
    let mut other = hello("page", None);
    other["orgId"] = "00D000000000009".into();
    house.post(HELLO_PATH, other).await.refused(403, "other_org");
    let mut other = hello("page", None);
    other["userId"] = SAM.into();
    house.post(HELLO_PATH, other).await.refused(403, "other_user");
    let mut other = hello("page", None);
    other["protocol"] = json!({"min": 2, "max": 3});
    house.post(HELLO_PATH, other).await.refused(409, "protocol");
    house
        .post(HELLO_PATH, hello("", None))
        .await
        .refused(400, "bad_request");
    house
        .post(HELLO_PATH, hello(&"x".repeat(129), None))
        .await
        .refused(400, "bad_request");
    house.no_event();
}

#[tokio::test]
async fn ids_of_fifteen_characters_are_the_same_ids() {
    let mut house = House::open(Timings::default()).await;
    let mut short = hello("page", None);
    short["orgId"] = "00D000000000001".into();
    short["userId"] = "005000000000001".into();
    assert_eq!(house.post(HELLO_PATH, short).await.ok()["type"], "pairing");
    house.offered().await;
}

#[tokio::test]
async fn a_confirmed_console_gets_a_key_and_with_it_a_session() {
    let mut house = House::open(Timings::default()).await;
    let key = house.paired().await;
    house.console("page", &key).await;
    house.no_event();
}

#[tokio::test]
async fn the_rep_s_word_answers_a_poll_that_waits() {
    let mut house = House::open(Timings::default()).await;
    let (poll, id) = begin(&mut house, "page").await;
    let confirm = async {
        // The poll is most likely held by then; if not, the answer must be the same.
        house.get("/holdline", &[]).await.ok();
        house.doors.confirm_pairing(&id);
    };
    let (answer, ()) = tokio::join!(house.post(PAIR_PATH, poll.clone()), confirm);
    let answer = answer.ok();
    assert_eq!(answer["type"], "confirmed");
    // An answer that was lost on the way can be asked for again.
    assert_eq!(house.post(PAIR_PATH, poll).await.ok(), answer);
}

#[tokio::test]
async fn a_refused_console_gets_none() {
    let mut house = House::open(Timings::default()).await;
    let (poll, id) = begin(&mut house, "page").await;
    house.doors.refuse_pairing(&id);
    assert_eq!(house.post(PAIR_PATH, poll).await.ok(), json!({"type": "refused"}));
    assert_eq!(house.event().await, Event::PairingEnded { id: id.clone() });
    house.doors.confirm_pairing(&id);
    house.doors.refuse_pairing(&id);
    house.no_event();
    assert_eq!(
        house.post(PAIR_PATH, json!({"pairing": "guessed"})).await.ok(),
        json!({"type": "refused"})
    );
}

#[tokio::test]
async fn a_poll_without_news_ends_and_a_code_expires() {
    let timings = Timings {
        poll_hold: Duration::from_millis(20),
        pairing_expiry: Duration::from_secs(1),
        ..Timings::default()
    };
    let mut house = House::open(timings).await;
    let (poll, id) = begin(&mut house, "page").await;
    assert_eq!(
        house.post(PAIR_PATH, poll.clone()).await.ok(),
        json!({"type": "waiting"})
    );
    while house.post(PAIR_PATH, poll.clone()).await.ok() == json!({"type": "waiting"}) {}
    assert_eq!(house.post(PAIR_PATH, poll).await.ok(), json!({"type": "refused"}));
    assert_eq!(house.event().await, Event::PairingEnded { id });
}

#[tokio::test]
async fn a_code_nobody_waits_for_leaves_the_screen() {
    let timings = Timings {
        pairing_grace: Duration::from_millis(50),
        ..Timings::default()
    };
    let mut house = House::open(timings).await;
    let (_, id) = begin(&mut house, "page").await;
    assert_eq!(house.event().await, Event::PairingEnded { id });
}

#[tokio::test]
async fn a_page_that_asks_again_sees_the_same_code() {
    let mut house = House::open(Timings::default()).await;
    let first = house.post(HELLO_PATH, hello("page", None)).await.ok();
    assert_eq!(house.post(HELLO_PATH, hello("page", None)).await.ok(), first);
    assert_ne!(
        house.post(HELLO_PATH, hello("other page", None)).await.ok(),
        first
    );
    house.offered().await;
    house.offered().await;
    house.no_event();
}

#[tokio::test]
async fn a_key_holdline_never_gave_out_leads_to_a_pairing() {
    let mut house = House::open(Timings::default()).await;
    let key = house.paired().await;
    for (page, key) in [("a", ""), ("b", "unknown.secret"), ("c", &key[1..])] {
        assert_eq!(
            house.post(HELLO_PATH, hello(page, Some(key))).await.ok()["type"],
            "pairing"
        );
        house.offered().await;
    }
    house.no_event();
}

#[tokio::test]
async fn who_knows_only_a_key_s_id_proves_nothing() {
    let mut house = House::open(Timings::default()).await;
    let key = house.paired().await;
    let id = key.split('.').next().unwrap();
    house
        .prove("page", &format!("{id}.guessed"))
        .await
        .refused(401, "unknown_key");
    house.no_event();
    house.console("page", &key).await;
}

#[tokio::test]
async fn a_proof_is_taken_once_and_for_its_own_challenge_page_and_port() {
    let mut house = House::open(Timings::default()).await;
    let key = house.paired().await;
    let credential = Credential::parse(&key.as_str().into()).unwrap();
    let port = house.doors.port();

    // Replayed: the challenge is used up.
    let (asked, challenge) = house.challenged("page", &key).await;
    let proof = credential.proof(&Transcript::of(port, &asked, &challenge).unwrap());
    let replay = json!({"challenge": challenge, "proof": proof});
    house.post(PROVE_PATH, replay.clone()).await.ok();
    house
        .post(PROVE_PATH, replay)
        .await
        .refused(401, "unknown_session");

    // A recorded proof for another challenge, and one that a program on another port was given.
    let (next, challenge) = house.challenged("page", &key).await;
    house
        .post(PROVE_PATH, json!({"challenge": challenge, "proof": proof}))
        .await
        .refused(401, "unknown_key");
    let (_, challenge) = house.challenged("page", &key).await;
    let relayed = credential.proof(&Transcript::of(port.wrapping_add(1), &next, &challenge).unwrap());
    house
        .post(PROVE_PATH, json!({"challenge": challenge, "proof": relayed}))
        .await
        .refused(401, "unknown_key");
    house
        .post(PROVE_PATH, json!({"challenge": "guessed", "proof": proof}))
        .await
        .refused(401, "unknown_session");
}

#[tokio::test]
async fn a_nonce_too_short_or_odd_is_refused() {
    let house = House::open(Timings::default()).await;
    for nonce in ["", "short", &"x".repeat(65), "sixteen characters\n"] {
        let mut odd = hello("page", Some("id.secret"));
        odd["key"]["nonce"] = (*nonce).into();
        house.post(HELLO_PATH, odd).await.refused(400, "bad_request");
    }
}

#[tokio::test]
async fn a_key_is_one_rep_s_and_outlives_the_run() {
    let profile = tempfile::tempdir().unwrap();
    let store = || PairingStore::open(profile.path()).unwrap();
    let mut house = House::closed_to_all(Timings::default(), store()).await;
    house.sign_in(PAT);
    let key = house.paired().await;
    house.sign_in(SAM);
    let mut sams = hello("page", Some(&key));
    sams["userId"] = SAM.into();
    assert_eq!(house.post(HELLO_PATH, sams).await.ok()["type"], "pairing");
    house.doors.shutdown().await;

    let mut house = House::closed_to_all(Timings::default(), store()).await;
    house.sign_in(PAT);
    house.console("page", &key).await;
}

#[tokio::test]
async fn a_challenge_dies_with_its_rep() {
    let mut house = House::open(Timings::default()).await;
    let key = house.paired().await;
    let (asked, challenge) = house.challenged("page", &key).await;
    house.sign_in(SAM);
    house.sign_in(PAT);
    let credential = Credential::parse(&key.as_str().into()).unwrap();
    let proof = credential.proof(&Transcript::of(house.doors.port(), &asked, &challenge).unwrap());
    house
        .post(PROVE_PATH, json!({"challenge": challenge, "proof": proof}))
        .await
        .refused(401, "unknown_session");
    house.no_event();
}

#[tokio::test]
async fn a_flood_of_pairings_is_stopped_and_room_comes_back() {
    let mut house = House::open(Timings::default()).await;
    let mut ids = Vec::new();
    for page in 0..5 {
        ids.push(begin(&mut house, &page.to_string()).await.1);
    }
    house
        .post(HELLO_PATH, hello("one too many", None))
        .await
        .refused(429, "too_many");
    house.no_event();
    house.doors.refuse_pairing(&ids[2]);
    assert_eq!(house.event().await, Event::PairingEnded { id: ids[2].clone() });
    begin(&mut house, "now there is room").await;
}

#[tokio::test]
async fn a_flood_of_hellos_is_stopped_and_does_not_lock_the_rep_out() {
    let mut house = House::open(Timings::default()).await;
    let key = house.paired().await;
    let mut refused = 0;
    for _ in 0..40 {
        let reply = house.post(HELLO_PATH, hello("stranger", Some("guess"))).await;
        match reply.status {
            200 => {}
            _ => {
                reply.refused(429, "too_many");
                refused += 1;
            }
        }
    }
    // Thirty a minute, one of them used up by the pairing above.
    assert_eq!(refused, 11);
    house.offered().await;
    house.console("page", &key).await;
}

#[tokio::test]
async fn who_signs_out_ends_pairings() {
    let mut house = House::open(Timings::default()).await;
    let (poll, id) = begin(&mut house, "page").await;
    house.doors.set_identity(None);
    assert_eq!(house.event().await, Event::PairingEnded { id: id.clone() });
    house.sign_in(PAT);
    house.doors.confirm_pairing(&id);
    assert_eq!(house.post(PAIR_PATH, poll).await.ok(), json!({"type": "refused"}));
    house.no_event();
}
