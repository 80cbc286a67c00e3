//! Looks at everything that can keep Holdline from its work, with a remedy for each.
//!
//! Every check is a look at the machine, the org or the running Holdline, and a judgement of what was seen. The
//! looks run at the same time, each with a time-out of its own; none changes anything.

mod adapter;
mod browser;
mod clock;
mod console;
mod console_host;
mod keyring;
mod live;
mod machine;
mod network;
mod permissions;
mod policy;
mod ports;
mod resting;
mod seen;
mod streaming;
#[cfg(test)]
mod tests;
mod webview;

use companion::settings::{self, Settings};
use companion::texts::Texts;
use salesforce::TokenStore;
use url::Url;
use wire::support::{Finding, Health};

pub(crate) use live::Live;
pub use machine::Machine;
pub use resting::resting;
use seen::Seen;

/// What is looked at.
pub(crate) struct Patient {
    /// Where programs are, and what kind of session this is.
    pub(crate) machine: Machine,
    /// The settings in force.
    pub(crate) settings: Settings,
    /// What is wrong with their sources.
    pub(crate) wrong: Vec<settings::Finding>,
    /// The policy's sources.
    pub(crate) policies: Vec<String>,
    /// The org, where one is known.
    pub(crate) org: Option<Url>,
    /// Where tokens are kept.
    pub(crate) tokens: TokenStore,
    /// The running Holdline, if it runs.
    pub(crate) live: Option<Live>,
}

/// Everything that was found, worst first.
pub(crate) async fn examine(patient: &Patient, texts: &Texts) -> Vec<Finding> {
    let Patient {
        machine, settings, ..
    } = patient;
    let live = patient.live.as_ref();
    let org = live.and_then(Live::org).or_else(|| patient.org.clone());
    let (keyring, ports, oauth_ports, browser, webview, network, adapter, streaming) = tokio::join!(
        keyring::look(&patient.tokens),
        ports::look(&settings.ports, live),
        ports::look_at_oauth(&settings.oauth_ports),
        browser::look(machine),
        webview::look(machine),
        network::look(org.as_ref(), &settings.network),
        adapter::look(settings, live),
        streaming::look(settings, live),
    );
    let (network, skew_ms) = network;
    let skew_ms = live.and_then(Live::skew_ms).or(skew_ms);
    let mut seen: Vec<Seen> = vec![
        policy::judge(&patient.wrong, &patient.policies),
        keyring,
        ports,
        oauth_ports,
        browser,
        webview,
        network,
        clock::judge(skew_ms),
        permissions::judge(live.and_then(Live::missing)),
        streaming,
        console::judge(live.map(Live::console)),
        console_host::judge(machine, live.map(Live::console)),
        adapter,
    ];
    seen.sort_by_key(|seen| std::cmp::Reverse(seen.health));
    seen.iter().map(|seen| seen.told(texts)).collect()
}

/// The exit code of whoever asked: 0 all well, 1 warnings, 2 errors. What could not be looked at is no fault.
pub fn exit_code(findings: &[Finding]) -> u8 {
    match findings.iter().map(|finding| finding.health).max() {
        Some(Health::Error) => 2,
        Some(Health::Warning) => 1,
        Some(Health::Good | Health::Unknown) | None => 0,
    }
}
