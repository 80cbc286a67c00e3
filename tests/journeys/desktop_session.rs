//! The screen is locked during a call, and the settings say that this asks for Offline: it is held like any
//! other request, and the machine does not sleep while it waits. A shortcut asks the same way. What an absent
//! rep's screen asks for never gets the better of the rep's own word, and ends when the rep is back.

use journeys::wait;

use crate::stage::{Plan, Stage, Surface};

#[test]
fn windowed() {
    let plan = Plan {
        settings: "[away]\non_lock = \"Offline\"\n[shortcut]\noffline = \"Ctrl+Alt+O\"\n",
        ..Plan::default()
    };
    let mut stage = Stage::empty(Surface::Windowed, plan);
    let window = stage.window().expect("there is one");
    let session = window.desktop_mut().start_login_session();
    stage.rep.starts();
    stage.sign_in();
    let call = stage.on_a_call();
    assert_eq!(session.inhibitors(), [""; 0]);

    session.locks(true);
    stage.sees_offline_held("until your call ends");
    let inhibitors = |count| {
        wait::until("the machine to be kept awake, or let go", || {
            let inhibitors = session.inhibitors();
            (inhibitors.len() == count).then_some(inhibitors)
        })
    };
    assert_eq!(inhibitors(1), ["sleep:shutdown Holdline block"]);
    session.locks(false);
    stage.sees("nothing held", |seen| seen.held.is_none());
    inhibitors(0);

    session.locks(true);
    stage.sees_offline_held("until your call ends");
    inhibitors(1);
    stage.rep.cancels();
    stage.sees("nothing held", |seen| seen.held.is_none());
    inhibitors(0);
    session.locks(false);

    let desktop = stage.window().expect("there is one").desktop();
    let pressed = desktop.command("xdotool").args(["key", "ctrl+alt+o"]).status();
    assert!(pressed.expect("xdotool is installed").success());
    stage.sees_offline_held("until your call ends");
    inhibitors(1);

    stage.org.hangup(&call);
    stage.org.finish(&call);
    stage.sees_offline_set();
    inhibitors(0);
    stage.ends_with_writes(&["Offline"]);
}
