//! One test per rule of "Behaviour of Omni-Channel" (salesforce.md, seeds 000 and 004).

use jiff::{SignedDuration, Timestamp};
use presence::ids::WorkItemId;
use proptest::prelude::*;
use serde_json::json;
use wire::bridge::ConsoleEvent;
use wire::connector::{ContactPhase, Outcome};

use super::*;

mod calls;
mod phones;
mod reps;
mod whole;

const AVAILABLE: usize = 0;
const MESSAGES: usize = 1;
const BREAK: usize = 2;

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_second(1_700_000_000).unwrap() + SignedDuration::from_secs(seconds)
}

struct Scene {
    org: Org,
    pat: RepKey,
}

fn scene() -> Scene {
    let org = Org::new(at(0), 42, Settings::default());
    let pat = org.find_rep("pat").unwrap();
    Scene { org, pat }
}

fn available() -> Scene {
    let mut scene = scene();
    scene
        .org
        .set_presence(at(1), scene.pat, AVAILABLE, Source::Console);
    scene.org.drain();
    scene
}

impl Scene {
    fn call(&mut self, second: i64) -> usize {
        let call = self
            .org
            .start_call(at(second), self.pat, "+1 555 0100", false)
            .unwrap();
        self.org.find_call(&call.call_id).unwrap()
    }

    /// A call that was accepted.
    fn on_call(&mut self, second: i64) -> usize {
        let call = self.call(second);
        let work = self.org.work_of_call(call).unwrap();
        self.org.accept(at(second), work).unwrap();
        call
    }

    fn phase(&self, call: usize) -> CallPhase {
        self.org.call_phase(&self.org.calls()[call])
    }

    fn work_status(&self, call: usize) -> WorkStatus {
        self.org.works()[self.org.calls()[call].work.unwrap()].status
    }

    fn phone(&self) -> String {
        self.org.rep(self.pat).phone.state().state.name
    }

    fn presence(&self) -> &'static str {
        self.org.rep_view(self.pat).presence.status
    }

    fn events(&mut self) -> Vec<ConsoleEvent> {
        let console = |happened| match happened {
            Happened::Console(_, event) => Some(event),
            Happened::Phone(_) => None,
        };
        self.org.drain().into_iter().filter_map(console).collect()
    }

    fn log_out(&mut self, second: i64) {
        self.org
            .log_out(at(second), self.pat, Source::Console, None)
            .unwrap();
    }
}
