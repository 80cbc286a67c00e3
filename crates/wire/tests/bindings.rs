//! The window's TypeScript types are generated from the Rust ones and committed; this finds stale ones.
//!
//! `HOLDLINE_WRITE_BINDINGS=1 cargo test -p wire --test bindings` writes them anew.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use ts_rs::{Config, TS};
use wire::dispatch::{Dispatch, DispatchError};
use wire::picture::Picture;
use wire::support::{Ask, Told};

fn generate(folder: &Path) {
    // JSON numbers are JavaScript numbers; none of ours comes near 2^53.
    let config = Config::new().with_large_int("number").with_out_dir(folder);
    Dispatch::export_all(&config).unwrap();
    DispatchError::export_all(&config).unwrap();
    Picture::export_all(&config).unwrap();
    Ask::export_all(&config).unwrap();
    Told::export_all(&config).unwrap();
}

fn files(folder: &Path) -> BTreeMap<String, String> {
    let Ok(entries) = fs::read_dir(folder) else {
        return BTreeMap::new();
    };
    entries
        .map(|entry| {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            (name, fs::read_to_string(&path).unwrap().replace("\r\n", "\n"))
        })
        .collect()
}

#[test]
fn the_window_has_the_types_of_this_contract() {
    let committed = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../ui/src/bindings");
    let fresh = tempfile::tempdir().unwrap();
    generate(fresh.path());
    if std::env::var_os("HOLDLINE_WRITE_BINDINGS").is_some() {
        let _ = fs::remove_dir_all(&committed);
        generate(&committed);
    }
    assert!(
        files(fresh.path()) == files(&committed),
        "ui/src/bindings is stale. Write it anew with:\n  \
         HOLDLINE_WRITE_BINDINGS=1 cargo test -p wire --test bindings"
    );
}
