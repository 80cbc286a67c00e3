//! Amazon Connect's frames: what they tell, and what is said in answer.

use presence::event::{CommandId, Event, PhoneOutcome};
use presence::phone::{AgentStateKind, ContactPhase, PhoneState};
use proptest::prelude::*;
use telephony::amazon_connect::{
    Adapter, AgentState, Contact, FromPage, Heard, PageOutcome, Snapshot, ToPage, Trouble,
};

fn command(number: u64) -> CommandId {
    CommandId { run: 7, number }
}

fn state(name: &str, kind: &str) -> AgentState {
    AgentState {
        name: name.into(),
        kind: kind.into(),
    }
}

fn choices() -> Vec<AgentState> {
    vec![
        state("Available", "routable"),
        state("Lunch", "not_routable"),
        state("Offline", "offline"),
    ]
}

fn contact(medium: &str, state: &str) -> Contact {
    Contact {
        id: format!("{medium}-{state}"),
        medium: medium.into(),
        state: state.into(),
    }
}

fn snapshot(now: AgentState, contacts: Vec<Contact>) -> Snapshot {
    Snapshot {
        state: now,
        since_ms: Some(1_000),
        next_state: None,
        states: choices(),
        contacts,
    }
}

fn told(adapter: &mut Adapter, snapshot: Snapshot) -> PhoneState {
    let heard = adapter.hear(FromPage::Snapshot(snapshot));
    match heard.last() {
        Some(Heard::Event(Event::PhoneState(state))) => state.clone(),
        other => panic!("{other:?}"),
    }
}

fn joined(contacts: Vec<Contact>) -> Adapter {
    let mut adapter = Adapter::default();
    told(&mut adapter, snapshot(state("Available", "routable"), contacts));
    adapter
}

/// `enqueueNextState` of what is said for a request.
fn enqueued(adapter: &mut Adapter, name: &str) -> Result<bool, PhoneOutcome> {
    adapter.ask(command(1), name.into(), false).map(
        |ToPage::SetState {
             enqueue_next_state, ..
         }| enqueue_next_state,
    )
}

#[test]
fn the_first_snapshot_joins_a_phone_with_its_states() {
    let mut adapter = Adapter::default();
    let heard = adapter.hear(FromPage::Snapshot(snapshot(
        state("Lunch", "not_routable"),
        vec![],
    )));
    let [Heard::Joined(phone), Heard::Event(Event::PhoneState(now))] = &heard[..] else {
        panic!("{heard:?}");
    };
    assert_eq!((phone.name.as_str(), phone.enqueues), ("Amazon Connect", true));
    let kinds: Vec<_> = phone.states.iter().map(|state| state.kind).collect();
    use AgentStateKind::{NotRoutable, Offline, Routable};
    assert_eq!(kinds, [Routable, NotRoutable, Offline]);
    assert_eq!((now.state.name.as_str(), now.since_ms), ("Lunch", Some(1_000)));

    let again = adapter.hear(FromPage::Snapshot(snapshot(
        state("Available", "routable"),
        vec![],
    )));
    assert!(
        matches!(&again[..], [Heard::Event(Event::PhoneState(_))]),
        "{again:?}"
    );

    let mut other = snapshot(state("Available", "routable"), vec![]);
    other.states.pop();
    let heard = adapter.hear(FromPage::Snapshot(other));
    assert!(matches!(heard[0], Heard::Joined(_)), "other states: {heard:?}");
}

#[test]
fn a_state_that_cannot_be_chosen_is_the_systems() {
    let mut adapter = Adapter::default();
    for (name, kind) in [
        ("Busy", "system"),
        ("AfterCallWork", "not_routable"),
        ("MissedCallAgent", "error"),
    ] {
        let now = told(&mut adapter, snapshot(state(name, kind), vec![]));
        assert_eq!(now.state.kind, AgentStateKind::System, "{name}");
    }
}

#[test]
fn contacts_have_phases_and_chats_are_no_calls() {
    let mut adapter = Adapter::default();
    let mut phase = |medium, state_| {
        let now = told(
            &mut adapter,
            snapshot(state("Busy", "system"), vec![contact(medium, state_)]),
        );
        now.contacts.first().map(|contact| contact.phase)
    };
    for ringing in ["incoming", "pending", "connecting"] {
        assert_eq!(phase("voice", ringing), Some(ContactPhase::Ringing));
        assert_eq!(phase("queue_callback", ringing), Some(ContactPhase::Ringing));
    }
    assert_eq!(phase("voice", "connected"), Some(ContactPhase::Connected));
    assert_eq!(phase("voice", "paused"), Some(ContactPhase::Connected));
    assert_eq!(phase("voice", "something new"), Some(ContactPhase::Connected));
    assert_eq!(phase("voice", "ended"), Some(ContactPhase::AfterCallWork));
    for over in ["missed", "rejected", "error"] {
        assert_eq!(phase("voice", over), None, "{over}");
    }
    assert_eq!(phase("chat", "connected"), None);
}

