//! jsforce, from npm.

use crate::install::{node, once, skipped, step};
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
