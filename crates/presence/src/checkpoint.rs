//! A whole engine as one value, to be written down and gone on from.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::disk::Disk;
use crate::engine::Engine;
use crate::event::Catalogue;
use crate::saved::Saved;
use crate::settings::Settings;
use crate::state::State;
use crate::time::Now;
use crate::worklist::Worklist;

/// Everything that decisions depend on, between two events. An engine made of it decides from there on like
/// the one it was taken of; only the guard is always the engine's own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Checkpoint {
    pub(crate) settings: Settings,
    pub(crate) catalogue: Catalogue,
    pub(crate) state: State,
    pub(crate) saved: Saved,
    pub(crate) disk: Disk,
    pub(crate) run: u64,
    pub(crate) last: Now,
    #[serde(default)]
    pub(crate) worklist: Worklist,
}

impl Checkpoint {
    /// When the engine last heard anything.
    pub fn last(&self) -> Now {
        self.last
    }

    /// The engine's settings.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }
}

impl Engine {
    /// The engine as it is now. Effects and notes that nobody has taken yet are not in it.
    pub fn checkpoint(&self) -> Checkpoint {
        // Named one by one, so that a new field of the engine can't be forgotten here.
        let Self {
            settings,
            guard: _,
            catalogue,
            state,
            effects: _,
            notes: _,
            saved,
            disk,
            run,
            last,
            source: _,
            worklist,
        } = self;
        Checkpoint {
            settings: Settings::clone(settings),
            catalogue: Catalogue::clone(catalogue),
            state: state.clone(),
            saved: saved.clone(),
            disk: disk.clone(),
            run: *run,
            last: *last,
            worklist: worklist.clone(),
        }
    }

    /// An engine that goes on from a checkpoint.
    pub fn from_checkpoint(checkpoint: Checkpoint) -> Self {
        let Checkpoint {
            settings,
            catalogue,
            state,
            saved,
            disk,
            run,
            last,
            worklist,
        } = checkpoint;
        Self {
            catalogue: Arc::new(catalogue),
            state,
            saved,
            disk,
            worklist,
            ..Self::new(settings, run, last)
        }
    }
}
