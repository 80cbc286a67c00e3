//! What a joined phone says and is asked, whichever way it is connected.

use std::collections::VecDeque;
use std::sync::Arc;

use presence::event::{CommandId, Event};
use wire::connector::{Answer, Enqueue, PhoneState, Rights, StateRequest};

use super::seat::Occupant;
use crate::problem::Refusal;

/// Requests whose answer is awaited; a phone that never answers must not add up.
const MOST_ASKED: usize = 256;

/// One phone's time in the place.
#[derive(Debug)]
pub(super) struct Talk {
    occupant: Arc<Occupant>,
    rights: Rights,
    has_queue: bool,
    /// Names of its settable states.
    states: Vec<String>,
    asked: VecDeque<CommandId>,
}

impl Talk {
    pub(super) fn new(occupant: Arc<Occupant>, rights: Rights, has_queue: bool, states: Vec<String>) -> Self {
        Self {
            occupant,
            rights,
            has_queue,
            states,
            asked: VecDeque::new(),
        }
    }

    pub(super) fn state(&self, state: PhoneState) {
        self.occupant.post(Event::PhoneState(state.into()));
    }

    /// A request for the phone; its answer is awaited from now on.
    pub(super) fn ask(&mut self, command: CommandId, state: String, enqueue: bool) -> StateRequest {
        if self.asked.len() >= MOST_ASKED {
            self.asked.pop_front();
        }
        self.asked.push_back(command);
        StateRequest {
            id: command.to_string(),
            state,
            enqueue_next_state: enqueue,
        }
    }

    /// Whether the answer was awaited. Late ones and second ones are not.
    pub(super) fn answer(&mut self, answer: Answer) -> bool {
        let answered: Option<CommandId> = answer.id.parse().ok();
        let place = self.asked.iter().position(|asked| answered == Some(*asked));
        let Some(command) = place.and_then(|place| self.asked.remove(place)) else {
            tracing::debug!("the answer to a request that is not awaited");
            return false;
        };
        self.occupant.post(Event::PhoneAnswered {
            command,
            outcome: answer.outcome.into(),
        });
        true
    }

    /// Uses Holdline's queue.
    pub(super) fn enqueue(&self, enqueue: Enqueue) -> Result<(), Refusal> {
        if self.rights != Rights::Control {
            return Err(Refusal::rights());
        }
        if self.has_queue {
            return Err(Refusal::bad_frame(
                "this phone has registered with a queue of its own",
            ));
        }
        if enqueue
            .state
            .as_ref()
            .is_some_and(|state| !self.states.contains(state))
        {
            return Err(Refusal::bad_frame("`state` is none of the states registered"));
        }
        self.occupant.post(Event::PhoneAsks { state: enqueue.state });
        Ok(())
    }
}
