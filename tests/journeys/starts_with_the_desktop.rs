//! The autostart entry is always there, and asks the settings at each login: without a word of theirs it ends at once
//! and leaves nothing behind, with the policy's it brings Holdline into the tray, without a window.

use std::fs;

use journeys::desktop::Desktop;
use journeys::process::Guard;
use journeys::programs;
use rustix::process::Signal;

#[test]
fn windowed() {
    let desktop = Desktop::start();
    let profile = desktop.folder().join("profile");
    let logs_in = |policy: &str| -> Guard {
        let file = desktop.folder().join("policy.toml");
        fs::write(&file, policy).expect("our own folder");
        let mut entry = desktop.command(programs::holdline());
        entry.args(arguments_of_the_entry()).arg("--policy").arg(file);
        desktop.spawn("autostart", entry.arg("--profile").arg(&profile))
    };

    assert!(logs_in("").exit().success());
    assert!(logs_in("[desktop]\nautostart = false\n").exit().success());
    assert!(!profile.exists(), "it made a profile");

    let mut holdline = logs_in("[desktop]\nautostart = true\n");
    desktop.tray().wait_for_item();
    assert!(desktop.screen().windows().is_empty());
    holdline.signal(Signal::TERM);
    assert!(holdline.exit().success());
}

/// As the packages' entry for the desktop has them.
fn arguments_of_the_entry() -> Vec<String> {
    let entry = programs::root().join("packaging/linux/autostart.desktop");
    let entry = fs::read_to_string(entry).expect("the checkout has it");
    let exec = entry.lines().find_map(|line| line.strip_prefix("Exec=holdline "));
    let words = exec.expect("the entry starts Holdline").split_whitespace();
    words.map(str::to_owned).collect()
}
