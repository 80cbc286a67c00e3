//! Whatever the network and the server do: no event comes twice, and none is missing without a gap being told.

use std::collections::BTreeSet;

use bayeux::{Options, Poll, Replay};
use proptest::prelude::*;
use serde_json::Value;

use crate::desk::{Desk, Sent, Told};
use crate::server::Server;

/// What becomes of the next request that is under way.
#[derive(Clone, Copy, Debug)]
enum Fate {
    Answered,
    AnsweredBackwards,
    AnsweredTwiceOver,
    /// It arrives, and its answer does not.
    AnswerLost,
    Busy,
    Lost,
    Page,
    /// The server has dealt with it, and its answer is on its way.
    Underway,
}

#[derive(Clone, Debug)]
enum Step {
    Expire,
    /// The oldest events are not retained any more.
    Forget,
    Meets(Fate, usize),
    Publish,
    /// One more channel is wanted, or not any more: a command beside the held connect.
    Toggle,
    Time(u64),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let fate = prop_oneof![
        8 => Just(Fate::Answered),
        2 => Just(Fate::AnsweredTwiceOver),
        2 => Just(Fate::AnsweredBackwards),
        1 => Just(Fate::Lost),
        2 => Just(Fate::AnswerLost),
        1 => Just(Fate::Busy),
        1 => Just(Fate::Page),
        2 => Just(Fate::Underway),
    ];
    let step = prop_oneof![
        8 => (fate, 0usize..2).prop_map(|(fate, which)| Step::Meets(fate, which)),
        4 => Just(Step::Publish),
        1 => Just(Step::Expire),
        1 => Just(Step::Forget),
        2 => Just(Step::Toggle),
        2 => (0u64..100_000).prop_map(Step::Time),
    ];
    prop::collection::vec(step, 0..80)
}

struct World {
    desk: Desk,
    server: Server,
    open: Vec<(Sent, Option<Vec<Value>>)>,
    told: Vec<Told>,
    with_any: bool,
    wants_other: bool,
}

impl World {
    fn toggles(&mut self) {
        let client = &mut self.desk.client;
        self.wants_other = !self.wants_other;
        if !self.wants_other {
            client.unsubscribe("/other");
        } else {
            client.subscribe("/other", Replay::After(0));
        }
    }

    /// Takes everything that the client wants sent now.
    fn polls(&mut self) {
        loop {
            match self.desk.client.poll(self.desk.now_ms) {
                Poll::Post(post) => {
                    let messages = serde_json::from_str(&post.body).unwrap();
                    self.open.push((Sent { post, messages }, None));
                }
                Poll::Stopped => self.desk.client.start_again(),
                Poll::RenewToken | Poll::Wait | Poll::WaitUntil(_) => return,
            }
        }
    }

    fn meets(&mut self, fate: Fate, which: usize) {
        self.polls();
        if which >= self.open.len() {
            return;
        }
        let (sent, underway) = self.open.remove(which);
        let underway = |server: &mut Server, with_any| {
            underway.unwrap_or_else(|| server.answer(&sent.messages, with_any))
        };
        let told = match fate {
            Fate::Underway => {
                let answer = underway(&mut self.server, self.with_any);
                self.open.insert(which, (sent, Some(answer)));
                return;
            }
            Fate::Lost => self.desk.failed(&sent),
            Fate::Busy => self.desk.answered_with(&sent, 503, Some(1_000), "busy"),
            Fate::Page => self.desk.answered_with(&sent, 200, None, "<html>"),
            Fate::AnswerLost => {
                underway(&mut self.server, self.with_any);
                self.desk.failed(&sent)
            }
            Fate::Answered | Fate::AnsweredBackwards | Fate::AnsweredTwiceOver => {
                let mut answer = underway(&mut self.server, self.with_any);
                match fate {
                    Fate::AnsweredBackwards => answer.reverse(),
                    Fate::AnsweredTwiceOver => {
                        let events: Vec<Value> = answer
                            .iter()
                            .filter(|one| one.get("data").is_some())
                            .cloned()
                            .collect();
                        answer.extend(events);
                    }
                    _ => {}
                }
                self.desk.answered(&sent, &Value::from(answer))
            }
        };
        self.told.extend(told);
    }

    /// All is well from now on, until nothing more comes.
    fn calms_down(&mut self) {
        for _ in 0..200 {
            self.polls();
            let held = |sent: &Sent| sent.channel() == "/meta/connect";
            let due = self.open.iter().position(|(sent, underway)| {
                !held(sent) || underway.is_some() || self.server.has_news(&sent.messages)
            });
            if let Some(which) = due {
                self.meets(Fate::Answered, which);
            } else if self.desk.client.is_listening() && self.open.iter().any(|(sent, _)| held(sent)) {
                return;
            } else if let Poll::WaitUntil(at) = self.desk.client.poll(self.desk.now_ms) {
                self.desk.now_ms = at;
            } else {
                // A request of a session that was given up: its answer comes to nobody.
                self.open.clear();
            }
        }
        panic!("it does not come to rest");
    }
}

proptest! {
    #[test]
    fn nothing_twice_and_nothing_skipped_in_silence(
        steps in steps(),
        acks in any::<bool>(),
        with_any in any::<bool>(),
        from_all in any::<bool>(),
    ) {
        let replay = if from_all { Replay::All } else { Replay::New };
        let options = Options { ack: acks, ..Options::default() };
        let mut world = World {
            desk: Desk::with(options, replay),
            server: Server::that_replays(acks),
            open: Vec::new(),
            told: Vec::new(),
            with_any,
            wants_other: false,
        };
        world.calms_down();
        for step in steps {
            match step {
                Step::Expire => world.server.expire(),
                Step::Forget => world.server.forgotten = world.server.published.len().saturating_sub(2),
                Step::Meets(fate, which) => world.meets(fate, which),
                Step::Publish => world.server.publish(),
                Step::Toggle => world.toggles(),
                Step::Time(ms) => world.desk.now_ms += ms,
            }
        }
        world.calms_down();
        // What is published in a calm comes.
        let before = world.told.len();
        world.server.publish();
        world.calms_down();
        prop_assert!(world.told[before..].contains(&Told::Event(*world.server.published.last().unwrap())));

        let events: Vec<i64> = world
            .told
            .iter()
            .filter_map(|told| match told { Told::Event(at) => Some(*at), _ => None })
            .collect();
        let had_gap = world.told.contains(&Told::Gap);
        let distinct: BTreeSet<i64> = events.iter().copied().collect();
        prop_assert_eq!(distinct.len(), events.len(), "twice: {:?}", &world.told);
        if !had_gap {
            let all: BTreeSet<i64> = world.server.published.iter().copied().collect();
            prop_assert_eq!(distinct, all, "missing: {:?}", &world.told);
        }
    }
}
