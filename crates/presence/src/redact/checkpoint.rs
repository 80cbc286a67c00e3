//! What an engine is.
//!
//! A new field of the state does not compile here until it is named: [`plain`] if it is `Copy`, [`kept`] for
//! a configured name, [`secret`] for anything else that is a text, `redacted` for what has its own rule.

use super::{Pseudonyms, Redact, about, kept, plain, plain_box, plains, secret};
use crate::checkpoint::Checkpoint;
use crate::saved::{Saved, SavedIntent, SavedSession};
use crate::state::{
    Candidate, Console, Intent, Known, Org, Phone, PhoneAsked, PhoneWant, Reading, Session, Stage, State,
    Sync, Work,
};

use crate::worklist::Worklist;

impl Redact for Checkpoint {
    fn redacted(self, by: &dyn Pseudonyms) -> Self {
        let Self {
            settings,
            catalogue,
            state,
            saved,
            disk,
            run,
            last,
            worklist,
        } = self;
        Self {
            // What administrators have set and written: rules, statuses, durations.
            settings,
            catalogue: catalogue.redacted(by),
            state: state.redacted(by),
            saved: saved.redacted(by),
            // Numbers and times.
            disk,
            run: plain(run),
            last: plain(last),
            worklist: worklist.redacted(by),
        }
    }
}

impl Redact for State {
    fn redacted(self, by: &dyn Pseudonyms) -> Self {
        let Self {
            session,
            resumable,
            console,
            console_lost,
            reading,
            works,
            org,
            call,
            presence,
            last_online,
            missed,
            phone,
            kept_contact,
            phone_want,
            phone_echoes,
            sync,
            intent,
            candidate,
            held_as,
            closing,
            strays,
            echoes,
            problems,
            pairings,
            last_command,
        } = self;
        let problems = problems.into_iter();
        Self {
            session: session.redacted(by),
            resumable: resumable.redacted(by),
            console: console.redacted(by),
            console_lost: plain(console_lost),
            reading: reading.redacted(by),
            works: works.redacted(by),
            org: org.redacted(by),
            call: plain(call),
            presence: plain(presence),
            last_online: plain(last_online),
            missed: plain(missed),
            phone: phone.redacted(by),
            kept_contact: plain(kept_contact),
            phone_want: phone_want.redacted(by),
            phone_echoes: phone_echoes
                .into_iter()
                .map(|(state, until)| (kept(state), until))
                .collect(),
            sync: sync.redacted(by),
            intent: intent.redacted(by),
            candidate: candidate.redacted(by),
            held_as: plain_box(held_as),
            closing: plain_box(closing),
            strays: plains(strays),
            echoes: plains(echoes),
            problems: problems
                .map(|(code, text)| (code, about(code, text, by)))
                .collect(),
            pairings: pairings.redacted(by),
            last_command: plain(last_command),
        }
    }
}

impl Redact for Session {
    fn redacted(self, by: &dyn Pseudonyms) -> Self {
        match self {
            Self::SignedIn {
                org,
                user,
                name,
                org_url,
                since,
            } => Self::SignedIn {
                org: plain(org),
                user: plain(user),
                name: secret(name, by),
                org_url: secret(org_url, by),
                since: plain(since),
            },
            Self::SignedOut => Self::SignedOut,
            Self::SigningIn => Self::SigningIn,
        }
    }
}

impl Redact for Saved {
    fn redacted(self, by: &dyn Pseudonyms) -> Self {
        let Self {
            schema,
            session,
            intent,
            held_as,
            phone,
            phase,
        } = self;
        Self {
            schema: plain(schema),
            session: session.redacted(by),
            intent: intent.redacted(by),
            held_as: plain(held_as),
            phone: plain(phone),
            phase: plain(phase),
        }
    }
}

impl Redact for SavedSession {
    fn redacted(self, by: &dyn Pseudonyms) -> Self {
        let Self {
            org,
            user,
            name,
            org_url,
            instance,
            replay,
        } = self;
        Self {
            org: plain(org),
            user: plain(user),
            name: secret(name, by),
            org_url: secret(org_url, by),
            instance: kept(instance),
            replay: plain(replay),
        }
    }
}

impl Redact for SavedIntent {
    fn redacted(self, _: &dyn Pseudonyms) -> Self {
        let Self {
            target,
            origin,
            since_ms,
            held,
            works,
            row,
            may_log_in,
        } = self;
        Self {
            target: plain(target),
            origin: plain(origin),
            since_ms: plain(since_ms),
            held: plain(held),
            works: plains(works),
            row: plain(row),
            may_log_in: plain(may_log_in),
        }
    }
}

impl Redact for Console {
    fn redacted(self, _: &dyn Pseudonyms) -> Self {
        let Self {
            id,
            heard,
            snapshot,
            asking,
            refusals,
            not_before,
        } = self;
        Self {
            id: plain(id),
            heard: plain(heard),
            snapshot: plain(snapshot),
            asking: plain(asking),
            refusals: plain(refusals),
            not_before: plain(not_before),
        }
    }
}

