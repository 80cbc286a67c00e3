//! Settings: `holdline.toml` of the user under `policy.toml` of the machine.
//!
//! What the policy sets, the user can't change. A file that is not valid is not used at all, and never
//! weakens the guard: its problem is shown, and the built-in values stand.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use presence::problem::{Problem, ProblemCode};
use presence::settings::{GuardPolicy, Policy, Timings, WrapUpPolicy};
use serde::Deserialize;

/// The user's file in the profile.
pub const USER_FILE: &str = "holdline.toml";

/// Everything that can be set, with the built-in values filled in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// The org to sign in to, as typed; `None`: the rep is asked.
    pub org_url: Option<String>,
    /// The External Client App's consumer key.
    pub client_id: String,
    /// Guard, wrap-up and durations.
    pub engine: presence::settings::Settings,
    /// Loopback ports, in order.
    pub ports: Vec<u16>,
    /// Loopback ports of the OAuth redirect, in order.
    pub oauth_ports: Vec<u16>,
    /// Bytes of trace kept on disk; `None`: no trace is written.
    pub trace_bytes: Option<u64>,
}

/// A day with a console and a phone is about 2 MB of trace.
const DEFAULT_TRACE_MEGABYTES: u64 = 32;

/// The consumer key of the External Client App that Holdline's console package defines.
const DEFAULT_CLIENT_ID: &str = "holdline";

/// One file's content: everything optional.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct File {
    org: Org,
    guard: Guard,
    loopback: Ports,
    oauth: Ports,
    timings: Scale,
    trace: TraceFiles,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Org {
    url: Option<String>,
    client_id: Option<String>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Guard {
    policy: Option<GuardPolicy>,
    wrap_up: Option<WrapUpPolicy>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Ports {
    ports: Option<Vec<u16>>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct TraceFiles {
    enabled: Option<bool>,
    megabytes: Option<u64>,
}

/// Every duration times `percent / 100`, for tests and demonstrations.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Scale {
    percent: Option<u64>,
}

/// Settings and what is wrong with their files.
#[derive(Clone, Debug)]
pub struct Loaded {
    /// The settings in force.
    pub settings: Settings,
    /// What the rep must know.
    pub problem: Option<Problem>,
}

/// Why a policy file can't be named on the command line.
#[derive(Debug, thiserror::Error)]
pub enum PolicyError {
    /// The machine has its own.
    #[error(
        "This machine has a policy of its own, {}. It can't be replaced with --policy; ask your \
         administrator, or leave --policy out.", .0.display()
    )]
    MachineHasOne(PathBuf),
    /// It can't be read.
    #[error("The policy {} can't be read: {source}. Check the path.", .path.display())]
    Unreadable {
        /// Which file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
}

/// Where this platform's administrators put the policy.
pub fn machine_policy() -> PathBuf {
    if cfg!(windows) {
        PathBuf::from(r"C:\ProgramData\Holdline\policy.toml")
    } else if cfg!(target_os = "macos") {
        PathBuf::from("/Library/Application Support/Holdline/policy.toml")
    } else {
        PathBuf::from("/etc/holdline/policy.toml")
    }
}

/// Decides which policy file counts: the machine's, or, where there is none, the named one.
///
/// # Errors
/// [`PolicyError`], when one is named that may not or can't be used.
pub fn choose_policy(machine: PathBuf, named: Option<PathBuf>) -> Result<Option<PathBuf>, PolicyError> {
    let machine_has_one = machine.exists();
    match named {
        Some(_) if machine_has_one => Err(PolicyError::MachineHasOne(machine)),
        Some(path) => match fs::metadata(&path) {
            Ok(_) => Ok(Some(path)),
            Err(source) => Err(PolicyError::Unreadable { path, source }),
        },
        None => Ok(machine_has_one.then_some(machine)),
    }
}

/// Reads the user's file and the policy over it.
pub fn load(user: &Path, policy: Option<&Path>) -> Loaded {
    let mut wrong = Vec::new();
    let mut read = |path: &Path| match read_file(path) {
        Ok(file) => file,
        Err(about) => {
            wrong.push(about);
            File::default()
        }
    };
    let user = read(user);
    let policy = policy.map(&mut read).unwrap_or_default();
    let problem = (!wrong.is_empty()).then(|| Problem {
        code: ProblemCode::SettingsInvalid,
        about: wrong.join("; "),
    });
    Loaded {
        settings: merge(user, policy),
        problem,
    }
}

fn merge(user: File, policy: File) -> Settings {
    let percent = policy.timings.percent.or(user.timings.percent).unwrap_or(100);
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
                wrap_up: policy.guard.wrap_up.or(user.guard.wrap_up).unwrap_or_default(),
                ..Policy::default()
            },
            timings: Timings::default().scaled(percent, 100),
            ..presence::settings::Settings::default()
        },
        ports: policy
            .loopback
            .ports
            .or(user.loopback.ports)
            .unwrap_or_else(|| wire::DEFAULT_PORTS.into()),
        oauth_ports: policy
            .oauth
            .ports
            .or(user.oauth.ports)
            .unwrap_or_else(|| wire::DEFAULT_OAUTH_PORTS.into()),
        trace_bytes: trace_bytes(&user.trace, &policy.trace),
    }
}

