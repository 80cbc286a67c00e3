//! What must never be logged, whatever level is asked for.

/// Filter directives over the ones that `RUST_LOG` gives: at level trace the WebSocket library writes whole
/// frames, and a phone's pairing code and token are in them.
pub const WITHOUT_FRAMES: [&str; 2] = ["tungstenite=debug", "tokio_tungstenite=debug"];
