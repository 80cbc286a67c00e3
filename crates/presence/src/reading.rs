//! What the org tells by REST, and when it is asked.

use crate::effect::Effect;
use crate::engine::Engine;
use crate::event::{PresenceRow, WorkRow, WorkSeen, WorkStage};
use crate::note::Staleness;
use crate::problem::{Problem, ProblemCode};
use crate::state::{PresenceValue, Work};
use crate::time::Now;

impl Engine {
    pub(crate) fn rows(&mut self, now: Now, asked: Now, works: Vec<WorkRow>, presence: PresenceRow) {
        let of_this_session = self.session_since().is_some_and(|since| asked >= since);
        if !of_this_session || asked > now {
            return self.note_ignored(Staleness::OlderAnswer);
        }
        let answered = self.state.reading.answered.is_some_and(|last| last >= asked);
        if answered || self.state.org.answers_from.is_some_and(|from| asked < from) {
            return self.note_ignored(Staleness::OlderAnswer);
        }
        let reading = &mut self.state.reading;
        // A late answer to an earlier question leaves the newest one open.
        reading.asked.take_if(|under_way| *under_way <= asked);
        reading.answered = Some(asked);
        reading.failed = false;
        reading.stopped = false;
        for code in [
            ProblemCode::OrgUnreachable,
            ProblemCode::RequestLimit,
            ProblemCode::SignInAgain,
        ] {
            self.clear(code);
        }

        let closed_ms = self.closed_ms_of_restored(&works);
        self.miss_unread(now, asked, &works);
        self.see_rows(now, Some(asked), works);
        self.check_restored(now, presence, closed_ms);
        let value = presence
            .status
            .map_or(PresenceValue::LoggedOut, PresenceValue::Status);
        self.observe_presence(now, Some(asked), value, Some(presence), None);
    }

    /// Those rows that are calls, of an answer to a question sent at `asked` or of a streaming message.
    pub(crate) fn see_rows(&mut self, now: Now, asked: Option<Now>, works: Vec<WorkRow>) {
        let happening = !self.is_apart();
        for row in works {
            let seen = WorkSeen {
                work: row.work,
                item: row.item,
                stage: row.stage,
            };
            self.sync_work_seen(now, seen, happening);
            let is_call = row.voice || self.is_voice(row.item);
            if is_call && let Err(why) = self.state.see_row(now, asked, row) {
                self.note_ignored(why);
            }
        }
    }

    /// Works that the org does not show are over, unless a live console, logged in, has shown them: then the
    /// console is asked. To end a call wrongly is worse than to end it late.
    fn miss_unread(&mut self, now: Now, asked: Now, works: &[WorkRow]) {
        let shown = |id| works.iter().any(|row| row.work == id);
        let console_tells = self.state.console_is_fresh(now, &self.settings.timings)
            && matches!(self.state.presence.value, PresenceValue::Status(_));
        if !console_tells {
            self.state.miss_works(now, asked, shown);
        } else if self.state.would_miss(asked, shown) {
            self.ask_snapshot(now);
        }
    }

    /// When the last call of a restored wish was closed.
    fn closed_ms_of_restored(&self, works: &[WorkRow]) -> Option<i64> {
        let intent = self.state.intent.as_ref().filter(|intent| intent.restored)?;
        let own = works.iter().filter(|row| intent.works.contains(&row.work));
        own.filter_map(|row| row.closed_ms).max()
    }

    pub(crate) fn read_failed(&mut self, now: Now, problem: Problem, retry_after_ms: Option<u64>) {
        let pause_ms = self
            .settings
            .timings
            .read_fast_ms
            .max(retry_after_ms.unwrap_or(0));
        // What made a whole fleet fail at once must not bring it back at once.
        let pause_ms = self.spread(pause_ms);
        let reading = &mut self.state.reading;
        reading.asked = None;
        reading.failed = true;
        reading.stopped = problem.code == ProblemCode::SignInAgain;
        reading.next = Some(now.plus(pause_ms));
        self.raise(problem.code, problem.about);
    }

