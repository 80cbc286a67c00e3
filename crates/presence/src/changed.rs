//! Which parts of the picture an event has changed.

use serde::{Deserialize, Serialize};

use crate::picture::{CallView, Picture};

/// A part of the picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// Phase, its beginning, the wrap-up's end.
    Call,
    /// A console partner is connected.
    Console,
    /// The time of the newest evidence.
    Evidence,
    /// A request to go Offline would be held.
    Guarding,
    /// The hold.
    Held,
    /// Holdline only watches.
    Observing,
    /// Partners that wait for the rep's word.
    Pairings,
    /// The request under way.
    Pending,
    /// The presence.
    Presence,
    /// What is wrong.
    Problems,
    /// Who writes what.
    Profile,
    /// Who is signed in.
    Session,
    /// The statuses the rep can choose.
    Statuses,
    /// The breaker has paused sync.
    SyncPaused,
    /// The phone.
    Telephony,
    /// Whether the org routes calls.
    VoiceRouted,
    /// The console's works and what may be done with them.
    Works,
    /// The works in wrap-up.
    WrappingUp,
}

impl Picture {
    /// The parts that differ from an earlier picture.
    pub fn changed_since(&self, before: &Self) -> Vec<Part> {
        // Taken apart completely, so that a new part can't be forgotten here.
        let Self {
            session,
            call,
            presence,
            telephony,
            console,
            held,
            pending,
            statuses,
            works,
            decline_reasons,
            pairings,
            problems,
            profile,
            observing,
            sync_paused,
            guarding,
        } = self;
        let CallView {
            phase,
            since_ms,
            evidence_ms,
            wrap_up_ends_ms,
            wrapping_up,
            voice_routed,
        } = call;
        let was = &before.call;
        let same_call = (*phase, *since_ms, *wrap_up_ends_ms, wrapping_up)
            == (was.phase, was.since_ms, was.wrap_up_ends_ms, &was.wrapping_up);
        let same = [
            (Part::Call, same_call),
            (Part::Console, *console == before.console),
            (Part::Evidence, *evidence_ms == was.evidence_ms),
            (Part::Guarding, *guarding == before.guarding),
            (Part::Held, *held == before.held),
            (Part::Observing, *observing == before.observing),
            (Part::Pairings, *pairings == before.pairings),
            (Part::Pending, *pending == before.pending),
            (Part::Presence, *presence == before.presence),
            (Part::Problems, *problems == before.problems),
            (Part::Profile, *profile == before.profile),
            (Part::Session, *session == before.session),
            (Part::Statuses, *statuses == before.statuses),
            (Part::SyncPaused, *sync_paused == before.sync_paused),
            (Part::Telephony, *telephony == before.telephony),
            (Part::VoiceRouted, *voice_routed == was.voice_routed),
            (
                Part::Works,
                *works == before.works && *decline_reasons == before.decline_reasons,
            ),
            (Part::WrappingUp, *wrapping_up == was.wrapping_up),
        ];
        let changed = same.into_iter().filter(|(_, same)| !same);
        changed.map(|(part, _)| part).collect()
    }
}
