//! What must be so when nothing has gone wrong for a while: the indicator is the org's truth, what was held is
//! applied, and the sides agree.

use presence::event::WorkStage;
use presence::phone::AgentStateKind;
use presence::picture::{CallPhase, Picture, PresenceView};
use presence::problem::ProblemCode;
use presence::settings::{Authority, GuardPolicy, Mode, Profile};

use super::due::Due;
use super::world::World;

/// Between two looks.
const LOOK_EVERY_MS: u64 = 15_000;
/// How long a console's backlog may be taken for news after it has joined.
const JOINED_MS: u64 = 20_000;
/// How long news may take to be shown.
const NEWS_MS: u64 = 3_000;
/// How long a wish may take after its call, and the sides to agree: writes, their confirmation, and one retry.
const WORK_MS: u64 = 25_000;

impl World {
    pub(crate) fn look(&mut self) {
        self.later(LOOK_EVERY_MS, Due::Look);
        let all_up = self.signed_in_run().is_some()
            && self.page.session.is_some()
            && self.page.hears_omni().is_some()
            && !self.is_asleep()
            && self.t >= self.page.frozen_until
            && self.t > self.page.opened_at + JOINED_MS
            && self.faults.is_calm(self.t);
        if !all_up {
            return;
        }
        let Some(picture) = self.verdict.picture.clone() else {
            return;
        };
        let last = [self.omni.changed, self.telephony.changed, self.verdict.asked];
        let quiet_ms = self.t - last.into_iter().fold(0, u64::max);
        if quiet_ms > NEWS_MS {
            self.look_at_the_indicator(&picture);
        }
        if quiet_ms > WORK_MS && self.plan.settings.mode == Mode::Act {
            self.look_at_wishes(&picture);
            self.look_at_the_sides(&picture);
        }
    }

    pub(crate) fn look_at_the_end(&mut self) {
        self.judge_writes();
        self.look();
    }

    fn look_at_the_indicator(&mut self, picture: &Picture) {
        let phase = picture.call.phase;
        let truth = self.true_phase();
        // Where nobody tells the end of the conversation, a wrap-up looks like a call.
        let untold = !self.plan.tells_call_end || self.telephony.has_live_contact();
        let both = [phase, truth];
        let wrap_up_or_call = both.contains(&CallPhase::WrapUp) && both.contains(&CallPhase::OnCall);
        if phase != truth && !(untold && wrap_up_or_call) {
            self.breaks(
                "P5",
                format!("{phase:?} is shown in calm weather, the truth is {truth:?}"),
            );
        }
        let presence = match &picture.presence {
            PresenceView::LoggedOut { .. } => Some(None),
            PresenceView::Status { id, .. } => Some(Some(*id)),
            PresenceView::Unknown => None,
        };
        let truth = self.omni.presence.map(|status| self.plan.status_id(status));
        if presence != Some(truth) {
            self.breaks(
                "P9",
                format!("presence is shown as {presence:?} in calm weather, the truth is {truth:?}"),
            );
        }
    }

    fn true_phase(&self) -> CallPhase {
        let of_work = |place: usize| match self.omni.works[place].stage {
            WorkStage::Assigned => CallPhase::Ringing,
            WorkStage::Opened if self.omni.in_wrap_up(place) => CallPhase::WrapUp,
            WorkStage::Opened => CallPhase::OnCall,
            WorkStage::Ended => CallPhase::Idle,
        };
        let phases: Vec<CallPhase> = self.omni.open_voice().map(of_work).collect();
        [CallPhase::OnCall, CallPhase::Ringing, CallPhase::WrapUp]
            .into_iter()
            .find(|phase| phases.contains(phase))
            .unwrap_or(CallPhase::Idle)
    }

    fn look_at_wishes(&mut self, picture: &Picture) {
        let busy = self.omni.open_voice().next().is_some() || !self.telephony.contacts.is_empty();
        if busy {
            return;
        }
        if let Some(held) = &picture.held {
            self.breaks(
                "P4",
                format!(
                    "{:?} is still held {:?} long after every call",
                    held.target, held.reason
                ),
            );
        }
        if let Some(pending) = &picture.pending {
            self.breaks(
                "P4",
                format!("{:?} is still pending long after every call", pending.target),
            );
        }
    }

    /// By name, where the rules say no more than that.
    fn look_at_the_sides(&mut self, picture: &Picture) {
        let Some((phone, _)) = self.plan.phone.as_ref().zip(self.telephony.link) else {
            return;
        };
        let settings = &self.plan.settings;
        let ours = settings.profile.unwrap_or(phone.joins_as.profile) == Profile::Connector
            && settings.write_phone != Some(false)
            && settings.rules.by_name
            && settings.rules.rules.is_empty()
            && !picture.sync_paused
            && picture.held.is_none()
            && picture.pending.is_none()
            && !picture.problems.iter().any(|problem| {
                // One side did not do what it was asked, and the rep is told.
                let told = [ProblemCode::PhoneRefused, ProblemCode::PresenceRefused];
                told.contains(&problem.code)
            });
        // While a call rings nothing is sent to the phone (P1), contact or none.
        let rings = self.true_phase() == CallPhase::Ringing;
        // Under `block` what the phone was set to in a call or its wrap-up is refused until they are over, and
        // no wish is shown that waits for it, as under `queue`.
        let refused = settings.policy.guard == GuardPolicy::Block && self.omni.open_voice().next().is_some();
        if rings || refused {
            return;
        }
        // Missed stays until the rep leaves it (seed 004).
        let its_own = self.telephony.state.kind == AgentStateKind::System;
        if !ours || its_own || !self.telephony.contacts.is_empty() {
            return;
        }
        let wanted = match self.omni.presence {
            // Rules never log a rep in.
            None if self.telephony.chosen_at > self.omni.presence_since => return,
            None if settings.authority == Authority::Telephony => return,
            None => "Offline",
            Some(status) => self.plan.statuses[status.0].label.as_str(),
        };
        // What was chosen at the phone, and taken back at Holdline, stays as the rep left it.
        let left_apart = self.rep.cancelled_at > self.telephony.chosen_at;
        let known = phone.joins_as.states.iter().any(|state| {
            state.name == wanted && (state.kind != AgentStateKind::Offline || self.omni.presence.is_none())
        });
        let shown = self.telephony.next.as_ref().unwrap_or(&self.telephony.state.name);
        if known && shown != wanted && !left_apart {
            let what = format!("presence is {wanted}, the phone {shown}, long after every change");
            self.breaks("P7", what);
        }
    }
}
