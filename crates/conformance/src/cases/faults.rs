//! What goes wrong between a phone and Holdline.

use std::time::Duration;

use presence::event::PhoneOutcome::Queued;
use presence::phone::ContactPhase::Connected;
use tokio::time::timeout;

use super::Scene;
use crate::other_phone::OtherPhone;
use crate::{Adapter, BREAK, OFFLINE};

/// A phone that dials again does so within seconds; under test within a fraction of one.
const A_WHILE: Duration = Duration::from_millis(1200);

/// Within this a phone that has missed its connection is back; a page that is loaded anew takes longest.
const MISSED_WITHIN: Duration = Duration::from_secs(9);

pub(super) async fn broken_connection<A: Adapter>(scene: &mut Scene<A>) {
    let contact = scene.on_a_call().await;
    let queues = scene.phone.abilities().queue;
    if queues {
        assert_eq!(scene.ask(OFFLINE, true).await, Queued);
    }
    comes_back(scene).await;
    scene.sees(&contact, Connected).await;
    if queues {
        scene
            .until("the queue", |told| told.next_state() == Some(OFFLINE))
            .await;
    }
    scene.ends(&contact).await;
    if queues {
        scene.until("Offline", |told| told.is_in(OFFLINE)).await;
    }
    assert_eq!(scene.phone.dropped().await, 0);
}

/// Whether it arrived, nobody knows: asked again, the phone is what was wanted.
pub(super) async fn lost_request<A: Adapter>(scene: &mut Scene<A>) {
    scene.holdline.ask(BREAK, false);
    comes_back(scene).await;
    scene.ask(BREAK, false).await;
    scene
        .until("the phone on a break", |told| told.is_in(BREAK))
        .await;
}

/// Two phones that take the place from each other for ever would tell the engine of one contact's end after the
/// other.
pub(super) async fn replaced<A: Adapter>(scene: &mut Scene<A>) {
    let before = scene.holdline.picture().joined;
    let other = OtherPhone::joins(&scene.holdline).await;
    scene
        .until("the other phone", |told| {
            told.phone
                .as_ref()
                .is_some_and(|phone| phone.name == OtherPhone::NAME)
        })
        .await;
    scene
        .holdline
        .never("the replaced phone came back unasked", A_WHILE, |told| {
            told.joined > before + 1
        })
        .await;
    other.leaves().await;
    scene.until("its leave", |told| told.phone.is_none()).await;
    scene.phone.dial_again().await;
    scene.until("the phone", |told| told.state.is_some()).await;
}

pub(super) async fn revoked<A: Adapter>(scene: &mut Scene<A>) {
    if !scene.phone.abilities().token {
        return;
    }
    let before = scene.holdline.picture().gone;
    scene.holdline.revoke();
    scene.until("the phone's leave", |told| told.gone > before).await;
}

/// Its connection breaks, and it is back. A phone that speaks REST misses nothing when it asks for nothing at that
/// very moment: then it is cut again.
async fn comes_back<A: Adapter>(scene: &mut Scene<A>) {
    let before = scene.holdline.picture().joined;
    for _ in 0..3 {
        scene.phone.cut().await;
        let back = scene.until("a phone that came back", |told| {
            told.joined > before && told.state.is_some()
        });
        if timeout(MISSED_WITHIN, back).await.is_ok() {
            return;
        }
    }
    panic!("the phone was cut three times and never joined anew");
}
