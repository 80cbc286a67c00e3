//! Holdline as it runs: the engine, its loop, the disk, and the org's REST interface. Killed and started anew.

use std::collections::VecDeque;

use presence::effect::Effect;
use presence::engine::Engine;
use presence::event::Event;
use presence::saved::Saved;

use super::bridge::Bridge;
use super::due::Due;
use super::edges::unreachable_org;
use super::plan;
use super::world::{World, tell_story};

/// The loop looks at its clocks at least this often.
const LONGEST_SLEEP_MS: u64 = 15_000;

#[derive(Debug)]
pub(crate) struct Holdline {
    pub(crate) engine: Engine,
    pub(crate) bridge: Bridge,
    pub(crate) signed_in: bool,
    pub(crate) saves: VecDeque<(u64, Saved)>,
    /// The number of the wake-up that is to come, and when.
    pub(crate) wake: (u64, u64),
    pub(crate) draining: bool,
}

impl World {
    /// The run that is up, with somebody signed in.
    pub(crate) fn signed_in_run(&self) -> Option<u64> {
        let holdline = self.holdline.as_ref()?;
        holdline.signed_in.then_some(self.runs)
    }

    pub(crate) fn runs_as(&self, run: u64) -> bool {
        self.holdline.is_some() && self.runs == run
    }

    // Its life

    pub(crate) fn holdline_starts(&mut self) {
        if self.holdline.is_some() {
            return;
        }
        self.runs += 1;
        let run = self.runs;
        tell_story!(self, "HOLDLINE starts: run {run}, {:?}", self.stored.intent);
        self.holdline = Some(Holdline {
            engine: self.new_engine(),
            bridge: Bridge::default(),
            signed_in: false,
            saves: VecDeque::new(),
            wake: (0, u64::MAX),
            draining: false,
        });
        self.verdict.started(&self.stored);
        let ms = self.dice.between(300, 1_500);
        self.soon(ms, Due::SignsIn { run });
        self.tell(Event::SignInStarted);
    }

    /// It is killed, between any two events, or between an event and its saves.
    pub(crate) fn holdline_dies(&mut self) {
        let Some(mut holdline) = self.holdline.take() else {
            return;
        };
        tell_story!(self, "HOLDLINE dies");
        // What the disk was writing may be written.
        if let Some((_, saved)) = holdline
            .saves
            .pop_front()
            .filter(|_| self.dice.chance(500) && !self.faults.disk_is_full(self.t))
        {
            self.stored = saved;
        }
        self.telephony.link = None;
        for contact in &mut self.telephony.contacts {
            contact.told = false;
        }
        self.verdict.died();
        if let Some((instance, session)) = self.page.instance.zip(self.page.session) {
            // Its held poll fails at once.
            self.soon(
                1,
                Due::PollFails {
                    instance,
                    session,
                    by_holdline: false,
                },
            );
        }
    }

    /// It leaves in good order: what is to be written is written, what was handed out is taken back.
    pub(crate) fn holdline_exits(&mut self) {
        let Some(holdline) = &mut self.holdline else {
            return;
        };
        if let Some((_, saved)) = holdline
            .saves
            .pop_back()
            .filter(|_| !self.faults.disk_is_full(self.t))
        {
            self.stored = saved;
            holdline.saves.clear();
        }
        self.page_is_told_of_the_end();
        self.holdline_dies();
        let ms = self.dice.between(2_000, 60_000);
        self.soon(ms, Due::HoldlineStarts);
    }

    pub(crate) fn signs_in(&mut self) {
        let run = self.runs;
        if self.faults.cloud_is_down(self.t) {
            self.tell(Event::ProblemRaised(unreachable_org()));
            return self.soon(20_000, Due::SignsIn { run });
        }
        if let Some(holdline) = &mut self.holdline {
            holdline.signed_in = true;
        }
        self.tell(Event::SignedIn {
            org: plan::org(),
            user: plan::user(),
            name: "Pat".to_owned(),
            org_url: "https://simulated.example".to_owned(),
        });
        self.catalogue_arrives();
        let ms = self.dice.between(200, 5_000);
        self.soon(ms, Due::PhoneJoins { run });
    }