    /// Something makes an answer worth having now; the pause after a failure still holds.
    pub(crate) fn read_soon(&mut self, now: Now) {
        let reading = &mut self.state.reading;
        if !reading.failed {
            reading.next = Some(now);
        }
    }

    /// Reads seldom while the console tells everything, often while nothing does and it matters.
    pub(crate) fn settle_reading(&mut self, now: Now) {
        if !self.state.signed_in() {
            return;
        }
        if let Some(asked) = self.state.reading.asked {
            if now.since(asked) < self.settings.timings.read_timeout_ms {
                return;
            }
            self.state.reading.asked = None;
            self.state.reading.failed = true;
            self.state.reading.next = Some(now);
        }
        if self.read_for_ended_call().is_none() {
            self.state.reading.end_told_by = None;
        }
        if self.next_read().is_some_and(|at| now.reached(at)) {
            let intent = self.state.intent.as_ref();
            let watch = intent.map(|intent| intent.works.clone()).unwrap_or_default();
            self.state.reading.asked = Some(now);
            self.state.reading.next = None;
            self.state.reading.end_told_by = None;
            self.effects.push_back(Effect::Read { watch });
        }
    }

    /// When the next read is due; `None` while a sign-in is needed first.
    pub(crate) fn next_read(&self) -> Option<Now> {
        let reading = &self.state.reading;
        if reading.stopped {
            return None;
        }
        let every_ms = self.spread(self.read_every_ms());
        let usual = reading.answered.map(|asked| asked.plus(every_ms));
        reading
            .next
            .or_else(|| usual.into_iter().chain(self.read_for_extension()).min())
            .into_iter()
            .chain(self.read_for_ended_call())
            .min()
    }

    /// The phone says that a conversation has ended. Which work's it was, the org knows (VoiceCall's end and
    /// vendor key); a console page that reads it tells it by itself and spares the question.
    pub(crate) fn conversation_ended_by_phone(&mut self, now: Now) {
        let timings = &self.settings.timings;
        if self.state.reading.failed || !self.state.console_is_fresh(now, timings) {
            return self.read_soon(now);
        }
        self.state.reading.end_told_by = Some(now.plus(timings.confirm_ms));
    }

    fn read_for_ended_call(&self) -> Option<Now> {
        let works = &self.state.works;
        let goes_on = |work: &Work| work.stage == WorkStage::Opened && work.conversation_ended_ms.is_none();
        self.state
            .reading
            .end_told_by
            .filter(|_| works.iter().any(goes_on))
    }

    fn read_every_ms(&self) -> u64 {
        let timings = &self.settings.timings;
        if self.state.console_is_fresh(self.last, timings) {
            timings.read_slow_ms
        } else if self.waits_for_the_org() {
            timings.read_fast_ms
        } else {
            timings.read_idle_ms
        }
    }

    /// Something is going on whose end, as far as no console tells, only the org knows.
    fn waits_for_the_org(&self) -> bool {
        let state = &self.state;
        let call = !state.works.is_empty() || state.contact().is_some();
        let wish = state.intent.is_some() || state.candidate.is_some() || state.held_as.is_some();
        call || wish || state.closing.is_some()
    }

    /// A pause, longer by up to an eighth: by how much, the run decides, so that the desktops of an org that
    /// start, fail or come back together do not go on together.
    fn spread(&self, ms: u64) -> u64 {
        ms.saturating_add(mixed(self.run) % (ms / 8 + 1))
    }

    /// A wrap-up that goes on when its time is over has been extended, and only the org tells that: it is
    /// asked once, a moment later.
    fn read_for_extension(&self) -> Option<Now> {
        let answered = self.state.reading.answered?;
        let late_ms = i64::try_from(self.settings.timings.confirm_ms).unwrap_or(i64::MAX);
        let due_ms = self.wrap_up_ends_ms()?.saturating_add(late_ms);
        let after_ms = u64::try_from(due_ms.saturating_sub(answered.wall_ms)).ok()?;
        (after_ms > 0).then(|| answered.plus(after_ms))
    }
}

/// Every bit of the result depends on every bit of the number (SplitMix64's last step).
fn mixed(number: u64) -> u64 {
    let number = (number ^ (number >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let number = (number ^ (number >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    number ^ (number >> 31)
}
