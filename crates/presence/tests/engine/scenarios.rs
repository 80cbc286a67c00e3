//! Calls from their first sign to their last, as console, org and phone tell of them: at each step the phase,
//! and whether a request to go Offline would be held.

use presence::event::{Event, WorkStage};
use presence::ids::WorkId;
use presence::phone::ContactPhase::{AfterCallWork, Connected, Ringing};
use presence::phone::{Contact, ContactPhase, PhoneState};
use presence::picture::CallPhase;
use presence::problem::ProblemCode;

use crate::phone::state;
use crate::world::{BREAK, By, OTHER_CALLS, World, status};

const HELD: bool = true;
const FREE: bool = false;

/// A rep with a console, a phone, and an org that routes two kinds of calls and messages.
fn at_work() -> World {
    let mut world = World::working();
    world.tell_second_channel();
    world.join_phone("Available");
    world.pass(1_000);
    world
}

impl World {
    /// The whole phone: contacts with their ids, phases and vendor keys.
    fn on_the_line(&mut self, contacts: &[(&str, ContactPhase, Option<&str>)]) {
        let contact = |(id, phase, key): &(&str, ContactPhase, Option<&str>)| Contact {
            id: (*id).to_owned(),
            phase: *phase,
            vendor_call_key: key.map(str::to_owned),
        };
        self.tell(Event::PhoneState(PhoneState {
            state: state(if contacts.is_empty() { "Available" } else { "Busy" }),
            next_state: None,
            contacts: contacts.iter().map(contact).collect(),
            since_ms: None,
        }));
    }

    fn key_of(&self, work: WorkId) -> String {
        self.works[&work].key.clone().expect("a call has a key")
    }

    /// The phase and the guard, also after the org has been read and after minutes in which nothing happens.
    #[track_caller]
    fn is(&mut self, phase: CallPhase, held: bool) {
        let now = |world: &Self| (world.phase(), world.picture().guarding);
        assert_eq!(now(self), (phase, held));
        self.pass(1);
        let rows = self.rows(self.now, &[]);
        self.pass(1);
        self.tell(rows);
        assert_eq!(now(self), (phase, held), "by the org's word, too");
        self.pass(120_000);
        assert_eq!(now(self), (phase, held), "and two minutes later");
    }
}

#[test]
fn inbound_accepted() {
    let mut world = at_work();
    world.is(CallPhase::Idle, FREE);
    let work = world.call();
    let key = world.key_of(work);
    world.on_the_line(&[("c1", Ringing, Some(&key))]);
    world.is(CallPhase::Ringing, HELD);
    world.accept(work);
    world.on_the_line(&[("c1", Connected, Some(&key))]);
    world.is(CallPhase::OnCall, HELD);
    world.hang_up(work);
    world.on_the_line(&[("c1", AfterCallWork, Some(&key))]);
    world.is(CallPhase::WrapUp, HELD);
    world.close(work);
    world.on_the_line(&[]);
    world.is(CallPhase::Idle, FREE);
    assert_eq!(
        world.phone_truth().log,
        [],
        "presence has not changed, so nothing is told to the phone"
    );
}

#[test]
fn inbound_declined() {
    for configured in [None, Some(status(BREAK))] {
        let mut world = at_work();
        let work = world.call();
        let key = world.key_of(work);
        world.on_the_line(&[("c1", Ringing, Some(&key))]);
        world.is(CallPhase::Ringing, HELD);
        world.decline(work);
        world.set_presence(By::Omni, configured, None);
        world.on_the_line(&[]);
        world.is(CallPhase::Idle, FREE);
        assert_eq!(world.presence, configured, "not fought");
        assert_eq!(
            world.has_problem(ProblemCode::LoggedOutAfterMiss),
            configured.is_none()
        );
        assert!(!world.has_problem(ProblemCode::LoggedOutDuringCall));
    }
}

#[test]
fn inbound_missed() {
    for configured in [None, Some(status(BREAK))] {
        let mut world = at_work();
        world.lose_console();
        let work = world.call();
        world.pass(40_000);
        world.is(CallPhase::Ringing, HELD);
        // DeclinedOnPushTimeout: the org, which is asked for open works, does not show it any more.
        world.move_work(work, WorkStage::Ended, false);
        world.set_presence(By::Omni, configured, None);
        world.page.outbox.clear();
        world.pass(40_000);
        world.is(CallPhase::Idle, FREE);
        assert_eq!(world.presence, configured, "not fought");
        assert_eq!(
            world.has_problem(ProblemCode::LoggedOutAfterMiss),
            configured.is_none()
        );
        assert!(!world.has_problem(ProblemCode::LoggedOutDuringCall));
    }
}

