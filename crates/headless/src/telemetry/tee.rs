//! Stands before the trace and measures what goes by.

use std::sync::{Mutex, PoisonError};

use companion::ports::TracePort;
use trace::line::{Cause, Header};

use super::{Instruments, Seen};

/// Measures each cause, then hands it to the trace, if one is written.
pub(crate) struct Tee {
    instruments: Instruments,
    seen: Mutex<Seen>,
    trace: Option<Box<dyn TracePort>>,
}

impl Tee {
    pub(crate) fn new(instruments: Instruments, trace: Option<Box<dyn TracePort>>) -> Self {
        Self {
            instruments,
            seen: Mutex::default(),
            trace,
        }
    }
}

impl TracePort for Tee {
    fn wants_header(&self) -> bool {
        self.trace.as_ref().is_some_and(|trace| trace.wants_header())
    }

    fn header(&self, header: Header) {
        if let Some(trace) = &self.trace {
            trace.header(header);
        }
    }

    fn cause(&self, cause: Cause) {
        // Adding to sums in memory; the export has a thread of its own.
        self.instruments.measure(
            &cause,
            &mut self.seen.lock().unwrap_or_else(PoisonError::into_inner),
        );
        if let Some(trace) = &self.trace {
            trace.cause(cause);
        }
    }
}
