//! One profile, one Holdline: a second start says so, or shows the window of the first.

use journeys::desktop::Desktop;
use journeys::programs;

use crate::stage::{Headless, Stage, Surface};

#[test]
fn headless() {
    let mut stage = Stage::ready(Surface::Headless);
    let second = Headless::run(&stage.place, stage.org.url())
        .output()
        .expect("holdlinectl runs");
    let error = String::from_utf8_lossy(&second.stderr);
    assert!(!second.status.success(), "{error}");
    assert!(
        error.contains("already running") && error.contains("--profile") && !error.contains("panicked"),
        "{error}"
    );
    // The first one has not noticed.
    let call = stage.on_a_call();
    stage.offline_is_held("waits until your call ends");
    stage.org.hangup(&call);
    stage.org.finish(&call);
    stage.sees_offline_set();
    stage.ends_with_writes(&["Offline"]);
}

#[test]
fn windowed() {
    let desktop = Desktop::start();
    let profile = desktop.folder().join("profile");
    let start = || {
        let mut holdline = desktop.command(programs::holdline());
        holdline.arg("--profile").arg(&profile);
        holdline
    };
    let mut first = desktop.spawn("holdline", &mut start());
    let window = desktop.screen().wait_until_painted();
    desktop.screen().close(window);
    desktop.screen().wait_until_empty();

    let mut second = desktop.spawn("second", &mut start());
    assert!(second.exit().success(), "{}", second.stderr());
    desktop.screen().wait_until_painted();
    assert_eq!(desktop.tray().items().len(), 1, "one Holdline has one icon");
    assert!(first.terminate().success());
    desktop.screen().wait_until_empty();
}
