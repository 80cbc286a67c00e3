//! The example that needs nothing but curl.

use std::path::Path;
use std::process::Command;

use conformance::Holdline;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_script_reports_a_call_with_curl() {
    let holdline = Holdline::open().await;
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/connector/examples/report.sh");
    let mut sh = Command::new("sh");
    sh.arg(script)
        .env("PORT", holdline.port().to_string())
        .env("TOKEN", holdline.token());
    let ran = tokio::task::spawn_blocking(move || sh.output())
        .await
        .unwrap()
        .unwrap();
    assert!(
        ran.status.success(),
        "{}{}",
        String::from_utf8_lossy(&ran.stdout),
        String::from_utf8_lossy(&ran.stderr)
    );
    let told = holdline.told().await;
    let contacts: Vec<usize> = told.iter().map(|state| state.contacts.len()).collect();
    assert_eq!(contacts, [1, 0]);
    assert!(!holdline.may_be_written(), "it was content with reporting");
}
