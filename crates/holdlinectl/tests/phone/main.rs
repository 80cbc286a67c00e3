//! `holdlinectl phone token` while no Holdline runs: the real program, on a profile of its own. With a Holdline that
//! runs it is a journey's.

use std::path::Path;
use std::process::{Command, Output};

fn run(profile: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_holdlinectl"));
    command.args(["phone", "token"]).args(arguments);
    if !arguments.contains(&"--policy") {
        command.arg("--profile").arg(profile);
    }
    command.output().expect("holdlinectl runs")
}

#[track_caller]
fn said(output: &Output) -> String {
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8_lossy(&output.stdout).trim().to_owned()
}

#[test]
fn a_token_is_told_once_listed_and_revoked() {
    let profile = tempfile::tempdir().unwrap();
    let folder = profile.path();
    let token = said(&run(folder, &["new", "--name", "Acme", "--rights", "report"]));
    assert_eq!(token.len(), 43, "{token}");
    let taken = run(folder, &["new", "--name", "Acme", "--rights", "control"]);
    assert!(String::from_utf8_lossy(&taken.stderr).contains("revoke it first"));
    let list = said(&run(folder, &["list"]));
    assert!(
        list.contains("report") && list.contains("handed out") && list.contains("Acme"),
        "{list}"
    );
    assert!(!list.contains(&token));
    let kept = std::fs::read_to_string(folder.join("pairings.json")).unwrap();
    assert!(!kept.contains(&token), "the token itself is on the disk");
    said(&run(folder, &["revoke", "Acme"]));
    assert!(said(&run(folder, &["list"])).starts_with("No phone may join yet"));
    assert!(!run(folder, &["revoke", "Acme"]).status.success());
}

#[test]
fn it_gets_a_line_for_its_policy_and_nothing_is_kept() {
    let profile = tempfile::tempdir().unwrap();
    let made = run(
        profile.path(),
        &["new", "--policy", "--name", "Acme", "--rights", "control"],
    );
    let token = said(&made);
    let line = String::from_utf8_lossy(&made.stderr).into_owned();
    assert!(
        line.contains("tokens = [\"control:") && line.contains(":Acme\"]"),
        "{line}"
    );
    assert!(!line.contains(&token));
    assert!(!profile.path().join("pairings.json").exists());
}
