//! A way to Salesforce that is really broken: a network that is cut, a name that no resolver finds, a certificate of
//! an unknown authority. Each moment is played in namespaces of its own, with real time-outs.
//!
//! Part of `cargo xtask verify`, because real time-outs take their time; skipped, with the reason, where nobody may
//! make a namespace.

use std::path::PathBuf;
use std::process::{Command, Output};

use presence::problem::ProblemCode;
use salesforce::NetworkFailure;

use crate::cell;
use crate::fault::{Ends, Fault, What};
use crate::front::{Breaks, Namespace};
use crate::full_disk::skipped;
use crate::moment::Moment;

/// Set by `cargo xtask verify`.
const REAL: &str = "HOLDLINE_REAL_FAULTS";

/// Set in the process that has the namespaces: the folder of their files.
const INSIDE: &str = "HOLDLINE_OWN_NETWORK";

/// The namespaces that this process was started in.
pub(crate) fn namespace() -> Namespace {
    let folder = std::env::var_os(INSIDE).expect("namespaces of its own");
    Namespace::of(PathBuf::from(folder))
}

fn fault(breaks: Breaks) -> Fault {
    let (name, how) = match breaks {
        Breaks::Certificate => ("TLS really failing", "an authority has signed that nobody trusts"),
        Breaks::Name => ("DNS really failing", "the name has no address"),
        Breaks::Network => ("Network really cut and back", "the org's address is out of reach"),
    };
    Fault {
        name,
        how,
        what: What::Real(breaks),
        closes_console: true,
        tells: Some(ProblemCode::OrgUnreachable),
        blinds: true,
        ends: Ends::ByItself,
    }
}

/// As which failures it is told to the rep: what stood before falls silent, what comes after has no way.
pub(crate) fn told_as(breaks: Breaks) -> &'static [NetworkFailure] {
    match breaks {
        Breaks::Certificate => &[NetworkFailure::Tls],
        Breaks::Name => &[NetworkFailure::Dns],
        Breaks::Network => &[NetworkFailure::Connect, NetworkFailure::TimeOut],
    }
}

/// Plays it here, if this process has namespaces of its own; else in one that has.
fn play(test: &str, breaks: Breaks, moment: Moment) {
    let fault = fault(breaks);
    if std::env::var_os(INSIDE).is_some() {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .enable_all()
            .build()
            .unwrap();
        runtime.block_on(cell::play(fault, moment));
        return;
    }
    let name = format!("{}: {}", fault.name, moment.name());
    if std::env::var_os(REAL).is_none() {
        return skipped(&name, "part of `cargo xtask verify`");
    }
    let folder = tempfile::tempdir().unwrap();
    Namespace::make(folder.path());
    let inside = |then: &str| -> std::io::Result<Output> {
        Command::new("unshare")
            .args(["--net", "--mount", "sh", "-c"])
            .arg(format!("{} && {then}", Namespace::set_up()))
            .arg(std::env::current_exe()?)
            // The test's name, without the crate's.
            .arg(test.split_once("::").map_or(test, |(_, name)| name))
            .env("FOLDER", folder.path())
            .env(INSIDE, folder.path())
            .output()
    };
    let said = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    match inside("true") {
        Ok(output) if output.status.success() => {}
        Ok(output) => return skipped(&name, said(&output.stderr).trim()),
        Err(error) => return skipped(&name, &format!("`unshare` does not start: {error}")),
    }
    let output = inside("exec \"$0\" --exact \"$1\" --nocapture").unwrap();
    let (out, err) = (said(&output.stdout), said(&output.stderr));
    assert!(
        output.status.success() && out.contains("1 passed"),
        "{out}\n{err}"
    );
}

/// A test for each moment.
macro_rules! at_every_moment {
    ($($name:ident: $breaks:expr;)*) => {$(
        mod $name {
            use super::*;

            at_every_moment!(@ $breaks, idle: Idle, ringing: Ringing, on_call: OnCall, held: Held, applying: Applying);
        }
    )*};
    (@ $breaks:expr, $($test:ident: $moment:ident),*) => {$(
        #[test]
        fn $test() {
            play(concat!(module_path!(), "::", stringify!($test)), $breaks, Moment::$moment);
        }
    )*};
}

at_every_moment! {
    really_cut: Breaks::Network;
    name_really_not_found: Breaks::Name;
    certificate_really_not_trusted: Breaks::Certificate;
}
