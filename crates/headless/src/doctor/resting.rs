//! A Holdline that does not run, as it would start.

use std::path::Path;

use companion::settings::{self, PolicySource, USER_FILE};
use companion::store::{self, STATE_FILE};
use companion::texts::Texts;
use salesforce::{KeyringStore, Prompt, TokenStore, parse_org_url};
use wire::support::Finding;

use super::machine::Machine;
use super::{Patient, examine};

/// Looks at everything that can be looked at without a running Holdline. `policy`: its sources.
pub async fn resting(profile: &Path, policy: &[PolicySource], machine: Machine) -> Vec<Finding> {
    let loaded = settings::load(&profile.join(USER_FILE), policy);
    let kept = store::peek(&profile.join(STATE_FILE)).and_then(|saved| saved.session);
    let org = loaded
        .settings
        .org_url
        .clone()
        .or(kept.map(|session| session.org_url));
    let patient = Patient {
        machine,
        org: org.and_then(|org| parse_org_url(&org).ok()),
        settings: loaded.settings,
        wrong: loaded.findings,
        policies: policy.iter().map(PolicySource::place).collect(),
        tokens: TokenStore::Keyring(KeyringStore::new(KeyringStore::TIME_OUT, Prompt::Never)),
        live: None,
    };
    examine(&patient, &Texts::english()).await
}
