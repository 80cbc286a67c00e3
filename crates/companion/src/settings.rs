//! Settings: `holdline.toml` of the user under `policy.toml` of the machine; `docs/settings.md` has every key.
//!
//! What the policy sets, the user can't change. A file that is not valid is not used at all, and never weakens
//! the guard: its problem is shown, and the built-in values stand. A policy that is not valid takes the user's
//! own guard and sync settings with it, because it may have forbidden them.

mod desktop;
mod file;
mod machine;
mod network;
mod streaming;
mod sync_rules;
#[cfg(test)]
mod tests;

use std::path::Path;

use presence::problem::{Problem, ProblemCode};
use presence::settings::{Policy, Timings};

pub use desktop::{AwaySettings, ShortcutSettings};
use file::File;
pub use machine::{PolicyError, choose_policy, machine_policy};
pub use network::{NetworkSettings, ProxyChoice};
pub use streaming::{StreamingMode, StreamingSettings};
pub use sync_rules::RULES_FILE;
use sync_rules::Source;

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
    /// Loopback ports, in order.
    pub ports: Vec<u16>,
    /// Loopback ports of the OAuth redirect, in order.
    pub oauth_ports: Vec<u16>,
    /// What Salesforce pushes.
    pub streaming: StreamingSettings,
    /// Bytes of trace kept on disk; `None`: no trace is written.
    pub trace_bytes: Option<u64>,
    /// What the desktop asks for in the rep's absence.
    pub away: AwaySettings,
    /// Global shortcuts.
    pub shortcuts: ShortcutSettings,
}

/// Weeks of work for one rep, and little for a disk.
const DEFAULT_TRACE_MEGABYTES: u64 = 32;

/// The consumer key of the External Client App that Holdline's console package defines.
const DEFAULT_CLIENT_ID: &str = "holdline";

/// Settings and what is wrong with their files.
#[derive(Clone, Debug)]
pub struct Loaded {
    /// The settings in force.
    pub settings: Settings,
    /// What the rep must know.
    pub problem: Option<Problem>,
}

/// Reads the user's file, the policy over it, and the rules.
pub fn load(user: &Path, policy: Option<&Path>) -> Loaded {
    let mut wrong = Vec::new();
    let mut read = |path: &Path| file::read(path).map_err(|about| wrong.push(about)).ok();
    let user_file = read(user);
    let policy_file = policy.map_or(Some(File::default()), &mut read);

    let source = rules_source(user, user_file.as_ref(), policy, policy_file.as_ref());
    let mut user_file = user_file.unwrap_or_default();
    if policy_file.is_none() {
        user_file.guard = file::Guard::default();
        user_file.holdline = file::Holdline::default();
        user_file.sync = file::Sync::default();
        user_file.away = desktop::Away::default();
    }
    let mut policy_file = policy_file.unwrap_or_default();
    user_file.network = user_file.network.seen_from(user);
    policy_file.network = policy_file.network.seen_from(policy.unwrap_or(user));
    let mut settings = merge(user_file, policy_file);
    settings.network.check(&mut wrong);
    let (rules, about) = sync_rules::load(source);
    settings.engine.rules = rules;
    wrong.extend(about);
    let problem = (!wrong.is_empty()).then(|| Problem {
        code: ProblemCode::SettingsInvalid,
        about: wrong.join("; "),
    });
    Loaded { settings, problem }
}

/// A named rules file is looked for beside the file that names it; the policy's word counts first.
fn rules_source(
    user: &Path,
    user_file: Option<&File>,
    policy: Option<&Path>,
    policy_file: Option<&File>,
) -> Source {
    let beside = |path: &Path, name: &str| path.parent().unwrap_or(Path::new("")).join(name);
    let Some(policy_file) = policy_file else {
        return Source::Unknown;
    };
    if let (Some(policy), Some(name)) = (policy, &policy_file.sync.rules) {
        return Source::Named(beside(policy, &name.0));
    }
    match user_file.map(|file| &file.sync.rules) {
        None => Source::Unknown,
        Some(Some(name)) => Source::Named(beside(user, &name.0)),
        Some(None) => Source::Perhaps(beside(user, RULES_FILE)),
    }
}

fn merge(user: File, policy: File) -> Settings {
    let percent = policy.timings.percent.or(user.timings.percent);
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
        ports: ports.map_or_else(|| wire::DEFAULT_PORTS.into(), |ports| ports.0),
        oauth_ports: oauth_ports.map_or_else(|| wire::DEFAULT_OAUTH_PORTS.into(), |ports| ports.0),
        network: NetworkSettings::merge(user.network, policy.network),
        streaming: StreamingSettings::merge(user.streaming, policy.streaming),
        away: AwaySettings::merge(user.away, policy.away),
        shortcuts: ShortcutSettings::merge(user.shortcut, policy.shortcut),
        trace_bytes,
    }
}

fn trace_bytes(user: &file::TraceFiles, policy: &file::TraceFiles) -> Option<u64> {
    let enabled = policy.enabled.or(user.enabled).unwrap_or(true);
    let megabytes = policy.megabytes.or(user.megabytes);
    let megabytes = megabytes.map_or(DEFAULT_TRACE_MEGABYTES, |megabytes| megabytes.0);
    enabled.then_some(megabytes.saturating_mul(1 << 20))
}
