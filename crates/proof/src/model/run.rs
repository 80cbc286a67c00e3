//! Exhausts a small world with stateright.

use std::fmt::Write as _;
use std::sync::Arc;
use std::time::Instant;

use stateright::{Checker, HasDiscoveries, Model, Property};

use super::action::Action;
use super::promise::{Broken, Promise};
use super::scope::Scope;
use super::world::World;

/// Lines of the ending that a person wants to read.
const ENDING_SHOWN: usize = 20;

/// One check.
struct Check {
    scope: Arc<Scope>,
}

impl Model for Check {
    type State = World;
    type Action = Action;

    fn init_states(&self) -> Vec<World> {
        vec![World::new(&self.scope)]
    }

    fn actions(&self, state: &World, actions: &mut Vec<Action>) {
        state.possible(actions);
    }

    fn next_state(&self, state: &World, action: Action) -> Option<World> {
        Some(state.after(action))
    }

    fn properties(&self) -> Vec<Property<Self>> {
        let holds: [fn(&Self, &World) -> bool; 7] = [
            |_, world| keeps(world, Promise::P1),
            |_, world| keeps(world, Promise::P2),
            |_, world| keeps(world, Promise::P3),
            |_, world| keeps(world, Promise::P4),
            |_, world| keeps(world, Promise::P5),
            |_, world| keeps(world, Promise::P6),
            |_, world| keeps(world, Promise::P7),
        ];
        let named = Promise::ALL.into_iter().zip(holds);
        named
            .map(|(promise, holds)| Property::always(promise.name(), holds))
            .collect()
    }
}

fn keeps(world: &World, promise: Promise) -> bool {
    let broken = world.broken().or_else(|| world.broken_in_the_end());
    broken.is_none_or(|broken| broken.promise != promise)
}

/// What came of a check.
#[derive(Clone, Debug)]
pub struct Report {
    /// The world's name.
    pub name: &'static str,
    /// States that differ.
    pub unique_states: usize,
    /// States that were reached, each by every way.
    pub states: usize,
    /// Things that happen on the longest of the shortest ways; with several threads about so.
    pub depth: usize,
    /// How long it took, seconds.
    pub seconds: f64,
    /// Nothing new is found any more.
    pub exhausted: bool,
    /// Promises that were broken.
    pub broken: Vec<Counterexample>,
}

impl std::fmt::Display for Report {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self {
            name,
            unique_states,
            states,
            depth,
            seconds,
            exhausted,
            broken,
        } = self;
        write!(
            f,
            "{name}: {unique_states} states ({states} ways to them), depth {depth}, {seconds:.1} s"
        )?;
        if !exhausted {
            f.write_str(", not exhausted")?;
        }
        broken.iter().try_for_each(|broken| write!(f, "\n{broken}"))
    }
}

/// How a promise is broken.
#[derive(Clone, Debug)]
pub struct Counterexample {
    /// Which promise, and how.
    pub broken: Broken,
    /// What happened, in order.
    pub actions: Vec<Action>,
    /// The same, with what the engine was told and what it asked for.
    story: String,
}

impl Counterexample {
    /// Goes the way once more, and tells of it.
    fn told(scope: &Arc<Scope>, broken: Broken, actions: Vec<Action>) -> Self {
        let mut story = format!("{} is broken: {}\n", broken.promise, broken.how);
        let mut world = World::new(scope);
        for (number, action) in (1..).zip(&actions) {
            world.story.0 = Some(Vec::new());
            world = world.after(*action);
            let _ = writeln!(story, "{number:4}. {action}");
            for line in world.story.0.take().unwrap_or_default() {
                let _ = writeln!(story, "        {line}");
            }
        }
        if world.broken().is_none() {
            let _ = writeln!(story, "      and from here on everybody cooperates:");
            world.story.0 = Some(Vec::new());
            for line in world.how_it_ends().into_iter().take(ENDING_SHOWN) {
                let _ = writeln!(story, "        {line}");
            }
        }
        Self {
            broken,
            actions,
            story,
        }
    }
}

impl std::fmt::Display for Counterexample {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.story)
    }
}

/// Checks every state of a small world, until nothing new is found or a promise is broken. With one thread a
/// counterexample is as short as any. After `at_most` ways it is given up: a bound that a world within its
/// bounds does not reach, so that a mistake in one does not fill the memory.
pub fn check(scope: Scope, threads: usize, at_most: usize) -> Report {
    let began = Instant::now();
    let name = scope.name;
    let scope = Arc::new(scope);
    let check = Check {
        scope: Arc::clone(&scope),
    };
    let checker = check
        .checker()
        .threads(threads)
        .finish_when(HasDiscoveries::AnyFailures)
        .target_state_count(at_most)
        .spawn_bfs()
        .join();
    let broken = checker.discoveries().into_values().map(|path| {
        let last = path.last_state().clone();
        let broken = last.broken().or_else(|| last.broken_in_the_end());
        (broken, path.into_actions())
    });
    let mut broken: Vec<Counterexample> = broken
        .filter_map(|(broken, actions)| Some(Counterexample::told(&scope, broken?, actions)))
        .collect();
    broken.sort_by_key(|found| (found.actions.len(), found.broken.promise));
    Report {
        name,
        unique_states: checker.unique_state_count(),
        states: checker.state_count(),
        depth: checker.max_depth(),
        seconds: began.elapsed().as_secs_f64(),
        exhausted: broken.is_empty() && checker.state_count() < at_most,
        broken,
    }
}
