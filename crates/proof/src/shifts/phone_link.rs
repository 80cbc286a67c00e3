//! The phone's connection to Holdline: it joins, leaves, reports and takes requests.

use presence::event::{CommandId, Event, PhoneOutcome};
use presence::phone::{Contact, PhoneState};

use super::due::Due;
use super::omni::By;
use super::telephony::PhoneContact;
use super::world::{Damage, World, tell_story};

impl World {
    pub(crate) fn phone_changed(&mut self) {
        self.telephony.changed = self.t;
        tell_story!(
            self,
            "phone: {} next {:?} {:?}",
            self.telephony.state.name,
            self.telephony.next,
            self.telephony
                .contacts
                .iter()
                .map(|contact| (contact.id, contact.phase))
                .collect::<Vec<_>>()
        );
        if let Some(link) = self.telephony.link {
            let state = self.phone_report();
            let late = self.faults.delay(self.t, &mut self.dice);
            let at = (self.t.max(self.asleep_until) + late).max(self.telephony.last_report);
            self.telephony.last_report = at;
            self.agenda.put(at, Due::PhoneReports { link, state });
        }
    }

    fn phone_report(&self) -> PhoneState {
        let tells_key = self.plan.phone.as_ref().is_some_and(|phone| phone.tells_key);
        let contact = |contact: &PhoneContact| Contact {
            id: format!("contact-{}", contact.id),
            phase: contact.phase,
            vendor_call_key: (tells_key && contact.call.is_some()).then(|| format!("key-{}", contact.id)),
        };
        PhoneState {
            state: self.telephony.state.clone(),
            next_state: self.telephony.next.clone(),
            contacts: self.telephony.contacts.iter().map(contact).collect(),
            since_ms: None,
        }
    }

    pub(crate) fn phone_joins(&mut self) {
        let Some(joined) = self.plan.phone.as_ref().map(|phone| phone.joins_as.clone()) else {
            return;
        };
        if self.faults.phone_is_down(self.t) || self.telephony.link.is_some() {
            return;
        }
        self.telephony.links += 1;
        self.telephony.link = Some(self.telephony.links);
        self.telephony.away_since = None;
        self.telephony.last_report = self.t;
        self.tell(Event::PhoneJoined(joined));
        self.phone_changed();
    }

    /// The connection breaks; Holdline, if it runs, hears of it.
    pub(crate) fn phone_leaves(&mut self) {
        if self.telephony.link.take().is_some() {
            self.telephony.away_since = Some(self.t);
            self.tell(Event::PhoneGone);
        }
    }

    pub(crate) fn phone_reports(&mut self, state: PhoneState) {
        for contact in &mut self.telephony.contacts {
            let id = format!("contact-{}", contact.id);
            contact.told |= state.contacts.iter().any(|told| told.id == id);
        }
        self.tell(Event::PhoneState(state));
    }

    pub(crate) fn phone_sets(&mut self, command: CommandId, state: &str, enqueue: bool) {
        let Some(link) = self.telephony.link else { return };
        let enqueue = enqueue && self.tampering.damage != Some(Damage::EnqueueLost);
        let enqueues = self
            .plan
            .phone
            .as_ref()
            .is_some_and(|phone| phone.joins_as.enqueues);
        let outcome = if self.faults.phone_refuses(self.t)
            || (enqueue && !enqueues && !self.telephony.contacts.is_empty())
        {
            PhoneOutcome::Refused
        } else {
            self.set_phone(state, enqueue, By::Holdline(command))
        };
        let late = self.faults.delay(self.t, &mut self.dice);
        self.soon(
            late,
            Due::PhoneAnswers {
                link,
                command,
                outcome,
            },
        );
    }
}
