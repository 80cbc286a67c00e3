//! A network that is really cut: each moment in a network namespace of its own, whose only interface goes down and
//! comes back. Connections that stand go silent until their real time-outs, new ones are refused by the system.
//!
//! Part of `cargo xtask verify`, because real time-outs take their time; skipped, with the reason, where nobody may
//! make a namespace.

use std::process::Command;

use presence::problem::ProblemCode;

use crate::cell;
use crate::fault::{Ends, Fault, What};
use crate::full_disk::skipped;
use crate::moment::Moment;

/// Set by `cargo xtask verify`.
const REAL: &str = "HOLDLINE_REAL_FAULTS";

/// Set in the process that has the namespace.
const INSIDE: &str = "HOLDLINE_OWN_NETWORK";

/// Takes the only interface down, or brings it back.
pub(crate) fn set_up(up: bool) {
    let state = if up { "up" } else { "down" };
    let done = Command::new("ip").args(["link", "set", "lo", state]).status();
    assert!(
        done.is_ok_and(|status| status.success()),
        "ip link set lo {state}"
    );
}

fn really_cut() -> Fault {
    Fault {
        name: "Network really cut and back",
        how: "the namespace's interface is down",
        what: What::Cut,
        closes_console: true,
        tells: Some(ProblemCode::OrgUnreachable),
        blinds: true,
        ends: Ends::ByItself,
    }
}

/// Plays it here, if this process has a network of its own; else in one that has.
fn play(test: &str, moment: Moment) {
    if std::env::var_os(INSIDE).is_some() {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .enable_all()
            .build()
            .unwrap();
        runtime.block_on(cell::play(really_cut(), moment));
        return;
    }
    let name = format!("a really cut network, {}", moment.name());
    if std::env::var_os(REAL).is_none() {
        return skipped(&name, "part of `cargo xtask verify`");
    }
    let may = Command::new("unshare")
        .args(["--net", "ip", "link", "set", "lo", "up"])
        .output();
    match may {
        Ok(output) if output.status.success() => {}
        Ok(output) => return skipped(&name, String::from_utf8_lossy(&output.stderr).trim()),
        Err(error) => return skipped(&name, &format!("`unshare` does not start: {error}")),
    }
    let program = std::env::current_exe().unwrap();
    let output = Command::new("unshare")
        .args([
            "--net",
            "sh",
            "-c",
            "ip link set lo up && exec \"$0\" --exact \"$1\" --nocapture",
        ])
        .arg(program)
        .arg(format!("real_network::{test}"))
        .env(INSIDE, "1")
        .output()
        .unwrap();
    let said = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    assert!(
        output.status.success(),
        "{}\n{}",
        said(&output.stdout),
        said(&output.stderr)
    );
    assert!(
        said(&output.stdout).contains("1 passed"),
        "{}",
        said(&output.stdout)
    );
}

#[test]
fn really_cut_while_idle() {
    play("really_cut_while_idle", Moment::Idle);
}

#[test]
fn really_cut_while_it_rings() {
    play("really_cut_while_it_rings", Moment::Ringing);
}

#[test]
fn really_cut_on_a_call() {
    play("really_cut_on_a_call", Moment::OnCall);
}

#[test]
fn really_cut_while_offline_is_held() {
    play("really_cut_while_offline_is_held", Moment::Held);
}
