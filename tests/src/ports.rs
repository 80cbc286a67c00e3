//! Port lists for tests that run side by side.

use std::fs::{File, OpenOptions};
use std::net::{Ipv4Addr, Ipv6Addr, TcpListener};

/// Below the range from which systems give out ports by themselves.
const RANGE: std::ops::Range<u16> = 20_000..30_000;

/// Ports that nothing on this machine listens on, kept from other tests as long as this lives.
pub struct Ports {
    ports: Vec<u16>,
    // The lock on each file goes with it, also when the test is killed.
    _held: Vec<File>,
}

impl Ports {
    /// So many of them, free on 127.0.0.1 and ::1.
    #[track_caller]
    pub fn free(count: usize) -> Self {
        let folder = std::env::temp_dir().join("holdline-journey-ports");
        std::fs::create_dir_all(&folder).expect("the temporary folder can be written to");
        let mut free = Self {
            ports: Vec::new(),
            _held: Vec::new(),
        };
        // Start at a place of our own, so that tests in parallel seldom meet.
        let start = usize::try_from(std::process::id()).unwrap_or(0).wrapping_mul(97) % RANGE.len();
        for port in RANGE.cycle_from(start) {
            if free.ports.len() == count {
                return free;
            }
            let file = OpenOptions::new()
                .write(true)
                .create(true)
                .truncate(false)
                .open(folder.join(port.to_string()));
            let Ok(file) = file else { continue };
            if file.try_lock().is_ok() && is_free(port) {
                free.ports.push(port);
                free._held.push(file);
            }
        }
        panic!("there are not {count} free ports in {RANGE:?}");
    }

    /// The ports.
    pub fn list(&self) -> &[u16] {
        &self.ports
    }
}

trait CycleFrom {
    fn cycle_from(self, start: usize) -> impl Iterator<Item = u16>;
}

impl CycleFrom for std::ops::Range<u16> {
    fn cycle_from(self, start: usize) -> impl Iterator<Item = u16> {
        self.clone().skip(start).chain(self.take(start))
    }
}

fn is_free(port: u16) -> bool {
    TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_ok()
        && match TcpListener::bind((Ipv6Addr::LOCALHOST, port)) {
            Ok(_) => true,
            // A machine without IPv6 has nobody listening there.
            Err(error) => error.kind() == std::io::ErrorKind::AddrNotAvailable,
        }
}
