//! A phone and a presence that do nothing but what the rules say: what follows from one change, followed by
//! rules that see every change, their own included (as programs without echo detection do).

use std::collections::{BTreeMap, BTreeSet};

use presence::event::Workload;
use presence::rules::{Destination, Happening, OFFLINE, Operand, Rule, RuleEvent, RuleSet, SYSTEM_STATES};

use crate::check::sense::compared_with;
use crate::statuses::Statuses;

/// Names, by number.
pub(super) type Name = u32;

/// Everything that moves.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct World {
    pub(super) phone: Name,
    pub(super) presence: Name,
    /// Changes that rules have not seen yet, oldest first; at most one a side.
    pub(super) unseen: Vec<Change>,
}

/// A change of one side.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Change {
    /// The phone's, with its state before.
    Phone(Name),
    /// Presence.
    Presence,
}

/// One write that followed a change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Write {
    pub(super) from: (Destination, String),
    /// The rule's place; `None`: by name.
    pub(super) rule: Option<usize>,
    pub(super) to: (Destination, String),
}

/// What does not move: the rules, and the names they know.
pub(super) struct Laws<'a> {
    set: &'a RuleSet,
    names: Vec<Vec<&'a str>>,
    numbers: BTreeMap<&'a str, Name>,
    phones: BTreeSet<Name>,
    presences: BTreeSet<Name>,
    index: BTreeMap<(RuleEvent, Destination), Index<'a>>,
}

/// Rules of one event and destination by the one state they ask for, so that a thousand are no burden.
#[derive(Default)]
struct Index<'a> {
    by_state: BTreeMap<&'a str, Vec<usize>>,
    others: Vec<usize>,
}

/// A state that the file does not name.
const ANOTHER: &str = "another state";

impl<'a> Laws<'a> {
    pub(super) fn new(set: &'a RuleSet, statuses: Option<&'a Statuses>) -> Self {
        let mut laws = Self {
            set,
            names: Vec::new(),
            numbers: BTreeMap::new(),
            phones: BTreeSet::new(),
            presences: BTreeSet::new(),
            index: BTreeMap::new(),
        };
        laws.name(&[ANOTHER]);
        for status in statuses.iter().flat_map(|statuses| &statuses.presence) {
            let number = laws.name(&status.names());
            laws.presences.insert(number);
        }
        for state in statuses.iter().flat_map(|statuses| &statuses.phone) {
            let number = laws.name(&[&state.name]);
            laws.phones.insert(number);
        }
        for (place, rule) in set.rules.iter().enumerate() {
            laws.learn(place, rule);
        }
        laws
    }

    fn learn(&mut self, place: usize, rule: &'a Rule) {
        let number = self.name(&[&rule.state]);
        match rule.destination {
            Destination::Connect => self.phones.insert(number),
            Destination::Salesforce => self.presences.insert(number),
        };
        for criterion in &rule.criteria {
            for operand in [Operand::ConnectAgentNewState, Operand::ConnectAgentOldState] {
                if let Some(name) = compared_with(criterion, &operand) {
                    let number = self.name(&[name]);
                    self.phones.insert(number);
                }
            }
            if let Some(name) = compared_with(criterion, &Operand::SalesforceAgentNewState) {
                let number = self.name(&[name]);
                self.presences.insert(number);
            }
        }
        let state = match rule.event {
            RuleEvent::ConnectAgentStateChange => Operand::ConnectAgentNewState,
            RuleEvent::SalesforceAgentStateChange | RuleEvent::SalesforceAgentLogout => {
                Operand::SalesforceAgentNewState
            }
            RuleEvent::SalesforceWorkAccepted | RuleEvent::SalesforceWorkloadChanged => return,
        };
        let asked_for = rule.criteria.iter().find_map(|criterion| {
            let equal = criterion.comparator == presence::rules::Comparator::Equal;
            compared_with(criterion, &state).filter(|_| equal)
        });
        let index = self.index.entry((rule.event, rule.destination)).or_default();
        match asked_for {
            Some(name) => index.by_state.entry(name).or_default().push(place),
            None => index.others.push(place),
        }
    }

    /// The number of a state with these names; names of one status have one number.
    fn name(&mut self, names: &[&'a str]) -> Name {
        if let Some(known) = names.iter().find_map(|name| self.numbers.get(name)) {
            return *known;
        }
        let number = Name::try_from(self.names.len()).unwrap_or(Name::MAX);
        self.names.push(names.to_vec());
        self.numbers.extend(names.iter().map(|name| (*name, number)));
        number
    }

    fn names_of(&self, number: Name) -> &[&'a str] {
        self.names.get(number as usize).map_or(&[], Vec::as_slice)
    }

    fn shown(&self, number: Name) -> &'a str {
        self.names_of(number).first().copied().unwrap_or_default()
    }

