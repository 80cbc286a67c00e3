//! macOS' session: while a request is held for a call, the machine does not fall asleep.
//!
//! `caffeinate`, part of the system, holds the power assertion (IOPMAssertion) and ends with us, so that nothing here
//! is unsafe. A logout is not held back: what macOS asks an app's delegate (applicationShouldTerminate) belongs to the
//! window library's delegate, which does not pass it on.

use std::process::Stdio;

use tokio::process::Command;
use tokio::sync::watch;

use super::Watching;

/// Follows what is held.
pub(super) fn start(watching: Watching) {
    let Watching { away, keep_awake, .. } = watching;
    if away.on_lock.is_some() || away.on_idle.is_some() {
        tracing::warn!("[away] has no effect on macOS");
    }
    tokio::spawn(follow(keep_awake));
}

async fn follow(mut wanted: watch::Receiver<bool>) {
    let mut awake = None;
    loop {
        if !*wanted.borrow_and_update() {
            // Dropped, it is killed, and the assertion goes with it.
            awake = None;
        } else if awake.is_none() {
            let started = Command::new("/usr/bin/caffeinate")
                .args(["-i", "-s", "-w", &std::process::id().to_string()])
                .stdin(Stdio::null())
                .kill_on_drop(true)
                .spawn();
            match started {
                Ok(child) => awake = Some(child),
                Err(error) => {
                    tracing::warn!(%error, "the machine can't be kept from sleeping during the call")
                }
            }
        }
        if wanted.changed().await.is_err() {
            return;
        }
    }
}
