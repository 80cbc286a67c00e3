//! What is measured of one cause: pure, so that it can be read and tested.

use companion::texts::code_of;
use presence::event::Event;
use presence::note::{Guarding, HoldEnd, Note};
use presence::picture::CallPhase;
use presence::problem::ProblemCode;
use presence::rules::Destination;
use trace::line::Cause;

/// One measurement. Its words are this program's own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Measurement {
    /// A call was accepted.
    Call,
    /// A write was read back.
    Confirmed { side: &'static str, ms: u64 },
    /// A decision.
    Decided { us: u64 },
    /// A hold is over.
    Hold { end: &'static str },
    /// A problem came up.
    Problem { code: String },
    /// A connection came back.
    Reconnect { to: &'static str },
    /// The guard has decided about a request.
    Request { guard: &'static str, reason: String },
}

/// What was there before: a first connection is no reconnection.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Seen {
    console: bool,
    phone: bool,
}

pub(crate) fn measure(cause: &Cause, seen: &mut Seen) -> Vec<Measurement> {
    let mut measured = vec![Measurement::Decided { us: cause.decided_us }];
    measured.extend(reconnect(&cause.event, seen).map(|to| Measurement::Reconnect { to }));
    measured.extend(cause.notes.iter().filter_map(of_note));
    measured
}

fn reconnect(event: &Event, seen: &mut Seen) -> Option<&'static str> {
    match event {
        Event::ConsoleConnected { .. } => std::mem::replace(&mut seen.console, true).then_some("console"),
        Event::PhoneJoined(_) => std::mem::replace(&mut seen.phone, true).then_some("phone"),
        _ => None,
    }
}

fn of_note(note: &Note) -> Option<Measurement> {
    match note {
        Note::Confirmed { side, after_ms, .. } => Some(Measurement::Confirmed {
            side: match side {
                Destination::Connect => "phone",
                Destination::Salesforce => "presence",
            },
            ms: *after_ms,
        }),
        Note::Guarded { reason, how, .. } => Some(Measurement::Request {
            guard: match how {
                Guarding::Held => "held",
                Guarding::LetThrough => "let_through",
                Guarding::Refused => "refused",
                Guarding::WouldHold => "would_hold",
            },
            reason: reason.as_ref().map(code_of).unwrap_or_default(),
        }),
        Note::HoldEnded { how, .. } => Some(Measurement::Hold {
            end: match how {
                HoldEnd::Applied => "applied",
                HoldEnd::Cancelled => "cancelled",
                HoldEnd::Lapsed => "lapsed",
                HoldEnd::Replaced => "replaced",
            },
        }),
        Note::Phase {
            to: CallPhase::OnCall,
            from,
            ..
        } if *from != CallPhase::Unknown => Some(Measurement::Call),
        Note::Problem { code, raised: true } => Some(Measurement::Problem { code: code_of(code) }),
        Note::Problem {
            code: ProblemCode::OrgUnreachable,
            raised: false,
        } => Some(Measurement::Reconnect { to: "salesforce" }),
        Note::Breaker { .. }
        | Note::Ignored { .. }
        | Note::Phase { .. }
        | Note::Presence { .. }
        | Note::Problem { .. }
        | Note::Rule { .. }
        | Note::Sent { .. } => None,
    }
}

#[cfg(test)]
mod tests {
    use presence::effect::HoldReason;
    use presence::event::{ConsoleId, Origin, Target};
    use presence::time::Now;

    use super::*;

    fn cause(event: Event, notes: Vec<Note>) -> Cause {
        let at = Now {
            mono_ms: 0,
            wall_ms: 0,
        };
        Cause {
            n: 1,
            at,
            event,
            notes,
            effects: vec![],
            changed: vec![],
            decided_us: 7,
        }
    }

    #[test]
    fn a_hold_is_counted_without_whose_it_is() {
        let guarded = Note::Guarded {
            origin: Origin::Tray,
            target: Target::Offline,
            phase: CallPhase::OnCall,
            reason: Some(HoldReason::CallActive),
            how: Guarding::Held,
        };
        let confirmed = Note::Confirmed {
            side: Destination::Salesforce,
            state: "Pat's lunch".into(),
            after_ms: 80,
        };
        let ended = Note::HoldEnded {
            target: Target::Offline,
            how: HoldEnd::Applied,
        };
        let measured = measure(
            &cause(Event::Tick, vec![guarded, confirmed, ended]),
            &mut Seen::default(),
        );
        assert_eq!(
            measured,
            [
                Measurement::Decided { us: 7 },
                Measurement::Request {
                    guard: "held",
                    reason: "call_active".into()
                },
                Measurement::Confirmed {
                    side: "presence",
                    ms: 80
                },
                Measurement::Hold { end: "applied" },
            ]
        );
    }

    #[test]
    fn a_second_connection_is_a_reconnection() {
        let mut seen = Seen::default();
        let connected = || {
            cause(
                Event::ConsoleConnected {
                    console: ConsoleId(1),
                },
                vec![],
            )
        };
        assert_eq!(measure(&connected(), &mut seen).len(), 1);
        assert_eq!(
            measure(&connected(), &mut seen)[1],
            Measurement::Reconnect { to: "console" }
        );
        let cleared = Note::Problem {
            code: ProblemCode::OrgUnreachable,
            raised: false,
        };
        let measured = measure(&cause(Event::Tick, vec![cleared]), &mut seen);
        assert_eq!(measured[1], Measurement::Reconnect { to: "salesforce" });
    }
}
