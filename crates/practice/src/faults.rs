//! Faults on demand: what goes wrong, where, how often (`/practice/v1/faults`). Pure; a fault's chance comes
//! from its own seed.

use rand::{RngExt as _, SeedableRng as _};
use rand_pcg::Pcg32;
use serde::{Deserialize, Serialize};

/// A part of the org.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Place {
    /// `/ccp-v2`, the simulated Contact Control Panel
    Ccp,
    /// `/cometd`
    Cometd,
    /// `/practice/v1/console`
    Console,
    /// `/services/oauth2`, `/id`
    Oauth,
    /// `/practice/v1/phones`
    Phone,
    /// `/services/data`
    Rest,
}

impl Place {
    /// Where a request goes; `None` where there are no faults.
    pub(crate) fn of(path: &str) -> Option<Self> {
        const BY_PREFIX: [(&str, Place); 7] = [
            ("/ccp-v2/", Place::Ccp),
            ("/cometd/", Place::Cometd),
            ("/practice/v1/console/", Place::Console),
            ("/services/oauth2/", Place::Oauth),
            ("/id/", Place::Oauth),
            ("/practice/v1/phones/", Place::Phone),
            ("/services/data", Place::Rest),
        ];
        let found = BY_PREFIX.iter().find(|(prefix, _)| path.starts_with(prefix));
        found.map(|(_, place)| *place)
    }
}

/// What goes wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(
    tag = "kind",
    rename_all = "snake_case",
    rename_all_fields = "camelCase",
    deny_unknown_fields
)]
pub(crate) enum What {
    /// The connection is cut before anything was done; nothing of an answer arrives.
    CutBefore,
    /// It was done, and the connection is cut in the middle of the answer.
    CutAfter,
    /// The request waits before it is dealt with.
    Delay {
        /// Milliseconds.
        ms: u64,
    },
    /// A streaming message is not delivered.
    DropMessage,
    /// A streaming message is delivered twice.
    DuplicateMessage,
    /// All access tokens end; then the request is dealt with.
    ExpireSessions,
    /// A proxy's sign-in page instead of an answer.
    Html {
        /// Its HTTP status.
        #[serde(default = "ok")]
        status: u16,
    },
    /// Two streaming messages of one answer change places.
    ReorderMessages,
    /// The day's API requests are used up.
    RequestLimit,
    /// All grants are revoked, with their tokens; then the request is dealt with.
    RevokeGrants,
    /// An error in the shape of that part of Salesforce.
    Status {
        /// The HTTP status.
        status: u16,
        /// Salesforce's code, or OAuth's `error`.
        error_code: Option<String>,
        /// For people.
        message: Option<String>,
        /// The header Retry-After, seconds.
        retry_after_s: Option<u64>,
    },
    /// All CometD sessions end; then the request is dealt with.
    UnknownClient,
}

fn ok() -> u16 {
    200
}

impl What {
    /// Whether it is about single streaming messages, not about requests.
    fn is_of_messages(&self) -> bool {
        matches!(
            self,
            Self::DropMessage | Self::DuplicateMessage | Self::ReorderMessages
        )
    }
}

/// A fault as it is asked for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Fault {
    #[serde(rename = "where")]
    pub(crate) place: Place,
    /// Only where the path begins so.
    pub(crate) path: Option<String>,
    pub(crate) what: What,
    /// How often; null = until it is deleted.
    pub(crate) times: Option<u64>,
    /// From 0 to 1; null = always.
    pub(crate) probability: Option<f64>,
    /// Of the chance; the same seed makes the same choices.
    #[serde(default)]
    pub(crate) seed: u64,
}

/// The longest delay, milliseconds.
const LONGEST_DELAY_MS: u64 = 10 * 60 * 1000;

impl Fault {
    /// What is wrong with it, if anything.
    pub(crate) fn problem(&self) -> Option<String> {
        if self
            .probability
            .is_some_and(|chance| !(0.0..=1.0).contains(&chance))
        {
            return Some("\"probability\" must be from 0 to 1".to_owned());
        }
        if self.what.is_of_messages() && self.place != Place::Cometd {
            return Some("faults of messages need \"where\":\"cometd\"".to_owned());
        }
        match self.what {
            What::Delay { ms } if ms > LONGEST_DELAY_MS => {
                Some(format!("\"ms\" must be at most {LONGEST_DELAY_MS}"))
            }
            What::Status { status, .. } | What::Html { status } if !(200..=599).contains(&status) => {
                Some("\"status\" must be from 200 to 599".to_owned())
            }
            _ => None,
        }
    }
}

/// A fault with its number and what it has done.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Active {
    pub(crate) id: u64,
    /// How often it came.
    pub(crate) fired: u64,
    #[serde(flatten)]
    fault: Fault,
    #[serde(skip)]
    chance: Pcg32,
}

impl Active {
    fn fires(&mut self) -> bool {
        if self.fault.times.is_some_and(|times| self.fired >= times) {
            return false;
        }
        let chance = self.fault.probability;
        let fires = chance.is_none_or(|chance| self.chance.random_bool(chance));
        self.fired += u64::from(fires);
        fires
    }
}

/// All faults.
#[derive(Debug, Default)]
pub(crate) struct Faults {
    active: Vec<Active>,
    last: u64,
}

