//! When two engines are the same: a model check asks millions of times.

use std::hash::{Hash, Hasher};
use std::sync::Arc;

use crate::engine::Engine;

/// Equal engines decide alike from here on, given the same events at the same times. Notes and their
/// source decide nothing; the guard is the same function in every engine of one program, unless a proof has put in another.
impl PartialEq for Engine {
    fn eq(&self, other: &Self) -> bool {
        // Named one by one, so that a new field of the engine can't be forgotten here.
        let Self {
            settings,
            guard: _,
            catalogue,
            state,
            effects,
            notes: _,
            saved,
            disk,
            run,
            last,
            source: _,
            // Decides only what becomes of requests for works, which touch neither presence nor phone.
            worklist: _,
        } = self;
        *state == other.state
            && *saved == other.saved
            && *disk == other.disk
            && *run == other.run
            && *last == other.last
            && *effects == other.effects
            && (Arc::ptr_eq(catalogue, &other.catalogue) || *catalogue == other.catalogue)
            && (Arc::ptr_eq(settings, &other.settings) || *settings == other.settings)
    }
}

impl Eq for Engine {}

/// What differs between engines of one run: settings never change, and the catalogue is that of the session
/// or none.
impl Hash for Engine {
    fn hash<H: Hasher>(&self, hasher: &mut H) {
        self.state.hash(hasher);
        self.saved.hash(hasher);
        self.disk.hash(hasher);
        self.run.hash(hasher);
        self.last.hash(hasher);
        self.effects.len().hash(hasher);
        self.catalogue.statuses.len().hash(hasher);
    }
}
