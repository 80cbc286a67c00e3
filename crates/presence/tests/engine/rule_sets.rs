//! Rule sets made up, and what they ask for, worked out a second time without the engine.

use presence::phone::AgentStateKind;
use presence::picture::{Picture, PresenceView};
use presence::rules::{Comparator, Criterion, Destination, OFFLINE, Operand, Rule, RuleEvent, RuleSet};
use presence::settings::{Authority, Settings};
use proptest::prelude::*;

/// What the test phone can be set to.
const SETTABLE: [&str; 3] = ["Available", "Break", "Offline"];

pub(crate) fn equal(a: Operand, b: &str) -> Criterion {
    compare(a, Comparator::Equal, b)
}

fn compare(a: Operand, comparator: Comparator, b: &str) -> Criterion {
    Criterion {
        a,
        comparator,
        b: Operand::StaticValue(b.to_owned()),
    }
}

pub(crate) fn rule(event: RuleEvent, criteria: Vec<Criterion>, to: Destination, state: &str) -> Rule {
    Rule {
        name: format!("{event:?} to {state}"),
        event,
        criteria,
        destination: to,
        state: state.to_owned(),
    }
}

fn name() -> impl Strategy<Value = String> {
    prop::sample::select(vec![
        "Available",
        "Break",
        "Offline",
        "Busy_Offline",
        "Busy",
        "Lunch",
    ])
    .prop_map(str::to_owned)
}

fn comparator() -> impl Strategy<Value = Comparator> {
    prop::sample::select(vec![Comparator::Equal, Comparator::NotEqual])
}

/// A rule that looks at one side's state and writes the other.
fn crossing() -> impl Strategy<Value = Rule> {
    let event = prop::sample::select(vec![
        RuleEvent::ConnectAgentStateChange,
        RuleEvent::SalesforceAgentStateChange,
        RuleEvent::SalesforceAgentLogout,
    ]);
    (event, comparator(), name(), name(), any::<bool>()).prop_map(|(event, comparator, when, state, any)| {
        let (operand, to) = match event {
            RuleEvent::ConnectAgentStateChange => (Operand::ConnectAgentNewState, Destination::Salesforce),
            _ => (Operand::SalesforceAgentNewState, Destination::Connect),
        };
        let criteria = match event {
            RuleEvent::SalesforceAgentLogout => vec![equal(operand, OFFLINE)],
            _ if any => Vec::new(),
            _ => vec![compare(operand, comparator, &when)],
        };
        rule(event, criteria, to, &state)
    })
}

/// Any rule at all, also of a side on itself.
fn wild() -> impl Strategy<Value = Rule> {
    let event = prop::sample::select(vec![
        RuleEvent::ConnectAgentStateChange,
        RuleEvent::SalesforceAgentStateChange,
        RuleEvent::SalesforceAgentLogout,
        RuleEvent::SalesforceWorkAccepted,
        RuleEvent::SalesforceWorkloadChanged,
    ]);
    let operand = prop::sample::select(vec![
        Operand::ConnectAgentNewState,
        Operand::ConnectAgentOldState,
        Operand::SalesforceAgentNewState,
        Operand::SalesforceServiceChannel,
    ]);
    let by_name = (operand, comparator(), name()).prop_map(|(a, comparator, b)| compare(a, comparator, &b));
    let by_load = (0..150u8).prop_map(|percent| {
        compare(
            Operand::SalesforceNewWorkloadPct,
            Comparator::GreaterOrEqual,
            &percent.to_string(),
        )
    });
    let channel = Just(equal(Operand::SalesforceServiceChannel, "sfdc_email"));
    let criterion = prop_oneof![4 => by_name, 1 => by_load, 1 => channel];
    let to = prop::sample::select(vec![Destination::Connect, Destination::Salesforce]);
    (event, prop::collection::vec(criterion, 0..2), to, name()).prop_map(
        |(event, mut criteria, to, state)| {
            if event == RuleEvent::SalesforceAgentLogout {
                criteria.push(equal(Operand::SalesforceAgentNewState, OFFLINE));
            }
            rule(event, criteria, to, &state)
        },
    )
}

