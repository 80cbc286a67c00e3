//! The call phase: a function of AgentWork evidence alone (DESIGN P5).

use crate::event::WorkStage;
use crate::picture::CallPhase;
use crate::settings::Timings;
use crate::state::{Call, State, Work};
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

    fn phase_by_works(&self) -> CallPhase {
        let of_work = |work: &Work| match work.stage {
            WorkStage::Opened if self.in_wrap_up(work) => CallPhase::WrapUp,
            WorkStage::Opened => CallPhase::OnCall,
            WorkStage::Assigned => CallPhase::Ringing,
            WorkStage::Ended => CallPhase::Idle,
        };
        let most_active = |phase: &CallPhase| match phase {
            CallPhase::Idle | CallPhase::Unknown => 0,
            CallPhase::WrapUp => 1,
            CallPhase::Ringing => 2,
            CallPhase::OnCall => 3,
        };
        self.works
            .iter()
            .map(of_work)
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
