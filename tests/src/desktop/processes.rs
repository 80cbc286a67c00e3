//! Processes, from /proc.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::ffi::OsStrExt as _;
use std::path::Path;

use rustix::process::{Pid, Signal, kill_process};

/// Kills every process whose environment carries this mark, those that have left their parents included.
pub(super) fn kill_all(mark: &str, value: &Path) {
    let mut mark = format!("{mark}=").into_bytes();
    mark.extend_from_slice(value.as_os_str().as_bytes());
    // A process may have started another one while we were looking: look until there are none.
    for _ in 0..50 {
        let found: Vec<_> = all().filter(|id| carries(*id, &mark)).collect();
        if found.is_empty() {
            return;
        }
        for id in found {
            if let Some(id) = i32::try_from(id).ok().and_then(Pid::from_raw) {
                let _ = kill_process(id, Signal::KILL);
            }
        }
        std::thread::sleep(crate::wait::GLANCE);
    }
}

/// A process and all its descendants.
pub fn tree(root: u32) -> Vec<u32> {
    let mut children: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
    for id in all() {
        if let Some(parent) = parent(id) {
            children.entry(parent).or_default().push(id);
        }
    }
    let mut tree = vec![root];
    let mut next = 0;
    while let Some(id) = tree.get(next) {
        tree.extend(children.get(id).into_iter().flatten().copied());
        next += 1;
    }
    tree
}

fn all() -> impl Iterator<Item = u32> {
    let entries = fs::read_dir("/proc").into_iter().flatten();
    entries.filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok())
}

fn carries(id: u32, mark: &[u8]) -> bool {
    // A zombie has no environment any more: it is gone as far as we care.
    let environment = fs::read(format!("/proc/{id}/environ")).unwrap_or_default();
    environment
        .split(|byte| *byte == 0)
        .any(|variable| variable == mark)
}

fn parent(id: u32) -> Option<u32> {
    let stat = fs::read_to_string(format!("/proc/{id}/stat")).ok()?;
    // The name is in brackets and may hold anything; the parent comes two fields after it.
    stat.rsplit_once(')')?.1.split_whitespace().nth(1)?.parse().ok()
}
