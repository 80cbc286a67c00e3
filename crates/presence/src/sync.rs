//! Presence and phone, kept in step by the sync rules (seed 001).
//!
//! Rules look at five events. Each is told once, for a change from outside: our own writes' echoes are none
//! (DESIGN P6). For each destination the first rule of the file that matches counts, and after them, where
//! the settings say so, states of the same name. What a rule wants of the phone is a [`PhoneWant`], what it
//! wants of presence an intent like the rep's own, which comes before it. Where nothing tells whose doing a
//! difference is, the sides are reconciled by authority (`reunion.rs`), never by an old wish.
//!
//! [`PhoneWant`]: crate::state::PhoneWant

mod aim;
mod breaker;
mod fire;
mod held_phone;
mod phone_asks;
mod phone_side;
mod phone_write;
mod reunion;

use std::sync::Arc;

use crate::engine::Engine;
use crate::event::{Origin, Target, WorkSeen, WorkStage, Workload};
use crate::ids::WorkItemId;
use crate::picture::CallPhase;
use crate::rules::{Destination, Happening, OFFLINE, RuleEvent};
use crate::state::{Intent, Known, PresenceValue};
use crate::time::Now;

/// Works remembered as told: more than a rep can have open at once, so that none is told twice.
const ACCEPTED_KEPT: usize = 32;

/// What only the event itself knows.
#[derive(Clone, Copy, Default)]
struct Occasion<'a> {
    connect_old: Option<&'a str>,
    channel: Option<&'a str>,
    /// Nothing has happened: the phone counts as what it will be after the contact.
    reunion: bool,
}

/// Whether states of the same name may follow each other at an event.
#[derive(Clone, Copy, PartialEq, Eq)]
enum ByName {
    /// A choice, or a reunion.
    May,
    /// The phone did it by itself: a rule of the file may speak of that, a name says nothing.
    MayNot,
}

impl Engine {
    /// Presence has changed. `ours`: it is what a write of ours that stands was to do.
    pub(crate) fn sync_presence_changed(
        &mut self,
        now: Now,
        before: PresenceValue,
        target: Target,
        ours: bool,
    ) {
        if before == PresenceValue::Unknown {
            return;
        }
        if self.is_apart() {
            // No rule is told of it, also if it is soon what it was before: the sides are reconciled.
            self.state.sync.known = None;
            return;
        }
        let intent = self.state.intent.as_ref();
        match intent.filter(|intent| intent.target == target) {
            // The rep wished it here: theirs, as if chosen in Salesforce.
            Some(intent) if intent.leads() => self.presence_chosen(now),
            Some(_) => self.presence_is_known(),
            None if ours => {
                // Not what is wished for now: a hold's Busy status, or a write that came late. The phone has
                // not followed it, and may have to if it stays.
                self.state.sync.deferred = true;
                self.presence_is_known();
            }
            None if intent.is_some_and(|intent| intent.origin == Origin::Rule) => {
                // Omni-Channel's own doing, which no wish gives way to: the phone, whose wish it is, need not
                // follow what is about to end. If it does not end, the sides are reconciled.
                self.state.sync.deferred = true;
                self.presence_is_known();
            }
            None => {
                self.state.sync.doubtful = self.doubted_until(now, target).is_some();
                if !self.state.sync.doubtful {
                    self.presence_chosen(now);
                }
            }
        }
    }

    /// A wish of the rep's is fulfilled. If it has beaten a rule's, or the status `stood_in` for Offline before,
    /// nothing may have changed by it, and yet the other side is to follow it.
    pub(crate) fn sync_wish_fulfilled(&mut self, now: Now, wish: &Intent, stood_in: bool) {
        if wish.leads() && (self.state.sync.deferred || stood_in) && !self.is_apart() {
            self.presence_chosen(now);
        }
    }

    /// Somebody changed presence: what a rule wanted before is an older wish.
    fn presence_chosen(&mut self, now: Now) {
        if self.phone_report().is_none() {
            // Nobody hears what follows from it, also if it is soon what it was before.
            self.state.sync.known = None;
        } else {
            self.state.sync.deferred = false;
        }
        if let Some(event) = self.presence_event() {
            self.look_at_rules(now, event, Occasion::default(), ByName::May);
        }
        self.presence_is_known();
    }

    /// The event that would have led to the present presence.
    fn presence_event(&self) -> Option<RuleEvent> {
        match self.state.presence.value {
            PresenceValue::LoggedOut => Some(RuleEvent::SalesforceAgentLogout),
            PresenceValue::Status(_) => Some(RuleEvent::SalesforceAgentStateChange),
            PresenceValue::Unknown => None,
        }
    }