#[test]
fn outbound_with_an_early_work() {
    let mut world = at_work();
    let work = world.call();
    world.accept(work);
    world.is(CallPhase::OnCall, HELD);
    let key = world.key_of(work);
    world.on_the_line(&[("c1", Ringing, Some(&key))]);
    world.is(CallPhase::OnCall, HELD);
    world.on_the_line(&[("c1", Connected, Some(&key))]);
    world.is(CallPhase::OnCall, HELD);
    world.on_the_line(&[("c1", AfterCallWork, Some(&key))]);
    // Only the phone tells of the end; the org has told before which call has this key.
    world.is(CallPhase::WrapUp, HELD);
    world.close(work);
    world.on_the_line(&[]);
    world.is(CallPhase::Idle, FREE);
}

#[test]
fn outbound_with_a_late_work() {
    let mut world = at_work();
    world.on_the_line(&[("c1", Ringing, Some("key-1"))]);
    world.is(CallPhase::Idle, HELD);
    world.on_the_line(&[("c1", Connected, Some("key-1"))]);
    world.is(CallPhase::Idle, HELD);
    let work = world.call();
    world.accept(work);
    world.is(CallPhase::OnCall, HELD);
    world.hang_up(work);
    world.on_the_line(&[("c1", AfterCallWork, Some("key-1"))]);
    world.is(CallPhase::WrapUp, HELD);
    world.close(work);
    world.is(CallPhase::Idle, HELD);
    world.on_the_line(&[]);
    world.is(CallPhase::Idle, FREE);
}

#[test]
fn outbound_without_a_work() {
    let mut world = at_work();
    world.on_the_line(&[("c1", Ringing, None)]);
    world.is(CallPhase::Idle, HELD);
    world.on_the_line(&[("c1", Connected, None)]);
    world.is(CallPhase::Idle, HELD);
    world.on_the_line(&[("c1", AfterCallWork, None)]);
    world.is(CallPhase::Idle, HELD);
    world.on_the_line(&[]);
    world.is(CallPhase::Idle, FREE);
}

#[test]
fn consult() {
    let mut world = at_work();
    let work = world.call();
    let key = world.key_of(work);
    world.accept(work);
    world.on_the_line(&[("c1", Connected, Some(&key))]);
    world.on_the_line(&[("c1", Connected, Some(&key)), ("c2", Ringing, None)]);
    world.is(CallPhase::OnCall, HELD);
    world.on_the_line(&[("c1", Connected, Some(&key)), ("c2", Connected, None)]);
    world.is(CallPhase::OnCall, HELD);
    // The customer hangs up while the colleague is still on the line.
    world.hang_up(work);
    world.on_the_line(&[("c1", AfterCallWork, Some(&key)), ("c2", Connected, None)]);
    world.is(CallPhase::OnCall, HELD);
    world.on_the_line(&[("c1", AfterCallWork, Some(&key))]);
    world.is(CallPhase::WrapUp, HELD);
    world.close(work);
    world.on_the_line(&[]);
    world.is(CallPhase::Idle, FREE);
}

#[test]
fn callback() {
    let mut world = at_work();
    // Routed by a channel of its own; nobody is called before the rep accepts.
    let work = world.new_work(OTHER_CALLS, true);
    world.is(CallPhase::Ringing, HELD);
    world.accept(work);
    world.is(CallPhase::OnCall, HELD);
    let key = world.key_of(work);
    world.on_the_line(&[("c1", Ringing, Some(&key))]);
    world.is(CallPhase::OnCall, HELD);
    // Nobody answers; the second try reaches them.
    world.on_the_line(&[]);
    world.is(CallPhase::OnCall, HELD);
    world.on_the_line(&[("c2", Connected, Some(&key))]);
    world.is(CallPhase::OnCall, HELD);
    world.hang_up(work);
    world.on_the_line(&[]);
    world.is(CallPhase::WrapUp, HELD);
    world.close(work);
    world.is(CallPhase::Idle, FREE);
}

