//! The call phase: a function of AgentWork evidence alone (DESIGN P5).

use crate::engine::Engine;
use crate::event::WorkStage;
use crate::ids::WorkId;
use crate::note::Note;
use crate::picture::CallPhase;
use crate::settings::Timings;
use crate::state::{Call, State, Work};
use crate::time::Now;

impl Engine {
    /// Brings the call up to date, and takes down a change of its phase.
    pub(crate) fn refresh_call(&mut self, now: Now) {
        let from = self.state.call.phase;
        self.state.refresh_call(now, &self.settings.timings);
        let to = self.state.call.phase;
        if from != to {
            let note = Note::Phase {
                from,
                to,
                source: self.source,
                work: self.state.work_that_makes(to),
            };
            self.note(note);
        }
    }

    /// When the last wrap-up's time is over, where the presence configuration gives it one (seed 004). For
    /// people to see: the work's end is what ends the wrap-up.
    pub(crate) fn wrap_up_ends_ms(&self) -> Option<i64> {
        let time = self.catalogue.wrap_up?;
        let ends_ms = |work: &Work| {
            let extra_ms = time.extension_ms.saturating_mul(u64::from(work.extensions));
            let ms = i64::try_from(time.ms.saturating_add(extra_ms)).unwrap_or(i64::MAX);
            let ended_ms = work.conversation_ended_ms.or(work.contact_ended_ms)?;
            Some(ended_ms.saturating_add(ms))
        };
        let works = self
            .state
            .works
            .iter()
            .filter(|_| self.state.call.phase == CallPhase::WrapUp);
        works.filter_map(ends_ms).max()
    }
}

impl State {
    /// Whether anything says now what the rep's works are: a live console with a complete snapshot, or a
    /// REST answer younger than twice the polling interval.
    pub(crate) fn has_fresh_evidence(&self, now: Now, timings: &Timings) -> bool {
        self.console_is_fresh(now, timings)
            || self
                .reading
                .answered
                .is_some_and(|asked| now.since(asked) < 2 * timings.read_fast_ms)
    }

    /// The console alone says it.
    pub(crate) fn console_is_fresh(&self, now: Now, timings: &Timings) -> bool {
        self.console.as_ref().is_some_and(|console| {
            console.snapshot.is_some() && now.since(console.heard) < timings.console_stale_ms
        })
    }

    /// Brings phase, times and evidence up to date.
    pub(crate) fn refresh_call(&mut self, now: Now, timings: &Timings) {
        self.time_contacts(now);
        let fresh = self.signed_in() && self.has_fresh_evidence(now, timings);
        let phase = if fresh {
            self.phase_by_works()
        } else {
            CallPhase::Unknown
        };
        let Call {
            phase: before,
            evidence_ms,
            since_ms,
            ..
        } = self.call;
        let evidence_ms = self.newest_evidence_ms().max(evidence_ms);
        let began_ms = self.phase_began_ms(phase);
        if phase != before {
            self.call.since_ms = match phase {
                CallPhase::Unknown => evidence_ms.unwrap_or(now.wall_ms),
                CallPhase::Idle | CallPhase::WrapUp => now.wall_ms,
                CallPhase::OnCall | CallPhase::Ringing => began_ms.unwrap_or(now.wall_ms),
            };
            self.call.ended = (phase == CallPhase::Idle).then_some(now);
        } else if let Some(began_ms) = began_ms {
            // The org knows better when a call began that Holdline found going on.
            self.call.since_ms = since_ms.min(began_ms);
        }
        self.call.phase = phase;
        self.call.evidence_ms = evidence_ms;
    }

    /// Remembers since when only the phone says that a conversation has ended.
    fn time_contacts(&mut self, now: Now) {
        for at in 0..self.works.len() {
            let work = &self.works[at];
            let by_phone = work.conversation_ended_ms.is_none() && self.in_wrap_up(work);
            let since_ms = work.contact_ended_ms.unwrap_or(now.wall_ms);
            self.works[at].contact_ended_ms = by_phone.then_some(since_ms);
        }
    }

    fn phase_of(&self, work: &Work) -> CallPhase {
        match work.stage {
            WorkStage::Opened if self.in_wrap_up(work) => CallPhase::WrapUp,
            WorkStage::Opened => CallPhase::OnCall,
            WorkStage::Assigned => CallPhase::Ringing,
            WorkStage::Ended => CallPhase::Idle,
        }
    }

    /// The first work that makes the phase.
    fn work_that_makes(&self, phase: CallPhase) -> Option<WorkId> {
        let found = self.works.iter().find(|work| self.phase_of(work) == phase);
        found.map(|work| work.id).filter(|_| phase != CallPhase::Unknown)
    }

    fn phase_by_works(&self) -> CallPhase {
        let most_active = |phase: &CallPhase| match phase {
            CallPhase::Idle | CallPhase::Unknown => 0,
            CallPhase::WrapUp => 1,
            CallPhase::Ringing => 2,
            CallPhase::OnCall => 3,
        };
        self.works
            .iter()
            .map(|work| self.phase_of(work))
            .max_by_key(most_active)
            .unwrap_or(CallPhase::Idle)
    }

    /// Since when the oldest work that makes the phase has been in its stage; nobody tells when wrap-up began.
    fn phase_began_ms(&self, phase: CallPhase) -> Option<i64> {
        let stage = match phase {
            CallPhase::OnCall => WorkStage::Opened,
            CallPhase::Ringing => WorkStage::Assigned,
            CallPhase::Idle | CallPhase::Unknown | CallPhase::WrapUp => return None,
        };
        self.works
            .iter()
            .filter(|work| work.stage == stage && !self.in_wrap_up(work))
            .map(|work| work.stage_ms)
            .min()
    }

    fn newest_evidence_ms(&self) -> Option<i64> {
        let console = self.console.as_ref().filter(|console| console.snapshot.is_some());
        let console = console.map(|console| console.heard.wall_ms);
        console.max(self.reading.answered.map(|asked| asked.wall_ms))
    }
}
