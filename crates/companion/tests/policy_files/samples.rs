//! The samples that administrators begin with are valid.

use std::fs;

use companion::settings::{PolicySource, SetBy, check, load};

use super::root;

#[test]
fn the_configuration_profile_is_valid_and_sets_something() {
    let profile = PolicySource::ManagedPreferences(root().join("packaging/macos/holdline.mobileconfig"));
    assert_eq!(check(profile.clone()), []);
    let loaded = load("".as_ref(), &[profile]);
    let set = loaded.shown.iter().filter(|shown| shown.set_by == SetBy::Policy);
    let set: Vec<String> = set.map(|shown| shown.key.path()).collect();
    assert_eq!(
        set,
        [
            "guard.policy",
            "org.client_id",
            "org.url",
            "streaming.mode",
            "support.contact"
        ]
    );
}

#[test]
fn every_policy_in_the_documentation_is_valid() {
    let mut found = 0;
    for name in ["docs/it-guide.md", "docs/settings.md"] {
        let text = fs::read_to_string(root().join(name)).unwrap();
        for block in text.split("```toml\n").skip(1) {
            let block = block.split("```").next().unwrap();
            let folder = tempfile::tempdir().unwrap();
            let file = folder.path().join("policy.toml");
            fs::write(&file, block).unwrap();
            // What a sample names need not be there.
            fs::copy(
                root().join("crates/rules/examples/rules.toml"),
                folder.path().join("team-rules.toml"),
            )
            .unwrap();
            let ca = root().join("crates/companion/tests/policy_files/ca.pem");
            fs::copy(ca, folder.path().join("company-ca.pem")).unwrap();
            assert_eq!(check(PolicySource::File(file)), [], "{name}:\n{block}");
            found += 1;
        }
    }
    assert!(found >= 2, "{found}");
}
