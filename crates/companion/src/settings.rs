//! Settings: `holdline.toml` of the user under the machine's policy; `docs/settings.md` has every key.
//!
//! What the policy sets, the user can't change. A user's file that is not valid is not used at all. Of a policy that
//! is not valid everything counts that is readable and weakens no guard, and it takes the user's own guard and sync
//! settings with it, because it may have forbidden them.
//!
//! A new key is a field in `file.rs` (or the section's own file) and a line in `merge`; schema, administrative
//! templates, `policy show` and the window's list follow, and tests name what else it needs.

mod connector;
mod desktop;
mod document;
mod file;
mod finding;
mod keys;
mod layers;
mod machine;
mod managed;
mod network;
mod phone;
mod registry;
mod streaming;
mod strict;
mod sync_rules;
mod telemetry;
#[cfg(test)]
mod tests;
mod updates;

use std::path::Path;

use presence::problem::{Problem, ProblemCode};
use presence::settings::{Policy, Timings};
use toml::Value;
pub use wire::support::SetBy;

pub use connector::ConnectorSettings;
pub use desktop::{AwaySettings, ShortcutSettings};
use document::Document;
use file::File;
pub use finding::Finding;
pub use keys::{Key, Kind, keys, schema};
use layers::Layers;
pub use layers::Shown;
pub use machine::{PolicyError, PolicySource, choose_policy, machine_policies, policy_file};
pub use managed::PREFERENCES_DOMAIN;
pub use network::{NetworkSettings, ProxyChoice};
pub use phone::{PhonePlace, PhoneSettings};
pub use registry::{REGISTRY_KEY, RegistryValue, RegistryValues};
pub use streaming::{StreamingMode, StreamingSettings};
pub use sync_rules::RULES_FILE;
use sync_rules::Source;
pub use telemetry::TelemetrySettings;
pub use updates::UpdateSettings;

/// The user's file in the profile.
pub const USER_FILE: &str = "holdline.toml";

/// Everything that can be set, with the built-in values filled in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// The org to sign in to, as typed; `None`: the rep is asked.
    pub org_url: Option<String>,
    /// The External Client App's consumer key.
    pub client_id: String,
    /// Guard, sync and durations.
    pub engine: presence::settings::Settings,
    /// Service channels whose work counts as calls besides those that route VoiceCall, by developer name (or label,
    /// where a rep may not read that).
    pub voice_channels: Vec<String>,
    /// The way to Salesforce.
    pub network: NetworkSettings,
    /// Phones that join through the connector API.
    pub connector: ConnectorSettings,
    /// Loopback ports, in order.
    pub ports: Vec<u16>,
    /// Loopback ports of the OAuth redirect, in order.
    pub oauth_ports: Vec<u16>,
    /// The phone that Holdline reaches by itself.
    pub phone: PhoneSettings,
    /// What Salesforce pushes.
    pub streaming: StreamingSettings,
    /// Whom a rep is to tell when something is wrong.
    pub support_contact: Option<String>,
    /// How much the log files say, and the bytes of them that are kept.
    pub log: (tracing::Level, u64),
    /// Whether the policy says which org to sign in to, so that the rep can't choose another.
    pub org_is_policys: bool,
    /// Where measurements go.
    pub telemetry: TelemetrySettings,
    /// Bytes of trace kept on disk; `None`: no trace is written.
    pub trace_bytes: Option<u64>,
    /// What the desktop asks for in the rep's absence.
    pub away: AwaySettings,
    /// Global shortcuts.
    pub shortcuts: ShortcutSettings,
    /// Whether to start with the desktop.
    pub autostart: bool,
    /// Updates.
    pub updates: UpdateSettings,
}

/// Weeks of work for one rep, and little for a disk.
const DEFAULT_TRACE_MEGABYTES: u64 = 32;

/// Some weeks of a quiet log, some minutes of a loud one.
const DEFAULT_LOG_MEGABYTES: u64 = 8;

/// The consumer key of the External Client App that Holdline's console package defines.
const DEFAULT_CLIENT_ID: &str = "holdline";

/// Settings, where each comes from, and what is wrong with their sources.
#[derive(Clone, Debug)]
pub struct Loaded {
    /// The settings in force.
    pub settings: Settings,
    /// Every key, with what holds and who says so.
    pub shown: Vec<Shown>,
    /// What the rep must know.
    pub problems: Vec<Problem>,
    /// Everything that is wrong.
    pub findings: Vec<Finding>,
}

/// Reads the user's file, the policy over it (its first source counts most), and the rules.
pub fn load(user: &Path, policy: &[PolicySource]) -> Loaded {
    let mut own = Document::read(user);
    let own_is_valid = own.findings.is_empty();
    if !own_is_valid {
        own.entries.clear();
    }
    let mut policies: Vec<(String, Document)> = policy
        .iter()
        .map(|source| (source.place(), source.document()))
        .collect();
    let policy_is_valid = policies.iter().all(|(_, document)| document.findings.is_empty());
    if !policy_is_valid {
        own.entries.retain(|entry| !strict::is_the_policys_to_say(entry));
        for (_, document) in &mut policies {
            document.entries.retain(strict::still_counts);
        }
    }
    let layers = Layers::new(&own, user, &policies);
    let mut settings = merge(layers.user(), layers.policy());
    let mut wrong = Wrong::default();
    wrong.user.extend(own.findings.iter().cloned());
    wrong.policy.extend(
        policies
            .iter()
            .flat_map(|(_, document)| document.findings.iter().cloned()),
    );
    wrong
        .of(layers.is_policys("network", "ca_certificates"))
        .extend(settings.network.check());
    // Where a source can't be read, it may have named other rules than the next one does.
    let known = policy_is_valid && (own_is_valid || layers.is_policys("sync", "rules"));
    let rules = match layers.value("sync", "rules") {
        _ if !known => Source::Unknown,
        Some(Value::String(path)) => Source::Named(path.into()),
        _ => Source::Perhaps(user.with_file_name(RULES_FILE)),
    };
    let (rules, findings) = sync_rules::load(rules);
    settings.engine.rules = rules;
    wrong.of(layers.is_policys("sync", "rules")).extend(findings);
    Loaded {
        shown: layers.shown(),
        problems: wrong.problems(settings.support_contact.as_deref()),
        findings: wrong.policy.into_iter().chain(wrong.user).collect(),
        settings,
    }
}

