//! The connector API over REST: the same phone, the same words, for programs that can't hold a socket.
//!
//! 1. `POST` [`SESSIONS_PATH`] with a registration -> [`Joined`]: a session, or a pairing to wait for.
//! 2. While pairing: `POST` [`PAIRINGS_PATH`] with [`PairPoll`] -> [`PairAnswer`] (long poll), then 1 again with
//!    the token.
//! 3. With `Authorization: Bearer SESSION`: `PUT` [`STATE_PATH`] with the whole state at every change, one at a
//!    time; `GET` [`REQUESTS_PATH`] -> [`Requests`] (long poll); `POST` [`ANSWERS_PATH`] for each request;
//!    `PUT` [`NEXT_STATE_PATH`] to use Holdline's queue; `DELETE` [`SESSION_PATH`] to leave.
//!
//! A phone that neither polls nor reports for [`SILENCE_MS`] is gone.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Rights, StateRequest};
use crate::key::{Code, Key};

/// `POST`: a registration.
pub const SESSIONS_PATH: &str = "/connector/v1/sessions";
/// `DELETE`: leave.
pub const SESSION_PATH: &str = "/connector/v1/session";
/// `POST`: a [`PairPoll`].
pub const PAIRINGS_PATH: &str = "/connector/v1/pairings";
/// `PUT`: the phone's whole state.
pub const STATE_PATH: &str = "/connector/v1/state";
/// `GET`: requests, held until there is one.
pub const REQUESTS_PATH: &str = "/connector/v1/requests";
/// `POST`: an answer.
pub const ANSWERS_PATH: &str = "/connector/v1/answers";
/// `PUT`: an [`super::Enqueue`].
pub const NEXT_STATE_PATH: &str = "/connector/v1/next-state";

/// The longest a poll is held, milliseconds.
pub const POLL_HOLD_MS: u64 = 20_000;
/// A phone that was not heard of for so long, milliseconds, is gone.
pub const SILENCE_MS: u64 = 30_000;

/// The answer to a registration.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "type", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum Joined {
    /// Not known yet: show the code; the rep confirms it in Holdline.
    Pairing {
        /// Names this attempt in [`PairPoll`].
        pairing: Key,
        /// Six digits, shown on both sides.
        code: Code,
    },
    /// Joined.
    Registered {
        /// Goes into `Authorization: Bearer …` of every later request.
        session: Key,
        /// The version both speak.
        protocol: u32,
        /// What this phone may do.
        rights: Rights,
        /// The longest a poll is held, milliseconds: wait a little longer for its answer.
        poll_hold_ms: u64,
        /// A phone not heard of for so long, milliseconds, is taken to be gone.
        silence_ms: u64,
    },
}

/// Waits for the rep to confirm a pairing (held up to [`POLL_HOLD_MS`]).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct PairPoll {
    /// From [`Joined::Pairing`].
    pub pairing: Key,
}

/// What became of a pairing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "type", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum PairAnswer {
    /// Confirmed: keep the token and register with it.
    Confirmed {
        /// The phone's, for this rep.
        token: Key,
    },
    /// Refused by the rep, or the code has expired: begin again if the rep asks for it.
    Refused,
    /// Nothing yet: ask again.
    Waiting,
}

/// The answer to a poll.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Requests {
    /// To be carried out, in order, each once; empty when the poll simply ended: poll again.
    pub requests: Vec<StateRequest>,
}

/// Whether an answer was waited for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Taken {
    /// `false`: the request is not known, was answered before, or is no longer waited for. Nothing to be done.
    pub taken: bool,
}
