//! The example softphone as a process.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use conformance::{Holdline, PATIENCE};
use serde_json::Value;
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader, Lines};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};
use tokio::time::timeout;

use crate::relay::Relay;

pub(crate) struct Softphone {
    _process: Child,
    input: ChildStdin,
    output: Lines<BufReader<ChildStdout>>,
    relay: Relay,
}

impl Softphone {
    pub(crate) async fn start(holdline: &Holdline, arguments: &[&str]) -> Self {
        let relay = Relay::to(holdline.port()).await;
        let mut command = node("node");
        command
            .arg("--experimental-websocket")
            .arg(examples().join("softphone.mjs"))
            .args(["--port", &relay.port().to_string(), "--token", holdline.token()])
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true);
        let mut process = command.spawn().expect("node starts");
        let input = process.stdin.take().expect("piped");
        let output = BufReader::new(process.stdout.take().expect("piped")).lines();
        Self {
            _process: process,
            input,
            output,
            relay,
        }
    }

    /// Types a command and waits for its answer.
    pub(crate) async fn ask(&mut self, command: &str) -> Value {
        let typed = format!("{command}\n");
        self.input.write_all(typed.as_bytes()).await.expect("it reads");
        let word = command.split(' ').next().unwrap_or_default();
        loop {
            let line = timeout(PATIENCE, self.output.next_line()).await;
            let line = line.expect("an answer").expect("text").expect("it runs");
            let said: Value = serde_json::from_str(&line).expect("JSON");
            if said["command"] == word {
                assert!(said["error"].is_null(), "{command}: {said}");
                return said["answer"].clone();
            }
        }
    }

    pub(crate) async fn cut(&mut self) {
        self.relay.cut();
    }
}

/// The folder of the examples.
pub(crate) fn examples() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/connector/examples")
}

/// Why there is no Node, if there is none: `cargo xtask setup` brings one.
pub(crate) fn missing() -> Option<String> {
    let found = node("node").into_std().arg("--version").output();
    match found {
        Ok(ran) if ran.status.success() => None,
        _ => Some("there is no Node: `cargo xtask setup` brings one".to_owned()),
    }
}

/// Says that a test was skipped: to people, and to `cargo xtask test`, which repeats it at the end.
pub(crate) fn skipped(test: &str, reason: &str) {
    eprintln!("skipped: {test}: {reason}");
    if let Some(path) = std::env::var_os("HOLDLINE_SKIPPED") {
        use std::io::Write as _;
        let file = std::fs::OpenOptions::new().append(true).create(true).open(path);
        let told = file.and_then(|mut file| writeln!(file, "{test}\t{reason}"));
        told.expect("the list of skipped tests can be written");
    }
}

/// A program of Node: the checkout's own, where the set-up has brought one, else the machine's.
fn node(program: &str) -> Command {
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../.tools/node/bin");
    let paths = std::env::var_os("PATH").unwrap_or_default();
    let path: OsString = std::env::join_paths([own].into_iter().chain(std::env::split_paths(&paths)))
        .expect("folders without a separator in their names");
    let mut command = Command::new(program);
    command.env("PATH", path);
    command
}
