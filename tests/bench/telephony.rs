//! How long Amazon Connect's panel and Holdline take to hear of each other, and how many calls are dropped.

mod page;

use std::process::Command;
use std::time::{Duration, Instant};

use journeys::http::PracticeOrg;
use journeys::process::Guard;
use journeys::programs;
use reqwest::Method;
use serde_json::{Value, json};
use wire::bridge::ConsoleEvent;

use crate::bridge::Partner;
use crate::example::{number, ran};
use crate::figure::{Bench, Figure, Missing, Target, percentile};
use crate::requests::Requests;
use page::Page;

/// Changes of the panel, and requests to it.
const ROUNDS: usize = 150;

/// What the calls tell, in the order in which the figures take it.
const CALLS_TELL: [&str; 2] = ["dropped_calls", "dropped_calls_ignoring_flag"];

pub(crate) const FIGURES: &[Figure] = &[
    Figure {
        name: "telephony.snapshot_to_picture_p99_ms",
        unit: "ms",
        target: Target::AtMost(33.0),
        measure: |bench| Ok(percentile(&latencies(bench)?[..2 * ROUNDS], 0.99)),
    },
    Figure {
        name: "telephony.request_to_put_state_p99_ms",
        unit: "ms",
        target: Target::AtMost(33.0),
        measure: |bench| Ok(percentile(&latencies(bench)?[2 * ROUNDS..], 0.99)),
    },
    Figure {
        name: "telephony.dropped_calls",
        unit: "",
        target: Target::AtMost(0.0),
        measure: |bench| calls(bench, 0),
    },
    Figure {
        name: "telephony.dropped_calls_ignoring_flag",
        unit: "",
        target: Target::None,
        measure: |bench| calls(bench, 1),
    },
];

fn calls(bench: &mut Bench, which: usize) -> Result<f64, Missing> {
    let told = bench.once("telephony calls", || {
        let (sums, _) = ran("telephony", "dropped_calls", &[]);
        Ok(CALLS_TELL.iter().map(|key| number(&sums, key)).collect())
    })?;
    Ok(told[which])
}

/// First the panel's changes, two a round, then the requests, likewise.
fn latencies(bench: &mut Bench) -> Result<Vec<f64>, Missing> {
    bench.once("telephony", || Ok(measured()))
}

/// In a call that goes on: a change of the panel until the picture's line has been read; Offline asked for, and
/// cancelled, until the panel is told (the disk has the hold by then).
fn measured() -> Vec<f64> {
    let scratch = tempfile::tempdir().expect("a temporary folder");
    let (bin, profile) = (scratch.path().join("bin"), scratch.path().join("profile"));
    for folder in [&bin, &profile] {
        std::fs::create_dir(folder).expect("our own folder");
    }
    let opened = scratch.path().join("opened");
    programs::install_browser(&bin, &opened);
    let org = PracticeOrg::start(&["--phone", "amazon-connect"], scratch.path());
    let settings = format!(
        "[telephony]\namazon_connect = \"{}\"\nwhere = \"browser\"\n",
        org.url()
    );
    std::fs::write(profile.join("holdline.toml"), settings).expect("our own folder");
    let path = std::env::var_os("PATH").unwrap_or_default();
    let path = std::env::join_paths(std::iter::once(bin).chain(std::env::split_paths(&path)));
    let mut command = Command::new(programs::holdlinectl());
    command
        .args([
            "run",
            "--json",
            "--keyring",
            "session",
            "--sign-in-as",
            "pat",
            "--org",
        ])
        .arg(org.url())
        .arg("--profile")
        .arg(&profile)
        .env("PATH", path.expect("PATH has no odd names"));
    let mut holdline = Guard::start("holdlinectl", &mut command, scratch.path());
    let picture = holdline.wait_for("a signed-in rep", |picture| {
        picture["session"]["state"] == "signed_in"
            && !picture["statuses"].as_array().is_none_or(Vec::is_empty)
    });
    let mut partner = Partner::join(org.url(), &picture["session"]);
    holdline.wait_for("the joined console", |picture| {
        picture["console"]["connected"] == true
    });
    // In the org's rows, too: they are read now and then, and would tell of no login and no call.
    let available = picture["statuses"][0]["id"].as_str().expect("Available");
    let login = "console/pat/toolkit/login?source=console";
    org.ask(Method::POST, login, Some(json!({ "statusId": available })));
    partner.login_as(available);
    let call = org.call("pat", "+1 555 0142");
    let work_id = call.agent_work_id.parse().expect("an AgentWork's id");
    let work_item_id = call.voice_call_id.parse().expect("a VoiceCall's id");
    partner.report(ConsoleEvent::WorkAssigned {
        work_id,
        work_item_id,
    });
    org.accept(&call);
    partner.report(ConsoleEvent::WorkAccepted {
        work_id,
        work_item_id,
    });
    holdline.wait_for("the call", |picture| picture["call"]["phase"] == "on_call");

    let page = Page::open(&opened);
    page.tells("Available", None, false);
    holdline.wait_for("the phone", |picture| {
        picture["telephony"]["state"] == "Available"
    });
    let mut samples = Vec::new();
    for round in 0..ROUNDS {
        for (state, on_contact) in [("Busy", true), ("Available", false)] {
            let sent = Instant::now();
            page.tells(state, None, on_contact);
            let what = format!("{state} in round {round}");
            let line = holdline.wait_after(sent, Duration::from_secs(10), &what, |picture| {
                picture["telephony"]["state"] == state
            });
            samples.push(line.at.duration_since(sent).as_secs_f64() * 1e3);
        }
    }
    page.tells("Busy", None, true);
    let requests = Requests::of(&profile);
    for round in 0..ROUNDS {
        let sent = Instant::now();
        requests.post("requests", json!({ "status": "Offline" }));
        let (at, state) = page.asked();
        assert_eq!(state, "Offline", "round {round}");
        samples.push(at.duration_since(sent).as_secs_f64() * 1e3);
        page.tells("Busy", Some("Offline"), true);
        holdline.wait_for("Offline enqueued", |picture| {
            picture["telephony"]["next_state"] == "Offline" && picture["held"].is_object()
        });
        let sent = Instant::now();
        requests.post("cancel", Value::Null);
        let (at, state) = page.asked();
        assert_eq!(state, "Available", "round {round}");
        samples.push(at.duration_since(sent).as_secs_f64() * 1e3);
        page.tells("Busy", Some("Available"), true);
        holdline.wait_for("nothing held", |picture| {
            picture["telephony"]["next_state"] == "Available" && picture["held"].is_null()
        });
    }
    samples
}
