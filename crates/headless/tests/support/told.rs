//! The diagnostic bundle of a Holdline in use.

use wire::support::{Ask, SetBy, Told};

use crate::house::House;

#[tokio::test]
async fn settings_say_whose_they_are() {
    let house = House::open("[guard]\npolicy = \"block\"\n[support]\ncontact = \"Desk 4711\"\n").await;
    let Told::Settings { settings, contact } = house.ask(Ask::Settings).await else {
        panic!("no settings")
    };
    assert_eq!(contact.as_deref(), Some("Desk 4711"));
    let policy = settings
        .iter()
        .find(|setting| setting.key == "guard.policy")
        .unwrap();
    assert_eq!(
        (policy.set_by, policy.value.as_deref()),
        (SetBy::Policy, Some("\"block\""))
    );
    house.ends().await;
}

#[tokio::test]
async fn the_bundle_is_told_before_it_is_saved_and_names_nobody() {
    let house = House::open("").await;
    let Told::Refused { text } = house.ask(Ask::SaveBundle).await else {
        panic!("nothing was shown yet")
    };
    assert!(text.contains("Look at the diagnostic file first"), "{text}");
    house.signs_in().await;
    let name = house.holdline.picture().session.name.unwrap();
    // What a library might have written all the same.
    let logs = house.profile.path().join("logs");
    std::fs::create_dir_all(&logs).unwrap();
    std::fs::write(
        logs.join("000001.log"),
        format!("hello {name}, Bearer 00D000000000001!AQcAQH0dMHZfz\n"),
    )
    .unwrap();
    let Told::Bundle { bundle } = house.ask(Ask::Bundle).await else {
        panic!("no bundle")
    };
    let names: Vec<&str> = bundle.files.iter().map(|file| file.name.as_str()).collect();
    assert_eq!(
        names,
        [
            "about.txt",
            "doctor.txt",
            "settings.txt",
            "log.txt",
            "trace.jsonl"
        ]
    );
    for file in &bundle.files {
        assert!(!file.text.contains(&name), "{} names the rep", file.name);
        assert!(!file.text.contains("AQcAQH0d"), "{} has a token", file.name);
    }
    house.ends().await;
}
