//! Every case, in an order in which one phone can be put through all of them.

mod calls;
mod faults;
mod queue;
mod states;

use presence::event::PhoneOutcome;

use crate::picture::Picture;
use crate::{AVAILABLE, Adapter, Holdline};

/// Their names, as [`run`] tells them.
pub const CASES: [&str; 17] = [
    "it says who it is and what it can do",
    "a state chosen at the phone is told",
    "a state asked for is set and answered",
    "asked for twice, it is set once and answered twice",
    "a state it does not have is refused",
    "Offline with the flag and no contact is set at once",
    "every phase of a contact is told",
    "a missed contact ends, and the phone can be set again",
    "with a contact, a queued Offline waits for its end",
    "what is queued can be replaced, and no call is dropped",
    "a second contact keeps the queue",
    "without a queue, nothing is set during a contact",
    "Holdline's queue is asked for and taken back",
    "a broken connection ends no contact and loses no queue",
    "a request that went down with the connection can be made again",
    "a phone that was replaced stays away",
    "a revoked token ends the connection",
];

/// A phone and the Holdline it has joined.
pub(crate) struct Scene<A> {
    pub(crate) holdline: Holdline,
    pub(crate) phone: A,
}

/// Puts a phone through every case.
///
/// # Panics
/// At the first case that it does not pass; the case's name was printed before.
pub async fn run<A: Adapter>() {
    run_on::<A>(Holdline::open().await).await;
}

/// [`run`] on a Holdline that was opened before, for phones that need more than its doors.
///
/// # Panics
/// As [`run`].
pub async fn run_on<A: Adapter>(holdline: Holdline) {
    let phone = A::start(&holdline).await;
    let mut scene = Scene { holdline, phone };
    let mut names = CASES.iter();
    macro_rules! play {
        ($case:path) => {
            println!(
                "conformance: {}",
                names.next().expect("every case has a name")
            );
            scene.is_at_rest().await;
            $case(&mut scene).await;
        };
    }
    play!(states::says_who_it_is);
    play!(states::choice_is_told);
    play!(states::asked_for_is_set);
    play!(states::asked_for_twice);
    play!(states::unknown_state_is_refused);
    play!(states::offline_with_the_flag_at_rest);
    play!(calls::phases_are_told);
    play!(calls::missed);
    play!(queue::offline_waits);
    play!(queue::can_be_replaced);
    play!(queue::second_contact);
    play!(queue::without_one);
    play!(queue::holdlines);
    play!(faults::broken_connection);
    play!(faults::lost_request);
    play!(faults::replaced);
    // Nothing comes after it: the phone is no longer welcome.
    play!(faults::revoked);
    assert!(names.next().is_none(), "every name has a case");
    assert_eq!(scene.phone.dropped().await, 0, "calls were dropped");
}

impl<A: Adapter> Scene<A> {
    /// Joined, Available, no contact, nothing queued.
    async fn is_at_rest(&mut self) {
        self.until("a phone that has joined and told its state", |told| {
            told.state.is_some()
        })
        .await;
        let told = self.holdline.picture().state.clone();
        for contact in told.into_iter().flat_map(|state| state.contacts) {
            self.phone.hang_up(&contact.id).await;
            self.phone.finish(&contact.id).await;
        }
        self.until("a phone without contacts", Picture::has_no_contact)
            .await;
        if !self.holdline.picture().is_in(AVAILABLE) {
            self.phone.choose(AVAILABLE).await;
        }
        self.until("a phone at rest", |told| {
            told.is_in(AVAILABLE) && told.next_state().is_none() && told.has_no_contact()
        })
        .await;
        self.holdline.picture().forget();
    }

    pub(crate) async fn until(&self, what: &str, holds: impl Fn(&Picture) -> bool) {
        self.holdline.until(what, holds).await;
    }

    /// Asks for a state and waits for the answer.
    pub(crate) async fn ask(&self, state: &str, enqueue: bool) -> PhoneOutcome {
        let command = self.holdline.ask(state, enqueue);
        let what = format!("the answer to {state} (enqueueNextState: {enqueue})");
        self.until(&what, |told| told.answers.contains_key(&command))
            .await;
        let answers = self.holdline.picture().answers[&command].clone();
        assert_eq!(answers.len(), 1, "one answer: {answers:?}");
        answers[0]
    }

    /// A contact that has been answered.
    pub(crate) async fn on_a_call(&mut self) -> String {
        let contact = self.phone.ring().await;
        self.sees(&contact, presence::phone::ContactPhase::Ringing).await;
        self.phone.connect(&contact).await;
        self.sees(&contact, presence::phone::ContactPhase::Connected)
            .await;
        contact
    }

    pub(crate) async fn sees(&self, contact: &str, phase: presence::phone::ContactPhase) {
        self.until(&format!("the contact {phase:?}"), |told| {
            told.phase(contact) == Some(phase)
        })
        .await;
    }

    /// The contact's end, through after-call work where there is any.
    pub(crate) async fn ends(&mut self, contact: &str) {
        self.phone.hang_up(contact).await;
        if self.phone.abilities().after_call_work {
            self.sees(contact, presence::phone::ContactPhase::AfterCallWork)
                .await;
        }
        self.phone.finish(contact).await;
        self.until("the end of the contact", |told| {
            told.state.is_some() && told.phase(contact).is_none()
        })
        .await;
    }
}
