//! The fault matrix: each fault at each moment, over real sockets, with every duration at a tenth. It writes
//! `docs/reliability.md`: the test fails where the document is not what the matrix has shown.

mod broken;
mod cell;
mod document;
mod fault;
#[cfg_attr(
    not(target_os = "linux"),
    allow(dead_code, reason = "nothing is broken for real there")
)]
mod front;
#[cfg(target_os = "linux")]
mod full_disk;
mod house;
mod moment;
#[cfg(target_os = "linux")]
mod real_network;

use std::sync::Arc;

use tokio::sync::Semaphore;
use tokio::task::JoinSet;

/// Houses at once: each is a Holdline, an org and a console.
const AT_ONCE: usize = 24;

/// Set, it has the document written anew instead of compared.
const WRITE: &str = "HOLDLINE_WRITE_RELIABILITY";

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn every_fault_at_every_moment() {
    let (mut cells, doors) = (JoinSet::new(), Arc::new(Semaphore::new(AT_ONCE)));
    for (row, fault) in fault::all().into_iter().enumerate() {
        for moment in moment::ALL {
            let (fault, doors) = (fault.clone(), Arc::clone(&doors));
            cells.spawn(async move {
                let _turn = doors.acquire_owned().await.unwrap();
                let played = tokio::spawn(cell::play(fault.clone(), moment)).await;
                let played = played.map_err(|_| format!("{}: {}", fault.name, moment.name()));
                ((row, moment), played)
            });
        }
    }
    let played = cells.join_all().await;
    let failed: Vec<_> = played
        .iter()
        .filter_map(|(_, cell)| cell.as_ref().err())
        .collect();
    assert!(failed.is_empty(), "the reasons stand above: {failed:#?}");
    let mut shown: Vec<_> = played
        .into_iter()
        .filter_map(|(place, cell)| Some((place, cell.ok()?)))
        .collect();
    shown.sort_by_key(|(place, _)| *place);

    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/reliability.md");
    let document = document::of(&fault::all(), &shown);
    if std::env::var_os(WRITE).is_some() {
        std::fs::write(path, &document).unwrap();
    }
    let kept = std::fs::read_to_string(path).unwrap_or_default();
    assert_eq!(
        kept, document,
        "docs/reliability.md is not what the matrix has shown; {WRITE}=1 writes it anew"
    );
}
