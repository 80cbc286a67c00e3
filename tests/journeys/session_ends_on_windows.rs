//! Windows asks whether the session may end, in the middle of a call for which Offline is held: it may not, and the
//! call goes on. When nothing is held any more it may, and Holdline ends with it.
//!
//! `cargo xtask verify` plays it with Holdline's Windows programs in Wine, and names the program that ends a session
//! there. The tray program has its rep from `holdlinectl run`, by way of the Credential Manager.

use std::process::Command;

use journeys::process::Guard;
use journeys::{programs, skip, wait};

use crate::stage::{Headless, Plan, Stage, Surface};

#[test]
fn in_wine() {
    let Some(end_session) = std::env::var_os("HOLDLINE_END_SESSION") else {
        return skip(
            "session_ends_on_windows: the end of a session waits for a call",
            "`cargo xtask verify` plays it in Wine",
        );
    };
    let may_end = || Command::new(&end_session).status().expect("it starts").success();
    let plan = Plan {
        settings: "[desktop]\nautostart = true\n",
        ..Plan::default()
    };
    let stage = Stage::empty(Surface::Headless, plan);
    signs_in_once(&stage);
    let mut entry = Command::new(programs::holdline());
    entry.args(["--autostart", "--profile"]).arg(&stage.place.profile);
    let mut holdline = Guard::start("holdline", &mut entry, &stage.place.logs);
    says(&stage, "No call · Available · Phone: Available", "");

    let call = stage.org.call("pat", "+1 555 0142");
    stage.org.accept(&call);
    says(&stage, "On call · Available", "");
    assert!(
        Headless::ask(&stage.place, &["request", "Offline"])
            .status
            .success()
    );
    says(&stage, "On call · Available", HELD);
    assert!(!may_end(), "the session ends in the middle of a call");
    says(&stage, "On call · Available", HELD);

    stage.org.hangup(&call);
    stage.org.finish(&call);
    says(&stage, "No call · Offline · Phone: Offline", "");
    assert!(may_end(), "nothing is held, and the session can't end");
    assert!(holdline.exit().success());
    stage.ends_with_writes(&["Offline"]);
}

/// A rep of the practice org, whose tokens are in the system's keyring afterwards; console and phone are paired.
#[track_caller]
fn signs_in_once(stage: &Stage) {
    let org = stage.org.url();
    let arguments = ["run", "--json", "--sign-in-as", "pat", "--org", org];
    let mut run = Headless::command(&stage.place, &arguments);
    let mut run = Guard::start("holdlinectl-run", &mut run, &stage.place.logs);
    run.wait_for("the rep signed in, with console and phone", |picture| {
        picture["session"]["state"] == "signed_in"
            && picture["console"]["connected"] == true
            && picture["telephony"]["connected"] == true
    });
    run.kill_9();
}

const HELD: &str = "Offline waits until your call ends";

/// Waits until `holdlinectl status` begins so and says that as well.
#[track_caller]
fn says(stage: &Stage, first: &str, also: &str) {
    wait::until(&format!("{first:?} and {also:?}"), || {
        let said = Headless::ask(&stage.place, &["status"]);
        let said = String::from_utf8_lossy(&said.stdout);
        (said.starts_with(first) && said.contains(also)).then_some(())
    });
}
