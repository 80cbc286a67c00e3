//! The page's TypeScript types are generated from the Rust ones and committed; this finds stale ones.
//!
//! `HOLDLINE_WRITE_BINDINGS=1 cargo nextest run -p telephony bindings` writes them anew.

use std::fs;
use std::path::Path;

use telephony::amazon_connect::{FromPage, ToPage};
use ts_rs::{Config, TS};

#[test]
fn the_page_has_the_types_of_these_frames() {
    let committed = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../packages/ccp/src/bindings");
    let fresh = tempfile::tempdir().unwrap();
    let generate = |folder: &Path| {
        let config = Config::new().with_large_int("number").with_out_dir(folder);
        FromPage::export_all(&config).unwrap();
        ToPage::export_all(&config).unwrap();
    };
    generate(fresh.path());
    if std::env::var_os("HOLDLINE_WRITE_BINDINGS").is_some() {
        generate(&committed);
    }
    let text = |folder: &Path| fs::read_to_string(folder.join("Frames.ts")).unwrap_or_default();
    assert!(
        !text(fresh.path()).is_empty() && text(fresh.path()) == text(&committed).replace("\r\n", "\n"),
        "packages/ccp/src/bindings is stale. Write it anew with:\n  \
         HOLDLINE_WRITE_BINDINGS=1 cargo nextest run -p telephony bindings"
    );
}
