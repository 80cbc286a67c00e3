//! The same events at the same times decide the same, to the byte.

use presence::changed::Part;
use presence::effect::Effect;
use presence::engine::Engine;
use presence::event::Event;
use presence::note::Note;
use presence::picture::Picture;
use presence::time::Now;

use crate::line::{Cause, Line};
use crate::reading::{Numbered, ReadError, lines};

/// What one event led to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// Why.
    pub notes: Vec<Note>,
    /// What is to be done.
    pub effects: Vec<Effect>,
    /// What changed for people who look.
    pub changed: Vec<Part>,
}

/// An engine that is told what happened, with what it shows.
#[derive(Clone, Debug)]
pub struct Player {
    engine: Engine,
    picture: Picture,
}

impl Player {
    /// Around an engine.
    pub fn new(engine: Engine) -> Self {
        let picture = engine.picture();
        Self { engine, picture }
    }

    /// One thing happened.
    pub fn play(&mut self, at: Now, event: Event) -> Outcome {
        self.engine.handle(at, event);
        let effects = std::iter::from_fn(|| self.engine.poll_effect()).collect();
        let notes = std::iter::from_fn(|| self.engine.poll_note()).collect();
        let picture = self.engine.picture();
        let changed = picture.changed_since(&self.picture);
        self.picture = picture;
        Outcome {
            notes,
            effects,
            changed,
        }
    }

    /// The engine.
    pub fn engine(&self) -> &Engine {
        &self.engine
    }

    /// What there is to see.
    pub fn picture(&self) -> &Picture {
        &self.picture
    }
}

/// A replay that decided the same.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Replayed {
    /// Causes decided again.
    pub causes: u64,
    /// Starting points: starts of Holdline, rotations, gaps.
    pub headers: u64,
    /// Causes that could not be written then.
    pub lost: u64,
}

/// Why a replay ended early.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReplayError {
    /// The engine decides otherwise.
    #[error(transparent)]
    Differs(#[from] Box<Difference>),
    /// Numbers must count up by one.
    #[error("line {number}: cause {found} stands where cause {expected} belongs: lines are missing")]
    Missing {
        /// The line's number.
        number: usize,
        /// The cause expected.
        expected: u64,
        /// The cause found.
        found: u64,
    },
    /// A file begins with a header.
    #[error("line {0}: there is no header before it, so nobody knows what the engine was like then")]
    NoHeader(usize),
    /// There is not one line of a trace in it.
    #[error(
        "this is no trace: not even its first line is there. Name a `.jsonl` file of a profile's `trace` folder"
    )]
    Empty,
    /// A line can't be understood.
    #[error(transparent)]
    Unreadable(#[from] ReadError),
    /// A value can't be written as JSON.
    #[error("cause {0} can't be written down again")]
    Unwritable(u64),
}

/// The first cause that was decided otherwise.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "cause {n} (line {number}) is decided otherwise.\nthe trace says:     {expected}\nthe engine decides: {got}"
)]
pub struct Difference {
    /// The cause's number.
    pub n: u64,
    /// The line's number.
    pub number: usize,
    /// The line in the trace.
    pub expected: String,
    /// The line that a fresh engine would have written.
    pub got: String,
}

/// Decides everything in a file again.
///
/// # Errors
/// [`ReplayError`]; the first one ends the replay.
pub fn replay(text: &str) -> Result<Replayed, ReplayError> {
    let mut replayed = Replayed::default();
    let mut player: Option<(Player, u64)> = None;
    for Numbered { number, text, line } in lines(text)? {
        match line {
            Line::Cause(cause) => {
                let (player, next) = player.as_mut().ok_or(ReplayError::NoHeader(number))?;
                if cause.n != *next {
                    return Err(ReplayError::Missing {
                        number,
                        expected: *next,
                        found: cause.n,
                    });
                }
                *next += 1;
                compare(player, *cause, number, text)?;
                replayed.causes += 1;
            }
            Line::Gap(gap) => {
                replayed.lost += gap.lost;
                // Nothing is known until the next header.
                player = None;
            }
            Line::Header(header) => {
                player = Some((Player::new(Engine::from_checkpoint(header.checkpoint)), header.n));
                replayed.headers += 1;
            }
        }
    }
    if replayed.headers == 0 && replayed.lost == 0 {
        return Err(ReplayError::Empty);
    }
    Ok(replayed)
}

fn compare(player: &mut Player, recorded: Cause, number: usize, text: &str) -> Result<(), ReplayError> {
    let n = recorded.n;
    let Outcome {
        notes,
        effects,
        changed,
    } = player.play(recorded.at, recorded.event.clone());
    let again = Cause {
        notes,
        effects,
        changed,
        ..recorded
    };
    let got = again.to_text().map_err(|_| ReplayError::Unwritable(n))?;
    if got == text {
        return Ok(());
    }
    let expected = text.to_owned();
    Err(Box::new(Difference {
        n,
        number,
        expected,
        got,
    })
    .into())
}