fn trace_bytes(user: &TraceFiles, policy: &TraceFiles) -> Option<u64> {
    let enabled = policy.enabled.or(user.enabled).unwrap_or(true);
    let megabytes = policy.megabytes.or(user.megabytes);
    let bytes = megabytes
        .unwrap_or(DEFAULT_TRACE_MEGABYTES)
        .saturating_mul(1 << 20);
    enabled.then_some(bytes)
}

/// A missing file is an empty one; anything wrong is named with file and line.
fn read_file(path: &Path) -> Result<File, String> {
    let text = match fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(File::default()),
        Err(error) => return Err(format!("{}: {error}", path.display())),
    };
    let file: File = toml::from_str(&text).map_err(|error| {
        let before = error
            .span()
            .and_then(|span| text.get(..span.start))
            .unwrap_or_default();
        let line = before.lines().count().max(1) + usize::from(before.ends_with('\n'));
        format!("{}, line {line}: {}", path.display(), error.message())
    })?;
    match file {
        File {
            timings: Scale { percent: Some(0) },
            ..
        } => Err(format!("{}: timings.percent must be at least 1", path.display())),
        File {
            trace: TraceFiles {
                megabytes: Some(0), ..
            },
            ..
        } => Err(format!(
            "{}: trace.megabytes must be at least 1; enabled = false turns the trace off",
            path.display()
        )),
        File {
            loopback: Ports { ports: Some(ports) },
            ..
        }
        | File {
            oauth: Ports { ports: Some(ports) },
            ..
        } if ports.is_empty() => Err(format!("{}: a list of ports needs at least one", path.display())),
        file => Ok(file),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(user: &str, policy: &str) -> (tempfile::TempDir, PathBuf, PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let (user_path, policy_path) = (
            folder.path().join("holdline.toml"),
            folder.path().join("policy.toml"),
        );
        fs::write(&user_path, user).unwrap();
        fs::write(&policy_path, policy).unwrap();
        (folder, user_path, policy_path)
    }

    #[test]
    fn policy_beats_the_user() {
        let (_folder, user, policy) = files(
            "[guard]\npolicy = \"queue\"\n[loopback]\nports = [5]",
            "[guard]\npolicy = \"block\"",
        );
        let loaded = load(&user, Some(&policy));
        assert_eq!(loaded.problem, None);
        assert_eq!(loaded.settings.engine.policy.guard, GuardPolicy::Block);
        assert_eq!(loaded.settings.ports, [5]);
    }

    #[test]
    fn an_unknown_key_is_named_with_file_and_line_and_weakens_nothing() {
        let (_folder, user, policy) = files("", "[guard]\npolicy = \"queue\"\nwrapup = \"allow\"\n");
        let loaded = load(&user, Some(&policy));
        let about = loaded.problem.unwrap().about;
        assert!(about.contains("policy.toml, line 3"), "{about}");
        assert!(about.contains("wrapup"), "{about}");
        assert_eq!(loaded.settings.engine, presence::settings::Settings::default());
    }

    #[test]
    fn a_bad_value_is_named_with_its_line() {
        let (_folder, user, _policy) = files("[guard]\n\npolicy = \"sometimes\"", "");
        let about = load(&user, None).problem.unwrap().about;
        assert!(about.contains("line 3") && about.contains("sometimes"), "{about}");
    }

    #[test]
    fn the_trace_is_on_unless_it_is_turned_off_and_the_policy_has_the_last_word() {
        let trace_of = |user: &str, policy: &str| {
            let (_folder, user, policy) = files(user, policy);
            let loaded = load(&user, Some(&policy));
            assert_eq!(loaded.problem, None);
            loaded.settings.trace_bytes
        };
        assert_eq!(trace_of("", ""), Some(32 << 20));
        assert_eq!(trace_of("[trace]\nenabled = false", ""), None);
        assert_eq!(
            trace_of(
                "[trace]\nenabled = false",
                "[trace]\nenabled = true\nmegabytes = 4"
            ),
            Some(4 << 20)
        );
        let (_folder, user, _policy) = files("[trace]\nmegabytes = 0", "");
        assert!(
            load(&user, None)
                .problem
                .unwrap()
                .about
                .contains("enabled = false")
        );
    }

    #[test]
    fn the_machines_policy_can_not_be_replaced() {
        let (_folder, user, policy) = files("", "");
        assert!(matches!(
            choose_policy(policy.clone(), Some(user)),
            Err(PolicyError::MachineHasOne(_))
        ));
        assert_eq!(choose_policy(policy.clone(), None).unwrap(), Some(policy));
    }
}
