//! What a traced event costs: on the loop (a copy of it) and on the trace's thread (redaction and JSON).

use std::hint::black_box;
use std::time::Instant;

use presence::changed::Part;
use presence::event::{ConsoleId, Event};
use presence::phone::{AgentState, AgentStateKind, Contact, ContactPhase, PhoneState};
use presence::redact::Redact as _;
use presence::time::Now;
use trace::line::Cause;
use trace::pseudonym::{KEY_BYTES, KeyedHash};

const ROUNDS: u32 = 200_000;

fn main() {
    let by = KeyedHash::new(&[1; KEY_BYTES]);
    let report = Event::PhoneState(PhoneState {
        state: AgentState {
            name: "Available".to_owned(),
            kind: AgentStateKind::Routable,
        },
        next_state: None,
        contacts: vec![Contact {
            id: "contact-1".to_owned(),
            phase: ContactPhase::Connected,
            vendor_call_key: Some("key-1".to_owned()),
        }],
        since_ms: None,
    });
    let heartbeat = Event::ConsoleHeard {
        console: ConsoleId(1),
    };
    for (name, event) in [("heartbeat", heartbeat), ("phone report", report)] {
        let began = Instant::now();
        for _ in 0..ROUNDS {
            black_box(event.clone());
        }
        let copied = began.elapsed() / ROUNDS;
        let began = Instant::now();
        let mut bytes = 0;
        for _ in 0..ROUNDS {
            let cause = Cause {
                n: 1,
                at: Now::default(),
                event: event.clone(),
                notes: Vec::new(),
                effects: Vec::new(),
                changed: vec![Part::Evidence],
                decided_us: 1,
            };
            bytes = black_box(cause.redacted(&by).to_text()).map_or(0, |text| text.len());
        }
        let written = began.elapsed() / ROUNDS;
        println!("{name}: copied in {copied:?}, a line of {bytes} bytes in {written:?}");
    }
}
