//! The call phase: a function of AgentWork evidence alone (DESIGN P5).

use crate::event::WorkStage;
use crate::picture::CallPhase;
use crate::settings::Timings;
use crate::state::{Call, State};
use crate::time::Now;

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
        let fresh = self.signed_in() && self.has_fresh_evidence(now, timings);
        let phase = if fresh {
            self.phase_by_works()
        } else {
            CallPhase::Unknown
        };
        let Call {
            phase: before,
            evidence_ms,
            ..
        } = self.call;
        let evidence_ms = self.newest_evidence_ms().or(evidence_ms);
        if phase != before {
            self.call.since_ms = match phase {
                CallPhase::Unknown => evidence_ms.unwrap_or(now.wall_ms),
                CallPhase::Idle => now.wall_ms,
                CallPhase::OnCall | CallPhase::Ringing | CallPhase::WrapUp => {
                    self.phase_began_ms(phase).unwrap_or(now.wall_ms)
                }
            };
            self.call.ended = (phase == CallPhase::Idle).then_some(now);
        }
        self.call.phase = phase;
        self.call.evidence_ms = evidence_ms;
    }

    fn phase_by_works(&self) -> CallPhase {
        let opened = self.works.iter().filter(|work| work.stage == WorkStage::Opened);
        let (wrapping_up, talking): (Vec<_>, Vec<_>) = opened.partition(|work| self.in_wrap_up(work));
        if !talking.is_empty() {
            CallPhase::OnCall
        } else if self.works.iter().any(|work| work.stage == WorkStage::Assigned) {
            CallPhase::Ringing
        } else if !wrapping_up.is_empty() {
            CallPhase::WrapUp
        } else {
            CallPhase::Idle
        }
    }

    /// Since when the oldest work that makes the phase has been in its stage; wrap-up begins now.
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
