//! The worlds that are exhausted: small ones for every test run, large ones for `cargo xtask verify`.

mod policies;

use presence::rules::{Comparator, Criterion, Destination, OFFLINE, Operand, Rule, RuleEvent, RuleSet};
use presence::settings::{Policy, Settings, WrapUpPolicy};

use super::names::PhoneChoice;
use super::names::Status::{self, Available, Break};
use super::scope::{Ask, Budget, Scope, Start};

const NOTHING: Budget = Budget {
    asks: 0,
    picks: 0,
    phone_picks: 0,
    contacts: 0,
    declines: 0,
    crashes: 0,
    long_crashes: 0,
    losses: 0,
    repeats: 0,
    moments: 0,
    deadlines: 0,
    sleeps: 0,
};

/// Together some tens of thousands of states: seconds in a development build.
pub fn small() -> Vec<Scope> {
    let mut worlds = vec![
        Scope {
            name: "a wish before, in or after a call",
            asks: vec![Ask::Offline],
            budget: Budget {
                asks: 1,
                moments: 1,
                ..NOTHING
            },
            ..Scope::default()
        },
        Scope {
            name: "a held wish and a newer one",
            start: Start::Held,
            asks: vec![Ask::Cancel, Ask::Status(Break)],
            budget: Budget {
                asks: 1,
                moments: 1,
                ..NOTHING
            },
            ..Scope::default()
        },
        Scope {
            name: "a held wish and a crash",
            start: Start::Held,
            asks: Vec::new(),
            budget: Budget {
                crashes: 1,
                moments: 1,
                ..NOTHING
            },
            ..Scope::default()
        },
        Scope {
            name: "a held wish and a choice in Salesforce",
            start: Start::Held,
            asks: Vec::new(),
            budget: Budget {
                picks: 1,
                moments: 1,
                ..NOTHING
            },
            ..Scope::default()
        },
        Scope {
            name: "a held wish and a loss",
            start: Start::Held,
            asks: Vec::new(),
            budget: Budget {
                losses: 1,
                moments: 1,
                ..NOTHING
            },
            ..Scope::default()
        },
        Scope {
            name: "a phone and a choice at it",
            calls: 0,
            phone: true,
            asks: vec![Ask::Offline],
            budget: Budget {
                asks: 1,
                phone_picks: 1,
                moments: 1,
                ..NOTHING
            },
            ..Scope::default()
        },
        Scope {
            name: "rules in a cycle",
            settings: cycle(),
            in_step: in_step_with_the_cycle,
            calls: 0,
            phone: true,
            asks: Vec::new(),
            budget: Budget {
                picks: 1,
                phone_picks: 1,
                moments: 1,
                ..NOTHING
            },
            ..Scope::default()
        },
    ];
    worlds.extend(policies::small());
    worlds
}

/// Rules whose sides would answer each other for ever if a write's echo were a change.
fn cycle() -> Settings {
    let rule = |event, operand, is: &str, destination, state: &str| Rule {
        name: format!("{is} to {state}"),
        event,
        criteria: vec![Criterion {
            a: operand,
            comparator: Comparator::Equal,
            b: Operand::StaticValue(is.to_owned()),
        }],
        destination,
        state: state.to_owned(),
    };
    let presence = |is, state| {
        let event = RuleEvent::SalesforceAgentStateChange;
        rule(
            event,
            Operand::SalesforceAgentNewState,
            is,
            Destination::Connect,
            state,
        )
    };
    let phone = |is, state| {
        let event = RuleEvent::ConnectAgentStateChange;
        rule(
            event,
            Operand::ConnectAgentNewState,
            is,
            Destination::Salesforce,
            state,
        )
    };
    Settings {
        rules: RuleSet {
            rules: vec![
                presence("Available", "Break"),
                phone("Break", "Break"),
                presence("Break", "Available"),
                phone("Available", "Available"),
                phone(OFFLINE, OFFLINE),
            ],
            by_name: false,
        },
        ..Settings::default()
    }
}

