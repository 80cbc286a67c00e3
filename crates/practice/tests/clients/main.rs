//! The practice org against programs nobody here wrote. They are installed into Cargo's folder for tests'
//! files, once; without a registry that can be reached the test says so and is skipped.

mod install;
mod jsforce;
mod simple_salesforce;

use std::process::{Command, Output};

use practice::{Options, Server};

async fn org() -> Server {
    let options = Options {
        holdline_ports: Vec::new(),
        ..Options::default()
    };
    Server::start(options).await.unwrap()
}

/// Runs a client's script off the runtime that serves the org; it must succeed.
async fn runs(mut script: Command) {
    let ran: Output = tokio::task::spawn_blocking(move || script.output().unwrap())
        .await
        .unwrap();
    assert!(
        ran.status.success(),
        "{}{}",
        String::from_utf8_lossy(&ran.stdout),
        String::from_utf8_lossy(&ran.stderr)
    );
}

/// Where the scripts are.
fn script(name: &str) -> String {
    format!("{}/tests/clients/{name}", env!("CARGO_MANIFEST_DIR"))
}
