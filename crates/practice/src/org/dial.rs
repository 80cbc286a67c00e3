//! Calls that a rep makes at the phone. Omni-Channel need not know of them: there is no AgentWork.

use jiff::Timestamp;
use wire::connector::ContactPhase;

use super::{Org, RepKey};

impl Org {
    /// The rep dials; the contact's id.
    pub fn dial(&mut self, key: RepKey) -> String {
        self.last_dialed += 1;
        let contact = format!("{}-out-{}", self.call_prefix, self.last_dialed);
        self.rep_mut(key).phone.dial(&contact);
        self.phone_changed(key);
        contact
    }

    /// Whom the rep dialed answers.
    pub fn dialed_answers(&mut self, key: RepKey, contact: &str) {
        self.rep_mut(key).phone.move_to(contact, ContactPhase::Connected);
        self.phone_changed(key);
    }

    /// A dialed contact is over, answered or not. As Amazon Connect does (telephony.md, "Known field
    /// complaints"), one that nobody answered leaves the phone Available, where the settings say so.
    pub fn end_dialed(&mut self, now: Timestamp, key: RepKey, contact: &str) {
        let to_available = self.settings.unanswered_to_available;
        let phone = &mut self.rep_mut(key).phone;
        if phone.is_outbound(contact) {
            phone.end_dialed(now, contact, to_available);
            self.phone_changed(key);
        }
    }

    /// Somebody on the line waits, or not any more.
    pub fn hold_contact(&mut self, key: RepKey, contact: &str, hold: bool) {
        self.rep_mut(key).phone.hold(contact, hold);
        self.phone_changed(key);
    }

    /// A panel in somebody's page was opened or closed: that page is the phone's connector meanwhile.
    pub fn panel_embedded(&mut self, key: RepKey, opened: bool) {
        let phone = &mut self.rep_mut(key).phone;
        phone.panels = if opened {
            phone.panels + 1
        } else {
            phone.panels.saturating_sub(1)
        };
        let joined = phone.panels > 0;
        self.phone_link(key, joined, None);
    }
}
