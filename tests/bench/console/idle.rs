//! What Holdline costs while nothing happens.

use std::thread;
use std::time::{Duration, Instant};

use journeys::desktop::tree;

use super::scene::Scene;
use crate::figure::Missing;

/// The page is asked for a snapshot every minute: both are in it.
const WHILE: Duration = Duration::from_secs(120);

/// Clock ticks of proc(5) in a second: 100 on every Linux that Holdline is built for.
const USER_HZ: f64 = 100.0;

/// Percent of one core that all of Holdline's processes take, the window's web process included, with the window
/// shown and the console joined.
pub(super) fn cpu() -> Result<Vec<f64>, Missing> {
    let scene = Scene::set()?;
    let root = scene.window.process();
    // What the sign-in has begun is over soon after.
    thread::sleep(Duration::from_secs(10));
    let (began, before) = (Instant::now(), seconds(root));
    thread::sleep(WHILE);
    let used = seconds(root) - before;
    assert!(used >= 0.0, "a process ended while nothing happened");
    Ok(vec![used / began.elapsed().as_secs_f64() * 100.0])
}

/// Processor time of a process and its descendants, user and system, in seconds.
fn seconds(root: u32) -> f64 {
    let ticks: u64 = tree(root).into_iter().map(ticks).sum();
    #[expect(clippy::cast_precision_loss, reason = "a few thousand ticks")]
    let seconds = ticks as f64 / USER_HZ;
    seconds
}

/// `utime` and `stime` of proc(5), in clock ticks.
fn ticks(id: u32) -> u64 {
    let stat = std::fs::read_to_string(format!("/proc/{id}/stat")).unwrap_or_default();
    // The name is in brackets and may hold anything; field 14 of the whole is the twelfth after it.
    let fields = stat.rsplit_once(')').map_or("", |(_, rest)| rest);
    let times = fields.split_whitespace().skip(11).take(2);
    times.filter_map(|time| time.parse::<u64>().ok()).sum()
}
