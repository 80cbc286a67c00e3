//! Who it is, and states while nobody is on the line.

use presence::event::PhoneOutcome::{Done, Refused};
use presence::phone::AgentStateKind;

use super::Scene;
use crate::{AVAILABLE, Adapter, BREAK, OFFLINE};

pub(super) async fn says_who_it_is<A: Adapter>(scene: &mut Scene<A>) {
    let phone = scene.holdline.picture().phone.clone().expect("it has joined");
    assert!(!phone.name.trim().is_empty(), "it says who made it");
    assert_eq!(phone.enqueues, scene.phone.abilities().queue, "{phone:?}");
    assert!(phone.writable, "it has joined with the right to be written");
    for (name, kind) in [
        (AVAILABLE, AgentStateKind::Routable),
        (BREAK, AgentStateKind::NotRoutable),
        (OFFLINE, AgentStateKind::Offline),
    ] {
        let state = phone.states.iter().find(|state| state.name == name);
        assert_eq!(state.map(|state| state.kind), Some(kind), "{name} in {phone:?}");
    }
}

pub(super) async fn choice_is_told<A: Adapter>(scene: &mut Scene<A>) {
    for state in [BREAK, OFFLINE, AVAILABLE] {
        scene.phone.choose(state).await;
        scene
            .until(&format!("word of {state}"), |told| told.is_in(state))
            .await;
    }
}

pub(super) async fn asked_for_is_set<A: Adapter>(scene: &mut Scene<A>) {
    for state in [BREAK, AVAILABLE] {
        assert_eq!(scene.ask(state, false).await, Done, "{state}");
        scene
            .until(&format!("the phone in {state}"), |told| told.is_in(state))
            .await;
    }
}

pub(super) async fn asked_for_twice<A: Adapter>(scene: &mut Scene<A>) {
    let (first, second) = (scene.holdline.ask(BREAK, false), scene.holdline.ask(BREAK, false));
    scene
        .until("both answers", |told| {
            [first, second].iter().all(|command| {
                told.answers
                    .get(command)
                    .is_some_and(|answers| *answers == [Done])
            })
        })
        .await;
    scene
        .until("the phone on a break", |told| told.is_in(BREAK))
        .await;
}

pub(super) async fn unknown_state_is_refused<A: Adapter>(scene: &mut Scene<A>) {
    assert_eq!(scene.ask("No such state", false).await, Refused);
    assert!(scene.holdline.picture().is_in(AVAILABLE));
}

/// Holdline always sends Offline with the flag: a contact may be arriving.
pub(super) async fn offline_with_the_flag_at_rest<A: Adapter>(scene: &mut Scene<A>) {
    assert_eq!(scene.ask(OFFLINE, true).await, Done);
    scene
        .until("the phone Offline", |told| {
            told.is_in(OFFLINE) && told.next_state().is_none()
        })
        .await;
}
