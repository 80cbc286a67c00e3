//! Judges what really happens: logouts and dropped calls.

use presence::event::CommandId;

use super::omni::By;
use super::telephony::PhoneContact;
use super::world::World;

/// How long it takes at most from an assignment until a logout begun without knowing of it is carried out.
const ASSIGNED_MS: u64 = 1_000;
/// How long Holdline believes in the contact of a phone that has left (presence's README, Evidence).
const PHONE_FORGOTTEN_MS: u64 = 45_000;

impl World {
    /// Whether nobody could have known better than to let this command go through: the page saw no call at its
    /// last look, and each call there is was told too late, or to nobody. See the README.
    fn crosses(&self, command: CommandId) -> bool {
        let withdrawn = self.verdict.withdrawn.contains(&command);
        let phone_is_away = self
            .telephony
            .away_since
            .is_some_and(|since| self.t - since >= PHONE_FORGOTTEN_MS);
        let too_late = |contact: &PhoneContact| {
            let work = contact.call.and_then(|call| self.omni.calls[call].work);
            let just_assigned =
                work.is_some_and(|work| self.t - self.omni.works[work].created <= ASSIGNED_MS);
            !contact.told || withdrawn || phone_is_away || just_assigned
        };
        let live = self
            .telephony
            .contacts
            .iter()
            .filter(|contact| contact.phase.is_live());
        !self.verdict.saw_call.contains(&command) && live.into_iter().all(too_late)
    }

    pub(crate) fn judge_logout(&mut self, by: By) {
        let By::Holdline(command) = by else { return };
        self.verdict.logouts += 1;
        if self.is_live() {
            if self.crosses(command) {
                self.verdict.crossed += 1;
            } else {
                self.breaks("P1", format!("{command} logs the rep out in a call"));
            }
        }
        match self.verdict.wish_of.get(&command).copied() {
            None => self.breaks("P1", format!("{command} was never sent")),
            Some(wish) => {
                if !self.verdict.applied.insert(wish) {
                    self.breaks("P2", format!("{command} applies a wish that was applied before"));
                }
            }
        }
    }

    pub(crate) fn judge_drop(&mut self, by: By) {
        match by {
            By::Holdline(command) if self.verdict.wish_of.contains_key(&command) && self.crosses(command) => {
                self.verdict.dropped_by_others += 1;
            }
            By::Holdline(command) => {
                self.verdict.dropped += 1;
                self.breaks("P1", format!("{command} drops a call"));
            }
            _ => self.verdict.dropped_by_others += 1,
        }
    }
}