    pub(super) fn number_of(&self, name: &str) -> Option<Name> {
        self.numbers.get(name).copied()
    }

    pub(super) fn phones(&self) -> impl Iterator<Item = Name> {
        self.phones.iter().copied()
    }

    pub(super) fn presences(&self) -> impl Iterator<Item = Name> {
        self.presences.iter().copied()
    }

    fn is_offline(&self, number: Name) -> bool {
        self.shown(number) == OFFLINE
    }

    /// What happens when the rules see the oldest unseen change.
    pub(super) fn step(&self, world: &World, workload: Option<Workload>) -> (World, Vec<Write>) {
        let mut next = world.clone();
        let mut writes = Vec::new();
        if next.unseen.is_empty() {
            return (next, writes);
        }
        let change = next.unseen.remove(0);
        for destination in [Destination::Salesforce, Destination::Connect] {
            let Some((rule, state)) = self.asked(world, change, workload, destination) else {
                continue;
            };
            let moved = match destination {
                Destination::Salesforce => self.set_presence(&mut next, state),
                Destination::Connect => self.set_phone(&mut next, state),
            };
            if moved {
                let from = match change {
                    Change::Phone(_) => (Destination::Connect, self.shown(world.phone).to_owned()),
                    Change::Presence => (Destination::Salesforce, self.shown(world.presence).to_owned()),
                };
                let to = (destination, self.shown(state).to_owned());
                writes.push(Write { from, rule, to });
            }
        }
        (next, writes)
    }

    /// Rules never log a rep in.
    fn set_presence(&self, world: &mut World, state: Name) -> bool {
        if world.presence == state || self.is_offline(world.presence) {
            return false;
        }
        world.presence = state;
        if !world.unseen.contains(&Change::Presence) {
            world.unseen.push(Change::Presence);
        }
        true
    }

    fn set_phone(&self, world: &mut World, state: Name) -> bool {
        if world.phone == state || SYSTEM_STATES.contains(&self.shown(state)) {
            return false;
        }
        let before = std::mem::replace(&mut world.phone, state);
        if !world
            .unseen
            .iter()
            .any(|change| matches!(change, Change::Phone(_)))
        {
            world.unseen.push(Change::Phone(before));
        }
        true
    }

    fn asked(
        &self,
        world: &World,
        change: Change,
        workload: Option<Workload>,
        destination: Destination,
    ) -> Option<(Option<usize>, Name)> {
        let logged_out = self.is_offline(world.presence);
        let event = match change {
            Change::Phone(_) => RuleEvent::ConnectAgentStateChange,
            Change::Presence if logged_out => RuleEvent::SalesforceAgentLogout,
            Change::Presence => RuleEvent::SalesforceAgentStateChange,
        };
        let presence = if logged_out {
            &[OFFLINE]
        } else {
            self.names_of(world.presence)
        };
        let happening = Happening {
            event,
            connect_new: Some(self.shown(world.phone)),
            connect_old: match change {
                Change::Phone(before) => Some(self.shown(before)),
                Change::Presence => None,
            },
            salesforce_new: presence,
            channel: None,
            workload,
        };
        if let Some(place) = self.first_match(&happening, destination) {
            let state = self.numbers.get(self.set.rules[place].state.as_str())?;
            return Some((Some(place), *state));
        }
        let (changed, other_side) = match change {
            Change::Phone(_) => (world.phone, Destination::Salesforce),
            Change::Presence => (world.presence, Destination::Connect),
        };
        if !self.set.by_name || destination != other_side {
            return None;
        }
        let known = match other_side {
            Destination::Connect => &self.phones,
            Destination::Salesforce => &self.presences,
        };
        let same = self
            .names_of(changed)
            .iter()
            .filter_map(|name| self.numbers.get(name));
        let found = same
            .copied()
            .find(|number| known.contains(number) || self.is_offline(*number));
        found.map(|number| (None, number))
    }

    /// `RuleSet::first_match`, asking only the rules that can match.
    fn first_match(&self, happening: &Happening<'_>, destination: Destination) -> Option<usize> {
        let index = self.index.get(&(happening.event, destination))?;
        let phone = [happening.connect_new.unwrap_or_default()];
        let names = match happening.event {
            RuleEvent::ConnectAgentStateChange => &phone,
            _ => happening.salesforce_new,
        };
        let named = names.iter().filter_map(|name| index.by_state.get(name)).flatten();
        let mut places: Vec<usize> = named.chain(&index.others).copied().collect();
        places.sort_unstable();
        let rules = &self.set.rules;
        places.into_iter().find(|place| rules[*place].matches(happening))
    }
}
