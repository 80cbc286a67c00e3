//! Lets tauri-build work in `OUT_DIR`: it writes generated schemas and permissions into its working
//! directory, and the project's root is to stay clean.

use std::path::{Path, PathBuf};
use std::{env, fs};

use tauri_build::{AppManifest, Attributes};

/// The commands the window may be allowed to call; each has its `allow-…` in a capability.
const COMMANDS: &[&str] = &["dispatch", "picture", "support"];

fn main() {
    let root = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").expect("cargo sets it"));
    let work = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets it")).join("tauri");
    fs::create_dir_all(&work).expect("OUT_DIR can be written");
    fs::copy(root.join("Cargo.toml"), work.join("Cargo.toml")).expect("the manifest can be copied");
    for watched in ["Cargo.toml", "tauri.conf.json", "icons", "src-tauri/capabilities"] {
        println!("cargo:rerun-if-changed={}", root.join(watched).display());
    }
    // The page is built into the window's program. Where there is none yet, watching it would rebuild always.
    let page = root.join("ui/dist");
    if page.exists() {
        println!("cargo:rerun-if-changed={}", page.display());
    }
    env::set_current_dir(&work).expect("OUT_DIR can be entered");

    let capabilities = pattern(&root.join("src-tauri/capabilities"));
    let permissions = pattern(&root.join("src-tauri/permissions"));
    let manifest = AppManifest::new()
        .commands(COMMANDS)
        .permissions_path_pattern(permissions);
    let attributes = Attributes::new()
        .config_path(root.join("tauri.conf.json"))
        .capabilities_path_pattern(capabilities)
        .app_manifest(manifest);
    tauri_build::try_build(attributes).expect("tauri.conf.json and the capabilities are valid");
}

/// Everything below a folder. The build script runs once and its patterns must live as long as it does.
fn pattern(folder: &Path) -> &'static str {
    format!("{}/**/*", folder.display()).leak()
}