    /// Rules have had their say about the present presence; not without a phone that could hear it.
    fn presence_is_known(&mut self) {
        let has_phone = self.phone_report().is_some();
        if let Some(known) = self.state.sync.known.as_mut().filter(|_| has_phone) {
            known.presence = self.state.presence.value;
        }
    }

    /// The same for the phone.
    fn phone_is_known(&mut self, name: &str) {
        if let Some(known) = &mut self.state.sync.known {
            name.clone_into(&mut known.phone);
        }
    }

    /// Both sides are taken to be in step as they are.
    fn sides_are_known(&mut self) {
        let report = self.phone_report();
        self.state.sync.known = report.map(|report| Known {
            presence: self.state.presence.value,
            phone: report
                .next_state
                .clone()
                .unwrap_or_else(|| report.state.name.clone()),
        });
    }

    /// A work was seen; rules are told once that it was accepted. `happening`: it was accepted just now, and
    /// not found so after nobody had looked.
    pub(crate) fn sync_work_seen(&mut self, now: Now, seen: WorkSeen, happening: bool) {
        if seen.stage == WorkStage::Assigned {
            return;
        }
        let accepted = &mut self.state.sync.accepted;
        let told_at = accepted.iter().rposition(|work| *work == seen.work);
        match told_at {
            Some(at) if at + 1 == accepted.len() => return,
            Some(at) => drop(accepted.remove(at)),
            None if accepted.len() == ACCEPTED_KEPT => drop(accepted.remove(0)),
            None => {}
        }
        accepted.push(seen.work);
        if told_at.is_none() && seen.stage == WorkStage::Opened && happening {
            self.tell_rules_of_acceptance(now, seen.item);
        }
    }

    fn tell_rules_of_acceptance(&mut self, now: Now, item: WorkItemId) {
        let catalogue = Arc::clone(&self.catalogue);
        let mut channels = catalogue.channels.iter();
        let channel = channels.find(|channel| item.0.has_prefix(&channel.item_prefix));
        let occasion = Occasion {
            channel: channel.map(|channel| channel.name.as_str()),
            ..Occasion::default()
        };
        self.look_at_rules(now, RuleEvent::SalesforceWorkAccepted, occasion, ByName::May);
    }

    /// The rep's workload was told.
    pub(crate) fn sync_workload(&mut self, now: Now, workload: Workload) {
        if self.state.sync.workload.replace(workload) != Some(workload) {
            let event = RuleEvent::SalesforceWorkloadChanged;
            self.look_at_rules(now, event, Occasion::default(), ByName::May);
        }
    }

    /// Nothing says what presence is now, so that a change may be older than it looks.
    pub(crate) fn is_apart(&self) -> bool {
        self.state.call.phase == CallPhase::Unknown
    }

    /// Carries out what the first rule that matches says, for each destination. Gives the presence that was
    /// asked for, and whether any rule matched.
    fn look_at_rules(
        &mut self,
        now: Now,
        event: RuleEvent,
        occasion: Occasion<'_>,
        by_name: ByName,
    ) -> (Option<Target>, bool) {
        let settings = Arc::clone(&self.settings);
        let catalogue = Arc::clone(&self.catalogue);
        let mut names: [&str; 2] = [""; 2];
        let mut count = 0;
        let mut add = |name| {
            names[count] = name;
            count += 1;
        };
        match self.state.presence.value {
            PresenceValue::Unknown => {}
            PresenceValue::LoggedOut => add(OFFLINE),
            PresenceValue::Status(id) => {
                if let Some(status) = catalogue.statuses.iter().find(|status| status.id == id) {
                    add(&status.label);
                    status.developer_name.as_deref().into_iter().for_each(add);
                }
            }
        }
        let phone = self.phone_as_it_counts(occasion.reunion);
        let happening = Happening {
            event,
            connect_new: phone.as_ref().map(|state| state.name.as_str()),
            connect_old: occasion.connect_old,
            salesforce_new: &names[..count],
            channel: occasion.channel,
            workload: self.state.sync.workload,
        };
        // Decided before anything is done: both rules see the same happening.
        let wishes = [Destination::Connect, Destination::Salesforce].map(|destination| {
            let rule = settings.rules.first_match(&happening, destination);
            rule.map(|(_, rule)| self.wish_of_rule(rule)).or_else(|| {
                self.wish_by_name(
                    event,
                    destination,
                    phone.as_ref().filter(|_| by_name == ByName::May),
                )
            })
        });
        let presence = wishes[1].as_ref().and_then(|wish| wish.presence());
        let matched = wishes.iter().any(Option::is_some);
        for wish in wishes.into_iter().flatten() {
            self.fire(now, event, wish);
        }
        (presence, matched)
    }
}