#[test]
fn transfer_in() {
    let mut world = at_work();
    // The rep had the call before, gave it away, and it comes back: a new AgentWork for the same VoiceCall.
    let first = world.call();
    world.accept(first);
    world.close(first);
    world.is(CallPhase::Idle, FREE);
    let item = world.works[&first].item;
    let back = world.route(item, true);
    let key = world.key_of(back);
    world.on_the_line(&[("c1", Ringing, Some(&key))]);
    world.is(CallPhase::Ringing, HELD);
    world.accept(back);
    world.on_the_line(&[("c1", Connected, Some(&key))]);
    world.is(CallPhase::OnCall, HELD);
    world.hang_up(back);
    world.on_the_line(&[]);
    world.is(CallPhase::WrapUp, HELD);
    world.close(back);
    world.is(CallPhase::Idle, FREE);
}

#[test]
fn transfer_out() {
    let mut world = at_work();
    let work = world.call();
    let key = world.key_of(work);
    world.accept(work);
    world.on_the_line(&[("c1", Connected, Some(&key)), ("c2", Connected, None)]);
    world.is(CallPhase::OnCall, HELD);
    // Transferred: the work is over at once, the phone lets go a little later.
    world.close(work);
    world.is(CallPhase::Idle, HELD);
    world.on_the_line(&[("c2", Connected, None)]);
    world.is(CallPhase::Idle, HELD);
    world.on_the_line(&[]);
    world.is(CallPhase::Idle, FREE);
}

#[test]
fn conference_joined() {
    let mut world = at_work();
    let work = world.call();
    let key = world.key_of(work);
    world.accept(work);
    let all = [
        ("c1", Connected, Some(key.as_str())),
        ("c2", Connected, Some("colleague")),
        ("c3", Connected, None),
    ];
    world.on_the_line(&all);
    world.is(CallPhase::OnCall, HELD);
    // The others leave, one by one; the rep stays.
    world.on_the_line(&all[..2]);
    world.is(CallPhase::OnCall, HELD);
    world.on_the_line(&all[..1]);
    world.is(CallPhase::OnCall, HELD);
    world.hang_up(work);
    world.on_the_line(&[]);
    world.is(CallPhase::WrapUp, HELD);
    world.close(work);
    world.is(CallPhase::Idle, FREE);
}

#[test]
fn conference_left() {
    let mut world = at_work();
    let work = world.call();
    let key = world.key_of(work);
    world.accept(work);
    world.on_the_line(&[("c1", Connected, Some(&key)), ("c2", Connected, None)]);
    world.is(CallPhase::OnCall, HELD);
    // The rep leaves; the conversation goes on without them, so that the VoiceCall has no end.
    world.on_the_line(&[("c1", AfterCallWork, Some(&key))]);
    world.is(CallPhase::WrapUp, HELD);
    world.on_the_line(&[]);
    world.is(CallPhase::OnCall, HELD);
    world.close(work);
    world.is(CallPhase::Idle, FREE);
}

#[test]
fn two_calls_at_once() {
    let mut world = at_work();
    let first = world.call();
    let (key_1, second) = (world.key_of(first), world.new_work(OTHER_CALLS, true));
    let key_2 = world.key_of(second);
    world.accept(first);
    world.on_the_line(&[("c1", Connected, Some(&key_1)), ("c2", Ringing, Some(&key_2))]);
    world.is(CallPhase::OnCall, HELD);
    world.accept(second);
    world.on_the_line(&[("c1", Connected, Some(&key_1)), ("c2", Connected, Some(&key_2))]);
    world.is(CallPhase::OnCall, HELD);
    world.hang_up(first);
    world.on_the_line(&[
        ("c1", AfterCallWork, Some(&key_1)),
        ("c2", Connected, Some(&key_2)),
    ]);
    world.is(CallPhase::OnCall, HELD);
    world.close(first);
    world.is(CallPhase::OnCall, HELD);
    world.hang_up(second);
    world.on_the_line(&[]);
    world.is(CallPhase::WrapUp, HELD);
    world.close(second);
    world.is(CallPhase::Idle, FREE);
}

#[test]
fn a_call_and_a_message_at_once() {
    let mut world = at_work();
    let message = world.new_work("0Mw", false);
    world.is(CallPhase::Idle, FREE);
    world.accept(message);
    world.is(CallPhase::Idle, FREE);
    let call = world.call();
    world.is(CallPhase::Ringing, HELD);
    world.accept(call);
    world.close(message);
    world.is(CallPhase::OnCall, HELD);
    let case = world.new_work("500", false);
    world.accept(case);
    world.hang_up(call);
    world.is(CallPhase::WrapUp, HELD);
    world.close(call);
    world.is(CallPhase::Idle, FREE);
    world.close(case);
    world.is(CallPhase::Idle, FREE);
}
