//! Simulates shifts: `shift SEED` tells one, `shift FROM..TO` (or `shift 0..10000`) simulates many and prints
//! one JSON object in its last line. Fails if a promise was broken.

use std::process::ExitCode;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use proof::shifts::{Shift, Tampering, simulate, tell};

fn main() -> ExitCode {
    let argument = std::env::args().nth(1).unwrap_or_default();
    if let Ok(seed) = argument.parse() {
        return one(seed);
    }
    let range = argument.split_once("..");
    let range = range.and_then(|(from, to)| Some((from.parse().ok()?, to.parse().ok()?)));
    match range {
        Some((from, to)) => many(from, to),
        None => {
            eprintln!("error: give a seed, as in `shift 17`, or a range of seeds, as in `shift 0..10000`");
            ExitCode::from(2)
        }
    }
}

fn one(seed: u64) -> ExitCode {
    let (shift, story) = tell(seed, Tampering::default());
    story.iter().for_each(|line| println!("{line}"));
    println!("{shift:#?}");
    verdict(shift.broken.is_empty())
}

fn many(from: u64, to: u64) -> ExitCode {
    let started = Instant::now();
    let next = AtomicU64::new(from);
    let sum = Mutex::new(Sum::default());
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                loop {
                    let seed = next.fetch_add(1, Ordering::Relaxed);
                    if seed >= to {
                        return;
                    }
                    let shift = simulate(seed, Tampering::default());
                    if !shift.broken.is_empty() {
                        report(&shift);
                    }
                    if let Ok(mut sum) = sum.lock() {
                        sum.add(&shift);
                    }
                }
            });
        }
    });
    let sum = sum.into_inner().unwrap_or_default();
    println!("{}", sum.json(started.elapsed().as_secs_f64()));
    verdict(sum.broken == 0)
}

/// What was broken, the last things that happened before, and how to see all of it.
fn report(shift: &Shift) {
    let mut text = String::new();
    if let Some(broken) = shift.broken.first() {
        let (_, story) = tell(shift.seed, Tampering::default());
        let at = story.iter().position(|line| line.contains("BROKEN")).unwrap_or(0);
        for line in &story[at.saturating_sub(30)..=at.min(story.len().saturating_sub(1))] {
            text += &format!("    {line}\n");
        }
        eprintln!(
            "seed {}: {} at {} ms: {}\n{text}  replay: cargo run --release -p proof --example shift -- {}",
            shift.seed, broken.promise, broken.at_ms, broken.what, shift.seed
        );
    }
}

fn verdict(kept: bool) -> ExitCode {
    if kept {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

#[derive(Default)]
struct Sum {
    shifts: u64,
    broken: u64,
    dropped: u64,
    dropped_by_others: u64,
    crossed: u64,
    calls: u64,
    holds: u64,
    logouts: u64,
    runs: u64,
    events: u64,
}

impl Sum {
    fn add(&mut self, shift: &Shift) {
        self.shifts += 1;
        self.broken += shift.broken.len() as u64;
        self.dropped += shift.dropped_calls;
        self.dropped_by_others += shift.dropped_by_others;
        self.crossed += shift.crossed;
        self.calls += shift.calls;
        self.holds += shift.holds;
        self.logouts += shift.logouts;
        self.runs += shift.runs;
        self.events += shift.events;
    }

    fn json(&self, seconds: f64) -> String {
        format!(
            "{{\"simulated\": {}, \"seconds\": {seconds:.1}, \"broken_promises\": {}, \"dropped_calls\": {}, \
             \"dropped_by_others\": {}, \"crossed\": {}, \"calls\": {}, \"holds\": {}, \"logouts\": {}, \
             \"runs\": {}, \"events\": {}}}",
            self.shifts,
            self.broken,
            self.dropped,
            self.dropped_by_others,
            self.crossed,
            self.calls,
            self.holds,
            self.logouts,
            self.runs,
            self.events
        )
    }
}
