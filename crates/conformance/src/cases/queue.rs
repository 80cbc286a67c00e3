//! `enqueueNextState`: the promise that keeps calls alive (seed 000).

use presence::event::PhoneOutcome::{Done, Queued, Refused};
use presence::phone::ContactPhase::Ringing;

use super::Scene;
use crate::picture::Picture;
use crate::{AVAILABLE, Adapter, BREAK, OFFLINE};

pub(super) async fn offline_waits<A: Adapter>(scene: &mut Scene<A>) {
    if !scene.phone.abilities().queue {
        return;
    }
    let contact = scene.on_a_call().await;
    scene.holdline.picture().forget();
    assert_eq!(scene.ask(OFFLINE, true).await, Queued);
    scene
        .until("Offline queued", |told| told.next_state() == Some(OFFLINE))
        .await;
    assert!(
        !was_offline(&scene.holdline.picture()),
        "Offline came before the end of the call"
    );
    assert_eq!(scene.phone.dropped().await, 0);
    scene.ends(&contact).await;
    scene
        .until("Offline after the call, and nothing queued", |told| {
            told.is_in(OFFLINE) && told.next_state().is_none()
        })
        .await;
    assert_eq!(scene.phone.dropped().await, 0);
}

pub(super) async fn can_be_replaced<A: Adapter>(scene: &mut Scene<A>) {
    if !scene.phone.abilities().queue {
        return;
    }
    let contact = scene.on_a_call().await;
    scene.holdline.picture().forget();
    for state in [OFFLINE, BREAK, OFFLINE, AVAILABLE] {
        let outcome = scene.ask(state, true).await;
        assert_ne!(outcome, Refused, "{state}");
        let clears = state == AVAILABLE;
        scene
            .until(&format!("{state} as what comes next"), |told| {
                // Back to what it is: queued as such, or nothing queued any more.
                told.next_state() == Some(state) || (clears && told.next_state().is_none())
            })
            .await;
    }
    scene.ends(&contact).await;
    scene
        .until("the phone Available", |told| {
            told.is_in(AVAILABLE) && told.next_state().is_none()
        })
        .await;
    assert!(
        !was_offline(&scene.holdline.picture()),
        "a request that was replaced was carried out"
    );
}

pub(super) async fn second_contact<A: Adapter>(scene: &mut Scene<A>) {
    if !scene.phone.abilities().queue {
        return;
    }
    let first = scene.on_a_call().await;
    assert_eq!(scene.ask(OFFLINE, true).await, Queued);
    let second = scene.phone.ring().await;
    scene.sees(&second, Ringing).await;
    scene.holdline.picture().forget();
    scene.ends(&first).await;
    assert!(
        !was_offline(&scene.holdline.picture()),
        "Offline while another contact rings"
    );
    scene.phone.connect(&second).await;
    scene.ends(&second).await;
    // What is applied now is the vendor's rule; no call was dropped by it.
    scene.until("no contact", Picture::has_no_contact).await;
    assert_eq!(scene.phone.dropped().await, 0);
}

/// Where the vendor can't queue, Holdline does; a request that comes all the same is refused, never applied.
pub(super) async fn without_one<A: Adapter>(scene: &mut Scene<A>) {
    if scene.phone.abilities().queue {
        return;
    }
    let contact = scene.on_a_call().await;
    scene.holdline.picture().forget();
    assert_eq!(scene.ask(OFFLINE, true).await, Refused);
    assert!(!was_offline(&scene.holdline.picture()));
    scene.ends(&contact).await;
    assert_eq!(scene.ask(OFFLINE, true).await, Done);
    scene.until("the phone Offline", |told| told.is_in(OFFLINE)).await;
    assert_eq!(scene.phone.dropped().await, 0);
}

pub(super) async fn holdlines<A: Adapter>(scene: &mut Scene<A>) {
    if !scene.phone.abilities().holdlines_queue {
        return;
    }
    let contact = scene.on_a_call().await;
    for state in [Some(OFFLINE), None] {
        scene.phone.ask_holdline_to_queue(state).await;
        scene
            .until("the wish", |told| {
                told.asks.last().is_some_and(|asked| asked.as_deref() == state)
            })
            .await;
    }
    scene.ends(&contact).await;
}

fn was_offline(told: &Picture) -> bool {
    told.was.iter().any(|state| state == OFFLINE)
}