#[test]
fn the_contacts_id_is_the_vendor_call_key() {
    let mut adapter = Adapter::default();
    let busy = snapshot(state("Busy", "system"), vec![contact("voice", "connected")]);
    let now = told(&mut adapter, busy);
    assert_eq!(
        now.contacts[0].vendor_call_key.as_deref(),
        Some("voice-connected")
    );
}

#[test]
fn offline_is_always_enqueued() {
    assert_eq!(enqueued(&mut joined(vec![]), "Offline"), Ok(true));
    assert_eq!(
        enqueued(&mut joined(vec![contact("voice", "connected")]), "Offline"),
        Ok(true)
    );
}

#[test]
fn a_status_change_in_wrap_up_is_enqueued_and_closes_nothing() {
    assert_eq!(
        enqueued(&mut joined(vec![contact("voice", "ended")]), "Available"),
        Ok(true)
    );
    assert_eq!(
        enqueued(&mut joined(vec![contact("chat", "connected")]), "Lunch"),
        Ok(true)
    );
    assert_eq!(
        enqueued(&mut joined(vec![]), "Lunch"),
        Ok(false),
        "off-contact it is set at once"
    );
}

#[test]
fn nothing_is_sent_while_a_contact_rings() {
    for ringing in ["incoming", "pending", "connecting"] {
        let mut adapter = joined(vec![contact("voice", ringing)]);
        assert_eq!(
            enqueued(&mut adapter, "Offline"),
            Err(PhoneOutcome::NotNow),
            "{ringing}"
        );
        told(
            &mut adapter,
            snapshot(state("Busy", "system"), vec![contact("voice", "connected")]),
        );
        assert_eq!(
            enqueued(&mut adapter, "Offline"),
            Ok(true),
            "at connected it is enqueued"
        );
    }
    let mut adapter = joined(vec![contact("voice", "missed")]);
    assert_eq!(
        enqueued(&mut adapter, "Lunch"),
        Ok(false),
        "a missed contact is over"
    );
}

#[test]
fn answers_are_taken_once_and_only_for_what_was_asked() {
    let mut adapter = joined(vec![]);
    let answer = |number: u64, outcome| FromPage::Answer {
        id: command(number).to_string(),
        outcome,
    };
    adapter.ask(command(1), "Lunch".into(), false).unwrap();
    assert_eq!(adapter.hear(answer(2, PageOutcome::Done)), []);
    let outcome = PhoneOutcome::NotNow;
    let command = command(1);
    assert_eq!(
        adapter.hear(answer(1, PageOutcome::Ringing)),
        [Heard::Event(Event::PhoneAnswered { command, outcome })]
    );
    assert_eq!(adapter.hear(answer(1, PageOutcome::Done)), []);
    let nonsense = FromPage::Answer {
        id: "nonsense".into(),
        outcome: PageOutcome::Done,
    };
    assert_eq!(adapter.hear(nonsense), []);
}

#[test]
fn a_panel_that_tells_nothing_is_no_phone() {
    for trouble in [Trouble::NotApproved, Trouble::Silent, Trouble::SignIn] {
        let mut adapter = joined(vec![contact("voice", "connected")]);
        assert_eq!(
            adapter.hear(FromPage::Trouble { trouble }),
            [Heard::Left(trouble)]
        );
        assert_eq!(enqueued(&mut adapter, "Offline"), Err(PhoneOutcome::Refused));
        let heard = adapter.hear(FromPage::Snapshot(snapshot(
            state("Available", "routable"),
            vec![],
        )));
        assert!(matches!(heard[0], Heard::Joined(_)), "it joins again: {heard:?}");
    }
}

fn any_contact() -> impl Strategy<Value = Contact> {
    let medium = prop_oneof![
        Just("voice"),
        Just("queue_callback"),
        Just("chat"),
        "[a-z]{0,8}".prop_map(|s| &*s.leak())
    ];
    let phase = prop_oneof![
        Just("incoming"),
        Just("connecting"),
        Just("connected"),
        Just("ended"),
        Just("missed"),
        "[a-z]{0,8}".prop_map(|s| &*s.leak())
    ];
    (medium, phase).prop_map(|(medium, phase)| contact(medium, phase))
}

proptest! {
    /// P1 at the writer: whatever is asked, in whatever situation, no Offline goes out unless it is enqueued,
    /// and nothing while a contact rings.
    #[test]
    fn no_offline_ever_goes_out_unenqueued(
        contacts in proptest::collection::vec(any_contact(), 0..4),
        name in prop_oneof![Just("Offline"), Just("Available"), Just("Lunch")],
        enqueue: bool,
    ) {
        let rings = contacts.iter().any(|c| matches!(&*c.state, "connecting" | "incoming" | "pending"));
        let mut adapter = joined(contacts.clone());
        match adapter.ask(command(1), name.into(), enqueue) {
            Ok(ToPage::SetState { enqueue_next_state, .. }) => {
                prop_assert!(!rings);
                prop_assert!(enqueue_next_state || name != "Offline");
                let live = contacts.iter().any(|c| c.state == "connected");
                prop_assert!(enqueue_next_state || !live);
            }
            Err(outcome) => prop_assert_eq!((outcome, rings), (PhoneOutcome::NotNow, true)),
        }
    }
}
