//! What enters.

use super::{Pseudonyms, Redact, kept, plain, plains, secret};
use crate::event::{Catalogue, Event, PresenceStatus, ServiceChannel, WorkAction, WorkOptions, WorkRow};
use crate::phone::{AgentState, Contact, PhoneJoined, PhoneState};

impl Redact for Event {
    fn redacted(self, by: &dyn Pseudonyms) -> Self {
        match self {
            Self::Cancel { ticket } => Self::Cancel {
                ticket: plain(ticket),
            },
            Self::Catalogue(catalogue) => Self::Catalogue(catalogue.redacted(by)),
            Self::CommandAnswered { command, outcome } => Self::CommandAnswered {
                command: plain(command),
                outcome: plain(outcome),
            },
            Self::ConnectionError => Self::ConnectionError,
            Self::ConsoleConnected { console } => Self::ConsoleConnected {
                console: plain(console),
            },
            Self::ConsoleGone { console } => Self::ConsoleGone {
                console: plain(console),
            },
            Self::ConsoleHeard { console } => Self::ConsoleHeard {
                console: plain(console),
            },
            Self::ConsoleSnapshot {
                console,
                command,
                works,
                status,
                conversations_ended,
            } => Self::ConsoleSnapshot {
                console: plain(console),
                command: plain(command),
                works: plains(works),
                status: plain(status),
                conversations_ended: plains(conversations_ended),
            },
            Self::ConversationEnded { item } => Self::ConversationEnded { item: plain(item) },
            Self::Dismiss { code } => Self::Dismiss { code: plain(code) },
            Self::OmniLogout { reason } => Self::OmniLogout {
                reason: reason.redacted(by),
            },
            Self::PairingEnded { id } => Self::PairingEnded { id: secret(id, by) },
            Self::PairingOffered(pairing) => Self::PairingOffered(pairing.redacted(by)),
            Self::PhoneAsks { state } => Self::PhoneAsks { state: kept(state) },
            Self::PhoneAnswered { command, outcome } => Self::PhoneAnswered {
                command: plain(command),
                outcome: plain(outcome),
            },
            Self::PhoneGone => Self::PhoneGone,
            Self::PhoneJoined(joined) => Self::PhoneJoined(joined.redacted(by)),
            Self::PhoneState(state) => Self::PhoneState(state.redacted(by)),
            Self::ProblemCleared { code } => Self::ProblemCleared { code: plain(code) },
            Self::ProblemRaised(problem) => Self::ProblemRaised(problem.redacted(by)),
            Self::ReadFailed {
                problem,
                retry_after_ms,
            } => Self::ReadFailed {
                problem: problem.redacted(by),
                retry_after_ms: plain(retry_after_ms),
            },
            Self::Request {
                ticket,
                origin,
                target,
            } => Self::Request {
                ticket: plain(ticket),
                origin: plain(origin),
                target: plain(target),
            },
            Self::RepIsBack { from } => Self::RepIsBack { from: plain(from) },
            Self::ResumeSync => Self::ResumeSync,
            Self::Return { ticket, origin } => Self::Return {
                ticket: plain(ticket),
                origin: plain(origin),
            },
            Self::Rows {
                asked,
                works,
                presence,
            } => Self::Rows {
                asked: plain(asked),
                works: works.redacted(by),
                presence: plain(presence),
            },
            Self::SaveFailed { revision, reason } => Self::SaveFailed {
                revision: plain(revision),
                reason: secret(reason, by),
            },
            Self::Saved { revision } => Self::Saved {
                revision: plain(revision),
            },
            Self::SignInStarted => Self::SignInStarted,
            Self::SignedIn {
                org,
                user,
                name,
                org_url,
            } => Self::SignedIn {
                org: plain(org),
                user: plain(user),
                name: secret(name, by),
                org_url: secret(org_url, by),
            },
            Self::SignedOut => Self::SignedOut,
            Self::StatusChanged { status } => Self::StatusChanged {
                status: plain(status),
            },
            Self::StreamGap => Self::StreamGap,
            Self::StreamStopped { why } => Self::StreamStopped { why: plain(why) },
            Self::Streamed {
                works,
                presence,
                replay,
            } => Self::Streamed {
                works: works.redacted(by),
                presence: plain(presence),
                replay: plain(replay),
            },
            Self::Tick => Self::Tick,
            Self::Work { seen, declined } => Self::Work {
                seen: plain(seen),
                declined: plain(declined),
            },
            Self::WorkFlag { work, flagged } => Self::WorkFlag {
                work: plain(work),
                flagged: plain(flagged),
            },
            Self::WorkOptions(options) => Self::WorkOptions(options.redacted(by)),
            Self::WorkRequest {
                ticket,
                origin,
                work,
                action,
            } => Self::WorkRequest {
                ticket: plain(ticket),
                origin: plain(origin),
                work: plain(work),
                action: action.redacted(by),
            },
            Self::Workload(workload) => Self::Workload(plain(workload)),
        }
    }
}

