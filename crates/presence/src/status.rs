//! Presence as it is observed, and what a change of it means.

use crate::effect::{Answer, NoticeCode, RefusalReason};
use crate::engine::Engine;
use crate::event::{LogoutReason, PresenceRow, Target};
use crate::evidence::asked_after;
use crate::note::{Doer, HoldEnd, Note, Staleness};
use crate::picture::CallPhase;
use crate::problem::ProblemCode;
use crate::state::{Intent, PresenceValue, Version};
use crate::time::Now;

impl Engine {
    /// Presence was observed. `asked`: by the answer to a question sent then, which yields to anything seen
    /// since; `None`: by an event of this moment. `row`: where a row tells it. `reason`: Omni-Channel's, with
    /// its logout.
    pub(crate) fn observe_presence(
        &mut self,
        now: Now,
        asked: Option<Now>,
        value: PresenceValue,
        row: Option<PresenceRow>,
        reason: Option<LogoutReason>,
    ) {
        let seen = self.state.presence.seen;
        if asked.is_some_and(|asked| seen.is_some_and(|seen| !asked_after(asked, seen))) {
            if !self.learn_since_when(value, row) {
                self.note_ignored(Staleness::OlderAnswer);
            }
            return;
        }
        if row.is_some_and(|row| self.is_older_version(row)) {
            return self.note_ignored(Staleness::OlderVersion);
        }
        self.take_presence_in(now, asked, value, row, reason);
        if let Some(row) = row {
            self.note_held_as_row(row);
        }
    }

    /// The console tells a status and not since when. An answer to an older question still tells that, where it
    /// is of the same status and nobody else has.
    fn learn_since_when(&mut self, value: PresenceValue, row: Option<PresenceRow>) -> bool {
        let presence = &mut self.state.presence;
        let since_ms = row.and_then(|row| row.since_ms);
        let Some(since_ms) = since_ms.filter(|_| value == presence.value && !presence.since_told) else {
            return false;
        };
        presence.since_ms = since_ms;
        presence.since_told = true;
        true
    }

    fn take_presence_in(
        &mut self,
        now: Now,
        asked: Option<Now>,
        value: PresenceValue,
        row: Option<PresenceRow>,
        reason: Option<LogoutReason>,
    ) {
        let since_ms = row.and_then(|row| row.since_ms);
        let version = row.and_then(PresenceRow::version);
        let versions = self.state.org.presence.into_iter().chain(version);
        self.state.org.presence = versions.max_by_key(|version| version.modstamp_ms);
        let presence = &mut self.state.presence;
        let before = std::mem::replace(&mut presence.value, value);
        presence.seen = Some(now);
        presence.moved = false;
        if value == before {
            presence.since_ms = since_ms.unwrap_or(presence.since_ms);
            presence.since_told |= since_ms.is_some();
            presence.row = row.map_or(presence.row, |row| row.row);
            return self.tell_logout_reason(reason);
        }
        presence.since_ms = since_ms.unwrap_or(now.wall_ms);
        presence.since_told = since_ms.is_some() || asked.is_none();
        presence.row = row.and_then(|row| row.row);
        match value {
            PresenceValue::Status(id) => self.changed(now, before, Target::Status(id), reason),
            PresenceValue::LoggedOut => self.changed(now, before, Target::Offline, reason),
            PresenceValue::Unknown => {}
        }
    }

    /// A later version of the same row is known. (Of another row it is the question's time that counts.)
    fn is_older_version(&self, row: PresenceRow) -> bool {
        let known = self.state.org.presence.zip(row.version());
        known.is_some_and(|(known, new)| {
            new.row.is_some() && new.row == known.row && new.modstamp_ms < known.modstamp_ms
        })
    }

    fn changed(&mut self, now: Now, before: PresenceValue, target: Target, reason: Option<LogoutReason>) {
        let ours = self.is_ours(target);
        self.strays_seen_again(target);
        let maybe_ours = ours || self.strays_to(target).next().is_some();
        self.insist_no_more(target, maybe_ours);
        let by_omni =
            self.state.missed.take().is_some_and(|missed| {
                !maybe_ours && now.since(missed) < self.settings.timings.after_decline_ms
            });
        self.note(Note::Presence {
            from: before.target(),
            to: target,
            by: match before {
                _ if ours => Doer::Holdline,
                _ if by_omni => Doer::OmniChannel,
                PresenceValue::Unknown => Doer::FirstSeen,
                PresenceValue::LoggedOut | PresenceValue::Status(_) => Doer::Salesforce,
            },
            source: self.source,
        });
        if let Target::Status(_) = target {
            self.note_online();
            self.clear(ProblemCode::OrgMoved);
            self.clear(ProblemCode::LoggedOutDuringCall);
            self.clear(ProblemCode::LoggedOutAfterMiss);
            self.clear(ProblemCode::LoggedOutBy);
        }
        if before != PresenceValue::Unknown {
            if !ours {
                self.chosen_elsewhere(now, target, by_omni);
            }
            if target == Target::Offline && reason.is_none() && !maybe_ours {
                self.tell_logout(by_omni);
            }
        }
        self.held_as_seen_over(now, target);
        self.tell_logout_reason(reason);
        self.sync_presence_changed(now, before, target, ours);
    }

