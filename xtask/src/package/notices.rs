//! Third-party notices: the licences of everything that the programs are linked with, as each library brings them.
//!
//! Collected from the sources that cargo and npm have fetched for the build itself. (cargo-about reads the same files
//! but compares each with every known licence first: minutes for what `cargo deny` checks already.)

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};
use serde_json::Value;

use crate::command::{cargo, output};
use crate::paths;

/// How the names of files begin that a licence asks to be handed on.
const NAMES: [&str; 5] = ["COPYING", "COPYRIGHT", "LICENCE", "LICENSE", "NOTICE"];

/// A text, and who brings it.
type Texts = BTreeMap<String, BTreeSet<String>>;

/// Crates of every system the product is built for, and the npm packages whose code is in the window's page.
pub(super) fn notices() -> Result<Vec<u8>> {
    let linked = linked()?;
    let metadata = output(cargo().args(["metadata", "--format-version", "1", "--locked"]))
        .context("`cargo metadata` failed: is Cargo.lock up to date?")?;
    let metadata: Value = serde_json::from_str(&metadata)?;
    let mut texts = Texts::new();
    let mut listed = String::new();
    for package in metadata["packages"].as_array().into_iter().flatten() {
        let field = |name: &str| package[name].as_str().unwrap_or_default();
        let name = format!("{} {}", field("name"), field("version"));
        // Our own have no source.
        if package["source"].is_null() || !linked.contains(&name) {
            continue;
        }
        let folder = Path::new(field("manifest_path"))
            .parent()
            .unwrap_or(Path::new(""));
        let licence = match field("license") {
            "" => "see its text below",
            licence => licence,
        };
        listed.push_str(&format!("{name}: {licence} ({})\n", field("repository")));
        collect(&mut texts, &name, folder)?;
    }
    ensure!(
        listed.lines().count() > 100,
        "only {} libraries were found",
        listed.lines().count()
    );
    let ui = fs::read_to_string(paths::ui().join("package.json"))?;
    let ui: Value = serde_json::from_str(&ui).context("ui/package.json is no JSON")?;
    for (package, _) in ui["dependencies"].as_object().into_iter().flatten() {
        let folder = paths::ui().join("node_modules").join(package);
        let manifest = fs::read_to_string(folder.join("package.json"))
            .with_context(|| format!("{} is not installed", folder.display()))?;
        let manifest: Value = serde_json::from_str(&manifest)?;
        let Some(licence) = manifest["license"].as_str() else {
            bail!("{} names no licence", folder.display());
        };
        let name = format!(
            "{package} {} (npm)",
            manifest["version"].as_str().unwrap_or_default()
        );
        listed.push_str(&format!("{name}: {licence}\n"));
        collect(&mut texts, &name, &folder)?;
    }
    Ok(written(&listed, &texts).into_bytes())
}

/// Everything that is in a program of ours on some system; what only builds or tests is not.
fn linked() -> Result<BTreeSet<String>> {
    let mut tree = cargo();
    tree.args([
        "tree",
        "--locked",
        "--edges",
        "normal,no-proc-macro",
        "--prefix",
        "none",
    ])
    .args(["--target", "all", "--format", "{p}"])
    .args(["--package", "holdline", "--package", "holdlinectl"]);
    let tree = output(&mut tree).context("`cargo tree` failed")?;
    // "serde v1.0.0 (…)"
    Ok(tree
        .lines()
        .filter_map(|line| {
            let mut words = line.split_whitespace();
            let (name, version) = (words.next()?, words.next()?);
            Some(format!("{name} {}", version.trim_start_matches('v')))
        })
        .collect())
}

fn collect(texts: &mut Texts, name: &str, folder: &Path) -> Result<()> {
    let mut files: Vec<PathBuf> = fs::read_dir(folder)
        .with_context(|| format!("the source of {name} is not there"))?
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.is_file() && is_licence(path))
        .collect();
    files.sort();
    for file in files {
        let text = String::from_utf8_lossy(&fs::read(&file)?).replace("\r\n", "\n");
        texts
            .entry(text.trim().to_owned())
            .or_default()
            .insert(name.to_owned());
    }
    Ok(())
}

fn is_licence(path: &Path) -> bool {
    let name = path
        .file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .to_ascii_uppercase();
    NAMES.iter().any(|beginning| name.starts_with(beginning))
}

fn written(listed: &str, texts: &Texts) -> String {
    let rule = "-".repeat(78);
    let mut all = format!(
        "Holdline is linked with the libraries below. Each is used under the licence beside its name; the texts that \
         they bring follow.\n\n{listed}"
    );
    for (text, names) in texts {
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        all.push_str(&format!("\n{rule}\n{}\n\n{text}\n", names.join(", ")));
    }
    all
}
