//! What comes out: effects and notes. Their texts are names of states, statuses and rules.

use super::{Pseudonyms, Redact, kept, plain, plains, reason};
use crate::effect::{ConsoleAction, Effect, Notice, NoticeCode};
use crate::note::Note;

impl Redact for Effect {
    fn redacted(self, by: &dyn Pseudonyms) -> Self {
        match self {
            Self::Answer { ticket, answer } => Self::Answer {
                ticket: plain(ticket),
                answer: plain(answer),
            },
            Self::Console {
                console,
                command,
                expires_in_ms,
                action,
            } => Self::Console {
                console: plain(console),
                command: plain(command),
                expires_in_ms: plain(expires_in_ms),
                action: action.redacted(by),
            },
            Self::Notify(notice) => Self::Notify(notice.redacted(by)),
            Self::Phone {
                command,
                state,
                enqueue,
            } => Self::Phone {
                command: plain(command),
                state: kept(state),
                enqueue: plain(enqueue),
            },
            Self::Quit => Self::Quit,
            Self::Read { watch } => Self::Read { watch: plains(watch) },
            Self::Restart => Self::Restart,
            Self::Save { revision } => Self::Save {
                revision: plain(revision),
            },
            Self::SignOut => Self::SignOut,
            Self::Withdraw { command } => Self::Withdraw {
                command: plain(command),
            },
        }
    }
}

impl Redact for ConsoleAction {
    fn redacted(self, by: &dyn Pseudonyms) -> Self {
        match self {
            Self::Arm { voice_prefixes } => Self::Arm {
                voice_prefixes: kept(voice_prefixes),
            },
            Self::CloseWork { work, voice_prefixes } => Self::CloseWork {
                work: plain(work),
                voice_prefixes: kept(voice_prefixes),
            },
            Self::Login { status } => Self::Login {
                status: plain(status),
            },
            Self::Logout {
                voice_prefixes,
                wrapping_up,
            } => Self::Logout {
                voice_prefixes: kept(voice_prefixes),
                wrapping_up: plains(wrapping_up),
            },
            Self::SetStatus { status, log_in } => Self::SetStatus {
                status: plain(status),
                log_in: plain(log_in),
            },
            Self::Snapshot => Self::Snapshot,
            Self::Work { work, action } => Self::Work {
                work: plain(work),
                action: action.redacted(by),
            },
        }
    }
}

impl Redact for Notice {
    fn redacted(self, by: &dyn Pseudonyms) -> Self {
        let Self { code, status } = self;
        let status = match code {
            NoticeCode::LoggedOut => reason(status, by),
            NoticeCode::AnotherCall
            | NoticeCode::Applied
            | NoticeCode::Cancelled
            | NoticeCode::Failed
            | NoticeCode::Held
            | NoticeCode::HoldLasts
            | NoticeCode::Lapsed
            | NoticeCode::LoggedOutDuringCall
            | NoticeCode::SyncPaused => kept(status),
        };
        Self {
            code: plain(code),
            status,
        }
    }
}

impl Redact for Note {
    fn redacted(self, _: &dyn Pseudonyms) -> Self {
        match self {
            Self::Breaker { open } => Self::Breaker { open: plain(open) },
            Self::Confirmed {
                side,
                state,
                after_ms,
            } => Self::Confirmed {
                side: plain(side),
                state: kept(state),
                after_ms: plain(after_ms),
            },
            Self::Guarded {
                origin,
                target,
                phase,
                reason,
                how,
            } => Self::Guarded {
                origin: plain(origin),
                target: plain(target),
                phase: plain(phase),
                reason: plain(reason),
                how: plain(how),
            },
            Self::HoldEnded { target, how } => Self::HoldEnded {
                target: plain(target),
                how: plain(how),
            },
            Self::Ignored { source, why } => Self::Ignored {
                source: plain(source),
                why: plain(why),
            },
            Self::Phase {
                from,
                to,
                source,
                work,
            } => Self::Phase {
                from: plain(from),
                to: plain(to),
                source: plain(source),
                work: plain(work),
            },
            Self::Presence { from, to, by, source } => Self::Presence {
                from: plain(from),
                to: plain(to),
                by: plain(by),
                source: plain(source),
            },
            Self::Problem { code, raised } => Self::Problem {
                code: plain(code),
                raised: plain(raised),
            },
            Self::Rule {
                rule,
                event,
                destination,
                state,
                outcome,
            } => Self::Rule {
                rule: kept(rule),
                event: plain(event),
                destination: plain(destination),
                state: kept(state),
                outcome: plain(outcome),
            },
            Self::Sent {
                side,
                state,
                command,
                attempt,
                enqueue,
            } => Self::Sent {
                side: plain(side),
                state: kept(state),
                command: plain(command),
                attempt: plain(attempt),
                enqueue: plain(enqueue),
            },
        }
    }
}
