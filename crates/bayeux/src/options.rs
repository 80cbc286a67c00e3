//! How patient a client is.

/// Durations and extensions, milliseconds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// Offers the acknowledgement extension: a server that knows it keeps each message until its arrival is told.
    pub ack: bool,
    /// The first pause after a failure; each further one is twice as long.
    pub first_pause_ms: u64,
    /// The longest pause between attempts, if the server does not ask for more.
    pub longest_pause_ms: u64,
    /// How long a server that calls itself busy is left alone at least.
    pub busy_pause_ms: u64,
    /// How long a connect may be held where the server's advice names no time.
    pub hold_ms: u64,
    /// How long an answer may take, besides the time it is held.
    pub answer_ms: u64,
    /// So many answers in a row that are none of Bayeux, or refuse without a known reason, and it is given up.
    pub most_bad_answers: u32,
}

impl Default for Options {
    /// Salesforce holds a connect for at most 110 s (Streaming API, "Long Polling").
    fn default() -> Self {
        Self {
            ack: false,
            first_pause_ms: 1_000,
            longest_pause_ms: 60_000,
            busy_pause_ms: 120_000,
            hold_ms: 110_000,
            answer_ms: 15_000,
            most_bad_answers: 5,
        }
    }
}
