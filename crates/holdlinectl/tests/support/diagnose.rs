//! `holdlinectl diagnose`, where no Holdline runs.

use std::fs;

use crate::holdlinectl;

#[test]
fn it_shows_first_and_saves_only_when_told_to() {
    let folder = tempfile::tempdir().unwrap();
    let logs = folder.path().join("profile/logs");
    fs::create_dir_all(&logs).unwrap();
    fs::write(
        logs.join("000001.log"),
        "a line with 00D000000000001!AQcAQH0dMHZfz972.Szm in it\n",
    )
    .unwrap();
    let policy = "[streaming]\nmode = \"off\"\n";
    fs::write(folder.path().join("policy.toml"), policy).unwrap();
    let diagnose = ["diagnose", "--profile", "profile", "--policy", "policy.toml"];
    let shown = holdlinectl(folder.path(), &diagnose).exits(0).out();
    for part in [
        "── about.txt",
        "── doctor.txt",
        "streaming.mode = \"off\"",
        "a line with [token] in it",
        "Nothing is saved",
    ] {
        assert!(shown.contains(part), "{part}: {shown}");
    }
    let before = fs::read_dir(folder.path()).unwrap().count();
    let out = [&diagnose[..], &["--out", "it.zip"]].concat();
    let said = holdlinectl(folder.path(), &out).exits(0).out();
    assert!(said.starts_with("Saved it.zip with about.txt, "), "{said}");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), before + 1);
    assert!(fs::read(folder.path().join("it.zip")).unwrap().starts_with(b"PK"));
    let again = holdlinectl(folder.path(), &out);
    assert!(
        again.exits(1).err().contains("Name another file"),
        "{}",
        again.err()
    );
}