impl Faults {
    /// Adds one that was checked.
    pub(crate) fn add(&mut self, fault: Fault) -> Active {
        self.last += 1;
        let active = Active {
            id: self.last,
            fired: 0,
            chance: Pcg32::seed_from_u64(fault.seed),
            fault,
        };
        self.active.push(active.clone());
        active
    }

    /// All of them, oldest first, also those that are used up.
    pub(crate) fn all(&self) -> &[Active] {
        &self.active
    }

    /// Ends one; false where there is none.
    pub(crate) fn delete(&mut self, id: u64) -> bool {
        let before = self.active.len();
        self.active.retain(|active| active.id != id);
        self.active.len() < before
    }

    /// Ends all.
    pub(crate) fn clear(&mut self) {
        self.active.clear();
    }

    /// What goes wrong with this request, oldest fault first.
    pub(crate) fn of_request(&mut self, place: Place, path: &str) -> Vec<What> {
        self.active
            .iter_mut()
            .filter(|active| {
                let prefix = active.fault.path.as_deref().unwrap_or_default();
                active.fault.place == place && path.starts_with(prefix) && !active.fault.what.is_of_messages()
            })
            .filter_map(|active| active.fires().then(|| active.fault.what.clone()))
            .collect()
    }

    /// The messages of an answer, after what goes wrong with them.
    pub(crate) fn of_messages<M: Clone>(&mut self, mut messages: Vec<M>) -> Vec<M> {
        for active in &mut self.active {
            match active.fault.what {
                What::DropMessage => messages.retain(|_| !active.fires()),
                What::DuplicateMessage => {
                    messages = messages
                        .into_iter()
                        .flat_map(|message| {
                            let again = active.fires().then(|| message.clone());
                            std::iter::once(message).chain(again)
                        })
                        .collect();
                }
                What::ReorderMessages => {
                    for place in 1..messages.len() {
                        if active.fires() {
                            messages.swap(place - 1, place);
                        }
                    }
                }
                _ => {}
            }
        }
        messages
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn with(faults: &[Value]) -> Faults {
        let mut all = Faults::default();
        for fault in faults {
            let fault: Fault = serde_json::from_value(fault.clone()).unwrap();
            assert_eq!(fault.problem(), None);
            all.add(fault);
        }
        all
    }

    #[test]
    fn a_fault_comes_where_and_as_often_as_it_was_asked_for() {
        let mut faults = with(&[json!({
            "where": "rest", "path": "/services/data/v67.0/query", "what": { "kind": "cut_before" }, "times": 2,
        })]);
        let mut fires = |place, path| faults.of_request(place, path).len();
        assert_eq!(fires(Place::Rest, "/services/data/v67.0/limits"), 0);
        assert_eq!(fires(Place::Cometd, "/services/data/v67.0/query"), 0);
        let path = "/services/data/v67.0/query";
        assert_eq!([fires(Place::Rest, path), fires(Place::Rest, path)], [1, 1]);
        assert_eq!(fires(Place::Rest, path), 0, "it is used up");
    }

    #[test]
    fn a_chance_is_the_same_for_the_same_seed() {
        let fault = json!({ "where": "oauth", "what": { "kind": "html" }, "probability": 0.5, "seed": 7 });
        let run = || {
            let mut faults = with(std::slice::from_ref(&fault));
            let fired = (0..100).map(|_| !faults.of_request(Place::Oauth, "/").is_empty());
            fired.collect::<Vec<_>>()
        };
        assert_eq!(run(), run());
        let count = run().into_iter().filter(|fired| *fired).count();
        assert!((20..80).contains(&count), "{count}");
    }

    #[test]
    fn messages_are_dropped_doubled_and_swapped() {
        let one = |kind: &str| with(&[json!({ "where": "cometd", "what": { "kind": kind }, "times": 1 })]);
        assert_eq!(one("drop_message").of_messages(vec![1, 2, 3]), [2, 3]);
        assert_eq!(one("duplicate_message").of_messages(vec![1, 2]), [1, 1, 2]);
        assert_eq!(one("reorder_messages").of_messages(vec![1, 2, 3]), [2, 1, 3]);
        assert_eq!(one("cut_after").of_messages(vec![1, 2]), [1, 2]);
    }

    #[test]
    fn nonsense_is_explained() {
        for bad in [
            json!({ "where": "rest", "what": { "kind": "drop_message" } }),
            json!({ "where": "rest", "what": { "kind": "html" }, "probability": 1.5 }),
            json!({ "where": "rest", "what": { "kind": "delay", "ms": 600_001 } }),
            json!({ "where": "rest", "what": { "kind": "status", "status": 99 } }),
        ] {
            let fault: Fault = serde_json::from_value(bad.clone()).unwrap();
            assert!(fault.problem().is_some(), "{bad}");
        }
        for bad in [
            json!({ "where": "moon", "what": { "kind": "html" } }),
            json!({ "where": "rest", "what": { "kind": "nothing" } }),
            json!({ "where": "rest", "what": { "kind": "delay" } }),
            json!({ "where": "rest", "what": { "kind": "html" }, "often": 1 }),
        ] {
            assert!(serde_json::from_value::<Fault>(bad.clone()).is_err(), "{bad}");
        }
    }
}
