//! Afterwards the trace says why: who asked for Offline, that it was held, when it was confirmed; a fresh
//! engine decides the same; and nobody can be recognised in it.

use std::process::Output;

use crate::stage::{Headless, Stage, Surface};

/// What stands in the practice org and nowhere in a trace: the rep, the caller, the org's address, programs.
const PERSONAL: [&str; 6] = [
    "Morgan",
    "pat@",
    "+1 555 0142",
    "127.0.0.1",
    "localhost",
    "Practice phone",
];

#[test]
fn headless() {
    let mut stage = Stage::ready(Surface::Headless);
    let call = stage.on_a_call();
    stage.offline_is_held("waits until your call ends");

    let said = explain(&stage);
    for words in [
        "Your presence is Available",
        "Offline is held since",
        "holdlinectl or another program of yours asked for it",
        "waits until your call ends",
        "On call since",
    ] {
        assert!(said.contains(words), "{words:?} in {said}");
    }

    stage.org.hangup(&call);
    stage.sees("wrap-up", |seen| seen.call == "wrap_up");
    stage.org.finish(&call);
    stage.sees_offline_set();

    let said = explain(&stage);
    for words in [
        "You are logged out of Omni-Channel (Offline) since",
        "Holdline set it, because holdlinectl or another program of yours asked for it",
        "Salesforce confirmed Offline at",
        "The last held request, Offline, was applied",
        "Nothing is held",
    ] {
        assert!(said.contains(words), "{words:?} in {said}");
    }

    let requests = succeeds(&Headless::ask(&stage.place, &["trace", "--event", "request"]));
    assert_eq!(requests.lines().count(), 1, "{requests}");
    assert!(requests.contains("Request: Offline"), "{requests}");
    let guarded = succeeds(&Headless::ask(&stage.place, &["trace", "--side", "salesforce"]));
    assert!(guarded.contains("the guard holds Offline"), "{guarded}");
    let phone = succeeds(&Headless::ask(
        &stage.place,
        &["trace", "--side", "connect", "--json"],
    ));
    assert!(
        phone.lines().any(|line| line.contains("\"type\":\"phone\"")),
        "{phone}"
    );

    let trace = trace_of(&stage);
    for personal in PERSONAL {
        assert!(!trace.contains(personal), "{personal:?} is in the trace");
    }
    for code in codes_shown(&stage) {
        assert!(!trace.contains(&code), "the pairing code {code} is in the trace");
    }
    replays(&stage);
    stage.ends_with_writes(&["Offline"]);
}

#[track_caller]
fn explain(stage: &Stage) -> String {
    succeeds(&Headless::ask(&stage.place, &["explain"]))
}

/// Standard output of a program that ended well.
#[track_caller]
fn succeeds(output: &Output) -> String {
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(
        output.status.success() && error.is_empty(),
        "{:?}: {error}",
        output.status
    );
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn trace_files(stage: &Stage) -> Vec<std::path::PathBuf> {
    let folder = stage.place.profile.join("trace");
    let entries = std::fs::read_dir(folder).expect("a trace");
    let files = entries.map(|entry| entry.expect("our own folder").path());
    files
        .filter(|path| path.extension().is_some_and(|ending| ending == "jsonl"))
        .collect()
}

fn trace_of(stage: &Stage) -> String {
    let read = |path| std::fs::read_to_string(path).expect("our own file");
    trace_files(stage).into_iter().map(read).collect()
}

/// What was shown to be compared on both sides.
fn codes_shown(stage: &Stage) -> Vec<String> {
    let log = std::fs::read_dir(&stage.place.logs).expect("our own folder");
    let mut codes = Vec::new();
    for file in log {
        let text = std::fs::read_to_string(file.expect("our own folder").path()).unwrap_or_default();
        for said in text
            .lines()
            .filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok())
        {
            // The practice org's console says its code; Holdline's picture may be newer before it is printed.
            let notice = said["notice"].as_str().unwrap_or_default();
            if let Some((_, code)) = notice.split_once("pairing code ") {
                codes.push(code.trim_end_matches('.').to_owned());
            }
            let pairings = said["pairings"].as_array().cloned().unwrap_or_default();
            codes.extend(
                pairings
                    .iter()
                    .filter_map(|pairing| Some(pairing["code"].as_str()?.to_owned())),
            );
        }
    }
    assert!(!codes.is_empty(), "no pairing code was shown");
    codes
}

/// A fresh engine decides what this one has decided.
#[track_caller]
fn replays(stage: &Stage) {
    let mut replay = std::process::Command::new(journeys::programs::holdlinectl());
    replay.arg("replay").args(trace_files(stage));
    let said = succeeds(&replay.output().expect("holdlinectl runs"));
    assert!(said.contains("are decided the same, to the byte"), "{said}");
}