    pub(crate) fn catalogue_arrives(&mut self) {
        let mut catalogue = self.plan.catalogue.clone();
        catalogue.instance = Some(format!("NA{}", self.omni.instance));
        self.tell(Event::Catalogue(catalogue));
    }

    // The loop

    /// One event, decided and drained.
    pub(crate) fn tell(&mut self, event: Event) {
        let now = self.now();
        if self.holdline.is_none() {
            return;
        }
        self.events += 1;
        tell_story!(self, "engine <- {event:?}");
        self.verdict_hears(now, &event);
        let Some(holdline) = &mut self.holdline else {
            return;
        };
        holdline.engine.handle(now, event);
        let mut effects = Vec::new();
        while let Some(effect) = holdline.engine.poll_effect() {
            effects.push(effect);
        }
        let outermost = !std::mem::replace(&mut holdline.draining, true);
        for effect in effects {
            tell_story!(self, "engine -> {effect:?}");
            self.verdict_sees_effect(now, &effect);
            self.start(effect);
        }
        if outermost && let Some(holdline) = &mut self.holdline {
            holdline.draining = false;
            self.verdict_sees_picture(now);
            self.set_alarm();
        }
    }

    fn start(&mut self, effect: Effect) {
        let run = self.runs;
        match effect {
            Effect::Answer { ticket, answer } => self.rep_is_answered(ticket, answer),
            Effect::Console {
                console,
                command,
                expires_in_ms,
                action,
            } => {
                self.send_to_console(console, command, expires_in_ms, action);
            }
            Effect::Notify(notice) => self.rep_is_notified(&notice),
            Effect::Phone {
                command,
                state,
                enqueue,
            } => {
                if let Some(link) = self.telephony.link {
                    let late = self.faults.delay(self.t, &mut self.dice);
                    self.soon(
                        late,
                        Due::PhoneSets {
                            link,
                            command,
                            state,
                            enqueue,
                        },
                    );
                }
            }
            Effect::Quit | Effect::Restart => {
                let ms = self.dice.between(5, 100);
                self.soon(ms, Due::HoldlineExits { run });
            }
            Effect::SignOut => self.soon(20, Due::SignsOut { run }),
            Effect::Read { watch } => {
                let asked = self.now();
                let ms = self.dice.between(20, 300) + self.faults.cloud_delay(self.t, &mut self.dice);
                self.soon(ms, Due::ReadWorks { run, asked, watch });
            }
            Effect::Save { revision } => self.save(revision),
            Effect::Withdraw { command } => self.withdraw(command),
        }
    }

    /// Tokens are revoked and doors closed; some time later the rep signs in again.
    pub(crate) fn signs_out(&mut self) {
        let run = self.runs;
        if let Some(holdline) = &mut self.holdline {
            holdline.signed_in = false;
        }
        self.leader_leaves();
        self.phone_leaves();
        self.tell(Event::SignedOut);
        let ms = self.dice.between(5_000, 120_000);
        self.soon(ms, Due::SignsIn { run });
    }

    fn set_alarm(&mut self) {
        let (t, run) = (self.t.max(self.asleep_until), self.runs);
        let Some(holdline) = &self.holdline else { return };
        let deadline = holdline.engine.poll_deadline();
        let at = deadline.map_or(u64::MAX, |(at, _)| self.at_mono(at.mono_ms).max(t + 1));
        let at = at.min(t + LONGEST_SLEEP_MS);
        let Some(holdline) = &mut self.holdline else {
            return;
        };
        // An earlier wake-up than needed looks again and does nothing.
        if at < holdline.wake.1 {
            holdline.wake = (holdline.wake.0 + 1, at);
            let number = holdline.wake.0;
            self.agenda.put(at, Due::Wakes { run, number });
        }
    }

    pub(crate) fn wakes(&mut self, number: u64) {
        let Some(holdline) = self
            .holdline
            .as_mut()
            .filter(|holdline| holdline.wake.0 == number)
        else {
            return;
        };
        holdline.wake.1 = u64::MAX;
        self.bridge_looks_at_its_clock();
        self.tell(Event::Tick);
    }

    pub(crate) fn holdline_wake(&mut self) -> Option<&mut u64> {
        self.holdline.as_mut().map(|holdline| &mut holdline.wake.1)
    }
}
