//! State becomes picture: the only way anything is shown.

use crate::engine::Engine;
use crate::event::Target;
use crate::picture::{
    CallPhase, CallView, HeldView, PendingView, Picture, PresenceView, SessionView, TelephonyView,
};
use crate::problem::{Problem, ProblemCode};
use crate::state::{Phone, PresenceValue, Session, Stage};

impl Engine {
    /// The whole visible state. Changes only by events, never by time alone.
    pub fn picture(&self) -> Picture {
        let state = &self.state;
        let (held, pending) = self.wishes();
        Picture {
            session: self.session_view(),
            call: CallView {
                phase: state.call.phase,
                since_ms: state.call.since_ms,
                evidence_ms: state.call.evidence_ms,
                wrap_up_ends_ms: self.wrap_up_ends_ms(),
                wrapping_up: match state.call.phase {
                    CallPhase::WrapUp => state.wrapping_up(),
                    _ => Vec::new(),
                },
                voice_routed: self.voice_routed(),
            },
            presence: self.presence_view(),
            telephony: state.phone.as_deref().map(telephony_view),
            console: state.console.is_some(),
            held,
            pending,
            statuses: self.catalogue.statuses.clone(),
            works: self.work_views(),
            decline_reasons: self.decline_reasons().to_vec(),
            pairings: state.pairings.clone(),
            problems: state
                .problems
                .iter()
                .map(|(code, about)| Problem {
                    code: *code,
                    about: about.clone(),
                })
                .collect(),
            profile: self.profile(),
            observing: self.observing(),
            sync_paused: state.sync.paused_until.is_some(),
            guarding: !self.observing() && self.reason_to_hold(Target::Offline).is_some(),
        }
    }

    /// The picture's call phase alone, cheaper than the whole.
    pub fn call_phase(&self) -> CallPhase {
        self.state.call.phase
    }

    /// What is held or waits to be confirmed, as in the picture.
    pub fn wish(&self) -> Option<Target> {
        self.state.intent.as_ref().map(|intent| intent.target)
    }

    fn session_view(&self) -> SessionView {
        match &self.state.session {
            Session::SignedOut => SessionView::SignedOut,
            Session::SigningIn => SessionView::SigningIn,
            Session::SignedIn {
                org,
                user,
                name,
                org_url,
                ..
            } => SessionView::SignedIn {
                org: *org,
                user: *user,
                name: name.clone(),
                org_url: org_url.clone(),
            },
        }
    }

    fn presence_view(&self) -> PresenceView {
        let since_ms = self.state.presence.since_ms;
        match self.state.presence.value {
            PresenceValue::Unknown if self.state.presence.moved => PresenceView::LoggedOut { since_ms },
            PresenceValue::Unknown => PresenceView::Unknown,
            PresenceValue::LoggedOut => PresenceView::LoggedOut { since_ms },
            PresenceValue::Status(id) => {
                let status = self.status(id);
                PresenceView::Status {
                    id,
                    label: status.map(|status| status.label.clone()).unwrap_or_default(),
                    online: status.is_some_and(|status| status.online),
                    since_ms,
                }
            }
        }
    }

    fn wishes(&self) -> (Option<HeldView>, Option<PendingView>) {
        let state = &self.state;
        let Some(intent) = &state.intent else {
            return (None, None);
        };
        let (target, since_ms) = (intent.target, intent.since_ms);
        let label = self.label(target);
        match intent.stage {
            Stage::Held { reason, .. } => (
                Some(HeldView {
                    target,
                    origin: intent.origin,
                    label,
                    reason,
                    since_ms,
                    lasts_long: state.problems.contains_key(&ProblemCode::HoldLasts),
                    held_as: self.held_as_label(),
                }),
                None,
            ),
            Stage::Applying { .. } => (
                None,
                Some(PendingView {
                    target,
                    label,
                    since_ms,
                }),
            ),
        }
    }
}

fn telephony_view(phone: &Phone) -> TelephonyView {
    let report = phone.report.as_ref();
    TelephonyView {
        name: phone.name.clone(),
        state: report.map(|report| report.state.clone()),
        states: phone.states.clone(),
        next_state: report.and_then(|report| report.next_state.clone()),
        contacts: report.map(|report| report.contacts.clone()).unwrap_or_default(),
    }
}
