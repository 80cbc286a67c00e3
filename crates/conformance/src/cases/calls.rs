//! Contacts.

use presence::phone::ContactPhase::{AfterCallWork, Connected, Ringing};

use super::Scene;
use crate::{AVAILABLE, Adapter};

pub(super) async fn phases_are_told<A: Adapter>(scene: &mut Scene<A>) {
    let contact = scene.phone.ring().await;
    scene.sees(&contact, Ringing).await;
    scene.phone.connect(&contact).await;
    scene.sees(&contact, Connected).await;
    scene.phone.hang_up(&contact).await;
    if scene.phone.abilities().after_call_work {
        scene.sees(&contact, AfterCallWork).await;
    }
    scene.phone.finish(&contact).await;
    scene
        .until("the end of the contact", crate::picture::Picture::has_no_contact)
        .await;
}

pub(super) async fn missed<A: Adapter>(scene: &mut Scene<A>) {
    let contact = scene.phone.ring().await;
    scene.sees(&contact, Ringing).await;
    scene.phone.miss(&contact).await;
    scene
        .until(
            "the end of the missed contact",
            crate::picture::Picture::has_no_contact,
        )
        .await;
    // A vendor's phone may show a state of its own now; Holdline decides afresh and can set it.
    scene.ask(AVAILABLE, false).await;
    scene
        .until("the phone Available", |told| told.is_in(AVAILABLE))
        .await;
}
