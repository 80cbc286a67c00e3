//! jsforce, from npm.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::install::{once, skipped, step};
use crate::{org, runs, script};

/// The last of the versions that Node 20 runs, too.
const VERSION: &str = "3.10.14";

#[tokio::test]
async fn jsforce_signs_in_reads_writes_and_listens() {
    let installed = once(&format!("jsforce-{VERSION}"), |folder| {
        std::fs::write(folder.join("package.json"), r#"{"private":true}"#).unwrap();
        let mut npm = node("npm");
        npm.current_dir(folder)
            .args(["install", "--no-audit", "--no-fund", "--ignore-scripts"]);
        step(npm.arg(format!("jsforce@{VERSION}")))
    });
    let folder = match installed {
        Ok(folder) => folder,
        Err(reason) => return skipped("jsforce", &reason),
    };
    let org = org().await;
    let mut client = node("node");
    client.arg(script("with_jsforce.mjs")).arg(folder).arg(org.url());
    runs(client).await;
    org.shutdown().await;
}

/// A program of Node: the checkout's own, where the set-up has brought one, else the machine's.
fn node(program: &str) -> Command {
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../.tools/node/bin");
    let mut path: Vec<PathBuf> = vec![own.clone()];
    path.extend(std::env::split_paths(
        &std::env::var_os("PATH").unwrap_or_default(),
    ));
    let path: OsString = std::env::join_paths(path).unwrap();
    let found = own.join(program);
    let mut command = if found.is_file() {
        Command::new(found)
    } else {
        Command::new(program)
    };
    command.env("PATH", path);
    command
}
