//! How many more bytes the engine holds on the heap after 10,000,000 events than after it has warmed up, drained
//! as the loop does it. Prints one JSON object, `{"heap_growth_bytes": N}`. What the events are: `day`.

mod day;

use day::Day;
use peak_alloc::PeakAlloc;

#[global_allocator]
static HEAP: PeakAlloc = PeakAlloc;

/// Until everything that is bounded has reached its bounds.
const WARM_UP: u64 = 100_000;
const MEASURED: u64 = 10_000_000;

fn main() {
    let mut day = Day::new();
    until(&mut day, WARM_UP);
    // Always at the end of a cycle: the same moment of the day.
    let before = HEAP.current_usage();
    until(&mut day, WARM_UP + MEASURED);
    let after = HEAP.current_usage();
    let growth = i128::try_from(after).unwrap_or(0) - i128::try_from(before).unwrap_or(0);
    println!("{{\"heap_growth_bytes\": {growth}}}");
}

fn until(day: &mut Day, events: u64) {
    while day.events < events {
        day.cycle();
    }
}