/// Everything that is wrong with one source by itself.
pub fn check(source: PolicySource) -> Vec<Finding> {
    load(Path::new(""), &[source]).findings
}

/// What is wrong, by whose word it is.
#[derive(Default)]
struct Wrong {
    user: Vec<Finding>,
    policy: Vec<Finding>,
}

impl Wrong {
    fn of(&mut self, policy: bool) -> &mut Vec<Finding> {
        if policy { &mut self.policy } else { &mut self.user }
    }

    fn problems(&self, contact: Option<&str>) -> Vec<Problem> {
        let listed = |findings: &[Finding]| {
            let said: Vec<String> = findings.iter().map(Finding::to_string).collect();
            said.join("; ")
        };
        let mut problems = Vec::new();
        if !self.policy.is_empty() {
            let whom = contact.map(|contact| format!(" ({contact})")).unwrap_or_default();
            problems.push(Problem {
                code: ProblemCode::PolicyInvalid,
                about: listed(&self.policy) + &whom,
            });
        }
        if !self.user.is_empty() {
            problems.push(Problem {
                code: ProblemCode::SettingsInvalid,
                about: listed(&self.user),
            });
        }
        problems
    }
}

fn merge(user: File, policy: File) -> Settings {
    let percent = policy.timings.percent.or(user.timings.percent);
    let org_is_policys = policy.org.url.is_some();
    let log_megabytes = policy.log.megabytes.or(user.log.megabytes);
    let trace_bytes = trace_bytes(&user.trace, &policy.trace);
    let hold_as = policy.guard.hold_as.or(user.guard.hold_as);
    let longest_hold = policy.guard.longest_hold.or(user.guard.longest_hold);
    let voice_channels = policy.calls.channels.or(user.calls.channels);
    let ports = policy.loopback.ports.or(user.loopback.ports);
    let oauth_ports = policy.oauth.ports.or(user.oauth.ports);
    Settings {
        org_url: policy.org.url.or(user.org.url),
        client_id: policy
            .org
            .client_id
            .or(user.org.client_id)
            .unwrap_or_else(|| DEFAULT_CLIENT_ID.to_owned()),
        engine: presence::settings::Settings {
            policy: Policy {
                guard: policy.guard.policy.or(user.guard.policy).unwrap_or_default(),
                guarded: policy.guard.guarded.or(user.guard.guarded).unwrap_or_default(),
                wrap_up: policy.guard.wrap_up.or(user.guard.wrap_up).unwrap_or_default(),
            },
            hold_as: hold_as.map(|name| name.0),
            longest_hold_ms: longest_hold.map(|span| span.ms),
            mode: policy.holdline.mode.or(user.holdline.mode).unwrap_or_default(),
            profile: policy.holdline.profile.or(user.holdline.profile),
            write_phone: policy.sync.write_phone.or(user.sync.write_phone),
            authority: policy.sync.authority.or(user.sync.authority).unwrap_or_default(),
            timings: Timings::default().scaled(percent.map_or(100, |percent| percent.0), 100),
            ..presence::settings::Settings::default()
        },
        voice_channels: voice_channels.into_iter().flatten().map(|name| name.0).collect(),
        connector: ConnectorSettings::merge(user.connector, policy.connector),
        ports: ports.map_or_else(|| wire::DEFAULT_PORTS.into(), |ports| ports.0),
        oauth_ports: oauth_ports.map_or_else(|| wire::DEFAULT_OAUTH_PORTS.into(), |ports| ports.0),
        network: NetworkSettings::merge(user.network, policy.network),
        phone: PhoneSettings::merge(user.telephony, policy.telephony),
        streaming: StreamingSettings::merge(user.streaming, policy.streaming),
        support_contact: policy.support.contact.or(user.support.contact).map(|name| name.0),
        away: AwaySettings::merge(user.away, policy.away),
        shortcuts: ShortcutSettings::merge(user.shortcut, policy.shortcut),
        log: (
            policy.log.level.or(user.log.level).unwrap_or_default().into(),
            log_megabytes
                .map_or(DEFAULT_LOG_MEGABYTES, |megabytes| megabytes.0)
                .saturating_mul(1 << 20),
        ),
        org_is_policys,
        telemetry: TelemetrySettings::merge(user.telemetry, policy.telemetry),
        autostart: policy
            .desktop
            .autostart
            .or(user.desktop.autostart)
            .unwrap_or(false),
        updates: UpdateSettings::merge(user.updates, policy.updates),
        trace_bytes,
    }
}

fn trace_bytes(user: &file::TraceFiles, policy: &file::TraceFiles) -> Option<u64> {
    let enabled = policy.enabled.or(user.enabled).unwrap_or(true);
    let megabytes = policy.megabytes.or(user.megabytes);
    let megabytes = megabytes.map_or(DEFAULT_TRACE_MEGABYTES, |megabytes| megabytes.0);
    enabled.then_some(megabytes.saturating_mul(1 << 20))
}