fn set(rules: impl Strategy<Value = Vec<Rule>>) -> impl Strategy<Value = Settings> {
    let authority = prop::sample::select(vec![Authority::Last, Authority::Omni, Authority::Telephony]);
    (rules, any::<bool>(), authority).prop_map(|(rules, by_name, authority)| Settings {
        rules: RuleSet { rules, by_name },
        authority,
        ..Settings::default()
    })
}

/// Settings with rules between the two states only, contradictory and cyclic ones among them.
pub(crate) fn crossing_settings() -> impl Strategy<Value = Settings> {
    set(prop::collection::vec(crossing(), 0..7))
}

/// Settings with any rules.
pub(crate) fn wild_settings() -> impl Strategy<Value = Settings> {
    set(prop::collection::vec(prop_oneof![crossing(), wild()], 0..9))
}

/// P7 as a function of what can be seen: what is missing for the other side to be what this side's rules
/// ask for; `None`: nothing. Only for rules that look at that side's own new state.
pub(crate) fn missing(picture: &Picture, settings: &Settings, side: Destination) -> Option<String> {
    let telephony = picture.telephony.as_ref()?;
    let state = telephony.state.as_ref()?;
    let phone = state.name.as_str();
    if side == Destination::Salesforce && state.kind == AgentStateKind::System {
        // The phone is at something of its own, which is not fought.
        return None;
    }
    let (event, names, logged_out) = match &picture.presence {
        PresenceView::Unknown => return None,
        PresenceView::LoggedOut { .. } => (RuleEvent::SalesforceAgentLogout, vec![OFFLINE.to_owned()], true),
        PresenceView::Status { id, .. } => {
            let status = picture.statuses.iter().find(|status| status.id == *id)?;
            let names = std::iter::once(status.label.clone()).chain(status.developer_name.clone());
            (RuleEvent::SalesforceAgentStateChange, names.collect(), false)
        }
    };
    let (event, new, other) = match side {
        Destination::Salesforce => (event, names.clone(), Destination::Connect),
        Destination::Connect => {
            let new = vec![phone.to_owned()];
            (RuleEvent::ConnectAgentStateChange, new, Destination::Salesforce)
        }
    };
    let holds = |criterion: &Criterion| {
        let Operand::StaticValue(value) = &criterion.b else {
            panic!("this oracle knows static values only");
        };
        new.contains(value) == (criterion.comparator == Comparator::Equal)
    };
    let mut rules = settings.rules.rules.iter();
    let first = rules
        .find(|rule| rule.event == event && rule.destination == other && rule.criteria.iter().all(holds));
    let by_name = || {
        // A Busy status named Offline is not the phone's Offline.
        let same = if logged_out { OFFLINE } else { names[0].as_str() };
        let apart = same == OFFLINE && !logged_out;
        match side {
            Destination::Salesforce => (!apart && SETTABLE.contains(&same)).then(|| same.to_owned()),
            Destination::Connect => SETTABLE.contains(&phone).then(|| phone.to_owned()),
        }
    };
    let asked = match first {
        Some(rule) => Some(rule.state.clone()),
        None if settings.rules.by_name => by_name(),
        None => None,
    }?;
    let fulfilled = match side {
        Destination::Salesforce => phone == asked || !SETTABLE.contains(&asked.as_str()),
        Destination::Connect if asked == OFFLINE => logged_out,
        Destination::Connect => {
            let status = |status: &&presence::event::PresenceStatus| {
                status.label == asked || status.developer_name.as_ref() == Some(&asked)
            };
            // Rules log nobody in.
            logged_out || names.contains(&asked) || picture.statuses.iter().find(status).is_none()
        }
    };
    (!fulfilled).then(|| format!("{side:?} asks for {asked}"))
}
