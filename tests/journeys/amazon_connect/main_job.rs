//! A call comes, the rep asks for Offline in the middle of it, and it is set when the call is over.

use super::Floor;

#[test]
fn in_a_browser_tab_headless() {
    let Some(mut floor) = Floor::ready("main job") else {
        return;
    };
    let call = floor.stage.on_a_call();
    floor.sees("the phone on the call", |seen| {
        seen.phone.as_deref() == Some("Busy")
    });

    floor.stage.offline_is_held("waits until your call ends");
    floor.sees("Offline enqueued at the phone", |seen| {
        seen.next_state.as_deref() == Some("Offline") && seen.held.is_some()
    });
    floor.waits_for_phone("Offline enqueued in Amazon Connect", |phone| {
        phone["nextState"] == "Offline"
    });

    floor.stage.org.hangup(&call);
    floor.stage.sees_offline_held("until your wrap-up ends");
    floor.stage.org.finish(&call);
    floor.stage.sees_offline_set();
    floor.stage.ends_with_writes(&["Offline"]);
    assert_eq!(floor.written(), [("Offline".to_owned(), true)]);
}