    /// A write of ours to `target` has just been carried out, after everything that was sent before it.
    fn insist_no_more(&mut self, target: Target, maybe_ours: bool) {
        let intent = self.state.intent.as_mut();
        if let Some(intent) = intent.filter(|intent| maybe_ours && intent.target == target) {
            intent.insist &= intent.attempts == 0;
        }
    }

    /// Whether a change to `target` is the doing of a write of ours that stands. One that was taken back may
    /// have done it, too: then its answer says so, and the wish that gave way comes back (`stray.rs`).
    fn is_ours(&mut self, target: Target) -> bool {
        let armed = self.state.intent.as_ref().is_some_and(|intent| intent.is_armed());
        self.is_echo(target) || (armed && target == Target::Offline) || self.held_as_is_awaited(target)
    }

    /// The present status is where the way back leads to.
    pub(crate) fn note_online(&mut self) {
        if let PresenceValue::Status(id) = self.state.presence.value
            && self.status(id).is_some_and(|status| status.online)
        {
            self.state.last_online = Some(id);
        }
    }

    /// Somebody chose a presence in Salesforce: the newest wish, so an older one gives way. What Omni-Channel
    /// does by itself after a decline is no wish, and ends none but one to stay logged in: it is not fought.
    pub(crate) fn chosen_elsewhere(&mut self, now: Now, target: Target, by_omni: bool) {
        let gives_way = |intent: &Intent| {
            matches!(intent.target, Target::Offline | Target::Status(_))
                && intent.target != target
                && (!by_omni || target == Target::Offline)
        };
        if !by_omni || target == Target::Offline {
            self.strays_lead_back_to(target);
        }
        if let Some(intent) = self.state.intent.take_if(|intent| gives_way(intent)) {
            self.stray_may_have_ended(intent.target, target);
            self.take_back(now, &intent);
            self.clear(ProblemCode::AnotherCall);
            self.clear(ProblemCode::WriteNotConfirmed);
            self.tell_cancelled(&intent);
        }
        // What may be the doing of a write taken back is no newer than a request made since.
        let maybe_ours = self.strays_to(target).next().is_some();
        let overtaken = self
            .state
            .candidate
            .take_if(|candidate| !maybe_ours && candidate.intent.as_deref().is_some_and(gives_way));
        if let Some(overtaken) = overtaken {
            if let Some(ticket) = overtaken.ticket {
                self.answer(ticket, Answer::Refused(RefusalReason::Replaced));
            }
            // What it was to replace stands again, if it does not give way itself.
            match overtaken.previous {
                Some(previous) if gives_way(&previous) => self.tell_cancelled(&previous),
                previous => self.state.intent = previous,
            }
        } else if let Some(candidate) = self.state.candidate.as_mut().filter(|_| !maybe_ours) {
            // If the disk refuses, it would stand again.
            let previous = candidate.previous.take_if(|previous| gives_way(previous));
            if let Some(previous) = previous {
                self.stray_may_have_ended(previous.target, target);
                self.tell_cancelled(&previous);
            }
        }
    }

    /// Of a hold that gives way.
    pub(crate) fn tell_cancelled(&mut self, intent: &Intent) {
        if intent.was_held {
            self.hold_ended(intent.target, HoldEnd::Replaced);
            self.notify(NoticeCode::Cancelled, self.label(intent.target));
        }
    }

    fn tell_logout_reason(&mut self, reason: Option<LogoutReason>) {
        let Some(LogoutReason(reason)) = reason else {
            return;
        };
        if self.state.problems.get(&ProblemCode::LoggedOutBy) != Some(&reason) {
            self.raise(ProblemCode::LoggedOutBy, reason.clone());
            self.notify(NoticeCode::LoggedOut, reason);
        }
    }

    fn tell_logout(&mut self, by_omni: bool) {
        let in_call = matches!(self.state.call.phase, CallPhase::Ringing | CallPhase::OnCall)
            || self.state.has_live_contact();
        if by_omni {
            self.raise(ProblemCode::LoggedOutAfterMiss, String::new());
        } else if in_call {
            self.raise(ProblemCode::LoggedOutDuringCall, String::new());
            self.notify(NoticeCode::LoggedOutDuringCall, String::new());
        }
    }
}

impl PresenceRow {
    fn version(self) -> Option<Version> {
        let row = self.row;
        self.modstamp_ms.map(|modstamp_ms| Version { row, modstamp_ms })
    }
}
