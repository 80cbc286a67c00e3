//! Whether the settings want Holdline to start with the desktop: asked before anything is opened.

use std::path::PathBuf;

use companion::profile::Profile;
use companion::settings::{self, USER_FILE};

use crate::start::StartError;

/// What `desktop.autostart` says for a profile (the default one when none is named), the machine's policy over it.
///
/// # Errors
/// The named policy can't be used, or there is no profile.
pub fn autostarts(profile: Option<PathBuf>, policy: Option<PathBuf>) -> Result<bool, StartError> {
    let policy = settings::choose_policy(settings::machine_policies(), policy)?;
    let folder = match profile {
        Some(folder) => folder,
        None => Profile::default_folder()?,
    };
    Ok(settings::load(&folder.join(USER_FILE), &policy)
        .settings
        .autostart)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn off_until_a_policy_or_the_rep_says_so() {
        let folder = tempfile::tempdir().unwrap();
        let profile = folder.path().join("profile");
        let asks = |policy: Option<&str>| {
            let file = policy.map(|text| {
                let file = folder.path().join("policy.toml");
                std::fs::write(&file, text).unwrap();
                file
            });
            autostarts(Some(profile.clone()), file).unwrap()
        };
        assert!(!asks(None));
        assert!(asks(Some("[desktop]\nautostart = true\n")));
        std::fs::create_dir_all(&profile).unwrap();
        std::fs::write(profile.join(USER_FILE), "[desktop]\nautostart = true\n").unwrap();
        assert!(asks(None));
        assert!(!asks(Some("[desktop]\nautostart = false\n")), "the policy counts");
    }
}
