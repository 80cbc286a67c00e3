//! What the org calls its statuses, learned along the way.

use std::collections::BTreeMap;

use presence::engine::Engine;
use presence::event::{Event, PresenceStatus, Target};
use presence::ids::StatusId;

use crate::line::Line;

/// The labels known so far.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Labels(BTreeMap<StatusId, String>);

impl Labels {
    /// Learns from a line.
    pub fn learn(&mut self, line: &Line) {
        match line {
            Line::Cause(cause) => {
                if let Event::Catalogue(catalogue) = &cause.event {
                    self.learn_all(&catalogue.statuses);
                }
            }
            Line::Gap(_) => {}
            Line::Header(header) => {
                let engine = Engine::from_checkpoint(header.checkpoint.clone());
                self.learn_all(&engine.picture().statuses);
            }
        }
    }

    fn learn_all(&mut self, statuses: &[PresenceStatus]) {
        let named = statuses.iter().map(|status| (status.id, status.label.clone()));
        self.0.extend(named);
    }

    /// A status' label, or its id where it has not been told.
    pub fn of(&self, status: StatusId) -> String {
        self.0.get(&status).cloned().unwrap_or_else(|| status.to_string())
    }

    /// The label of a target that is a status.
    pub fn of_target(&self, target: Target) -> Option<String> {
        match target {
            Target::Status(id) => Some(self.of(id)),
            Target::CloseWork(_) | Target::Offline | Target::Quit | Target::Restart | Target::SignOut => None,
        }
    }
}
