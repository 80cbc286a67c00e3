//! What there is to see, read from the window or from a picture's JSON line.

use serde::Deserialize;
use serde_json::Value;

/// Everything a rep sees at one moment, the same on both surfaces.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub(crate) struct Seen {
    /// `signed_in`, `signing_in`, `signed_out`, or `starting` before the window shows any of these.
    pub(crate) session: String,
    /// The call phase.
    pub(crate) call: String,
    /// The presence status, `Offline` when logged out.
    pub(crate) presence: Option<String>,
    /// The phone's state.
    pub(crate) phone: Option<String>,
    /// What the phone will do after the contact.
    pub(crate) next_state: Option<String>,
    /// The hold.
    pub(crate) held: Option<Held>,
    /// What waits for confirmation.
    pub(crate) pending: Option<String>,
    /// A console is connected.
    pub(crate) console: bool,
    /// Codes to compare.
    pub(crate) codes: Vec<String>,
    /// What is wrong.
    pub(crate) problems: Vec<Problem>,
    /// What the last request was refused with, if it was.
    pub(crate) refusal: Option<String>,
}

/// A hold.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub(crate) struct Held {
    pub(crate) status: String,
    pub(crate) text: String,
}

/// A problem with its words.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub(crate) struct Problem {
    pub(crate) code: String,
    pub(crate) text: String,
    pub(crate) remedy: String,
}

impl Seen {
    /// Of a picture (`docs/picture.md`) and the last refusal.
    pub(crate) fn of_picture(picture: &Value, refusal: Option<&str>) -> Self {
        let text = |value: &Value| value.as_str().map(str::to_owned);
        let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
        Self {
            session: text(&picture["session"]["state"]).unwrap_or_default(),
            call: text(&picture["call"]["phase"]).unwrap_or_default(),
            presence: text(&picture["presence"]["status"]),
            phone: text(&picture["telephony"]["state"]),
            next_state: text(&picture["telephony"]["next_state"]),
            held: Held::deserialize(&picture["held"]).ok(),
            pending: text(&picture["pending"]["status"]),
            console: picture["console"]["connected"] == true,
            codes: list(&picture["pairings"])
                .iter()
                .filter_map(|pairing| text(&pairing["code"]))
                .collect(),
            problems: list(&picture["problems"])
                .iter()
                .filter_map(|problem| Problem::deserialize(problem).ok())
                .collect(),
            refusal: refusal.map(str::to_owned),
        }
    }

    /// The problem with this code.
    pub(crate) fn problem(&self, code: &str) -> Option<&Problem> {
        self.problems.iter().find(|problem| problem.code == code)
    }
}
