//! Which requests a phone has carried out already.

use std::collections::VecDeque;

use wire::connector::Outcome;

/// How many are remembered. Holdline never has more than a few under way.
const MEMORY: usize = 256;

/// The latest requests and what became of each.
#[derive(Default)]
pub(super) struct Carried(VecDeque<(String, Outcome)>);

impl Carried {
    pub(super) fn outcome(&self, id: &str) -> Option<Outcome> {
        self.0
            .iter()
            .find(|(known, _)| known == id)
            .map(|(_, outcome)| *outcome)
    }

    pub(super) fn remember(&mut self, id: &str, outcome: Outcome) {
        if self.0.len() == MEMORY {
            self.0.pop_front();
        }
        self.0.push_back((id.to_owned(), outcome));
    }
}