impl Redact for Org {
    fn redacted(self, _: &dyn Pseudonyms) -> Self {
        let Self {
            instance,
            replay,
            answers_from,
            ended,
            gone,
            presence,
        } = self;
        Self {
            instance: kept(instance),
            replay: plain(replay),
            answers_from: plain(answers_from),
            ended: plains(ended),
            gone: plains(gone),
            presence: plain(presence),
        }
    }
}

impl Redact for Reading {
    fn redacted(self, _: &dyn Pseudonyms) -> Self {
        let Self {
            answered,
            asked,
            next,
            failed,
            stopped,
            end_told_by,
        } = self;
        Self {
            answered: plain(answered),
            asked: plain(asked),
            next: plain(next),
            failed: plain(failed),
            stopped: plain(stopped),
            end_told_by: plain(end_told_by),
        }
    }
}

impl Redact for Work {
    fn redacted(self, by: &dyn Pseudonyms) -> Self {
        let Self {
            id,
            item,
            stage,
            stage_ms,
            conversation_ended_ms,
            contact_ended_ms,
            extensions,
            vendor_call_key,
            modstamp_ms,
            streamed,
            seen,
        } = self;
        Self {
            id: plain(id),
            item: plain(item),
            stage: plain(stage),
            stage_ms: plain(stage_ms),
            conversation_ended_ms: plain(conversation_ended_ms),
            contact_ended_ms: plain(contact_ended_ms),
            extensions: plain(extensions),
            vendor_call_key: vendor_call_key.map(|key| secret(key, by)),
            modstamp_ms: plain(modstamp_ms),
            streamed: plain(streamed),
            seen: plain(seen),
        }
    }
}

impl Redact for Phone {
    fn redacted(self, by: &dyn Pseudonyms) -> Self {
        let Self {
            name,
            enqueues,
            writable,
            profile,
            states,
            report,
            after_contact,
            home,
            queued,
            asked,
            held,
        } = self;
        Self {
            name: secret(name, by),
            enqueues: plain(enqueues),
            writable: plain(writable),
            profile: plain(profile),
            states: states.redacted(by),
            report: report.redacted(by),
            after_contact: plain(after_contact),
            home: home.map(kept),
            queued: queued.map(kept),
            asked: asked.map(|asked| PhoneAsked {
                command: plain(asked.command),
                state: kept(asked.state),
                sent: plain(asked.sent),
            }),
            held,
        }
    }
}

impl Redact for PhoneWant {
    fn redacted(self, by: &dyn Pseudonyms) -> Self {
        let Self {
            state,
            event,
            over,
            attempts,
            began,
            sent,
            retry,
        } = self;
        Self {
            state: state.redacted(by),
            event: plain(event),
            over: over.map(kept),
            attempts: plain(attempts),
            began: plain(began),
            sent: plain(sent),
            retry: plain(retry),
        }
    }
}

impl Redact for Sync {
    fn redacted(self, _: &dyn Pseudonyms) -> Self {
        let Self {
            known,
            deferred,
            doubtful,
            accepted,
            workload,
            begun,
            paused_until,
            waiting_since,
        } = self;
        Self {
            known: known.map(|Known { presence, phone }| Known {
                presence: plain(presence),
                phone: kept(phone),
            }),
            deferred: plain(deferred),
            doubtful: plain(doubtful),
            accepted: plains(accepted),
            workload: plain(workload),
            begun: plains(begun),
            paused_until: plain(paused_until),
            waiting_since: plain(waiting_since),
        }
    }
}

impl Redact for Intent {
    fn redacted(self, _: &dyn Pseudonyms) -> Self {
        let Self {
            target,
            origin,
            since_ms,
            stage,
            attempts,
            retry,
            insist,
            makes_good,
            may_log_in,
            was_held,
            row,
            works,
            restored,
            unheard,
            awaits_phone,
            ask_at,
        } = self;
        Self {
            target: plain(target),
            origin: plain(origin),
            since_ms: plain(since_ms),
            stage: match stage {
                Stage::Applying { sent } => Stage::Applying { sent: plain(sent) },
                Stage::Held {
                    reason,
                    armed,
                    failures,
                    rearm,
                } => Stage::Held {
                    reason: plain(reason),
                    armed: plain(armed),
                    failures: plain(failures),
                    rearm: plain(rearm),
                },
            },
            attempts: plain(attempts),
            retry: plain(retry),
            insist: plain(insist),
            makes_good: plain(makes_good),
            may_log_in: plain(may_log_in),
            was_held: plain(was_held),
            row: plain(row),
            works: plains(works),
            restored: plain(restored),
            unheard: plain(unheard),
            awaits_phone: plain(awaits_phone),
            ask_at: plain(ask_at),
        }
    }
}

impl Redact for Candidate {
    fn redacted(self, by: &dyn Pseudonyms) -> Self {
        let Self {
            intent,
            previous,
            ticket,
            revision,
        } = self;
        Self {
            intent: intent.redacted(by),
            previous: previous.redacted(by),
            ticket: plain(ticket),
            revision: plain(revision),
        }
    }
}

impl Redact for Worklist {
    fn redacted(self, by: &dyn Pseudonyms) -> Self {
        let Self { open, asked, options } = self;
        Self {
            open: plains(open),
            asked: plains(asked),
            options: options.redacted(by),
        }
    }
}