impl Redact for Catalogue {
    fn redacted(self, by: &dyn Pseudonyms) -> Self {
        let Self {
            statuses,
            channels,
            wrap_up,
            instance,
            call_center,
        } = self;
        Self {
            statuses: statuses.redacted(by),
            channels: channels.redacted(by),
            wrap_up: plain(wrap_up),
            instance: kept(instance),
            call_center: plain(call_center),
        }
    }
}

impl Redact for PresenceStatus {
    fn redacted(self, _: &dyn Pseudonyms) -> Self {
        let Self {
            id,
            label,
            developer_name,
            online,
        } = self;
        Self {
            id: plain(id),
            label: kept(label),
            developer_name: kept(developer_name),
            online: plain(online),
        }
    }
}

impl Redact for ServiceChannel {
    fn redacted(self, _: &dyn Pseudonyms) -> Self {
        let Self {
            name,
            item_prefix,
            voice,
        } = self;
        Self {
            name: kept(name),
            item_prefix: kept(item_prefix),
            voice: plain(voice),
        }
    }
}

impl Redact for WorkRow {
    fn redacted(self, by: &dyn Pseudonyms) -> Self {
        let Self {
            work,
            item,
            stage,
            voice,
            conversation_ended,
            vendor_call_key,
            since_ms,
            closed_ms,
            conversation_ended_ms,
            acw_extensions,
            modstamp_ms,
        } = self;
        Self {
            work: plain(work),
            item: plain(item),
            stage: plain(stage),
            voice: plain(voice),
            conversation_ended: plain(conversation_ended),
            vendor_call_key: vendor_call_key.map(|key| secret(key, by)),
            since_ms: plain(since_ms),
            closed_ms: plain(closed_ms),
            conversation_ended_ms: plain(conversation_ended_ms),
            acw_extensions: plain(acw_extensions),
            modstamp_ms: plain(modstamp_ms),
        }
    }
}

impl Redact for PhoneJoined {
    fn redacted(self, by: &dyn Pseudonyms) -> Self {
        let Self {
            name,
            enqueues,
            states,
            profile,
            writable,
        } = self;
        Self {
            name: secret(name, by),
            enqueues: plain(enqueues),
            states: states.redacted(by),
            profile: plain(profile),
            writable: plain(writable),
        }
    }
}

impl Redact for PhoneState {
    fn redacted(self, by: &dyn Pseudonyms) -> Self {
        let Self {
            state,
            next_state,
            contacts,
            since_ms,
        } = self;
        Self {
            state: state.redacted(by),
            next_state: kept(next_state),
            contacts: contacts.redacted(by),
            since_ms: plain(since_ms),
        }
    }
}

impl Redact for AgentState {
    fn redacted(self, _: &dyn Pseudonyms) -> Self {
        let Self { name, kind } = self;
        Self {
            name: kept(name),
            kind: plain(kind),
        }
    }
}

impl Redact for Contact {
    fn redacted(self, by: &dyn Pseudonyms) -> Self {
        let Self {
            id,
            phase,
            vendor_call_key,
        } = self;
        Self {
            id: secret(id, by),
            phase: plain(phase),
            vendor_call_key: vendor_call_key.map(|key| secret(key, by)),
        }
    }
}

impl Redact for WorkAction {
    fn redacted(self, by: &dyn Pseudonyms) -> Self {
        match self {
            Self::Accept => Self::Accept,
            Self::Close => Self::Close,
            Self::Decline { reason } => Self::Decline { reason: kept(reason) },
            Self::LowerFlag => Self::LowerFlag,
            Self::RaiseFlag { message } => Self::RaiseFlag {
                message: secret(message, by),
            },
        }
    }
}

impl Redact for WorkOptions {
    fn redacted(self, _: &dyn Pseudonyms) -> Self {
        let Self {
            may_decline,
            decline_reasons,
        } = self;
        Self {
            may_decline: plain(may_decline),
            decline_reasons: kept(decline_reasons),
        }
    }
}
