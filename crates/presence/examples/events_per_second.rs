//! How many events a second the engine decides on one core. Prints one JSON object,
//! `{"events_per_second": N}`. What the events are: `day`.

mod day;

use std::time::Duration;

use day::Day;

/// How long is measured, after a tenth of it to warm up.
const MEASURE: Duration = Duration::from_secs(2);

fn main() {
    let mut day = Day::new();
    run(&mut day, MEASURE / 10);
    let (events, took) = run(&mut day, MEASURE);
    let per_second = u128::from(events) * 1_000_000_000 / took.as_nanos().max(1);
    println!("{{\"events_per_second\": {per_second}}}");
}

#[expect(
    clippy::disallowed_types,
    reason = "a benchmark reads a clock; the engine does not"
)]
fn run(day: &mut Day, time: Duration) -> (u64, Duration) {
    let (start, before) = (std::time::Instant::now(), day.events);
    while start.elapsed() < time {
        for _ in 0..64 {
            day.cycle();
        }
    }
    (day.events - before, start.elapsed())
}
