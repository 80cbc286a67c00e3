//! The files that administrators load into their tools are made from the table of settings and committed; this
//! finds stale ones and reads them as those tools do.
//!
//! `HOLDLINE_WRITE_POLICY_FILES=1 cargo nextest run -p companion --test policy_files` writes them anew.

mod admx;
mod documents;
mod group_policy;
mod samples;

use std::fs;
use std::path::PathBuf;

/// The checkout. Compiled on another system, its path has no drive before `absolute` gives it one.
fn root() -> PathBuf {
    let checkout = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..");
    std::path::absolute(checkout).unwrap()
}

/// A committed file must be what is made now.
#[track_caller]
fn is_committed(path: &str, made: &str) {
    let file = root().join(path);
    if std::env::var_os("HOLDLINE_WRITE_POLICY_FILES").is_some() {
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(&file, made).unwrap();
    }
    let committed = fs::read_to_string(&file)
        .unwrap_or_default()
        .replace("\r\n", "\n");
    assert!(
        committed == made,
        "{path} is stale. Write it anew with:\n  HOLDLINE_WRITE_POLICY_FILES=1 cargo nextest run -p companion --test \
         policy_files"
    );
}

#[test]
fn the_schema_is_of_these_settings() {
    let schema = serde_json::to_string_pretty(&companion::settings::schema()).unwrap() + "\n";
    is_committed("docs/policy.schema.json", &schema);
}

#[test]
fn the_administrative_template_is_of_these_settings() {
    is_committed("packaging/windows/Holdline.admx", &admx::definitions());
    is_committed("packaging/windows/en-US/Holdline.adml", &admx::words());
}
