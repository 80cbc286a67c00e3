//! What the phone tells.

use crate::engine::Engine;
use crate::note::{Note, Source, Staleness};
use crate::phone::ContactPhase::Connected;
use crate::phone::{AgentStateKind, Contact, PhoneJoined, PhoneState};
use crate::picture::CallPhase;
use crate::rules::{Destination, RuleEvent};
use crate::settings::Authority;
use crate::state::{HeldThere, Phone, PhoneAsked};
use crate::sync::{ByName, Occasion};
use crate::time::Now;

/// Whose doing a change of the phone's state is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Doing {
    /// The phone came into it, or out of a contact, by itself.
    ByItself,
    /// Somebody chose it at the phone.
    Chosen,
    /// A request of ours, however late.
    Ours,
}

impl Engine {
    pub(crate) fn phone_joined(&mut self, now: Now, joined: PhoneJoined) {
        self.phone_gone(now);
        self.state.phone = Some(Box::new(Phone {
            name: joined.name,
            enqueues: joined.enqueues,
            writable: joined.writable,
            states: joined.states,
            report: None,
            after_contact: false,
            home: None,
            profile: joined.profile,
            queued: None,
            asked: None,
            held: HeldThere::No,
        }));
    }

    /// A phone that leaves in the middle of a contact has not ended the contact.
    pub(crate) fn phone_gone(&mut self, now: Now) {
        if let Some(contact) = self.state.contacts().iter().map(|contact| contact.phase).max() {
            self.state.kept_contact = Some((contact, now));
        }
        let phone = self.state.phone.take();
        let held_there = phone.is_some_and(|phone| phone.held != HeldThere::No);
        if self.state.phone_want.take().is_some() || held_there {
            // What it was to be is not what it was known to be.
            self.state.sync.known = None;
        }
        self.state.phone_echoes.clear();
    }

    pub(crate) fn expire_kept_contact(&mut self, now: Now) {
        let stale_ms = self.settings.timings.console_stale_ms;
        let kept = &mut self.state.kept_contact;
        if kept.take_if(|(_, since)| now.since(*since) >= stale_ms).is_some() {
            self.note(Note::Ignored {
                source: Source::Phone,
                why: Staleness::TooOld,
            });
        }
    }

    pub(crate) fn phone_state(&mut self, now: Now, report: PhoneState) {
        let Some(phone) = self.state.phone.as_mut() else {
            return;
        };
        self.state.kept_contact = None;
        if let Some(intent) = &mut self.state.intent {
            intent.awaits_phone = None;
        }
        let connected = |contacts: &[Contact]| contacts.iter().filter(|c| c.phase == Connected).count();
        let conversation_ended = connected(&report.contacts) < connected(phone.contacts());
        let after_contact = phone.after_contact;
        phone.after_contact = !report.contacts.is_empty()
            || (phone.after_contact && report.state.kind == AgentStateKind::System);
        if phone.after_contact && !after_contact {
            let before = phone.report.as_ref().map(|before| &before.state);
            let home = before.filter(|state| state.kind != AgentStateKind::System);
            phone.home = home.map(|state| state.name.clone());
        }
        let name = report.state.name.clone();
        let is_queue = |queued: &String| report.next_state.as_ref() == Some(queued);
        let queue = phone.queued.take();
        // A request of ours that something newer has overtaken may be queued as much as one that was confirmed.
        let mut asked = self.state.phone_echoes.iter().map(|(asked, _)| asked);
        let late = || asked.find(|asked| is_queue(asked)).cloned();
        phone.queued = queue.clone().filter(is_queue).or_else(late);
        // The same report again shows nothing new of what was asked since.
        let news = phone.report.as_ref() != Some(&report);
        let shows = |asked: &mut PhoneAsked| news && (asked.state == name || is_queue(&asked.state));
        phone.asked.take_if(shows);
        let before = phone.report.replace(report);
        if conversation_ended && self.state.call.phase == CallPhase::OnCall {
            self.conversation_ended_by_phone(now);
        }
        let was_expected = self
            .state
            .phone_want
            .as_ref()
            .is_some_and(|want| want.state.name == name);
        self.confirm_phone(now);
        if let Some(before) = before.filter(|before| before.state.name != name) {
            let ours = self.forget_phone_echo(&name) || was_expected || queue.as_ref() == Some(&name);
            let doing = match before.next_state {
                _ if ours => Doing::Ours,
                Some(next) if next == name && self.was_chosen_before(&name) => Doing::ByItself,
                Some(next) if next == name => Doing::Chosen,
                _ if self.is_system(&name) || (after_contact && self.comes_back_to(&name)) => Doing::ByItself,
                _ => Doing::Chosen,
            };
            self.phone_changed(now, &before.state.name, doing);
        }
    }

    /// It was queued before what is wanted of the phone now.
    fn was_chosen_before(&self, name: &str) -> bool {
        let want = self.state.phone_want.as_ref();
        want.is_some_and(|want| want.over.as_deref() == Some(name))
    }

    /// Out of a contact a phone comes back to what it was, or routable; nothing else is its own doing.
    fn comes_back_to(&self, name: &str) -> bool {
        let Some(phone) = &self.state.phone else {
            return true;
        };
        let is_routable = phone
            .report
            .as_ref()
            .is_some_and(|report| report.state.kind == AgentStateKind::Routable);
        is_routable || phone.home.as_ref().is_none_or(|home| home == name)
    }

    fn is_system(&self, name: &str) -> bool {
        let report = self.phone_report();
        report.is_some_and(|report| report.state.name == name && report.state.kind == AgentStateKind::System)
    }

    fn phone_changed(&mut self, now: Now, before: &str, doing: Doing) {
        // Whether what ours made of it is right, the reunion finds out.
        if doing == Doing::Ours || self.is_apart() || self.wish_stands_against(doing) {
            return;
        }
        let by_name = if doing == Doing::Chosen {
            self.state.phone_want = None;
            ByName::May
        } else {
            ByName::MayNot
        };
        let occasion = Occasion {
            connect_old: Some(before),
            ..Occasion::default()
        };
        let event = RuleEvent::ConnectAgentStateChange;
        let (_, matched) = self.look_at_rules(now, event, occasion, by_name);
        let name = self.phone_report().map(|report| report.state.name.clone());
        // What nobody chose and no rule speaks of is no word of the phone's.
        if let Some(name) = name.filter(|_| doing == Doing::Chosen || matched) {
            self.phone_is_known(&name);
        }
    }

    /// A request of ours is on its way: what the phone does by itself meanwhile is not its last word, and a
    /// choice that crosses one made in Salesforce counts if the phone does.
    fn wish_stands_against(&self, doing: Doing) -> bool {
        let Some(want) = &self.state.phone_want else {
            return false;
        };
        let follows_presence = matches!(
            want.event,
            RuleEvent::SalesforceAgentLogout | RuleEvent::SalesforceAgentStateChange
        );
        match doing {
            Doing::Ours | Doing::ByItself => true,
            Doing::Chosen if want.sent.is_none() || !follows_presence => false,
            Doing::Chosen => self.crossing_counts() == Destination::Salesforce,
        }
    }

    /// The side that counts where both were changed at once.
    fn crossing_counts(&self) -> Destination {
        match self.settings.authority {
            Authority::Last => self.authority().unwrap_or(Destination::Salesforce),
            Authority::Omni => Destination::Salesforce,
            Authority::Telephony => Destination::Connect,
        }
    }
}