/// As the last change on either side led to the other.
fn in_step_with_the_cycle(presence: Option<Status>, phone: PhoneChoice) -> bool {
    let followed = match presence {
        None => return true,
        Some(Available) => PhoneChoice::Break,
        Some(Break) => PhoneChoice::Available,
    };
    phone == followed || phone == PhoneChoice::by_name(presence)
}

fn with(policy: Policy) -> Settings {
    Settings {
        policy,
        ..Settings::default()
    }
}

/// Together more than five million states: minutes in a release build.
pub fn large() -> Vec<Scope> {
    let mut worlds = vec![
        Scope {
            name: "wishes, a call and a moment",
            asks: vec![Ask::Offline, Ask::Cancel],
            budget: Budget {
                asks: 2,
                moments: 1,
                ..NOTHING
            },
            ..Scope::default()
        },
        Scope {
            name: "back-to-back calls and a loss",
            start: Start::Held,
            calls: 2,
            asks: Vec::new(),
            budget: Budget {
                losses: 1,
                deadlines: 1,
                ..NOTHING
            },
            ..Scope::default()
        },
        Scope {
            name: "two calls at once",
            calls: 2,
            at_once: 2,
            asks: vec![Ask::Offline],
            budget: Budget {
                asks: 1,
                declines: 1,
                ..NOTHING
            },
            ..Scope::default()
        },
        Scope {
            name: "a held wish, a crash and a newer wish",
            start: Start::Held,
            asks: vec![Ask::Offline, Ask::Cancel, Ask::Status(Break)],
            budget: Budget {
                asks: 1,
                crashes: 1,
                deadlines: 1,
                ..NOTHING
            },
            ..Scope::default()
        },
        Scope {
            name: "a held wish and ten minutes away",
            start: Start::Held,
            asks: vec![Ask::Offline],
            budget: Budget {
                asks: 1,
                long_crashes: 1,
                losses: 1,
                ..NOTHING
            },
            ..Scope::default()
        },
        Scope {
            name: "a held wish and choices in Salesforce",
            start: Start::Held,
            asks: vec![Ask::Offline, Ask::Status(Available)],
            budget: Budget {
                asks: 1,
                picks: 1,
                moments: 1,
                ..NOTHING
            },
            ..Scope::default()
        },
        Scope {
            name: "words that come twice, and a sleep",
            start: Start::OnCall,
            asks: vec![Ask::Offline],
            budget: Budget {
                asks: 1,
                repeats: 1,
                sleeps: 1,
                ..NOTHING
            },
            ..Scope::default()
        },
        Scope {
            name: "a phone, early calls and dialled ones",
            phone: true,
            asks: vec![Ask::Offline],
            budget: Budget {
                asks: 1,
                contacts: 1,
                ..NOTHING
            },
            ..Scope::default()
        },
        Scope {
            name: "a phone, choices on both sides",
            calls: 0,
            phone: true,
            asks: vec![Ask::Offline, Ask::Status(Break)],
            budget: Budget {
                asks: 1,
                picks: 1,
                phone_picks: 1,
                ..NOTHING
            },
            ..Scope::default()
        },
        Scope {
            name: "a phone and rules in a cycle",
            settings: cycle(),
            in_step: in_step_with_the_cycle,
            calls: 0,
            phone: true,
            asks: vec![Ask::Status(Break)],
            budget: Budget {
                asks: 1,
                picks: 1,
                phone_picks: 1,
                ..NOTHING
            },
            ..Scope::default()
        },
        Scope {
            name: "wrap_up = allow",
            settings: with(Policy {
                wrap_up: WrapUpPolicy::Allow,
                ..Policy::default()
            }),
            asks: vec![Ask::Offline, Ask::Quit],
            budget: Budget {
                asks: 2,
                losses: 1,
                ..NOTHING
            },
            ..Scope::default()
        },
    ];
    worlds.extend(policies::large());
    worlds
}
