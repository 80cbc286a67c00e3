//! One shift: everything around one rep, and virtual time.

use presence::engine::Engine;
use presence::event::{CommandOutcome, Event};
use presence::guard::Guard;
use presence::saved::Saved;
use presence::time::Now;

use super::agenda::Agenda;
use super::dice::Dice;
use super::due::Due;
use super::faults::Faults;
use super::holdline::Holdline;
use super::omni::Omni;
use super::page::Page;
use super::plan::Plan;
use super::rep::Rep;
use super::telephony::Telephony;
use super::verdict::Verdict;

/// A shift's length.
pub(crate) const SHIFT_MS: u64 = 8 * 3_600_000;
/// After it: nothing new happens, and everything comes to rest.
pub(crate) const REST_MS: u64 = 20 * 60_000;
/// Wall clock at the shift's beginning.
const BEGINS_MS: i64 = 1_700_000_000_000;
/// The machine's monotonic clock then.
const UP_MS: u64 = 3_600_000;

/// Something about Holdline or its adapters that is damaged on purpose, to see that the verdict finds out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Damage {
    /// The disk says that it has written before it has.
    EarlySaved,
    /// The phone's adapter leaves `enqueueNextState` out.
    EnqueueLost,
    /// The console's page logs out without its last look.
    NoLastLook,
    /// Works that are declined are reported as accepted.
    WrongStage,
}

/// What is unlike the real thing in this run.
#[derive(Clone, Copy, Debug, Default)]
pub struct Tampering {
    /// Another guard.
    pub guard: Option<Guard>,
    /// A damaged adapter.
    pub damage: Option<Damage>,
}

/// See the module. What belongs to whom is in the fields' own modules.
pub(crate) struct World {
    pub(crate) plan: Plan,
    pub(crate) tampering: Tampering,
    pub(crate) dice: Dice,
    pub(crate) agenda: Agenda<Due>,
    /// Milliseconds since the shift began.
    pub(crate) t: u64,
    /// How long the machine has slept so far, and until when it sleeps.
    pub(crate) slept_ms: u64,
    pub(crate) asleep_until: u64,
    /// How far the machine's wall clock is off.
    pub(crate) wall_offset_ms: i64,
    pub(crate) faults: Faults,
    pub(crate) omni: Omni,
    pub(crate) telephony: Telephony,
    pub(crate) rep: Rep,
    pub(crate) page: Page,
    pub(crate) holdline: Option<Holdline>,
    /// Runs of Holdline so far.
    pub(crate) runs: u64,
    pub(crate) stored: Saved,
    pub(crate) verdict: Verdict,
    /// The engine's events of the whole shift.
    pub(crate) events: u64,
    /// What happened, told in lines; `None`: nobody listens.
    pub(crate) story: Option<Vec<String>>,
}

/// Takes down what happened, if anybody listens.
macro_rules! tell_story {
    ($world:expr, $($arguments:tt)*) => {
        if $world.story.is_some() {
            let line = format!($($arguments)*);
            $world.note_line(line);
        }
    };
}
pub(crate) use tell_story;

impl World {
    pub(crate) fn new(seed: u64, tampering: Tampering, listen: bool) -> Self {
        let plan = Plan::new(seed);
        let mut world = Self {
            dice: Dice::new(seed, 2),
            agenda: Agenda::new(),
            t: 0,
            slept_ms: 0,
            asleep_until: 0,
            wall_offset_ms: 0,
            faults: Faults::default(),
            omni: Omni::new(),
            telephony: Telephony::new(),
            rep: Rep::default(),
            page: Page::default(),
            holdline: None,
            runs: 0,
            stored: Saved::default(),
            verdict: Verdict::default(),
            events: 0,
            story: listen.then(Vec::new),
            tampering,
            plan,
        };
        tell_story!(world, "{:?}", world.plan);
        world.begin_day();
        world
    }

    fn begin_day(&mut self) {
        let start = self.dice.between(0, 60_000);
        self.agenda.put(start, Due::HoldlineStarts);
        let open = self.dice.between(0, 60_000);
        self.agenda.put(open, Due::PageOpens);
        self.rep.back_at = Some(self.dice.between(30_000, 180_000));
        self.agenda.put(1_000, Due::RepThinks);
        self.agenda.put(15_000, Due::Look);
        let call = self.dice.around(self.plan.call_every_ms);
        self.agenda.put(call, Due::CallComes);
        let case = self.dice.around(self.plan.case_every_ms);
        self.agenda.put(case, Due::CaseComes);
        self.first_faults();
    }

    /// Leads the shift to its end.
    pub(crate) fn run(&mut self) {
        while let Some(entry) = self.agenda.take() {
            if entry.at > SHIFT_MS + REST_MS {
                break;
            }
            self.t = self.t.max(entry.at);
            if self.waits_for_thaw(&entry.what) {
                self.agenda.put_again(self.page.frozen_until, entry);
            } else {
                self.happen(entry.what);
            }
        }
        self.t = SHIFT_MS + REST_MS;
        self.look_at_the_end();
    }

    // Clocks

    /// What the machine's clocks show.
    pub(crate) fn now(&self) -> Now {
        Now {
            mono_ms: UP_MS + self.t.max(self.asleep_until) - self.slept_ms,
            wall_ms: self.true_wall_ms() + self.wall_offset_ms,
        }
    }

    /// What the org's clock shows.
    pub(crate) fn true_wall_ms(&self) -> i64 {
        BEGINS_MS + i64::try_from(self.t).unwrap_or(i64::MAX)
    }

    /// A time of the org as Holdline would say it: by the machine's clock, the `Date` header's skew taken off.
    pub(crate) fn by_machine_clock(&mut self, t: u64) -> i64 {
        let error = i64::try_from(self.dice.below(1_000)).unwrap_or(0) - 500;
        BEGINS_MS + i64::try_from(t).unwrap_or(i64::MAX) + self.wall_offset_ms + error
    }

    /// When a moment of the machine's monotonic clock comes, if it does not sleep any more.
    pub(crate) fn at_mono(&self, mono_ms: u64) -> u64 {
        (mono_ms + self.slept_ms).saturating_sub(UP_MS).max(self.t)
    }

    /// Something on the machine happens `ms` from now, if it is awake.
    pub(crate) fn soon(&mut self, ms: u64, due: Due) {
        let from = self.t.max(self.asleep_until);
        self.agenda.put(from + ms, due);
    }

    /// Something elsewhere happens `ms` from now.
    pub(crate) fn later(&mut self, ms: u64, due: Due) {
        self.agenda.put(self.t + ms, due);
    }

    pub(crate) fn is_asleep(&self) -> bool {
        self.t < self.asleep_until
    }

    // The engine

    /// An engine of a new run.
    pub(crate) fn new_engine(&self) -> Engine {
        let engine = Engine::restore(
            self.plan.settings.clone(),
            self.runs,
            self.stored.clone(),
            self.now(),
        );
        match self.tampering.guard {
            Some(guard) => engine.guarded_by(guard),
            None => engine,
        }
    }

    pub(crate) fn note_line(&mut self, line: String) {
        let (ms, s) = (self.t % 1_000, self.t / 1_000);
        let clock = format!("{}:{:02}:{:02}.{ms:03}", s / 3_600, s / 60 % 60, s % 60);
        if let Some(story) = &mut self.story {
            story.push(format!("{clock}  {line}"));
        }
    }

    pub(crate) fn answered(&mut self, command: presence::event::CommandId, outcome: CommandOutcome) {
        self.tell(Event::CommandAnswered { command, outcome });
    }
}
