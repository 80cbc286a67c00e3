//! Faults that are made, and named by the whole examination.

use std::fs;
use std::net::{Ipv4Addr, TcpListener};

use companion::settings::{PolicySource, USER_FILE};
use wire::support::Check;

use super::*;

/// A desktop with nothing on it.
fn bare(folder: &std::path::Path) -> Machine {
    Machine {
        path: Some(folder.join("empty").into()),
        window: folder.join("empty/holdline-window"),
        remote: Some("Citrix".to_owned()),
    }
}

fn code(findings: &[Finding], check: Check) -> (&str, Health) {
    let finding = findings.iter().find(|finding| finding.check == check).unwrap();
    (finding.code.as_str(), finding.health)
}

#[tokio::test]
async fn every_fault_of_a_resting_holdline_is_named_worst_first() {
    let folder = tempfile::tempdir().unwrap();
    let taken = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let port = taken.local_addr().unwrap().port();
    let closed = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    let policy = folder.path().join("policy.toml");
    fs::write(
        &policy,
        format!(
            "[org]\nurl = \"http://127.0.0.1:{closed}\"\n[loopback]\nports = [{port}]\n[oauth]\nports = \
             [{port}]\n[streaming]\nmode = \"off\"\n[guard]\npolicy = \"sometimes\"\n"
        ),
    )
    .unwrap();
    fs::write(folder.path().join(USER_FILE), "").unwrap();
    let findings = resting(folder.path(), &[PolicySource::File(policy)], bare(folder.path())).await;
    let mut checks: Vec<Check> = findings.iter().map(|finding| finding.check).collect();
    for (check, expected) in [
        (Check::Policy, ("invalid", Health::Error)),
        (Check::Ports, ("taken", Health::Error)),
        (Check::OauthPorts, ("taken", Health::Error)),
        (Check::Network, ("connect", Health::Error)),
        (Check::ConsoleHost, ("remote_session", Health::Warning)),
        (Check::Console, ("not_running", Health::Unknown)),
        (Check::Permissions, ("not_asked", Health::Unknown)),
        (Check::Clock, ("not_told", Health::Unknown)),
        (Check::Webview, ("no_window", Health::Unknown)),
        (Check::Streaming, ("off", Health::Good)),
    ] {
        assert_eq!(code(&findings, check), expected, "{check:?}");
    }
    if cfg!(target_os = "linux") {
        assert_eq!(code(&findings, Check::Browser), ("none", Health::Error));
    }
    let healths: Vec<Health> = findings.iter().map(|finding| finding.health).collect();
    assert!(healths.is_sorted_by(|one, next| one >= next), "{healths:?}");
    let about = &findings
        .iter()
        .find(|finding| finding.check == Check::Policy)
        .unwrap()
        .text;
    assert!(
        about.contains("line 10") && about.contains("Write one of"),
        "{about}"
    );
    // Each is looked at once, and none is left out.
    let all = seen::CODES.iter().map(|(check, ..)| *check);
    let mut all: Vec<Check> = all.collect();
    all.sort();
    all.dedup();
    checks.sort();
    assert_eq!(checks, all);
    assert_eq!(exit_code(&findings), 2);
}

#[test]
fn the_worst_finding_is_the_exit_code() {
    let of = |health| {
        let mut finding = Seen::of(Check::Policy, "none").told(&Texts::english());
        finding.health = health;
        finding
    };
    assert_eq!(exit_code(&[]), 0);
    assert_eq!(exit_code(&[of(Health::Good), of(Health::Unknown)]), 0);
    assert_eq!(exit_code(&[of(Health::Good), of(Health::Warning)]), 1);
    assert_eq!(exit_code(&[of(Health::Error), of(Health::Warning)]), 2);
}
