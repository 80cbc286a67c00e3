//! The practice phone as `agent::update` tells it. Times are milliseconds; the page makes dates of them.

use serde_json::{Value, json};
use wire::connector::{AgentStateKind, Contact, ContactPhase};

use crate::org::{Choice, MISSED, Org, RepKey};

const INSTANCE: &str =
    "arn:aws:connect:eu-central-1:000000000000:instance/00000000-0000-4000-8000-000000000000";

/// `{snapshot, configuration}` of a rep, and what the page itself must know.
pub(super) fn update(org: &Org, key: RepKey, now_ms: i64) -> Value {
    let rep = org.rep(key);
    json!({
        "acknowledges": org.settings().ccp_acknowledges,
        "snapshot": snapshot(org, key, now_ms),
        "configuration": {
            "agentPreferences": {},
            "agentStates": Choice::ALL.map(state),
            "dialableCountries": [],
            "extension": null,
            "name": rep.name(),
            "permissions": [],
            "routingProfile": {
                "channelConcurrencyMap": { "VOICE": 1 },
                "defaultOutboundQueue": { "name": "Practice", "queueARN": format!("{INSTANCE}/queue/1") },
                "name": "Practice",
                "queues": [],
                "routingProfileARN": format!("{INSTANCE}/routing-profile/1"),
                "routingProfileId": format!("{INSTANCE}/routing-profile/1"),
            },
            "softphoneAutoAccept": false,
            "softphoneEnabled": true,
            "username": rep.rep,
        },
    })
}

fn snapshot(org: &Org, key: RepKey, now_ms: i64) -> Value {
    let phone = &org.rep(key).phone;
    let now = phone.state();
    let (name, kind) = shown(phone.is_dialing(), &now.contacts).unwrap_or_else(|| match now.state.kind {
        AgentStateKind::System if now.state.name == MISSED => ("MissedCallAgent", "error"),
        _ => match Choice::named(&now.state.name) {
            Some(choice) => (choice.name(), type_of(choice)),
            None => ("Init", "init"),
        },
    });
    let next = now.next_state.as_deref().and_then(Choice::named);
    let contacts: Vec<_> = now
        .contacts
        .iter()
        .map(|each| {
            contact(
                each,
                phone.is_outbound(&each.id),
                phone.is_on_hold(&each.id),
                now_ms,
            )
        })
        .collect();
    json!({
        "agentAvailabilityState": { "state": name, "timeStamp": now_ms },
        "contacts": contacts,
        "nextState": next.map(state),
        "snapshotTimestamp": now_ms,
        "state": {
            "agentStateARN": format!("{INSTANCE}/agent-state/{name}"),
            "name": name,
            "startTimestamp": now.since_ms.unwrap_or(now_ms),
            "type": kind,
        },
    })
}

/// The state that the system gives the agent for contacts (seed 001).
fn shown(dialing: bool, contacts: &[Contact]) -> Option<(&'static str, &'static str)> {
    let has = |phase| contacts.iter().any(|contact| contact.phase == phase);
    if has(ContactPhase::Connected) {
        Some(("Busy", "system"))
    } else if dialing {
        Some(("CallingCustomer", "system"))
    } else if has(ContactPhase::Ringing) {
        Some(("PendingBusy", "system"))
    } else {
        has(ContactPhase::AfterCallWork).then_some(("AfterCallWork", "system"))
    }
}

fn type_of(choice: Choice) -> &'static str {
    match choice.agent_state().kind {
        AgentStateKind::Routable => "routable",
        AgentStateKind::Offline => "offline",
        AgentStateKind::NotRoutable | AgentStateKind::System => "not_routable",
    }
}

fn state(choice: Choice) -> Value {
    let name = choice.name();
    json!({
        "agentStateARN": format!("{INSTANCE}/agent-state/{name}"),
        "name": name,
        "type": type_of(choice),
    })
}

fn contact(contact: &Contact, outbound: bool, on_hold: bool, now_ms: i64) -> Value {
    let (phase, line) = match contact.phase {
        ContactPhase::Ringing => ("connecting", "connecting"),
        ContactPhase::Connected if on_hold => ("connected", "hold"),
        ContactPhase::Connected => ("connected", "connected"),
        ContactPhase::AfterCallWork => ("ended", "disconnected"),
    };
    let connection = |kind: &str, initial: bool, state: &str| {
        json!({
            "address": "+15550100",
            "connectionId": format!("{}-{kind}", contact.id),
            "endpoint": { "phoneNumber": "+15550100", "type": "phone_number" },
            "initial": initial,
            "state": { "timestamp": now_ms, "type": state },
            "type": kind,
        })
    };
    let customer = if outbound { "outbound" } else { "inbound" };
    json!({
        "attributes": {},
        "connections": [connection("agent", false, if line == "hold" { "connected" } else { line }),
            connection(customer, true, line)],
        "contactFeatures": {},
        "contactId": contact.id,
        "initialContactId": contact.id,
        "queue": { "name": "Practice", "queueARN": format!("{INSTANCE}/queue/1") },
        "queueTimestamp": now_ms,
        "state": { "timestamp": now_ms, "type": phase },
        "type": "voice",
    })
}
