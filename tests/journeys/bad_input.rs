//! Bad input: each gets its own message with a remedy, and nothing is lost.

use std::net::TcpListener;
use std::process::{Command, Output};

use journeys::ports::Ports;
use journeys::programs;

use crate::stage::{Headless, Plan, Stage, Surface};

#[test]
fn headless() {
    let mut stage = Stage::ready(Surface::Headless);
    let call = stage.on_a_call();
    stage.offline_is_held("waits until your call ends");

    let unknown = Headless::ask(&stage.place, &["request", "Nap"]);
    refused(&unknown, &["Nap is not a presence status", "Choose one"]);
    let seen = stage.sees("the hold untouched", |seen| seen.held.is_some());
    assert_eq!(seen.held.expect("just seen").status, "Offline");

    stage.org.hangup(&call);
    stage.org.finish(&call);
    stage.sees_offline_set();
    stage.ends_with_writes(&["Offline"]);
}

#[test]
fn nobody_runs() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    for verb in [&["request", "Offline"][..], &["cancel"], &["status"]] {
        let mut command = holdlinectl(verb);
        let asked = command.arg("--profile").arg(folder.path()).output();
        refused(
            &asked.expect("holdlinectl runs"),
            &["No Holdline is running", "--profile"],
        );
    }
}

#[test]
fn org_address() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let run = |org: &str, more: &[&str]| {
        let mut command = holdlinectl(&["run", "--json", "--org", org, "--profile"]);
        command
            .arg(folder.path())
            .args(more)
            .output()
            .expect("holdlinectl runs")
    };
    for (none, words) in [
        ("not a url", ["address", "my.salesforce.com"]),
        ("ftp://example.com", ["ftp", "use https"]),
        ("http://example.com", ["http", "https"]),
        ("", ["address", "my.salesforce.com"]),
    ] {
        refused(&run(none, &[]), &words);
    }
    let practice_only = run("https://login.salesforce.com", &["--sign-in-as", "pat"]);
    refused(&practice_only, &["--sign-in-as", "practice org"]);
    let closed = Ports::free(1);
    let nobody = format!("http://127.0.0.1:{}", closed.list()[0]);
    refused(
        &run(&nobody, &["--sign-in-as", "pat"]),
        &["does not answer", "holdlinectl practice"],
    );
    let policy = run(
        "https://login.salesforce.com",
        &["--policy", "/nowhere/policy.toml"],
    );
    refused(&policy, &["/nowhere/policy.toml", "Check the path"]);
}

#[test]
fn practice_port_taken() {
    let taken = TcpListener::bind(("127.0.0.1", 0)).expect("a free port");
    let port = taken.local_addr().expect("a bound port").port().to_string();
    let output = holdlinectl(&["practice", "--port", &port]).output();
    refused(
        &output.expect("holdlinectl runs"),
        &[&port, "already taken", "give another port"],
    );
}

/// The only message a window can give for an org's address that is none.
#[test]
fn windowed() {
    let mut stage = Stage::set(Surface::Windowed, Plan::default());
    stage.sees("nobody signed in", |seen| seen.session == "signed_out");
    stage.window().expect("a window").types_org("http://example.com");
    let seen = stage.sees("the refusal", |seen| seen.refusal.is_some());
    assert!(seen.refusal.expect("just seen").contains("use https"));
    stage
        .window()
        .expect("a window")
        .is_accessible("a refused address");
    stage.sign_in();
    stage.ends_with_writes(&[]);
}

/// Every port of Holdline's is taken: it says so, and holds what it cannot judge.
#[test]
fn ports_taken_headless() {
    ports_taken(Surface::Headless);
}

#[test]
fn ports_taken_windowed() {
    ports_taken(Surface::Windowed);
}

fn ports_taken(surface: Surface) {
    let mut stage = Stage::empty(surface, Plan::default());
    let _taken: Vec<_> = stage
        .place
        .ports()
        .iter()
        .map(|port| TcpListener::bind(("127.0.0.1", *port)).expect("our own port"))
        .collect();
    stage.rep.starts();
    let org = stage.org.url().to_owned();
    stage.rep.signs_in(&org);
    let seen = stage.sees("word of the taken ports", |seen| {
        seen.problem("ports_taken").is_some()
    });
    let problem = seen.problem("ports_taken").expect("just seen");
    assert!(problem.remedy.contains("Close the program"), "{problem:?}");
    stage.ends_with_writes(&[]);
}

fn holdlinectl(arguments: &[&str]) -> Command {
    let mut command = Command::new(programs::holdlinectl());
    command.args(arguments);
    command
}

/// It ended without success, and said why and what to do.
#[track_caller]
fn refused(output: &Output, words: &[&str]) {
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success(), "{output:?}");
    assert!(!error.contains("panicked"), "{error}");
    for word in words {
        assert!(error.contains(word), "no {word:?} in: {error}");
    }
}
