//! The library against a scripted org over a real socket, and against a real keyring.

mod fake_org;
mod faults;
#[cfg(target_os = "linux")]
mod keyring;
mod network;
mod queries;
mod refresh;
mod sign_in;
